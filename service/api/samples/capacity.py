"""A small capacity request and its plan."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from schemas.capacity import CapacityPlan, CapacityRequest

Json = dict[str, Any]

_BOTH: Json = json.loads((Path(__file__).parent / "capacity.json").read_text(encoding="utf-8"))
CAPACITY_REQUEST: Json = _BOTH["request"]
CAPACITY_PLAN: Json = _BOTH["plan"]

ALL: dict[type[BaseModel], Json] = {CapacityRequest: CAPACITY_REQUEST, CapacityPlan: CAPACITY_PLAN}

"""A small capacity request and its plan."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from schemas.capacity import CapacityPlan, CapacityRequest
from schemas.mix import MixRequest, WorkPlanMix

Json = dict[str, Any]

_BOTH: Json = json.loads((Path(__file__).parent / "capacity.json").read_text(encoding="utf-8"))
CAPACITY_REQUEST: Json = _BOTH["request"]
CAPACITY_PLAN: Json = _BOTH["plan"]

_MIX: Json = json.loads((Path(__file__).parent / "mix.json").read_text(encoding="utf-8"))

ALL: dict[type[BaseModel], Json] = {
    CapacityRequest: CAPACITY_REQUEST,
    CapacityPlan: CAPACITY_PLAN,
    MixRequest: _MIX["request"],
    WorkPlanMix: _MIX["mix"],
}

"""What the search pays for a breach of a rule of the roster: its price, or so much that it keeps away."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import numpy as np

from schemas.money import ticks
from solver.compile.model import Ints

FORBIDDEN = 1000
"""How many times dearer than the dearest slot a breach of a hard rule is to the search."""


def prices_of(costs: Iterable[Decimal | None], dearest: int) -> Ints:
    """Ticks for each breach of the rules with these costs; `dearest` is what a slot may cost."""
    return np.array([dearest * FORBIDDEN if cost is None else ticks(cost) for cost in costs], np.int64)

"""How many different shifts a roster has."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from schemas.money import Amount
from schemas.roster_rule import RosterRule


class ShiftKinds(RosterRule):
    """At most `max` kinds of shifts are worked in the period; a kind is a clock time of the start with a length.

    With `tell_breaks_apart` shifts whose breaks and other activities lie elsewhere are of different kinds, too. The
    clock is the request's. With a `cost` each kind beyond is a breach at that price, so `max` 0 prices every kind.
    """

    kind: Literal["shift_kinds"] = "shift_kinds"
    max: int = Field(default=0, ge=0, le=100_000, description="Most kinds of shifts.", examples=[8])
    cost: Amount | None = Field(
        default=None, description="Price of each kind beyond; without it the rule is hard.", examples=[60]
    )
    tell_breaks_apart: bool = Field(
        default=False, description="Whether a kind also has its breaks and other activities at certain times."
    )

    def units(self, number: int) -> int:
        """Kinds too many when so many are worked."""
        return max(0, number - self.max)

"""Kinds of shifts that rules tell apart: by the name in the work plan, or by the time of day at which they start."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import Field, model_validator

from schemas.base import Schema
from schemas.request import ClockWindow, Identifier, Listed
from solver.rules.base import Named, Worked

MINUTES_A_DAY = 1440


class NamesShifts(Schema):
    """Fields that say which shifts are meant; what is not given asks nothing."""

    shift_ids: Annotated[tuple[Identifier, ...], Listed] = Field(
        default=(), description="Shifts of the work plan that are meant.", examples=[["night"]]
    )
    starts: ClockWindow | None = Field(
        default=None, description="Clock times at which they start; `26:00` is 02:00 of the next day."
    )
    stops: ClockWindow | None = Field(
        default=None,
        description="Clock times at which they stop; `30:00` is 06:00 of the day after the one on which they start.",
    )

    def holds(self, shift: Worked | None) -> bool:
        """Whether there is a shift, and it is one of those named, starts in one window and stops in the other.

        A window of starts may run past midnight: from 20:00 to 26:00 a shift that starts at 01:00 of its own day is
        meant too.
        """
        if shift is None or (self.shift_ids and shift.definition not in self.shift_ids):
            return False
        if self.stops is not None and not self.stops.earliest <= shift.end_clock <= self.stops.latest:
            return False
        return self.starts is None or any(
            self.starts.earliest <= clock <= self.starts.latest
            for clock in (shift.start_clock, shift.start_clock + MINUTES_A_DAY)
        )

    def named_shifts(self) -> Iterator[Named]:
        """The ids of shifts that are given."""
        for number, id_ in enumerate(self.shift_ids):
            yield Named(("shift_ids", number), id_)

    @property
    def names_none(self) -> bool:
        """Whether every shift is meant, because none is named in any way."""
        return not self.shift_ids and self.starts is None and self.stops is None


class ShiftKind(NamesShifts):
    """Some shifts: those with these ids, those that start or stop in these windows, or those of which all is true."""

    @model_validator(mode="after")
    def says_which(self) -> Self:
        if self.names_none:
            raise ValueError("say which shifts are meant, by shift_ids, starts, stops or several")
        return self

    @property
    def words(self) -> str:
        """The shifts as a planner names them."""
        return " or ".join(self.shift_ids) if self.shift_ids else "shifts of that time of day"

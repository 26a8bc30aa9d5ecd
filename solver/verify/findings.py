"""What the judge looks at, and what it writes down."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from schemas.request import Agent, PinnedShift, RosterRequest, ShiftDefinition, WorkPlan
from schemas.roster import Activity, Schedule, Shift, Violation
from solver.rules.base import Day
from solver.verify.calendar import Calendar


class Fault(NamedTuple):
    """Something wrong with a shift, before it is known whose shift it is."""

    code: str
    text: str  # the sentence after "Ann, 2026-11-30: "
    place: str = ""  # the rest of the JSON Pointer, from the shift on


@dataclass(frozen=True, slots=True)
class Pin:
    """A pinned shift of the request in UTC minutes."""

    pin: PinnedShift
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Case:
    """One agent before the judge: what it may do and what it was given."""

    request: RosterRequest
    agent: Agent
    plan: WorkPlan
    calendar: Calendar  # on the agent's clock
    grid_origin: int  # UTC minute of an edge between intervals
    pins: dict[int, Pin]  # by day index
    schedule: Schedule
    path: str | None  # JSON Pointer of the schedule, None when the roster has none

    @property
    def who(self) -> str:
        return self.agent.name or self.agent.id


@dataclass(frozen=True, slots=True)
class Piece:
    """An activity of a shift in UTC minutes."""

    activity: Activity
    start: int
    end: int
    paid: bool  # as it says, or where it does not say as the pin or the definition has it

    @property
    def minutes(self) -> int:
        return self.end - self.start

    @property
    def on_queue(self) -> bool:
        return self.activity.category == "on_queue"

    @property
    def name(self) -> str:
        return f"{self.activity.id or self.activity.category} at {self.activity.start:%H:%M}"


@dataclass(frozen=True, slots=True)
class Seen:
    """A shift of the roster that begins on a day of the period, in UTC minutes."""

    shift: Shift
    path: str
    start: int
    end: int
    day: Day
    definition: ShiftDefinition | None  # the one it claims to follow
    pin: Pin | None  # the one pinned on its day
    pieces: tuple[Piece, ...]

    def holds(self, piece: Piece) -> bool:
        """Whether the activity lies within the shift."""
        return self.start <= piece.start <= piece.end <= self.end

    @property
    def paid_minutes(self) -> int:
        """Length less what is unpaid, by its own activities."""
        return self.end - self.start - sum(piece.minutes for piece in self.pieces if not piece.paid)


@dataclass
class Findings:
    """Everything found so far."""

    violations: list[Violation] = field(default_factory=list)

    def note(
        self, code: str, text: str, *, case: Case | None = None, day: Day | None = None, path: str | None = None
    ) -> None:
        self.violations.append(
            Violation(
                code=code,
                text=text,
                agent_id=None if case is None else case.agent.id,
                date=None if day is None else day.date,
                path=path,
            )
        )

    def on_shift(self, case: Case, seen: Seen, fault: Fault) -> None:
        """A fault of one shift."""
        text = f"{case.who}, {seen.day.date}: {fault.text}"
        self.note(fault.code, text, case=case, day=seen.day, path=seen.path + fault.place)

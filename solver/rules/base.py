"""What every rule of a tour is made of: its JSON fields, its automaton, its judge, its sentence.

The automaton reads an agent's tour day by day, keeps a small state and counts breaches; the compiler forbids or prices
them. The judge reads a finished roster. The two share the rule's parameters and nothing else.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any, ClassVar, Literal, NamedTuple
from zoneinfo import ZoneInfo

from schemas.clock import LocalDateTime
from schemas.request import Agent, History, PastShift
from schemas.rule import Rule

UNENDING = 1000
"""Days in a row where a period that repeats has no others: as many as a history can have."""


@dataclass(frozen=True, slots=True)
class Day:
    """One civil day of an agent's calendar; instants are UTC minutes since the epoch."""

    index: int
    date: date
    weekday: int  # Monday = 0
    week: int  # counted from the week in which the period begins
    ends_week: bool
    week_complete: bool  # the week's last day lies in the period
    starts_at: int
    ends_at: int
    is_last: bool


@dataclass(frozen=True, slots=True)
class Worked:
    """What a rule may look at of a shift."""

    start: int  # UTC minute
    end: int
    paid_minutes: int
    definition: str | None
    start_clock: int  # what the agent's clock shows at the start, minutes past midnight
    end_clock: int  # and at the end, past the midnight before the start: 1560 is 02:00 on the next day


@dataclass(frozen=True, slots=True)
class RuleAgent:
    """An agent as the rules see it."""

    id: str
    name: str
    history: History
    last_shift_end: int | None  # UTC minute
    first_day: Day
    past: tuple[Worked, ...] = ()  # the history's shifts
    past_of_week: tuple[Worked, ...] = ()  # those of the week in which the period begins
    recent: tuple[Worked | None, ...] = ()  # the shift of the day before the period, of the one before that, …
    begins_week: bool = True  # whether the period begins with a week
    rotation_position: int = 0  # the week of a rotation in which the period begins
    days: tuple[Day, ...] = ()
    published: tuple[Worked | None, ...] = ()  # by day, the shift that the agent was told of
    as_of: int | None = None  # UTC minute at which the roster is told

    @property
    def shift_before(self) -> Worked | None:
        """The shift of the day before the period."""
        return self.recent[0] if self.recent else None

    @property
    def tells_history(self) -> bool:
        """Whether anything is known of the days just before the period."""
        history = self.history
        return bool(history.consecutive_days_worked or history.consecutive_days_off or self.recent)

    @property
    def who(self) -> str:
        return self.name or self.id


def rule_agent(
    agent: Agent,
    written: ZoneInfo,
    days: Sequence[Day],
    zone: ZoneInfo | None = None,
    as_of: LocalDateTime | None = None,
) -> RuleAgent:
    """The agent with its history as instants.

    Args:
        agent: the agent.
        written: the zone of date-times without an offset.
        days: the agent's calendar.
        zone: the agent's clock, where it is another.
        as_of: when the roster is told.
    """
    history = agent.history
    end = history.last_shift_end
    first = days[0]
    last_of_week = next(day.index for day in days if day.ends_week or day.is_last)
    week_starts = first.date - timedelta(days=6 - last_of_week) if days[last_of_week].ends_week else first.date
    past = [_past(shift, written, zone or written) for shift in history.shifts]
    return RuleAgent(
        agent.id,
        agent.name,
        history,
        None if end is None else end.utc_minute(written),
        first,
        tuple(worked for _, worked in past),
        tuple(worked for day, worked in past if week_starts <= day < first.date),
        _by_day(past, first.date),
        last_of_week == 6,
        agent.rotation_position,
        tuple(days),
        _published(agent, written, days) if agent.published_shifts else (None,) * len(days),
        None if as_of is None else as_of.utc_minute(written),
    )


def repeated(agent: RuleAgent, shifts: Sequence[Worked | None]) -> RuleAgent:
    """The agent in a period that repeats: what went before are the same days once more.

    Args:
        agent: the agent, whose own history is put aside.
        shifts: the shift of each day of the period.
    """
    days = agent.days
    back = days[-1].ends_at - days[0].starts_at
    before = [None if s is None else replace(s, start=s.start - back, end=s.end - back) for s in reversed(shifts)]
    worked = next((n for n, shift in enumerate(before) if shift is None), UNENDING)
    free = next((n for n, shift in enumerate(before) if shift is not None), UNENDING)
    while before and before[-1] is None:
        before.pop()
    return replace(
        agent,
        history=History(consecutive_days_worked=worked, consecutive_days_off=free),
        last_shift_end=next((shift.end for shift in before if shift is not None), None),
        past=(),
        past_of_week=(),
        recent=tuple(before),
    )


def _published(agent: Agent, written: ZoneInfo, days: Sequence[Day]) -> tuple[Worked | None, ...]:
    """The published shift of each day of the period."""
    shifts = [(shift.start.utc_minute(written), shift.end.utc_minute(written)) for shift in agent.published_shifts]
    own = {day.index: span for span in shifts for day in days if day.starts_at <= span[0] < day.ends_at}
    # What the rule asks of a published shift is its start and its end.
    return tuple(Worked(*own[day.index], 0, None, 0, 0) if day.index in own else None for day in days)


def _by_day(past: Sequence[tuple[date, Worked]], first: date) -> tuple[Worked | None, ...]:
    """The shifts of the days before the period, the last day first, as far back as there are any."""
    shifts = {(first - day).days: worked for day, worked in past}
    return tuple(shifts.get(back) for back in range(1, max(shifts, default=0) + 1))


def _past(shift: PastShift, written: ZoneInfo, zone: ZoneInfo) -> tuple[date, Worked]:
    """The day on which a shift of the history started, and the shift."""
    start, end = shift.start.utc_minute(written), shift.end.utc_minute(written)
    local, ends = (datetime.fromtimestamp(minute * 60, UTC).astimezone(zone) for minute in (start, end))
    clock = local.hour * 60 + local.minute
    end_clock = (ends.toordinal() - local.toordinal()) * 1440 + ends.hour * 60 + ends.minute
    return local.date(), Worked(start, end, end - start, shift.work_plan_shift_id, clock, end_clock)


@dataclass(frozen=True)
class AgentRoster:
    """One agent's finished roster, as the judge reads it."""

    days: tuple[Day, ...]
    shifts: tuple[Worked | None, ...]
    credits: tuple[int, ...]  # paid minutes of time off by day

    def shift_of(self, day: Day) -> Worked | None:
        return self.shifts[day.index]

    def credit_of(self, day: Day) -> int:
        return self.credits[day.index]


class Step(NamedTuple):
    """The state after a day, and how many units of the rule the day broke."""

    state: Hashable
    breaches: int = 0


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule broken: by how many units, where, and what a planner is told."""

    kind: str
    units: int
    day: Day | None
    text: str


class Added(NamedTuple):
    """What a day does to a rule whose sum is kept apart from its state."""

    state: Hashable  # what the rule remembers besides the sum
    amount: int  # what the day adds to the sum of its span, never negative
    breaches: int = 0  # units broken that have nothing to do with the sum


class Margin(NamedTuple):
    """How near a finished roster comes to a limit of a rule; what is counted is whole, so a margin of 0 is the limit.

    `never` is the limit of what a rule forbids outright: its value counts how often it is there, and the limit is 0.
    """

    which: Literal["least", "most", "never"]
    value: int
    limit: int
    unit: str  # what value and limit count, in the singular
    day: Day | None = None  # where

    @property
    def slack(self) -> int:
        """Units to spare; below 0 the rule is broken."""
        return self.value - self.limit if self.which == "least" else self.limit - self.value


class Lever(NamedTuple):
    """A number of a rule that can be made less strict."""

    field: str
    asks_nothing: int | None  # the value with which the rule asks nothing here; None: as if it were not given
    unit: str  # what it counts, in the singular
    text: str  # what is done, with the new number as `{value}`


class Misfit(NamedTuple):
    """A field of an agent that does not go with a rule of its work plan."""

    field: str
    expected: str
    text: str


class Named(NamedTuple):
    """An id that a rule names, and where in the rule it stands."""

    place: tuple[str | int, ...]
    id: str

    def within(self, *place: str | int) -> Named:
        """The same as a part of something larger."""
        return Named((*place, *self.place), self.id)


def many(number: int, noun: str) -> str:
    """A number with its noun: 1 day, 2 days."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


class TourRule(Rule):
    """A rule that reads one agent's tour."""

    sentence: ClassVar[str] = ""
    hinders: ClassVar[str] = ""
    """What it has that keeps an agent from one more shift, after "{agents} …": `have no working day left`."""
    repeats: ClassVar[bool] = False
    """Whether it can be asked of a period that repeats: all that it asks of the past are the days just before."""
    priced_as: ClassVar[Literal["rule", "pay"]] = "rule"
    """`pay`: a breach is a paid minute at an extra rate, never forbidden."""

    def start(self, agent: RuleAgent) -> Hashable:
        """The state before the first day: what the history leaves behind."""
        return 0

    def reads(self, day: Day, shift: Worked | None, credit: int) -> Hashable:
        """All that the rule looks at of a day, instants counted from its start; shifts with equal reads are alike."""
        raise NotImplementedError

    def step(self, state: Any, day: Day, read: Any) -> Step:
        """One day on. Depends on nothing but the state, `day_key(day)` and the read."""
        raise NotImplementedError

    def finish(self, state: Any, last: Day) -> int:
        """Units broken when the period ends in this state."""
        return 0

    def day_key(self, day: Day) -> Hashable:
        """All that `step` looks at of a day."""
        return (day.weekday, day.ends_week, day.week_complete, day.is_last, day.ends_at - day.starts_at)

    def breaches(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[Breach]:
        """Everything in the finished roster that breaks the rule."""
        raise NotImplementedError

    def margins(self, agent: RuleAgent, roster: AgentRoster) -> Iterator[Margin]:
        """How near the finished roster comes to each limit of the rule, wherever it is asked.

        Some margin is below 0 exactly where the judge finds a breach.
        """
        raise NotImplementedError

    def never(self, broken: int, what: str, day: Day | None = None) -> Margin:
        """The margin of something that the rule forbids outright and that is there so many times."""
        return Margin("never", broken, 0, what, day)

    def levers(self) -> Iterator[Lever]:
        """Its numbers that can be made less strict; a rule without any can only be given a price, or left out."""
        yield from ()

    def named_shifts(self) -> Iterator[Named]:
        """The shifts of the work plan that the rule names by their ids."""
        yield from ()

    def misfit(self, agent: Agent) -> Misfit | None:
        """What of an agent's own fields the rule cannot be kept with, or None."""
        return None

    @property
    def extra_rate(self) -> Fraction:
        """For rules priced as pay: what a unit costs in hourly rates per minute."""
        return Fraction(0)

    def breach(self, agent: RuleAgent, units: int, day: Day | None, **facts: object) -> Breach:
        """A breach with its sentence filled in."""
        text = self.sentence.format(agent=agent.who, day=None if day is None else day.date.isoformat(), **facts)
        return Breach(self.kind, units, day, text)


class SummingRule(TourRule):
    """A rule that adds something up over spans of days and judges the sums.

    `step` keeps the sum in its state. Where so many sums are possible that a graph of them would not fit, the compiler
    takes them out and uses these faces instead; they count the same breaches.
    """

    adds_by_read: ClassVar[bool] = True
    """Whether what a day adds depends on its read alone, and the rule remembers nothing besides the sum."""

    @property
    def is_convex(self) -> bool:
        """Whether breaches are convex in the sum; a rule of which they are not is never taken out of the graph."""
        return True

    def before(self, agent: RuleAgent) -> int:
        """What the history adds to the first span."""
        raise NotImplementedError

    @property
    def most_sum(self) -> int | None:
        """The sum beyond which it makes no difference how much more there is; None where it always does."""
        return None

    def ends(self, day: Day) -> bool:
        """Whether a span ends with the day and another one begins."""
        return False

    def rest(self, agent: RuleAgent) -> Hashable:
        """The state before the first day, the sum apart."""
        return None

    def add(self, state: Any, day: Day, read: Any) -> Added:
        """One day on, as `step`, the sum apart."""
        return Added(None, int(read))

    def broken(self, total: int, before: int, *, whole: bool) -> int:
        """Units broken by a span's sum, convex in it; `whole` unless the end of the period cuts the span off."""
        raise NotImplementedError

"""What every rule of the book keeps: its automaton and its judge count the same breaches in every tour there is."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date
from itertools import product
from zoneinfo import ZoneInfo

from schemas.clock import LocalDateTime
from schemas.request import Agent
from solver.rules import AgentRoster, Day, RuleAgent, Step, SummingRule, TourRule, Worked, rule_agent
from solver.verify.calendar import at_clock, clock_at, days_of

MONDAY = "2026-03-02"
TALLINN = "Europe/Tallinn"
NIGHT = {"earliest": "20:00", "latest": "26:00"}
LAST_NIGHT = {"work_plan_shift_id": "from 22", "start": "2026-03-01T22:00", "end": "2026-03-02T06:00"}
LAST_DAY = {"work_plan_shift_id": "from 09", "start": "2026-03-01T09:00", "end": "2026-03-01T17:00"}
CIRCUMSTANCES = (
    {"history": {}},
    {"history": {"shifts": [LAST_NIGHT], "last_shift_end": "2026-03-02T06:00"}},
    {"history": {"shifts": [LAST_DAY]}},
    {"start_date": "2026-03-06"},
    {"start_date": "2026-03-08"},
    {"start_date": "2026-03-27"},
    {"start_date": "2026-10-23"},
)
"""Nothing, a night and a day before the period; other weekdays to begin on; and the two changes of clocks."""

_STEPS: dict[tuple[str, Hashable, Hashable, Hashable], Step] = {}


def a_calendar(
    start_date: str = MONDAY, days: int = 7, zone: str = TALLINN, week_starts_on: str = "monday"
) -> tuple[Day, ...]:
    """Days on the zone's clock."""
    return days_of(date.fromisoformat(start_date), days, ZoneInfo(zone), week_starts_on)


def an_agent(days: Sequence[Day], zone: str, history: dict[str, object]) -> RuleAgent:
    """An agent with what went before, and with `as_of` and `published_shifts` what it was told."""
    told = dict(history)
    as_of, published = told.pop("as_of", None), told.pop("published_shifts", ())
    agent = Agent.model_validate(
        {"id": "ann", "name": "Ann", "work_plan_id": "plan", "history": told, "published_shifts": list(published)}
    )
    return rule_agent(agent, ZoneInfo(zone), days, None, None if as_of is None else LocalDateTime.parse(as_of))


def a_shift(hours: str, *, unpaid: int = 0) -> tuple[int, int, int]:
    """`"22-06"`: start on the clock, hours that elapse, unpaid minutes; as minutes."""
    start, end = (int(hour) for hour in hours.split("-"))
    return start * 60, (end - start) % 24 * 60, unpaid


def worked(shift: tuple[int, int, int], day: Day, zone: str = TALLINN) -> Worked:
    """The shift on that day."""
    clock, length, unpaid = shift
    start = at_clock(day.date, clock, ZoneInfo(zone))
    ends = clock_at(start + length, day.date, ZoneInfo(zone))
    return Worked(start, start + length, length - unpaid, f"from {clock // 60:02d}", clock, ends)


def sentences(
    rule: TourRule,
    works: dict[int, str],
    *,
    start_date: str = MONDAY,
    days: int = 7,
    zone: str = TALLINN,
    week_starts_on: str = "monday",
    credits: dict[int, int] | None = None,
    **history: object,
) -> list[str]:
    """What the judge tells of Ann, who works `{day: "hours"}`, after checking that the automaton counts as much."""
    calendar = a_calendar(start_date, days, zone, week_starts_on)
    agent = an_agent(calendar, zone, history)
    tour = tuple(worked(a_shift(works[d.index]), d, zone) if d.index in works else None for d in calendar)
    paid = tuple((credits or {}).get(day.index, 0) for day in calendar)
    breaches = list(rule.breaches(agent, AgentRoster(calendar, tour, paid)))
    assert sum(breach.units for breach in breaches) == counted(rule, agent, calendar, tour, paid)
    return [breach.text for breach in breaches]


def counted(
    rule: TourRule, agent: RuleAgent, days: Sequence[Day], tour: Sequence[Worked | None], credits: Sequence[int]
) -> int:
    """Units that the automaton counts; a step that is not a function of state, day key and read is found out."""
    state, units = rule.start(agent), 0
    for day, shift, credit in zip(days, tour, credits, strict=True):
        read = rule.reads(day, shift, credit)
        step = Step(*rule.step(state, day, read))
        known = _STEPS.setdefault((repr(rule), state, rule.day_key(day), read), step)
        assert step == known, f"{rule!r}: the step on {day.date} differs from that on a day with an equal key"
        assert step.breaches >= 0
        state, units = step.state, units + step.breaches
    units += rule.finish(state, days[-1])
    if isinstance(rule, SummingRule):
        assert units == summed(rule, agent, days, tour, credits), f"{rule!r} counts otherwise with its sums apart"
    return units


def summed(
    rule: SummingRule, agent: RuleAgent, days: Sequence[Day], tour: Sequence[Worked | None], credits: Sequence[int]
) -> int:
    """Units that the rule counts when its sums are kept apart from its state."""
    state, before, units = rule.rest(agent), rule.before(agent), 0
    total = before
    for day, shift, credit in zip(days, tour, credits, strict=True):
        added = rule.add(state, day, rule.reads(day, shift, credit))
        assert added.amount >= 0
        assert not rule.adds_by_read or added == (None, added.amount, 0)
        state, total, units = added.state, total + added.amount, units + added.breaches
        if rule.ends(day):
            units += rule.broken(total, before, whole=True)
            total = before = 0
    if not rule.ends(days[-1]):
        units += rule.broken(total, before, whole=False)
    return units


def assert_faces_agree(
    rule: TourRule,
    *,
    shifts: Sequence[str | tuple[int, int, int]],
    days: int,
    start_date: str = MONDAY,
    zone: str = TALLINN,
    week_starts_on: str = "monday",
    history: dict[str, object] | None = None,
    credits: Sequence[int] = (),
    idle: bool = False,
) -> None:
    """Every tour of the shifts, a day off being one of them, priced by the automaton and by the judge.

    Asks too that some tour breaks the rule more than another, otherwise the comparison would show little; `idle` says
    that among many crossed parameters it may be so.
    """
    calendar = a_calendar(start_date, days, zone, week_starts_on)
    agent = an_agent(calendar, zone, history or {})
    paid = (*credits, *[0] * (days - len(credits)))
    kinds = [a_shift(shift) if isinstance(shift, str) else shift for shift in shifts]
    choices = [[None, *(worked(kind, day, zone) for kind in kinds)] for day in calendar]
    totals = set()
    for tour in product(*choices):
        breaches = list(rule.breaches(agent, AgentRoster(calendar, tour, paid)))
        assert all(breach.units > 0 and breach.kind == rule.kind and breach.text for breach in breaches)
        margins = list(rule.margins(agent, AgentRoster(calendar, tour, paid)))
        assert any(margin.slack < 0 for margin in margins) == bool(breaches), (
            f"{rule!r} has {[b.text for b in breaches]} and the margins {margins} in {tour}"
        )
        judged = sum(breach.units for breach in breaches)
        by_automaton = counted(rule, agent, calendar, tour, paid)
        assert by_automaton == judged, (
            f"{rule!r} counts {by_automaton}, the judge {judged}: {[b.text for b in breaches]} in {tour}"
        )
        totals.add(judged)
    assert idle or len(totals) > 1, "every tour breaks the rule equally often; take a limit on the border"

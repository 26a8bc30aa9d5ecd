"""Short intervals and what keeps each agent from covering them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from schemas.explanation import Cause, CauseCode, ShortIntervals
from schemas.money import TICKS_PER_CURRENCY
from schemas.request import PlanningGroup
from solver.compile.coverage import requirement_of
from solver.explain import words
from solver.explain.moves import ALLOWED, NO_SHIFT, OVERLAP, RULES, Mover, Moves, obstacle_of, reason, rules_of
from solver.explain.standing import ELSEWHERE, ON_BREAK, ON_MEAL, Person, Standing
from solver.explain.together import held_away
from solver.explain.worth import Worth
from solver.price import fold
from solver.verify.calendar import calendar_of
from solver.verify.prices import price_list

MILLI = 1000
MOST_EXAMPLES = 5
CENT = 0.005
"""Less than this is no difference in cost."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

OBSTACLES: tuple[CauseCode, ...] = ("can_come", "rules", "overlap", "pinned", "time_off", "unavailable", "no_shift")
"""By the numbers of `moves`."""


class Key(NamedTuple):
    """One cause, apart from whom it holds for."""

    code: CauseCode
    rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class Slots:
    """The slots in which some planning group is short."""

    numbers: Ints
    index: dict[int, int]
    need: Ints  # [groups, slots of the grid] thousandths of a head
    have: Ints

    @classmethod
    def of(cls, standing: Standing) -> Slots:
        """Where less than what is required is there."""
        need = requirement_of(standing.request, standing.period, standing.grid).milliheads
        have = np.zeros_like(need)
        for person in standing.people:
            for number, heads in heads_of(person, standing.request.planning_groups).items():
                have[number] += heads * (standing.place[person.row] == number)
        return cls.where(need, fold(standing.grid, have) if standing.request.planning_period.cyclic else have)

    @classmethod
    def where(cls, need: Ints, have: Ints) -> Slots:
        numbers = np.flatnonzero((have < need).any(axis=0))
        return cls(numbers, {int(t): k for k, t in enumerate(numbers)}, need, have)


def heads_of(person: Person, groups: tuple[PlanningGroup, ...]) -> dict[int, int]:
    """Thousandths of a head that the agent is in each planning group that it serves."""
    skills = {skill.planning_group_id: skill.proficiency_milliheads for skill in person.case.agent.skills}
    return {n: skills.get(g.id, 0) if skills else MILLI for n, g in enumerate(groups) if not skills or g.id in skills}


@dataclass
class Causes:
    """For each agent and short slot what keeps the agent away; `extra` is what its best shift there would add."""

    standing: Standing
    slots: Slots
    why: Ints  # [agents, short slots] reason, as in `moves`
    extra: Floats  # [agents, short slots]
    moved: NDArray[np.bool_]  # [agents, short slots] whether that shift is in place of another
    held: dict[str, NDArray[np.bool_]]  # by kind of rule of the roster, [agents, slots] whom it keeps away

    def within_reach(self) -> Causes:
        """The same with everybody on queue who could come: what is short then, nobody could cover."""
        groups = self.standing.request.planning_groups
        have = np.zeros_like(self.slots.have)
        for person in self.standing.people:
            come = self.slots.numbers[self.why[person.row] < reason(OVERLAP)]
            for number, heads in heads_of(person, groups).items():
                have[number, come] += heads
        left = Slots.where(self.slots.need, have)
        kept = [self.slots.index[int(t)] for t in left.numbers]
        return replace(self, slots=left, why=self.why[:, kept], extra=self.extra[:, kept], moved=self.moved[:, kept])

    def key(self, row: int, k: int) -> Key:
        """The cause for an agent that is in no shift then."""
        number = int(self.why[row, k])
        obstacle = obstacle_of(number)
        if obstacle == RULES:
            return Key("rules", rules_of(number))
        slot = int(self.slots.numbers[k])
        together = tuple(kind for kind, held in self.held.items() if held[row, slot])
        if obstacle == ALLOWED and together:
            return Key("roster_rules", together)
        if obstacle != ALLOWED or np.isnan(self.extra[row, k]):
            return Key(OBSTACLES[obstacle])
        if self.extra[row, k] < -CENT:
            return Key("improves")
        return Key("needed_elsewhere" if self.moved[row, k] else "costs_more")


def causes_of(standing: Standing, slots: Slots, mover: Mover, worth: Worth | None) -> Causes:
    """What keeps every agent away from every short slot; without prices, only what does not depend on them."""
    shape = len(standing.people), len(slots.numbers)
    causes = Causes(
        standing,
        slots,
        np.full(shape, reason(NO_SHIFT)),
        np.full(shape, np.nan),
        np.zeros(shape, np.bool_),
        # Without a roster nobody is there yet, and rules of all together keep no single one away.
        held_away(standing) if worth is not None else {},
    )
    covers: dict[tuple[int, int], list[tuple[Ints, NDArray[np.bool_]]]] = {}
    for person in standing.people:
        key = person.group.first, person.group.count
        if key not in covers:
            covers[key] = list(_covers(standing, slots, mover, person))
        wanted = [d for d, (near, _) in enumerate(covers[key]) if near.size]
        for d, moves in mover.moves(person, wanted).items():
            _take_in(causes, person, d, moves, covers[key][d], worth)
    return causes


def _covers(standing: Standing, slots: Slots, mover: Mover, person: Person) -> Iterator[tuple[Ints, NDArray[np.bool_]]]:
    """By day: the short slots that shifts of the day reach, and which shift covers which, [slots, shifts]."""
    minutes = standing.grid.origin + slots.numbers * standing.grid.step
    for today in mover.days(person.group):
        cover = (today.start[None, :] <= minutes[:, None]) & (minutes[:, None] < today.end[None, :])
        near = np.flatnonzero(cover.any(axis=1))
        yield near, cover[near]


def _take_in(
    causes: Causes, person: Person, d: int, moves: Moves, reach: tuple[Ints, NDArray[np.bool_]], worth: Worth | None
) -> None:
    """The moves of a day, where they come nearer to possible than those of other days."""
    near, cover = reach
    row = person.row
    best = np.where(cover, moves.reason[None, :], reason(NO_SHIFT)).min(axis=1)
    causes.why[row, near] = np.minimum(causes.why[row, near], best)
    free = moves.reason == 0
    if worth is None or worth.profile[row] is None or not free.any():
        return
    here = cover[:, free]
    if not here.any():
        return
    numbers = moves.numbers[free]
    seen = person.shift_on(d)
    change = worth.besides(person, numbers) if seen is None else worth.instead(person, seen, numbers)
    change = change + moves.price[free] / TICKS_PER_CURRENCY
    least = np.where(here, change[None, :], np.inf).min(axis=1)
    found = causes.extra[row, near]
    better = np.isfinite(least) & ~(found <= least)
    causes.extra[row, near[better]] = least[better]
    causes.moved[row, near[better]] = seen is not None


def short_intervals(causes: Causes) -> list[ShortIntervals]:
    """All short intervals, those in a row with the same causes together, by planning group and time."""
    found: list[ShortIntervals] = []
    for number, group in enumerate(causes.standing.request.planning_groups):
        serving = [p for p in causes.standing.people if number in heads_of(p, causes.standing.request.planning_groups)]
        short = np.flatnonzero(causes.slots.have[number] < causes.slots.need[number]).tolist()
        counts = {t: _counts(causes, number, serving, t) for t in short}
        found.extend(_told(causes, number, group, run, counts) for run in _runs(short, counts))
    return found


Counts = dict[Key, list[int]]
"""For each cause the agents that it holds for, as rows."""


def _counts(causes: Causes, number: int, serving: list[Person], t: int) -> Counts:
    """What keeps each agent from one slot."""
    k = causes.slots.index[t]
    found: Counts = {}
    served = {person.row for person in serving}
    for person in causes.standing.people:
        key = Key("lacks_skill")
        if person.row in served:
            key = _standing(int(causes.standing.place[person.row, t]), number) or causes.key(person.row, k)
        if key != COVERS:
            found.setdefault(key, []).append(person.row)
    return found


COVERS = Key("can_come", ("covers",))


def _standing(place: int, number: int) -> Key | None:
    """What an agent that is in a shift does instead; COVERS when it covers, None when it is in no shift."""
    if place == ELSEWHERE:
        return None
    if place >= 0:
        return COVERS if place == number else Key("other_group")
    return Key("on_break" if place == ON_BREAK else "on_meal" if place == ON_MEAL else "off_queue")


def _runs(short: list[int], counts: dict[int, Counts]) -> Iterator[list[int]]:
    """Slots in a row with the same causes: the same codes, whichever rules stand behind them."""
    run: list[int] = []
    for t in short:
        if run and (t != run[-1] + 1 or _alike(counts[t]) != _alike(counts[run[-1]])):
            yield run
            run = []
        run.append(t)
    if run:
        yield run


AT_WORK = {"on_break", "on_meal", "off_queue", "other_group"}
"""Causes that change from interval to interval while all else stays as it is."""


def _alike(counts: Counts) -> set[CauseCode]:
    """What intervals in a row have in common to be told together."""
    return {key.code for key in counts} - AT_WORK


def _told(
    causes: Causes, number: int, group: PlanningGroup, run: list[int], counts: dict[int, Counts]
) -> ShortIntervals:
    standing, slots = causes.standing, causes.slots
    need, have = slots.need[number, run], slots.have[number, run]
    step = standing.grid.step
    missing = int((need - have).sum()) * step
    price_of = price_list(group, calendar_of(standing.request, standing.period.zone))
    price = sum(price_of(standing.grid.minute(t), -int(gap)) for t, gap in zip(run, need - have, strict=True)) * step
    told = [_cause(causes, key, run, counts) for key in dict.fromkeys(key for t in run for key in counts[t])]
    told.sort(key=lambda cause: (cause.code == "lacks_skill", -sum(cause.agents), cause.code, cause.rules))
    start, end = (
        datetime.fromtimestamp(standing.grid.minute(t) * 60, UTC).astimezone(standing.period.zone)
        for t in (run[0], run[-1] + 1)
    )
    return ShortIntervals(
        planning_group_id=group.id,
        start=start,
        end=end,
        required=tuple((need / MILLI).tolist()),
        scheduled=tuple((have / MILLI).tolist()),
        short_hours=round(missing / MILLI / 60, 3),
        cost=round(price / MILLI / TICKS_PER_CURRENCY, 4),
        causes=tuple(told),
        text=words.of_short(group.name or group.id, start, end, need - have, need, told),
    )


def _cause(causes: Causes, key: Key, run: list[int], counts: dict[int, Counts]) -> Cause:
    people = causes.standing.people
    rows = sorted({row for t in run for row in counts[t].get(key, ())})
    plans = Counter(people[row].case.plan.id for row in rows)
    agents = tuple(len(counts[t].get(key, ())) for t in run)
    extra = None
    if key.code in ("costs_more", "needed_elsewhere", "improves"):
        extra = min(float(causes.extra[row, causes.slots.index[t]]) for t in run for row in counts[t].get(key, ()))
        extra = round(extra, 2)
    return Cause(
        code=key.code,
        rules=key.rules,
        agents=agents,
        agent_ids=tuple(people[row].case.agent.id for row in rows[:MOST_EXAMPLES]),
        work_plan_ids=tuple(plan for plan, _ in plans.most_common(MOST_EXAMPLES)),
        extra_cost=extra,
        text=words.of_cause(key.code, key.rules, agents, extra, causes.standing.request.currency),
    )

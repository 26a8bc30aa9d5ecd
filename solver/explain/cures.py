"""What would give an agent without any allowed roster one: the smallest changes, one alone before two together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from schemas.clock import clock_text
from schemas.explanation import Change, Cure
from schemas.request import EVERY_DAY, Agent, Availability, LengthRange, ShiftDefinition, WorkPlan
from solver.compile.conflicts import AVAILABILITY, PINS, TIME_OFF, Part
from solver.compile.trial import Trials
from solver.rules.base import Lever, TourRule

MOST_PAIRS = 4
"""Cures of two changes that are told."""

MINUTES_A_DAY = 1440
LONGER_MINUTES = 240
"""So much longer or shorter than they are shifts are tried, and so much wider than it is the availability."""

Terms = tuple[Agent, WorkPlan]


@dataclass(frozen=True)
class Dial:
    """One thing that can be made less strict, step by step: `values` go from the least change to the greatest."""

    path: str
    found: str
    values: Sequence[int]
    turn: Callable[[Terms, int], Terms]
    cure: Callable[[int], str]  # what it would have to be
    text: Callable[[int], str]
    weight: Callable[[int], float]  # how large the change is, as a part of what there is

    def change(self, value: int) -> Change:
        return Change(path=self.path, found=self.found, cure=self.cure(value), text=self.text(value))


class Cures:
    """Looks for cures of one agent."""

    def __init__(self, terms: Terms, path: str, plan: int, trials: Trials, stop: Callable[[], bool]) -> None:
        self._terms = terms
        self._path, self._plan = path, plan
        self._trials = trials
        self._stop = stop

    def of(self, conflict: Sequence[Part]) -> tuple[Cure, ...]:
        """One change alone cures only if it is one of the conflict, or of the shifts; two if one of them is."""
        dials = list(self._dials(conflict))
        alone = [(dial, value) for dial in dials if (value := self._least(self._terms, dial)) is not None]
        if alone:
            alone.sort(key=lambda found: found[0].weight(found[1]))
            return tuple(_cure(found) for found in alone)
        pairs = []
        everything = list(self._dials((*self._hard(), *_dates(self._terms[0]))))
        paths = {dial.path for dial in dials}
        for first, second in combinations(everything, 2):
            if first.path in paths or second.path in paths:
                pair = self._least_pair(first, second)
                if pair is not None:
                    pairs.append(pair)
        pairs.sort(key=lambda pair: sum(dial.weight(value) for dial, value in pair))
        return tuple(_cure(*pair) for pair in pairs[:MOST_PAIRS])

    def _hard(self) -> list[Part]:
        return [rule for rule in self._terms[1].rules if rule.cost is None and rule.priced_as != "pay"]  # type: ignore[attr-defined]

    def _possible(self, terms: Terms) -> bool:
        return not self._stop() and self._trials.possible(*terms)

    def _least(self, terms: Terms, dial: Dial) -> int | None:
        """The first value of the dial with which there is a roster, by bisection: a later one allows no less."""
        if not self._possible(dial.turn(terms, dial.values[-1])):
            return None
        low, high = 0, len(dial.values) - 1
        while low < high:
            middle = (low + high) // 2
            if self._possible(dial.turn(terms, dial.values[middle])):
                high = middle
            else:
                low = middle + 1
        return None if self._stop() else dial.values[low]

    def _least_pair(self, first: Dial, second: Dial) -> tuple[tuple[Dial, int], tuple[Dial, int]] | None:
        """The least of the first with all of the second, then the least of the second with that."""
        a = self._least(second.turn(self._terms, second.values[-1]), first)
        if a is None:
            return None
        b = self._least(first.turn(self._terms, a), second)
        return None if b is None else ((first, a), (second, b))

    def _dials(self, parts: Sequence[Part]) -> Iterator[Dial]:
        """The dials of these parts, and those of the shifts."""
        agent, plan = self._terms
        for part in parts:
            if isinstance(part, TourRule):
                yield from self._rule_dials(part)
        if TIME_OFF in parts:
            for number, off in enumerate(agent.time_off):
                yield self._without("time_off", number, f"the time off from {off.start} to {off.end}")
        if PINS in parts:
            for number, pin in enumerate(agent.pinned_shifts):
                yield self._without("pinned_shifts", number, f"the pinned shift from {pin.start} to {pin.end}")
        if AVAILABILITY in parts:
            yield self._wider()
            yield from self._more_days()
        if plan.shifts:
            yield from self._lengths()
        if agent.work_plan_shift_ids:
            yield self._all_shifts()

    def _rule_dials(self, rule: TourRule) -> Iterator[Dial]:
        plan = self._terms[1]
        number = next(n for n, other in enumerate(plan.rules) if other is rule)
        path = f"/work_plans/{self._plan}/rules/{number}"
        levers = list(rule.levers())
        for lever in levers:
            dial = self._lever_dial(rule, lever, number, f"{path}/{lever.field}")
            if dial is not None:
                yield dial
        if not levers:
            yield Dial(
                path,
                "a hard rule",
                (0,),
                lambda terms, _: _with_rule(terms, number, None),
                lambda _: "with a cost",
                lambda _: f"give {rule.kind} a cost instead of making it hard",
                lambda _: 2.0,
            )

    def _lever_dial(self, rule: TourRule, lever: Lever, number: int, path: str) -> Dial | None:
        found: int = getattr(rule, lever.field)
        raises = lever.field.startswith("max")
        lowest = lever.asks_nothing or 0
        values = range(found + 1, found + 1 + self._reach(lever)) if raises else range(found - 1, lowest - 1, -1)
        if not values:
            return None
        return Dial(
            path,
            str(found),
            values,
            lambda terms, value: _with_rule(terms, number, rule.model_copy(update={lever.field: value})),
            str,
            lambda value: f"{lever.text.format(value=value)} instead of {found}",
            lambda value: abs(value - found) / max(found, 1),
        )

    def _reach(self, lever: Lever) -> int:
        """How far a greatest number is raised at most: beyond all that the period can hold."""
        days = len(self._trials.calendar.days)
        history = self._terms[0].history
        if "minute" in lever.unit:
            return (days + 7) * MINUTES_A_DAY + history.paid_minutes_in_period + history.paid_minutes_in_week
        return days + history.consecutive_days_worked + history.days_worked_in_period + history.weekends_worked + 14

    def _without(self, name: str, number: int, what: str) -> Dial:
        def turn(terms: Terms, _: int) -> Terms:
            kept = tuple(one for n, one in enumerate(getattr(terms[0], name)) if n != number)
            return terms[0].model_copy(update={name: kept}), terms[1]

        path = f"{self._path}/{name}/{number}"
        return Dial(path, what, (0,), turn, lambda _: "nothing", lambda _: f"let {what} go", lambda _: 1.0)

    def _wider(self) -> Dial:
        def turn(terms: Terms, minutes: int) -> Terms:
            wider = tuple(
                window.model_copy(
                    update={"from_": max(0, window.from_ - minutes), "to": min(2 * MINUTES_A_DAY, window.to + minutes)}
                )
                for window in terms[0].availability
            )
            return terms[0].model_copy(update={"availability": wider}), terms[1]

        step = self._trials.grid.step
        windows = self._terms[0].availability
        found = ", ".join(f"{clock_text(window.from_)} to {clock_text(window.to)}" for window in windows[:3])
        return Dial(
            f"{self._path}/availability",
            found,
            range(step, LONGER_MINUTES + 1, step),
            turn,
            lambda minutes: f"{minutes} minutes wider at both ends",
            lambda minutes: f"be available {minutes} minutes earlier and later on each of the days",
            lambda minutes: minutes / LONGER_MINUTES / 2,
        )

    def _more_days(self) -> Iterator[Dial]:
        open_days = {day for window in self._terms[0].availability for day in window.days}
        for day in EVERY_DAY:
            if day in open_days:
                continue
            window = Availability.model_construct(days=(day,), from_=0, to=2 * MINUTES_A_DAY)

            def turn(terms: Terms, _: int, window: Availability = window) -> Terms:
                return terms[0].model_copy(update={"availability": (*terms[0].availability, window)}), terms[1]

            def text(_: int, day: str = day) -> str:
                return f"be available on {day} as well"

            def cure(_: int, day: str = day) -> str:
                return f"{day} as well"

            path = f"{self._path}/availability"
            yield Dial(path, ", ".join(sorted(open_days)), (0,), turn, cure, text, lambda _: 1.0)

    def _lengths(self) -> Iterator[Dial]:
        shifts = self._terms[1].shifts
        longest = max(shift.length_minutes.max for shift in shifts)
        shortest = min(shift.length_minutes.min for shift in shifts)
        step = self._trials.grid.step
        path = f"/work_plans/{self._plan}/shifts"
        longer = range(longest + step, min(longest + LONGER_MINUTES, 2 * MINUTES_A_DAY) + 1, step)
        shorter = range(shortest - step, max(0, shortest - LONGER_MINUTES), -step)
        for values, most, found, told in (
            (longer, True, longest, "allow shifts of up to {} minutes instead of {}"),
            (shorter, False, shortest, "allow shifts from {} minutes instead of {}"),
        ):
            if not values:
                continue

            def turn(terms: Terms, value: int, most: bool = most) -> Terms:
                changed = tuple(_stretched(shift, value, step, longer=most) for shift in terms[1].shifts)
                return terms[0], terms[1].model_copy(update={"shifts": changed})

            def text(value: int, told: str = told, found: int = found) -> str:
                return told.format(value, found)

            def cure(value: int, most: bool = most) -> str:
                return f"{'up to' if most else 'from'} {value} minutes"

            def weight(value: int, found: int = found) -> float:
                return abs(value - found) / found

            yield Dial(path, f"{found} minutes", values, turn, cure, text, weight)

    def _all_shifts(self) -> Dial:
        return Dial(
            f"{self._path}/work_plan_shift_ids",
            ", ".join(self._terms[0].work_plan_shift_ids),
            (0,),
            lambda terms, _: (terms[0].model_copy(update={"work_plan_shift_ids": ()}), terms[1]),
            lambda _: "all shifts of the work plan",
            lambda _: "allow all shifts of the work plan",
            lambda _: 1.0,
        )


def _with_rule(terms: Terms, number: int, rule: TourRule | None) -> Terms:
    """The terms with another rule in this place, or none."""
    agent, plan = terms
    rules = tuple(
        rule if n == number else other for n, other in enumerate(plan.rules) if n != number or rule is not None
    )
    return agent, plan.model_copy(update={"rules": rules})


def _stretched(shift: ShiftDefinition, minutes: int, step: int, *, longer: bool) -> ShiftDefinition:
    """The shift with lengths up to, or down to, so many minutes, as far as its increment leads there."""
    lengths = shift.length_minutes
    increment = lengths.increment or step
    low, high = lengths.min, lengths.max
    if longer and minutes > high:
        high += (minutes - high) // increment * increment
    if not longer and minutes < low:
        low -= (low - minutes) // increment * increment
    return shift.model_copy(
        update={"length_minutes": LengthRange.model_construct(min=low, max=high, increment=lengths.increment)}
    )


def _dates(agent: Agent) -> tuple[Part, ...]:
    given = ((TIME_OFF, agent.time_off), (PINS, agent.pinned_shifts), (AVAILABILITY, agent.availability))
    return tuple(name for name, dates in given if dates)


def _cure(*found: tuple[Dial, int]) -> Cure:
    changes = tuple(dial.change(value) for dial, value in found)
    text = " and ".join(change.text for change in changes)
    return Cure(changes=changes, text=f"{text[:1].upper()}{text[1:]}.")

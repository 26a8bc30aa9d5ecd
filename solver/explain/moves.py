"""Every other shift that an agent might work on a day: what forbids it, and which rules it would break.

The rules' automata are written out as tables. An agent's own shifts lead through a table forwards to each day and
backwards from its end, so one look-up says what any other shift on that day would break on the whole tour.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.compile import choices
from solver.compile.automata import Table, Tabulator
from solver.compile.model import Ints
from solver.compile.recipe import Group, unit_price_of
from solver.explain.standing import Person, Standing
from solver.rules import BOOK
from solver.rules.base import Day, TourRule

ALLOWED, RULES, OVERLAP, PINNED, TIME_OFF, UNAVAILABLE, NO_SHIFT = range(7)
"""What stands in a shift's way, what is nearest to possible first."""

KINDS = tuple(rule.model_fields["kind"].default for rule in BOOK)
RANK = 1 << 32
"""A reason is `obstacle * RANK + number of rules broken * RANK / 32 + bits of the rules' places in the book`."""
FEWER = RANK >> 5


def reason(obstacle: int, mask: int = 0) -> int:
    """The obstacle as one number, so that the least is what is nearest to possible."""
    return obstacle * RANK + mask.bit_count() * FEWER + mask


def obstacle_of(number: int) -> int:
    """What stands in the way, of a reason."""
    return number // RANK


def rules_of(number: int) -> tuple[str, ...]:
    """Kinds of the rules that a reason names."""
    mask = number % FEWER
    return tuple(kind for bit, kind in enumerate(KINDS) if mask >> bit & 1)


class Today(NamedTuple):
    """The shifts of one day of a group's catalogue."""

    numbers: Ints  # in the catalogue
    start: Ints  # UTC minute
    end: Ints


class Moves(NamedTuple):
    """All shifts that an agent might work on a day instead of what it does."""

    numbers: Ints  # in the catalogue
    reason: Ints
    price: Ints  # ticks that rules with a price and overtime would add


@dataclass
class _Book:
    """A work plan's rules as tables, on one zone's clock, for all that its agents work or might work."""

    rules: tuple[TourRule, ...]
    tables: tuple[Table, ...]
    columns: tuple[tuple[Ints, ...], ...]  # by rule and day: the column of each shift of the day, without paid time off


@dataclass
class Mover:
    """Works out moves; what agents have in common is worked out once."""

    standing: Standing
    _tabulator: Tabulator = field(default_factory=Tabulator)
    _books: dict[tuple[str, str], _Book] = field(default_factory=dict)
    _days: dict[tuple[int, int], tuple[Today, ...]] = field(default_factory=dict)
    _reads: dict[Hashable, tuple[tuple[Hashable, ...], ...]] = field(default_factory=dict)
    _open: dict[Hashable, NDArray[np.bool_]] = field(default_factory=dict)

    def days(self, group: Group) -> tuple[Today, ...]:
        """The group's shifts by day."""
        key = group.first, group.count
        if key not in self._days:
            by_day: list[list[int]] = [[] for _ in group.calendar.days]
            for number in range(group.first, group.first + group.count):
                by_day[self.standing.catalogue[number].day].append(number)
            self._days[key] = tuple(self._day(numbers) for numbers in by_day)
        return self._days[key]

    def _day(self, numbers: list[int]) -> Today:
        start, end = choices.shift_bounds([self.standing.catalogue[number] for number in numbers])
        return Today(np.array(numbers, np.int64), start, end)

    def moves(self, person: Person, wanted: Sequence[int]) -> dict[int, Moves]:
        """The agent's moves on each of these days."""
        days = self.days(person.group)
        found = {}
        broken = self._broken(person, wanted)
        for d in wanted:
            today = days[d]
            why, price = broken[d]
            why = np.maximum(why, self._static(person, d, today))
            found[d] = Moves(today.numbers, why, price)
        return found

    def _static(self, person: Person, d: int, today: Today) -> Ints:
        """What forbids each shift whatever the rules say."""
        agent = person.case.agent
        why = np.zeros(len(today.numbers), np.int64)
        for other in person.shifts:
            if other.day.index != d:
                why[(today.start < other.end) & (other.start < today.end)] = reason(OVERLAP)
        if person.member.rules.last_shift_end is not None:
            why[today.start < person.member.rules.last_shift_end] = reason(OVERLAP)
        if d in person.member.pins:
            why[:] = reason(PINNED)
        off, _ = choices.time_off_of(agent, person.group.calendar)
        for start, end in off:
            why[(today.start < end) & (start < today.end)] = reason(TIME_OFF)
        why[~self._available(person, d, today)] = reason(UNAVAILABLE)
        if agent.work_plan_shift_ids:
            own = set(agent.work_plan_shift_ids)
            known = [self.standing.catalogue[n].worked.definition in own for n in today.numbers]
            why[~np.array(known, bool)] = reason(NO_SHIFT)
        return why

    def _available(self, person: Person, d: int, today: Today) -> NDArray[np.bool_]:
        group, windows = person.group, person.case.agent.availability
        key = (group.first, group.calendar.zone.key, windows, d)
        if key not in self._open:
            within = choices.availability_of(windows, group.calendar)
            self._open[key] = choices.allowed_shifts(today.start, today.end, within, ())
        return self._open[key]

    def _broken(self, person: Person, wanted: Sequence[int]) -> dict[int, tuple[Ints, Ints]]:
        """By day: what rules would be broken by each shift, as a reason, and what the priced ones would add."""
        book = self._book(person)
        days = self.days(person.group)
        masks = {d: np.zeros(len(days[d].numbers), np.int64) for d in wanted}
        price = {d: np.zeros(len(days[d].numbers), np.int64) for d in wanted}
        calendar, own = person.group.calendar.days, person.own
        for place, (rule, table) in enumerate(zip(book.rules, book.tables, strict=True)):
            reads = [rule.reads(day, own.shift_of(day), own.credit_of(day)) for day in calendar]
            walk = _Walk.through(table, table.roots[rule.start(person.member.rules)], reads)
            unit = unit_price_of(rule, person.group.rate)
            for d in wanted:
                if own.credits[d]:
                    columns = self._credited(rule, calendar[d], table, days[d], own.credits[d])
                else:
                    columns = book.columns[place][d]
                more = walk.more(table, d)[columns]
                if unit is None:
                    masks[d][more > 0] |= 1 << KINDS.index(rule.kind)
                else:
                    price[d] += more * unit
        return {d: (_reasons(masks[d]), price[d]) for d in wanted}

    def _credited(self, rule: TourRule, day: Day, table: Table, today: Today, credit: int) -> Ints:
        catalogue, column = self.standing.catalogue, table.columns[day.index]
        return np.array([column[rule.reads(day, catalogue[n].worked, credit)] for n in today.numbers], np.int64)

    def _book(self, person: Person) -> _Book:
        key = person.group.plan.id, person.group.calendar.zone.key
        if key not in self._books:
            self._books[key] = self._written(person.group, key)
        return self._books[key]

    def _written(self, group: Group, key: tuple[str, str]) -> _Book:
        """The tables of all rules of the work plan, for everybody who has it on this clock."""
        people = [p for p in self.standing.people if (p.group.plan.id, p.group.calendar.zone.key) == key]
        rules = tuple(rule for rule in group.plan.rules if isinstance(rule, TourRule))
        tables, columns = [], []
        for rule in rules:
            plain = self._plain(rule, group)
            reads = [frozenset(self._all_reads(rule, day, people, group, plain)) for day in group.calendar.days]
            roots = frozenset(rule.start(person.member.rules) for person in people)
            # Counted, not forbidden: a roster made by hand may break a rule already.
            table = self._tabulator.table(rule, 1, group.calendar.days, reads, roots)
            tables.append(table)
            columns.append(
                tuple(np.array([table.columns[d][read] for read in today], np.int64) for d, today in enumerate(plain))
            )
        return _Book(rules, tuple(tables), tuple(columns))

    def _plain(self, rule: TourRule, group: Group) -> tuple[tuple[Hashable, ...], ...]:
        """By day, what the rule reads of each shift without paid time off."""
        key = (rule.model_dump_json(), group.first, group.calendar.zone.key)
        if key not in self._reads:
            catalogue = self.standing.catalogue
            self._reads[key] = tuple(
                tuple(rule.reads(day, catalogue[n].worked, 0) for n in today.numbers)
                for day, today in zip(group.calendar.days, self.days(group), strict=True)
            )
        return self._reads[key]

    def _all_reads(
        self,
        rule: TourRule,
        day: Day,
        people: list[Person],
        group: Group,
        plain: tuple[tuple[Hashable, ...], ...],
    ) -> set[Hashable]:
        reads = set(plain[day.index])
        for credit in {person.own.credits[day.index] for person in people}:
            reads.add(rule.reads(day, None, credit))
            if credit:
                shifts = (self.standing.catalogue[n].worked for n in self.days(group)[day.index].numbers)
                reads.update(rule.reads(day, shift, credit) for shift in shifts)
        reads.update(rule.reads(day, p.own.shift_of(day), p.own.credit_of(day)) for p in people)
        return reads


class _Walk(NamedTuple):
    """An agent's own way through a rule's table."""

    states: list[int]
    columns: list[int]
    tails: list[Ints]  # by day: what the days from then on break, for each state

    @classmethod
    def through(cls, table: Table, root: int, reads: Sequence[Hashable]) -> _Walk:
        columns = [table.columns[d][read] for d, read in enumerate(reads)]
        states = [root]
        for layer, column in zip(table.layers, columns, strict=True):
            states.append(int(layer.follow[states[-1], column]))
        tails: list[Ints] = [np.zeros(1, np.int64)]
        for layer, column in zip(reversed(table.layers), reversed(columns), strict=True):
            tails.append(layer.price[:, column] + tails[-1][layer.follow[:, column]])
        tails.reverse()
        return cls(states, columns, tails)

    def more(self, table: Table, d: int) -> Ints:
        """By column: what a read of that column on day `d` breaks more than the agent's own."""
        layer, state = table.layers[d], self.states[d]
        breaks: Ints = layer.price[state] + self.tails[d + 1][layer.follow[state]]
        more: Ints = breaks - breaks[self.columns[d]]
        return more


def _reasons(masks: Ints) -> Ints:
    """The reason for each mask of broken rules."""
    kinds, which = np.unique(masks, return_inverse=True)
    reasons: Ints = np.array([reason(RULES, int(m)) if m else 0 for m in kinds], np.int64)
    return reasons[which.ravel()]

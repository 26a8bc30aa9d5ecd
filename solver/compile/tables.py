"""The rules of each agent written out one by one, for the search by days."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from solver.compile.automata import Table, Tabulator
from solver.compile.model import OFF, Ints, RuleTables, Smalls
from solver.compile.shifts import CompiledShift

if TYPE_CHECKING:
    from solver.compile.recipe import BuiltGraph, Member

Units = Callable[[Ints], Ints]
Price = Callable[..., int | None]


@dataclass
class RuleBooks:
    """Collects the tables of all agents; equal ones are laid down once."""

    catalogue: list[CompiledShift]
    days: int
    price: Price
    _tabulator: Tabulator = field(default_factory=Tabulator)
    _books: dict[Hashable, int] = field(default_factory=dict)
    _rows: list[_Row] = field(default_factory=list)
    _first: list[int] = field(default_factory=lambda: [0])
    _apart: list[bool] = field(default_factory=list)
    _kind_of: list[Smalls] = field(default_factory=list)
    _kind_off: list[list[int]] = field(default_factory=list)
    _columns: list[tuple[int, ...]] = field(default_factory=list)
    _tables: list[tuple[Table, ...]] = field(default_factory=list)
    _follow: list[Smalls] = field(default_factory=list)
    _prices: list[Ints] = field(default_factory=list)
    _size: int = 0
    _known: dict[int, _Row] = field(default_factory=dict)

    def add(self, number: int, built: BuiltGraph, member: Member) -> tuple[int, tuple[int, ...]]:
        """The member's book, and the state of each rule in which its tour begins."""
        rules = (*built.rules, *built.apart.rules)
        key = number, member.credit
        if key not in self._books:
            self._books[key] = len(self._books)
            self._write(built, member.credit)
        book = self._books[key]
        return book, tuple(
            table.roots[rule.start(member.rules)] for table, rule in zip(self._tables[book], rules, strict=True)
        )

    def _write(self, built: BuiltGraph, credit: Sequence[int]) -> None:
        group, days = built.group, built.group.calendar.days
        rules = (*built.rules, *built.apart.rules)
        members = [member for member in group.members if tuple(member.credit) == tuple(credit)]
        numbers = {*range(group.first, group.first + group.count)}
        numbers.update(number for member in members for number in member.pins.values())
        by_day: list[list[int]] = [[] for _ in days]
        for number in sorted(numbers):
            by_day[self.catalogue[number].day].append(number)
        reads = [
            [
                tuple(rule.reads(day, worked, credit[day.index]) for rule in rules)
                for worked in (None, *(self.catalogue[number].worked for number in by_day[day.index]))
            ]
            for day in days
        ]
        tables = tuple(
            self._tabulator.table(
                rule,
                self.price(rule, group.rate),
                days,
                [frozenset(read[r] for read in today) for today in reads],
                frozenset(rule.start(member.rules) for member in members),
            )
            for r, rule in enumerate(rules)
        )
        kind_of = np.full(len(self.catalogue), OFF, np.int32)
        kind_off = []
        for day, today in zip(days, reads, strict=True):
            own: dict[tuple[int, ...], int] = {}
            kinds = [
                own.setdefault(
                    tuple(t.columns[day.index][part] for t, part in zip(tables, read, strict=True)),
                    len(self._columns) + len(own),
                )
                for read in today
            ]
            self._columns.extend(own)
            kind_off.append(kinds[0])
            kind_of[by_day[day.index]] = kinds[1:]
        self._kind_of.append(kind_of)
        self._kind_off.append(kind_off)
        self._tables.append(tables)
        self._rows.extend(self._lay(table) for table in tables)
        self._first.append(len(self._rows))
        self._apart.extend([False] * len(built.rules) + [True] * len(built.apart.rules))

    def _lay(self, table: Table) -> _Row:
        known = self._known.get(id(table))
        if known is None:
            known = self._known[id(table)] = _Row()
            for layer in table.layers:
                known.begin.append(self._size)
                known.states.append(layer.follow.shape[0])
                known.reads.append(layer.follow.shape[1])
                self._follow.append(layer.follow.ravel())
                self._prices.append(layer.price.ravel())
                self._size += layer.follow.size
            known.states.append(1)
        return known

    def laid(self, members: Sequence[tuple[int, tuple[int, ...]]], units: Units) -> RuleTables:
        """Everything as arrays; `members` are what `add` gave for each agent."""
        most = max([1, *(len(tables) for tables in self._tables)])
        return RuleTables(
            book=np.array([book for book, _ in members], np.int32),
            rules=np.array(self._first, np.int32),
            apart=np.array(self._apart, bool),
            begin=_table([row.begin for row in self._rows], self.days).astype(np.int64),
            reads=_table([row.reads for row in self._rows], self.days),
            states=_table([row.states for row in self._rows], self.days + 1),
            follow=np.concatenate([np.zeros(0, np.int32), *self._follow]).astype(np.int32),
            price=units(np.concatenate([np.zeros(0, np.int64), *self._prices])),
            kind_of=np.array(self._kind_of, np.int32).reshape(len(self._kind_of), len(self.catalogue)),
            kind_off=_table(self._kind_off, self.days),
            column=_table(self._columns, most),
            root=_table([states for _, states in members], most),
        )


@dataclass
class _Row:
    """Where a rule's table lies, day by day."""

    begin: list[int] = field(default_factory=list)
    reads: list[int] = field(default_factory=list)
    states: list[int] = field(default_factory=list)


def _table(rows: Sequence[Sequence[int]], width: int) -> Smalls:
    """Rows of unequal length as a table."""
    filled = np.zeros((len(rows), width), np.int32)
    for place, row in enumerate(rows):
        filled[place, : len(row)] = row
    return filled

"""Sums that are kept beside a tour graph: which rules' they are, what adds to them, and what they are charged.

A year's hours, weekends and shifts of eight kinds are small rules each, but their product has more states than fit.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from math import gcd, prod
from typing import TypeGuard

import numpy as np

from solver.compile.graphs import TourGraph
from solver.compile.model import OFF, Ints, Smalls, Sums
from solver.compile.shifts import CompiledShift
from solver.rules.base import Day, RuleAgent, SummingRule, TourRule

MOST_STATES = 50_000_000
"""A product is not even tried where sums alone, each day's classes and days make up more than so many cells."""

A_WEEK = 7

SHORT = A_WEEK
"""Sums over no more days than this stay in the graph as long as they can."""


def spans_of(rule: SummingRule, days: Sequence[Day]) -> Smalls:
    """The span that each day belongs to, from 0."""
    ends = np.array([rule.ends(day) for day in days], np.int32)
    return (np.cumsum(ends) - ends).astype(np.int32)


def can_be_apart(rule: TourRule) -> TypeGuard[SummingRule]:
    """Whether the rule adds up something whose breaches are convex, so that its sums may be kept beside the graph."""
    return isinstance(rule, SummingRule) and rule.is_convex


def runs_long(rule: TourRule, days: Sequence[Day]) -> bool:
    """Whether the rule can be kept apart and adds up over more than a few days."""
    return can_be_apart(rule) and int(np.bincount(spans_of(rule, days)).max(initial=0)) > SHORT


def too_many_to_try(rules: Sequence[TourRule], days: Sequence[Day], reads: Sequence[Sequence[Hashable]]) -> bool:
    """Whether the sums of these rules are so many that their product is not worth beginning.

    Args:
        rules: the rules.
        days: the calendar.
        reads: by rule, what it reads of any option of any day.
    """
    cells = len(days) * prod(
        _sums_of(rule, days, read) for rule, read in zip(rules, reads, strict=True) if isinstance(rule, SummingRule)
    )
    return cells > MOST_STATES


def _sums_of(rule: SummingRule, days: Sequence[Day], reads: Sequence[Hashable]) -> int:
    """About how many sums the rule can come to."""
    longest = int(np.bincount(spans_of(rule, days)).max(initial=0))
    if not rule.adds_by_read:
        return min(longest // A_WEEK, rule.most_sum if rule.most_sum is not None else longest) + 1
    amounts = [rule.add(None, days[0], read).amount for read in reads]
    step = gcd(0, *amounts) or 1
    most = longest * max(amounts, default=0)
    return (most if rule.most_sum is None else min(most, rule.most_sum)) // step + 1


@dataclass(frozen=True)
class Apart:
    """The sums of a group of agents that are kept beside its graph; those that its arcs add to come first."""

    rules: tuple[SummingRule, ...]
    prices: tuple[int | None, ...]  # ticks that a breach costs, None forbids it
    days: tuple[Day, ...]
    steps: list[int] = field(default_factory=list)  # by rule, what all amounts are multiples of

    @property
    def by_arc(self) -> int:
        """How many of the rules have amounts on arcs."""
        return sum(not rule.adds_by_read for rule in self.rules)

    def before(self, agent: RuleAgent) -> tuple[int, ...]:
        """What the agent's history adds to each sum."""
        return tuple(rule.before(agent) for rule in self.rules)


class Amounts:
    """What options add to the sums that go by what is read of them; alike options are asked once."""

    def __init__(self, apart: Apart) -> None:
        self._rules = apart.rules[apart.by_arc :]
        self._known: dict[Hashable, tuple[int, ...]] = {}

    def of(self, day: Day, shift: CompiledShift | None, credit: int) -> tuple[int, ...]:
        """The amounts of an option."""
        worked = None if shift is None else shift.worked
        told = None if worked is None else (worked.definition, worked.start_clock, worked.paid_minutes)
        key = (day.weekday, credit, told)
        known = self._known.get(key)
        if known is None:
            reads = [rule.reads(day, worked, credit) for rule in self._rules]
            known = tuple(rule.add(None, day, read).amount for rule, read in zip(self._rules, reads, strict=True))
            self._known[key] = known
        return known


@dataclass
class SumTables:
    """The arrays of `Sums` in the making."""

    days: int
    kinds: dict[tuple[int, ...], int] = field(default_factory=lambda: {(): 0})
    rows: dict[Hashable, int] = field(default_factory=dict)
    spans: list[list[Smalls]] = field(default_factory=list)  # row, sum: span of each day
    charges: list[list[tuple[int, Ints]]] = field(default_factory=list)  # row, span: least sum, charges from there

    def kind_of(self, amounts: Ints) -> Smalls:
        """The kind of each row of amounts, [rows, sums]."""
        if amounts.shape[1] == 0 or not amounts.any():
            return np.zeros(len(amounts), np.int32)
        distinct, which = _distinct(amounts)
        numbers = [self.kinds.setdefault(_trimmed(row), len(self.kinds)) for row in distinct.tolist()]
        return np.array(numbers, np.int32)[which]

    def row_of(self, group: int, apart: Apart, agent: RuleAgent, most: Sequence[Ints]) -> int:
        """The row of an agent's sums; `most` says what a day adds at most to each, in steps."""
        key = (group, apart.before(agent))
        if key not in self.rows:
            self.rows[key] = len(self.rows)
            spans, charges, first = [], [], 0
            for k, rule in enumerate(apart.rules):
                own = spans_of(rule, apart.days)
                spans.append((own + first).astype(np.int32))
                first += int(own.max(initial=-1)) + 1
                charges += _charges(rule, apart.prices[k], apart.days, own, rule.before(agent), most[k], apart.steps[k])
            self.spans.append(spans)
            self.charges.append(charges)
        return self.rows[key]

    def laid(self, row: Smalls, of_option: Smalls, of_arc: Smalls, units) -> Sums:  # type: ignore[no-untyped-def]
        """The arrays; whoever has no row finds all in its graph."""
        rows, most = len(self.rows), max((len(spans) for spans in self.spans), default=0)
        broad = max((len(own) for own in self.charges), default=0)
        span = np.zeros((rows, most, self.days), np.int32)
        asks = np.zeros((rows, most), bool)
        low, high = np.zeros((rows, broad), np.int32), np.zeros((rows, broad), np.int32)
        begin = np.zeros((rows, broad), np.int64)
        flat: list[Ints] = []
        length = 0
        for r, (spans, charges) in enumerate(zip(self.spans, self.charges, strict=True)):
            for s, (least, charge) in enumerate(charges):
                low[r, s], high[r, s], begin[r, s] = least, least + len(charge) - 1, length
                flat.append(charge)
                length += len(charge)
            for k, own in enumerate(spans):
                span[r, k] = own
                asks[r, k] = bool((low[r, own] > 0).any())
        amount = np.zeros((len(self.kinds), most), np.int32)
        for amounts, number in self.kinds.items():
            amount[number, : len(amounts)] = amounts
        return Sums(
            row=row,
            number=np.array([len(spans) for spans in self.spans], np.int32),
            asks=asks,
            span=span,
            spans=np.array([len(charges) for charges in self.charges], np.int32),
            low=low,
            high=high,
            begin=begin,
            charge=units(np.concatenate([np.zeros(0, np.int64), *flat])),
            amount=amount,
            of_option=of_option,
            of_arc=of_arc,
            known=np.full((len(row), self.days), OFF, np.int32),
        )

    @property
    def prices(self) -> Ints:
        """Every charge there is, in ticks."""
        return np.concatenate([np.zeros(0, np.int64), *(charge for row in self.charges for _, charge in row)])


def _distinct(rows: Ints) -> tuple[Ints, Ints]:
    """The rows that differ, and which of them each row is.

    Sorting whole rows is slow, so they are told apart by a sum of their numbers, each times one that is drawn by lot.
    """
    lots = np.random.default_rng(rows.shape[1]).integers(1 << 62, size=rows.shape[1])
    _, first, which = np.unique(rows @ lots, return_index=True, return_inverse=True)
    if (rows[first][which] == rows).all():
        return rows[first], which
    distinct, which = np.unique(rows, axis=0, return_inverse=True)
    return distinct, which.ravel()


def _trimmed(amounts: list[int]) -> tuple[int, ...]:
    """Without the zeros at the end, so that nothing added is one kind whatever the number of sums."""
    while amounts and amounts[-1] == 0:
        amounts = amounts[:-1]
    return tuple(amounts)


def _charges(
    rule: SummingRule,
    price: int | None,
    days: Sequence[Day],
    span: Smalls,
    before: int,
    most: Ints,
    step: int,
) -> list[tuple[int, Ints]]:
    """For each span its least sum that may be, and the ticks for each sum from there; none where none may be."""
    found = []
    for number in range(int(span.max(initial=-1)) + 1):
        own = np.flatnonzero(span == number)
        whole = rule.ends(days[int(own[-1])])
        already = before if number == 0 else 0
        units = np.array(
            [rule.broken(already + step * n, already, whole=whole) for n in range(int(most[own].sum()) + 1)], np.int64
        )
        if price is not None:
            found.append((0, units * price))
            continue
        kept = np.flatnonzero(units == 0)
        found.append((int(kept[0]), np.zeros(len(kept), np.int64)) if len(kept) else (0, np.zeros(0, np.int64)))
    return found


def most_a_day(apart: Apart, graph: TourGraph, options: Sequence[tuple[Smalls, Smalls]], amounts: Ints) -> list[Ints]:
    """By sum, the most that each day can add to it.

    Args:
        apart: the rules.
        graph: what is left of those whose amounts are on arcs.
        options: per day, shifts and classes.
        amounts: what each option adds, [options of all days, sums].
    """
    by_arc = [graph.amounts(layer.added).max(axis=0, initial=0) for layer in graph.layers]
    most = [np.array([daily[k] for daily in by_arc], np.int64) for k in range(apart.by_arc)]
    day = np.repeat(np.arange(len(options)), [len(shifts) for shifts, _ in options])
    for k in range(amounts.shape[1]):
        daily = np.zeros(len(options), np.int64)
        np.maximum.at(daily, day, amounts[:, k])
        most.append(daily)
    return most


def limits_of(
    apart: Apart, agent: RuleAgent, graph: TourGraph, options: Sequence[tuple[Smalls, Smalls]], amounts: Ints
) -> tuple[list[Smalls], list[tuple[int, int]]]:
    """The span of each day by sum, spans numbered through, and each span's least and greatest sum that may be."""
    spans: list[Smalls] = []
    limits: list[tuple[int, int]] = []
    for rule, price, most in zip(apart.rules, apart.prices, most_a_day(apart, graph, options, amounts), strict=True):
        own = spans_of(rule, apart.days)
        spans.append((own + len(limits)).astype(np.int32))
        step = _step(rule, apart, amounts)
        charged = _charges(rule, price, apart.days, own, rule.before(agent), most // step, step)
        limits += [(least * step, (least + len(charge) - 1) * step) for least, charge in charged]
    return spans, limits


def _step(rule: SummingRule, apart: Apart, amounts: Ints) -> int:
    """What all of an agent's amounts for the rule are multiples of."""
    if not rule.adds_by_read:
        return 1
    return int(np.gcd.reduce(amounts[:, apart.rules.index(rule) - apart.by_arc])) or 1

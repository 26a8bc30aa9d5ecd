"""A rule's automaton written out as tables, and made as small as it can be.

Shifts that a rule cannot tell apart become one read; states with the same future become one state.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solver.compile.model import Ints, Smalls
from solver.rules.base import Added, Day, RuleAgent, SummingRule, TourRule

DEAD = -1


@dataclass(frozen=True)
class Layer:
    """One day of a rule: `follow[state, read]` is the state after it, DEAD where no allowed tour follows."""

    follow: Smalls
    price: Ints  # [state, read] units
    added: Ints  # [state, read] what is added to a sum that is kept apart


@dataclass(frozen=True)
class Table:
    """A rule written out: its layers, where each root state begins and which read each day's options are."""

    layers: tuple[Layer, ...]
    roots: dict[Hashable, int]  # DEAD when the history alone breaks the rule
    columns: tuple[dict[Hashable, int], ...]  # per day: what the rule reads -> column

    @property
    def most_added(self) -> int:
        """The most that a day adds to a sum that is kept apart."""
        return max((int(layer.added.max(initial=0)) for layer in self.layers), default=0)


@dataclass(frozen=True)
class Rest:
    """What is left of a rule whose sums are kept apart: an automaton that says what is to be added."""

    rule: SummingRule

    def start(self, agent: RuleAgent) -> Hashable:
        return self.rule.rest(agent)

    def step(self, state: Hashable, day: Day, read: Hashable) -> Added:
        return self.rule.add(state, day, read)

    def finish(self, state: Hashable, last: Day) -> int:
        return 0

    def day_key(self, day: Day) -> Hashable:
        return self.rule.day_key(day)

    def model_dump_json(self) -> str:
        return f"rest of {self.rule.model_dump_json()}"


Automaton = TourRule | Rest


class Tabulator:
    """Writes rules out; what was worked out for one work plan serves all that read the same."""

    def __init__(self) -> None:
        self._tables: dict[Hashable, Table] = {}

    def table(
        self,
        rule: Automaton,
        unit_price: int | None,
        days: Sequence[Day],
        reads: Sequence[frozenset[Hashable]],
        roots: frozenset[Hashable],
    ) -> Table:
        """The rule's table over these days.

        Args:
            rule: the rule.
            unit_price: units that a breach costs; None forbids it.
            days: the calendar.
            reads: what the rule reads of each day's options.
            roots: the states in which tours begin.
        """
        keys = tuple(rule.day_key(day) for day in days)
        key = (rule.model_dump_json(), unit_price, keys, tuple(reads), roots)
        known = self._tables.get(key)
        if known is None:
            known = self._tables[key] = _write_out(rule, unit_price, days, keys, reads, roots)
        return known


def _write_out(
    rule: Automaton,
    unit_price: int | None,
    days: Sequence[Day],
    keys: Sequence[Hashable],
    reads: Sequence[frozenset[Hashable]],
    roots: frozenset[Hashable],
) -> Table:
    steps: dict[tuple[Hashable, Hashable], dict[Hashable, Added]] = {}
    states: list[dict[Hashable, int]] = [{root: i for i, root in enumerate(sorted(roots, key=repr))}]
    columns: list[dict[Hashable, int]] = []
    raw: list[tuple[Smalls, Ints, Ints]] = []
    for day, key, today in zip(days, keys, reads, strict=True):
        column = {read: i for i, read in enumerate(sorted(today, key=repr))}
        after: dict[Hashable, int] = {}
        follow = np.full((len(states[-1]), len(column)), DEAD, np.int32)
        units = np.zeros((len(states[-1]), len(column)), np.int64)
        added = np.zeros((len(states[-1]), len(column)), np.int64)
        for read, j in column.items():
            known = steps.setdefault((key, read), {})
            for state, i in states[-1].items():
                step = known.get(state)
                if step is None:
                    step = known[state] = _step(rule, state, day, read)
                if step.breaches == 0 or unit_price is not None:
                    follow[i, j] = after.setdefault(step.state, len(after))
                    units[i, j] = step.breaches
                    added[i, j] = step.amount
        raw.append((follow, units, added))
        states.append(after)
        columns.append(column)
    return _reduce(raw, states, columns, [rule.finish(state, days[-1]) for state in states[-1]], unit_price)


def _step(rule: Automaton, state: Hashable, day: Day, read: Hashable) -> Added:
    if isinstance(rule, Rest):
        return rule.step(state, day, read)
    step = rule.step(state, day, read)
    return Added(step.state, 0, step.breaches)


def _reduce(
    raw: list[tuple[Smalls, Ints, Ints]],
    states: list[dict[Hashable, int]],
    columns: list[dict[Hashable, int]],
    finish: list[int],
    unit_price: int | None,
) -> Table:
    """Walks back from the end: states that no allowed tour leaves are cut, equal rows and equal columns merged."""
    price = unit_price or 0
    charged: Ints = np.array(finish, np.int64)
    allowed: NDArray[np.bool_] = np.ones(len(charged), bool) if unit_price is not None else charged == 0
    closing = charged * price
    # The last layer's arcs pay what the end of the period costs, so all that may end are one state.
    merged = np.where(allowed, 0, DEAD).astype(np.int32)
    layers: list[Layer] = []
    small_columns: list[dict[Hashable, int]] = []
    for day in range(len(raw) - 1, -1, -1):
        follow, units, added = raw[day]
        # A transition that is forbidden, -1, picks the DEAD at the end.
        after = np.append(merged, DEAD)[follow].astype(np.int32)
        cost = units * price
        if day == len(raw) - 1:
            cost = cost + np.append(closing, 0)[follow]
        cost, added = np.where(after >= 0, cost, 0), np.where(after >= 0, added, 0)
        rows, row_of = _unique_rows(np.hstack([after.astype(np.int64), cost, added]))
        after, cost, added = after[rows], cost[rows], added[rows]
        living: NDArray[np.bool_] = np.any(after >= 0, axis=1)
        number = np.cumsum(living) - 1
        merged = np.where(living[row_of], number[row_of], DEAD).astype(np.int32)
        after, cost, added = after[living], cost[living], added[living]
        picks, pick_of = _unique_rows(np.vstack([after.astype(np.int64), cost, added]).T)
        after, cost, added = after[:, picks], cost[:, picks], added[:, picks]
        layers.append(Layer(np.ascontiguousarray(after), np.ascontiguousarray(cost), np.ascontiguousarray(added)))
        small_columns.append({read: int(pick_of[j]) for read, j in columns[day].items()})
    layers.reverse()
    small_columns.reverse()
    roots = {root: int(merged[i]) for root, i in states[0].items()}
    return Table(tuple(layers), roots, tuple(small_columns))


def _unique_rows(rows: Ints) -> tuple[Ints, Ints]:
    """First row of each kind, in order of appearance, and the kind of each row."""
    if rows.shape[0] == 0:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    if rows.shape[1] == 0:
        return np.zeros(1, np.int64), np.zeros(rows.shape[0], np.int64)
    packed = np.ascontiguousarray(rows).view(np.dtype((np.void, rows.dtype.itemsize * rows.shape[1]))).ravel()
    _, first, kind = np.unique(packed, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return first[order], rank[kind.ravel()]

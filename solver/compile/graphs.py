"""Tour graphs: all of an agent's rules at once, as one small graph of days.

A path through the graph is a tour that every hard rule allows, and its length is what the priced rules charge for it.
Agents with the same work plan, rules and days of their own share a graph, whatever their availability.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from solver.compile.automata import DEAD, Layer, Table
from solver.compile.model import Ints, Smalls

MOST_CELLS = 60_000_000
"""States times classes, over all days: a product with more is given up before it eats time and memory."""


class TooManyStatesError(Exception):
    """Rules together need more states than fit."""


@dataclass(frozen=True)
class TourGraph:
    """One graph: for each day and class its arcs; `roots` says where a history begins (DEAD: nowhere)."""

    layers: tuple[GraphLayer, ...]
    roots: dict[tuple[Hashable, ...], int]
    nodes: tuple[int, ...]  # per layer
    adding: Adding
    apart: int  # how many of the tables, the last ones, are what is left of rules whose sums are kept apart

    def amounts(self, added: Ints) -> Ints:
        """What arcs add to those sums, [arcs, sums]."""
        amounts = self.adding.amounts(added)
        return amounts[:, amounts.shape[1] - self.apart :]


@dataclass(frozen=True)
class GraphLayer:
    """The arcs of a day, ordered by class; class `c` has the arcs `begin[c]` to `begin[c + 1]`."""

    begin: Smalls
    source: Smalls
    target: Smalls
    price: Ints
    added: Ints  # what is added to sums that are kept apart, as one number: see `Adding`


@dataclass(frozen=True)
class Adding:
    """Amounts of several tables as one number, the first amount in its lowest place."""

    widths: tuple[int, ...]  # one more than the most that each can be

    @classmethod
    def of(cls, tables: Sequence[Table]) -> Adding:
        return cls(tuple(table.most_added + 1 for table in tables))

    def places(self) -> tuple[int, ...]:
        """What one unit of each amount is in the number."""
        places, place = [], 1
        for width in self.widths:
            places.append(place)
            place *= width
        return tuple(places)

    def amounts(self, numbers: Ints) -> Ints:
        """The amounts behind the numbers, [numbers, amounts]."""
        columns = [numbers // place % width for place, width in zip(self.places(), self.widths, strict=True)]
        return np.array(columns, np.int64).reshape(len(self.widths), len(numbers)).T


def combine(
    tables: Sequence[Table],
    roots: Sequence[tuple[Hashable, ...]],
    classes: Sequence[Sequence[tuple[int, ...]]],
    most_cells: int = MOST_CELLS,
    apart: int = 0,
) -> TourGraph:
    """The product of the rules' tables, reduced.

    Args:
        tables: one a rule.
        roots: the histories with which tours begin, a root state per rule.
        classes: per day, the column of each rule's table that a class of options reads.
        most_cells: how large the product may become.
        apart: how many tables, the last ones, are of rules whose sums are kept apart.

    Raises:
        TooManyStatesError: it would become larger.
    """
    begin = {root: tuple(t.roots[r] for t, r in zip(tables, root, strict=True)) for root in roots}
    living = sorted({states for states in begin.values() if DEAD not in states})
    forward: list[tuple[Ints, Ints, Ints]] = []
    places = Adding.of(tables).places()
    cells = 0
    states: Ints = np.array(living, np.int64).reshape(len(living), len(tables))
    for day, today in enumerate(classes):
        columns = np.array(today, np.int64).reshape(len(today), len(tables))
        cells += len(states) * len(columns)
        if cells > most_cells:
            raise TooManyStatesError
        follow, price, added, states = _step([t.layers[day] for t in tables], places, states, columns)
        forward.append((follow, price, added))
    merged = np.zeros(len(states), np.int64)  # every state that is left at the end may end: they are one node
    layers: list[GraphLayer] = []
    nodes = [1]
    for follow, price, added in reversed(forward):
        after = np.append(merged, DEAD)[follow]  # a forbidden step, -1, picks the DEAD at the end
        layer, merged, count = _merge(after, price, added)
        layers.append(layer)
        nodes.append(count)
    layers.reverse()
    nodes.reverse()
    node_of = {states: int(merged[i]) for i, states in enumerate(living)}
    found = {root: node_of.get(states, DEAD) for root, states in begin.items()}
    return TourGraph(tuple(layers), found, tuple(nodes), Adding.of(tables), apart)


def _step(layers: Sequence[Layer], places: Sequence[int], states: Ints, columns: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """One day forward: where each state goes with each class, what that costs and adds, and the states after it."""
    shape = (len(states), len(columns))
    code = np.zeros(shape, np.int64)
    price = np.zeros(shape, np.int64)
    added = np.zeros(shape, np.int64)
    allowed = np.ones(shape, bool)
    size = 1
    for rule, layer in enumerate(layers):
        rows, cols = states[:, rule], columns[:, rule]
        follow = layer.follow[rows[:, None], cols[None, :]]
        allowed &= follow >= 0
        price += layer.price[rows[:, None], cols[None, :]]
        if layer.added.any():
            added += places[rule] * layer.added[rows[:, None], cols[None, :]]
        width = int(layer.follow.max(initial=0)) + 1
        code = code * width + follow
        size *= width
    reached = code[allowed]
    if size <= 1 << 22:
        mark = np.zeros(size, bool)
        mark[reached] = True
        codes = np.flatnonzero(mark)
        number = np.cumsum(mark) - 1
        follow = np.where(allowed, number[np.where(allowed, code, 0)], DEAD)
    else:
        codes, inverse = np.unique(reached, return_inverse=True)
        follow = np.full(shape, DEAD, np.int64)
        follow[allowed] = inverse
    after = np.empty((len(codes), len(layers)), np.int64)
    rest = codes
    for rule in range(len(layers) - 1, -1, -1):
        width = int(layers[rule].follow.max(initial=0)) + 1
        after[:, rule] = rest % width
        rest = rest // width
    return follow.astype(np.int32), _lean(np.where(allowed, price, 0)), _lean(np.where(allowed, added, 0)), after


def _lean(table: Ints) -> Ints:
    """The same table; one of nothing but zeros takes no memory."""
    return table if table.any() else np.broadcast_to(np.int64(0), table.shape)


def _merge(after: Ints, price: Ints, added: Ints) -> tuple[GraphLayer, Ints, int]:
    """Merges states with equal futures, cuts those without one: the day's arcs, each state's node, the count."""
    count, classes = after.shape
    alive = after >= 0
    salt = _salt(classes)
    with np.errstate(over="ignore"):
        value, more = np.where(alive, price, 0), np.where(alive, added, 0)
        told = value.astype(np.uint64) + more.astype(np.uint64) * np.uint64(0xD6E8FEB86659FD93)
        signature = ((after.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + told) ^ salt[0]) * salt[1]
        signature ^= signature >> np.uint64(29)
        hashed = (signature * salt[2]).sum(axis=1, dtype=np.uint64)
    _, first, kind = np.unique(hashed, return_index=True, return_inverse=True)
    kind = kind.ravel()
    if not all(np.array_equal(part, part[first][kind]) for part in (after, value, more)):
        raise AssertionError("Two different states have one signature.")
    living = alive[first].any(axis=1)
    number = np.where(living, np.cumsum(living) - 1, DEAD)
    kept = first[living]
    rows = after[kept].T  # class-major, so that a class's arcs lie together
    klass, source = np.nonzero(rows >= 0)
    begin = np.zeros(classes + 1, np.int32)
    np.cumsum(np.bincount(klass, minlength=classes), out=begin[1:])
    layer = GraphLayer(
        begin,
        source.astype(np.int32),
        rows[klass, source].astype(np.int32),
        value[kept].T[klass, source],
        more[kept].T[klass, source],
    )
    return layer, number[kind] if count else np.zeros(0, np.int64), len(kept)


@cache
def _salt(classes: int) -> NDArray[np.uint64]:
    """Three odd random numbers for each class, [3, classes]; always the same ones."""
    return np.random.default_rng(classes).integers(1, 1 << 63, (3, classes), np.uint64) | np.uint64(1)

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

MOST_STATES = 4_000_000
"""A product larger than this is refused before it eats the machine's memory."""


class TooManyStatesError(Exception):
    """The rules of a work plan together need more states than fit."""


@dataclass(frozen=True)
class TourGraph:
    """One graph: for each day and class its arcs; `roots` says where a history begins (DEAD: nowhere)."""

    layers: tuple[GraphLayer, ...]
    roots: dict[tuple[Hashable, ...], int]
    nodes: tuple[int, ...]  # per layer


@dataclass(frozen=True)
class GraphLayer:
    """The arcs of a day, ordered by class; class `c` has the arcs `begin[c]` to `begin[c + 1]`."""

    begin: Smalls
    source: Smalls
    target: Smalls
    price: Ints


def combine(
    tables: Sequence[Table],
    roots: Sequence[tuple[Hashable, ...]],
    classes: Sequence[Sequence[tuple[int, ...]]],
) -> TourGraph:
    """The product of the rules' tables, reduced.

    Args:
        tables: one a rule.
        roots: the histories with which tours begin, a root state per rule.
        classes: per day, the column of each rule's table that a class of options reads.
    """
    begin = {root: tuple(t.roots[r] for t, r in zip(tables, root, strict=True)) for root in roots}
    living = sorted({states for states in begin.values() if DEAD not in states})
    forward: list[tuple[Ints, Ints]] = []
    states: Ints = np.array(living, np.int64).reshape(len(living), len(tables))
    for day, today in enumerate(classes):
        columns = np.array(today, np.int64).reshape(len(today), len(tables))
        follow, price, states = _step([t.layers[day] for t in tables], states, columns)
        forward.append((follow, price))
    merged = np.zeros(len(states), np.int64)  # every state that is left at the end may end: they are one node
    layers: list[GraphLayer] = []
    nodes = [1]
    for follow, price in reversed(forward):
        after = np.append(merged, DEAD)[follow]  # a forbidden step, -1, picks the DEAD at the end
        layer, merged, count = _merge(after, price)
        layers.append(layer)
        nodes.append(count)
    layers.reverse()
    nodes.reverse()
    node_of = {states: int(merged[i]) for i, states in enumerate(living)}
    return TourGraph(tuple(layers), {root: node_of.get(states, DEAD) for root, states in begin.items()}, tuple(nodes))


def _step(layers: Sequence[Layer], states: Ints, columns: Ints) -> tuple[Ints, Ints, Ints]:
    """One day forward: where each state goes with each class, what that costs, and the states after it."""
    shape = (len(states), len(columns))
    code = np.zeros(shape, np.int64)
    price = np.zeros(shape, np.int64)
    allowed = np.ones(shape, bool)
    size = 1
    for rule, layer in enumerate(layers):
        rows, cols = states[:, rule], columns[:, rule]
        follow = layer.follow[rows[:, None], cols[None, :]]
        allowed &= follow >= 0
        price += layer.price[rows[:, None], cols[None, :]]
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
    if len(codes) * max(1, shape[1]) > MOST_STATES * 8:
        raise TooManyStatesError
    after = np.empty((len(codes), len(layers)), np.int64)
    rest = codes
    for rule in range(len(layers) - 1, -1, -1):
        width = int(layers[rule].follow.max(initial=0)) + 1
        after[:, rule] = rest % width
        rest = rest // width
    return follow.astype(np.int64), np.where(allowed, price, 0), after


def _merge(after: Ints, price: Ints) -> tuple[GraphLayer, Ints, int]:
    """Merges states with equal futures, cuts those without one: the day's arcs, each state's node, the count."""
    count, classes = after.shape
    alive = after >= 0
    salt = _salt(classes)
    with np.errstate(over="ignore"):
        value = np.where(alive, price, 0)
        signature = (
            (after.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + value.astype(np.uint64)) ^ salt[0]
        ) * salt[1]
        signature ^= signature >> np.uint64(29)
        hashed = (signature * salt[2]).sum(axis=1, dtype=np.uint64)
    _, first, kind = np.unique(hashed, return_index=True, return_inverse=True)
    kind = kind.ravel()
    if not (np.array_equal(after, after[first][kind]) and np.array_equal(value, value[first][kind])):
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
    )
    return layer, number[kind] if count else np.zeros(0, np.int64), len(kept)


@cache
def _salt(classes: int) -> NDArray[np.uint64]:
    """Three odd random numbers for each class, [3, classes]; always the same ones."""
    return np.random.default_rng(classes).integers(1, 1 << 63, (3, classes), np.uint64) | np.uint64(1)

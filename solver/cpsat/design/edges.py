"""How few kinds of shifts there can be: what is required begins and ends somewhere, and some kind must do so there.

Where the best number of agents rises from one slot to the next, a shift begins or a break ends, or else somebody is
missing after the edge or too many are there before it. Where it falls, likewise. A shift kind has few edges, so the
edges of the requirements are covered by kinds, and covering them at least cost proves how little a roster can cost:
small as that problem is, it is solved in a moment.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from ortools.sat.python import cp_model

from solver.compile.model import Ints, Model
from solver.cpsat.design.ways import Ways
from solver.cpsat.run import Outcome, run

Var = cp_model.IntVar
Sum = cp_model.LinearExpr.sum

PROBE_SECONDS = 1.0
"""Most time for the question whether a kind can be part of a better design."""


@dataclass(frozen=True)
class Limits:
    """How long CP-SAT may take, and with what."""

    seconds: float
    stop: Callable[[], bool]
    seed: int
    workers: int


@dataclass(frozen=True)
class Edge:
    """A rise, or a fall, that some kinds of shifts could make; half of what it costs when none of them does."""

    kinds: frozenset[int]
    price: int  # twice the units


@dataclass(frozen=True)
class Edges:
    """The edges of the requirements, those that the same kinds could make taken together."""

    edges: list[Edge]
    kinds: Ints  # of each way
    tell_breaks: bool

    @classmethod
    def of(cls, ways: Ways) -> Edges:
        """The edges, and the kinds as finely told apart as the first rule does that counts them."""
        rules = ways.model.kinds
        tell_breaks = bool(rules.tell_breaks[0]) if len(rules.tell_breaks) else True
        kinds = ways.kinds(tell_breaks=tell_breaks)
        jumps = _jumps(ways)
        makers: dict[tuple[int, int, int], set[int]] = defaultdict(set)
        for sign, which in ((1, "ups"), (-1, "downs")):
            for place, members in ways.by_place():
                slots = ways.inside(ways.start[members][:, None] + getattr(place, which))
                slots = np.minimum(slots, jumps.shape[1] - 1)
                groups = np.broadcast_to(ways.group[members][:, None], slots.shape)
                made = np.sign(jumps[groups, slots]) == sign
                own = np.broadcast_to(kinds[members][:, None], slots.shape)
                for group, slot, kind in np.unique(np.stack((groups[made], slots[made], own[made])), axis=1).T.tolist():
                    makers[sign, group, slot].add(kind)
        together: dict[frozenset[int], int] = defaultdict(int)
        for group, slot in np.argwhere(jumps[:, :-1]).tolist():
            jump = int(jumps[group, slot])
            made_by = frozenset(makers.get(((jump > 0) - (jump < 0), group, slot), ()))
            together[made_by] += abs(jump) * _slope(ways, group, slot)
        return cls([Edge(by, price) for by, price in together.items() if price], kinds, tell_breaks)

    def bound(self, model: Model, limits: Limits) -> int:
        """Units that kinds of shifts, and agents missing or too many, cost at least."""
        return self._least(model, limits, frozenset(), 0)

    def _least(self, model: Model, limits: Limits, made: frozenset[int], used: int) -> int:
        """The least cost when so many kinds are used that make these edges."""
        cover = _Cover(self, model, made, used)
        outcome = cover.run(cover.kinds + cover.edges, limits)
        return -(-_proved(outcome) * cover.common // 2)

    def kinds_cost(self, model: Model, beat: int, limits: Limits) -> int:
        """What the kinds alone cost at least in a design that costs less than `beat`."""
        cover = _Cover(self, model, frozenset(), 0)
        every = cover.kinds + cover.edges
        cover.cp.add(_total(every) <= (2 * beat - 1) // cover.common)
        outcome = cover.run(cover.kinds, limits)
        return min(beat, _proved(outcome) * cover.common // 2)

    def costs_with(self, model: Model, beat: int, limits: Limits) -> Ints:
        """What a design with a kind costs at least, by kind, as far as that is below `beat`; 0 where time was up."""
        makes = self.makes
        least: dict[frozenset[int], int] = {}
        until = time.monotonic() + limits.seconds
        for made in sorted(set(makes.values()), key=lambda s: (-len(s), sorted(s))):
            left = until - time.monotonic()
            # A kind that makes fewer edges than another leaves as much to be paid for, or more.
            least[made] = max((cost for other, cost in least.items() if made <= other), default=0)
            if least[made] < beat and left > 0 and not limits.stop():
                each = replace(limits, seconds=min(PROBE_SECONDS, left))
                least[made] = max(least[made], self._least(model, each, made, 1))
        return np.array([least[makes[kind]] for kind in range(int(self.kinds.max(initial=-1)) + 1)], np.int64)

    @cached_property
    def makes(self) -> dict[int, frozenset[int]]:
        """The edges that each kind makes."""
        makes: dict[int, set[int]] = {int(kind): set() for kind in np.unique(self.kinds)}
        for number, edge in enumerate(self.edges):
            for kind in edge.kinds:
                makes[kind].add(number)
        return {kind: frozenset(made) for kind, made in makes.items()}

    def needless(self, ways: Ways) -> Ints:
        """Ways with an edge at a clock time at which no requirement has one, on any day."""
        jumps = _jumps(ways)
        model = ways.model
        per_day = 24 * 60 // model.grid.step
        clocks = np.unique((np.flatnonzero(jumps.any(axis=0)) - model.grid.first) % per_day)
        out = np.zeros(len(ways), bool)
        for place, members in ways.by_place():
            for rel in (place.ups, place.downs):
                slots = (ways.start[members][:, None] + rel - model.grid.first) % per_day
                out[members] |= ~np.isin(slots, clocks).all(axis=1)
        return np.flatnonzero(out)


class _Cover:
    """The edges to be made by kinds or paid for, as a CP-SAT model; prices are twice the units over `common`."""

    def __init__(self, edges: Edges, model: Model, made: frozenset[int], used: int) -> None:
        self.cp = cp_model.CpModel()
        rules = np.flatnonzero(model.kinds.tell_breaks == edges.tell_breaks).tolist()
        kinds = {own: self.cp.new_bool_var("") for own in _largest(own - made for own in edges.makes.values())}
        prices = [edge.price for edge in edges.edges] + [2 * int(model.kinds.price[rule]) for rule in rules]
        self.common = int(np.gcd.reduce(prices)) if prices else 1
        self.edges: list[tuple[Var, int]] = []
        self.kinds: list[tuple[Var, int]] = []
        for number, edge in enumerate(edges.edges):
            if number not in made:
                unmade = self.cp.new_bool_var("")
                self.cp.add_bool_or([unmade, *(variable for own, variable in kinds.items() if number in own)])
                self.edges.append((unmade, edge.price // self.common))
        for rule in rules:
            beyond = self.cp.new_int_var(0, len(kinds) + used, "")
            self.cp.add(beyond >= Sum(list(kinds.values())) + used - int(model.kinds.most[rule]))
            self.kinds.append((beyond, 2 * int(model.kinds.price[rule]) // self.common))

    def run(self, terms: list[tuple[Var, int]], limits: Limits) -> Outcome:
        self.cp.minimize(_total(terms))
        return run(self.cp, seconds=limits.seconds, stop=limits.stop, seed=limits.seed, workers=limits.workers)


def _total(terms: list[tuple[Var, int]]) -> cp_model.LinearExprT:
    return cp_model.LinearExpr.weighted_sum([variable for variable, _ in terms], [price for _, price in terms])


def _proved(outcome: Outcome) -> int:
    """What CP-SAT has proved of a cost that is whole and not below nothing."""
    return max(0, int(np.ceil(outcome.bound - 1e-6))) if np.isfinite(outcome.bound) else 0


def _jumps(ways: Ways) -> Ints:
    """By how much the best number of agents changes with each slot, and with the end, [groups, slots + 1]."""
    heads, grid = ways.target.heads, ways.model.grid
    nobody = np.zeros((len(heads), 1), np.int64)
    jumps: Ints = np.hstack((heads, nobody)) - np.hstack((nobody, heads))
    if ways.model.cyclic:
        jumps[:, grid.first] = heads[:, grid.first] - heads[:, grid.last - 1]
        jumps[:, grid.last :] = 0
    return jumps


def _slope(ways: Ways, group: int, slot: int) -> int:
    """What one agent missing or too many costs at least in the slot or in the one before."""
    model, slope = ways.model, ways.target.slope
    before = model.grid.last - 1 if model.cyclic and slot == model.grid.first else slot - 1
    return int(min(slope[group, slot], slope[group, before] if before >= 0 else slope[group, slot]))


def _largest(sets: Iterable[frozenset[int]]) -> list[frozenset[int]]:
    """The sets that lie in no other one: a kind that makes fewer edges proves nothing that one with more does not."""
    kept = []
    by_member: dict[int, list[frozenset[int]]] = defaultdict(list)
    for one in sorted(set(sets), key=lambda s: (-len(s), sorted(s))):
        if one and not any(one <= other for other in by_member[next(iter(one))]):
            kept.append(one)
            for member in one:
                by_member[member].append(one)
    return kept

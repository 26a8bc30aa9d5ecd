"""Ways to work a shift: every shift that somebody may work, with every place for its activities."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from solver.compile.model import OFF, Ints, Model, Smalls
from solver.cpsat.alike import alike

MOST_WAYS = 400_000
"""Ways of all crews and days that are written down at most."""


@dataclass(frozen=True)
class Crew:
    """Agents who are alike and serve one planning group."""

    agents: list[int]
    choice: int
    graph: int
    group: int

    @property
    def size(self) -> int:
        return len(self.agents)


def crews_of(model: Model) -> list[Crew] | None:
    """The agents as crews; None where somebody may serve several planning groups or counts for less than another."""
    if not model.interchangeable:
        return None
    crews = []
    for agents in alike(model, range(len(model.agents))):
        first = agents[0]
        groups = np.flatnonzero(model.coverage.weight[model.staff.profile[first]])
        if len(groups) != 1:
            return None
        crews.append(Crew(agents, int(model.staff.choice[first]), int(model.staff.graph[first]), int(groups[0])))
    return crews


@dataclass(frozen=True)
class Places:
    """Where the activities of a shift go, in slots from its start."""

    starts: tuple[int, ...]  # by activity, OFF where it is not due
    served: Ints  # slots on queue
    ups: Ints  # slots with which time on queue begins
    downs: Ints  # slots with which it ends


@dataclass(frozen=True)
class Target:
    """How many agents on queue cost least in each slot, [groups, slots], and what one more or less costs at least."""

    heads: Ints
    cost: Ints
    slope: Ints


@dataclass(frozen=True)
class Ways:
    """All ways, one entry each; slots of a period that repeats lie within it."""

    model: Model
    crews: list[Crew]
    places: list[Places]
    crew: Ints
    day: Ints
    row: Ints  # of `model.options`
    shift: Ints
    place: Ints  # of `places`
    cost: Ints  # units more than a day off

    @classmethod
    def of(cls, model: Model, crews: list[Crew]) -> Ways:
        """Every way of every crew."""
        places: list[Places] = []
        numbers: dict[tuple[int, ...], list[int]] = {}
        columns: dict[str, list[Ints]] = defaultdict(list)
        for c, crew in enumerate(crews):
            rows, day = _shifts_of(model, crew)
            cost, shift = _own_costs(model, crew, day, rows), model.options.shift[rows]
            for what, here in _by_shape(model, shift):
                if what not in numbers:
                    made = list(_places_of(model, what))
                    numbers[what] = list(range(len(places), len(places) + len(made)))
                    places.extend(made)
                for number in numbers[what]:
                    columns["crew"].append(np.full(len(here), c))
                    columns["place"].append(np.full(len(here), number))
                    for name, values in (("day", day), ("row", rows), ("shift", shift), ("cost", cost)):
                        columns[name].append(values[here].astype(np.int64))
        nothing = [np.zeros(0, np.int64)]
        laid = {
            name: np.concatenate(nothing + columns[name]) for name in ("crew", "day", "row", "shift", "place", "cost")
        }
        return cls(model, crews, places, **laid)

    def __len__(self) -> int:
        return len(self.row)

    @cached_property
    def start(self) -> Ints:
        return self.model.shifts.start[self.shift].astype(np.int64)

    @cached_property
    def group(self) -> Ints:
        return np.array([crew.group for crew in self.crews], np.int64)[self.crew]

    def inside(self, slots: Ints) -> Ints:
        """Slots of the period for slots that may lie beyond its end."""
        if not self.model.cyclic:
            return slots
        first, last = self.model.grid.first, self.model.grid.last
        return first + (slots - first) % (last - first)

    def slots(self, way: int) -> Ints:
        """The slots in which somebody is on queue."""
        return self.inside(self.start[way] + self.places[self.place[way]].served)

    def at(self, which: str, way: int) -> Ints:
        """The slots with which time on queue begins (`ups`) or ends (`downs`)."""
        rel: Ints = getattr(self.places[self.place[way]], which)
        return self.inside(self.start[way] + rel)

    def by_place(self) -> list[tuple[Places, Ints]]:
        """The ways that have each place."""
        order = np.argsort(self.place, kind="stable")
        edges = np.searchsorted(self.place[order], np.arange(len(self.places) + 1))
        return [(place, order[edges[p] : edges[p + 1]]) for p, place in enumerate(self.places)]

    def kinds(self, *, tell_breaks: bool) -> Ints:
        """The kind of each way, numbered from 0."""
        coarse = self.model.kinds.of_shift[self.shift]
        if tell_breaks:
            coarse = coarse * len(self.places) + self.place
        return np.unique(coarse, return_inverse=True)[1].astype(np.int64)

    @cached_property
    def target(self) -> Target:
        """What is best in each slot; where nobody can be, nobody is."""
        model = self.model
        coverage, most = model.coverage, len(model.agents)
        weight = coverage.unit
        heads, cost, slope = (np.zeros(coverage.curve_of.shape, np.int64) for _ in range(3))
        known: dict[tuple[int, int], tuple[int, int, int]] = {}
        reached = self._reached
        for g, slot in np.ndindex(*coverage.curve_of.shape):
            row, base = int(coverage.curve_of[g, slot]), int(coverage.base[g, slot])
            if not reached[g, slot]:
                heads[g, slot], cost[g, slot], slope[g, slot] = 0, coverage.curves[row, base], np.iinfo(np.int32).max
                continue
            if (row, base) not in known:
                steps = coverage.curves[row][base::weight][: most + 1] if weight else coverage.curves[row][base:][:1]
                best = int(steps.argmin())
                near = [int(steps[n] - steps[best]) for n in (best - 1, best + 1) if 0 <= n < len(steps)]
                known[row, base] = best, int(steps[best]), min(near, default=0)
            heads[g, slot], cost[g, slot], slope[g, slot] = known[row, base]
        return Target(heads, cost, slope)

    @cached_property
    def _reached(self) -> NDArray[np.bool_]:
        """Where anybody can be on queue, [groups, slots]."""
        reached = np.zeros(self.model.coverage.curve_of.shape, bool)
        for place, ways in self.by_place():
            slots = self.inside(self.start[ways][:, None] + place.served)
            reached[self.group[ways][:, None], slots] = True
        return reached

    def most(self, slack: int | None = None) -> Ints:
        """The most agents that a way can have.

        Without `slack` where nobody is ever too many; with it where all that are too many cost no more than that.
        """
        target = self.target
        most = np.zeros(len(self), np.int64)
        for place, ways in self.by_place():
            slots = self.inside(self.start[ways][:, None] + place.served)
            groups = self.group[ways][:, None]
            need = target.heads[groups, slots]
            most[ways] = need.min(axis=1, initial=len(self.model.agents))
            if slack is None:
                continue
            slope = np.where(target.slope[groups, slots] > slack, slack + 1, target.slope[groups, slots])
            growing = np.ones(len(ways), bool)
            highest = need.max(axis=1, initial=0)
            while growing.any():
                more = most[ways] + 1
                beyond = (np.maximum(0, more[:, None] - need) * slope).sum(axis=1)
                # More than the largest need are too many in every slot: one of them may as well be off.
                growing &= (beyond + np.maximum(0, self.cost[ways]) <= slack) & (more <= highest)
                most[ways[growing]] += 1
        size = np.array([crew.size for crew in self.crews], np.int64)[self.crew]
        free = self.cost < 0  # whoever is cheaper at work than off may be too many as well
        if slack is not None:
            most[free] = size[free]
        return np.minimum(most, size)


def number_of_ways(model: Model, crews: list[Crew]) -> int:
    """How many ways there are, counted without writing them down."""
    total = 0
    for crew in crews:
        shift = model.options.shift[_shifts_of(model, crew)[0]]
        total += sum(len(here) * _number_of_places(model, what) for what, here in _by_shape(model, shift))
    return total


def _shifts_of(model: Model, crew: Crew) -> tuple[Ints, Ints]:
    """The options of a crew that are shifts, and their days."""
    begin = model.options.begin[crew.choice]
    rows = np.arange(begin[0], begin[-1])
    rows = rows[model.options.shift[rows] != OFF]
    return rows, np.searchsorted(begin, rows, side="right") - 1


def _by_shape(model: Model, shift: Smalls) -> Iterator[tuple[tuple[int, ...], Ints]]:
    """These shifts by all that says where their activities may go."""
    table = model.shifts
    key = [column[shift] for column in (table.family, table.final, table.end_low, table.end_high, table.length)]
    shapes, shape_of = np.unique(np.vstack([*key, table.durations[shift].T]), axis=1, return_inverse=True)
    for number, shape in enumerate(shapes.T):
        yield tuple(shape.tolist()), np.flatnonzero(shape_of.ravel() == number)


def off_cost(model: Model, crew: Crew, day: int) -> int:
    """Units of a day off."""
    rows = _days_off(model, crew, day)
    return int(_arc_price(model, crew, np.full(len(rows), day), rows)[0])


def may_be_off(model: Model, crew: Crew) -> bool:
    """Whether every day may be a day off."""
    return all(len(_days_off(model, crew, day)) for day in range(model.days))


def _days_off(model: Model, crew: Crew, day: int) -> Ints:
    begin = model.options.begin[crew.choice]
    rows = np.arange(begin[day], begin[day + 1])
    free: Ints = rows[model.options.shift[rows] == OFF]
    return free


def _arc_price(model: Model, crew: Crew, day: Ints, rows: Ints) -> Ints:
    klass = model.tours.class_offset[crew.graph, day] + model.options.klass[rows]
    price: Ints = model.tours.price[model.tours.arcs[klass]]
    return price


def _own_costs(model: Model, crew: Crew, day: Ints, rows: Ints) -> Ints:
    """Units that each option costs more than a day off."""
    shift = model.options.shift[rows]
    first = crew.agents[0]
    free = np.array([off_cost(model, crew, d) for d in range(model.days)], np.int64)
    pay = model.staff.rate[first] * model.shifts.paid[shift]
    cost: Ints = _arc_price(model, crew, day, rows) + pay + model.liking(first, shift) - free[day]
    return cost


def _places_of(model: Model, what: tuple[int, ...]) -> list[Places]:
    """All places for the activities of shifts of a shape."""
    _, final, low, high, length, *durations = what
    begun, found = [((OFF,) * max(1, model.activities), 0, 0)], []
    while begun:
        starts, node, end = begun.pop()
        if node == final and low <= end <= high:
            found.append(starts)
        for activity, first, last, taken, target in _next(model, what, node, end):
            begun += [
                ((*starts[:activity], slot, *starts[activity + 1 :]), target, slot + taken)
                for slot in range(first, last + 1)
            ]
    return [_laid(starts, length, durations) for starts in sorted(found)]


def _number_of_places(model: Model, what: tuple[int, ...]) -> int:
    """How many places there are, by counting the ways to each end of the last activity."""
    _, final, low, high, *_ = what
    counts, total = {(0, 0): 1}, 0
    while counts:
        after: dict[tuple[int, int], int] = defaultdict(int)
        for (node, end), number in counts.items():
            total += number if node == final and low <= end <= high else 0
            for _, first, last, taken, target in _next(model, what, node, end):
                for slot in range(first, last + 1):
                    after[target, slot + taken] += number
        counts = after
    return total


def _next(model: Model, what: tuple[int, ...], node: int, end: int) -> Iterator[tuple[int, int, int, int, int]]:
    """What may be placed next: activity, earliest and latest slot, slots taken, the node that it leads to."""
    family, final, _, _, length, *_ = what
    breaks = model.breaks
    if family < 0 or node == final:
        return
    for edge in range(int(breaks.family_edges[family]), int(breaks.family_edges[family + 1])):
        if int(breaks.source[edge]) == node:
            first, last, taken = int(breaks.low[edge]), int(breaks.high[edge]), int(breaks.duration[edge])
            if node:
                first = max(first, end + int(breaks.gap_low[edge]))
                last = min(last, end + int(breaks.gap_high[edge]))
            yield int(breaks.activity[edge]), first, min(last, length - taken), taken, int(breaks.target[edge])


def _laid(starts: tuple[int, ...], length: int, durations: list[int]) -> Places:
    free = np.ones(length, bool)
    for start, taken in zip(starts, durations, strict=False):
        if start != OFF:
            free[start : start + taken] = False
    change = np.diff(np.concatenate(([0], free.astype(np.int8), [0])))
    return Places(starts, np.flatnonzero(free), np.flatnonzero(change == 1), np.flatnonzero(change == -1))


def written(ways: Ways, way: int, activities: int) -> tuple[int, Smalls]:
    """The shift of a way, and the slots at which its activities start."""
    starts = np.array(ways.places[ways.place[way]].starts[:activities], np.int32)
    return int(ways.shift[way]), np.where(starts == OFF, OFF, starts + int(ways.start[way])).astype(np.int32)

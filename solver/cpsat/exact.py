"""The whole problem as one CP-SAT model, for small ones: the best roster and its proof.

The tour graphs are flows, agents who are alike flowing together; a class of shifts is worked as often as its arcs are
taken; the activities of all shifts that start together are one flow, whoever works them; and levels are priced by rows.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from solver.compile.model import OFF, Model, Plan
from solver.cpsat.alike import alike
from solver.cpsat.places import Block, blocks_of, placed
from solver.cpsat.queue import Queue, share
from solver.cpsat.run import Objective, Outcome, run
from solver.price import heads, on_queue, slot_costs

Var = cp_model.IntVar
Sum = cp_model.LinearExpr.sum


class Exact(NamedTuple):
    """The best plan found, None when there is none; its cost and what no plan costs less than, in units."""

    plan: Plan | None
    cost: int | None
    bound: int
    proved: bool


class Part(NamedTuple):
    """What of its options and arcs an agent may use: rows of `model.options` and of `model.tours`."""

    options: NDArray[np.int64]
    arcs: NDArray[np.int64]


def solve_exactly(
    model: Model,
    *,
    seconds: float,
    stop: Callable[[], bool],
    seed: int = 1,
    workers: int = 1,
    hint: Plan | None = None,
    parts: Sequence[Part] | None = None,
) -> Exact:
    """The plan of least cost, agents split over planning groups slot by slot without regard to stints.

    Args:
        model: the compiled request; a week of twenty agents is about what can be written down.
        seconds: the time limit, the writing of the model included.
        stop: asked again and again; when it says yes, what is known by then is the answer.
        seed: CP-SAT's seed.
        workers: CP-SAT's threads.
        hint: a plan to begin from.
        parts: for each agent what it may use, when not everything; plan and bound are then of what is left.
    """
    until = time.monotonic() + seconds

    def over() -> bool:
        return stop() or time.monotonic() >= until

    spans = days_apart(model)
    threads = min(workers, len(spans))

    def solved(number: int) -> tuple[_Whole, Outcome]:
        whole = _Whole(model, parts, spans[number])
        if hint is not None:
            whole.hint(hint, over)
        left = (until - time.monotonic()) * threads / (len(spans) - number)
        return whole, run(whole.cp, seconds=left, stop=over, seed=seed, workers=workers // threads)

    plan: Plan | None = Plan.empty(model)
    cost = bound = model.constant
    idle, proved = np.ones(model.slots, bool), True
    with ThreadPoolExecutor(threads) as pool:
        for whole, outcome in pool.map(solved, range(len(spans))):
            if outcome.infeasible:
                raise AssertionError("Every agent of a model has a tour, and CP-SAT finds none.")
            idle[whole.queue.slots] = False
            bound += whole.objective.bound(outcome.bound)
            proved &= outcome.proved
            if not outcome.found:
                plan = None
            elif plan is not None:
                cost += whole.objective.units(outcome.solver.objective_value)
                whole.write(outcome, plan)
    rest = int(slot_costs(model, model.coverage.base)[idle].sum())
    return Exact(plan, None if plan is None else cost + rest, bound + rest, proved)


def days_apart(model: Model) -> list[range]:
    """The days in stretches that have nothing to do with each other: no rule and no shift reaches over their edges."""
    tours, shifts = model.tours, model.shifts
    nodes = np.diff(tours.layer, axis=1)  # of each layer; a layer of one node remembers nothing
    edges = [0]
    for day in range(1, model.days):
        before = shifts.day < day
        ends = int((shifts.start + shifts.length)[before].max(initial=0))
        if (nodes[:, day] == 1).all() and ends <= int(shifts.start[~before].min(initial=model.slots)):
            edges.append(day)
    return [range(first, last) for first, last in pairwise([*edges, model.days])]


@dataclass
class _Group:
    """Agents who are alike, as one flow: how many take each arc, how many have each option."""

    agents: list[int]
    choice: int
    graph: int
    root: int
    profile: int
    arcs: dict[int, Var] = field(default_factory=dict)
    options: dict[int, Var] = field(default_factory=dict)  # by row of `model.options`; OFF among them


class _Whole:
    """The model in the making, of days that have nothing to do with the others."""

    def __init__(self, model: Model, parts: Sequence[Part] | None, days: range) -> None:
        self.cp = cp_model.CpModel()
        self.objective = Objective.empty()
        self._model, self._days = model, days
        profiles = model.coverage.weight.shape[0]
        able = np.bincount(model.staff.profile, minlength=profiles).astype(np.int32)
        nobody = np.zeros((profiles, model.slots), np.int32)
        self.queue = Queue(model, self.cp, self.objective, nobody, nobody + able[:, None])
        self._groups = [self._group(agents) for agents in _alike(model, parts)]
        self._worked: dict[tuple[int, int], list[Var]] = defaultdict(list)  # profile, shift
        for group in self._groups:
            self._walk(group, None if parts is None else parts[group.agents[0]])
        self._blocks: list[tuple[int, Block]] = []
        for profile in sorted({profile for profile, _ in self._worked}):
            self._place(profile)
        self.queue.price()
        self.objective.minimize(self.cp)

    def _group(self, agents: list[int]) -> _Group:
        staff, first = self._model.staff, agents[0]
        columns = (staff.choice, staff.graph, staff.root, staff.profile)
        choice, graph, root, profile = (int(column[first]) for column in columns)
        return _Group(agents, choice, graph, root, profile)

    def _walk(self, group: _Group, part: Part | None) -> None:
        """The flow of a group through its graph, and what it works on the way."""
        tours, options = self._model.tours, self._model.options
        may_arc = None if part is None else set(part.arcs.tolist())
        may_option = None if part is None else set(part.options.tolist())
        nodes = {self._first_node(group)}
        into: dict[int, Sequence[Var | int]] = {node: [len(group.agents)] for node in nodes}
        for day in self._days:
            by_class: dict[int, list[int]] = defaultdict(list)
            for row in range(int(options.begin[group.choice, day]), int(options.begin[group.choice, day + 1])):
                if may_option is None or row in may_option:
                    by_class[int(tours.class_offset[group.graph, day] + options.klass[row])].append(row)
            leaving: dict[int, list[Var]] = {node: [] for node in nodes}
            entering: dict[int, list[Var]] = defaultdict(list)
            for klass, rows in by_class.items():
                taken = []
                for arc in range(int(tours.arcs[klass]), int(tours.arcs[klass + 1])):
                    if int(tours.source[arc]) in nodes and (may_arc is None or arc in may_arc):
                        variable = group.arcs[arc] = self._count(group)
                        self.objective.add(variable, int(tours.price[arc]))
                        leaving[int(tours.source[arc])].append(variable)
                        entering[int(tours.target[arc])].append(variable)
                        taken.append(variable)
                if taken:
                    self._work(group, rows, taken)
            for node, out in leaving.items():
                self.cp.add(Sum(out) == Sum(into[node]))
            into = dict(entering)
            nodes = set(into)

    def _first_node(self, group: _Group) -> int:
        """Where everybody of the group is when the days begin."""
        return int(self._model.tours.layer[group.graph, self._days.start]) if self._days.start else group.root

    def _count(self, group: _Group) -> Var:
        return self.cp.new_int_var(0, len(group.agents), "")

    def _work(self, group: _Group, rows: list[int], taken: list[Var]) -> None:
        """The options of a class are worked as often as its arcs are taken."""
        model = self._model
        for row in rows:
            variable = group.options[row] = self._count(group)
            shift = int(model.options.shift[row])
            if shift == OFF:
                continue
            start = int(model.shifts.start[shift])
            end = start + int(model.shifts.length[shift])
            self.objective.add(variable, self._own_cost(group.agents[0], shift))
            self.queue.add(group.profile, start, end, variable, 1)
            self._worked[group.profile, shift].append(variable)
        self.cp.add(Sum([group.options[row] for row in rows]) == Sum(taken))

    def _own_cost(self, agent: int, shift: int) -> int:
        model = self._model
        paid = int(model.staff.rate[agent]) * int(model.shifts.paid[shift])
        return paid + int(model.liking(agent, np.array([shift]))[0])

    def _place(self, profile: int) -> None:
        """The activities of everybody of the profile."""
        most = int((self._model.staff.profile == profile).sum())
        shifts = [shift for p, shift in self._worked if p == profile]
        for key, numbers in blocks_of(self._model, shifts).items():
            counts = {number: self._total(profile, number, most) for number in numbers}
            block = Block.build(self._model, self.cp, key, dict(counts), most)
            self._blocks.append((profile, block))
            for variable, first, last in block.covered():
                self.queue.add(profile, first, last, variable, -1)

    def _total(self, profile: int, shift: int, most: int) -> Var:
        """How many of the profile work the shift."""
        worked = self._worked[profile, shift]
        if len(worked) == 1:
            return worked[0]
        total = self.cp.new_int_var(0, most, "")
        self.cp.add(Sum(worked) == total)
        return total

    def hint(self, plan: Plan, over: Callable[[], bool]) -> None:
        """Hints a plan."""
        model = self._model
        for group in self._groups:
            arcs: dict[int, int] = defaultdict(int)
            options: dict[int, int] = defaultdict(int)
            for agent in group.agents:
                for row, arc in self._steps(group, plan.shift[agent].tolist()):
                    options[row] += 1
                    arcs[arc] += 1
            for arc, variable in group.arcs.items():
                self.cp.add_hint(variable, arcs[arc])
            for row, variable in group.options.items():
                self.cp.add_hint(variable, options[row])
        for profile, block in self._blocks:
            agents, days = np.nonzero(
                np.isin(plan.shift, list(block.counts)) & (model.staff.profile == profile)[:, None]
            )
            block.hint(self.cp, [placed(plan.starts[a, d]) for a, d in zip(agents, days, strict=True)])
        count = share(model, heads(model, on_queue(model, plan)), over)
        if count is not None:
            self.queue.hint(count)

    def _steps(self, group: _Group, tour: list[int]) -> list[tuple[int, int]]:
        """The option and the arc of each day of a tour, as far as they are part of the model."""
        tours, options = self._model.tours, self._model.options
        node, steps = group.root, []
        for day, shift in enumerate(tour):
            first, last = int(options.begin[group.choice, day]), int(options.begin[group.choice, day + 1])
            row = next(row for row in range(first, last) if options.shift[row] == shift)
            klass = tours.class_offset[group.graph, day] + options.klass[row]
            arc = next(a for a in range(tours.arcs[klass], tours.arcs[klass + 1]) if tours.source[a] == node)
            node = int(tours.target[arc])
            steps.append((row, arc))
        return steps

    def write(self, outcome: Outcome, plan: Plan) -> None:
        """Tells the flows apart into agents, and writes their days."""
        for group in self._groups:
            self._tours(group, outcome, plan)
        for profile, block in self._blocks:
            flow = {position: outcome.value(variable) for position, variable in block.flow.items()}
            mine = plan.shift[self._model.staff.profile == profile]
            counts = {number: int((mine == number).sum()) for number in block.counts}
            for number, places in block.places(flow, counts).items():
                where = np.argwhere((plan.shift == number) & (self._model.staff.profile == profile)[:, None])
                for (agent, day), starts in zip(where, places, strict=True):
                    for activity, slot in starts.items():
                        plan.starts[agent, day, activity] = slot

    def _tours(self, group: _Group, outcome: Outcome, plan: Plan) -> None:
        """Walks each agent along arcs that are not used up, taking an option of each arc's class."""
        tours, options = self._model.tours, self._model.options
        arcs = {arc: outcome.value(variable) for arc, variable in group.arcs.items()}
        left = {row: outcome.value(variable) for row, variable in group.options.items()}
        by_source: dict[int, list[int]] = defaultdict(list)
        for arc in arcs:
            by_source[int(tours.source[arc])].append(arc)
        for agent in group.agents:
            node = self._first_node(group)
            for day in self._days:
                arc = next(arc for arc in by_source[node] if arcs[arc])
                arcs[arc] -= 1
                node = int(tours.target[arc])
                klass = int(np.searchsorted(tours.arcs, arc, side="right")) - 1 - tours.class_offset[group.graph, day]
                first, last = int(options.begin[group.choice, day]), int(options.begin[group.choice, day + 1])
                row = next(row for row in range(first, last) if options.klass[row] == klass and left.get(row))
                left[row] -= 1
                plan.shift[agent, day] = options.shift[row]


def _alike(model: Model, parts: Sequence[Part] | None) -> list[list[int]]:
    """Agents who are alike, and may use the same parts."""
    groups = alike(model, range(len(model.agents)))
    if parts is None:
        return groups
    finer: dict[tuple[int, bytes, bytes], list[int]] = {}
    for number, agents in enumerate(groups):
        for agent in agents:
            part = parts[agent]
            finer.setdefault((number, part.options.tobytes(), part.arcs.tobytes()), []).append(agent)
    return list(finer.values())


__all__ = ["Exact", "Part", "solve_exactly"]

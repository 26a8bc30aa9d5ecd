"""Whether one agent has any tour that keeps the sums beside its graph: a flow through the graph, by CP-SAT."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from solver.compile.graphs import TourGraph
from solver.compile.model import Ints, Smalls
from solver.cpsat.run import run

SECONDS = 20.0
"""Most time for one agent."""

Var = cp_model.IntVar
Sum = cp_model.LinearExpr.sum


@dataclass(frozen=True)
class OneAgent:
    """An agent's graph, what it may do each day, and the limits of its sums."""

    graph: TourGraph
    root: int
    options: Sequence[tuple[Smalls, Smalls]]  # per day: shifts, classes
    amounts: Ints  # [options of all days, sums]
    spans: Sequence[Smalls]  # by sum, the span of each day
    limits: Sequence[tuple[int, int]]  # by span, least and greatest sum


@dataclass(frozen=True)
class Answer:
    """A tour, as shift numbers by day; none where there is none, or where time was up before either was known."""

    tour: Smalls | None
    known: bool


def find_tour(agent: OneAgent, stop: Callable[[], bool] = lambda: False, seconds: float = SECONDS) -> Answer:
    """Any tour of the agent."""
    if any(low > high for low, high in agent.limits):
        return Answer(None, known=True)
    cp = cp_model.CpModel()
    totals: dict[int, list[tuple[Var, int]]] = defaultdict(list)
    chosen = _flow(cp, agent, totals)
    for span, (low, high) in enumerate(agent.limits):
        variables, weights = [v for v, _ in totals[span]], [w for _, w in totals[span]]
        cp.add_linear_constraint(cp_model.LinearExpr.weighted_sum(variables, weights), low, high)
    outcome = run(cp, seconds=seconds, stop=stop, seed=1, workers=1)
    if not outcome.found:
        return Answer(None, known=outcome.infeasible)
    tour = [shift for day in chosen for shift, variable in day if outcome.value(variable)]
    return Answer(np.array(tour, np.int32), known=True)


def _flow(
    cp: cp_model.CpModel, agent: OneAgent, totals: dict[int, list[tuple[Var, int]]]
) -> list[list[tuple[int, Var]]]:
    """The flow through the graph; by day the shifts with whether each is worked. Collects what adds to each span."""
    into: dict[tuple[int, int], list[Var]] = defaultdict(list)
    out: dict[tuple[int, int], list[Var]] = defaultdict(list)
    chosen: list[list[tuple[int, Var]]] = []
    number = len(agent.spans)
    row = 0
    for day, (layer, (shifts, classes)) in enumerate(zip(agent.graph.layers, agent.options, strict=True)):
        by_class: dict[int, list[Var]] = defaultdict(list)
        here = []
        for shift, klass in zip(shifts.tolist(), classes.tolist(), strict=True):
            variable = cp.new_bool_var("")
            here.append((shift, variable))
            by_class[klass].append(variable)
            _count(totals, agent, day, variable, agent.amounts[row], number - agent.amounts.shape[1])
            row += 1
        chosen.append(here)
        cp.add_exactly_one([variable for _, variable in here])
        added = agent.graph.amounts(layer.added)
        for klass, works in by_class.items():
            arcs = []
            for arc in range(int(layer.begin[klass]), int(layer.begin[klass + 1])):
                taken = cp.new_bool_var("")
                arcs.append(taken)
                out[day, int(layer.source[arc])].append(taken)
                into[day + 1, int(layer.target[arc])].append(taken)
                _count(totals, agent, day, taken, added[arc], 0)
            cp.add(Sum(arcs) == Sum(works))
    for day, node in {*into, *out}:
        if day == 0:
            cp.add(Sum(out[day, node]) == int(node == agent.root))
        elif day < len(agent.options):
            cp.add(Sum(into[day, node]) == Sum(out[day, node]))
    return chosen


def _count(
    totals: dict[int, list[tuple[Var, int]]], agent: OneAgent, day: int, variable: Var, amounts: Ints, first: int
) -> None:
    """What the variable adds to the spans of the day, from the sum `first` on."""
    for k in np.flatnonzero(amounts).tolist():
        totals[int(agent.spans[first + k][day])].append((variable, int(amounts[k])))


__all__ = ["Answer", "OneAgent", "find_tour"]

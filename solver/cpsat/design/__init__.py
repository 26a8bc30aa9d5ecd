"""Shift design: how often each kind of shift is worked on each day, and which kinds there are at all.

Where agents are alike and nothing ties their days, a roster is a number for each shift of each day, activities placed.
Such rosters are looked for from the narrow to the wide: first those in which nobody is missing or too many and kinds
begin and end only where requirements do, then all in which nobody is, then all there are. Covering the edges of the
requirements proves how few kinds there must be, which often is the end of it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from solver.compile.model import Ints, Model, Plan
from solver.cpsat.design.edges import Edges, Limits
from solver.cpsat.design.hand_out import hand_out
from solver.cpsat.design.numbers import Counts, Numbers
from solver.cpsat.design.patterns import patterns_of
from solver.cpsat.design.tours import staff
from solver.cpsat.design.ways import MOST_WAYS, Ways, crews_of, may_be_off, number_of_ways, off_cost
from solver.price import kind_costs

EDGES_SHARE = 0.2
"""How much of the time proving by edges gets."""

STAGE_SHARE = 0.4
"""How much of the time that is left each stage but the last gets, and the tours of what it finds."""

LAST_SHARE = 0.7
"""And how much the last one, where tours are to be made of what it finds."""

PARTS_OF_THE_GAP = (0.2, 0.4, 0.6, 0.8)
"""By how much of the gap a design is to be better, where all better ones are too many."""

UNBOUNDED = int(np.iinfo(np.int32).max)

MOST_IN_MODEL = 40_000
"""Ways that are given to CP-SAT at most."""


def suits_design(model: Model) -> bool:
    """Whether there is nothing to choose but numbers of shifts, whose kinds are counted or whose period is cyclic."""
    if not len(model.kinds.most) and not model.cyclic:
        return False
    if model.goals is not None or model.tied or not model.whole:
        return False
    crews = crews_of(model)
    return bool(
        crews
        and _days_are_apart(model)
        and all(may_be_off(model, crew) for crew in crews)
        and number_of_ways(model, crews) <= MOST_WAYS
    )


def _days_are_apart(model: Model) -> bool:
    """Whether nothing ties the days of an agent but that no two shifts are worked at once."""
    if model.cyclic or (np.diff(model.tours.layer, axis=1) == 1).all():
        return True
    plans = {plan.id: plan for plan in model.request.work_plans}
    return not any(
        plans[agent.work_plan_id].rules or agent.history.last_shift_end is not None or agent.history.shifts
        for agent in model.agents
    )


def design(
    model: Model,
    *,
    seconds: float,
    stop: Callable[[], bool],
    found: Callable[[Plan], None],
    seed: int = 1,
    workers: int = 1,
) -> int:
    """Finds numbers of shifts and proves that no roster costs less.

    Args:
        model: one that `suits_design`.
        seconds: the time limit, the writing of the models included.
        stop: asked again and again; when it says yes, what is known by then is the answer.
        found: given every plan.
        seed: CP-SAT's seed.
        workers: CP-SAT's threads.

    Returns:
        What no roster costs less than, in units, the kinds of shifts priced.
    """
    crews = crews_of(model)
    assert crews is not None
    search = _Search(Ways.of(model, crews), found, Limits(seconds, stop, seed, workers))
    search.look()
    nobody = Plan.empty(model)
    if model.cycle is not None and all(
        model.cycle.price(a, nobody.shift[a]) is not None for a in range(len(nobody.shift))
    ):
        found(nobody)  # where it is the only one
    return search.bound


class _Search:
    """From the narrow to the wide, until what is found is proved or time is up."""

    def __init__(self, ways: Ways, found: Callable[[Plan], None], limits: Limits) -> None:
        self._model, self._ways, self._found, self._limits = ways.model, ways, found, limits
        self._until = time.monotonic() + limits.seconds
        self._least = ways.model.constant + _least(ways)
        self._edges = Edges.of(ways)
        self._patterns = [patterns_of(ways.model, crew) for crew in ways.crews]
        self._best: tuple[int, Counts] | None = None
        self._charged = 0  # units that rules charge for the tours of the best
        self.bound = self._least

    def _share(self, share: float) -> Limits:
        return replace(self._limits, seconds=max(0.0, share * (self._until - time.monotonic())))

    @property
    def _over(self) -> bool:
        proved = self._best is not None and self._best[0] <= self.bound
        return proved or self._limits.stop() or time.monotonic() >= self._until

    def look(self) -> None:
        """Everything, one thing after the other."""
        exact, needless = self._ways.most(), self._edges.needless(self._ways)
        self.bound += self._edges.bound(self._model, self._share(EDGES_SHARE))
        self._number(_without(needless, exact), exact=True)
        if self._best is None:
            # Where agents are too few, say: some roster first, whatever it proves.
            self._number(_without(needless, self._ways.most(UNBOUNDED)), exact=False)
        beat, hopeless, most = self._left()
        self._number(_without(hopeless, exact), exact=True)
        self._number(_without(hopeless, most), exact=False, last=True, beat=beat)

    def _left(self) -> tuple[int | None, Ints, Ints]:
        """What a better design costs less than, ways that it cannot have, and the most agents that others can have.

        Where that leaves too much, it is asked what is better even when rules charge nothing for its tours, and then
        what is better by some of the gap: whatever comes of it, the bound is raised so far.
        """
        if self._best is None or self._over:
            return None, np.zeros(0, np.int64), self._ways.most(UNBOUNDED)
        best, gap = self._best[0], self._best[0] - self.bound
        beats = {best, best - self._charged, *(best - int(gap * part) for part in PARTS_OF_THE_GAP)}
        costs = self._edges.costs_with(self._model, best - self._least, self._share(EDGES_SHARE))
        for beat in sorted((beat for beat in beats if beat > self.bound), reverse=True):
            more = beat - self._least
            hopeless = np.flatnonzero(costs[self._edges.kinds] >= more)
            slack = more - self._edges.kinds_cost(self._model, more, self._share(EDGES_SHARE))
            most = self._ways.most(slack)
            if np.count_nonzero(_without(hopeless, most)) <= MOST_IN_MODEL:
                break
        return beat, hopeless, most

    @property
    def _tied(self) -> bool:
        """Whether rules tie the days of an agent."""
        return self._model.cycle is not None and any(self._model.cycle.books)

    def _staff(self, counts: Counts) -> tuple[int, int, Plan] | None:
        """What the roster with tours for these numbers costs, what of that rules charge for tours, and the roster."""
        kinds = self._edges.kinds
        used = np.flatnonzero(np.isin(kinds, [int(kinds[way]) for way in counts]))
        staffed = staff(self._ways, counts, set(used.tolist()), self._share(STAGE_SHARE))
        if staffed is None:
            return None
        plan, cost = staffed
        cycle = self._model.cycle
        assert cycle is not None
        charged = sum(cycle.price(agent, tour) or 0 for agent, tour in enumerate(plan.shift.tolist()))
        return self._model.constant + cost + int(kind_costs(self._model, plan).sum()), charged, plan

    def _number(self, most: Ints, *, exact: bool, last: bool = False, beat: int | None = None) -> None:
        """The best numbers that these limits allow; the last ones leave out nothing that costs less than `beat`."""
        if self._over or np.count_nonzero(most) > MOST_IN_MODEL:
            return
        numbers = Numbers(self._ways, self._edges, self._patterns, most, exact=exact)
        if not numbers.coverable:
            return
        if self._best is not None:
            numbers.hint(self._best[1])
        share = STAGE_SHARE if not last else LAST_SHARE if self._tied else 1.0
        outcome = numbers.run(self._share(share))
        if outcome.found:
            cost = self._model.constant + numbers.objective.units(outcome.solver.objective_value)
            self._take(cost, numbers.counts(outcome))
        if last:
            known = numbers.objective.bound(outcome.bound) + self._model.constant
            self.bound = max(self.bound, known if beat is None else min(known, beat))

    def _take(self, cost: int, counts: Counts) -> None:
        """Makes a roster of the numbers, unless a better one is known."""
        if self._best is not None and cost >= self._best[0]:
            return
        plan: Plan | None
        if not self._tied:
            plan = hand_out(self._ways, counts)
        else:
            staffed = self._staff(counts)
            if staffed is None or (self._best is not None and staffed[0] >= self._best[0]):
                return
            cost, self._charged, plan = staffed
        self._best = cost, counts
        if plan is not None:
            self._found(plan)


def _without(left_out: Ints, most: Ints) -> Ints:
    """The same limits, none of these ways being worked."""
    limits = most.copy()
    limits[left_out] = 0
    return limits


def _least(ways: Ways) -> int:
    """What days off and coverage cost at least, in units, whatever is worked."""
    cheapest = np.zeros((len(ways.crews), ways.model.days), np.int64)
    np.minimum.at(cheapest, (ways.crew, ways.day), ways.cost)
    days = sum(
        crew.size * (off_cost(ways.model, crew, day) + int(cheapest[number, day]))
        for number, crew in enumerate(ways.crews)
        for day in range(ways.model.days)
    )
    return days + int(ways.target.cost.sum())


__all__ = ["MOST_WAYS", "design", "suits_design"]

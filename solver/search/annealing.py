"""Construct and anneal: the search around the kernel."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from solver.compile.model import OFF, Ints, Model, Plan
from solver.kernels.search import Roster, anneal, answer, count, empty_roster, own_cost_of, room_to_leave, total_cost
from solver.kernels.tours import scratch_for
from solver.search.crews import Crews


class Annealer:
    """One search; `construct` makes the first roster, `run` betters it.

    `plan` and `cost` are the best roster so far; cost is in units, the model's constant included.
    """

    def __init__(self, model: Model, seed: int) -> None:
        self._model = model
        self._roster: Roster = empty_roster(model, seed)
        self._scratch = scratch_for(model)
        self._left = room_to_leave(model)
        self._random = np.random.default_rng(seed)
        self._crews = Crews(model, self._random)
        self._problem = self._crews.problem
        self._best = Plan.empty(model)
        self._best_cost: int | None = None
        self.moves = 0
        self._no_guide: Ints = np.zeros((model.coverage.weight.shape[0], model.slots), np.int64)

    @property
    def cost(self) -> int:
        # The search itself counts whether those who are tied have the same shifts.
        return self._known_best + self._model.constant - int(self._model.teams.costs(self._best.shift).sum())

    @property
    def plan(self) -> Plan:
        """The best roster so far, a copy."""
        return self._best.copy()

    def construct(self, over: Callable[[], bool]) -> bool:
        """Everybody answers once, in a drawn order; False when time ran out before all had."""
        agents = len(self._model.agents)
        order = self._random.permutation(agents)
        step = max(1, agents // 50)
        for first in range(0, agents, step):
            if over():
                return False
            self._answer(order[first : first + step])
        self._keep()
        return True

    def polish(self, over: Callable[[], bool]) -> None:
        """Sweeps until a sweep helps no more."""
        agents = len(self._model.agents)
        step = max(1, agents // 20)
        while True:
            before = total_cost(self._roster)
            order = self._random.permutation(agents)
            for first in range(0, agents, step):
                if over():
                    return
                self._answer(order[first : first + step])
            if total_cost(self._roster) >= before:
                return
            self._keep()

    def _answer(self, agents: NDArray[np.int64]) -> None:
        """Each agent leaves, if it is in, and comes back with its best tour; crews as one, with the first of them."""
        first = {int(crew[0]): crew for crew in self._crews.crews}
        for a in agents:
            if self._crews.tied[a]:
                if a in first:
                    self._move_crew(first[a], np.inf, 0.0)
                continue
            if self._roster.inside[a]:
                count(self._problem, self._roster, a, -1)
            answer(self._problem, self._roster, a, self._no_guide, 0.0, 0.0, self._scratch)

    def run(self, moves: int, hot: float, cold: float, *, most_out: int, guide: Ints | None, noise: float) -> None:
        """So many moves while the temperature falls from `hot` to `cold`, in units.

        With a `guide`, prices [profiles, slots] that are good for the roster as a whole, each move mixes it to a drawn
        part with what the slots are worth at the moment.
        """
        if not len(self._model.agents) or self._best_cost is None:
            return
        self.moves += moves
        if self._crews:
            moves = self._move_crews(moves, hot, cold, noise)
            most_out = min(most_out, int((~self._crews.tied).sum()))
            if not moves or not most_out:
                return
            # Whom the kernel takes for absent it does not move.
            self._roster.inside[self._crews.tied] = False
        self._best_cost = anneal(
            self._problem,
            self._roster,
            self._best.shift,
            self._best.starts,
            self._best_cost,
            moves,
            most_out,
            hot,
            cold,
            self._no_guide if guide is None else guide,
            0.0 if guide is None else 1.0,
            noise,
            self._left,
            self._scratch,
        )
        if self._crews:
            self._roster.inside[:] = True

    def _move_crews(self, moves: int, hot: float, cold: float, noise: float) -> int:
        """The crews' share of so many moves; returns how many are left for the others."""
        mine = round(moves * self._crews.tied.mean())
        mine = max(1, min(moves - 1, mine)) if not self._crews.tied.all() else moves
        for move in range(mine):
            crew = self._crews.crews[int(self._random.integers(len(self._crews.crews)))]
            self._move_crew(crew, hot * (cold / hot) ** (move / mine), noise)
            if total_cost(self._roster) < self._known_best:
                self._keep()
        return moves - mine

    def _move_crew(self, crew: Ints, temperature: float, noise: float) -> None:
        self._crews.move(self._roster, crew, self._scratch, self._no_guide.copy(), noise, temperature)

    @property
    def _known_best(self) -> int:
        assert self._best_cost is not None, "no roster yet"
        return self._best_cost

    def take(self, plan: Plan) -> None:
        """Goes on from this plan."""
        self._load(plan)
        if self._best_cost is None or total_cost(self._roster) < self._best_cost:
            self._keep()

    def back_to_best(self) -> None:
        """Goes on from the best roster."""
        self._load(self._best)

    def _load(self, plan: Plan) -> None:
        self._roster = loaded(self._model, plan, self._roster)
        for crew in self._crews.crews:
            self._crews.settle(self._roster, crew)

    def _keep(self) -> None:
        self._best_cost = int(total_cost(self._roster))
        self._best = Plan(self._roster.shift.copy(), self._roster.starts.copy())


def loaded(model: Model, plan: Plan, like: Roster | None = None) -> Roster:
    """The plan as a roster of the kernel."""
    roster = empty_roster(model, 1)
    if like is not None:
        roster.random[:] = like.random
    roster.shift[:] = plan.shift
    roster.starts[:] = plan.starts
    problem = model.problem
    for a in range(len(model.agents)):
        roster.own_cost[a] = own_cost_of(problem, a, plan.shift[a])
        count(problem, roster, a, 1)
    return roster


def plan_cost(model: Model, plan: Plan) -> int:
    """What a plan costs in units as the kernels count, agents split over groups at their best.

    The model's constant is in it, what shifts cost beside each other is not: `Incumbent.offer` prices that.
    """
    return int(total_cost(loaded(model, plan))) + model.constant


__all__ = ["OFF", "Annealer", "loaded", "plan_cost"]

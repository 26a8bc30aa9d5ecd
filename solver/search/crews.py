"""Agents who have the same shifts leave together and come back together.

Alone, none of them ever finds anything better: whatever one does without the others departs from them. So the first one
back answers for all, to prices of which every slot says what a head is worth on average when they all are there, and
with a charge on shifts that another of them could not have. Those who follow are charged for every shift but the one
that the others have: the search's kernel reads such charges as wishes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solver.compile.model import OFF, Ints, Model, Problem, Smalls
from solver.kernels.search import Roster, answer, count, own_cost_of, total_cost
from solver.kernels.tours import Scratch


@dataclass
class _Saved:
    """The tours of a crew before a move."""

    shift: Smalls
    starts: Smalls
    own_cost: Ints


class Crews:
    """Those who are tied to each other by any rule, and moves of all of them at once."""

    def __init__(self, model: Model, random: np.random.Generator) -> None:
        self.crews = _joined(model)
        self._model = model
        self._random = random
        agents = len(model.agents)
        self.tied: NDArray[np.bool_] = np.zeros(agents, bool)
        for crew in self.crews:
            self.tied[crew] = True
        self._row = {int(a): row for row, a in enumerate(np.flatnonzero(self.tied))}
        self._day = model.shifts.day.astype(np.int64)
        self._plain = {a: self._wishes_of(a) for a in self._row}
        self._can = {a: self._spans_of(a) for a in self._row}
        self.problem = self._with_own_wishes()

    def __bool__(self) -> bool:
        return bool(self.crews)

    def move(self, roster: Roster, crew: Ints, scratch: Scratch, guide: Ints, noise: float, temperature: float) -> None:
        """The crew leaves, answers in a drawn order, and stays so when that is better or luck will have it.

        Args:
            roster: where the search stands; changed.
            crew: rows of agents.
            scratch: room for the kernel.
            guide: [profiles, slots] room for prices; changed.
            noise: how much prices are blurred, in units a slot.
            temperature: in units; infinite where anything is kept.
        """
        before = int(total_cost(roster))
        saved = _Saved(roster.shift[crew], roster.starts[crew], roster.own_cost[crew])
        complete = bool(roster.inside[crew].all())
        self._leave(roster, crew)
        order = self._random.permutation(crew)
        for place, a in enumerate(order.tolist()):
            self._charge(roster, a, order[:place], order[place + 1 :])
            trust = 1.0 if place == 0 and self._average_worth(roster, a, len(crew), guide) else 0.0
            answer(self.problem, roster, a, guide, trust, noise, scratch)
            roster.own_cost[a] = own_cost_of(self._model.problem, a, roster.shift[a])
        self.settle(roster, crew)
        after = int(total_cost(roster))
        if not complete or after <= before or self._random.random() < np.exp((before - after) / temperature):
            return
        self._leave(roster, crew)
        for place, a in enumerate(crew.tolist()):
            roster.shift[a], roster.starts[a] = saved.shift[place], saved.starts[place]
            count(self.problem, roster, a, 1)
        roster.own_cost[crew] = saved.own_cost

    def settle(self, roster: Roster, crew: Ints) -> None:
        """What their departures cost is laid to the first of the crew, so that it is part of the roster's cost."""
        teams = self._model.teams
        mine = [rule for rule, members in enumerate(teams.members) if np.isin(crew, members).any()]
        roster.own_cost[crew[0]] += teams.costs(roster.shift)[mine].sum()

    def _leave(self, roster: Roster, crew: Ints) -> None:
        for a in crew.tolist():
            if roster.inside[a]:
                count(self.problem, roster, a, -1)

    def _average_worth(self, roster: Roster, a: int, number: int, guide: Ints) -> bool:
        """Writes what each of so many more agents is worth on average; whether that is known."""
        coverage = self._model.coverage
        if self._model.groups != 1:
            return False
        profile = int(self._model.staff.profile[a])
        weight = int(coverage.weight[profile, 0])
        level = roster.levels.level[0].astype(np.int64)
        row = coverage.curve_of[0]
        # Levels at which everybody of a crew is there need not all be on the curve.
        full = np.minimum(level + number * weight, coverage.curves.shape[1] - 1)
        guide[profile] = (coverage.curves[row, level] - coverage.curves[row, full]) // number
        return True

    def _charge(self, roster: Roster, a: int, there: Ints, coming: Ints) -> None:
        """Charges the agent for shifts that depart from those who are there, or that others could not have."""
        teams, model = self._model.teams, self._model
        cost = self._plain[a].copy()
        off = np.zeros(model.days, np.int64)
        for members, may_be_off, price in zip(teams.members, teams.may_be_off, teams.price.tolist(), strict=True):
            if a not in members:
                continue
            present = there[np.isin(there, members)]
            if len(present):
                agrees, off_agrees = self._agreeing(roster.shift[present], bool(may_be_off))
                cost += price * ~agrees
                off += price * ~off_agrees
            if not may_be_off:
                for other in coming[np.isin(coming, members)].tolist():
                    cost += price * ~self._can[other][teams.span]
        # A day off has no wish of its own: what it would cost is taken off all shifts of the day.
        self._own_wishes(a)[:] = cost - off[self._day]

    def _agreeing(self, shifts: Smalls, may_be_off: bool) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Which shifts agree with most of these tours on their day, [shifts], and on which days being off does."""
        span, days = self._model.teams.span, self._model.days
        agrees = np.ones(len(span), bool)
        off_agrees = np.ones(days, bool)
        for day in range(days):
            counted = Counter(OFF if s == OFF else int(span[s]) for s in shifts[:, day].tolist())
            if may_be_off:
                del counted[OFF]
            if not counted:
                continue
            most = max(counted.values())
            today = self._day == day
            agrees[today] = np.isin(span[today], [one for one, number in counted.items() if number == most])
            off_agrees[day] = may_be_off or counted[OFF] == most
        return agrees, off_agrees

    def _wishes_of(self, a: int) -> Ints:
        """What the agent's own wishes cost by shift of the catalogue."""
        wishes, row = self._model.wishes, int(self._model.staff.wish[a])
        cost = np.zeros(len(self._day), np.int64)
        if row != OFF:
            own = wishes.cost[wishes.begin[row] : wishes.begin[row + 1]]
            first = int(wishes.first[row])
            cost[first : first + len(own)] = own
        return cost

    def _spans_of(self, a: int) -> NDArray[np.bool_]:
        """Which spans the agent has a shift for."""
        options, choice = self._model.options, int(self._model.staff.choice[a])
        shifts = options.shift[options.begin[choice, 0] : options.begin[choice, -1]]
        can = np.zeros(int(self._model.teams.span.max(initial=0)) + 1, bool)
        can[self._model.teams.span[shifts[shifts != OFF]]] = True
        return can

    def _with_own_wishes(self) -> Problem:
        """The model's arrays with a row of wishes for each tied agent, to write charges into."""
        problem = self._model.problem
        if not self.crews:
            return problem
        wishes, shifts, rows = problem.wishes, len(self._day), len(self._row)
        known = int(wishes.begin[-1])
        begin = known + shifts * np.arange(1, rows + 1)
        wish = problem.staff.wish.copy()
        for a, row in self._row.items():
            wish[a] = len(wishes.first) + row
        return problem._replace(
            wishes=wishes._replace(
                begin=np.concatenate([wishes.begin, begin]).astype(wishes.begin.dtype),
                first=np.concatenate([wishes.first, np.zeros(rows)]).astype(wishes.first.dtype),
                cost=np.concatenate([wishes.cost[:known], np.zeros(shifts * rows, np.int64)]),
            ),
            staff=problem.staff._replace(wish=wish),
        )

    def _own_wishes(self, a: int) -> Ints:
        """The agent's row, to be written into."""
        last = len(self.problem.wishes.cost)
        begin = last - len(self._day) * (len(self._row) - self._row[a])
        return self.problem.wishes.cost[begin : begin + len(self._day)]


def _joined(model: Model) -> list[Ints]:
    """Agents whom any rules tie to each other, directly or through others."""
    crews: list[set[int]] = []
    for members in model.teams.members:
        crew = set(members.tolist())
        apart = [other for other in crews if crew.isdisjoint(other)]
        crews = [*apart, crew.union(*(other for other in crews if not crew.isdisjoint(other)))]
    return [np.array(sorted(crew), np.int64) for crew in crews]

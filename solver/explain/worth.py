"""What another shift would change in the cost: coverage gained and lost, pay and preferences."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from schemas.money import TICKS_PER_CURRENCY, ticks_per_hour_to_minute
from solver.compile.coverage import profiles_of
from solver.compile.model import Model
from solver.explain.standing import ELSEWHERE, Person, Standing
from solver.kernels.coverage import Levels, levels_for, refresh
from solver.kernels.prices import shift_values
from solver.kernels.tours import scratch_for
from solver.verify.bill import Bill, look_at_preferences
from solver.verify.findings import Seen

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass
class Worth:
    """Prices of shifts where a whole roster stands."""

    standing: Standing
    model: Model
    levels: Levels
    profile: list[int | None]  # of each agent; None for one that the model does not have
    rows: dict[str, int]  # of the model's agents
    pay: Ints  # paid minutes of each shift of the catalogue
    _alone: dict[int, Ints] = field(default_factory=dict)

    @classmethod
    def at(cls, standing: Standing, model: Model) -> Worth:
        """The worth of shifts beside the roster."""
        profiles, heads = profiles_of(standing.request, standing.request.agents)
        weights = {tuple(row): number for number, row in enumerate(model.coverage.weight.tolist())}
        known = [weights.get(tuple(head // model.level_unit for head in one)) for one in heads]
        worth = cls(
            standing,
            model,
            levels_for(model),
            [known[profile] for profile in profiles.tolist()],
            {agent.id: row for row, agent in enumerate(model.agents)},
            np.array([shift.worked.paid_minutes for shift in standing.catalogue], np.int64),
        )
        worth.levels.level[:] = 0
        for person in standing.people:
            for seen in person.shifts:
                worth._count(person, seen, 1)
        refresh(model.coverage, model.interchangeable, worth.levels, 0, model.slots)
        return worth

    def _count(self, person: Person, seen: Seen, sign: int) -> slice:
        """The shift begins (+1) or ceases (-1) to cover; the slots that this changes."""
        grid, coverage = self.standing.grid, self.model.coverage
        span = slice(max(0, grid.slot(seen.start)), grid.slot(seen.end))
        profile = self.profile[person.row]
        if profile is None:
            return span
        place = self.standing.place[person.row, span]
        for group in range(coverage.weight.shape[1]):
            here = np.flatnonzero(place == group) + span.start
            weight = int(coverage.weight[profile, group])
            if not here.size or not weight:
                continue
            self.levels.level[group, here] += sign * weight
            if seen.pin is None:  # who is pinned does not move on to another group
                self.levels.heads[profile, group, here] += sign
                for other in np.flatnonzero(coverage.weight[profile]):
                    if other != group:
                        self.levels.movers[group, other, here] += sign
        return span

    def besides(self, person: Person, numbers: Ints) -> Floats:
        """What each shift would change in the cost if the agent worked it on a day off."""
        profile = self.profile[person.row]
        assert profile is not None
        if profile not in self._alone:
            used = np.ones(len(self.standing.catalogue), np.bool_)
            self._alone[profile] = self._values(profile, used)
        return self._own(person, numbers) - self._money(self._alone[profile][numbers])

    def instead(self, person: Person, seen: Seen, numbers: Ints) -> Floats:
        """What each shift would change in the cost if the agent worked it in place of one of its own."""
        profile = self.profile[person.row]
        assert profile is not None
        model, levels = self.model, self.levels
        used = np.zeros(len(self.standing.catalogue), np.bool_)
        used[numbers] = True
        span = self._count(person, seen, -1)
        refresh(model.coverage, model.interchangeable, levels, span.start, span.stop)
        values = self._values(profile, used)[numbers]
        on_queue = np.flatnonzero(self.standing.place[person.row, span] > ELSEWHERE) + span.start
        lost = levels.worth[profile, on_queue].sum()
        self._count(person, seen, 1)
        refresh(model.coverage, model.interchangeable, levels, span.start, span.stop)
        without = self._own_of(person, seen)
        return self._own(person, numbers) - without + self._money(lost - values)

    def _values(self, profile: int, used: NDArray[np.bool_]) -> Ints:
        """What every used shift covers, in units, its breaks at their best places."""
        problem = self.model.problem
        values = np.zeros((problem.coverage.weight.shape[0], len(self.standing.catalogue)), np.int64)
        prefix = np.concatenate([np.zeros(1, np.int64), np.cumsum(self.levels.worth[profile])])
        shift_values(problem, profile, prefix, self._scratch.ends, used, values)
        row: Ints = values[profile]
        return row

    def __post_init__(self) -> None:
        self._scratch = scratch_for(self.model)

    def _money(self, units: Ints) -> Floats:
        money: Floats = units.astype(np.float64) * (float(self.model.ticks_per_unit) / TICKS_PER_CURRENCY)
        return money

    def _own(self, person: Person, numbers: Ints) -> Floats:
        """Pay and preferences of each shift."""
        rate = ticks_per_hour_to_minute(person.case.agent.hourly_cost)
        money: Floats = self.pay[numbers].astype(np.float64) * (rate / TICKS_PER_CURRENCY)
        row = self.rows.get(person.case.agent.id)
        if row is not None and person.case.agent.preferences:
            money = money + self._money(self.model.liking(row, numbers.astype(np.int32)))
        return money

    def _own_of(self, person: Person, seen: Seen) -> float:
        """Pay and preferences of a shift that the agent has."""
        rate = ticks_per_hour_to_minute(person.case.agent.hourly_cost)
        cost = seen.paid_minutes * rate
        if person.case.agent.preferences:
            with_it, without = Bill(), Bill()
            look_at_preferences(person.case, list(person.shifts), with_it)
            look_at_preferences(person.case, [other for other in person.shifts if other is not seen], without)
            cost += with_it.preferences - without.preferences
        return cost / TICKS_PER_CURRENCY

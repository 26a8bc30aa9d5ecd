"""What a plan costs, worked out anew from its arrays: the engines' second opinion on themselves.

Everything is in units. `solver.verify` judges the finished roster; this prices a plan that is still in the making.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from solver.compile.grid import Grid
from solver.compile.model import OFF, Ints, Model, Plan, Smalls

Whole = TypeVar("Whole", np.int32, np.int64)


def on_queue(model: Model, plan: Plan) -> NDArray[np.bool_]:
    """Which slots each agent is free to serve a planning group in, [agents, slots]: in a shift and in no activity."""
    change = np.zeros((len(plan.shift), model.slots + 1), np.int32)
    row, day = np.nonzero(plan.shift != OFF)
    number = plan.shift[row, day]
    start = model.shifts.start[number]
    np.add.at(change, (row, start), 1)
    np.add.at(change, (row, start + model.shifts.length[number]), -1)
    for k in range(min(plan.starts.shape[2], model.shifts.durations.shape[1])):
        begin = plan.starts[row, day, k]
        placed = begin != OFF
        np.add.at(change, (row[placed], begin[placed]), -1)
        np.add.at(change, (row[placed], (begin + model.shifts.durations[number, k])[placed]), 1)
    return np.cumsum(change[:, :-1], axis=1) > 0


def folded(model: Model, count: Smalls) -> Smalls:
    """Counts by slot, in their last dimension; of a cyclic period what runs past the end is at the beginning."""
    return fold(model.grid, count) if model.cyclic else count


def fold(grid: Grid, count: NDArray[Whole]) -> NDArray[Whole]:
    """Counts by slot of a period that repeats: what runs past its end is at its beginning."""
    first, last, slots = grid.first, grid.last, count.shape[-1]
    result = count.copy()
    result[..., last:] = 0
    for begin in range(last, slots, last - first):
        beyond = count[..., begin : begin + last - first]
        result[..., first : first + beyond.shape[-1]] += beyond
    return result


def heads(model: Model, free: NDArray[np.bool_]) -> Smalls:
    """How many agents of each profile are on queue, [profiles, slots]."""
    count = np.zeros((model.coverage.weight.shape[0], model.slots), np.int32)
    np.add.at(count, model.staff.profile, free.astype(np.int32))
    return folded(model, count)


def levels(model: Model, plan: Plan) -> Smalls:
    """The levels that a plan with named groups brings, [groups, slots], pinned stretches on a named group included."""
    assert plan.group is not None, "The plan names no planning groups."
    level = model.coverage.base.copy()
    for g in range(model.groups):
        level[g] += folded(model, model.coverage.weight[model.staff.profile, g] @ (plan.group == g))
    return level


def slot_costs(model: Model, level: Smalls) -> Ints:
    """What the levels cost in each slot, [slots], all groups together."""
    coverage = model.coverage
    curves: Ints = coverage.curves[coverage.curve_of, level]
    total: Ints = curves.sum(axis=0)
    return total


def coverage_cost(model: Model, plan: Plan) -> int:
    """What over- and understaffing cost; a plan without named groups is split over them slot by slot, at its best."""
    if plan.group is not None:
        return int(slot_costs(model, levels(model, plan)).sum())
    if model.groups == 1:
        level = model.coverage.base + model.coverage.weight.T @ heads(model, on_queue(model, plan))
        return int(slot_costs(model, level).sum())
    from solver.cpsat.split import best_split

    split = best_split(model, heads(model, on_queue(model, plan)))
    assert split is not None
    return int(split.cost.sum())


def own_costs(model: Model, plan: Plan) -> Ints:
    """Pay, preferences and priced rules of each agent's tour, [agents].

    Raises:
        ValueError: a tour is none that the agent may work.
    """
    return np.array([own_cost(model, a, plan.shift[a]) for a in range(len(model.agents))], np.int64)


def own_cost(model: Model, agent: int, tour: Smalls) -> int:
    """Pay, preferences and priced rules of a tour, given as shift numbers by day.

    Raises:
        ValueError: the tour is none that the agent may work.
    """
    staff, options, tours, shifts = model.staff, model.options, model.tours, model.shifts
    graph, choice = int(staff.graph[agent]), int(staff.choice[agent])
    node, cost = int(staff.root[agent]), 0
    sums, row = model.sums, int(model.sums.row[agent])
    total = np.zeros(int(sums.spans[row]) if row != OFF else 0, np.int64)
    for day, number in enumerate(tour):
        first, last = options.begin[choice, day], options.begin[choice, day + 1]
        place = np.flatnonzero(options.shift[first:last] == number)
        arcs = range(0)
        if len(place):
            klass = tours.class_offset[graph, day] + options.klass[first + place[0]]
            arcs = range(tours.arcs[klass], tours.arcs[klass + 1])
        arc = next((arc for arc in arcs if tours.source[arc] == node), None)
        if arc is None:
            who = model.agents[agent].id
            raise ValueError(f"Agent {who!r} may not work shift {int(number)} on day {day} of this tour.")
        cost += int(tours.price[arc])
        if row != OFF:
            own = sums.span[row, : sums.number[row], day]
            kinds = sums.of_option[first + place[0]], sums.of_arc[arc]
            np.add.at(total, own, sums.amount[list(kinds), : len(own)].sum(axis=0))
        node = int(tours.target[arc])
        if number != OFF:
            cost += int(staff.rate[agent]) * int(shifts.paid[number])
            cost += int(model.liking(agent, np.array([number]))[0])
    for span, added in enumerate(total.tolist()):
        low, high = int(sums.low[row, span]), int(sums.high[row, span])
        if not low <= added <= high:
            raise ValueError(f"Agent {model.agents[agent].id!r} may not work this tour: a sum is {added}.")
        cost += int(sums.charge[sums.begin[row, span] + added - low])
    if model.cycle is not None:
        charged = model.cycle.price(agent, tour.tolist())
        if charged is None:
            raise ValueError(f"Agent {model.agents[agent].id!r} may not work this tour again and again.")
        cost += charged
    return cost


def presence_costs(model: Model, plan: Plan) -> Ints:
    """What the counts of agents cost by each rule of the roster, [rules]."""
    presence = model.presence
    counts = np.zeros(presence.curve_of.shape, np.int64)
    for agent, day in np.argwhere(plan.shift != OFF).tolist() if len(counts) else ():
        number = int(plan.shift[agent, day])
        start = int(model.shifts.start[number])
        inside, away, busy = (np.zeros(model.slots, np.int64) for _ in range(3))
        inside[start : start + int(model.shifts.length[number])] = 1
        for k, begin in enumerate(plan.starts[agent, day].tolist()):
            if begin != OFF:
                span = slice(begin, begin + int(model.shifts.durations[number, k]))
                away[span] = presence.away[number, k]
                busy[span] = not presence.named[number, k]
        seen = np.stack((inside, away, inside - busy))
        counted = presence.counted[:, model.staff.profile[agent]]
        counts[counted] += seen[presence.where[counted]]
    costs: Ints = presence.curves[presence.curve_of, counts].sum(axis=1)
    return costs


def kind_costs(model: Model, plan: Plan) -> Ints:
    """What the kinds of shifts that are worked cost by each rule that counts them, [rules]."""
    kinds = model.kinds
    costs = np.zeros(len(kinds.most), np.int64)
    if not len(costs):
        return costs
    agents, days = np.nonzero(plan.shift != OFF)
    shift = plan.shift[agents, days]
    columns = [kinds.of_shift[shift]]
    coarse = len(np.unique(columns[0]))
    for k in range(min(plan.starts.shape[2], model.shifts.durations.shape[1])):
        begin = plan.starts[agents, days, k]
        columns.append(np.where(begin == OFF, OFF, begin - model.shifts.start[shift]))
        columns.append(np.where(begin == OFF, OFF, model.shifts.durations[shift, k]))
    fine = np.unique(np.stack(columns), axis=1).shape[1]
    number = np.where(kinds.tell_breaks, fine, coarse)
    costs[:] = np.maximum(0, number - kinds.most) * kinds.price
    return costs


def together_cost(model: Model, plan: Plan) -> int:
    """What shifts cost beside each other: by how many kinds there are, and by who is tied to whom."""
    return int(kind_costs(model, plan).sum() + model.teams.costs(plan.shift).sum())


def breaks_a_hard_rule(model: Model, plan: Plan) -> bool:
    """Whether a count of agents breaks a rule of the roster that has no price."""
    if kind_costs(model, plan)[model.kinds.hard].any() or model.teams.costs(plan.shift)[model.teams.hard].any():
        return True
    return bool(model.presence.hard.any() and presence_costs(model, plan)[model.presence.hard].any())


def plan_cost(model: Model, plan: Plan) -> int:
    """What the plan costs, the model's constant included."""
    tours = int(own_costs(model, plan).sum())
    counted = int(presence_costs(model, plan).sum())
    return model.constant + tours + coverage_cost(model, plan) + counted + together_cost(model, plan)

"""Agents counted by rules of the roster: counts as agents come and go, and what one more would cost.

An answer's prices are running sums of what a slot on queue earns. What being on site costs is a price of the whole
shift, like a preference. What being on a break costs is added to what the break gives up: to the running sums, and as a
price of the whole shift again, so that only the break pays it.
"""

from __future__ import annotations

from solver.compile.model import OFF, Problem
from solver.kernels.jit import inner

ON_SITE, AWAY, ON_QUEUE = 0, 1, 2


@inner
def attend(problem: Problem, there, cost, profile: int, shift: int, starts, sign: int) -> None:
    """The shift begins (+1) or ceases (-1) to be counted.

    Args:
        problem: the model.
        there: [rules, slots] the counts; changed.
        cost: [1] what everything costs; changed.
        profile: the agent's.
        shift: number in the catalogue.
        starts: [activities] where its activities start.
        sign: which of the two.
    """
    presence, shifts = problem.presence, problem.shifts
    start = shifts.start[shift]
    end = start + shifts.length[shift]
    for rule in range(presence.where.shape[0]):
        if not presence.counted[rule, profile]:
            continue
        where = presence.where[rule]
        if where != AWAY:
            move(problem, there, cost, rule, start, end, sign)
        if where == ON_SITE:
            continue
        for k in range(starts.shape[0]):
            if starts[k] == OFF:
                continue
            until = starts[k] + shifts.durations[shift, k]
            if where == AWAY and presence.away[shift, k]:
                move(problem, there, cost, rule, starts[k], until, sign)
            elif where == ON_QUEUE and not presence.named[shift, k]:
                move(problem, there, cost, rule, starts[k], until, -sign)


@inner
def move(problem: Problem, there, cost, rule: int, first: int, last: int, by: int) -> None:
    """Changes a rule's count in the slots `first` to `last`, last not included, and the cost with it."""
    presence = problem.presence
    for t in range(first, last):
        curve, number = presence.curve_of[rule, t], there[rule, t]
        cost[0] += presence.curves[curve, number + by] - presence.curves[curve, number]
        there[rule, t] = number + by


@inner
def add_prices(problem: Problem, there, profile: int, own, prefix, liking) -> None:
    """Adds to an answer's prices what one more agent of the profile costs by the rules.

    Args:
        problem: the model.
        there: [rules, slots] the counts without the agent.
        profile: the agent's.
        own: running sums of what the agent's preferences cost, empty when it has none.
        prefix: [slots + 1] running sums of what a slot on queue earns; changed.
        liking: [slots + 1] out: running sums of what being in a shift costs.
    """
    presence = problem.presence
    site, queue = 0, 0
    liking[0] = 0
    for t in range(there.shape[1]):
        for rule in range(presence.where.shape[0]):
            if not presence.counted[rule, profile]:
                continue
            curve, number = presence.curve_of[rule, t], there[rule, t]
            price = presence.curves[curve, number + 1] - presence.curves[curve, number]
            if presence.where[rule] == ON_SITE:
                site += price
            elif presence.where[rule] == AWAY:
                queue += price
                site += price
            else:
                queue -= price
        prefix[t + 1] += queue
        liking[t + 1] = site
        if own.shape[0] > 0:
            liking[t + 1] += own[t + 1] - own[0]

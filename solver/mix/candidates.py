"""A mix as a roster: so many candidates of each contract, who cost something once they work.

Those of the minimum work at least once, the others may work nothing. What is not needed of the others costs nothing, so
the cheapest roster of all candidates is the cheapest mix.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from fractions import Fraction
from itertools import count

from schemas.mix import Contract, MixRequest
from schemas.request import Agent, RosterRequest, WorkPlan
from solver.rules.base import TourRule
from solver.rules.days_worked import DaysWorked
from solver.rules.employment import Employment
from solver.rules.paid_minutes import PaidMinutes

SPARE = 1.25
"""How many more candidates there are than would do the work if every paid hour was on queue where it is needed."""

MOST_CANDIDATES = 1500


def most_of(asked: MixRequest) -> list[int]:
    """How many candidates there are of each contract."""
    hours = sum(map(sum, (series.required for series in asked.request.requirements)))
    hours *= asked.request.interval_minutes / 60
    room = max(1, MOST_CANDIDATES // len(asked.contracts))
    return [_most(asked, contract, hours, room) for contract in asked.contracts]


def _most(asked: MixRequest, contract: Contract, hours: float, room: int) -> int:
    if contract.max is not None:
        return contract.max
    plan = next(plan for plan in asked.request.work_plans if plan.id == contract.work_plan_id)
    each = max(1.0, _hours_of(plan, asked.request.planning_period.days))
    peak = max((heads for series in asked.request.requirements for heads in series.required), default=0.0)
    return max(contract.min, min(room, math.ceil(max(SPARE * hours / each, peak)) + 2))


def _hours_of(plan: WorkPlan, days: int) -> float:
    """Paid hours that one brings at least, by the work plan's rule on paid minutes; one shift where it has none."""
    weeks = Fraction(days, 7)
    for rule in plan.rules:
        if isinstance(rule, PaidMinutes) and rule.min:
            return float(rule.min * (weeks if rule.per == "week" else 1)) / 60
    return min((shift.length_minutes.min for shift in plan.shifts), default=480) / 60


def with_candidates(asked: MixRequest, most: list[int]) -> RosterRequest:
    """The roster request of a mix, with an entry for each candidate."""
    plans = {plan.id: plan for plan in asked.request.work_plans}
    agents: list[Agent] = []
    for contract, people in zip(asked.contracts, most, strict=True):
        plan = plans[contract.work_plan_id]
        for numbers, free in ((range(contract.min), False), (range(contract.min, people), True)):
            if numbers:
                own = _plan_of(plan, contract, plans.keys(), free=free)
                plans[own.id] = own
                agents += [_candidate(contract, own, number) for number in numbers]
    return asked.request.model_copy(
        update={"work_plans": tuple(plans.values()), "agents": (*asked.request.agents, *agents)}
    )


def _plan_of(plan: WorkPlan, contract: Contract, taken: Collection[str], *, free: bool) -> WorkPlan:
    """The work plan, for those who cost something once they work; who is not `free` to do nothing does so."""
    rules: list[TourRule] = []
    for rule in plan.rules:
        assert isinstance(rule, TourRule)
        can = free and "or_none" in type(rule).model_fields
        rules.append(rule.model_copy(update={"or_none": True}) if can else rule)
    if contract.employment_cost:
        rules.append(Employment(cost=contract.employment_cost))
    if not free:
        rules.append(DaysWorked(per="period", min=1))
    names = (f"{plan.id} as {contract.id}{'+' * more}" for more in count(int(free)))
    name = next(name for name in names if name not in taken)
    return plan.model_copy(update={"id": name, "rules": tuple(rules)})


def _candidate(contract: Contract, plan: WorkPlan, number: int) -> Agent:
    agent = Agent(
        id=contract.id,
        work_plan_id=contract.work_plan_id,
        hourly_cost=contract.hourly_cost,
        skills=contract.skills,
        availability=contract.availability,
    )
    # Names made of names may be longer than names that are given.
    return agent.model_copy(update={"id": f"{contract.id}-{number + 1}", "work_plan_id": plan.id})

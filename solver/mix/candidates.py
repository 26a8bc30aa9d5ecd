"""A mix as a roster: so many candidates of each contract, who may work nothing, and cost something once they work.

What nobody needs of a candidate costs nothing, so the cheapest roster of all candidates is the cheapest mix.
"""

from __future__ import annotations

import math
from fractions import Fraction

from schemas.mix import Contract, MixRequest
from schemas.request import Agent, RosterRequest, WorkPlan
from solver.rules.base import TourRule
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
    """The roster request of a mix."""
    plans = {plan.id: plan for plan in asked.request.work_plans}
    added: list[WorkPlan] = []
    agents: list[Agent] = []
    for contract, count in zip(asked.contracts, most, strict=True):
        plan = plans[contract.work_plan_id]
        wanted, spare = contract.min, count - contract.min
        for name, number, free in ((contract.id, wanted, False), (f"{contract.id}+", spare, True)):
            if number:
                own = _plan_of(plan, contract, name, free=free)
                added.append(own)
                agents.append(_candidates(contract, own.id, name, number))
    return asked.request.model_copy(
        update={
            "work_plans": (*asked.request.work_plans, *added),
            "agents": (*asked.request.agents, *agents),
        }
    )


def _plan_of(plan: WorkPlan, contract: Contract, name: str, *, free: bool) -> WorkPlan:
    """The work plan, for those who may work nothing and cost something once they work."""
    rules: list[TourRule] = []
    for rule in plan.rules:
        assert isinstance(rule, TourRule)
        can = free and "or_none" in type(rule).model_fields
        rules.append(rule.model_copy(update={"or_none": True}) if can else rule)
    if contract.employment_cost:
        rules.append(Employment(cost=contract.employment_cost))
    return plan.model_copy(update={"id": f"{plan.id} as {name}", "rules": tuple(rules)})


def _candidates(contract: Contract, plan: str, name: str, number: int) -> Agent:
    return Agent(
        id=name if number > 1 else f"{name}-1",
        count=number,
        work_plan_id=plan,
        hourly_cost=contract.hourly_cost,
        skills=contract.skills,
        availability=contract.availability,
    )

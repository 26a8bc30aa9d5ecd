"""What a cyclic period can be planned with."""

from __future__ import annotations

from schemas.request import RosterRequest
from solver.reading.faults import Faults
from solver.roster_rules import CountRule

EXPECTED = "agents who each serve one planning group, no pinned shifts, no rules but shift_kinds"


def look(request: RosterRequest, faults: Faults) -> None:
    """A period that repeats is only planned as numbers of shifts; what names or ties agents has no place in it."""
    if not request.planning_period.cyclic:
        return
    used = {agent.work_plan_id for agent in request.agents}
    plans = [plan for plan in request.work_plans if plan.id in used]
    against = {
        "a service goal": any(group.service_goal is not None for group in request.planning_groups),
        "agents who serve several planning groups": len(request.planning_groups) > 1
        and any(len(agent.skills) != 1 for agent in request.agents),
        "an agent's time zone": any(agent.time_zone is not None for agent in request.agents),
        "pinned shifts": any(agent.pinned_shifts for agent in request.agents),
        "rules of a work plan": any(plan.rules for plan in plans),
        "rules that count agents": any(isinstance(rule, CountRule) for rule in request.roster_rules),
    }
    found = [what for what, is_so in against.items() if is_so]
    if found:
        text = f"A cyclic period takes {EXPECTED}. Here are {', '.join(found)}."
        faults.add(("planning_period", "cyclic"), True, EXPECTED, text)

"""What a cyclic period can be planned with."""

from __future__ import annotations

from schemas.request import EVERY_DAY, History, RosterRequest
from solver.reading.faults import Faults
from solver.roster_rules import CountRule, SameShifts
from solver.rules import BOOK, TourRule

EXPECTED = "agents who each serve one planning group, with rules that can be asked of a week that repeats"


def look(request: RosterRequest, faults: Faults) -> None:
    """A period that repeats has neither a beginning nor an end: what goes by either has no place in it."""
    if not request.planning_period.cyclic:
        return
    used = {agent.work_plan_id for agent in request.agents}
    plans = [plan for plan in request.work_plans if plan.id in used]
    against = {
        "agents who serve several planning groups": len(request.planning_groups) > 1
        and any(len(agent.skills) != 1 for agent in request.agents),
        "a service goal": any(group.service_goal is not None for group in request.planning_groups),
        "an agent's time zone": any(agent.time_zone is not None for agent in request.agents),
        "pinned shifts": any(agent.pinned_shifts for agent in request.agents),
        "paid time off": any(off.paid_minutes for agent in request.agents for off in agent.time_off),
        "rules that count agents": any(isinstance(rule, CountRule) for rule in request.roster_rules),
        "agents with the same shifts": any(isinstance(rule, SameShifts) for rule in request.roster_rules),
    }
    found = [what for what, is_so in against.items() if is_so]
    if found:
        text = f"A cyclic period takes {EXPECTED}. Here are {', '.join(found)}."
        faults.add(("planning_period", "cyclic"), True, EXPECTED, text)
    _look_at_rules(request, used, faults)
    for number, agent in enumerate(request.agents):
        if agent.history != History():
            text = f"{agent.name or agent.id} has a history, but before a cyclic period are the same days once more."
            faults.add(("agents", number if agent.row is None else agent.row, "history"), "a history", "none", text)
    if any(plan.rules for plan in plans):
        _look_at_weeks(request, faults)


def _look_at_rules(request: RosterRequest, used: set[str], faults: Faults) -> None:
    known = ", ".join(sorted(rule.model_fields["kind"].default for rule in BOOK if rule.repeats))
    for p, plan in enumerate(request.work_plans):
        for r, rule in enumerate(plan.rules):
            if plan.id in used and isinstance(rule, TourRule) and not rule.repeats:
                expected = f"one of {known}"
                text = f"In a cyclic period {rule.kind} has no meaning. Maybe one of these says it: {known}."
                faults.add(("work_plans", p, "rules", r, "kind"), rule.kind, expected, text)


def _look_at_weeks(request: RosterRequest, faults: Faults) -> None:
    """Rules go by weeks, so a period that repeats must be made of them."""
    period = request.planning_period
    begins = EVERY_DAY[period.start_date.weekday()]
    if period.days % 7:
        text = f"A cyclic period of {period.days} days is not made of weeks, by which rules of work plans go."
        faults.add(("planning_period", "days"), period.days, "a multiple of 7", text)
    elif begins != request.week_starts_on[:3]:
        text = f"A cyclic period with rules begins with a week. Maybe week_starts_on is not {request.week_starts_on}."
        faults.add(("planning_period", "start_date"), str(period.start_date), f"a {request.week_starts_on}", text)

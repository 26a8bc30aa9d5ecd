"""Rules of the roster: agents, tags and planning groups that are there, and numbers that can be."""

from __future__ import annotations

from schemas.request import RosterRequest
from solver.reading import headcount
from solver.reading.faults import Faults
from solver.reading.groups import advice, unknown
from solver.roster_rules import CountRule, SameShifts

MOST_RULES = 100


def look(request: RosterRequest, faults: Faults) -> None:
    """Every rule for itself."""
    if len(request.roster_rules) > MOST_RULES:
        faults.add(
            ("roster_rules",),
            f"{len(request.roster_rules)} rules",
            f"at most {MOST_RULES}",
            "There are too many rules of the roster.",
        )
        return
    ids = {id_ for agent in request.agents for id_ in headcount.ids_of(agent)}
    tags = {tag for agent in request.agents for tag in agent.tags}
    groups = {group.id for group in request.planning_groups}
    for number, rule in enumerate(request.roster_rules):
        place = ("roster_rules", number)
        if not isinstance(rule, (CountRule, SameShifts)):
            continue
        sound = len(faults.found)
        for n, id_ in enumerate(rule.agent_ids):
            if id_ not in ids:
                unknown(faults, (*place, "agent_ids", n), "agent", id_, ids)
        for n, tag in enumerate(rule.tags):
            if tag not in tags:
                some = ", ".join(sorted(tags)[:5]) or "none"
                text = f"No agent has the tag {tag!r}; there are {some}.{advice(tag, tags)}"
                faults.add((*place, "tags", n), tag, "a tag that some agent has", text)
        group = getattr(rule, "planning_group_id", None)
        if group is not None and group not in groups:
            unknown(faults, (*place, "planning_group_id"), "planning group", group, groups)
        if isinstance(rule, SameShifts) and any(g.service_goal is not None for g in request.planning_groups):
            text = "Rosters for a service_goal are not searched for together with agents who have the same shifts. Maybe requirements, from POST /v1/staffing, can say what is needed."
            faults.add(place, "same_shifts", "planning groups without a service_goal", text)
        misfit = rule.misfit(request) if len(faults.found) == sound else None
        if misfit is not None:
            faults.add((*place, misfit.field), misfit.found, misfit.expected, misfit.text)

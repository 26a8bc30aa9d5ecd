"""Which agents and planning groups of a request have to do with each other."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from schemas.request import Agent, RosterRequest
from schemas.roster_rule import RosterRule
from solver.roster_rules import CountRule
from solver.rules.base import TourRule

Json = dict[str, Any]

KNOWN = {
    "name", "time_zone", "week_starts_on", "planning_period", "interval_minutes", "currency", "planning_groups",
    "requirements", "volumes", "work_plans", "agents", "roster_rules", "options",
}  # fmt: skip
"""Fields of a request of which is known whom they tie to whom; a request that uses another is left whole."""


@dataclass
class Part:
    """Planning groups and agents that belong together, by their ids, and the roster rules over them by their places."""

    groups: set[str] = field(default_factory=set)
    agents: set[str] = field(default_factory=set)
    rules: set[int] = field(default_factory=set)

    def add(self, other: Part) -> None:
        """Take in another one."""
        self.groups |= other.groups
        self.agents |= other.agents
        self.rules |= other.rules

    def of(self, data: Json, seconds: float | None = None) -> Json:
        """The request of this part, from that of the whole; with a time limit of its own."""
        # Agents given by their number are alike, so that they are all in one part.
        agents = [
            agent
            for agent in data["agents"]
            if (f"{agent['id']}-1" if agent.get("count", 1) > 1 else agent["id"]) in self.agents
        ]
        plans = {agent["work_plan_id"] for agent in agents}
        options = data.get("options", {}) | ({} if seconds is None else {"time_limit_seconds": seconds})
        return (
            data
            | {
                "planning_groups": [group for group in data["planning_groups"] if group["id"] in self.groups],
                "requirements": [
                    series for series in data.get("requirements", ()) if series["planning_group_id"] in self.groups
                ],
                "volumes": [series for series in data.get("volumes", ()) if series["planning_group_id"] in self.groups],
                "work_plans": [plan for plan in data.get("work_plans", ()) if plan["id"] in plans],
                "agents": agents,
                "options": options,
            }
            | self._own_rules(data)
        )

    def _own_rules(self, data: Json) -> Json:
        rules = data.get("roster_rules", [])
        return {"roster_rules": [rule for number, rule in enumerate(rules) if number in self.rules]} if rules else {}


def parts_of(request: RosterRequest, *, least_agents: int = 1) -> list[Part]:
    """The parts of a request, the largest first; small ones are put together until each has enough agents.

    Args:
        request: a request that `read_request` let through.
        least_agents: agents that a part is to have at least, where there are so many.
    """
    whole = Part(
        {group.id for group in request.planning_groups},
        {agent.id for agent in request.agents},
        set(range(len(request.roster_rules))),
    )
    if not _separable(request):
        return [whole]
    found = sorted(_components(request), key=lambda part: (-len(part.agents), min(part.groups)))
    most = max(1, min(len(found), len(request.agents) // max(1, least_agents)))
    parts = [Part() for _ in range(most)]
    for component in found:  # the largest first, each to where there is least so far
        min(parts, key=lambda part: len(part.agents)).add(component)
    return sorted(parts, key=lambda part: -len(part.agents))


def _separable(request: RosterRequest) -> bool:
    """Whether nothing but skills and rules of the roster ties agents to each other."""
    unknown = request.model_fields_set - KNOWN
    rules = (rule for plan in request.work_plans for rule in plan.rules)
    return not any(getattr(request, name) for name in unknown) and all(isinstance(rule, TourRule) for rule in rules)


def _components(request: RosterRequest) -> list[Part]:
    """Planning groups joined by the agents who serve several of them, and by the roster rules over such agents."""
    part_of = {group.id: Part({group.id}) for group in request.planning_groups}

    def tied(groups: Collection[str]) -> Part:
        """The part of these planning groups, which from now on are in one."""
        first, *others = groups
        home = part_of[first]
        for name in others:
            if (other := part_of[name]) is not home:
                home.add(other)
                part_of.update(dict.fromkeys(other.groups, home))
        return home

    for agent in request.agents:
        tied(_groups_of(agent, request)).agents.add(agent.id)
    for number, rule in enumerate(request.roster_rules):
        tied(_groups_under(rule, request)).rules.add(number)
    return list({id(part): part for part in part_of.values()}.values())


def _groups_under(rule: RosterRule, request: RosterRequest) -> Collection[str]:
    """Planning groups that a rule ties: of the agents whom it counts, and such as ask for it; all where it has none."""
    everything = [group.id for group in request.planning_groups]
    if not isinstance(rule, CountRule):
        return everything
    counted = {_groups_of(agent, request)[0] for agent in request.agents if rule.counts(agent)}
    return sorted(counted.union(filter(rule.asked_by, everything))) or everything


def _groups_of(agent: Agent, request: RosterRequest) -> list[str]:
    """Planning groups that an agent serves: all of them without skills. Pins lead to no others."""
    return [skill.planning_group_id for skill in agent.skills] or [group.id for group in request.planning_groups]

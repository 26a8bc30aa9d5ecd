"""Agents given by their number: one entry of the request becomes so many agents with ids of their own."""

from __future__ import annotations

from schemas.request import Agent, RosterRequest
from solver.reading.faults import Faults


def look(request: RosterRequest, faults: Faults) -> None:
    """No id that the counting makes is somebody else's."""
    if not any(agent.count > 1 for agent in request.agents):
        return
    own = {agent.id for agent in request.agents if agent.count == 1}
    for number, agent in enumerate(request.agents):
        if agent.count > 1:
            taken = next((id_ for id_ in ids_of(agent) if id_ in own), None)
            own.update(ids_of(agent))
            if taken is not None:
                faults.add(
                    ("agents", number, "id"),
                    agent.id,
                    "an id whose numbered forms are free",
                    f"The {agent.count} agents {agent.id!r} are called {agent.id}-1, {agent.id}-2 and so on, "
                    f"and {taken!r} is another agent's id. Maybe a different id can be used here.",
                )


def everybody(request: RosterRequest) -> RosterRequest:
    """The request with an entry for each agent, in the order in which it was written."""
    if all(agent.count == 1 for agent in request.agents):
        return request
    agents: list[Agent] = []
    for row, agent in enumerate(request.agents):
        if agent.count == 1:
            agents.append(agent.written_as(row))
        else:
            one = agent.model_copy(update={"count": 1})
            agents += [one.model_copy(update={"id": id_}).written_as(row) for id_ in ids_of(agent)]
    return request.model_copy(update={"agents": tuple(agents)})


def ids_of(agent: Agent) -> list[str]:
    """The ids of all agents that the entry stands for."""
    if agent.count == 1:
        return [agent.id]
    return [f"{agent.id}-{number}" for number in range(1, agent.count + 1)]

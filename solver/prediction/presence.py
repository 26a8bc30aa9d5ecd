"""Who is on queue when: stretches of a roster, and agents on queue by interval."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from schemas.request import RosterRequest
from schemas.roster import Roster
from solver.staffing.erlang import Floats


@dataclass(frozen=True)
class Stretch:
    """An agent on the queue of a planning group, in UTC minutes."""

    agent: int  # its place in the request
    group: str
    start: int
    end: int


def stretches(request: RosterRequest, roster: Roster) -> Iterator[Stretch]:
    """Every stretch on queue; where the request has but one planning group it need not be named."""
    places = {agent.id: place for place, agent in enumerate(request.agents)}
    only = request.planning_groups[0].id if len(request.planning_groups) == 1 else None
    for schedule in roster.schedules:
        place = places.get(schedule.agent_id)
        if place is None:
            continue
        for shift in schedule.shifts:
            for activity in shift.activities:
                group = activity.planning_group_id or only
                start, end = (int(at.timestamp()) // 60 for at in (activity.start, activity.end))
                if activity.category == "on_queue" and group is not None and start < end:
                    yield Stretch(place, group, start, end)


def proficiencies(request: RosterRequest) -> list[Mapping[str, float]]:
    """What each agent fills of a required agent in each planning group that it serves."""
    every = {group.id: 1.0 for group in request.planning_groups}
    return [
        {skill.planning_group_id: skill.proficiency for skill in agent.skills} if agent.skills else every
        for agent in request.agents
    ]


def levels(
    present: Sequence[Stretch], skills: Sequence[Mapping[str, float]], group: str, starts: Sequence[int], step: int
) -> Floats:
    """Agents on the group's queue in the intervals, on average over each, by proficiency."""
    found = np.zeros(len(starts))
    places = {start // step: place for place, start in enumerate(starts)}
    offset = starts[0] % step if starts else 0
    first, last = (min(starts), max(starts) + step) if starts else (0, 0)
    for one in present:
        brings = skills[one.agent].get(group, 0.0) if one.group == group else 0.0
        if not brings:
            continue
        begin, end = max(one.start, first), min(one.end, last)
        for cell in range((begin - offset) // step, (end - offset - 1) // step + 1):
            place = places.get(cell)
            if place is not None:
                overlap = min(one.end, starts[place] + step) - max(one.start, starts[place])
                found[place] += brings * max(0, overlap) / step
    return found

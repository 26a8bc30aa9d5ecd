"""Who stands where: each agent with its shifts as the judge reads them, and what it does in each slot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from schemas.request import Agent, RosterRequest
from schemas.roster import Roster
from solver.compile.grid import Calendar, Grid
from solver.compile.recipe import Group, Member, clocks_of, group_agents
from solver.compile.shifts import CompiledShift
from solver.rules.base import AgentRoster
from solver.verify.bill import agent_roster
from solver.verify.findings import Case, Findings, Seen
from solver.verify.judge import cases_of
from solver.verify.shape import look_at_shape

ELSEWHERE, ON_BREAK, ON_MEAL, OFF_QUEUE = -1, -2, -3, -4
"""In the place of a planning group's number: in no shift; or in one, and not on queue."""

NOT_ON_QUEUE = {"break": ON_BREAK, "meal": ON_MEAL}


@dataclass(frozen=True)
class Person:
    """An agent with its roster, as the judge and as the compiler see it."""

    row: int  # in the request
    case: Case
    shifts: tuple[Seen, ...]
    own: AgentRoster
    member: Member
    group: Group

    @property
    def path(self) -> str:
        """Where the agent stands in the request as it was written."""
        return path_of(self.case.agent, self.row)

    def shift_on(self, day: int) -> Seen | None:
        return next((seen for seen in self.shifts if seen.day.index == day), None)


def path_of(agent: Agent, row: int) -> str:
    """Where an agent of the request with an entry for each agent stands in the request as it was written."""
    return f"/agents/{row if agent.row is None else agent.row}"


class Standing(NamedTuple):
    """A whole roster."""

    request: RosterRequest
    period: Calendar
    grid: Grid
    catalogue: list[CompiledShift]
    people: list[Person]  # in the request's order
    place: NDArray[np.int8]  # [agents, slots] planning group served, or why none


def stand(request: RosterRequest, roster: Roster) -> Standing:
    """Every agent of the request with what the roster gives it."""
    period, calendars, grid = clocks_of(request)
    catalogue, _, groups = group_agents(request, calendars, grid)
    members = {member.agent.id: (member, group) for group in groups for member in group.members}
    rows = {agent.id: row for row, agent in enumerate(request.agents)}
    people = []
    for case in cases_of(request, roster, Findings()):
        shifts = tuple(look_at_shape(case, Findings()))
        member, group = members[case.agent.id]
        people.append(Person(rows[case.agent.id], case, shifts, agent_roster(case, list(shifts)), member, group))
    people.sort(key=lambda person: person.row)
    return Standing(request, period, grid, catalogue, people, _places(request, people, grid))


def _places(request: RosterRequest, people: list[Person], grid: Grid) -> NDArray[np.int8]:
    numbers = {group.id: number for number, group in enumerate(request.planning_groups)}
    place = np.full((len(people), grid.slots), ELSEWHERE, np.int8)
    for person in people:
        row = place[person.row]
        for seen in person.shifts:
            row[_slots(grid, seen.start, seen.end)] = OFF_QUEUE
            for piece in seen.pieces:
                where = NOT_ON_QUEUE.get(piece.activity.category, OFF_QUEUE)
                if piece.on_queue:
                    where = numbers.get(piece.activity.planning_group_id or "", OFF_QUEUE)
                row[_slots(grid, piece.start, piece.end)] = where
    return place


def _slots(grid: Grid, start: int, end: int) -> slice:
    return slice(max(0, grid.slot(start)), max(0, grid.slot(end)))

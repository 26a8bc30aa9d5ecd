"""Whether an agent would have a tour if its work plan or its own dates were others."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from schemas.clock import LocalDateTime
from schemas.request import Agent, ShiftDefinition, WorkPlan
from solver.compile import choices
from solver.compile.automata import DEAD
from solver.compile.grid import Calendar, Grid
from solver.compile.shifts import CompiledShift, Families, shifts_of
from solver.rules.base import rule_agent

if TYPE_CHECKING:
    from solver.compile.recipe import Member


def likeness(agent: Agent, plan: WorkPlan) -> Hashable:
    """Equal for agents of whom either all have a tour or none."""
    return (
        plan.id,
        agent.work_plan_shift_ids,
        agent.rotation_position,
        agent.time_zone,
        agent.availability,
        agent.time_off,
        agent.history,
        agent.pinned_shifts,
        agent.published_shifts,
    )


@dataclass
class Trials:
    """Tries agents on one clock; shifts and tables that were worked out once are kept."""

    calendar: Calendar
    grid: Grid
    as_of: LocalDateTime | None = None
    _families: Families = field(default_factory=Families)
    _catalogues: dict[tuple[ShiftDefinition, ...], list[CompiledShift]] = field(default_factory=dict)

    def possible(self, agent: Agent, plan: WorkPlan, *, credit: tuple[int, ...] | None = None) -> bool:
        """Whether the agent has a tour that every hard rule of the plan allows.

        Args:
            agent: with the dates that are tried.
            plan: with the shifts and rules that are tried.
            credit: paid minutes of time off by day, in place of those that the agent's time off brings.
        """
        from solver.compile.recipe import Group, Room, build_graph, has_tour

        catalogue = list(self._catalogue(plan))
        count = len(catalogue)
        member = self._member(agent, catalogue, credit)
        if member.blocked:
            return False
        hard = tuple(rule for rule in plan.rules if rule.cost is None and rule.priced_as != "pay")  # type: ignore[attr-defined]
        group = Group(plan.model_copy(update={"rules": hard}), self.calendar, 0, count, None, [member])
        built = build_graph(group, catalogue, Room())
        root, options = built.graph.roots[built.root_of(member)], built.options_of(member)
        if root == DEAD or not has_tour(built.graph, root, options):
            return False
        if not built.apart.rules:
            return True
        from solver.cpsat.tour import find_tour

        answer = find_tour(built.one_agent(member, options, built.amounts_of(member, options)))
        # What is not known may be possible: a conflict is then not the smallest, but still one.
        return answer.tour is not None or not answer.known

    def _catalogue(self, plan: WorkPlan) -> list[CompiledShift]:
        if plan.shifts not in self._catalogues:
            self._catalogues[plan.shifts] = shifts_of(plan, self.calendar, self.grid, self._families)
        return self._catalogues[plan.shifts]

    def _member(self, agent: Agent, catalogue: list[CompiledShift], credit: tuple[int, ...] | None) -> Member:
        from solver.compile.recipe import Member, pin_shifts

        calendar = self.calendar
        off, own_credit = choices.time_off_of(agent, calendar)
        available = choices.availability_of(agent.availability, calendar)
        start, end = choices.shift_bounds(catalogue)
        allowed = choices.allowed_shifts(start, end, available, off)
        if agent.work_plan_shift_ids:
            own = set(agent.work_plan_shift_ids)
            allowed &= np.array([shift.worked.definition in own for shift in catalogue], bool)
        rules = rule_agent(agent, calendar.written, calendar.days, calendar.zone, self.as_of)
        member = Member(agent, rules, allowed, own_credit if credit is None else credit, {})
        pin_shifts(member, calendar, self.grid, catalogue, self._families, available, off)
        return member

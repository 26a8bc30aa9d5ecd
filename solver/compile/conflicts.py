"""Why an agent has no tour: the smallest set of its own rules and dates that together forbid them all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from solver.compile.model import Conflict
from solver.compile.shifts import CompiledShift
from solver.rules.base import TourRule

if TYPE_CHECKING:
    from schemas.request import WorkPlan
    from solver.compile.grid import Calendar
    from solver.compile.recipe import Member

AVAILABILITY, TIME_OFF, PINS = "availability", "time off", "pinned shifts"


@dataclass(frozen=True)
class Question:
    """An agent without a tour, and all that its answer needs."""

    plan: WorkPlan
    calendar: Calendar
    member: Member
    catalogue: list[CompiledShift]
    first: int
    count: int


def explain(question: Question) -> Conflict:
    """The smallest conflict: parts are left out one at a time, and what can be left out stays out."""
    parts = _parts(question)
    kept = list(parts)
    for part in parts:
        without = [p for p in kept if p is not part]
        if not _possible(question, without):
            kept = without
    names = tuple(_name(part) for part in kept)
    agent = question.member.agent
    who = agent.name or agent.id
    if not names:
        text = f"{who} cannot work at all: work plan {question.plan.id!r} has no shift that fits."
    elif len(names) == 1:
        text = f"{who} has no possible roster: {names[0]} alone forbids every one."
    else:
        text = f"{who} has no possible roster: {', '.join(names[:-1])} and {names[-1]} cannot all hold."
    return Conflict(agent.id, names, text + _advice(names))


def _advice(names: tuple[str, ...]) -> str:
    if any(AVAILABILITY in name for name in names):
        return " Maybe the availability is too narrow for the work plan's shifts."
    if any(PINS in name for name in names):
        return " Maybe a pinned shift has to go."
    return " Maybe one of these limits has to give way, or get a cost instead of being hard."


def _parts(question: Question) -> list[object]:
    """What may be left out, in the order in which it is tried: what a planner would rather keep comes first."""
    agent = question.member.agent
    parts: list[object] = [rule for rule in question.plan.rules if rule.cost is None and rule.priced_as != "pay"]  # type: ignore[attr-defined]
    if agent.pinned_shifts:
        parts.append(PINS)
    if agent.time_off:
        parts.append(TIME_OFF)
    if agent.availability:
        parts.append(AVAILABILITY)
    return parts


def _name(part: object) -> str:
    """How a planner reads the part: the rule with what it demands."""
    if isinstance(part, TourRule):
        fields = part.model_dump(exclude={"kind", "cost"}, exclude_none=True, exclude_defaults=True)
        inner = ", ".join(f"{key} {value}" for key, value in fields.items())
        return f"{part.kind} ({inner})" if inner else part.kind
    return str(part)


def _possible(question: Question, parts: list[object]) -> bool:
    """Whether the agent has a tour when only these parts hold."""
    from solver.compile import choices
    from solver.compile.automata import DEAD
    from solver.compile.recipe import Group, Room, build_graph, has_tour

    member, cal = question.member, question.calendar
    shifts = question.catalogue[question.first : question.first + question.count]
    start, end = choices.shift_bounds(shifts)
    available = choices.availability_of(member.agent.availability or (), cal) if AVAILABILITY in parts else None
    off, _ = choices.time_off_of(member.agent, cal)
    off = off if TIME_OFF in parts else ()
    pins = member.pins if PINS in parts else {}
    for number in pins.values():
        worked = question.catalogue[number].worked
        if available is not None and not available.hold(worked.start, worked.end):
            return False
        if any(worked.start < b and worked.end > a for a, b in off):
            return False
    allowed = choices.allowed_shifts(start, end, available, off) if len(shifts) else np.zeros(0, bool)
    trial = replace(member, allowed=allowed, pins=pins, blocked=())
    rules = tuple(rule for rule in question.plan.rules if any(rule is part for part in parts))
    plan = question.plan.model_copy(update={"rules": rules})
    group = Group(plan, cal, question.first, question.count, None, [trial])
    built = build_graph(group, question.catalogue, Room())
    root = built.graph.roots[built.root_of(trial)]
    options = built.options_of(trial)
    if root == DEAD or not has_tour(built.graph, root, options):
        return False
    if not built.apart.rules:
        return True
    from solver.cpsat.tour import find_tour

    answer = find_tour(built.one_agent(trial, options, built.amounts_of(trial, options)))
    # What is not known may be possible: the conflict is then not the smallest, but still one.
    return answer.tour is not None or not answer.known

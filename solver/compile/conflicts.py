"""Why an agent has no tour: the smallest set of its own rules and dates that together forbid them all."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

from schemas.clock import LocalDateTime
from schemas.request import Agent, WorkPlan
from schemas.rule import Rule
from solver.compile import choices
from solver.compile.grid import Calendar, Grid
from solver.compile.model import Conflict
from solver.compile.trial import Trials, likeness

AVAILABILITY, TIME_OFF, PINS = "availability", "time off", "pinned shifts"
FIELDS = {PINS: "pinned_shifts", TIME_OFF: "time_off", AVAILABILITY: "availability"}
"""Dates of an agent that a conflict may name, in the order in which they are left out."""

Part = Rule | str
"""A rule, or one of the dates."""


@dataclass
class Conflicts:
    """Finds conflicts; agents that are alike have the same one."""

    grid: Grid
    as_of: LocalDateTime | None = None
    _trials: dict[str, Trials] = field(default_factory=dict)
    _found: dict[Hashable, tuple[Part, ...]] = field(default_factory=dict)

    def trials(self, calendar: Calendar) -> Trials:
        """Where agents on this clock are tried."""
        return self._trials.setdefault(calendar.zone.key, Trials(calendar, self.grid, self.as_of))

    def parts(self, agent: Agent, plan: WorkPlan, calendar: Calendar) -> tuple[Part, ...]:
        """The parts of the smallest conflict of an agent without a tour."""
        key = likeness(agent, plan)
        if key not in self._found:
            self._found[key] = tuple(parts_of(agent, plan, self.trials(calendar)))
        return self._found[key]

    def of(self, agent: Agent, plan: WorkPlan, calendar: Calendar) -> Conflict:
        """The smallest conflict in a sentence."""
        return told(agent, plan, tuple(name_of(part) for part in self.parts(agent, plan, calendar)))


def told(agent: Agent, plan: WorkPlan, names: tuple[str, ...]) -> Conflict:
    """A conflict in a sentence."""
    who = agent.name or agent.id
    if not names:
        text = f"{who} cannot work at all: work plan {plan.id!r} has no shift that fits."
    elif len(names) == 1:
        text = f"{who} has no possible roster: {names[0]} alone forbids every one."
    else:
        text = f"{who} has no possible roster: {', '.join(names[:-1])} and {names[-1]} cannot all hold."
    return Conflict(agent.id, names, text + _advice(names))


def parts_of(agent: Agent, plan: WorkPlan, trials: Trials) -> list[Part]:
    """The parts of the smallest conflict: they are left out one at a time, and what can be left out stays out."""
    _, credit = choices.time_off_of(agent, trials.calendar)
    kept: list[Part] = [rule for rule in plan.rules if rule.cost is None and rule.priced_as != "pay"]  # type: ignore[attr-defined]
    kept += [date for date, name in FIELDS.items() if getattr(agent, name)]
    for part in list(kept):
        without = [other for other in kept if other is not part]
        # Time off that is left out still counts toward the hours: it is where the agent is that is tried, not its pay.
        if not trials.possible(*with_parts(agent, plan, without), credit=credit):
            kept = without
    return kept


def with_parts(agent: Agent, plan: WorkPlan, parts: list[Part]) -> tuple[Agent, WorkPlan]:
    """The agent and its plan with these parts alone."""
    rules = tuple(rule for rule in plan.rules if any(rule is part for part in parts))
    left_out = {name: () for date, name in FIELDS.items() if date not in parts}
    return agent.model_copy(update=left_out), plan.model_copy(update={"rules": rules})


def name_of(part: Part) -> str:
    """How a planner reads the part: the rule with what it demands."""
    if isinstance(part, str):
        return part
    fields = part.model_dump(exclude={"kind", "cost"}, exclude_none=True, exclude_defaults=True)
    inner = ", ".join(f"{key} {value}" for key, value in fields.items())
    return f"{part.kind} ({inner})" if inner else part.kind


def _advice(names: tuple[str, ...]) -> str:
    if any(AVAILABILITY in name for name in names):
        return " Maybe the availability is too narrow for the work plan's shifts."
    if any(PINS in name for name in names):
        return " Maybe a pinned shift has to go."
    return " Maybe one of these limits has to give way, or get a cost instead of being hard."

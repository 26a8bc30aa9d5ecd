"""For each agent: how near its shifts come to the limits of its rules, and what became of its wishes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from schemas.explanation import AgentExplanation, MarginState, PreferenceOutcome, RuleMargin
from schemas.money import from_ticks
from schemas.request import Preference, RosterRequest
from solver.explain import words
from solver.explain.standing import Person
from solver.rules.base import Margin, TourRule
from solver.verify.bill import Bill, look_at_preferences
from solver.verify.findings import Case

NEAR = 10
"""A margin is near its limit when it is within one part in so many of it."""

ORDER: tuple[MarginState, ...] = ("broken", "at_limit", "near", "free", "kept")


def explained(request: RosterRequest, person: Person) -> AgentExplanation:
    """What binds the agent, and which of its preferences are met."""
    agent = person.case.agent
    plan = next(n for n, plan in enumerate(request.work_plans) if plan.id == agent.work_plan_id)
    rules = sorted(_margins(person, plan), key=lambda told: ORDER.index(told.state))
    wishes = tuple(_wishes(person))
    paid = sum(seen.paid_minutes for seen in person.shifts) + sum(person.own.credits)
    return AgentExplanation(
        agent_id=agent.id,
        path=person.path,
        work_plan_id=agent.work_plan_id,
        shifts=len(person.shifts),
        paid_minutes=paid,
        rules=tuple(rules),
        preferences=wishes,
        text=words.of_agent(person.case.who, len(person.shifts), paid, rules, wishes),
    )


def _margins(person: Person, plan: int) -> Iterator[RuleMargin]:
    """Of each rule and side the tightest margin."""
    for number, rule in enumerate(person.case.plan.rules):
        assert isinstance(rule, TourRule)
        tightest: dict[tuple[str, str], Margin] = {}
        for margin in rule.margins(person.member.rules, person.own):
            side = margin.which, margin.unit
            if side not in tightest or margin.slack < tightest[side].slack:
                tightest[side] = margin
        for margin in tightest.values():
            yield RuleMargin(
                rule=rule.kind,
                path=f"/work_plans/{plan}/rules/{number}",
                state=_state(margin),
                which=margin.which,
                value=margin.value,
                limit=margin.limit,
                slack=margin.slack,
                unit=margin.unit,
                date=None if margin.day is None else margin.day.date,
                text=words.of_margin(rule.kind, margin),
            )


def _state(margin: Margin) -> MarginState:
    if margin.slack < 0:
        return "broken"
    if margin.which == "never":
        return "kept"
    if margin.slack == 0:
        return "at_limit"
    return "near" if margin.slack * NEAR <= margin.limit else "free"


def _wishes(person: Person) -> Iterator[PreferenceOutcome]:
    """Each preference by itself before the judge."""
    agent = person.case.agent
    for number, preference in enumerate(agent.preferences):
        bill = Bill()
        look_at_preferences(_only(person, preference), list(person.shifts), bill)
        yield PreferenceOutcome(
            path=f"{person.path}/preferences/{number}",
            kind=preference.kind,
            met=bill.preferences == 0,
            cost=from_ticks(bill.preferences),
            text=words.of_preference(preference, bill.preferences == 0, from_ticks(bill.preferences)),
        )


def _only(person: Person, preference: Preference) -> Case:
    """The agent's case as if this were its only preference."""
    agent = person.case.agent.model_copy(update={"preferences": (preference,)})
    return replace(person.case, agent=agent)

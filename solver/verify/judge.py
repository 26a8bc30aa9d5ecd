"""The judgement: each step of it a line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from schemas.request import Agent, RosterRequest
from schemas.roster import Cost, CoverageSeries, PredictedService, Roster, Schedule, Statistics, Violation
from solver.verify.bill import Bill, agent_roster, look_at_pay, look_at_preferences, look_at_rules
from solver.verify.calendar import calendar_of
from solver.verify.coverage import Coverage
from solver.verify.definition import look_at_definition
from solver.verify.findings import Case, Findings
from solver.verify.pins import look_at_pins, pins_of
from solver.verify.presence import look_at_presence
from solver.verify.roster_rules import Counts
from solver.verify.shape import look_at_shape
from solver.verify.statistics import Head, statistics_of
from solver.verify.stints import look_at_stints


@dataclass(frozen=True)
class Judgement:
    """What a roster breaks and what it costs; `violations` is empty when the roster is allowed."""

    cost: Cost
    total_ticks: int
    coverage: tuple[CoverageSeries, ...]
    service: tuple[PredictedService, ...]  # of planning groups with a goal
    violations: tuple[Violation, ...]
    priced_breaches: tuple[Violation, ...]  # of rules that have a cost; allowed
    paid_minutes: dict[str, int]  # by agent, paid time off included
    statistics: Statistics


def judge(request: RosterRequest, roster: Roster) -> Judgement:
    """Judges a roster, whoever made it, by its schedules alone; what it claims to cost and to cover is not looked at.

    An agent without a schedule works nothing, and that is judged too. A shift that cannot be one of the period at all
    (it starts outside it, or has no length) is a violation and counts for nothing else.

    Args:
        request: a request that `read_request` let through.
        roster: any roster, good or bad.
    """
    broken, priced, bill = Findings(), Findings(), Bill()
    calendar = calendar_of(request, ZoneInfo(request.time_zone))
    coverage, counts = Coverage.of(request, calendar), Counts(request, calendar)
    heads = []
    for case in cases_of(request, roster, broken):
        shifts = look_at_shape(case, broken)
        for seen in shifts:
            if seen.pin is None:
                look_at_definition(case, seen, broken)
            look_at_stints(case, seen, broken)
            coverage.add(case.agent, seen)
            counts.add(case.agent, seen)
        look_at_presence(case, shifts, broken)
        look_at_pins(case, shifts, broken)
        own = agent_roster(case, shifts)
        paid = look_at_pay(case, shifts, own, bill, broken)
        look_at_rules(case, own, bill, broken, priced)
        look_at_preferences(case, shifts, bill)
        heads.append(Head(case.agent.id, len(shifts), paid))
    counts.charge(bill, broken, priced)
    bill.understaffing, bill.overstaffing = coverage.cost()
    goals = coverage.goals()
    bill.service = sum(goal.cost() for goal in goals)
    return Judgement(
        cost=bill.cost(),
        total_ticks=bill.total,
        coverage=coverage.series(),
        service=tuple(span for goal in goals for span in goal.predicted()),
        violations=tuple(broken.violations),
        priced_breaches=tuple(priced.violations),
        paid_minutes={head.agent_id: head.paid_minutes for head in heads},
        statistics=statistics_of(heads, bill, coverage.totals()),
    )


def cases_of(request: RosterRequest, roster: Roster, findings: Findings) -> Iterator[Case]:
    """Every agent with its schedule: those of the roster in its order, then those that it leaves out."""
    agents = {agent.id: agent for agent in request.agents}
    waiting = dict(agents)
    for number, schedule in enumerate(roster.schedules):
        path = f"/schedules/{number}"
        agent = agents.get(schedule.agent_id)
        if agent is None:
            findings.note("unknown_agent", f"The request has no agent {schedule.agent_id!r}.", path=path)
        elif waiting.pop(agent.id, None) is None:
            case = _case(request, agent, schedule, path)
            findings.note(
                "agent_twice", f"{case.who} has more than one schedule; the first counts.", case=case, path=path
            )
        else:
            yield _case(request, agent, schedule, path)
    for agent in waiting.values():
        yield _case(request, agent, Schedule(agent_id=agent.id), None)


def _case(request: RosterRequest, agent: Agent, schedule: Schedule, path: str | None) -> Case:
    plan = next(plan for plan in request.work_plans if plan.id == agent.work_plan_id)
    calendar = calendar_of(request, ZoneInfo(agent.time_zone or request.time_zone))
    origin = calendar_of(request, ZoneInfo(request.time_zone)).begins_at
    return Case(request, agent, plan, calendar, origin, pins_of(agent, calendar), schedule, path)

"""The judgement: each step a line."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from schemas.money import from_ticks
from schemas.request import RosterRequest
from schemas.roster import Cost, CoverageSeries, Roster, Schedule, Statistics, Violation
from solver.rules.base import AgentRoster, Breach, RuleAgent, TourRule, Worked
from solver.verify.calendar import clock_at, days_in
from solver.verify.findings import Case, Findings, Seen
from solver.verify.presence import look_at_pins, look_at_presence, pin_for
from solver.verify.price import Coverage
from solver.verify.shape import look_at_shape
from solver.verify.shifts import look_at_definition
from solver.verify.stints import look_at_stints


@dataclass
class _Ticks:
    """Money by part, in ticks."""

    regular_pay: int = 0
    overtime_pay: Fraction = Fraction(0)
    understaffing: int = 0
    overstaffing: int = 0
    preferences: int = 0
    rules: int = 0

    @property
    def total(self) -> Fraction:
        return self.regular_pay + self.overtime_pay + self.understaffing + self.overstaffing + self.preferences + self.rules


@dataclass(frozen=True)
class Judgement:
    """What a roster breaks and what it costs; `violations` is empty when the roster is allowed."""

    cost: Cost
    total_ticks: Fraction
    coverage: tuple[CoverageSeries, ...]
    violations: tuple[Violation, ...]
    priced_breaches: tuple[Violation, ...]
    paid_minutes: dict[str, int]
    statistics: Statistics


def judge(request: RosterRequest, roster: Roster) -> Judgement:
    """Judges a roster, whoever made it."""
    court = _Court(request)
    court.hear(roster)
    return court.judgement()


class _Court:
    """Gathers findings, money and coverage, agent by agent."""

    def __init__(self, request: RosterRequest) -> None:
        self._request = request
        self._findings = Findings()
        self._priced = Findings()
        self._ticks = _Ticks()
        self._coverage = Coverage.of(request)
        self._paid: dict[str, int] = {}
        self._shifts = self._scheduled = self._overtime = 0

    def hear(self, roster: Roster) -> None:
        """Every schedule against its agent; agents without a schedule work nothing, and that is judged too."""
        agents = {agent.id: agent for agent in self._request.agents}
        plans = {plan.id: plan for plan in self._request.work_plans}
        heard: set[str] = set()
        for number, schedule in enumerate(roster.schedules):
            path = f"/schedules/{number}"
            agent = agents.get(schedule.agent_id)
            if agent is None:
                self._findings.add("unknown_agent", f"There is no agent {schedule.agent_id!r} in the request.", path=path)
            elif agent.id in heard:
                self._findings.add("agent_twice", f"{agent.name or agent.id} has two schedules.", agent=agent.id, path=path)
            else:
                heard.add(agent.id)
                zone = ZoneInfo(agent.time_zone or self._request.time_zone)
                self._one(Case(self._request, agent, plans[agent.work_plan_id], zone, days_in(self._request, zone), schedule, path))
        for agent in self._request.agents:
            if agent.id not in heard:
                zone = ZoneInfo(agent.time_zone or self._request.time_zone)
                nothing = Schedule(agent_id=agent.id, shifts=())
                self._one(Case(self._request, agent, plans[agent.work_plan_id], zone, days_in(self._request, zone), nothing, ""))

    def _one(self, case: Case) -> None:
        seen = look_at_shape(case, self._findings)
        for shift in seen:
            if pin_for(case, shift) is None:
                look_at_definition(case, shift, self._findings)
                look_at_stints(case, shift, self._findings)
            self._coverage.add(case.agent, shift.shift)
            if shift.shift.paid_minutes is not None and shift.shift.paid_minutes != shift.paid:
                self._findings.add(
                    "wrong_paid_minutes", f"{case.who}, {shift.shift.date}: the shift has {shift.paid} paid minutes, not {shift.shift.paid_minutes}.",
                    agent=case.agent.id, day=shift.shift.date, path=shift.path,
                )
        look_at_presence(case, seen, self._findings)
        look_at_pins(case, seen, self._findings)
        own = _agent_roster(case, seen)
        self._pay(case, seen, own)
        self._rules(case, own)
        self._preferences(case, seen)
        self._shifts += len(seen)
        self._scheduled += bool(seen)

    def _pay(self, case: Case, seen: list[Seen], own: AgentRoster) -> None:
        worked = sum(shift.paid for shift in seen)
        self._ticks.regular_pay += worked * _per_minute(case.agent.hourly_cost)
        paid = worked + sum(own.credits)
        self._paid[case.agent.id] = paid
        stated = case.schedule.paid_minutes
        if stated is not None and stated != paid:
            self._findings.add(
                "wrong_paid_minutes", f"{case.who} has {paid} paid minutes, not {stated}.", agent=case.agent.id, path=case.path or None
            )

    def _rules(self, case: Case, own: AgentRoster) -> None:
        history = case.agent.history
        ended = None if history.last_shift_end is None else history.last_shift_end.utc_minute(case.zone)
        person = RuleAgent(case.agent.id, case.agent.name, history, ended, case.days[0])
        for rule in case.plan.rules:
            assert isinstance(rule, TourRule)
            for breach in rule.breaches(person, own):
                if rule.priced_as == "pay":
                    self._overtime += breach.units
                    self._ticks.overtime_pay += breach.units * rule.extra_rate * _per_minute(case.agent.hourly_cost)
                elif rule.cost is None:
                    self._note(self._findings, case, breach)
                else:
                    self._ticks.rules += breach.units * int(rule.cost * 10_000) * 60_000
                    self._note(self._priced, case, breach)

    def _note(self, findings: Findings, case: Case, breach: Breach) -> None:
        day = None if breach.day is None else breach.day.date
        findings.add(breach.kind, breach.text, agent=case.agent.id, day=day, path=case.path or None)

    def _preferences(self, case: Case, seen: list[Seen]) -> None:
        """Avoid: for the minutes of shifts inside the window; prefer: for the minutes of the window outside all shifts."""
        for preference in case.agent.preferences:
            start, end = preference.start.utc_minute(case.zone), preference.end.utc_minute(case.zone)
            inside = sum(max(0, min(end, s.end) - max(start, s.start)) for s in seen)
            minutes = inside if preference.kind == "avoid" else end - start - inside
            self._ticks.preferences += minutes * _per_minute(preference.cost_per_hour)

    def judgement(self) -> Judgement:
        """What was found, added up."""
        ticks = self._ticks
        ticks.understaffing, ticks.overstaffing = self._coverage.cost()
        required, scheduled, short, over = self._coverage.totals()
        return Judgement(
            cost=Cost(
                total=from_ticks(ticks.total),
                regular_pay=from_ticks(ticks.regular_pay),
                overtime_pay=from_ticks(ticks.overtime_pay),
                understaffing=from_ticks(ticks.understaffing),
                overstaffing=from_ticks(ticks.overstaffing),
                preferences=from_ticks(ticks.preferences),
                rules=from_ticks(ticks.rules),
            ),
            total_ticks=ticks.total,
            coverage=self._coverage.series(),
            violations=tuple(self._findings.violations),
            priced_breaches=tuple(self._priced.violations),
            paid_minutes=self._paid,
            statistics=Statistics(
                agents_scheduled=self._scheduled,
                shifts=self._shifts,
                coverage_percent=round(100 * (required - short) / required, 3) if required else 100.0,
                overtime_minutes=self._overtime,
                required_hours=round(required / 60_000, 3),
                scheduled_hours=round(scheduled / 60_000, 3),
                short_hours=round(short / 60_000, 3),
                over_hours=round(over / 60_000, 3),
            ),
        )


def _agent_roster(case: Case, seen: list[Seen]) -> AgentRoster:
    """The roster as the rules read it: one shift a day, and the credit of paid time off."""
    worked: list[Worked | None] = [None] * len(case.days)
    for shift in seen:
        if shift.day is not None:
            clock = clock_at(shift.start, shift.day.date, case.zone)
            worked[shift.day.index] = Worked(shift.start, shift.end, shift.paid, shift.shift.work_plan_shift_id, clock)
    credits = [0] * len(case.days)
    for off in case.agent.time_off:
        start, end = off.start.utc_minute(case.zone), off.end.utc_minute(case.zone)
        for day in case.days:
            if start < day.ends_at and day.starts_at < end:
                credits[day.index] += off.paid_minutes
                break
    return AgentRoster(case.days, tuple(worked), tuple(credits))


def _per_minute(per_hour: Decimal) -> int:
    """Ticks a minute of a whole head."""
    return int(per_hour * 10_000) * 1000

"""What agents cost: pay, overtime, preferences and priced rules, in ticks."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.money import from_ticks, ticks, ticks_per_hour_to_minute
from schemas.roster import Cost
from solver.rules.base import AgentRoster, Breach, TourRule, Worked, repeated, rule_agent
from solver.verify.calendar import clock_at
from solver.verify.findings import Case, Findings, Seen


@dataclass
class Bill:
    """Money by part, in ticks."""

    regular_pay: int = 0
    overtime_pay: int = 0
    understaffing: int = 0
    overstaffing: int = 0
    service: int = 0
    preferences: int = 0
    rules: int = 0
    overtime_minutes: int = 0

    @property
    def total(self) -> int:
        return (
            self.regular_pay
            + self.overtime_pay
            + self.understaffing
            + self.overstaffing
            + self.service
            + self.preferences
            + self.rules
        )

    def cost(self) -> Cost:
        """In the request's currency."""
        return Cost(
            total=from_ticks(self.total),
            regular_pay=from_ticks(self.regular_pay),
            overtime_pay=from_ticks(self.overtime_pay),
            understaffing=from_ticks(self.understaffing),
            overstaffing=from_ticks(self.overstaffing),
            service=from_ticks(self.service),
            preferences=from_ticks(self.preferences),
            rules=from_ticks(self.rules),
        )


def look_at_pay(case: Case, shifts: list[Seen], own: AgentRoster, bill: Bill, findings: Findings) -> int:
    """Bills the regular pay, holds what the roster says of paid minutes to it, and gives them: shifts and paid time off."""
    for seen in shifts:
        if seen.shift.paid_minutes not in (None, seen.paid_minutes):
            text = f"{case.who}, {seen.day.date}: the shift has {seen.paid_minutes} paid minutes, not {seen.shift.paid_minutes}."
            findings.note("wrong_paid_minutes", text, case=case, day=seen.day, path=f"{seen.path}/paid_minutes")
    worked = sum(seen.paid_minutes for seen in shifts)
    bill.regular_pay += worked * ticks_per_hour_to_minute(case.agent.hourly_cost)
    paid = worked + sum(own.credits)
    if case.schedule.paid_minutes not in (None, paid):
        text = f"{case.who} has {paid} paid minutes, paid time off included, not {case.schedule.paid_minutes}."
        findings.note("wrong_paid_minutes", text, case=case, path=f"{case.path}/paid_minutes")
    return paid


def look_at_rules(case: Case, own: AgentRoster, bill: Bill, broken: Findings, priced: Findings) -> None:
    """Hard rules that are broken are findings, priced ones and overtime go on the bill."""
    person = rule_agent(case.agent, case.calendar.written, case.calendar.days, case.calendar.zone, case.request.as_of)
    if case.request.planning_period.cyclic:
        person = repeated(person, own.shifts)
    for rule in case.plan.rules:
        assert isinstance(rule, TourRule), f"The rule book has no judge for {rule.kind}."
        for breach in rule.breaches(person, own):
            if rule.priced_as == "pay":
                bill.overtime_minutes += breach.units
                bill.overtime_pay += breach.units * _extra_per_minute(case, rule)
            elif rule.cost is None:
                _note(case, breach, broken)
            else:
                bill.rules += breach.units * ticks(rule.cost)
                _note(case, breach, priced)


def _extra_per_minute(case: Case, rule: TourRule) -> int:
    """Ticks that a minute costs on top of the ordinary rate; multipliers have three decimals, so they are whole."""
    extra = rule.extra_rate * ticks_per_hour_to_minute(case.agent.hourly_cost)
    assert extra.denominator == 1
    return extra.numerator


def _note(case: Case, breach: Breach, findings: Findings) -> None:
    findings.note(breach.kind, breach.text, case=case, day=breach.day, path=case.path)


def look_at_preferences(case: Case, shifts: list[Seen], bill: Bill) -> None:
    """Avoid costs for the minutes of shifts in the window, prefer for those of the window outside all shifts.

    With a cost for the whole shift, avoid costs when a shift that is meant starts in the window, prefer when none does.
    """
    for preference in case.agent.preferences:
        start = preference.start.utc_minute(case.calendar.written)
        end = preference.end.utc_minute(case.calendar.written)
        if preference.cost_per_hour is not None:
            inside = sum(max(0, min(end, seen.end) - max(start, seen.start)) for seen in shifts)
            minutes = inside if preference.kind == "avoid" else end - start - inside
            bill.preferences += minutes * ticks_per_hour_to_minute(preference.cost_per_hour)
        if preference.cost is not None:
            meant = any(start <= seen.start < end and _is_one_of(seen, preference.shift_ids) for seen in shifts)
            bill.preferences += ticks(preference.cost) if meant == (preference.kind == "avoid") else 0


def _is_one_of(seen: Seen, shift_ids: tuple[str, ...]) -> bool:
    return not shift_ids or seen.shift.work_plan_shift_id in shift_ids


def agent_roster(case: Case, shifts: list[Seen]) -> AgentRoster:
    """The agent's roster as the rules read it: the shift of each day, and the credit of paid time off."""
    worked: list[Worked | None] = [None] * len(case.calendar.days)
    for seen in shifts:
        clocks = [clock_at(minute, seen.day.date, case.calendar.zone) for minute in (seen.start, seen.end)]
        named = seen.shift.work_plan_shift_id
        worked[seen.day.index] = Worked(seen.start, seen.end, seen.paid_minutes, named, *clocks)
    return AgentRoster(case.calendar.days, tuple(worked), _credits(case))


def _credits(case: Case) -> tuple[int, ...]:
    """Paid minutes of time off, each on the first day of the period that it touches."""
    minutes = [0] * len(case.calendar.days)
    for off in case.agent.time_off:
        start, end = off.start.utc_minute(case.calendar.written), off.end.utc_minute(case.calendar.written)
        touched = next((day for day in case.calendar.days if start < day.ends_at and day.starts_at < end), None)
        if touched is not None:
            minutes[touched.index] += off.paid_minutes
    return tuple(minutes)

"""How many days of a week can be worked at most: what the shifts of a work plan and its hard rules leave."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from schemas.request import ShiftDefinition, WorkPlan
from schemas.rule import Rule
from solver.rules.consecutive_days import ConsecutiveDays
from solver.rules.days_worked import DaysWorked
from solver.rules.forbidden_successions import ForbiddenSuccessions
from solver.rules.free_day_patterns import FreeDayPatterns
from solver.rules.kinds import ShiftKind
from solver.rules.minimum_rest import MinimumRest
from solver.rules.split_weekly_rest import SplitWeeklyRest

DAYS_A_WEEK = 7
MINUTES_A_DAY = 1440
CLOCK_PUT_BACK = 60
"""Minutes that a week may have more than others."""


@dataclass(frozen=True)
class Most:
    """The most days that can be worked in a week, and what says so."""

    days: int
    because: str


def most_days(plan: WorkPlan, hard: list[Rule]) -> Most:
    """The least of what the shifts' weekdays and the rules let be worked in one week."""
    days = {day for shift in plan.shifts for day in shift.days}
    found = [Most(len(days), f"its shifts are for {len(days)} days of the week")]
    for rule in hard:
        if isinstance(rule, DaysWorked) and rule.per == "week" and rule.max is not None:
            found.append(Most(rule.max, f"days_worked allows {rule.max}"))
        elif isinstance(rule, ConsecutiveDays) and rule.max is not None:
            off = DAYS_A_WEEK // (rule.max + 1)
            found.append(Most(DAYS_A_WEEK - off, f"consecutive_days allows {rule.max} in a row"))
        elif isinstance(rule, FreeDayPatterns) and rule.together is not None:
            found.append(Most(DAYS_A_WEEK - rule.together, f"free_day_patterns asks for {rule.together} days off"))
        elif isinstance(rule, ForbiddenSuccessions) and _no_shift_follows_another(plan, rule):
            found.append(Most(-(-DAYS_A_WEEK // 2), "forbidden_successions let no shift follow another the next day"))
        elif isinstance(rule, SplitWeeklyRest) and plan.shifts:
            found.append(_by_weekly_rest(plan, rule))
        elif isinstance(rule, MinimumRest) and plan.shifts:
            found.append(_by_rest(plan, rule))
    return min(found, key=lambda most: most.days)


def _by_rest(plan: WorkPlan, rule: MinimumRest) -> Most:
    """Starts lie a shift and a rest apart, and the first and the last of a week at most so far as its days do."""
    apart = min(shift.length_minutes.min for shift in plan.shifts) + rule.minutes
    earliest = min(shift.start.earliest for shift in plan.shifts)
    latest = max(shift.start.latest for shift in plan.shifts)
    reach = (DAYS_A_WEEK - 1) * MINUTES_A_DAY + latest - earliest + CLOCK_PUT_BACK
    return Most(min(DAYS_A_WEEK, 1 + reach // apart), f"minimum_rest asks for {rule.minutes} minutes between shifts")


def _by_weekly_rest(plan: WorkPlan, rule: SplitWeeklyRest) -> Most:
    """The first days of the week, up to the end of a shift, and the last, from a start on, are what the rest leaves."""
    first_end = min(shift.start.earliest + shift.length_minutes.min for shift in plan.shifts)
    last_start = max(shift.start.latest for shift in plan.shifts)
    left = DAYS_A_WEEK * MINUTES_A_DAY + CLOCK_PUT_BACK - rule.minutes

    def fits(before: int, after: int) -> bool:
        until = (before - 1) * MINUTES_A_DAY + first_end if before else 0
        since = max(0, after * MINUTES_A_DAY - last_start)
        return before + after <= DAYS_A_WEEK and until + since <= left

    numbers = range(DAYS_A_WEEK + 1)
    most = max((before + after for before, after in product(numbers, numbers) if fits(before, after)), default=0)
    return Most(most, f"split_weekly_rest asks for {rule.minutes} minutes")


def _no_shift_follows_another(plan: WorkPlan, rule: ForbiddenSuccessions) -> bool:
    """Whether every shift of the work plan forbids every one on the next day."""
    return all(
        any(_means_all_of(each.after, first) and _means_all_of(each.forbidden, then) for each in rule.successions)
        for first, then in product(plan.shifts, plan.shifts)
    )


def _means_all_of(kind: ShiftKind, shift: ShiftDefinition) -> bool:
    """Whether it is certain that the shift is meant, whenever it starts and however long it is."""
    return shift.id in kind.shift_ids and kind.starts is None and kind.stops is None

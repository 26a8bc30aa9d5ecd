"""Hard rules that can never hold, alone or beside others of their work plan, found by plain arithmetic.

What is found here is certain; not everything that cannot be is found. Whether an agent with its own dates has a roster
is for the compiler to say, which tries.
"""

from __future__ import annotations

from collections.abc import Iterator

from schemas.clock import clock_text
from schemas.request import Agent, RosterRequest, ShiftDefinition, WorkPlan
from schemas.roster import Message
from schemas.rule import Rule
from solver.reading.days_of_a_week import DAYS_A_WEEK, MINUTES_A_DAY, Most, most_days
from solver.reading.structure import pointer
from solver.rules.base import many
from solver.rules.consecutive_days_off import ConsecutiveDaysOff
from solver.rules.days_worked import DaysWorked
from solver.rules.limits import WeekOrPeriod
from solver.rules.paid_minutes import PaidMinutes
from solver.rules.rotation import Rotation
from solver.rules.shift_count import ShiftCount

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def contradictions(request: RosterRequest) -> tuple[Message, ...]:
    """What of the work plans that somebody has can never hold, each with a cure."""
    own: dict[str, list[Agent]] = {}
    for agent in request.agents:
        own.setdefault(agent.work_plan_id, []).append(agent)
    return tuple(
        message
        for number, plan in enumerate(request.work_plans)
        if plan.id in own
        for message in _of_plan(request, plan, number, own[plan.id])
    )


def _of_plan(request: RosterRequest, plan: WorkPlan, number: int, agents: list[Agent]) -> Iterator[Message]:
    hard = [(index, rule) for index, rule in enumerate(plan.rules) if rule.cost is None]
    most = most_days(plan, [rule for _, rule in hard])
    # Pinned shifts, paid time off and history may add what the work plan alone cannot.
    plain = [agent for agent in agents if _is_plain(agent)]
    for index, rule in hard:
        place = pointer(("work_plans", number, "rules", index))
        if isinstance(rule, Rotation):
            yield from _rotation(request, rule, [other for _, other in hard], plain, place)
        if isinstance(rule, WeekOrPeriod) and _asks_for_some(rule):
            yield from _against_others(rule, [other for _, other in hard], place)
            yield from _against_the_period(request, rule, [other for _, other in hard], place)
        if isinstance(rule, ShiftCount) and _asks_for_some(rule):
            yield from _of_no_shift(plan, rule, place)
        if not plain or not (isinstance(rule, WeekOrPeriod) and (rule.per == "period" or _whole_weeks(request))):
            continue
        if isinstance(rule, (DaysWorked, ShiftCount)) and _asks_for_some(rule):
            yield from _too_many_days(request, rule, most, place)
        if isinstance(rule, ShiftCount) and _asks_for_some(rule):
            yield from _too_many_together(rule, [other for _, other in hard], most, place)
        if isinstance(rule, PaidMinutes) and _asks_for_some(rule):
            yield from _too_many_minutes(request, plan, rule, most, place)
        if isinstance(rule, DaysWorked) and rule.max is not None:
            yield from _too_few_days(request, rule, rule.max, [other for _, other in hard], place)
        if isinstance(rule, PaidMinutes) and rule.max is not None:
            yield from _too_few_minutes(request, plan, rule, rule.max, [other for _, other in hard], place)


def _is_plain(agent: Agent) -> bool:
    """Whether nothing but the shifts of the period counts toward the agent's sums."""
    history = agent.history
    before = history.paid_minutes_in_week + history.paid_minutes_in_period
    before += history.days_worked_in_week + history.days_worked_in_period + len(history.shifts)
    return not before and not agent.pinned_shifts and not any(off.paid_minutes for off in agent.time_off)


def _asks_for_some(rule: WeekOrPeriod) -> bool:
    return bool(rule.min) and not rule.or_none


def _whole_weeks(request: RosterRequest) -> range:
    """The weeks of the period of which every day lies in it, counted from the one in which it begins."""
    period = request.planning_period
    first = WEEK.index(request.week_starts_on)
    into_week = (period.start_date.weekday() - first) % DAYS_A_WEEK
    return range(int(into_week > 0), (into_week + period.days) // DAYS_A_WEEK)


def _paid(request: RosterRequest, plan: WorkPlan) -> list[int]:
    """Paid minutes of every length of every shift."""
    return [
        _paid_minutes(shift, length)
        for shift in plan.shifts
        for length in range(
            shift.length_minutes.min,
            shift.length_minutes.max + 1,
            shift.length_minutes.increment or request.interval_minutes,
        )
    ]


def _paid_minutes(shift: ShiftDefinition, length: int) -> int:
    due = (
        activity.minutes
        for activity in shift.activities
        if not activity.paid
        and (
            activity.when_length_minutes is None
            or (
                (activity.when_length_minutes.min or 0) <= length
                and (activity.when_length_minutes.max is None or length <= activity.when_length_minutes.max)
            )
        )
    )
    return length - sum(due)


def _against_others(rule: WeekOrPeriod, hard: list[Rule], place: str) -> Iterator[Message]:
    """A least above another rule's most of the very same."""
    least = rule.min or 0
    for other in hard:
        if not isinstance(other, WeekOrPeriod) or other is rule or _of_what(other) != _of_what(rule):
            continue
        if other.max is not None and other.max < least:
            yield _message(
                f"{place}/min",
                f"{rule.kind} asks for at least {least} {rule.unit}s{rule.span_words}, and another {rule.kind} of the "
                f"work plan allows at most {other.max}. Maybe one of the two is a mistake.",
            )


def _against_the_period(request: RosterRequest, rule: WeekOrPeriod, hard: list[Rule], place: str) -> Iterator[Message]:
    """A least of every week that is more, in all weeks together, than the most of the period."""
    weeks = len(_whole_weeks(request))
    if rule.per != "week":
        return
    least = weeks * (rule.min or 0)
    for other in hard:
        if not isinstance(other, WeekOrPeriod) or other.per != "period" or _what(other) != _what(rule):
            continue
        if other.max is not None and other.max < least:
            yield _message(
                f"{place}/min",
                f"{rule.kind} asks for at least {rule.min} {rule.unit}s a week, which are {least} in the {weeks} weeks of "
                f"the period, and another {rule.kind} allows at most {other.max} in the period. "
                f"Maybe a max of {least} is meant there.",
            )


def _of_no_shift(plan: WorkPlan, rule: ShiftCount, place: str) -> Iterator[Message]:
    """A least of shifts that start when none of the work plan does."""
    window = rule.starts
    if window is None:
        return
    named = [shift for shift in plan.shifts if not rule.shift_ids or shift.id in rule.shift_ids]
    # A window may run past midnight, so a clock time is looked for on the next day as well.
    spans = [(shift.start.earliest + day, shift.start.latest + day) for shift in named for day in (0, MINUTES_A_DAY)]
    if not any(first <= window.latest and window.earliest <= last for first, last in spans):
        found = ", ".join(f"{shift.id!r} from {clock_text(shift.start.earliest)}" for shift in named[:5]) or "none"
        yield _message(
            f"{place}/starts",
            f"shift_count asks for at least {rule.min} {rule.unit}s{rule.span_words} that start from "
            f"{clock_text(window.earliest)} to {clock_text(window.latest)}, and none of the work plan can; it has {found}. "
            "Maybe the window is another one.",
        )


def _too_many_together(rule: ShiftCount, hard: list[Rule], most: Most, place: str) -> Iterator[Message]:
    """Shifts of several kinds that are more together than the week has days to work; told at the last of the rules."""
    others = [
        other
        for other in hard
        if isinstance(other, ShiftCount) and _asks_for_some(other) and other.per == "week" and _by_ids_alone(other)
    ]
    if rule.per != "week" or len(others) < 2 or rule is not others[-1]:
        return
    names = [id_ for other in others for id_ in set(other.shift_ids)]
    least = sum(other.min or 0 for other in others)
    if len(names) == len(set(names)) and least > most.days >= max(other.min or 0 for other in others):
        parts = " and ".join(f"{other.min} of {', '.join(other.shift_ids)}" for other in others)
        yield _message(
            f"{place}/min",
            f"shift_count asks for at least {parts} a week, together {least}, and {most.days} are the most there can be: "
            f"{most.because}. Maybe fewer of one kind are enough.",
        )


def _by_ids_alone(rule: ShiftCount) -> bool:
    return bool(rule.shift_ids) and rule.starts is None and rule.stops is None


def _of_what(rule: WeekOrPeriod) -> tuple[object, ...]:
    """What the rule counts, over which time."""
    return (rule.per, *_what(rule))


def _what(rule: WeekOrPeriod) -> tuple[object, ...]:
    """What the rule counts."""
    kinds = (rule.shift_ids, rule.starts, rule.stops) if isinstance(rule, ShiftCount) else ()
    return (rule.kind, *kinds)


def _too_many_days(request: RosterRequest, rule: DaysWorked | ShiftCount, most: Most, place: str) -> Iterator[Message]:
    least = rule.min or 0
    if rule.per == "period":
        most = Most(request.planning_period.days, f"the period has {request.planning_period.days} days")
    if least > most.days:
        yield _message(
            f"{place}/min",
            f"{rule.kind} asks for at least {least} {rule.unit}s{rule.span_words}, and {most.days} are the most there "
            f"can be: {most.because}. Maybe a min of {most.days} is meant.",
        )


def _too_few_days(
    request: RosterRequest, rule: DaysWorked, most: int, hard: list[Rule], place: str
) -> Iterator[Message]:
    """Days that have to be worked so that nobody is off for longer than may be, and are more than may be worked."""
    weeks = len(_whole_weeks(request))
    spans, days = (1, request.planning_period.days) if rule.per == "period" else (weeks, weeks * DAYS_A_WEEK)
    for other in hard:
        if not isinstance(other, ConsecutiveDaysOff) or other.max is None:
            continue
        least = days // (other.max + 1)
        if least > spans * most:
            yield _message(
                f"{place}/max",
                f"days_worked allows at most {most} days{rule.span_words}, and consecutive_days_off lets nobody be off "
                f"for more than {many(other.max, 'day')} in a row, so that at least {least} of {days} days are worked. "
                f"Maybe a max of {-(-least // spans)} is meant, or more days off in a row.",
            )


def _too_many_minutes(
    request: RosterRequest, plan: WorkPlan, rule: PaidMinutes, most: Most, place: str
) -> Iterator[Message]:
    """Hours that no choice of shifts reaches."""
    least, longest = rule.min or 0, max(_paid(request, plan), default=0)
    days = most.days if rule.per == "week" else request.planning_period.days
    if least <= days * longest:
        return
    because = f" ({most.because})" if rule.per == "week" and days < DAYS_A_WEEK else ""
    need = -(-least // days) if days else least
    more = f"{days + 1} days, or " if rule.per == "week" and days < DAYS_A_WEEK else ""
    yield _message(
        f"{place}/min",
        f"paid_minutes asks for at least {least} minutes{rule.span_words}, and no choice of shifts reaches them: "
        f"{days} days{because} of at most {longest} paid minutes are {days * longest}. "
        f"Maybe {more}shifts of {need} paid minutes are needed.",
    )


def _too_few_minutes(
    request: RosterRequest, plan: WorkPlan, rule: PaidMinutes, most: int, hard: list[Rule], place: str
) -> Iterator[Message]:
    """Days that have to be worked and do not fit into the hours."""
    shortest = min(_paid(request, plan), default=0)
    for other in hard:
        if not isinstance(other, DaysWorked) or other.per != rule.per or not _asks_for_some(other):
            continue
        least = (other.min or 0) * shortest
        if least > most:
            yield _message(
                f"{place}/max",
                f"paid_minutes allows at most {most} minutes{rule.span_words}, and the {other.min} days that "
                f"days_worked asks for have at least {least}. Maybe shorter shifts are needed.",
            )


def _rotation(
    request: RosterRequest, rule: Rotation, hard: list[Rule], plain: list[Agent], place: str
) -> Iterator[Message]:
    """Weeks without shifts where each week has to have some."""
    asks = [other for other in hard if isinstance(other, (DaysWorked, PaidMinutes)) and _asks_for_some(other)]
    least = next((other for other in asks if other.per == "week"), None)
    counts = [
        other for other in hard if isinstance(other, ShiftCount) and other.per == "week" and _asks_for_some(other)
    ]
    number = len(rule.weeks_of_shifts)
    reached = {(agent.rotation_position + week) % number for agent in plain for week in _whole_weeks(request)}
    for week, shifts in enumerate(rule.weeks_of_shifts):
        where = f"{place}/weeks_of_shifts/{week}"
        if least is not None and week in reached and not shifts:
            yield _message(
                where,
                f"Week {week + 1} of the rotation has no shift, and {least.kind} asks for at least {least.min} "
                f"{least.unit}s in every week. Maybe `or_none` is meant there: whoever works nothing is let pass.",
            )
        for other in counts:
            if week in reached and shifts and other.shift_ids and set(other.shift_ids).isdisjoint(shifts):
                yield _message(
                    where,
                    f"Week {week + 1} of the rotation has {', '.join(shifts)}, and shift_count asks for at least "
                    f"{other.min} of {', '.join(other.shift_ids)} in every week. Maybe a count per period is meant.",
                )


def _message(path: str, text: str) -> Message:
    return Message(code="cannot_hold", severity="error", text=text, path=path)

"""The rule book: one file a rule. To add one, write its file and name it here."""

from solver.rules.base import (
    AgentRoster,
    Breach,
    Day,
    Lever,
    Margin,
    RuleAgent,
    Step,
    SummingRule,
    TourRule,
    Worked,
    rule_agent,
)
from solver.rules.consecutive_days import ConsecutiveDays
from solver.rules.consecutive_days_off import ConsecutiveDaysOff
from solver.rules.consecutive_shifts import ConsecutiveShifts
from solver.rules.days_worked import DaysWorked
from solver.rules.different_shifts import DifferentShifts
from solver.rules.employment import Employment
from solver.rules.fairness import Fairness
from solver.rules.forbidden_successions import ForbiddenSuccessions
from solver.rules.free_day_patterns import FreeDayPatterns
from solver.rules.minimum_rest import MinimumRest
from solver.rules.minimum_shift_notice import MinimumShiftNotice
from solver.rules.overtime import Overtime
from solver.rules.paid_minutes import PaidMinutes
from solver.rules.paid_minutes_average import PaidMinutesAverage
from solver.rules.rotation import Rotation
from solver.rules.shift_count import ShiftCount
from solver.rules.split_weekly_rest import SplitWeeklyRest
from solver.rules.start_distance import StartDistance
from solver.rules.start_variance import StartVariance
from solver.rules.weekends import Weekends
from solver.rules.weekends_worked import WeekendsWorked

BOOK: tuple[type[TourRule], ...] = (
    PaidMinutes,
    DaysWorked,
    MinimumRest,
    ConsecutiveDays,
    ConsecutiveDaysOff,
    WeekendsWorked,
    ShiftCount,
    ForbiddenSuccessions,
    ConsecutiveShifts,
    StartDistance,
    StartVariance,
    DifferentShifts,
    SplitWeeklyRest,
    FreeDayPatterns,
    Weekends,
    PaidMinutesAverage,
    Rotation,
    MinimumShiftNotice,
    Fairness,
    Employment,
    Overtime,
)

__all__ = [
    "BOOK",
    "AgentRoster",
    "Breach",
    "Day",
    "Lever",
    "Margin",
    "MinimumRest",
    "RuleAgent",
    "Step",
    "SummingRule",
    "TourRule",
    "Worked",
    "rule_agent",
]

"""People over time: they are trained, learn, and leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from schemas.capacity import CapacityRequest, Staff

WEEKS_PER_MONTH = 365.25 / 12 / 7


@dataclass(frozen=True)
class Tenure:
    """What is to be expected of a hundred who start together, by weeks since they started."""

    request: CapacityRequest

    def leaves(self, age: int | None) -> float:
        """Share of those there at the beginning of the week who leave by its end; age None = long there."""
        attrition = self.request.attrition
        new = attrition.new_percent_per_month
        is_new = age is not None and age < attrition.new_weeks and new is not None
        monthly = (new if is_new and new is not None else attrition.percent_per_month) / 100
        return float(1 - (1 - monthly) ** (1 / WEEKS_PER_MONTH))

    def there(self, age: int) -> float:
        """Share that is still there at the beginning of their week number `age`."""
        share = 1.0
        for week in range(age):
            share *= 1 - self.leaves(week)
        return share

    def trains(self, age: int) -> bool:
        """Whether they are still in training."""
        return age < self.request.training.weeks

    def speed(self, age: int) -> float:
        """Work that one does, of what the experienced do."""
        curve = self.request.training.learning_curve_percent
        since = age - self.request.training.weeks
        if since < 0:
            return 0.0
        return curve[since] / 100 if since < len(curve) else 1.0


@dataclass(frozen=True)
class Crowd:
    """People of one planning group and work plan in every week, expected numbers."""

    agents: list[float]  # on the payroll at the week's beginning
    training: list[float]  # of them in training
    effective: list[float]  # of them on contacts, in experienced agents
    leavers: list[float]  # who leave during the week


def cohort(request: CapacityRequest, tenure: Tenure, start: int) -> Crowd:
    """One person who starts in week `start`, before the first one or after the last too."""
    crowd = empty_crowd(request.weeks)
    for week in range(max(0, start), request.weeks):
        age = week - start
        there = tenure.there(age)
        crowd.agents[week] = there
        crowd.training[week] = there if tenure.trains(age) else 0.0
        crowd.effective[week] = there * tenure.speed(age)
        crowd.leavers[week] = there * tenure.leaves(age)
    return crowd


def experienced(request: CapacityRequest, tenure: Tenure) -> Crowd:
    """One person who has long been there."""
    crowd = empty_crowd(request.weeks)
    there = 1.0
    for week in range(request.weeks):
        crowd.agents[week] = crowd.effective[week] = there
        crowd.leavers[week] = there * tenure.leaves(None)
        there -= crowd.leavers[week]
    return crowd


def empty_crowd(weeks: int) -> Crowd:
    """Nobody."""
    return Crowd([0.0] * weeks, [0.0] * weeks, [0.0] * weeks, [0.0] * weeks)


def join(whole: Crowd, part: Crowd, number: float) -> None:
    """Adds so many people of a part to the whole."""
    for series, more in (
        (whole.agents, part.agents),
        (whole.training, part.training),
        (whole.effective, part.effective),
        (whole.leavers, part.leavers),
    ):
        for week, value in enumerate(more):
            series[week] += number * value


def crowd_of(request: CapacityRequest, tenure: Tenure, staff: Staff) -> Crowd:
    """The agents of a line of staff."""
    whole = empty_crowd(request.weeks)
    start = None if staff.start_date is None else week_of(request, staff.start_date)
    one = experienced(request, tenure) if start is None else cohort(request, tenure, start)
    join(whole, one, staff.agents)
    return whole


def week_of(request: CapacityRequest, day: date) -> int:
    """The plan's week in which a day lies, negative before the first; one who starts in it does so on its first day."""
    return (day - request.start_date).days // 7

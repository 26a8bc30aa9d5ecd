"""The capacity plan: demand, people, hires, and what each goal costs."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from schemas.capacity import (
    CapacityCost,
    CapacityGroupPlan,
    CapacityPlan,
    CapacityRequest,
    CapacityWeek,
    GoalPrice,
    Hire,
)
from schemas.roster import Message
from solver.capacity.demand import required_hours
from solver.capacity.hiring import Hires, Outlook, overtime_rate, plan_hires, week_pay
from solver.capacity.people import Crowd, empty_crowd, join
from solver.reading.capacity import read_capacity

CENT = 2


def answer(raw: bytes, stop: Callable[[], bool]) -> CapacityPlan:
    """The errand: the plan for the text of a request.

    Raises:
        RequestRefused: with every fault of the request.
    """
    return capacity_plan(read_capacity(raw), stop)


def capacity_plan(request: CapacityRequest, stop: Callable[[], bool] = lambda: False) -> CapacityPlan:
    """Hires by week at least cost, what comes of them, and what other goals would take."""
    began = time.monotonic()
    outlook = Outlook.of(request)
    share = request.time_limit_seconds / (1 + len(request.compare_goals_percent))
    required = required_hours(request)
    hires = plan_hires(outlook, required, seconds=share, stop=stop)
    staffed = _Staffed(outlook, required, hires)
    cost = staffed.cost()
    goals = []
    for number, percent in enumerate(request.compare_goals_percent):
        left = request.time_limit_seconds - (time.monotonic() - began)
        seconds = max(0.5, left / (len(request.compare_goals_percent) - number))
        goals.append(_price_of(outlook, percent, seconds, stop))
    bound = min(cost.total, hires.bound)
    return CapacityPlan(
        name=request.name,
        currency=request.currency,
        verdict="optimal" if hires.proved else "feasible",
        cost=cost,
        lower_bound=round(bound, CENT),
        gap_percent=_gap(cost.total, bound),
        hires=staffed.hires(),
        planning_groups=staffed.groups(),
        goals=tuple(goals),
        messages=_messages(staffed),
    )


def _price_of(outlook: Outlook, percent: float, seconds: float, stop: Callable[[], bool]) -> GoalPrice:
    """What the work takes with another percentage in every service goal."""
    required = required_hours(outlook.request, percent)
    hires = plan_hires(outlook, required, seconds=seconds, stop=stop)
    staffed = _Staffed(outlook, required, hires)
    cost = staffed.cost()
    heads = [sum(crowd.agents[week] for crowd in staffed.crowds) for week in range(outlook.request.weeks)]
    return GoalPrice(
        percent=percent,
        required_hours=round(sum(map(sum, required)), CENT),
        agents_mean=round(sum(heads) / len(heads), CENT),
        agents_last_week=round(heads[-1], CENT),
        hires=sum(hires.agents.values()),
        cost=cost.total,
        lower_bound=round(min(cost.total, hires.bound), CENT),
        short_hours=round(sum(max(0.0, -gap) for row in staffed.gaps for gap in row), CENT),
    )


def _gap(total: float, bound: float) -> float:
    return round(max(0.0, 100 * (total - bound) / total), 4) if total else 0.0


@dataclass
class _Staffed:
    """The plan worked out from its hires alone: what the program claims is not used."""

    outlook: Outlook
    required: list[list[float]]
    planned: Hires

    def __post_init__(self) -> None:
        request = self.outlook.request
        plans = range(len(request.work_plans))
        groups = range(len(request.planning_groups))
        self.by_plan: dict[tuple[int, int], Crowd] = {(g, p): empty_crowd(request.weeks) for g in groups for p in plans}
        for place, crowd in self.outlook.staff.items():
            join(self.by_plan[place], crowd, 1)
        for (group, plan, week), number in self.planned.agents.items():
            join(self.by_plan[group, plan], self.outlook.cohorts[week], number)
        self.crowds = [self._together(group) for group in groups]
        self.available = [[self._useful(group, week) for week in range(request.weeks)] for group in groups]
        self.gaps = [
            [
                self.available[group][week] + self.planned.overtime[group][week] - self.required[group][week]
                for week in range(request.weeks)
            ]
            for group in groups
        ]

    def _together(self, group: int) -> Crowd:
        whole = empty_crowd(self.outlook.request.weeks)
        for (mine, _), crowd in self.by_plan.items():
            if mine == group:
                join(whole, crowd, 1)
        return whole

    def _useful(self, group: int, week: int) -> float:
        return sum(
            crowd.effective[week] * self.outlook.useful(group, plan, week)
            for (mine, plan), crowd in self.by_plan.items()
            if mine == group
        )

    def cost(self) -> CapacityCost:
        """Money, part by part."""
        request = self.outlook.request
        pay = sum(week_pay(self.outlook, plan) * sum(crowd.agents) for (_, plan), crowd in self.by_plan.items())
        hiring = float(request.hiring.cost_per_hire) * sum(self.planned.agents.values())
        overtime = under = over = 0.0
        for group, one in enumerate(request.planning_groups):
            overtime += overtime_rate(self.outlook, group) * sum(self.planned.overtime[group])
            under += float(one.understaffing_cost_per_hour) * sum(max(0.0, -gap) for gap in self.gaps[group])
            over += float(one.overstaffing_cost_per_hour) * sum(max(0.0, gap) for gap in self.gaps[group])
        parts = {
            "pay": round(pay, CENT),
            "hiring": round(hiring, CENT),
            "overtime": round(overtime, CENT),
            "understaffing": round(under, CENT),
            "overstaffing": round(over, CENT),
        }
        return CapacityCost(total=round(sum(parts.values()), CENT), **parts)

    def hires(self) -> tuple[Hire, ...]:
        """The classes, in the order of their weeks."""
        request = self.outlook.request
        return tuple(
            Hire(
                planning_group_id=request.planning_groups[group].id,
                work_plan_id=request.work_plans[plan].id,
                start_date=request.start_date + timedelta(weeks=week),
                agents=number,
                classes=self.planned.classes.get((group, plan, week), 0),
            )
            for (group, plan, week), number in sorted(self.planned.agents.items(), key=lambda one: one[0][2])
        )

    def groups(self) -> tuple[CapacityGroupPlan, ...]:
        """Every planning group's weeks."""
        return tuple(
            CapacityGroupPlan(id=group.id, weeks=tuple(self._weeks(number)))
            for number, group in enumerate(self.outlook.request.planning_groups)
        )

    def _weeks(self, group: int) -> list[CapacityWeek]:
        request, crowd = self.outlook.request, self.crowds[group]
        gone = 0.0  # leavers so far whose place nobody has taken
        found = []
        for week in range(request.weeks):
            hires = sum(n for (mine, _, start), n in self.planned.agents.items() if (mine, start) == (group, week))
            replacing = min(hires, int(gone + 0.5))
            gone += crowd.leavers[week] - replacing
            one = self.outlook.useful(group, 0, week)
            found.append(
                CapacityWeek(
                    start_date=request.start_date + timedelta(weeks=week),
                    required_hours=round(self.required[group][week], CENT),
                    required_agents=round(self.required[group][week] / one, CENT) if one else 0.0,
                    available_hours=round(self.available[group][week], CENT),
                    overtime_hours=round(self.planned.overtime[group][week], CENT),
                    gap_hours=round(self.gaps[group][week], CENT),
                    agents=round(crowd.agents[week], CENT),
                    agents_in_training=round(crowd.training[week], CENT),
                    leavers=round(crowd.leavers[week], CENT),
                    hires=hires,
                    replacement_hires=replacing,
                    growth_hires=hires - replacing,
                )
            )
        return found


def _messages(staffed: _Staffed) -> tuple[Message, ...]:
    """Weeks that stay short whatever is done."""
    request = staffed.outlook.request
    found = []
    for number, group in enumerate(request.planning_groups):
        short = [week for week, gap in enumerate(staffed.gaps[number]) if gap < -0.005]
        if short:
            worst = min(short, key=lambda week: staffed.gaps[number][week])
            day = request.start_date + timedelta(weeks=worst)
            text = (
                f"{group.id} is short in {len(short)} of {request.weeks} weeks, most in that of {day}: "
                f"{-staffed.gaps[number][worst]:.1f} hours."
            )
            found.append(Message(code="short_weeks", severity="warning", text=text, path=f"/planning_groups/{number}"))
    return tuple(found)

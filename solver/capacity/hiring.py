"""Whom to hire when: a small integer program over classes, with expected leavers, learning and overtime."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from ortools.math_opt.python import mathopt

from schemas.capacity import CapacityRequest
from solver.capacity.people import Crowd, Tenure, cohort, crowd_of, empty_crowd, join

Place = tuple[int, int, int]
"""Planning group, work plan and week of a class, as places in the request's lists."""

LOOK_SECONDS = 0.25


@dataclass(frozen=True)
class Hires:
    """How many start in classes, by place, and the least that any plan costs."""

    agents: dict[Place, int]
    classes: dict[Place, int]
    overtime: list[list[float]]  # [groups][weeks] hours
    bound: float
    proved: bool


@dataclass(frozen=True)
class Outlook:
    """What the people who are there bring, and what one hired more would, worked out once for all goals."""

    request: CapacityRequest
    staff: dict[tuple[int, int], Crowd]  # by planning group and work plan
    cohorts: list[Crowd]  # one person who starts in each week

    @classmethod
    def of(cls, request: CapacityRequest) -> Outlook:
        """The outlook of a request."""
        tenure = Tenure(request)
        groups = {group.id: place for place, group in enumerate(request.planning_groups)}
        plans = {plan.id: place for place, plan in enumerate(request.work_plans)}
        staff: dict[tuple[int, int], Crowd] = {}
        for line in request.staff:
            whole = staff.setdefault(
                (groups[line.planning_group_id], plans[line.work_plan_id]), empty_crowd(request.weeks)
            )
            join(whole, crowd_of(request, tenure, line), 1)
        return cls(request, staff, [cohort(request, tenure, week) for week in range(request.weeks)])

    def shrinkage(self, week: int) -> float:
        """Share of paid time that is not spent on queue."""
        by_week = self.request.shrinkage_percent_by_week
        return (by_week[week] if by_week else self.request.shrinkage_percent) / 100

    def useful(self, group: int, plan: int, week: int) -> float:
        """Hours on queue where they are required, that an experienced agent brings in the week."""
        fit = self.request.planning_groups[group].schedule_efficiency_percent / 100
        return self.request.work_plans[plan].paid_hours_per_week * (1 - self.shrinkage(week)) * fit

    def places(self) -> Iterator[Place]:
        """Where classes may start."""
        hiring = self.request.hiring
        offered = set(hiring.work_plan_ids) or {plan.id for plan in self.request.work_plans}
        for group in range(len(self.request.planning_groups)):
            for plan, contract in enumerate(self.request.work_plans):
                if contract.id in offered:
                    for week in range(hiring.first_week, self.request.weeks):
                        yield group, plan, week


def plan_hires(outlook: Outlook, required: list[list[float]], *, seconds: float, stop: Callable[[], bool]) -> Hires:
    """Hires at least cost: pay, hiring, overtime, hours short and hours over.

    Args:
        outlook: people who are there, and who might come.
        required: [groups][weeks] hours on queue.
        seconds: the time limit.
        stop: asked before the program is solved.

    Returns:
        The best hires that the time allows: nobody at worst, which is a plan too.
    """
    request = outlook.request
    model = mathopt.Model(name="hires")
    hiring, weeks = request.hiring, range(request.weeks)
    classes, agents = {}, {}
    for place in outlook.places():
        classes[place] = model.add_integer_variable(lb=0, ub=hiring.classes_per_week)
        agents[place] = model.add_integer_variable(lb=0, ub=hiring.classes_per_week * hiring.class_size_max)
        model.add_linear_constraint(agents[place] >= hiring.class_size_min * classes[place])
        model.add_linear_constraint(agents[place] <= hiring.class_size_max * classes[place])
    for week in weeks:
        started = [classes[place] for place in classes if place[2] == week]
        if started:
            model.add_linear_constraint(mathopt.fast_sum(started) <= hiring.classes_per_week)
    cost: list[mathopt.LinearTypes] = [_fixed_pay(outlook)]
    cost += [number * (float(hiring.cost_per_hire) + _pay_of(outlook, place)) for place, number in agents.items()]
    overtime = [[model.add_variable(lb=0.0) for _ in weeks] for _ in request.planning_groups]
    for group, contract in enumerate(request.planning_groups):
        short = [model.add_variable(lb=0.0) for _ in weeks]
        over = [model.add_variable(lb=0.0) for _ in weeks]
        mine = [(place, number) for place, number in agents.items() if place[0] == group]
        for week in weeks:
            useful = [
                number * (outlook.cohorts[start].effective[week] * outlook.useful(group, plan, week))
                for (_, plan, start), number in mine
                if start <= week
            ]
            available = mathopt.fast_sum(useful) + _there(outlook, group, week)
            extra = overtime[group][week]
            model.add_linear_constraint(extra <= (request.overtime.max_percent / 100) * available)
            model.add_linear_constraint(available + extra + short[week] - over[week] == required[group][week])
            cost.append(extra * overtime_rate(outlook, group))
            cost.append(short[week] * float(contract.understaffing_cost_per_hour))
            cost.append(over[week] * float(contract.overstaffing_cost_per_hour))
    model.minimize(mathopt.fast_sum(cost))
    result = _solved(model, seconds, stop)
    if result is None:
        return _nobody(outlook)
    return Hires(
        agents=_chosen(result, agents),
        classes=_chosen(result, classes),
        overtime=[[max(0.0, result.variable_values(hours)) for hours in row] for row in overtime],
        bound=result.termination.objective_bounds.dual_bound,
        proved=result.termination.reason == mathopt.TerminationReason.OPTIMAL,
    )


def _solved(model: mathopt.Model, seconds: float, stop: Callable[[], bool]) -> mathopt.SolveResult | None:
    if stop():
        return None
    # HiGHS would stop at a gap of 0.01 %, and plans are compared for less money than that.
    limits = mathopt.SolveParameters(time_limit=timedelta(seconds=seconds), relative_gap_tolerance=1e-6)
    result = mathopt.solve(model, mathopt.SolverType.HIGHS, params=limits)
    return result if result.has_primal_feasible_solution() else None


def _nobody(outlook: Outlook) -> Hires:
    """Nobody is hired, and nobody works overtime; no plan costs less than the pay of those who are there."""
    none = [[0.0] * outlook.request.weeks for _ in outlook.request.planning_groups]
    return Hires(agents={}, classes={}, overtime=none, bound=_fixed_pay(outlook), proved=False)


def _chosen(result: mathopt.SolveResult, variables: dict[Place, mathopt.Variable]) -> dict[Place, int]:
    values = {place: round(result.variable_values(variable)) for place, variable in variables.items()}
    return {place: value for place, value in values.items() if value}


def _there(outlook: Outlook, group: int, week: int) -> float:
    """Useful hours of the staff that is there."""
    return sum(
        crowd.effective[week] * outlook.useful(group, plan, week)
        for (mine, plan), crowd in outlook.staff.items()
        if mine == group
    )


def _fixed_pay(outlook: Outlook) -> float:
    return sum(week_pay(outlook, plan) * sum(crowd.agents) for (_, plan), crowd in outlook.staff.items())


def _pay_of(outlook: Outlook, place: Place) -> float:
    """What one who is hired there is paid over the weeks of the plan."""
    _, plan, week = place
    return week_pay(outlook, plan) * sum(outlook.cohorts[week].agents)


def week_pay(outlook: Outlook, plan: int) -> float:
    """What an agent is paid a week."""
    contract = outlook.request.work_plans[plan]
    return contract.paid_hours_per_week * float(contract.hourly_cost)


def overtime_rate(outlook: Outlook, group: int) -> float:
    """What an hour of overtime on queue costs: at the mean rate of the group's staff, or of all contracts."""
    plans = [plan for (mine, plan), crowd in outlook.staff.items() if mine == group and any(crowd.agents)]
    rates = [float(outlook.request.work_plans[plan].hourly_cost) for plan in plans] or [
        float(plan.hourly_cost) for plan in outlook.request.work_plans
    ]
    return outlook.request.overtime.rate_multiplier * sum(rates) / len(rates)

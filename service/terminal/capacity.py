"""A capacity plan on the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from schemas.capacity import CapacityGroupPlan, CapacityPlan


def show_capacity(console: Console, plan: CapacityPlan) -> None:
    """Weeks, hires, money, and what other goals would take."""
    for group in plan.planning_groups:
        console.print(_weeks(group))
    if plan.hires:
        hires = Table("Hire", "Planning group", "Work plan", box=None)
        hires.add_column("Agents", justify="right")
        for hire in plan.hires:
            hires.add_row(hire.start_date.isoformat(), hire.planning_group_id, hire.work_plan_id, str(hire.agents))
        console.print(hires)
    cost = plan.cost
    console.print(
        f"{cost.total:,.2f} {plan.currency}: pay {cost.pay:,.2f}, hiring {cost.hiring:,.2f}, overtime "
        f"{cost.overtime:,.2f}, hours short {cost.understaffing:,.2f}, hours over {cost.overstaffing:,.2f}."
    )
    console.print(f"No plan costs less than {plan.lower_bound:,.2f} (gap {plan.gap_percent:.2f} %).")
    if plan.goals:
        goals = Table("Goal", box=None)
        for head in ("Hours required", "Agents, mean", "Agents, last week", "Hires", "Cost"):
            goals.add_column(head, justify="right")
        for goal in plan.goals:
            goals.add_row(
                f"{goal.percent:g} %",
                f"{goal.required_hours:,.0f}",
                f"{goal.agents_mean:,.1f}",
                f"{goal.agents_last_week:,.1f}",
                str(goal.hires),
                f"{goal.cost:,.2f}",
            )
        console.print(goals)
    for message in plan.messages:
        console.print(message.text, markup=False)


def _weeks(group: CapacityGroupPlan) -> Table:
    table = Table(group.id, box=None)
    for head in (
        "Needed h",
        "Available h",
        "Overtime h",
        "Gap h",
        "Agents",
        "Training",
        "Leavers",
        "Hires",
        "replacing",
    ):
        table.add_column(head, justify="right")
    for week in group.weeks:
        table.add_row(
            week.start_date.isoformat(),
            f"{week.required_hours:,.0f}",
            f"{week.available_hours:,.0f}",
            f"{week.overtime_hours:,.0f}",
            f"{week.gap_hours:,.0f}",
            f"{week.agents:,.1f}",
            f"{week.agents_in_training:,.1f}",
            f"{week.leavers:.1f}",
            str(week.hires or ""),
            str(week.replacement_hires or ""),
        )
    return table

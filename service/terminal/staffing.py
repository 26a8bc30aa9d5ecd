"""Agents needed, as a table on the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from schemas.staffing import Staffing


def show_staffing(console: Console, answer: Staffing) -> None:
    """A line for each interval."""
    table = Table("Planning group", "Start", box=None)
    for head in ("Required", "Paid", "Service level", "Occupancy", "Mean wait", "Abandoned"):
        table.add_column(head, justify="right")
    groups = answer.planning_groups
    rows = [(group.id, interval) for group in groups for interval in group.intervals]
    rows += [("", interval) for interval in answer.intervals]
    for name, interval in rows:
        level, wait = interval.service_level_percent, interval.mean_wait_seconds
        table.add_row(
            name,
            interval.start,
            str(interval.required),
            str(interval.required_with_shrinkage),
            "–" if level is None else f"{level:.1f} %",
            f"{interval.occupancy_percent:.1f} %",
            "without end" if wait is None else f"{wait:.1f} s",
            f"{interval.abandonment_percent:.1f} %",
        )
    console.print(table)
    for message in answer.messages:
        console.print(message.text, markup=False)

"""Predicted service as a table on the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from schemas.prediction import Estimate, PredictedSpan, Prediction, SimulatedSpan

HEADS = ("Contacts", "Service level", "Mean wait", "Abandoned", "Occupancy", "Outside goal", "Net hours")


def show_prediction(console: Console, answer: Prediction) -> None:
    """A line for each day, each planning group and the whole; beside it what the simulation gave."""
    table = Table("", box=None)
    for head in HEADS:
        table.add_column(head, justify="right")
    for day in answer.days:
        _line(table, str(day.date), day)
    for group in answer.planning_groups:
        _line(table, group.id, group.period)
    _line(table, "All", answer.period)
    if answer.simulation is not None:
        for own in answer.simulation.planning_groups:
            _played(table, f"{own.id}, {answer.simulation.runs} runs", own.period)
        _played(table, f"All, {answer.simulation.runs} runs", answer.simulation.period)
    console.print(table)
    for message in answer.messages:
        console.print(message.text, markup=False)


def _line(table: Table, name: str, span: PredictedSpan) -> None:
    level, wait, outside = span.service_level_percent, span.mean_wait_seconds, span.outside_goal
    table.add_row(
        name,
        f"{span.volume:,.0f}",
        "–" if level is None else f"{level:.1f} %",
        "without end" if wait is None else f"{wait:.1f} s",
        f"{span.abandonment_percent:.1f} %",
        f"{span.occupancy_percent:.1f} %",
        "–" if outside is None else f"{outside:,.0f}",
        f"{span.over_hours - span.short_hours:+,.1f}",
    )


def _played(table: Table, name: str, span: SimulatedSpan) -> None:
    table.add_row(
        name,
        f"{span.volume.mean:,.0f}",
        _share(span.service_level_percent, "%"),
        _share(span.mean_wait_seconds, "s"),
        _share(span.abandonment_percent, "%"),
        _share(span.occupancy_percent, "%"),
        "–" if span.outside_goal is None else f"{span.outside_goal.mean:,.0f}",
        "",
    )


def _share(estimate: Estimate | None, unit: str) -> str:
    if estimate is None:
        return "–"
    return f"{estimate.mean:.1f} ± {(estimate.high - estimate.low) / 2:.1f} {unit}"

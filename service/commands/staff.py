"""`stint staff`: agents needed for volumes, handle times and service goals."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from service.commands.common import STANDARD_OUTPUT, OutputFile, console_on, refuse, write
from service.commands.work import (
    Interval,
    PatienceSeconds,
    Percent,
    Shrinkage,
    WithinSeconds,
    WorkFile,
    Zone,
    goal,
    work_in,
)


def staff(
    volumes: WorkFile,
    output: OutputFile = None,
    percent: Percent = None,
    within_seconds: WithinSeconds = None,
    patience_seconds: PatienceSeconds = None,
    max_occupancy_percent: Annotated[float | None, typer.Option(help="Busiest that agents may be.")] = None,
    shrinkage_percent: Shrinkage = None,
    interval_minutes: Interval = None,
    time_zone: Zone = None,
    curve: Annotated[bool, typer.Option("--curve", help="Also the service of fewer and of more agents.")] = False,
) -> None:
    """Agents needed for volumes, handle times and service goals; the options go before what a JSON file says.

    A CSV file has the columns start, volume, aht_seconds, and where wanted planning_group_id, max_staff, staff, and
    shrinkage_percent or its parts planned_shrinkage_percent and unplanned_shrinkage_percent.
    The answer holds `requirements` in the very form of a roster request.
    """
    from schemas.fault import RequestRefused
    from service.terminal.staffing import show_staffing
    from solver.reading.staffing import read_staffing
    from solver.staffing.requirements import staffing

    options: dict[str, Any] = {
        "service_goal": goal(percent, within_seconds),
        "patience_seconds": patience_seconds,
        "max_occupancy_percent": max_occupancy_percent,
        "shrinkage_percent": shrinkage_percent,
        "interval_minutes": interval_minutes,
        "time_zone": time_zone,
        "curve": curve or None,
    }
    try:
        answer = staffing(read_staffing(work_in(volumes, options)))
    except RequestRefused as refused:
        refuse(volumes, refused)
    if output is not None or not sys.stdout.isatty():
        write(answer.model_dump_json() + "\n", output or STANDARD_OUTPUT)
    else:
        show_staffing(console_on(sys.stdout), answer)

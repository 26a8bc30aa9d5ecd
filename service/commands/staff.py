"""`stint staff`: agents needed for volumes, handle times and service goals."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.commands.common import STANDARD_OUTPUT, OutputFile, console_on, read, read_request_of, refuse, write
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

if TYPE_CHECKING:
    from schemas.staffing import Staffing


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
    into: Annotated[
        Path | None, typer.Option(metavar="REQUEST.json", help="Write this roster request with the requirements in it.")
    ] = None,
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
    if into is not None:
        write(_request_with(into, answer), output or STANDARD_OUTPUT)
    elif output is not None or not sys.stdout.isatty():
        write(answer.model_dump_json() + "\n", output or STANDARD_OUTPUT)
    else:
        show_staffing(console_on(sys.stdout), answer)


def _request_with(file: Path, answer: Staffing) -> str:
    """The roster request with these requirements in place of its own; where it has one planning group they are its."""
    from solver.staffing.requirements import ONLY_GROUP

    raw = read(file)
    groups = read_request_of(file, raw).planning_groups
    needed = [series.model_dump(mode="json") for series in answer.requirements]
    for series in needed:
        if series["planning_group_id"] == ONLY_GROUP and len(groups) == 1:
            series["planning_group_id"] = groups[0].id
    made = json.dumps({**json.loads(raw), "requirements": needed}, ensure_ascii=False, indent=1)
    read_request_of(file, made.encode())
    return made + "\n"

"""`stint staff`: agents needed for volumes, handle times and service goals."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from service.commands.common import (
    STANDARD_OUTPUT,
    WRONG_INPUT,
    OutputFile,
    console_on,
    end,
    read,
    read_text,
    refuse,
    write,
)


def staff(
    volumes: Annotated[Path, typer.Argument(metavar="VOLUMES", help="A staffing request as JSON, or volumes as CSV.")],
    output: OutputFile = None,
    percent: Annotated[float | None, typer.Option(help="Goal: so many percent of contacts …")] = None,
    within_seconds: Annotated[float | None, typer.Option(help="… answered within so many seconds.")] = None,
    patience_seconds: Annotated[float | None, typer.Option(help="Mean patience of those who wait.")] = None,
    max_occupancy_percent: Annotated[float | None, typer.Option(help="Busiest that agents may be.")] = None,
    shrinkage_percent: Annotated[float | None, typer.Option(help="Paid time that is not spent on queue.")] = None,
    interval_minutes: Annotated[int | None, typer.Option(help="Length of an interval.")] = None,
    time_zone: Annotated[str | None, typer.Option(help="Zone of the times.")] = None,
    curve: Annotated[bool, typer.Option("--curve", help="Also the service of fewer and of more agents.")] = False,
) -> None:
    """Agents needed for volumes, handle times and service goals; the options go before what a JSON file says.

    A CSV file has the columns start, volume, aht_seconds, and where wanted planning_group_id, max_staff, staff, and
    shrinkage_percent or its parts planned_shrinkage_percent and unplanned_shrinkage_percent.
    The answer holds `requirements` in the very form of a roster request.
    """
    from schemas.fault import RequestRefused
    from service.terminal.staffing import show_staffing
    from solver.reading import read_json
    from solver.reading.staffing import read_staffing, volumes_from_csv
    from solver.staffing.requirements import staffing

    options: dict[str, Any] = {
        "patience_seconds": patience_seconds,
        "max_occupancy_percent": max_occupancy_percent,
        "shrinkage_percent": shrinkage_percent,
        "interval_minutes": interval_minutes,
        "time_zone": time_zone,
        "curve": curve or None,
    }
    if percent is not None or within_seconds is not None:
        if percent is None or within_seconds is None:
            end(WRONG_INPUT, "A service goal has two parts: give both --percent and --within-seconds.")
        options["service_goal"] = {"percent": percent, "within_seconds": within_seconds}
    try:
        is_table = volumes.suffix.lower() == ".csv"
        whole = volumes_from_csv(read_text(volumes)) if is_table else read_json(read(volumes))
        given = {name: value for name, value in options.items() if value is not None}
        answer = staffing(read_staffing({**whole, **given} if isinstance(whole, dict) else whole))
    except RequestRefused as refused:
        refuse(volumes, refused)
    if output is not None or not sys.stdout.isatty():
        write(answer.model_dump_json() + "\n", output or STANDARD_OUTPUT)
    else:
        show_staffing(console_on(sys.stdout), answer)

"""What commands that are told of work share: a staffing request as JSON, or a table of volumes and options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from service.commands.common import WRONG_INPUT, end, read, read_text

WorkFile = Annotated[Path, typer.Argument(metavar="VOLUMES", help="A staffing request as JSON, or volumes as CSV.")]
Percent = Annotated[float | None, typer.Option(help="Goal: so many percent of contacts …")]
WithinSeconds = Annotated[float | None, typer.Option(help="… answered within so many seconds.")]
PatienceSeconds = Annotated[float | None, typer.Option(help="Mean patience of those who wait.")]
Shrinkage = Annotated[float | None, typer.Option(help="Paid time that is not spent on queue.")]
Interval = Annotated[int | None, typer.Option(help="Length of an interval.")]
Zone = Annotated[str | None, typer.Option(help="Zone of the times.")]


def goal(percent: float | None, within_seconds: float | None) -> dict[str, float] | None:
    """The service goal, or the end where it is half of one."""
    if percent is None and within_seconds is None:
        return None
    if percent is None or within_seconds is None:
        end(WRONG_INPUT, "A service goal has two parts: give both --percent and --within-seconds.")
    return {"percent": percent, "within_seconds": within_seconds}


def work_in(file: Path, options: dict[str, Any]) -> Any:
    """The staffing request in the file; options that are given go before what it says.

    Raises:
        RequestRefused: the file is no table, or no JSON.
    """
    from solver.reading import read_json
    from solver.reading.staffing import volumes_from_csv

    whole = volumes_from_csv(read_text(file)) if file.suffix.lower() == ".csv" else read_json(read(file))
    given = {name: value for name, value in options.items() if value is not None}
    return {**whole, **given} if isinstance(whole, dict) else whole

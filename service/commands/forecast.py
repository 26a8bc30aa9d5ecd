"""`stint forecast`: volumes to come from volumes of the past."""

from __future__ import annotations

import csv
import io
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.commands.common import STANDARD_OUTPUT, console_on, read, read_text, refuse, write

if TYPE_CHECKING:
    from schemas.forecast import Forecast


def forecast(
    history: Annotated[Path, typer.Argument(metavar="HISTORY", help="A forecast request as JSON, or counts as CSV.")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Where to write it; FILE.csv is what `stint staff` reads."),
    ] = None,
    days: Annotated[int | None, typer.Option(help="Days to forecast.")] = None,
    start_date: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First of them; the day after history if none.")
    ] = None,
    interval_minutes: Annotated[int | None, typer.Option(help="Length of an interval of the forecast.")] = None,
    history_interval_minutes: Annotated[int | None, typer.Option(help="Length of one of history, if shorter.")] = None,
    time_zone: Annotated[str | None, typer.Option(help="Zone of the times.")] = None,
    country: Annotated[str | None, typer.Option(help="ISO code of the country whose holidays count.")] = None,
    actuals: Annotated[Path | None, typer.Option(metavar="CSV", help="Counts of today so far.")] = None,
    aht_seconds: Annotated[
        float | None, typer.Option(help="Handle time to write into FILE.csv where history has none.")
    ] = None,
) -> None:
    """Volumes to come from interval counts of the past; the options go before what a JSON file says.

    A CSV file has the columns start, volume, and where wanted aht_seconds, planning_group_id.
    """
    from schemas.fault import RequestRefused
    from service.terminal.forecast import show_forecast
    from solver.forecast.forecast import forecast as make
    from solver.reading import read_json
    from solver.reading.forecast import history_from_csv, read_forecast

    options: dict[str, Any] = {
        "days": days,
        "start_date": start_date.date().isoformat() if start_date else None,
        "interval_minutes": interval_minutes,
        "history_interval_minutes": history_interval_minutes,
        "time_zone": time_zone,
        "country": country,
    }
    given = {name: value for name, value in options.items() if value is not None}
    file = history
    try:
        is_table = history.suffix.lower() == ".csv"
        whole = history_from_csv(read_text(history)) if is_table else read_json(read(history))
        if actuals is not None:
            file = actuals
            whole = _joined(whole, history_from_csv(read_text(actuals), "actuals"))
            file = history
        answer = make(read_forecast({**whole, **given} if isinstance(whole, dict) else whole))
    except RequestRefused as refused:
        refuse(file, refused)
    if output is not None and output.suffix.lower() == ".csv":
        write(_table(answer, aht_seconds), output)
    elif output is not None or not sys.stdout.isatty():
        write(answer.model_dump_json() + "\n", output or STANDARD_OUTPUT)
    if output is not None or sys.stdout.isatty():
        show_forecast(console_on(sys.stderr if output == STANDARD_OUTPUT else sys.stdout), answer)


def _joined(whole: Any, actuals: dict[str, Any]) -> Any:
    """The request with the actuals in it, each planning group with its own."""
    if not isinstance(whole, dict) or "planning_groups" not in actuals:
        return {**whole, **actuals} if isinstance(whole, dict) else whole
    own = {group["id"]: group["actuals"] for group in actuals["planning_groups"]}
    groups = [{**group, "actuals": own.pop(group["id"], [])} for group in whole.get("planning_groups", [])]
    groups += [{"id": name, "actuals": rows} for name, rows in own.items()]
    return {**whole, "planning_groups": groups}


def _table(answer: Forecast, aht_seconds: float | None) -> str:
    """The volumes as `stint staff` reads them; the handle time is left out where there is none."""
    groups = [(group.id, group.intervals) for group in answer.planning_groups] or [("", answer.intervals)]
    known = aht_seconds is not None or any(one.aht_seconds is not None for _, of in groups for one in of)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    several = ["planning_group_id"] if answer.planning_groups else []
    writer.writerow([*several, "start", "volume", *(["aht_seconds"] if known else [])])
    for name, intervals in groups:
        for one in intervals:
            aht = one.aht_seconds if one.aht_seconds is not None else aht_seconds
            writer.writerow([*([name] if several else []), one.start, one.volume, *([aht] if known else [])])
    return text.getvalue()

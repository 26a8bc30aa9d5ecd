"""`stint report`: planned against actual."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from service.commands.common import WRONG_INPUT, RequestFile, end, read, read_text, refuse
from service.commands.work import Interval, PatienceSeconds, Percent, WithinSeconds, Zone, goal, work_in

if TYPE_CHECKING:
    from schemas.fault import RequestRefused


def report(
    request: RequestFile,
    roster: Annotated[Path, typer.Argument(metavar="ROSTER.json", help="The roster that was planned.")],
    work: Annotated[
        Path, typer.Argument(metavar="VOLUMES", help="The work that was planned for, as for `stint staff`.")
    ],
    actuals: Annotated[
        Path, typer.Argument(metavar="ACTUALS.csv", help="start, volume, aht_seconds, answered_in_goal, abandoned.")
    ],
    states: Annotated[
        Path | None, typer.Option(metavar="CSV", help="Agent states: agent_id, category, start, end.")
    ] = None,
    handled: Annotated[
        Path | None, typer.Option(metavar="CSV", help="Contacts by agent: agent_id, contacts, handle_seconds.")
    ] = None,
    teams: Annotated[Path | None, typer.Option(metavar="CSV", help="Teams: team_id, team_name, agent_id.")] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Ends in .html, .xlsx, .csv or .json.")
    ] = None,
    title: Annotated[str, typer.Option(help="Of the report.")] = "",
    for_team: Annotated[bool, typer.Option("--for-team", help="The page for the team, with agents by name.")] = False,
    percent: Percent = None,
    within_seconds: WithinSeconds = None,
    patience_seconds: PatienceSeconds = None,
    interval_minutes: Interval = None,
    time_zone: Zone = None,
) -> None:
    """Planned against actual: service, forecast, staffing and its causes, adherence and cost.

    The page for the client is one HTML file with its charts in it; it loads nothing from anywhere.
    """
    from schemas.fault import RequestRefused
    from service.exports.reports import REPORT_FORMATS, written
    from solver.reading import read_json
    from solver.reading.report import (
        actuals_from_csv,
        handled_from_csv,
        read_report,
        states_from_csv,
        teams_from_csv,
    )
    from solver.report.report import report as make

    form = "json" if output is None else output.suffix.removeprefix(".").lower()
    if form not in REPORT_FORMATS:
        end(WRONG_INPUT, f"There is no format {form!r}; there are {', '.join(REPORT_FORMATS)}.")
    options: dict[str, Any] = {
        "service_goal": goal(percent, within_seconds),
        "patience_seconds": patience_seconds,
        "interval_minutes": interval_minutes,
        "time_zone": time_zone,
    }
    whole: dict[str, Any] = {"title": title, "audience": "team" if for_team else "client"}
    files: dict[str, Path] = {"request": request, "roster": roster, "work": work, "actuals": actuals}
    whole["request"] = _told(request, lambda: read_json(read(request)))
    whole["roster"] = _told(roster, lambda: read_json(read(roster)))
    whole["work"] = _told(work, lambda: _filled(work_in(work, options), whole["request"]))
    tables: dict[str, tuple[Path | None, Callable[[str], Any]]] = {
        "actuals": (actuals, actuals_from_csv),
        "states": (states, states_from_csv),
        "handled": (handled, handled_from_csv),
        "teams": (teams, teams_from_csv),
    }
    for name, (file, parse) in tables.items():
        if file is not None:
            files[name] = file
            whole[name] = _told(file, lambda parse=parse, file=file: parse(read_text(file)))  # type: ignore[misc]
    try:
        body = written(make(read_report(whole)), form)
    except RequestRefused as refused:
        _refuse_each(files, refused)
    if output is None:
        sys.stdout.write(body.decode() + "\n")
        return
    try:
        output.write_bytes(body)
    except OSError as error:
        end(WRONG_INPUT, f"{output} cannot be written: {error.strerror}.")


def _told(file: Path, read_it: Callable[[], Any]) -> Any:
    """What is read of a file, or the end with its faults."""
    from schemas.fault import RequestRefused

    try:
        return read_it()
    except RequestRefused as refused:
        refuse(file, refused)


def _filled(work: Any, request: Any) -> Any:
    """The work in the request's zone and intervals where it names none."""
    if not isinstance(work, dict) or not isinstance(request, dict):
        return work
    own = {"time_zone": request.get("time_zone", "UTC"), "interval_minutes": request.get("interval_minutes", 15)}
    return own | work


def _refuse_each(files: dict[str, Path], refused: RequestRefused) -> NoReturn:
    """The faults of the whole, each with the file that it is in."""
    lines = []
    for fault in refused.faults:
        name, _, rest = fault.pointer.removeprefix("/").partition("/")
        text = " ".join(fault.text.removeprefix(f"{fault.pointer}: ").split())
        lines.append(f"{files.get(name, name)}#/{rest}: {text}")
    end(WRONG_INPUT, "\n".join(lines))

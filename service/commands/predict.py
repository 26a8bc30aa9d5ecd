"""`stint predict`: the service of a roster."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.commands.common import (
    OutputFile,
    RequestFile,
    errand_asked,
    judged_roster,
    read,
    read_request_of,
    refuse,
    show_or_write,
)
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
    from schemas.request import RosterRequest


def predict(
    request: RequestFile,
    roster: Annotated[Path, typer.Argument(metavar="ROSTER.json", help="A roster of the request.")],
    work: WorkFile,
    output: OutputFile = None,
    runs: Annotated[int, typer.Option(min=0, help="Also play the contacts against the roster so many times.")] = 0,
    seed: Annotated[int, typer.Option(min=0, help="The same seed draws the same contacts.")] = 1,
    assigned: Annotated[bool, typer.Option("--assigned", help="In these runs nobody helps out elsewhere.")] = False,
    as_given: Annotated[bool, typer.Option("--as-given", help="In these runs just so many contacts come.")] = False,
    percent: Percent = None,
    within_seconds: WithinSeconds = None,
    patience_seconds: PatienceSeconds = None,
    shrinkage_percent: Shrinkage = None,
    interval_minutes: Interval = None,
    time_zone: Zone = None,
) -> None:
    """The service that contacts get of a roster: by the formulas, and with --runs by simulation.

    The work is a staffing request, or a table of volumes as `stint staff` reads it, in the request's time zone and
    intervals unless options say otherwise.
    """
    from schemas.fault import RequestRefused
    from schemas.prediction import Prediction
    from service.terminal.prediction import show_prediction
    from solver.prediction.formulas import predict as by_formulas

    wanted = read_request_of(request, read(request))
    given = judged_roster(wanted, roster)
    options: dict[str, Any] = {
        "service_goal": goal(percent, within_seconds),
        "patience_seconds": patience_seconds,
        "shrinkage_percent": shrinkage_percent,
        "interval_minutes": interval_minutes,
        "time_zone": time_zone,
    }
    try:
        data = _filled(work_in(work, options), wanted)
        found = by_formulas(wanted, given, _sound(data, wanted))
    except RequestRefused as refused:
        refuse(work, refused)
    answer = found.model_dump(mode="json")
    if runs:
        routing, arrivals = "assigned" if assigned else "skills", "as_given" if as_given else "random"
        whole = {
            "request": json.loads(wanted.model_dump_json(by_alias=True)),
            "roster": json.loads(given.model_dump_json()),
            "work": data,
            "simulation": {"runs": max(2, runs), "seed": seed, "routing": routing, "arrivals": arrivals},
        }
        answer = errand_asked("predict", json.dumps(whole).encode(), work)
    show_or_write(answer, output, lambda console: show_prediction(console, Prediction.model_validate(answer)))


def _filled(data: Any, request: RosterRequest) -> Any:
    """The work in the request's zone and intervals where it names none."""
    if not isinstance(data, dict):
        return data
    return {"time_zone": request.time_zone, "interval_minutes": request.interval_minutes} | data


def _sound(data: Any, request: RosterRequest) -> Any:
    from schemas.fault import RequestRefused
    from solver.reading.faults import Faults
    from solver.reading.prediction import look_at_work
    from solver.reading.staffing import read_staffing

    work = read_staffing(data)
    faults = Faults()
    look_at_work(request, work, faults)
    if faults.found:
        raise RequestRefused(faults.found)
    return work

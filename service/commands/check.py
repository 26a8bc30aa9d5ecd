"""`stint check`: validate a request, verify and price a roster."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from service.commands.common import (
    DONE,
    FOUND_WANTING,
    RequestFile,
    console_on,
    end_with,
    judged_roster,
    read,
    read_request_of,
)

if TYPE_CHECKING:
    from schemas.request import RosterRequest


def check(
    request: RequestFile,
    roster: Annotated[Path | None, typer.Argument(metavar="[ROSTER.json]", help="A roster for the request.")] = None,
) -> None:
    """Validate a request; with a roster, verify and price that."""
    from service.terminal.summary import show, show_messages
    from solver.reading import contradictions, defaults_used

    raw = read(request)
    wanted = read_request_of(request, raw)
    console = console_on(sys.stdout)
    if roster is None:
        console.print(_size(request, wanted), markup=False, highlight=False)
        wrong = contradictions(wanted)
        show_messages(console, (*wrong, *defaults_used(raw, wanted)))
        end_with(FOUND_WANTING if wrong else DONE)
    judged = judged_roster(wanted, roster)
    show(console, wanted, judged)
    end_with(FOUND_WANTING if judged.violations else DONE)


def _size(file: Path, request: RosterRequest) -> str:
    period = request.planning_period
    parts = (
        _count(len(request.agents), "agent"),
        f"{_count(period.days, 'day')} from {period.start_date}",
        _count(len(request.planning_groups), "planning group"),
        _count(len(request.work_plans), "work plan"),
    )
    return f"{file} is in order: {', '.join(parts)}."


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"

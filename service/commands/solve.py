"""`stint solve`: a roster without a server."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.commands.common import (
    BROKEN,
    DONE,
    FOUND_WANTING,
    NO_ROSTER,
    STANDARD_OUTPUT,
    OutputFile,
    RequestFile,
    check_writable,
    console_on,
    end,
    end_with,
    read,
    read_request_of,
    write,
)

if TYPE_CHECKING:
    from rich.console import Console

    from schemas.request import RosterRequest


def solve(
    request: RequestFile,
    output: OutputFile = None,
    time_limit: Annotated[
        float | None,
        typer.Option("--time-limit", metavar="S", min=0.1, max=86_400, help="Seconds, in place of the request's own."),
    ] = None,
) -> None:
    """Make a roster, without a server.

    The roster goes to the file given by -o. Without -o it goes to standard output where that is a file or a pipe,
    and on a terminal only the summary is shown. Ctrl-C stops the search and keeps the best roster so far.
    """
    from service.settings import Settings
    from service.terminal import solve as terminal

    raw = read(request)
    wanted = read_request_of(request, raw)
    if time_limit is not None:
        raw = _with_time_limit(raw, time_limit)
    target = output or (None if sys.stdout.isatty() else STANDARD_OUTPUT)
    check_writable(target)
    seconds = time_limit or wanted.options.time_limit_seconds
    try:
        roster = terminal.solve(raw, seconds, console_on(sys.stderr), Settings())
    except terminal.SolverFailedError as error:
        end(BROKEN, str(error))
    if target is not None:
        write(json.dumps(roster, ensure_ascii=False) + "\n", target)
    end_with(_shown(wanted, roster, console_on(sys.stderr if target == STANDARD_OUTPUT else sys.stdout)))


def _shown(request: RosterRequest, roster: dict[str, Any], console: Console) -> int:
    """Show what came of a solve, and give the exit status that says it."""
    from schemas.roster import Roster
    from service.terminal.summary import show

    found = Roster.model_validate(roster)
    show(console, request, found)
    if found.verdict == "infeasible" or found.violations:
        return FOUND_WANTING
    return NO_ROSTER if found.verdict == "undecided" else DONE


def _with_time_limit(raw: bytes, seconds: float) -> bytes:
    """The request with another time limit."""
    request = json.loads(raw)
    request["options"] = {**request.get("options", {}), "time_limit_seconds": seconds}
    return json.dumps(request).encode()

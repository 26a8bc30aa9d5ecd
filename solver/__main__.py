"""The solver as a child process: a request on standard input, JSON lines on standard output.

Lines are `{"event": "progress", …}`, `{"event": "roster", …}` for a better verified roster, and at last
`{"event": "final", …}` or `{"event": "failed", …}`. SIGTERM and SIGINT ask for the best roster so far.

`python -m solver` makes a roster. With the name of an errand (`solver.errands`) it runs that instead, and `final` holds
its answer.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any, TextIO

from solver.without_pandas import leave_pandas_out

BEGAN = time.monotonic()  # what is imported and read from here on is part of the caller's time

PR_SET_PDEATHSIG = 1


def main() -> int:
    """Reads a request, solves it, writes what happens; exit status 0 when an answer was given."""
    parent = os.getppid()
    die_with_parent()
    leave_pandas_out()
    if os.getppid() != parent:
        return 1
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    # Whatever a library prints must not end up between the lines.
    lines = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    status: list[int] = []
    # The main thread only waits: Python runs signal handlers there, and not while a solver call blocks it.
    name = sys.argv[1] if len(sys.argv) > 1 else None
    thread = threading.Thread(
        target=lambda: status.append(answer(sys.stdin.buffer.read(), lines, stop, name)), daemon=True
    )
    thread.start()
    while thread.is_alive():
        thread.join(0.05)
    return status[0] if status else 1


def answer(raw: bytes, lines: TextIO, stop: threading.Event, name: str | None = None) -> int:
    """Makes the roster, or runs the errand of this name, and writes every event as a line."""

    def write(event: str, **facts: Any) -> None:
        lines.write(json.dumps({"event": event, **facts}, separators=(",", ":"), ensure_ascii=False) + "\n")
        lines.flush()

    from schemas.fault import RequestRefused

    try:
        if name is None:
            write("final", roster=_roster(raw, write, stop))
        else:
            from solver.errands import errand

            write("final", answer=errand(name)(raw, stop.is_set).model_dump(mode="json"))
    except RequestRefused as refused:
        write("failed", error=str(refused), faults=[fault.model_dump() for fault in refused.faults])
        return 2
    except MemoryError:
        write("failed", error="The solver ran out of memory.")
        return 3
    except Exception as failure:  # the process's own door: what is wrong is told, not lost
        traceback.print_exc()
        write("failed", error=f"{type(failure).__name__}: {failure}")
        return 1
    return 0


def _roster(raw: bytes, write: Callable[..., None], stop: threading.Event) -> dict[str, Any]:
    """The roster for the request, told while it is made."""
    from solver.reading import defaults_used, read_request
    from solver.reading.parse import parse
    from solver.solve import Listener, solve

    listener = Listener(
        progress=lambda progress: write("progress", progress=progress.model_dump(mode="json")),
        roster=lambda roster: write("roster", roster=roster.model_dump(mode="json", exclude_none=True)),
    )
    data = parse(raw)
    request = read_request(data)
    roster = solve(request, stop=stop.is_set, listener=listener, notes=defaults_used(data, request), began=BEGAN)
    return roster.model_dump(mode="json", exclude_none=True)


def die_with_parent() -> None:
    """Asks Linux to kill this process when its parent dies, so that no solver is left running alone."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main())

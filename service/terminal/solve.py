"""`stint solve`: a request solved in a child process, watched from the terminal."""

from __future__ import annotations

import asyncio
import signal
from dataclasses import dataclass
from typing import Any

from rich.console import Console

from service.jobs.child import SolverChild, how_it_ended
from service.settings import Settings
from service.terminal.progress import Face, face_of


class SolverFailedError(Exception):
    """The solver ended without an answer."""


@dataclass
class _Interrupts:
    """Ctrl-C: the first asks for the best roster so far, the second ends it."""

    child: SolverChild
    console: Console
    count: int = 0

    def __call__(self) -> None:
        self.count += 1
        if self.count == 1:
            self.console.print("Stopping; the best roster so far follows. Ctrl-C again to give up.")
            self.child.stop()
        else:
            self.child.kill()


def solve(raw: bytes, seconds: float, console: Console, settings: Settings) -> dict[str, Any]:
    """The roster of a request that was found to be without fault, with progress shown on the console.

    Raises:
        SolverFailedError: there was an error, or the solve was given up.
    """
    with face_of(console, seconds) as face:
        return asyncio.run(_solve(raw, face, console, settings))


async def _solve(raw: bytes, face: Face, console: Console, settings: Settings) -> dict[str, Any]:
    child = await SolverChild.start(settings.solver_command, raw)
    interrupts = _Interrupts(child, console)
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, interrupts)
    try:
        final = await _follow(child, face)
        status = 0 if final else await child.exit_status()
    finally:
        await child.end()
    if final is None:
        raise SolverFailedError("Given up." if interrupts.count > 1 else how_it_ended(status, child.last_words()))
    return final


async def _follow(child: SolverChild, face: Face) -> dict[str, Any] | None:
    """Show what the solver says until it has its answer."""
    async for event in child.events():
        if event.kind == "progress":
            face.show(event.body)
        elif event.kind == "failed":
            raise SolverFailedError(str(event.body))
        elif event.kind == "final":
            return dict(event.body)
    return None

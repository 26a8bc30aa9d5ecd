"""How far a solve is: a line that moves on a terminal, plain lines anywhere else."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

PLAIN_SECONDS = 1.0
QUIET_SECONDS = 10.0


class Face(Protocol):
    """Where progress is shown."""

    def show(self, progress: dict[str, Any]) -> None:
        """Show how far the solve is."""


@contextmanager
def face_of(console: Console, seconds: float) -> Iterator[Face]:
    """The face that suits the console."""
    if not console.is_terminal:
        yield PlainLines(console)
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(20), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        yield MovingLine(progress, seconds)


class MovingLine:
    """One line that is written over and over; the bar is the time."""

    def __init__(self, progress: Progress, seconds: float) -> None:
        self._progress = progress
        self._task = progress.add_task("starting", total=seconds)

    def show(self, progress: dict[str, Any]) -> None:
        self._progress.update(self._task, description=line_of(progress), completed=progress["seconds"])


class PlainLines:
    """A line whenever something has moved, at most one a second."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._last: dict[str, Any] = {}
        self._at = 0.0

    def show(self, progress: dict[str, Any]) -> None:
        age = time.monotonic() - self._at
        moved = {**progress, "seconds": 0} != {**self._last, "seconds": 0}
        if age >= (PLAIN_SECONDS if moved else QUIET_SECONDS):
            self._console.print(f"{progress['seconds']:7.1f} s  {line_of(progress)}", markup=False, highlight=False)
            self._last, self._at = progress, time.monotonic()


def line_of(progress: dict[str, Any]) -> str:
    """Phase, cost, bound and gap as far as they are known."""
    figures = {"cost": "cost {:,.2f}", "bound": "bound {:,.2f}", "gap_percent": "gap {:.3g} %"}
    known = [form.format(progress[name]) for name, form in figures.items() if progress.get(name) is not None]
    return "  ".join([*known, progress.get("phase") or "solving"])

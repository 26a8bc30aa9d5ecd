"""Runs a solver as a child process that speaks Stint's lines, and measures it from outside."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

Json = dict[str, Any]

STINT = (sys.executable, "-m", "solver")
PLAIN = (sys.executable, "-m", "bench.plain")
SAMPLE_SECONDS = 0.2
GRACE_SECONDS = 120


@dataclass(frozen=True)
class Outcome:
    """What a child answered, and what it took; seconds run from the start of the process."""

    roster: Json | None
    error: str | None
    seconds: float
    first_roster_seconds: float | None
    peak_mb: float
    timeline: tuple[tuple[float, float | None, float | None], ...]  # seconds, cost, bound


def solve_in_child(request: Json, *, seconds: float, command: Sequence[str] = STINT) -> Outcome:
    """Let a child solve the request in so many seconds, compile included; what it needs to start comes on top."""
    options = request.get("options", {}) | {"time_limit_seconds": seconds, "target_gap_percent": 0}
    text = json.dumps(request | {"options": options})
    began = time.monotonic()
    with tempfile.TemporaryFile("w+") as said:
        child = subprocess.Popen(list(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said, text=True)
        peak = _Peak(child.pid)
        killer = threading.Timer(seconds + GRACE_SECONDS, child.kill)
        killer.start()
        try:
            assert child.stdin is not None
            assert child.stdout is not None
            with contextlib.suppress(BrokenPipeError), child.stdin:
                child.stdin.write(text)
            events = _Events(began)
            for line in child.stdout:
                events.take(json.loads(line))
            status = child.wait()
        finally:
            killer.cancel()
            child.kill()
            child.wait()
            peak.stop()
        took = time.monotonic() - began
        said.seek(0)
        error = events.error or (f"exit status {status}: {said.read()[-2000:]}" if status or not events.final else None)
    return Outcome(
        roster=events.final,
        error=error,
        seconds=took,
        first_roster_seconds=events.first_roster_seconds,
        peak_mb=peak.bytes / 1e6,
        timeline=tuple(events.timeline),
    )


class _Events:
    """What the child's lines have said so far."""

    def __init__(self, began: float) -> None:
        self.began = began
        self.final: Json | None = None
        self.error: str | None = None
        self.first_roster_seconds: float | None = None
        self.timeline: list[tuple[float, float | None, float | None]] = []

    def take(self, line: Json) -> None:
        now = round(time.monotonic() - self.began, 2)
        if line["event"] == "progress":
            progress = line["progress"]
            self.timeline.append((now, progress.get("cost"), progress.get("bound")))
            self._met_roster(now, progress.get("cost") is not None)
        elif line["event"] == "final":
            self.final = line["roster"]
            self._met_roster(now, bool(line["roster"].get("cost")))
        elif line["event"] == "failed":
            self.error = line["error"]
        else:
            self._met_roster(now, line["event"] == "roster")

    def _met_roster(self, now: float, met: bool) -> None:
        if met and self.first_roster_seconds is None:
            self.first_roster_seconds = now


class _Peak:
    """The most memory that a process and its children were seen to hold, in bytes."""

    def __init__(self, pid: int) -> None:
        self.bytes = 0
        self._pid = pid
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(SAMPLE_SECONDS):
            with contextlib.suppress(psutil.Error):
                process = psutil.Process(self._pid)
                family = [process, *process.children(recursive=True)]
                self.bytes = max(self.bytes, sum(_high_water(one) for one in family))


def _high_water(process: psutil.Process) -> int:
    """Highest resident size so far where the system keeps it (Linux), else the resident size now."""
    try:
        status = Path(f"/proc/{process.pid}/status").read_text()
        return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        return int(process.memory_info().rss)

"""Kernels made ready before a solve: compiled once on a machine, side by side where it has the cores."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from solver.kernels import cache_folder
from solver.kernels.warm import PARTS

LOOK_SECONDS, TELL_SECONDS = 0.1, 5.0
"""How often it is looked whether kernels are ready, and how often somebody is told that they are not."""


def ready() -> bool:
    """Whether every kernel has been compiled for this version, Python and processor."""
    return _mark().exists()


def make_ready(told: Callable[[float], None] = lambda _: None, stop: Callable[[], bool] = lambda: False) -> bool:
    """Compiles every kernel that is not in the cache, in processes of its own; False when it was stopped or failed.

    Args:
        told: called every few seconds with the seconds that it has taken.
        stop: asked all the time.
    """
    began, next_word = time.monotonic(), 0.0
    waiting, done = list(PARTS), list[int]()
    running: list[subprocess.Popen[bytes]] = []
    places = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        while waiting or running:
            while waiting and len(running) < places:
                running.append(_compile(waiting.pop(0)))
            if stop():
                return False
            seconds = time.monotonic() - began
            if seconds >= next_word:
                told(seconds)
                next_word = seconds + TELL_SECONDS
            time.sleep(LOOK_SECONDS)
            done += [status for one in running if (status := one.poll()) is not None]
            running = [one for one in running if one.returncode is None]
    finally:
        for one in running:
            one.kill()
            one.wait()
    if any(done):
        return False
    _mark().parent.mkdir(parents=True, exist_ok=True)
    _mark().touch()
    return True


def _compile(part: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "solver.kernels", part]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def _mark() -> Path:
    return cache_folder() / "ready"

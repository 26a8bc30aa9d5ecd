"""What must be kept is kept, however long the database is away."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

from service.jobs.errors import StoreUnavailableError

PATIENCE_SECONDS = (0.5, 1.0, 2.0, 5.0)
"""Waits between tries; the last one goes on for ever."""

LOOK_SECONDS = 0.01
"""How often is looked whether something is so that is waited for."""

T = TypeVar("T")


def comes_true(asked: Callable[[], bool], seconds: float) -> bool:
    """Whether it is so within so many seconds; waits no longer than that."""
    last = time.monotonic() + seconds
    while not asked() and time.monotonic() < last:
        time.sleep(LOOK_SECONDS)
    return asked()


async def patiently(do: Callable[[], T]) -> T:
    """Do it in a thread, again and again until the database is there to do it."""
    tries = 0
    while True:
        try:
            return await asyncio.to_thread(do)
        except StoreUnavailableError:
            await asyncio.sleep(PATIENCE_SECONDS[min(tries, len(PATIENCE_SECONDS) - 1)])
            tries += 1

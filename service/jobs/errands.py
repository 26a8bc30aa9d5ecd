"""Errands: questions answered at once, each by a solver process of its own, a few side by side."""

from __future__ import annotations

import asyncio
from typing import Any

from schemas.fault import RequestRefused
from service.jobs.child import SolverChild, how_it_ended
from service.jobs.document import LargeRoster
from service.jobs.errors import ErrandFailedError, ErrandsBusyError
from service.settings import Settings


class Errands:
    """Runs errands, at most so many at once; one more than may wait is refused."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._places = asyncio.Semaphore(settings.errands_at_once)
        self._here = 0

    async def run(self, name: str, raw: bytes) -> dict[str, Any]:
        """The answer of an errand of `solver.errands` to a request. Cancelled, its process is gone.

        Raises:
            RequestRefused: with every fault of the request.
            ErrandsBusyError: too many are waiting already.
            ErrandFailedError: the process ended without an answer, or took too long.
        """
        if self._here >= self._settings.errands_at_once + self._settings.errands_waiting:
            raise ErrandsBusyError(self._settings.errands_at_once)
        self._here += 1
        try:
            async with self._places:
                return await answered(name, raw, self._settings)
        finally:
            self._here -= 1


async def answered(name: str, raw: bytes, settings: Settings) -> dict[str, Any]:
    """The answer of an errand, from a process of its own that is gone when this returns or raises.

    Raises:
        RequestRefused: with every fault of the request.
        ErrandFailedError: the process ended without an answer, or took too long.
    """
    return dict(await _answered(name, raw, settings, packing=False))


async def roster_answered(name: str, raw: bytes, settings: Settings) -> dict[str, Any] | LargeRoster:
    """The same of an errand that answers with a roster.

    Raises:
        RequestRefused: with every fault of the request.
        ErrandFailedError: the process ended without an answer, or took too long.
    """
    body: dict[str, Any] | LargeRoster = await _answered(name, raw, settings, packing=True)
    return body


async def _answered(name: str, raw: bytes, settings: Settings, *, packing: bool) -> Any:
    command = (*settings.solver_command, name)
    child = await SolverChild.start(command, raw, memory_mb=settings.solver_memory_mb, nice=settings.solver_nice)
    try:
        async with asyncio.timeout(settings.errand_seconds):
            return await _followed(child, packing)
    except TimeoutError:
        raise ErrandFailedError(f"It took more than {settings.errand_seconds:g} seconds.") from None
    finally:
        await child.end()


async def _followed(child: SolverChild, packing: bool) -> Any:
    async for event in child.events(packing=packing):
        if event.kind == "final":
            return event.body
        if event.kind == "failed" and event.faults:
            raise RequestRefused(list(event.faults))
        if event.kind == "failed":
            raise ErrandFailedError(str(event.body))
    raise ErrandFailedError(how_it_ended(await child.exit_status(), child.last_words()))

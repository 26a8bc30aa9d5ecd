"""Errands: questions answered at once, each by a solver process of its own, a few side by side."""

from __future__ import annotations

import asyncio
from typing import Any

from schemas.fault import RequestRefused
from service.jobs.child import SolverChild, how_it_ended
from service.jobs.document import LargeRoster
from service.jobs.errors import ErrandFailedError, ErrandsBusyError, TenantErrandsBusyError
from service.jobs.turns import Turns
from service.settings import Settings


class Errands:
    """Runs errands, at most so many at once, of tenants by turns; one more than may wait is refused."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._turns = Turns(settings.errands_at_once)

    async def run(self, tenant: str, name: str, raw: bytes) -> dict[str, Any]:
        """The answer of an errand of `solver.errands` to a tenant's request. Cancelled, its process is gone.

        Raises:
            RequestRefused: with every fault of the request.
            TenantErrandsBusyError: as many of the tenant wait already as may.
            ErrandsBusyError: as many of all tenants do.
            ErrandFailedError: the process ended without an answer, or took too long.
        """
        self._admit(tenant)
        async with self._turns.turn(tenant):
            return await answered(name, raw, self._settings)

    def _admit(self, tenant: str) -> None:
        settings, turns = self._settings, self._turns
        if turns.free:
            return
        if turns.waiting_of(tenant) >= settings.errands_waiting:
            raise TenantErrandsBusyError(settings.errands_waiting)
        if turns.waiting >= settings.errands_waiting_in_all:
            raise ErrandsBusyError(settings.errands_at_once)


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

"""A job from the queue to its end: one solver process, watched."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import structlog

from schemas.job import COMPILING
from service.jobs.child import OUT_OF_MEMORY, SolverChild, how_it_ended, without_memory
from service.jobs.division import divide, is_large, join
from service.jobs.document import ending_with, kept, total_of
from service.jobs.engine import Engine
from service.jobs.errors import StoreUnavailableError
from service.jobs.job import Attempt, Ending, Order
from service.jobs.packed import Packed
from service.jobs.patience import patiently
from service.jobs.solver_events import SolverEvent
from service.jobs.store import JobStore
from service.metrics import SOLVING, solve_ended
from service.settings import Settings

LOOK_SECONDS = 0.25
"""How often a solve looks whether it is still wanted; so long may a cancel take to be seen."""

NOTE_SECONDS = 1.0
"""Progress is kept at most this often."""

QUIET_SECONDS = 5.0
"""And this often when nothing but the clock has moved."""

EXIT_SECONDS = 2.0
"""Time for a solver to end by itself after its answer."""

log = structlog.get_logger()


async def run(job_id: str, store: JobStore, settings: Settings, engine: Engine | None = None) -> None:
    """Do a queued job and record what came of it: solve it, or divide it and leave it to its parts.

    The last part of a divided job to end makes the roster of the whole, and so does whoever takes over from one that
    died over it. Without an engine nothing is divided.
    """
    attempt = await patiently(partial(store.begin, job_id, max_attempts=settings.max_attempts))
    if attempt is not None:
        with structlog.contextvars.bound_contextvars(job=job_id, tenant=attempt.tenant, attempt=attempt.number):
            if engine is not None and is_large(attempt, settings) and await divide(attempt, store, settings, engine):
                return
            await _solve(attempt, store, settings)
    whole = await patiently(partial(store.to_join, job_id, max_attempts=settings.max_attempts))
    if whole is not None:
        with structlog.contextvars.bound_contextvars(job=whole.job_id, tenant=whole.tenant):
            await _finish(whole.job_id, whole.number, await join(whole, settings), store)


async def _solve(attempt: Attempt, store: JobStore, settings: Settings) -> None:
    log.info("solve begins")
    began = time.monotonic()
    with SOLVING.track_inprogress():
        ending = await ending_of(attempt, store, settings)
    if ending is not None:
        solve_ended(ending.status, ending.verdict, ending.gap_percent, time.monotonic() - began)
        await _finish(attempt.job_id, attempt.number, ending, store)


async def _finish(job_id: str, attempt: int, ending: Ending, store: JobStore) -> None:
    if await patiently(partial(store.finish, job_id, attempt, ending)):
        log.info("job ended", status=ending.status, verdict=ending.verdict, error=ending.error)


async def ending_of(attempt: Attempt, store: JobStore, settings: Settings) -> Ending | None:
    """How the attempt ends; None when it was abandoned. An error of our own is an ending too."""
    try:  # the worker's door
        return await Solve(attempt, store, settings).run()
    except Exception as error:
        log.exception("solve broke")
        return Ending("failed", error=f"The worker met an error of its own: {type(error).__name__}: {error}"[:2000])


@dataclass
class Solve:
    """A solver process at work on one attempt, and what is known of it so far."""

    attempt: Attempt
    store: JobStore
    settings: Settings
    progress: dict[str, Any] | None = None
    noted: dict[str, Any] | None = None
    unkept: tuple[bytes | Packed, float | None] | None = None
    final: Ending | None = None
    order: Order = Order.GO_ON
    hung: bool = False
    began: float = field(default_factory=time.monotonic)
    noted_at: float = 0.0

    async def run(self) -> Ending | None:
        """Follow the solver to its end; the process is gone when this returns or raises."""
        status = 0
        child = await SolverChild.start(
            self.settings.solver_command,
            self.attempt.request,
            memory_mb=self.settings.solver_memory_mb,
            nice=self.settings.solver_nice,
        )
        watch = asyncio.create_task(self._watch(child))
        try:
            async for event in child.events(packing=True):
                await self._take(event)
                if self.final is not None:
                    break
            with suppress(TimeoutError):  # having answered, it need not be waited for
                status = await asyncio.wait_for(child.exit_status(), None if self.final is None else EXIT_SECONDS)
        finally:
            watch.cancel()
            await child.end()
            await asyncio.gather(watch, return_exceptions=True)
        if watch.done() and not watch.cancelled() and (fault := watch.exception()):
            raise fault
        return self._ending(status, child)

    async def _take(self, event: SolverEvent) -> None:
        """Take in what the solver says."""
        if event.kind == "progress":
            self.progress = event.body
            if str(event.body.get("phase", "")).startswith(COMPILING):
                self.began = time.monotonic()  # the time limit begins when there are kernels
        elif event.kind == "roster":
            self.unkept = await asyncio.to_thread(kept, event.body), total_of(event.body)
            await self._keep()
        elif event.kind == "final":
            self.final = await asyncio.to_thread(ending_with, event.body)
        elif event.kind == "failed":
            said = str(event.body)
            lacking = any(sign in said for sign in OUT_OF_MEMORY)
            self.final = Ending("failed", error=without_memory(self.settings.solver_memory_mb) if lacking else said)

    async def _watch(self, child: SolverChild) -> None:
        """Note the progress, obey orders, and end what hangs; the process is told to stop before it is killed."""
        overdue = self.attempt.time_limit_seconds + self.settings.overtime_seconds
        try:
            while self.order is Order.GO_ON and not self.hung:
                await asyncio.sleep(LOOK_SECONDS)
                await self._look()
                self.hung = time.monotonic() - self.began > overdue
                if child.gone:
                    child.kill()  # what it left behind would keep its output open
            if self.order is not Order.ABANDON:
                child.stop()
                grace = self.settings.stop_grace_seconds if self.hung else self.settings.cancel_grace_seconds
                await asyncio.sleep(grace)
        finally:
            child.kill()

    async def _look(self) -> None:
        """Keep the progress if it is worth a line, and see whether to go on; without the database, go on."""
        with suppress(StoreUnavailableError):
            news = self._news()
            self.order = await asyncio.to_thread(self.store.note, self.attempt.job_id, self.attempt.number, news)
            await self._keep()

    async def _keep(self) -> None:
        """Keep the last roster that is not kept yet; without the database, later."""
        if self.unkept is None:
            return
        roster, cost = unkept = self.unkept
        with suppress(StoreUnavailableError):
            await asyncio.to_thread(self.store.keep_roster, self.attempt.job_id, self.attempt.number, roster, cost)
            if self.unkept is unkept:
                self.unkept = None

    def _news(self) -> dict[str, Any] | None:
        """Progress worth a line: something but the clock has moved, or the last line is old."""
        age = time.monotonic() - self.noted_at
        moved = without_clock(self.progress) != without_clock(self.noted)
        if self.progress == self.noted or age < (NOTE_SECONDS if moved else QUIET_SECONDS):
            return None
        self.noted, self.noted_at = self.progress, time.monotonic()
        return self.progress

    def _ending(self, status: int, child: SolverChild) -> Ending | None:
        """What all of it amounts to."""
        if self.order is Order.ABANDON:
            return None
        if self.order is Order.STOP:
            return as_cancelled(self.final)
        if self.final is not None:
            return self.final
        if self.hung:
            return Ending("failed", error="The solver was still at work long after its time limit and was stopped.")
        if child.lacked_memory():
            return Ending("failed", error=without_memory(self.settings.solver_memory_mb))
        return Ending("failed", error=how_it_ended(status, child.last_words()))


def as_cancelled(final: Ending | None) -> Ending:
    """The ending of a job that was cancelled: with the solver's last answer, if it has a roster."""
    if final is None or final.roster is None or final.cost is None:
        return Ending("cancelled")
    return Ending("cancelled", final.roster, final.verdict, final.cost, final.lower_bound, final.gap_percent)


def without_clock(progress: dict[str, Any] | None) -> dict[str, Any]:
    """The progress but for its seconds."""
    return {name: value for name, value in (progress or {}).items() if name != "seconds"}

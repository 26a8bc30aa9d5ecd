"""Erases jobs when their time is over, and what the engine remembers of work that is done."""

from __future__ import annotations

import threading
import time
from contextlib import AbstractContextManager, suppress
from datetime import timedelta
from functools import partial

import structlog

from service.jobs.engine import Engine
from service.jobs.errors import JobNotFoundError, StoreUnavailableError
from service.jobs.meanwhile import meanwhile
from service.jobs.store import JobStore
from service.jobs.submit import erase
from service.metrics import ERASED
from service.settings import Settings

SWEEP_SECONDS = 600.0
BATCH = 200
"""Jobs that a sweep erases; what is left over goes with the next."""

ENGINE_SECONDS = 3600.0
"""For so long the engine may remember what has ended."""

MOST_DRIFT_SECONDS = 300.0
QUIET_SECONDS = 86_400.0
"""After the clock has jumped nothing is erased for a day, in which somebody may set it right."""

log = structlog.get_logger()


class Sweeper:
    """Looks now and then for jobs that are old enough; knows when the clock cannot be trusted."""

    def __init__(self, store: JobStore, engine: Engine, settings: Settings) -> None:
        self._store = store
        self._engine = engine
        self._settings = settings
        self._offset = self._clock_offset()
        self._quiet_until = 0.0

    def sweep(self) -> int:
        """Erase what is old enough, and give how many jobs that were."""
        if self._clock_jumped():
            return 0
        self._engine.tidy(ENGINE_SECONDS)
        days = self._settings.retention_days
        if days is None:
            return 0
        erased = 0
        for tenant, job_id in self._store.ended_for(timedelta(days=days), limit=BATCH):
            with suppress(JobNotFoundError):  # its owner was faster
                erase(job_id, self._store, self._engine, tenant=tenant)
                erased += 1
        if erased:
            ERASED.inc(erased)
            log.info("jobs erased, their time was over", jobs=erased, days=days)
        return erased

    def _clock_jumped(self) -> bool:
        """Whether the clock was set, by more than clocks drift, within the last day that this process ran."""
        offset = self._clock_offset()
        if abs(offset - self._offset) > MOST_DRIFT_SECONDS:
            log.warning("the clock was set; nothing is erased for a day", seconds=round(offset - self._offset))
            self._quiet_until = time.monotonic() + QUIET_SECONDS
            self._offset = offset
        return time.monotonic() < self._quiet_until

    @staticmethod
    def _clock_offset() -> float:
        return time.time() - time.monotonic()


def swept(sweeper: Sweeper) -> AbstractContextManager[None]:
    """Sweep in a thread of its own while this is entered."""
    return meanwhile("retention", partial(_sweep, sweeper))


def _sweep(sweeper: Sweeper, ended: threading.Event) -> None:
    while not ended.wait(SWEEP_SECONDS):
        try:  # this thread's door
            sweeper.sweep()
        except StoreUnavailableError:
            continue  # logged where it is met
        except Exception:
            log.exception("the sweep broke")

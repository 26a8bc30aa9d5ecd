"""Where jobs are kept: the face that `adapters/` fulfils, once on a database and once in memory."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal, Protocol

from schemas.roster import Status
from service.jobs.job import Attempt, Ending, JobEvent, JobRecord, NewJob, Order, Whole
from service.jobs.packed import Packed

Enqueue = Callable[[object, NewJob], None]
"""Puts a job into the engine's queue within the store's transaction, which is the first argument."""


@dataclass(frozen=True, slots=True)
class Room:
    """How many jobs may wait: of a tenant, exactly; and in all, but for those that come in the same instant."""

    of_a_tenant: int | None = None
    in_all: int | None = None


BOUNDLESS = Room()


@dataclass(frozen=True, slots=True)
class Load:
    """How much there is to do, and by how many."""

    queued: int
    running: int
    oldest_queued_seconds: float
    workers: int
    places: int


class JobStore(Protocol):
    """Jobs with their requests, rosters and events. What another tenant owns does not exist.

    A job may be divided into parts, which are jobs for the engine and for workers alone: callers see them as part of
    theirs, cancel and erase them with it, and it ends when the last of them has.
    """

    def add(self, new: NewJob, enqueue: Enqueue, *, key_hours: float, room: Room = BOUNDLESS) -> JobRecord:
        """Keep a job and enqueue it, both or neither; with a key that is known, give the job of its first use.

        Raises:
            KeyReusedError: the key came with another request before.
            TenantQueueFullError: the tenant has as many jobs waiting as there is room for.
            QueueFullError: there is no room for any more jobs.
        """

    def get(self, tenant: str, job_id: str) -> JobRecord | None:
        """The job, if this tenant has it."""

    def with_parts(self, tenant: str, job_id: str) -> tuple[JobRecord, list[JobRecord]] | None:
        """The job with its parts in their order, if this tenant has it; one look, for it is asked for most."""

    def page(self, tenant: str, *, status: Status | None, limit: int, before: str | None) -> list[JobRecord]:
        """The newest jobs, newest first, older than the job `before`."""

    def request_of(self, tenant: str, job_id: str) -> bytes | None:
        """The request as it came in."""

    def roster_of(self, tenant: str, job_id: str) -> bytes | None:
        """The best roster so far, or the final one."""

    def explanation_of(self, tenant: str, job_id: str) -> bytes | None:
        """The explanation that was kept."""

    def keep_explanation(self, tenant: str, job_id: str, explanation: bytes) -> None:
        """Keep the explanation of a job, unless it was erased meanwhile."""

    def packed(self, tenant: str, job_id: str, kind: Literal["request", "roster"]) -> Packed | None:
        """The request or the best roster, compressed: for large ones, which are not wanted in memory."""

    def events_after(self, job_id: str, seq: int, *, limit: int = 1000) -> list[JobEvent]:
        """What happened to the job after the event numbered `seq`, oldest first."""

    def last_events(self, job_ids: Collection[str]) -> Mapping[str, tuple[int, bool]]:
        """The number of the last event of each job there is, and whether the job has ended."""

    def request_cancel(self, tenant: str, job_id: str) -> JobRecord | None:
        """Cancel a queued job at once and ask for the end of a running one; one that has ended stays as it is."""

    def erase(self, tenant: str, job_id: str) -> JobRecord | None:
        """Remove the job with its request, rosters, events and key, and give what was known of it."""

    def begin(self, job_id: str, *, max_attempts: int) -> Attempt | None:
        """Start an attempt at a job; None when there is nothing to do, because it ended, was cancelled or erased.

        A job whose attempts are used up ends here as failed: each of them took its worker down.
        """

    def note(self, job_id: str, attempt: int, progress: dict[str, Any] | None) -> Order:
        """Keep how far the attempt is, as an event as well, and say whether to go on."""

    def keep_roster(self, job_id: str, attempt: int, roster: bytes | Packed, cost: float | None) -> None:
        """Keep a roster on the way, if it is cheaper than the one kept before and the attempt is the current one."""

    def finish(self, job_id: str, attempt: int, ending: Ending) -> bool:
        """Record the end of the job; False, and nothing recorded, when the attempt is no longer the current one."""

    def divide(self, job_id: str, attempt: int, parts: Sequence[NewJob], enqueue: Enqueue) -> bool:
        """Keep and enqueue the parts of a running job, all or none; False when the attempt is no longer the current."""

    def parts_of(self, tenant: str, job_id: str) -> list[JobRecord]:
        """The parts of a job, in their order."""

    def to_join(self, job_id: str, *, max_attempts: int) -> Whole | None:
        """What the job, or the one that it is a part of, is to be made from, if all parts have ended and it has not.

        Each call counts as a try; a job whose tries are used up ends here as failed.
        """

    def load(self) -> Load:
        """How much there is to do, of all tenants together."""

    def ended_for(self, age: timedelta, *, limit: int) -> list[tuple[str, str]]:
        """Jobs that ended so long ago or longer, oldest first, each with its tenant."""

    def shortcomings(self, *, beat_seconds: float, least_free_mb: int) -> list[str]:
        """Why jobs cannot be kept or run at the moment, in sentences; empty when they can."""

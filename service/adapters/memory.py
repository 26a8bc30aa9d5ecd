"""Jobs in memory: a store and an engine for tests and for trying things out. Nothing survives, all else is the same."""

from __future__ import annotations

import asyncio
import threading
import zlib
from bisect import insort
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import Any, Literal

from schemas.roster import Status
from service.adapters.memory_calendars import MemoryCalendars
from service.adapters.memory_webhooks import MemoryWebhooks
from service.jobs.engine import EngineStatus
from service.jobs.errors import KeyReusedError, QueueFullError, TenantQueueFullError
from service.jobs.job import Attempt, Ending, JobEvent, JobRecord, NewJob, Order, Whole, gap, now, progress_of_parts
from service.jobs.packed import Packed, unpacked
from service.jobs.patience import comes_true
from service.jobs.store import BOUNDLESS, Enqueue, Load, Room


@dataclass
class _Kept:
    """A job and all that belongs to it."""

    record: JobRecord
    request: bytes
    time_limit_seconds: float
    roster: bytes | None = None
    roster_cost: float | None = None
    joins: int = 0
    explanation: bytes | None = None
    events: list[JobEvent] = field(default_factory=list)


@dataclass
class _Key:
    fingerprint: str
    job_id: str
    expires_at: datetime


class MemoryStore:
    """Fulfils `JobStore` with a dictionary and a lock."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._jobs: dict[str, _Kept] = {}
        self._keys: dict[tuple[str, str], _Key] = {}
        self.webhooks = MemoryWebhooks(self._lock, self._status_of)
        self.calendars = MemoryCalendars(self._jobs_have)

    def add(self, new: NewJob, enqueue: Enqueue, *, key_hours: float, room: Room = BOUNDLESS) -> JobRecord:
        with self._lock, self._undone_on_error(new):
            earlier = self._job_of_key(new, key_hours)
            if earlier is not None:
                return earlier
            self._check_room(new.tenant, room)
            self._put(new, enqueue)
            return self._jobs[new.id].record

    def get(self, tenant: str, job_id: str) -> JobRecord | None:
        kept = self._of(tenant, job_id)
        return None if kept is None or kept.record.parent_id else kept.record

    def with_parts(self, tenant: str, job_id: str) -> tuple[JobRecord, list[JobRecord]] | None:
        with self._lock:
            own = self.get(tenant, job_id)
            return None if own is None else (own, self.parts_of(tenant, job_id))

    def page(self, tenant: str, *, status: Status | None, limit: int, before: str | None) -> list[JobRecord]:
        with self._lock:
            records = sorted((kept.record for kept in self._jobs.values()), key=lambda record: record.id, reverse=True)
        return [
            record
            for record in records
            if record.tenant == tenant
            and record.parent_id is None
            and status in (None, record.status)
            and (before is None or record.id < before)
        ][:limit]

    def request_of(self, tenant: str, job_id: str) -> bytes | None:
        kept = self._of(tenant, job_id)
        return None if kept is None else kept.request

    def roster_of(self, tenant: str, job_id: str) -> bytes | None:
        kept = self._of(tenant, job_id)
        return None if kept is None else kept.roster

    def explanation_of(self, tenant: str, job_id: str) -> bytes | None:
        kept = self._of(tenant, job_id)
        return None if kept is None else kept.explanation

    def keep_explanation(self, tenant: str, job_id: str, explanation: bytes) -> None:
        with self._lock:
            kept = self._of(tenant, job_id)
            if kept is not None and kept.explanation is None:
                kept.explanation = explanation

    def packed(self, tenant: str, job_id: str, kind: Literal["request", "roster"]) -> Packed | None:
        kept = self._of(tenant, job_id)
        body = None if kept is None else kept.request if kind == "request" else kept.roster
        return None if body is None else Packed(zlib.compress(body))

    def events_after(self, job_id: str, seq: int, *, limit: int = 1000) -> list[JobEvent]:
        with self._lock:
            kept = self._jobs.get(job_id)
            return [event for event in kept.events if event.seq > seq][:limit] if kept else []

    def last_events(self, job_ids: Collection[str]) -> Mapping[str, tuple[int, bool]]:
        with self._lock:
            found = (self._jobs[job_id].record for job_id in job_ids if job_id in self._jobs)
            return {record.id: (record.last_event, record.ended) for record in found}

    def request_cancel(self, tenant: str, job_id: str) -> JobRecord | None:
        with self._lock:
            kept = self._of(tenant, job_id)
            if kept is None or kept.record.parent_id:
                return None
            if not kept.record.ended:
                kept.record = replace(kept.record, cancel_requested=True)
                if kept.record.status == "queued" or self._cancel_parts(job_id):
                    self.finish(job_id, kept.record.attempts, Ending("cancelled"))
            return kept.record

    def erase(self, tenant: str, job_id: str) -> JobRecord | None:
        with self._lock:
            kept = self._of(tenant, job_id)
            if kept is None or kept.record.parent_id:
                return None
            for part in self._parts(job_id):
                del self._jobs[part.record.id]
            del self._jobs[job_id]
            self.webhooks.job_erased(job_id)
            self._keys = {name: key for name, key in self._keys.items() if key.job_id != job_id}
            return kept.record

    def begin(self, job_id: str, *, max_attempts: int) -> Attempt | None:
        with self._lock:
            kept = self._jobs.get(job_id)
            if kept is None or kept.record.ended or self._parts(job_id):
                return None
            record = kept.record
            if record.cancel_requested:
                self.finish(job_id, record.attempts, Ending("cancelled"))
                return None
            if record.attempts >= max_attempts:
                self.finish(job_id, record.attempts, Ending("failed", error=f"Started {record.attempts} times."))
                return None
            number = record.attempts + 1
            kept.record = replace(record, status="running", attempts=number, started_at=record.started_at or now())
            self._happened(job_id, "status", {"status": "running", "attempt": number})
            return Attempt(
                job_id, record.tenant, number, kept.request, kept.time_limit_seconds, record.priority, record.agents,
                is_part=record.parent_id is not None,
            )  # fmt: skip

    def note(self, job_id: str, attempt: int, progress: dict[str, Any] | None) -> Order:
        with self._lock:
            kept = self._current(job_id, attempt)
            if kept is None:
                return Order.ABANDON
            if progress is not None:
                names = {"cost": "cost", "bound": "lower_bound", "gap_percent": "gap_percent"}
                figures = {own: progress[name] for name, own in names.items() if progress.get(name) is not None}
                kept.record = replace(kept.record, progress=progress, **figures)
                self._happened(job_id, "progress", progress)
                if kept.record.parent_id:
                    self._progress_of_parts(kept.record.parent_id)
            return Order.STOP if kept.record.cancel_requested else Order.GO_ON

    def keep_roster(self, job_id: str, attempt: int, roster: bytes | Packed, cost: float | None) -> None:
        with self._lock:
            kept = self._current(job_id, attempt)
            if kept is None:
                return
            if kept.roster is None or (cost is not None and (kept.roster_cost is None or cost < kept.roster_cost)):
                kept.roster, kept.roster_cost = unpacked(roster), cost

    def finish(self, job_id: str, attempt: int, ending: Ending) -> bool:
        with self._lock:
            kept = self._jobs.get(job_id)
            if kept is None or kept.record.attempts != attempt or kept.record.ended:
                return False
            names = ("verdict", "cost", "lower_bound", "gap_percent", "error")
            figures = {name: value for name in names if (value := getattr(ending, name)) is not None}
            if ending.cost is None and kept.roster_cost is not None:
                bound = kept.record.lower_bound
                figures["cost"] = kept.roster_cost
                figures |= {} if bound is None else {"gap_percent": gap(kept.roster_cost, bound)}
            kept.record = replace(kept.record, status=ending.status, finished_at=now(), **figures)
            if ending.roster is not None:
                kept.roster, kept.roster_cost = unpacked(ending.roster), ending.cost
            self._happened(job_id, "status", {"status": ending.status, **figures})
            if kept.record.parent_id is None:
                self.webhooks.job_ended(kept.record.tenant, job_id, ending.status)
            return True

    def divide(self, job_id: str, attempt: int, parts: Sequence[NewJob], enqueue: Enqueue) -> bool:
        with self._lock:
            if self._current(job_id, attempt) is None:
                return False
            for part in parts:
                self._put(part, enqueue)
            self._happened(job_id, "status", {"status": "running", "parts": len(parts)})
            return True

    def parts_of(self, tenant: str, job_id: str) -> list[JobRecord]:
        with self._lock:
            return [part.record for part in self._parts(job_id) if part.record.tenant == tenant]

    def to_join(self, job_id: str, *, max_attempts: int) -> Whole | None:
        with self._lock:
            kept = self._jobs.get(job_id)
            if kept is not None and kept.record.parent_id:
                kept = self._jobs.get(kept.record.parent_id)
            if kept is None or kept.record.status != "running":
                return None
            parts = self._parts(kept.record.id)
            if not parts or not all(part.record.ended for part in parts):
                return None
            kept.joins += 1
            record = kept.record
            if kept.joins > max_attempts:
                self.finish(record.id, record.attempts, Ending("failed", error=f"Joined {max_attempts} times."))
                return None
            return Whole(
                record.id, record.tenant, record.attempts, kept.request, record.cancel_requested,
                tuple(part.record for part in parts), tuple(part.roster for part in parts),
            )  # fmt: skip

    def load(self) -> Load:
        with self._lock:
            records = [kept.record for kept in self._jobs.values() if not self._parts(kept.record.id)]
        queued = [record.created_at for record in records if record.status == "queued"]
        waiting = (now() - min(queued)).total_seconds() if queued else 0.0
        return Load(len(queued), sum(record.status == "running" for record in records), waiting, 1, 1)

    def ended_for(self, age: timedelta, *, limit: int) -> list[tuple[str, str]]:
        instant = now() - age
        with self._lock:
            old = sorted(
                (kept.record.finished_at, kept.record.tenant, kept.record.id)
                for kept in self._jobs.values()
                if kept.record.finished_at and kept.record.finished_at < instant and not kept.record.parent_id
            )
        return [(tenant, job_id) for _, tenant, job_id in old[:limit]]

    def shortcomings(self, *, beat_seconds: float, least_free_mb: int) -> list[str]:
        return []

    def _check_room(self, tenant: str, room: Room) -> None:
        """Make sure that one more job may wait."""
        waiting = [
            kept.record.tenant
            for kept in self._jobs.values()
            if kept.record.status == "queued" and not kept.record.parent_id
        ]
        if room.of_a_tenant is not None and waiting.count(tenant) >= room.of_a_tenant:
            raise TenantQueueFullError(room.of_a_tenant)
        if room.in_all is not None and len(waiting) >= room.in_all:
            raise QueueFullError

    def _put(self, new: NewJob, enqueue: Enqueue) -> None:
        """Keep a job as queued, and enqueue it."""
        record = JobRecord(
            id=new.id, tenant=new.tenant, name=new.name, status="queued", priority=new.priority, created_at=now(),
            started_at=None, finished_at=None, attempts=0, cancel_requested=False, last_event=0, progress=None,
            verdict=None, cost=None, lower_bound=None, gap_percent=None, error=None,
            agents=new.agents, parent_id=new.parent_id, part=new.part,
        )  # fmt: skip
        self._jobs[new.id] = _Kept(record, new.request, new.time_limit_seconds)
        self._happened(new.id, "status", {"status": "queued"})
        enqueue(self._lock, new)

    def _parts(self, job_id: str) -> list[_Kept]:
        found = (kept for kept in self._jobs.values() if kept.record.parent_id == job_id)
        return sorted(found, key=lambda kept: kept.record.part or 0)

    def _cancel_parts(self, job_id: str) -> bool:
        """Cancel the parts of a job; whether that ended the last of them."""
        waiting = [part for part in self._parts(job_id) if not part.record.ended]
        queued = [part for part in waiting if part.record.status == "queued"]
        for part in waiting:
            part.record = replace(part.record, cancel_requested=True)
        for part in queued:
            self.finish(part.record.id, part.record.attempts, Ending("cancelled"))
        return bool(queued) and len(queued) == len(waiting)

    def _progress_of_parts(self, job_id: str) -> None:
        """Show how far the whole is, at most once a second."""
        whole = self._jobs[job_id]
        last = whole.events[-1]
        if whole.record.ended or (last.kind == "progress" and now() - last.created_at < timedelta(seconds=1)):
            return
        progress = progress_of_parts(whole.record, [part.record for part in self._parts(job_id)])
        whole.record = replace(whole.record, progress=progress)
        self._happened(job_id, "progress", progress)

    def _jobs_have(self, job_id: str) -> bool:
        return job_id in self._jobs

    def _status_of(self, job_id: str) -> Status | None:
        kept = self._jobs.get(job_id)
        return None if kept is None else kept.record.status

    def _of(self, tenant: str, job_id: str) -> _Kept | None:
        with self._lock:
            kept = self._jobs.get(job_id)
            return kept if kept and kept.record.tenant == tenant else None

    def _current(self, job_id: str, attempt: int) -> _Kept | None:
        kept = self._jobs.get(job_id)
        return kept if kept and kept.record.status == "running" and kept.record.attempts == attempt else None

    def _job_of_key(self, new: NewJob, key_hours: float) -> JobRecord | None:
        """The job that took the new one's key first; None when the new one takes it now, or has none."""
        if new.idempotency_key is None:
            return None
        name = (new.tenant, new.idempotency_key)
        key = self._keys.get(name)
        if key is None or key.expires_at < now():
            self._keys[name] = _Key(new.fingerprint, new.id, now() + timedelta(hours=key_hours))
            return None
        if key.fingerprint != new.fingerprint:
            raise KeyReusedError(new.idempotency_key)
        return self._jobs[key.job_id].record

    @contextmanager
    def _undone_on_error(self, new: NewJob) -> Iterator[None]:
        jobs, keys = dict(self._jobs), dict(self._keys)
        try:
            yield
        except BaseException:
            self._jobs, self._keys = jobs, keys
            raise

    def _happened(self, job_id: str, kind: Any, body: dict[str, Any]) -> None:
        kept = self._jobs[job_id]
        kept.record = replace(kept.record, last_event=kept.record.last_event + 1)
        kept.events.append(JobEvent(job_id, kept.record.last_event, kept.record.attempts, kind, body, now()))


class MemoryEngine:
    """Fulfils `Engine` with a queue and a few tasks on an event loop of its own, in a thread."""

    def __init__(self, run: Callable[[str], Awaitable[None]], *, concurrent_solves: int) -> None:
        self._run = run
        self._places = concurrent_solves
        self._queue: list[tuple[int, int, str]] = []  # by priority, then by when it came
        self._queue_lock = threading.Lock()
        self._came = count()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._known: set[str] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def start(self) -> None:
        """Begin to run jobs."""
        self._thread.start()

    def drain(self, seconds: float) -> bool:
        """Begin no more jobs, and say whether those that run have ended within so many seconds."""
        self._places = 0
        return comes_true(lambda: not self._tasks, seconds)

    def stop(self) -> None:
        """End all runs and the thread."""
        asyncio.run_coroutine_threadsafe(self._end_all(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def submit(self, within: object, job: NewJob) -> None:
        self._known.add(job.id)
        with self._queue_lock:
            insort(self._queue, (job.priority, next(self._came), job.id))
        self._loop.call_soon_threadsafe(self._fill)

    def cancel(self, job_id: str) -> None:
        with self._queue_lock:
            self._queue = [place for place in self._queue if place[-1] != job_id]
        task = self._tasks.get(job_id)
        if task is not None:
            self._loop.call_soon_threadsafe(task.cancel)

    def status(self, job_id: str) -> EngineStatus | None:
        if job_id not in self._known:
            return None
        if job_id in self._tasks:
            return "running"
        return "queued" if any(place[-1] == job_id for place in self._queue) else "ended"

    def alive(self) -> frozenset[str]:
        return frozenset({"memory"})

    def places(self) -> int:
        return self._places

    def recover(self, alive: frozenset[str]) -> int:
        return 0  # who had the jobs is this process, and it lives

    def forget(self, job_id: str) -> None:
        self._known.discard(job_id)

    def tidy(self, older_seconds: float) -> None:
        pass  # what this remembers is gone with the process

    def _fill(self) -> None:
        while self._queue and len(self._tasks) < self._places:
            with self._queue_lock:
                *_, job_id = self._queue.pop(0)
            task = self._loop.create_task(self._of(job_id))
            self._tasks[job_id] = task
            task.add_done_callback(partial(self._done, job_id))

    async def _of(self, job_id: str) -> None:
        await self._run(job_id)

    def _done(self, job_id: str, _: asyncio.Task[None]) -> None:
        del self._tasks[job_id]
        self._fill()

    async def _end_all(self) -> None:
        self._queue.clear()
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

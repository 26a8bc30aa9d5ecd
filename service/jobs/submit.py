"""What a caller may do with jobs: submit, cancel, erase."""

from __future__ import annotations

import hashlib

from service.jobs.engine import Engine
from service.jobs.errors import JobNotFoundError
from service.jobs.job import JobRecord, NewJob, new_id
from service.jobs.store import JobStore, Room
from solver.reading import read_request


def submit(
    raw: bytes,
    store: JobStore,
    engine: Engine,
    *,
    tenant: str,
    priority: int,
    idempotency_key: str | None,
    key_hours: float,
    room: Room,
) -> JobRecord:
    """Keep the request as a queued job, or give the job that the same key and request made before.

    Raises:
        RequestRefused: the request has faults; nothing was kept.
        KeyReusedError: the key came with another request before.
        TenantQueueFullError: the tenant has as many jobs waiting as it may.
        QueueFullError: the service takes no more jobs.
    """
    request = read_request(raw)
    new = NewJob(
        id=new_id(),
        tenant=tenant,
        name=request.name,
        request=raw,
        time_limit_seconds=request.options.time_limit_seconds,
        priority=priority,
        idempotency_key=idempotency_key,
        fingerprint=hashlib.sha256(raw).hexdigest(),
        agents=len(request.agents),
    )
    return store.add(new, engine.submit, key_hours=key_hours, room=room)


def cancel(job_id: str, store: JobStore, engine: Engine, *, tenant: str) -> JobRecord:
    """End a job and keep its best roster; a job that has ended stays as it is.

    A running solver is told to stop by its own worker, which looks for that several times a second and waits for the
    answer; the engine is asked only to take a queued job out of its queue.

    Raises:
        JobNotFoundError: this tenant has no such job.
    """
    record = store.request_cancel(tenant, job_id)
    if record is None:
        raise JobNotFoundError(job_id)
    if record.ended and engine.status(job_id) == "queued":
        engine.cancel(job_id)
    return record


def erase(job_id: str, store: JobStore, engine: Engine, *, tenant: str) -> None:
    """Remove a job with everything that is known of it; if it runs, its solver is ended.

    Raises:
        JobNotFoundError: this tenant has no such job.
    """
    parts = store.parts_of(tenant, job_id)
    record = store.erase(tenant, job_id)
    if record is None:
        raise JobNotFoundError(job_id)
    for each in (record, *parts):
        if each.ended:
            engine.forget(each.id)
        else:
            engine.cancel(each.id)

"""Rosters as jobs: submit, look, follow, cancel, erase."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, StreamingResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent

from schemas.answers import JobPage
from schemas.job import Job, JobPart, Progress
from schemas.request import RosterRequest
from schemas.roster import Roster, Status
from service.api.given import (
    GivenEngine,
    GivenFeed,
    GivenJob,
    GivenSettings,
    GivenStore,
    IdempotencyKey,
    JsonBody,
    Priority,
    Tenant,
    WaitSeconds,
)
from service.api.openapi import json_body, problems
from service.jobs import submit as desk
from service.jobs.document import told
from service.jobs.errors import JobNotFoundError
from service.jobs.feed import Feed
from service.jobs.job import ID_PATTERN, JobRecord
from service.jobs.store import JobStore, Room

router = APIRouter(prefix="/v1/rosters", tags=["rosters"])


@router.post(
    "",
    status_code=202,
    response_model=Job,
    openapi_extra=json_body(RosterRequest),
    responses={
        200: {"model": Roster, "description": "The roster, when it was done within the time of `Prefer: wait`."},
        202: {"description": "The job that makes the roster, at the place that `Location` names."},
        **problems(409, 413, 415, 422, 429, 503),
    },
)
async def submit(
    raw: JsonBody,
    key: IdempotencyKey,
    tenant: Tenant,
    store: GivenStore,
    engine: GivenEngine,
    feed: GivenFeed,
    settings: GivenSettings,
    wait: WaitSeconds,
    priority: Priority,
) -> Response:
    """Ask for a roster: the answer is a job, or the roster itself if it is done within the N seconds of `Prefer`."""
    job = await run_in_threadpool(
        desk.submit,
        raw,
        store,
        engine,
        tenant=tenant,
        priority=priority,
        idempotency_key=key,
        key_hours=settings.idempotency_hours,
        room=Room(settings.queued_per_tenant, settings.queued_in_all),
    )
    return await _answer(job, wait, tenant, store, feed)


async def _answer(job: JobRecord, seconds: float, tenant: str, store: JobStore, feed: Feed) -> Response:
    """The roster, if the job ends in time with one; the job otherwise."""
    headers = {"Location": f"/v1/rosters/{job.id}"}
    if seconds:
        headers["Preference-Applied"] = f"wait={seconds:g}"
        if await feed.ended(job.id, seconds):
            now = await run_in_threadpool(store.get, tenant, job.id)
            body = await run_in_threadpool(store.roster_of, tenant, job.id)
            if now is not None and body is not None:
                return Response(told(now, body), media_type="application/json", headers=headers)
            job = now or job
    return JSONResponse(job_of(job).model_dump(mode="json"), status_code=202, headers=headers)


@router.get("", responses=problems(422))
def page(
    tenant: Tenant,
    store: GivenStore,
    status: Annotated[Status | None, Query(description="Only jobs that stand so.")] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="Most jobs in the answer.")] = 50,
    cursor: Annotated[str | None, Query(pattern=ID_PATTERN, description="`next_cursor` of the page before.")] = None,
) -> JobPage:
    """The jobs, newest first."""
    records = store.page(tenant, status=status, limit=limit + 1, before=cursor)
    jobs = tuple(job_of(record) for record in records[:limit])
    return JobPage(jobs=jobs, next_cursor=jobs[-1].id if len(records) > limit else None)


@router.get("/{job_id}", responses=problems(404))
def read(job_id: str, tenant: Tenant, store: GivenStore) -> Job:
    """How a job stands: status, progress, cost, bound, gap and times; and its parts, where it was divided."""
    found = store.with_parts(tenant, job_id)
    if found is None:
        raise JobNotFoundError(job_id)
    job, parts = found
    return job_of(job).model_copy(update={"parts": tuple(_part(part) for part in parts)})


@router.get("/{job_id}/request", response_model=RosterRequest, responses=problems(404))
def request(job: GivenJob, tenant: Tenant, store: GivenStore) -> Response:
    """What was asked, to the letter."""
    packed = store.packed(tenant, job.id, "request")
    if packed is None:
        raise JobNotFoundError(job.id)
    return StreamingResponse(packed(), media_type="application/json")


@router.get("/{job_id}/events", response_class=EventSourceResponse, responses=problems(404))
async def events(
    job: GivenJob,
    feed: GivenFeed,
    last_event_id: Annotated[str | None, Header(description="Goes on after this event.")] = None,
) -> AsyncIterator[ServerSentEvent]:
    """What happens to the job as it happens: `status` events, and `progress` with each better cost, bound or gap.

    Events are numbered; a reader that was cut off goes on where it was with `Last-Event-ID`. The stream ends with
    the job.
    """
    async for event in feed.follow(job.id, after=_resumed(last_event_id, job)):
        yield ServerSentEvent(event=event.kind, id=str(event.seq), data=event.body)


def _resumed(last_event_id: str | None, job: JobRecord) -> int:
    """The number to go on after; an id that is none of this job's begins at the beginning."""
    if last_event_id is None or not (last_event_id.isascii() and last_event_id.isdecimal()):
        return 0
    number = int(last_event_id[:18])
    return number if number <= job.last_event else 0


@router.post("/{job_id}/cancel", responses=problems(404))
def cancel(job_id: str, tenant: Tenant, store: GivenStore, engine: GivenEngine) -> Job:
    """Stop a job and keep its best roster so far; a running one has stopped a moment later."""
    return job_of(desk.cancel(job_id, store, engine, tenant=tenant))


@router.delete("/{job_id}", status_code=204, responses=problems(404))
def erase(job_id: str, tenant: Tenant, store: GivenStore, engine: GivenEngine) -> None:
    """Erase a job with its request, its roster and its events, and end it if it runs."""
    desk.erase(job_id, store, engine, tenant=tenant)


def job_of(record: JobRecord) -> Job:
    """The job as callers see it."""
    here = f"/v1/rosters/{record.id}"
    links = {"self": here, "roster": f"{here}/roster", "request": f"{here}/request", "events": f"{here}/events"}
    return Job(
        id=record.id,
        name=record.name,
        status=record.status,
        verdict=record.verdict,
        created_at=record.created_at,
        started_at=record.started_at,
        finished_at=record.finished_at,
        attempts=record.attempts,
        priority=record.priority,
        progress=_progress(record.progress),
        cost=record.cost,
        lower_bound=record.lower_bound,
        gap_percent=record.gap_percent,
        error=record.error,
        links={**links, **({"explanation": f"{here}/explanation"} if record.ended else {"cancel": f"{here}/cancel"})},
    )


def _part(record: JobRecord) -> JobPart:
    return JobPart(**{name: getattr(record, name) for name in JobPart.model_fields})


def _progress(kept: dict[str, Any] | None) -> Progress | None:
    return None if kept is None else Progress.model_validate(kept, strict=False, extra="ignore")

"""What routes are given: the store, the engine, the caller's tenant, and the body.

What asks no database is `async`, though it waits for nothing: the framework would hand it to another thread and back.
"""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import Depends, Header, Query, Request

from schemas.job import DEFAULT_PRIORITY, LEAST_URGENT
from service.api.access import GivenCaller
from service.api.body import json_of
from service.jobs.calendars import Calendars
from service.jobs.engine import Engine
from service.jobs.errands import Errands
from service.jobs.errors import JobNotFoundError, TooUrgentError
from service.jobs.explanations import Explanations
from service.jobs.feed import Feed
from service.jobs.job import JobRecord
from service.jobs.store import JobStore
from service.jobs.webhooks import Webhooks
from service.settings import Settings


async def _settings(request: Request) -> Settings:
    return cast(Settings, request.app.state.settings)


async def _store(request: Request) -> JobStore:
    return cast(JobStore, request.app.state.backend.store)


async def _engine(request: Request) -> Engine:
    return cast(Engine, request.app.state.backend.engine)


async def _webhooks(request: Request) -> Webhooks:
    return cast(Webhooks, request.app.state.backend.webhooks)


async def _calendars(request: Request) -> Calendars:
    return cast(Calendars, request.app.state.backend.calendars)


async def _feed(request: Request) -> Feed:
    return cast(Feed, request.app.state.feed)


async def _errands(request: Request) -> Errands:
    return cast(Errands, request.app.state.errands)


async def _explanations(request: Request) -> Explanations:
    return cast(Explanations, request.app.state.explanations)


async def _tenant(caller: GivenCaller) -> str:
    return caller.tenant


GivenSettings = Annotated[Settings, Depends(_settings)]
GivenStore = Annotated[JobStore, Depends(_store)]
GivenEngine = Annotated[Engine, Depends(_engine)]
GivenWebhooks = Annotated[Webhooks, Depends(_webhooks)]
GivenCalendars = Annotated[Calendars, Depends(_calendars)]
GivenFeed = Annotated[Feed, Depends(_feed)]
GivenErrands = Annotated[Errands, Depends(_errands)]
GivenExplanations = Annotated[Explanations, Depends(_explanations)]
Tenant = Annotated[str, Depends(_tenant)]


def _job(job_id: str, tenant: Tenant, store: GivenStore) -> JobRecord:
    record = store.get(tenant, job_id)
    if record is None:
        raise JobNotFoundError(job_id)
    return record


GivenJob = Annotated[JobRecord, Depends(_job)]


async def _json_body(request: Request, settings: GivenSettings) -> bytes:
    """The body; what it holds is the reader's to judge."""
    return await json_of(request, settings.max_body_bytes)


JsonBody = Annotated[bytes, Depends(_json_body)]


async def _idempotency_key(
    key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            min_length=1,
            max_length=255,
            pattern=r"^[\x20-\x7e]+$",
            description="The same key and body give the same job, however often they are sent.",
        ),
    ] = None,
) -> str | None:
    return key


IdempotencyKey = Annotated[str | None, Depends(_idempotency_key)]


async def _wait_seconds(
    settings: GivenSettings,
    prefer: Annotated[str | None, Header(description="`wait=N` waits up to N seconds for the roster.")] = None,
) -> float:
    """Seconds of `wait` in a Prefer header (RFC 7240); 0 where it has none that can be read, for it is a wish."""
    for preference in (prefer or "").split(","):
        name, _, value = preference.partition(";")[0].partition("=")
        digits = value.strip().strip('"')
        if name.strip().lower() == "wait" and digits.isascii() and digits.isdecimal():
            return min(float(digits), settings.max_wait_seconds)
    return 0.0


WaitSeconds = Annotated[float, Depends(_wait_seconds)]


async def _priority(
    caller: GivenCaller,
    # No header: browsers send one of that name by themselves, and mean something else.
    priority: Annotated[
        int | None,
        Query(
            ge=0,
            le=LEAST_URGENT,
            description="Place in the queue: 0 is served first, 7 last. A key may be bound to some; without it, 3.",
        ),
    ] = None,
) -> int:
    """The place in the queue that is asked for.

    Raises:
        TooUrgentError: the caller may not ask for it.
    """
    if priority is None:
        return max(DEFAULT_PRIORITY, caller.most_urgent)
    if priority < caller.most_urgent:
        raise TooUrgentError(priority, caller.most_urgent)
    return priority


Priority = Annotated[int, Depends(_priority)]

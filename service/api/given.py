"""What routes are given: the store, the engine, the caller's tenant, and the body."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import Depends, Header, Request

from service.api.access import GivenCaller
from service.jobs.engine import Engine
from service.jobs.errands import Errands
from service.jobs.errors import BodyTooLargeError, JobNotFoundError, WrongContentTypeError
from service.jobs.feed import Feed
from service.jobs.job import JobRecord
from service.jobs.store import JobStore
from service.jobs.webhooks import Webhooks
from service.settings import Settings

SWALLOWED = 8
"""A body that is too large is read up to so many times the limit, so that its sender gets to see the answer."""


def _settings(request: Request) -> Settings:
    return cast(Settings, request.app.state.settings)


def _store(request: Request) -> JobStore:
    return cast(JobStore, request.app.state.backend.store)


def _engine(request: Request) -> Engine:
    return cast(Engine, request.app.state.backend.engine)


def _webhooks(request: Request) -> Webhooks:
    return cast(Webhooks, request.app.state.backend.webhooks)


def _feed(request: Request) -> Feed:
    return cast(Feed, request.app.state.feed)


def _errands(request: Request) -> Errands:
    return cast(Errands, request.app.state.errands)


def _tenant(caller: GivenCaller) -> str:
    return caller.tenant


GivenSettings = Annotated[Settings, Depends(_settings)]
GivenStore = Annotated[JobStore, Depends(_store)]
GivenEngine = Annotated[Engine, Depends(_engine)]
GivenWebhooks = Annotated[Webhooks, Depends(_webhooks)]
GivenFeed = Annotated[Feed, Depends(_feed)]
GivenErrands = Annotated[Errands, Depends(_errands)]
Tenant = Annotated[str, Depends(_tenant)]


def _job(job_id: str, tenant: Tenant, store: GivenStore) -> JobRecord:
    record = store.get(tenant, job_id)
    if record is None:
        raise JobNotFoundError(job_id)
    return record


GivenJob = Annotated[JobRecord, Depends(_job)]


async def _json_body(request: Request, settings: GivenSettings) -> bytes:
    """The body, if it says that it is JSON and is not too large; what it holds is the reader's to judge."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        raise WrongContentTypeError(
            f"The body is {kind or 'of no stated content type'}, expected application/json. "
            "Maybe the header Content-Type: application/json is missing."
        )
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding != "identity":
        raise WrongContentTypeError(f"The body is encoded with {encoding}, expected plain JSON.")
    return await _read(request, settings.max_body_bytes)


async def _read(request: Request, limit: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size <= limit:
            parts.append(part)
        elif size > limit * SWALLOWED:
            break
    if size > limit:
        raise BodyTooLargeError(f"The body is larger than {limit:,} bytes, which is the most this service takes.")
    return b"".join(parts)


JsonBody = Annotated[bytes, Depends(_json_body)]


def _idempotency_key(
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


def _wait_seconds(
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

"""Calendar subscriptions: made, changed and removed by who may submit; read by whoever knows the address."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Response
from fastapi.responses import StreamingResponse

from schemas.calendar import CalendarRequest, CalendarSubscription, CalendarSubscriptionList
from service.api.access import PUBLIC
from service.api.given import GivenCalendars, GivenJob, GivenSettings, GivenStore, JsonBody, Tenant
from service.api.openapi import json_body, problems
from service.exports.book import Book
from service.exports.formats import MEDIA_TYPES, Edition, pieces
from service.jobs.calendars import CalendarRecord, digest_of, rotate, subscribe
from service.jobs.document import told_in_pieces
from service.jobs.errors import AgentNotFoundError, CalendarNotFoundError, JobNotFoundError
from service.settings import Settings
from solver.reading import read_as

router = APIRouter(tags=["calendars"])

EMPTY = b'{"schedules":[]}'
PLACE = "/v1/rosters/{job_id}/calendars"


@router.post(
    PLACE, status_code=201, openapi_extra=json_body(CalendarRequest), responses=problems(404, 409, 413, 415, 422)
)
def add(
    raw: JsonBody,
    job: GivenJob,
    tenant: Tenant,
    store: GivenStore,
    calendars: GivenCalendars,
    settings: GivenSettings,
    response: Response,
) -> CalendarSubscription:
    """Make an address from which a calendar program fetches the shifts of one agent, or of all.

    Whoever knows the address sees this calendar and nothing else, without a key. It is shown in this answer only.
    """
    wanted = read_as(CalendarRequest, raw)
    if wanted.agent_id is not None:
        packed = store.packed(tenant, job.id, "request")
        if packed is None:
            raise JobNotFoundError(job.id)
        if wanted.agent_id not in Book.agents_of(packed):
            raise AgentNotFoundError(f"The request of job {job.id} has no agent {wanted.agent_id!r}.")
    record, token = subscribe(job, wanted.agent_id, calendars)
    shown = _shown(record, settings, token)
    response.headers["Location"] = shown.links["self"]
    return shown


@router.get(PLACE, responses=problems(404))
def every(job: GivenJob, calendars: GivenCalendars, settings: GivenSettings) -> CalendarSubscriptionList:
    """The subscriptions to a roster, without their addresses."""
    found = calendars.list_of(job.tenant, job.id)
    return CalendarSubscriptionList(calendars=tuple(_shown(record, settings) for record in found))


@router.post(f"{PLACE}/{{calendar_id}}/rotate", responses=problems(404))
def change(job: GivenJob, calendar_id: str, calendars: GivenCalendars, settings: GivenSettings) -> CalendarSubscription:
    """Give a subscription a new address; the old one leads nowhere from now on."""
    record, token = rotate(job, calendar_id, calendars)
    return _shown(record, settings, token)


@router.delete(f"{PLACE}/{{calendar_id}}", status_code=204, responses=problems(404))
def remove(job: GivenJob, calendar_id: str, calendars: GivenCalendars) -> None:
    """Remove a subscription; its address leads nowhere from now on."""
    if not calendars.remove(job.tenant, job.id, calendar_id):
        raise CalendarNotFoundError


@router.get(
    "/v1/calendars/{token}.ics",
    openapi_extra=PUBLIC,
    responses={200: {"content": {"text/calendar": {"schema": {"type": "string"}}}}, **problems(404)},
    response_class=Response,
)
def read(
    token: Annotated[str, Path(max_length=200, description="The secret of the address.")],
    store: GivenStore,
    calendars: GivenCalendars,
) -> Response:
    """The calendar that belongs to the address; empty while there is no roster."""
    record = calendars.find(digest_of(token))
    job = None if record is None else store.get(record.tenant, record.job_id)
    request = None if job is None else store.packed(job.tenant, job.id, "request")
    if record is None or job is None or request is None:
        raise CalendarNotFoundError
    roster = store.packed(job.tenant, job.id, "roster")
    book: Book | None = Book.of(
        request, b'{"schedules":[]}' if roster is None else partial(told_in_pieces, job, roster)
    )
    if book is not None and record.agent_id is not None:
        book = book.only(record.agent_id)
    if book is None:
        raise CalendarNotFoundError
    edition = Edition(job.id, job.last_event, job.finished_at or job.started_at or datetime.now(UTC))
    headers = {"Cache-Control": "private, max-age=300", "X-Robots-Tag": "noindex"}
    return StreamingResponse(iter(pieces(book, "ics", edition)), media_type=MEDIA_TYPES["ics"], headers=headers)


def _shown(record: CalendarRecord, settings: Settings, token: str | None = None) -> CalendarSubscription:
    here = f"/v1/rosters/{record.job_id}/calendars/{record.id}"
    return CalendarSubscription(
        id=record.id,
        job_id=record.job_id,
        agent_id=record.agent_id,
        created_at=record.created_at,
        url=None if token is None else f"{(settings.public_url or '').rstrip('/')}/v1/calendars/{token}.ics",
        links={"self": here, "rotate": f"{here}/rotate"},
    )

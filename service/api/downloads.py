"""The roster in the format that the caller wants: by `Accept`, or by `?format=`."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Header, Query, Response
from fastapi.responses import StreamingResponse

from schemas.roster import Roster
from service.api.given import GivenJob, GivenStore, Tenant
from service.api.openapi import problems
from service.exports.book import Book
from service.exports.formats import MEDIA_TYPES, XLSX, Edition, Format, accepted, file_name, pieces
from service.jobs.document import told_in_pieces
from service.jobs.errors import AgentNotFoundError, JobNotFoundError, NotAcceptableError, RosterNotThereError
from service.jobs.packed import Packed

router = APIRouter(prefix="/v1/rosters", tags=["rosters"])

TEXT = {"schema": {"type": "string"}}
FILE = {"schema": {"type": "string", "format": "binary"}}


@router.get(
    "/{job_id}/roster",
    response_model=Roster,
    responses={
        200: {
            "description": "The roster.",
            "content": {"text/csv": TEXT, XLSX: FILE, "text/calendar": TEXT},
        },
        304: {"description": "It is still the roster that `If-None-Match` names."},
        **problems(404, 406, 422),
    },
)
def roster(
    job: GivenJob,
    tenant: Tenant,
    store: GivenStore,
    format: Annotated[  # what the parameter is called by callers
        Format | None, Query(description="`csv` has a line for each activity, `csv-days` one for each agent and day.")
    ] = None,
    agent_id: Annotated[str | None, Query(description="One agent's part alone.")] = None,
    accept: Annotated[str | None, Header(description="The format, where `format` is not given.")] = None,
    if_none_match: Annotated[str | None, Header(description="The `ETag` of what the caller has.")] = None,
) -> Response:
    """The roster; while the job runs, the best one so far."""
    form = format or accepted(accept)
    if form is None:
        known = ", ".join(sorted({kind.partition(";")[0] for kind in MEDIA_TYPES.values()}))
        raise NotAcceptableError(f"A roster comes as {known}; {accept!r} asks for none of them.")
    roster = store.packed(tenant, job.id, "roster")
    if roster is None:
        reason = job.error or f"The job is {job.status}."
        raise RosterNotThereError(f"Job {job.id} has no roster. {reason}")
    headers = {
        "ETag": (tag := _tag(roster, job.status, form, agent_id)), "Cache-Control": "private, no-cache",
        "Vary": "Accept, Authorization, X-API-Key",
    }  # fmt: skip
    if if_none_match is not None and (tag in if_none_match or if_none_match.strip() == "*"):
        return Response(status_code=304, headers=headers)
    if form == "json" and agent_id is None:
        return StreamingResponse(told_in_pieces(job, roster), media_type="application/json", headers=headers)
    request = store.packed(tenant, job.id, "request")
    if request is None:
        raise JobNotFoundError(job.id)
    book: Book | None = Book.of(request, partial(told_in_pieces, job, roster))
    if book is not None and agent_id is not None:
        book = book.only(agent_id)
    if book is None:
        raise AgentNotFoundError(f"The request of job {job.id} has no agent {agent_id!r}.")
    stamp = job.finished_at or job.started_at or datetime.now(UTC)
    edition = Edition(job.id, job.last_event, stamp)
    if form != "json":
        headers["Content-Disposition"] = f'attachment; filename="{file_name(book.name, job.id, form)}"'
    return StreamingResponse(iter(pieces(book, form, edition)), media_type=MEDIA_TYPES[form], headers=headers)


def _tag(roster: Packed, status: str, form: str, agent_id: str | None) -> str:
    """Changes when the roster, how the job stands, the format or the choice of agent does."""
    digest = hashlib.sha256(roster.digest())
    digest.update(f"\0{status}\0{form}\0{agent_id}".encode())
    return f'"{digest.hexdigest()[:32]}"'

"""Reports: planned against actual."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Header, Query, Response

from schemas.report import Report, ReportRequest
from service.api.access import needs
from service.api.given import JsonBody
from service.api.openapi import json_body, problems
from service.exports.formats import XLSX, liked
from service.exports.report_page import POLICY
from service.exports.reports import REPORT_TYPES, ReportFormat, written
from service.jobs.errors import NotAcceptableError

router = APIRouter(prefix="/v1", tags=["staffing"])

TEXT = {"schema": {"type": "string"}}
FILE = {"schema": {"type": "string", "format": "binary"}}


@router.post(
    "/reports",
    response_model=Report,
    openapi_extra=json_body(ReportRequest) | needs("read"),
    responses={
        200: {"description": "The report.", "content": {"text/csv": TEXT, "text/html": TEXT, XLSX: FILE}},
        **problems(406, 413, 415, 422),
    },
)
async def reports(
    raw: JsonBody,
    format: Annotated[  # what the parameter is called by callers
        ReportFormat | None, Query(description="`html` is one page with charts that holds all it needs.")
    ] = None,
    accept: Annotated[str | None, Header(description="The format, where `format` is not given.")] = None,
) -> Response:
    """Service, forecast, staffing and its causes, adherence and cost: what was planned against what happened."""
    from solver.reading.report import read_report  # numpy, which few calls need, is loaded by the first that does
    from solver.report.report import report

    form = format or liked(accept, REPORT_TYPES)
    if form is None:
        known = ", ".join(sorted({kind.partition(";")[0] for kind in REPORT_TYPES.values()}))
        raise NotAcceptableError(f"A report comes as {known}; {accept!r} asks for none of them.")
    body = await asyncio.to_thread(lambda: written(report(read_report(raw)), form))
    headers = {"Vary": "Accept"} | ({"Content-Security-Policy": POLICY} if form == "html" else {})
    return Response(body, media_type=REPORT_TYPES[form], headers=headers)

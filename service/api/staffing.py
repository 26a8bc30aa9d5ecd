"""Staffing: volumes, handle times and service goals to agents needed, and agents to the service they give."""

from __future__ import annotations

from fastapi import APIRouter

from schemas.staffing import Staffing, StaffingRequest
from service.api.access import needs
from service.api.given import JsonBody
from service.api.openapi import json_body, problems

router = APIRouter(prefix="/v1", tags=["staffing"])


@router.post("/staffing", openapi_extra=json_body(StaffingRequest) | needs("read"), responses=problems(413, 415, 422))
def staff(raw: JsonBody) -> Staffing:
    """The fewest agents that reach every goal in each interval, and the service that they give."""
    from solver.reading.staffing import read_staffing  # numpy, which few calls need, is loaded by the first that does
    from solver.staffing.requirements import staffing

    return staffing(read_staffing(raw))

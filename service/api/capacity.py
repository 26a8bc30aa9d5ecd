"""How many people: capacity plans for weeks ahead, and the mix of contracts for a week."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from schemas.capacity import CapacityPlan, CapacityRequest
from schemas.mix import MixRequest, WorkPlanMix
from service.api.access import needs
from service.api.given import GivenErrands, JsonBody, Tenant
from service.api.openapi import json_body, problems
from solver.reading.capacity import read_capacity
from solver.reading.mix import read_mix

router = APIRouter(prefix="/v1", tags=["capacity"])


@router.post(
    "/work-plan-mixes",
    response_model=WorkPlanMix,
    openapi_extra=json_body(MixRequest) | needs("read"),
    responses=problems(413, 415, 422, 500, 503),
)
async def work_plan_mix(raw: JsonBody, errands: GivenErrands, tenant: Tenant) -> Response:
    """How many people on which contract do the work at least cost, within the request's time limit."""
    await run_in_threadpool(read_mix, raw)  # what has faults is answered without a process
    return JSONResponse(await errands.run(tenant, "mix", raw))


@router.post(
    "/capacity-plans",
    response_model=CapacityPlan,
    openapi_extra=json_body(CapacityRequest) | needs("read"),
    responses=problems(413, 415, 422, 500, 503),
)
async def capacity_plan(raw: JsonBody, errands: GivenErrands, tenant: Tenant) -> Response:
    """Whom to hire when at least cost, what every week then looks like, and what other service goals would cost."""
    await run_in_threadpool(read_capacity, raw)
    return JSONResponse(await errands.run(tenant, "capacity", raw))

"""Predicted service of any roster: solved, edited, made elsewhere."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from schemas.prediction import Prediction, PredictionRequest
from service.api.access import needs
from service.api.given import GivenErrands, JsonBody, Tenant
from service.api.openapi import json_body, problems

router = APIRouter(prefix="/v1", tags=["staffing"])


@router.post(
    "/predictions",
    response_model=Prediction,
    openapi_extra=json_body(PredictionRequest) | needs("read"),
    responses=problems(413, 415, 422, 500, 503),
)
async def predictions(raw: JsonBody, errands: GivenErrands, tenant: Tenant) -> Prediction | Response:
    """Service level, waits, abandonment, occupancy and net staffing by interval, day, period and planning group.

    By Erlang's formulas, and with `simulation` also by playing the contacts against the roster one by one.
    """
    from solver.prediction.formulas import predict  # numpy, which few calls need, is loaded by the first that does
    from solver.reading.prediction import read_prediction

    asked = await asyncio.to_thread(read_prediction, raw)
    if asked.simulation is not None:
        return JSONResponse(await errands.run(tenant, "predict", raw))
    return await asyncio.to_thread(predict, asked.request, asked.roster, asked.work)

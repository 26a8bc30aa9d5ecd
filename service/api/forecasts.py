"""Forecasts: volumes of the past to volumes to come."""

from __future__ import annotations

from fastapi import APIRouter

from schemas.forecast import Forecast, ForecastRequest
from service.api.access import needs
from service.api.given import JsonBody
from service.api.openapi import json_body, problems

router = APIRouter(prefix="/v1", tags=["staffing"])


@router.post("/forecasts", openapi_extra=json_body(ForecastRequest) | needs("read"), responses=problems(413, 415, 422))
def forecasts(raw: JsonBody) -> Forecast:
    """Interval volumes to come, with prediction intervals and the error that the forecast would have had before."""
    from solver.forecast.forecast import forecast  # numpy, which few calls need, is loaded by the first that does
    from solver.reading.forecast import read_forecast

    return forecast(read_forecast(raw))

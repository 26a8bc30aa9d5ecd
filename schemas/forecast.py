"""Forecasts: interval counts of the past in, volumes to come out, with how far off they may be."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Schema
from schemas.clock import LocalDateTime
from schemas.request import Day, Identifier, Listed, Text
from schemas.roster import Message

Volume = Annotated[float, Field(ge=0, le=10_000_000, allow_inf_nan=False)]


class PastInterval(Schema):
    """What came in an interval of the past."""

    start: LocalDateTime = Field(description="Start of the interval.")
    volume: Volume = Field(description="Contacts offered.")
    aht_seconds: Annotated[float, Field(gt=0, le=1_000_000, allow_inf_nan=False)] | None = Field(
        default=None, description="Mean handle time; where it is given it is forecast too."
    )


class SpecialDay(Schema):
    """A day that is not like others of its weekday."""

    date: Day
    name: Text = ""
    factor: Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)] | None = Field(
        default=None,
        description="Its volume against that of a usual day; 0 = closed; none = as special days were before.",
    )


class ForecastSeries(Schema):
    """The past of one planning group."""

    history: Annotated[tuple[PastInterval, ...], Listed] = ()
    actuals: Annotated[tuple[PastInterval, ...], Listed] = Field(
        default=(), description="Intervals of forecast days that are over; they re-scale the rest of their day."
    )


class ForecastGroup(ForecastSeries):
    """A planning group."""

    id: Identifier


class ForecastRequest(ForecastSeries):
    """The past of one planning group, or of several, and the days to forecast."""

    time_zone: str = Field(default="UTC", max_length=100, description="Zone of date-times without an offset.")
    interval_minutes: Literal[5, 10, 15, 30, 60] = Field(default=30, description="Of the forecast.")
    history_interval_minutes: Literal[5, 10, 15, 30, 60] | None = Field(
        default=None, description="Of history and actuals, where it is finer."
    )
    start_date: Day | None = Field(default=None, description="First day to forecast; none = after the last of history.")
    days: int = Field(default=7, ge=1, le=400)
    prediction_percent: Annotated[float, Field(ge=1, le=99)] = Field(
        default=80, description="Share of intervals whose volume is to lie between `low` and `high`."
    )
    country: Annotated[str, Field(max_length=10)] | None = Field(
        default=None, description="ISO code of the country whose public holidays count.", examples=["EE"]
    )
    subdivision: Annotated[str, Field(max_length=10)] | None = Field(default=None, description="Its state or province.")
    special_days: Annotated[tuple[SpecialDay, ...], Listed] = ()
    planning_groups: Annotated[tuple[ForecastGroup, ...], Listed] = ()


class ForecastInterval(Schema):
    """What is to come in an interval."""

    start: str
    volume: float
    low: float = Field(description="Lower end of the prediction interval.")
    high: float = Field(description="Upper end of the prediction interval.")
    aht_seconds: float | None = None
    actual: bool = Field(default=False, description="Whether this is an actual, not a forecast.")


class ForecastError(Schema):
    """How far off forecasts were."""

    wape_percent: float | None = Field(description="Sum of errors, whichever their sign, of the sum of volumes.")
    mape_percent: float | None = Field(description="Mean error in percent, of intervals with any volume.")
    bias_percent: float | None = Field(description="Forecast less actual, of the sum of volumes.")


class BackTest(Schema):
    """The last days of history, forecast from the days before them."""

    start_date: Day
    days: int
    interval: ForecastError
    day: ForecastError
    naive_interval: ForecastError = Field(description="Of the same weekday's last volumes before.")
    naive_day: ForecastError
    inside_percent: float | None = Field(description="Intervals whose volume lay between `low` and `high`.")


class Rescale(Schema):
    """A day whose actuals so far re-scale the rest of it."""

    date: Day
    forecast_so_far: float
    actual_so_far: float
    factor: float = Field(description="What the rest of the day's forecast is multiplied by.")


class ForecastOfGroup(Schema):
    """A planning group's forecast."""

    id: str
    intervals: tuple[ForecastInterval, ...]
    back_test: BackTest | None = Field(description="None where history is too short for one.")
    rescaled: tuple[Rescale, ...] = ()


class Forecast(Schema):
    """Volumes to come."""

    intervals: tuple[ForecastInterval, ...] = Field(default=(), description="Of a request for a single group.")
    back_test: BackTest | None = None
    rescaled: tuple[Rescale, ...] = ()
    planning_groups: tuple[ForecastOfGroup, ...] = ()
    messages: tuple[Message, ...] = ()

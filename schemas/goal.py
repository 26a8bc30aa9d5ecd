"""Service goals of a planning group, in place of required heads."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Schema
from schemas.money import Amount

Percentage = Annotated[float, Field(gt=0, lt=100, allow_inf_nan=False)]


class ServiceTarget(Schema):
    """What a planning group's contacts are to get: an answer in time, or at all, over an interval, a day or the period.

    With `percent` and `within_seconds` so many percent are answered within so many seconds; with
    `max_abandonment_percent` at most so many give up. A contact is outside the goal when it is not answered in time, or
    gives up. What the goal allows outside of it is free; each further one costs `missed_cost_per_contact`.
    """

    percent: Percentage | None = Field(default=None, examples=[80])
    within_seconds: Annotated[float, Field(ge=0, le=100_000, allow_inf_nan=False)] | None = Field(
        default=None, examples=[20]
    )
    max_abandonment_percent: Percentage | None = Field(default=None, description="In place of the other two.")
    per: Literal["interval", "day", "period"] = Field(default="day", description="Over what the percentage is meant.")
    missed_cost_per_contact: Amount = Field(
        default=50, validate_default=True, description="Price of each contact outside the goal beyond what it allows."
    )

    @property
    def allowed_percent(self) -> float:
        """How many percent of contacts may be outside the goal."""
        if self.max_abandonment_percent is not None:
            return self.max_abandonment_percent
        return 100 - (self.percent or 0)

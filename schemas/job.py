"""A job: a request on its way to a roster."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from schemas.base import Schema
from schemas.roster import Status, Verdict


class Progress(Schema):
    """How far a solve has come: best cost, proved bound, and the gap between them."""

    seconds: float
    cost: float | None = None
    bound: float | None = None
    gap_percent: float | None = None
    phase: str = ""


class Job(Schema):
    """What can be said of a job without its request and its roster."""

    id: str
    name: str = ""
    status: Status
    verdict: Verdict | None = None
    created_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    attempts: int = 0
    progress: Progress | None = None
    cost: float | None = None
    lower_bound: float | None = None
    gap_percent: float | None = None
    error: str | None = None
    links: dict[str, str] = Field(default_factory=dict)

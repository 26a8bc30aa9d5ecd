"""A job: a request on its way to a roster."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from schemas.base import Schema
from schemas.roster import Status, Verdict

COMPILING = "compiling the solver's kernels, once on this machine"
"""How the phase begins that comes before the time limit does."""


class Progress(Schema):
    """How far a solve has come: best cost, proved bound, and the gap between them."""

    seconds: float
    cost: float | None = None
    bound: float | None = None
    gap_percent: float | None = None
    phase: str = ""


DEFAULT_PRIORITY = 3
LEAST_URGENT = 7
"""Priorities go from 0, which is served first, to this."""


class JobPart(Schema):
    """A part of a large request that shares no agents and no planning groups with the rest, solved by itself."""

    name: str
    status: Status
    verdict: Verdict | None = None
    agents: int | None = None
    attempts: int = 0
    cost: float | None = None
    lower_bound: float | None = None
    gap_percent: float | None = None
    error: str | None = None


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
    priority: int = Field(
        default=DEFAULT_PRIORITY, ge=0, le=LEAST_URGENT, description="Place in the queue: 0 is served first, 7 last."
    )
    progress: Progress | None = None
    cost: float | None = None
    lower_bound: float | None = None
    gap_percent: float | None = None
    error: str | None = None
    links: dict[str, str] = Field(default_factory=dict)
    parts: tuple[JobPart, ...] = Field(
        default=(),
        description="How the parts stand of a large request that was divided; the roster comes with the last.",
    )

"""The words of the job machinery."""

from __future__ import annotations

import secrets
import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Literal

from schemas.job import DEFAULT_PRIORITY
from schemas.roster import Status, Verdict
from service.jobs.packed import Packed

ENDED: tuple[Status, ...] = ("completed", "cancelled", "failed")

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ID_LENGTH = 26
ID_PATTERN = f"^[{CROCKFORD}]{{{ID_LENGTH}}}$"


def new_id() -> str:
    """A name for a job that nobody can guess; ids sort by the millisecond in which they were made (a ULID)."""
    number = (time.time_ns() // 1_000_000 << 80) | secrets.randbits(80)
    return "".join(CROCKFORD[number >> 5 * place & 31] for place in reversed(range(ID_LENGTH)))


def now() -> datetime:
    """This instant, in UTC."""
    return datetime.now(UTC)


def gap(cost: float, bound: float) -> float:
    """Percent of the cost that may still be saved."""
    return 0.0 if cost <= bound else round(100 * (cost - bound) / cost, 4)


@dataclass(frozen=True, slots=True)
class NewJob:
    """A job as it is submitted; `request` is the text that came in, checked and unchanged."""

    id: str
    tenant: str
    name: str
    request: bytes
    time_limit_seconds: float
    priority: int = DEFAULT_PRIORITY  # the smaller, the sooner
    idempotency_key: str | None = None
    fingerprint: str = ""
    agents: int = 0
    parent_id: str | None = None  # the job that this one is a part of
    part: int | None = None


@dataclass(frozen=True, slots=True)
class JobRecord:
    """What the store knows of a job, but for its request, roster and events."""

    id: str
    tenant: str
    name: str
    status: Status
    priority: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    attempts: int
    cancel_requested: bool
    last_event: int
    progress: dict[str, Any] | None
    verdict: Verdict | None
    cost: float | None
    lower_bound: float | None
    gap_percent: float | None
    error: str | None
    agents: int = 0
    parent_id: str | None = None
    part: int | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.status in ENDED


@dataclass(frozen=True, slots=True)
class JobEvent:
    """Something that happened to a job: `status` when that changed, `progress` when the solver got further."""

    job_id: str
    seq: int
    attempt: int
    kind: Literal["status", "progress"]
    body: dict[str, Any]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Attempt:
    """A job that a worker has begun to solve; `number` fences what it writes, so that older attempts write nothing."""

    job_id: str
    tenant: str
    number: int
    request: bytes
    time_limit_seconds: float
    priority: int = DEFAULT_PRIORITY
    agents: int = 0
    is_part: bool = False


def progress_of_parts(whole: JobRecord, parts: Collection[JobRecord]) -> dict[str, Any]:
    """How far a divided job is: sums of what its parts have, where all have it."""
    costs = [part.cost for part in parts]
    bounds = [part.lower_bound for part in parts]
    cost = None if None in costs else round(sum(filter(None, costs)), 4)
    bound = None if None in bounds else round(sum(filter(None, bounds)), 4)
    ended = sum(part.ended for part in parts)
    return {
        "seconds": round((now() - (whole.started_at or now())).total_seconds(), 3),
        "cost": cost,
        "bound": bound,
        "gap_percent": None if cost is None or bound is None else gap(cost, bound),
        "phase": f"{ended} of {len(parts)} parts done",
    }


class Order(Enum):
    """What a worker is to do with the solve it is running."""

    GO_ON = "go on"
    STOP = "stop"  # the best roster so far is wanted
    ABANDON = "abandon"  # the job was erased, or another worker has it


@dataclass(frozen=True, slots=True)
class Whole:
    """A job whose parts have all ended, and what there is to make its roster from."""

    job_id: str
    tenant: str
    number: int  # its attempt
    request: bytes
    cancel_requested: bool
    parts: tuple[JobRecord, ...]
    rosters: tuple[bytes | None, ...]


@dataclass(frozen=True, slots=True)
class Ending:
    """How a job ended; without a roster the best one kept so far stays."""

    status: Literal["completed", "cancelled", "failed"]
    roster: bytes | Packed | None = None
    verdict: Verdict | None = None
    cost: float | None = None
    lower_bound: float | None = None
    gap_percent: float | None = None
    error: str | None = None

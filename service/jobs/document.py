"""Rosters as they are kept: JSON without its head, because id and status are the job's to tell and change with it."""

from __future__ import annotations

import json
from typing import Any

from service.jobs.job import Ending, JobRecord


def kept(roster: dict[str, Any]) -> bytes:
    """The roster as it is stored."""
    body = {name: value for name, value in roster.items() if name not in {"id", "status"}}
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()


def told(job: JobRecord, body: bytes) -> bytes:
    """The stored roster with the head that is true now; spliced, so that a large one need not be parsed."""
    head = json.dumps({"id": job.id, "status": job.status}, separators=(",", ":")).encode()
    return head[:-1] + b"," + body[1:] if len(body) > len(b"{}") else head


def ending_with(roster: dict[str, Any]) -> Ending:
    """The ending of a solver that answered."""
    return Ending(
        "completed",
        roster=kept(roster),
        verdict=roster.get("verdict"),
        cost=total_of(roster),
        lower_bound=roster.get("lower_bound"),
        gap_percent=roster.get("gap_percent"),
    )


def total_of(roster: dict[str, Any]) -> float | None:
    """The price of a roster, where it has one."""
    cost = roster.get("cost")
    return cost["total"] if cost else None

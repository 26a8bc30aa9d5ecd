"""Rosters as they are kept: JSON without its head, because id and status are the job's to tell and change with it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from service.jobs.job import Ending, JobRecord
from service.jobs.packed import Packed


@dataclass(frozen=True, slots=True)
class LargeRoster:
    """A roster that is not taken apart: what it says before its schedules, and all of it as it is stored."""

    head: dict[str, Any]
    text: Packed


def kept(roster: dict[str, Any] | LargeRoster) -> bytes | Packed:
    """The roster as it is stored."""
    if isinstance(roster, LargeRoster):
        return roster.text
    return json.dumps(without_head(roster), separators=(",", ":"), ensure_ascii=False).encode()


def without_head(roster: dict[str, Any]) -> dict[str, Any]:
    """What of the roster is stored, for its id and status are the job's."""
    return {name: value for name, value in roster.items() if name not in {"id", "status"}}


def told_in_pieces(job: JobRecord, packed: Packed) -> Iterator[bytes]:
    """The same as `told`, of a document that is never in memory as a whole."""
    pieces = packed()
    yield told(job, next(pieces))
    yield from pieces


def told(job: JobRecord, body: bytes) -> bytes:
    """The stored roster with the head that is true now; spliced, so that a large one need not be parsed."""
    head = json.dumps({"id": job.id, "status": job.status}, separators=(",", ":")).encode()
    return head[:-1] + b"," + body[1:] if len(body) > len(b"{}") else head


def ending_with(roster: dict[str, Any] | LargeRoster) -> Ending:
    """The ending of a solver that answered."""
    head = _head_of(roster)
    return Ending(
        "completed",
        roster=kept(roster),
        verdict=head.get("verdict"),
        cost=total_of(roster),
        lower_bound=head.get("lower_bound"),
        gap_percent=head.get("gap_percent"),
    )


def total_of(roster: dict[str, Any] | LargeRoster) -> float | None:
    """The price of a roster, where it has one."""
    cost = _head_of(roster).get("cost")
    return cost["total"] if cost else None


def _head_of(roster: dict[str, Any] | LargeRoster) -> dict[str, Any]:
    return roster.head if isinstance(roster, LargeRoster) else roster

"""Rosters as they are kept: JSON without its head, because id and status are the job's to tell and change with it."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from service.jobs.job import Ending, JobRecord

PACKED_PIECE = 16 * 1024
"""Bytes that are unpacked at once; a hundred times as many at most."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A document as it is stored: compressed, and unpacked piece by piece by whoever reads it."""

    body: bytes

    def __call__(self) -> Iterator[bytes]:
        """The text, from the beginning."""
        unpacking = zlib.decompressobj()
        for at in range(0, len(self.body), PACKED_PIECE):
            if piece := unpacking.decompress(self.body[at : at + PACKED_PIECE]):
                yield piece
        yield unpacking.flush()

    def digest(self) -> bytes:
        """Another one for another document; the same text is always packed alike."""
        return hashlib.sha256(self.body).digest()


def kept(roster: dict[str, Any]) -> bytes:
    """The roster as it is stored."""
    body = {name: value for name, value in roster.items() if name not in {"id", "status"}}
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()


def told_in_pieces(job: JobRecord, packed: Packed) -> Iterator[bytes]:
    """The same as `told`, of a document that is never in memory as a whole."""
    pieces = packed()
    yield told(job, next(pieces))
    yield from pieces


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

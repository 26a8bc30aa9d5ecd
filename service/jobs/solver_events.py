"""What a solver says, line by line; a large roster goes to its stored form as it comes and is never whole in memory."""

from __future__ import annotations

import asyncio
import json
import re
import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import structlog

from schemas.fault import Fault
from service.jobs.document import LargeRoster, without_head
from service.jobs.packed import Packed

LONGEST_LINE = 512 * 1024 * 1024
"""Bytes that one event may have; a roster of 5,000 agents and four weeks is a fifth of it."""

LARGE = 1024 * 1024
"""Bytes from which on the line of a roster is not taken apart."""

PARSED_AT_ONCE = 64 * 1024
"""Bytes of an event that are parsed on the event loop; a larger one goes to a thread."""

PIECE = 64 * 1024
"""Bytes that are read at once."""

BODY_OF = {"progress": ("progress",), "roster": ("roster",), "final": ("roster", "answer"), "failed": ("error",)}
"""Where each kind of event keeps what it tells."""

OPENING = re.compile(rb'\{"event":\s?"(roster|final)",\s?"(?:roster|answer)":\s?(?=\{)')
SCHEDULES = re.compile(rb',\s?"schedules":')
CLOSING = b"}}"
"""How the line of a roster begins, up to where it gets long, and how it ends. In a text the quotes would be escaped."""

PACKED_LEVEL = {"roster": 1, "final": 6}
"""How hard rosters are compressed: on the way quickly, at last well."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class SolverEvent:
    """A line of the solver: `progress`, `roster`, `final` or `failed`, and what it holds."""

    kind: str
    body: Any
    faults: tuple[Fault, ...] = ()  # of `failed`: what is wrong with the request


async def events_in(said: asyncio.StreamReader, *, packing: bool) -> AsyncIterator[SolverEvent]:
    """What the solver says, to the end of its output; a line that it did not end is no event.

    With `packing` a large roster is a `LargeRoster` and was never whole in memory.
    """
    line, ahead = bytearray(), b""
    while piece := ahead or await said.read(PIECE):
        piece, newline, ahead = piece.partition(b"\n")
        grown = len(line) < LARGE <= len(line) + len(piece)
        line += piece
        event = None
        if newline:
            event = event_of(line) if len(line) < PARSED_AT_ONCE else await asyncio.to_thread(event_of, line)
            line = bytearray()
        elif packing and grown and (large := _Packing.of(line)) is not None:
            event, ahead = await large.to_its_end(said)
            line = bytearray()
        elif len(line) > LONGEST_LINE:
            raise ValueError(f"The solver wrote a line of more than {LONGEST_LINE:,} bytes.")
        if event is not None:
            yield event


class _Packing:
    """The line of a large roster on the way to its stored form."""

    def __init__(self, kind: str, head: dict[str, Any], rest: bytes | bytearray) -> None:
        self._kind = kind
        self._head = head
        self._packer = zlib.compressobj(PACKED_LEVEL[kind])
        self._packed = [self._packer.compress(json.dumps(without_head(head), ensure_ascii=False).encode()[:-1])]
        self._last = b""  # as long as the closing, which is known for one at the end of the line alone
        self._add(rest)

    @classmethod
    def of(cls, line: bytearray) -> _Packing | None:
        """The packing of a line of which so much is known; None when it is not the line of a roster."""
        opening = OPENING.match(line)
        schedules = SCHEDULES.search(line, opening.end()) if opening else None
        if opening is None or schedules is None:
            return None
        try:
            head = json.loads(line[opening.end() : schedules.start()] + b"}")
        except ValueError:
            return None  # the schedules are those of something within
        return cls(opening[1].decode(), head, line[schedules.start() :]) if without_head(head) else None

    async def to_its_end(self, said: asyncio.StreamReader) -> tuple[SolverEvent | None, bytes]:
        """The event, and what came after its line; no event when the output ended before it, or it ends otherwise."""
        while piece := await said.read(PIECE):
            line, newline, after = piece.partition(b"\n")
            self._add(line)
            if newline:
                return self._event(), after
        return None, b""

    def _add(self, piece: bytes | bytearray) -> None:
        known = self._last + piece
        self._packed.append(self._packer.compress(known[: -len(CLOSING)]))
        self._last = bytes(known[-len(CLOSING) :])

    def _event(self) -> SolverEvent | None:
        if self._last != CLOSING:
            log.warning("solver wrote a line that is no event", line=f"… {self._last!r}")
            return None
        self._packed += [self._packer.compress(b"}"), self._packer.flush()]
        return SolverEvent(self._kind, LargeRoster(self._head, Packed(b"".join(self._packed))))


def event_of(line: bytes | bytearray) -> SolverEvent | None:
    """The event that a line of the solver tells; None for a line that some library wrote between them."""
    try:
        message = json.loads(line)
        kind = message["event"]
        body = next(message[name] for name in BODY_OF[kind] if name in message)
        return SolverEvent(kind, body, tuple(Fault.model_validate(fault) for fault in message.get("faults", ())))
    except (ValueError, TypeError, LookupError, StopIteration):
        log.warning("solver wrote a line that is no event", line=bytes(line[:200]))
        return None

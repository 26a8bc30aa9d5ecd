"""The body of a request, as far as it must be looked at before it is read: its kind, its packing, its size."""

from __future__ import annotations

import zlib

from fastapi import Request
from fastapi.concurrency import run_in_threadpool

from service.jobs.errors import BodyNotReadableError, BodyTooLargeError, WrongContentTypeError

GZIP = frozenset({"gzip", "x-gzip"})
GZIP_WINDOW = 31
"""Tells zlib that there is a gzip header and a checksum."""

SWALLOWED = 8
"""A body that is too large is read up to so many times the limit, so that its sender gets to see the answer."""


async def json_of(request: Request, limit: int) -> bytes:
    """The body, unpacked, if it says that it is JSON and has no more bytes than the limit.

    Raises:
        WrongContentTypeError: it says that it is something else, or is packed in another way than gzip.
        BodyTooLargeError: it is larger, packed or unpacked.
        BodyNotReadableError: it is not gzip, or not all of it.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        raise WrongContentTypeError(
            f"The body is {kind or 'of no stated content type'}, expected application/json. "
            "Maybe the header Content-Type: application/json is missing."
        )
    packing = request.headers.get("content-encoding", "identity").strip().lower()
    if packing in GZIP:
        return await run_in_threadpool(unpacked, await _read(request, limit), limit)
    if packing != "identity":
        raise WrongContentTypeError(
            f"The body is packed with {packing[:80]}, expected gzip or nothing.", headers={"Accept-Encoding": "gzip"}
        )
    return await _read(request, limit)


def unpacked(packed: bytes, limit: int) -> bytes:
    """What was packed with gzip. No more than the limit is ever unpacked, however little it was packed into.

    Raises:
        BodyTooLargeError: it is more than that.
        BodyNotReadableError: it is not gzip, or not all of it.
    """
    parts: list[bytes] = []
    left = limit
    while packed or not parts:
        member = zlib.decompressobj(GZIP_WINDOW)  # a file of gzip may have several, one after the other
        try:
            parts.append(member.decompress(packed, left + 1))
        except zlib.error as error:
            raise BodyNotReadableError("The body says that it is gzip, and it is not. Maybe it was changed.") from error
        left -= len(parts[-1])
        if left < 0:
            raise BodyTooLargeError(f"The body unpacks to more than {limit:,} bytes, the most this service takes.")
        if not member.eof:
            raise BodyNotReadableError("The gzip body ends before its end. Maybe it was cut off on the way.")
        packed = member.unused_data
    return b"".join(parts)


async def _read(request: Request, limit: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size <= limit:
            parts.append(part)
        elif size > limit * SWALLOWED:
            break
    if size > limit:
        raise BodyTooLargeError(f"The body is larger than {limit:,} bytes, which is the most this service takes.")
    return b"".join(parts)

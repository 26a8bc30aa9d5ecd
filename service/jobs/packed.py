"""Documents as they are stored: compressed."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

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
        """Another one for another document."""
        return hashlib.sha256(self.body).digest()


def packed(text: bytes | Packed, *, level: int = 6) -> Packed:
    """The text compressed, unless it is."""
    return text if isinstance(text, Packed) else Packed(zlib.compress(text, level=level))


def unpacked(text: bytes | Packed) -> bytes:
    """The text as a whole."""
    return b"".join(text()) if isinstance(text, Packed) else text

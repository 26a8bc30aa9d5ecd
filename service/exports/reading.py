"""JSON documents read piece by piece, so that a large one is never in memory as a whole."""

from __future__ import annotations

import codecs
import json
from collections.abc import Collection, Iterable, Iterator
from typing import Any

LEAST_READ = 64 * 1024
WHITE = " \t\r\n"


def members(pieces: Iterable[bytes], lists: Collection[str]) -> Iterator[tuple[str, Any]]:
    """Every member of a JSON object by name; those that are `lists` entry by entry, each under the name of its list.

    The document is one that was checked when it came in. Only as much of it is held as the longest value needs.
    """
    text = _Text(pieces)
    text.take("{")
    while text.peek() != "}":
        if text.peek() == ",":
            text.take(",")
        name = text.value()
        text.take(":")
        if name in lists and text.peek() == "[":
            yield from ((name, entry) for entry in _entries(text))
        else:
            yield name, text.value()


def _entries(text: _Text) -> Iterator[Any]:
    text.take("[")
    while text.peek() != "]":
        if text.peek() == ",":
            text.take(",")
        yield text.value()
    text.take("]")


class _Text:
    """The text that has been read and not been used yet."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._decode = codecs.getincrementaldecoder("utf-8-sig")().decode
        self._json = json.JSONDecoder()
        self._text = ""
        self._at = 0

    def peek(self) -> str:
        """The next character that is no white space."""
        while True:
            while self._at < len(self._text):
                if self._text[self._at] not in WHITE:
                    return self._text[self._at]
                self._at += 1
            if not self._read_on():
                raise ValueError("The document ends in the middle.")

    def take(self, character: str) -> None:
        """Go past a character that has to come."""
        if self.peek() != character:
            raise ValueError(f"The document has {self.peek()!r} where {character!r} has to come.")
        self._at += 1

    def value(self) -> Any:
        """The next value, whole."""
        self.peek()
        while True:
            try:
                found, end = self._json.raw_decode(self._text, self._at)
            except json.JSONDecodeError:
                if not self._read_on():
                    raise
                continue
            if end == len(self._text) and self._read_on():
                continue  # a number that ends here may go on
            self._at = end
            return found

    def _read_on(self) -> bool:
        """Read as much again as there is, so that a long value is not looked at too often; False at the end."""
        rest = self._text[self._at :]
        wanted = max(LEAST_READ, len(rest))
        parts = [rest]
        size = 0
        for piece in self._pieces:
            parts.append(self._decode(piece))
            size += len(piece)
            if size >= wanted:
                break
        self._text, self._at = "".join(parts), 0
        return size > 0

"""JSON text to plain data, guarded against what JSON text can do."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

from schemas.fault import Fault, RequestRefused

MOST_BYTES = 64 * 1024 * 1024
LONGEST_NUMBER = 400
MOST_NAMES = 1000
HALF_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")


def parse(raw: bytes | str) -> Any:
    """The data in the text.

    Raises:
        RequestRefused: the text is not JSON, too long or too deep, says a name twice or has a number that is none.
    """
    if len(raw) > MOST_BYTES:
        raise _refused(f"{len(raw)} bytes", f"at most {MOST_BYTES}", "The text is too long.")
    try:
        text = raw.decode("utf-8-sig") if isinstance(raw, bytes) else raw
    except UnicodeDecodeError as wrong:
        raise _refused(
            f"byte {wrong.start}", "UTF-8", "The text is not UTF-8. Maybe it was saved in another encoding."
        ) from None
    try:
        data = json.loads(
            text, object_pairs_hook=_object, parse_constant=_no_constant, parse_float=_float, parse_int=_int
        )
        if HALF_CHARACTER.search(text):
            json.dumps(data, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise _refused("half a character", "whole characters", "A \\u escape stands for half a character.") from None
    except json.JSONDecodeError as wrong:
        raise _refused(
            f"line {wrong.lineno}, column {wrong.colno}",
            "JSON",
            f"The text is not JSON: {wrong.msg} (line {wrong.lineno}, column {wrong.colno}).",
        ) from None
    except RecursionError:
        raise _refused("deep nesting", "fewer levels", "The text nests objects or lists too deeply.") from None
    return data


def _refused(found: str, expected: str, text: str) -> RequestRefused:
    return RequestRefused([Fault(pointer="", found=found, expected=expected, text=text)])


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(pairs) > MOST_NAMES:
        raise _refused(
            f"{len(pairs)} names", f"at most {MOST_NAMES}", "An object has more names than any that is known."
        )
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        raise _refused(
            f"{twice[:80]!r} twice",
            "each name once",
            f"An object has the name {twice[:80]!r} twice; one of the two would be lost.",
        )
    return found


def _no_constant(name: str) -> Any:
    raise _refused(name, "a number", f"{name} is not a number that JSON knows.")


def _float(text: str) -> float:
    value = float(text) if len(text) <= LONGEST_NUMBER else float("inf")
    if value in (float("inf"), float("-inf")):
        raise _refused(text[:40], "a smaller number", f"The number {text[:40]} is too large.")
    return value


def _int(text: str) -> int:
    if len(text) > LONGEST_NUMBER:
        raise _refused(f"{len(text)} digits", "a smaller number", "A number has too many digits.")
    return int(text)

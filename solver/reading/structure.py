"""What the schemas refuse, in words and places of the caller's own text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from schemas.fault import Fault
from schemas.listed import MOST_FAULTS

LONGEST_QUOTE = 80


def faults_of(wrong: ValidationError, data: Any) -> list[Fault]:
    """One fault for each of pydantic's errors, at most a thousand."""
    return [_fault(error, data) for error in wrong.errors(include_url=False)[:MOST_FAULTS]]


def _fault(error: Any, data: Any) -> Fault:
    place = place_of(error["loc"], data)
    where = pointer(place)
    kind = error["type"]
    if kind == "extra_forbidden":
        name = str(error["loc"][-1])
        return Fault(
            pointer=where,
            found=f"field {quoted(name)}",
            expected="a known field",
            text=f"There is no field {quoted(name)} here. Maybe it is misspelt: an unknown field is never ignored.",
        )
    if kind == "missing":
        name = str(error["loc"][-1])
        return Fault(
            pointer=where,
            found="nothing",
            expected=f"field {quoted(name)}",
            text=f"The field {quoted(name)} is missing.",
        )
    expected = str(error["msg"]).removeprefix("Value error, ")
    found = quoted(error.get("input"))
    return Fault(
        pointer=where,
        found=found,
        expected=expected,
        text=f"{where or 'The request'}: found {found}; {_lower(expected)}.",
    )


def place_of(loc: Sequence[str | int], data: Any) -> list[str | int]:
    """The path as far as it leads through the data; names of union members that pydantic puts in between are left out."""
    place: list[str | int] = []
    here = data
    for number, part in enumerate(loc):
        step = _step(here, part)
        if step is not _NOWHERE:
            here = step
        elif number < len(loc) - 1 or not isinstance(here, (dict, list)):
            continue
        place.append(part)
    return place


_NOWHERE = object()


def _step(here: Any, part: str | int) -> Any:
    """What lies one step further."""
    if isinstance(here, dict):
        return here.get(part, _NOWHERE)
    if isinstance(here, list) and isinstance(part, int) and part < len(here):
        return here[part]
    return _NOWHERE


def pointer(place: Sequence[str | int]) -> str:
    """A JSON Pointer (RFC 6901)."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in place)


def quoted(value: Any) -> str:
    """The value as JSON, cut when it is long."""
    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except (TypeError, ValueError, RecursionError):
        text = type(value).__name__
    return text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1] + "…"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]

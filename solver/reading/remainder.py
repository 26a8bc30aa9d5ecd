"""What is left of a request when the malformed is taken out, so that the meaning of the rest is looked at as well."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from schemas.fault import Fault
from schemas.listed import MOST_FAULTS
from schemas.request import RosterRequest
from solver.reading.groups import REFERENCE
from solver.reading.meaning import faults_in
from solver.reading.structure import place_of

# Nothing else in a request names an item of these lists, and none of them must have one: without it, the rest means
# what it meant.
UNNAMED = {
    "requirements",
    "volumes",
    "rules",
    "roster_rules",
    "prices",
    "availability",
    "time_off",
    "preferences",
    "pinned_shifts",
    "published_shifts",
}
# What refers to an item of these looks wrong without it, and is let pass.
NAMED = {"planning_groups", "work_plans", "shifts", "activities", "agents"}
SPARED = UNNAMED | NAMED

Place = tuple[str | int, ...]


def faults_of_meaning(data: Any, wrong: ValidationError) -> list[Fault]:
    """Faults of meaning in the well-formed rest of the data.

    None are looked for where what is malformed cannot be spared, or where there is so much of it that the rest would
    say little.
    """
    if wrong.error_count() >= MOST_FAULTS:
        return []
    malformed: set[Place] = set()
    for error in wrong.errors(include_url=False, include_input=False):
        place = _spared(error, data)
        if place is None:
            return []
        malformed.add(place)
    gone = {_id_of(data, place) for place in malformed if len(place) > 1 and place[-2] in NAMED}
    rest = copy.deepcopy(data)
    # From the back and from within, so that what is still to go keeps its place.
    for place in sorted(malformed, key=_order, reverse=True):
        _take_out(rest, place)
    if rest.get("planning_groups") == []:
        # A request has a planning group; without its only one nothing else could be looked at.
        rest["planning_groups"] = [{"id": next((id_ for id_ in gone if id_), "group")}]
    try:
        request = RosterRequest.model_validate(rest)
    except ValidationError:
        return []
    return [_where_it_was(fault, malformed) for fault in faults_in(request) if not _refers_to(fault, gone)]


def _id_of(data: Any, place: Place) -> str | None:
    """The id of an item that is to go, None when it has none that can be read."""
    for part in place:
        data = data[part]
    found = data.get("id") if isinstance(data, dict) else None
    return found if isinstance(found, str) else None


def _refers_to(fault: Fault, gone: set[str | None]) -> bool:
    """Whether the fault may be no more than that something that is gone is named."""
    return fault.expected.startswith(REFERENCE) and (fault.found in gone or None in gone)


def _spared(error: Any, data: Any) -> Place | None:
    """The least that has to go for this error to go, or None if that may not go."""
    place = tuple(place_of(error["loc"], data))
    if error["type"] == "extra_forbidden":
        return place
    for end in range(len(place), 1, -1):
        if place[end - 2] in SPARED and isinstance(place[end - 1], int):
            return place[:end]
    return place[:2] if place[:1] == ("options",) and len(place) > 1 else None


def _order(place: Place) -> list[tuple[str, int]]:
    return [("", part) if isinstance(part, int) else (part, 0) for part in place]


def _take_out(data: Any, place: Place) -> None:
    *way, last = place
    for part in way:
        data = data[part]
    del data[last]


def _where_it_was(fault: Fault, malformed: set[Place]) -> Fault:
    """The fault with its pointer in the data as it was given."""
    place: list[str | int] = []
    for part in fault.pointer.split("/")[1:]:
        gone = sorted(p[-1] for p in malformed if p[:-1] == tuple(place) and isinstance(p[-1], int))
        place.append(_index_before(int(part), gone) if gone else int(part) if part.isdigit() else part)
    return fault.model_copy(update={"pointer": "".join(f"/{part}" for part in place)})


def _index_before(index: int, gone: Sequence[int]) -> int:
    """The index that an item had before those in `gone`, in order, were taken out."""
    for other in gone:
        index += other <= index
    return index

"""The parts of a request as requests of their own: an errand of the solver's process, which solves nothing."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from schemas.base import Schema
from solver.parts.components import parts_of
from solver.reading import read_json, read_request

Json = dict[str, Any]

MOST_GROUPS_NAMED = 3
LEAST_SECONDS = 1.0


class PartRequest(Schema):
    """A part, and how long it may be solved."""

    name: str
    agents: int
    seconds: float
    request: dict[str, Any]


class Division(Schema):
    """All parts of a request; one alone when it does not fall apart."""

    parts: tuple[PartRequest, ...]


def answer(raw: bytes, stop: Callable[[], bool]) -> Division:
    """The parts of the request in `{"request": …, "least_agents": 100, "places": 2}`."""
    given = read_json(raw)
    return Division(parts=divided(given["request"], least_agents=given["least_agents"], places=given["places"]))


def divided(data: Json, *, least_agents: int, places: int) -> tuple[PartRequest, ...]:
    """The parts of a request.

    Args:
        data: the request as it came in.
        least_agents: agents that a part is to have at least, where there are so many.
        places: parts that can be solved at once. With more parts some have to wait for others, and each gets so much
            less of the time limit.
    """
    request = read_request(data)
    parts = parts_of(request, least_agents=least_agents)
    limit = request.options.time_limit_seconds
    seconds = max(min(LEAST_SECONDS, limit), limit / math.ceil(len(parts) / max(1, places)))
    found = []
    for number, part in enumerate(parts, start=1):
        own = part.of(data, seconds)
        name = f"Part {number} of {len(parts)}: {_named([group['id'] for group in own['planning_groups']])}"
        found.append(PartRequest(name=name[:500], agents=len(own["agents"]), seconds=seconds, request=own))
    return tuple(found)


def _named(groups: list[str]) -> str:
    rest = len(groups) - MOST_GROUPS_NAMED
    return ", ".join(groups[:MOST_GROUPS_NAMED]) + (f" and {rest} more" if rest > 0 else "")

"""The explanation of `{"request": …, "roster": …}`, run in a process of its own; the roster may be missing."""

from __future__ import annotations

from collections.abc import Callable

from schemas.explanation import Explanation
from solver.explain.recipe import explain
from solver.reading import read_request_and_maybe_roster


def answer(raw: bytes, stop: Callable[[], bool]) -> Explanation:
    """The explanation.

    Raises:
        RequestRefused: with every fault of request and roster.
    """
    request, roster = read_request_and_maybe_roster(raw)
    return explain(request, roster, stop)

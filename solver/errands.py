"""Questions other than for a roster that need the compiler or OR-Tools, so they are answered in a child process too.

An errand is a function from the text of its request to its answer; `stop` is asked now and then and says when the time
is up, and the answer is then the best so far.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import cast

from schemas.base import Schema

Errand = Callable[[bytes, Callable[[], bool]], Schema]

ERRANDS: dict[str, str] = {
    "capacity": "solver.capacity.plan",
    "mix": "solver.mix.mix",
    "divide": "solver.parts.divide",
    "explanation": "solver.explain.errand",
    "join": "solver.parts.join",
    "predict": "solver.prediction.predict",
}
"""Each errand by its name: the module whose function `answer` runs it."""


def errand(name: str) -> Errand:
    """The errand of this name; imported now, because each brings libraries of its own."""
    return cast(Errand, import_module(ERRANDS[name]).answer)

"""Other programs' cases of anonymous counts within one process, beside the seconds that they state.

    python -m bench.peer_times FOLDER

What they state is their solver's call alone, so three times are told, the least of five tries each: from the text of
the request to the judged roster; making the roster, which leaves out reading, compiling and judging; and CP-SAT's calls
alone, those that run at the same time counted once.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from ortools.sat.python import cp_model

from bench import shift_counts
from bench.family import Instance
from solver import solve as recipe
from solver.reading import read_request

Span = tuple[float, float]
NAMES = ("shift_counts_2x24", "shift_counts_scale")
TRIES = 5


@contextmanager
def timed(where: object, name: str) -> Iterator[list[Span]]:
    """When the function ran: start and end of each call."""
    spans: list[Span] = []
    whole = getattr(where, name)

    def watched(*given, **named):  # type: ignore[no-untyped-def]
        began = time.perf_counter()
        try:
            return whole(*given, **named)
        finally:
            spans.append((began, time.perf_counter()))

    with mock.patch.object(where, name, watched):
        yield spans


def covered(spans: list[Span]) -> float:
    """Seconds in which anything ran."""
    total = until = 0.0
    for start, end in sorted(spans):
        total += max(0.0, end - max(start, until))
        until = max(until, end)
    return total


def line_of(instance: Instance) -> dict[str, object]:
    """The least times of some tries."""
    text = json.dumps(instance.request | {"options": {"time_limit_seconds": 60, "target_gap_percent": 0}})
    best: list[float] = []
    for _ in range(TRIES):
        with timed(recipe, "race") as races, timed(cp_model.CpSolver, "solve") as calls:
            began = time.perf_counter()
            roster = recipe.solve(read_request(text))
            times = [time.perf_counter() - began, covered(races), covered(calls)]
        best = [min(pair) for pair in zip(best or times, times, strict=True)]
    value = instance.score(roster.model_dump(mode="json")).value
    whole, making, solving = (round(seconds, 4) for seconds in best)
    return {
        "instance": instance.name,
        "value": value,
        "verdict": roster.verdict,
        "request_to_roster_seconds": whole,
        "race_seconds": making,
        "cpsat_seconds": solving,
    }


def main(folder: Path) -> None:
    """Prints a line for each case."""
    for name in NAMES:
        for instance in shift_counts.instances(name, json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))):
            print(json.dumps(line_of(instance)), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""What a family of instances is: files turned into requests, and rosters scored again by the family's own rules."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from solver.reading import read_request, read_roster
from solver.verify import judge

Json = dict[str, Any]


class DataMissingError(Exception):
    """The published files are not where they were looked for."""


@dataclass(frozen=True)
class Score:
    """A roster by the rules of its family: what it is worth, what is wrong with it, what else is worth knowing."""

    value: float
    faults: tuple[str, ...]
    figures: Json


@dataclass(frozen=True)
class Instance:
    """A problem in Stint's form, and how its family scores a roster and reads a bound on the cost."""

    name: str
    request: Json
    score: Callable[[Json], Score]
    bound: Callable[[float], float] = lambda lower_bound: lower_bound


def data_files(family: str, paths: Iterable[Path], pattern: str) -> list[Path]:
    """Files of a family: those named, those in a folder named, or those in STINT_BENCH_DATA when nothing is named."""
    named = list(paths)
    if not named:
        root = os.environ.get("STINT_BENCH_DATA")
        if not root:
            raise DataMissingError(f"Name files of {family}, or in STINT_BENCH_DATA the folder that holds {family}/.")
        named = [Path(root) / family]
    found = [file for path in named for file in (sorted(path.glob(pattern)) if path.is_dir() else [path])]
    missing = [str(file) for file in found if not file.is_file()]
    if missing or not found:
        raise DataMissingError(f"No such data: {', '.join(missing or map(str, named))}.")
    return found


def sections(text: str) -> Iterator[tuple[str, list[str]]]:
    """Each line of a text in sections: its section's name and its fields, comments and blank lines left out."""
    section = ""
    for raw in text.splitlines():
        line = raw.strip()
        if line.startswith("SECTION_"):
            section = line.removeprefix("SECTION_")
        elif line and not line.startswith("#"):
            yield section, line.split(",")


def judged(request: Json) -> Callable[[Json], Score]:
    """Score by Stint's judge, which shares nothing with the search: the value is the cost."""
    asked = read_request(request)

    def score(roster: Json) -> Score:
        judgement = judge(asked, read_roster({"schedules": roster["schedules"]}))
        nets = [net for series in judgement.coverage for net in series.net]
        hours = asked.interval_minutes / 60
        return Score(
            value=judgement.cost.total,
            faults=tuple(violation.text for violation in judgement.violations),
            figures={
                "short_hours": round(math.fsum(max(0.0, -net) for net in nets) * hours, 3),
                "over_hours": round(math.fsum(max(0.0, net) for net in nets) * hours, 3),
            },
        )

    return score

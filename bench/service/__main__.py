"""`python -m bench.service NAME`: one measurement of the service as a line of JSON; bench/README.md lists them."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.service import chaos, large, parts, speed, tiny
from bench.service.postgres import running

Json = dict[str, Any]
Measure = Callable[[Path, argparse.Namespace], Json]


def _url(folder: Path) -> str:
    return f"sqlite:///{folder}/jobs.sqlite"


def _chaos_on_sqlite(folder: Path, given: argparse.Namespace) -> Json:
    return chaos.chaos(folder, _url(folder), jobs=given.jobs, seed=given.seed)


def _chaos_on_postgres(folder: Path, given: argparse.Namespace) -> Json:
    with running() as server:
        return chaos.chaos(folder, server.url("postgres"), jobs=given.jobs, seed=given.seed)


def _chaos_of_postgres(folder: Path, given: argparse.Namespace) -> Json:
    with running() as server:
        return chaos.chaos(folder, server.url("postgres"), jobs=given.jobs, seed=given.seed, server=server)


def _takeover(folder: Path, given: argparse.Namespace) -> Json:
    with running() as server:
        return chaos.takeover(folder, server.url("postgres"), rounds=given.rounds)


def _parts(folder: Path, given: argparse.Namespace) -> Json:
    with running() as server:
        return parts.parts(folder, server.url("postgres"), agents=given.agents, seconds=given.seconds)


def _parts_killed(folder: Path, given: argparse.Namespace) -> Json:
    with running() as server:
        return parts.killed(folder, server.url("postgres"), jobs=given.jobs, seed=given.seed)


MEASURES: dict[str, Measure] = {
    "chaos-sqlite": _chaos_on_sqlite,
    "chaos-postgres": _chaos_on_postgres,
    "chaos-postgres-stops": _chaos_of_postgres,
    "takeover": _takeover,
    "parts": _parts,
    "parts-killed": _parts_killed,
    "tiny": lambda folder, given: tiny.tiny(folder, _url(folder), jobs=given.jobs),
    "one": lambda folder, given: tiny.one(folder, _url(folder), rounds=given.rounds),
    "cancel": lambda folder, given: speed.cancelling(folder, _url(folder), rounds=given.rounds),
    "start": lambda folder, given: speed.starting(folder, _url(folder), rounds=given.rounds),
    "reads": lambda folder, given: speed.reading(folder, seconds=given.seconds),
    "readers": lambda folder, given: speed.following(folder, _url(folder), readers=given.readers),
    "idle": lambda folder, given: speed.idling(folder, _url(folder), seconds=given.seconds),
    "large": lambda folder, given: large.large(folder, _url(folder), agents=given.agents, days=given.days),
}


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="stint-bench-") as name:
        yield Path(name)


def main(arguments: list[str]) -> None:
    """Measure what is named, and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m bench.service", description=__doc__)
    parser.add_argument("name", choices=MEASURES)
    for option, default in (("jobs", 1000), ("seed", 1), ("rounds", 50), ("readers", 200), ("agents", 5000)):
        parser.add_argument(f"--{option}", type=int, default=default)
    parser.add_argument("--days", type=int, default=28)
    parser.add_argument("--seconds", type=float, default=20)
    given = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started ends with it
    with _folder() as folder:
        print(json.dumps({"measure": given.name} | MEASURES[given.name](folder, given)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])

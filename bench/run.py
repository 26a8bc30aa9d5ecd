"""`python -m bench.run`: one table, side by side in one run: this solver, the plain CP-SAT model, and the bound.

Invented contact centres (`solver.example`), planted problems whose optimum is known, and the published weeks where
STINT_BENCH_DATA names a folder that holds them. Every cost is the judge's; every gap is to the best bound that
either solver proved, or to the planted cost, in the same run on the same machine.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import product
from pathlib import Path
from typing import Any

from bench import contact_centre, planted
from bench.child import PLAIN, STINT, solve_in_child
from bench.family import Instance, judged
from bench.lines import line_of
from solver.example import example_request

Json = dict[str, Any]
RESULTS = Path(__file__).parent / "results"
COLUMNS = {
    "instance": "instance",
    "solver": "solver",
    "verdict": "verdict",
    "compile_seconds": "compile s",
    "first_roster_seconds": "first roster s",
    "seconds": "seconds",
    "cost": "cost",
    "bound": "bound",
    "gap_to_best_bound": "gap %",
    "short_hours": "short h",
    "over_hours": "over h",
    "peak_mb": "peak MB",
}


@dataclass(frozen=True)
class Task:
    """An instance, and the cost that is known to be least, if it is."""

    instance: Instance
    agents: int
    least: float | None = None


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked for, print rows as they come, write the table and its figures."""
    parser = argparse.ArgumentParser(prog="python -m bench.run", description=__doc__)
    parser.add_argument("--kinds", default="example,planted,week", help="of example, planted, week")
    parser.add_argument("--agents", default="20,100,500,1000")
    parser.add_argument("--groups", default="1,4")
    parser.add_argument("--seconds", type=float, default=60.0, help="time limit of each solve, compile included")
    parser.add_argument("--seconds-per-agent", type=float, default=0.12, help="a longer limit for the large")
    parser.add_argument("--plain-up-to", type=int, default=1000, help="most agents that the plain model is tried on")
    parser.add_argument("--name", default="table", help="of the files in bench/results")
    asked = parser.parse_args(arguments)
    rows: list[Json] = []
    for task in tasks(asked.kinds.split(","), _numbers(asked.agents), _numbers(asked.groups)):
        seconds = max(asked.seconds, asked.seconds_per_agent * task.agents)
        solvers = {"stint": STINT} | ({"plain": PLAIN} if task.agents <= asked.plain_up_to else {})
        rows += side_by_side(task, solvers, seconds)
    write(asked.name, rows)
    return 0


def tasks(kinds: Sequence[str], agents: Sequence[int], groups: Sequence[int]) -> Iterator[Task]:
    """What is to be solved, small things first within each kind."""
    for number, of in product(agents, groups) if "example" in kinds else ():
        request = example_request(agents=number, groups=of)
        yield Task(Instance(f"example_{number}_{of}", request, judged(request)), number)
    for number, of in product(agents, groups) if "planted" in kinds else ():
        request, least = planted.planted(number, of)
        yield Task(Instance(f"planted_{number}_{of}", request, judged(request)), number, least)
    if "week" in kinds and os.environ.get("STINT_BENCH_DATA"):
        for instance in sorted(contact_centre.instances([]), key=lambda i: (len(i.request["agents"]), i.name)):
            if len(instance.request["agents"]) in agents and len(instance.request["planning_groups"]) in groups:
                yield Task(instance, len(instance.request["agents"]))


def side_by_side(task: Task, solvers: Mapping[str, Sequence[str]], seconds: float) -> list[Json]:
    """A row for each solver, one after the other, and a row for the least cost where it is known."""
    rows: list[Json] = []
    for name, command in solvers.items():
        outcome = solve_in_child(task.instance.request, seconds=seconds, command=command)
        rows.append({"solver": name} | line_of(task.instance, outcome) | {"timeline": outcome.timeline})
    if task.least is not None:
        rows.append({"solver": "planted", "instance": task.instance.name, "cost": task.least, "bound": task.least})
    best = max((row["bound"] for row in rows if row.get("bound") is not None), default=None)
    for row in rows:
        row["seconds_allowed"] = seconds
        row["gap_to_best_bound"] = _gap(row.get("cost"), best) if row.get("verdict") != "refused" else None
        print(_markdown_row(row), flush=True)
    return rows


def write(name: str, rows: list[Json]) -> None:
    """The table for people and the figures for programs, with the machine named in both."""
    RESULTS.mkdir(exist_ok=True)
    about = machine()
    head = ["# This solver, the plain model and the bound, in one run", ""]
    head += [f"- {key}: {value}" for key, value in about.items()]
    note = (
        "Costs are the judge's. `gap %` is to the best bound proved in this run, or to the planted cost. "
        "`seconds` are those of the whole command; `compile s` is what it took to have a model."
    )
    (RESULTS / f"{name}.md").write_text("\n".join([*head, "", note, "", *table(rows), ""]), encoding="utf-8")
    (RESULTS / f"{name}.json").write_text(json.dumps({"about": about, "rows": rows}, indent=1) + "\n", encoding="utf-8")


def table(rows: list[Json]) -> list[str]:
    """Rows as a Markdown table."""
    ruler = ["---" if key in ("instance", "solver", "verdict") else "--:" for key in COLUMNS]
    return [f"| {' | '.join(COLUMNS.values())} |", f"| {' | '.join(ruler)} |", *map(_markdown_row, rows)]


def machine() -> Json:
    """What the figures were measured on and with."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return {
        "measured": f"{datetime.now(UTC):%Y-%m-%d}",
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "system": platform.platform(),
        "python": platform.python_version(),
        "ortools": version("ortools"),
        "numba": version("numba"),
        "commit": commit.stdout.strip() or "unknown",
        "command": f"python -m bench.run {' '.join(sys.argv[1:])}".strip(),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def _gap(cost: float | None, bound: float | None) -> float | None:
    return None if cost is None or bound is None else round(100 * (cost - bound) / cost, 3) if cost else 0.0


def _markdown_row(row: Json) -> str:
    return f"| {' | '.join(_cell(row.get(key)) for key in COLUMNS)} |"


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:,.2f}" if abs(value) < 1000 else f"{value:,.0f}"
    return str(value)


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


if __name__ == "__main__":
    sys.exit(main())

"""`python -m bench.simulation`: the formulas against simulation on twenty settings, and how long a large week takes.

A setting is a queue whose staff does not change, played for a hundred hours after ten that are left out because the
queue starts empty. The figure beside each formula is the mean of the runs with its 95 % confidence interval. With as
many figures as there are, one in twenty is to lie outside. The week is that of an invented centre of several planning
groups whose agents know one to three of them (`solver.example`), solved first.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from bench.child import solve_in_child
from schemas.prediction import Simulation
from solver.example import example_request
from solver.prediction.formulas import predict
from solver.prediction.simulate import simulate
from solver.reading.prediction import read_prediction

Json = dict[str, Any]
START = datetime(2026, 1, 5)
LEFT_OUT, HOURS = 10, 100
FIGURES = ("service_level_percent", "mean_wait_seconds", "abandonment_percent", "occupancy_percent")

# Agents, contacts an hour, handle time, patience, seconds of the goal, contacts at a time.
SETTINGS: tuple[tuple[int, float, float, float | None, float, int], ...] = (
    (3, 20, 300, None, 20, 1), (5, 40, 300, None, 20, 1), (14, 200, 180, None, 20, 1), (16, 200, 180, None, 20, 1),
    (30, 500, 180, None, 30, 1), (55, 720, 240, None, 15, 1), (90, 1000, 300, None, 20, 1), (2, 10, 360, None, 60, 1),
    (14, 200, 180, 300, 20, 1), (10, 200, 180, 60, 20, 1), (8, 200, 180, 120, 30, 1), (50, 600, 300, 120, 20, 1),
    (48, 600, 300, 300, 20, 1), (3, 40, 240, 90, 20, 1), (100, 1300, 270, 180, 20, 1), (20, 240, 300, 10, 5, 1),
    (5, 120, 300, None, 30, 3), (4, 120, 300, 100, 30, 3), (10, 200, 400, 200, 40, 3), (6, 60, 500, 150, 60, 2),
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """One JSON line a setting, one for all, one for the week."""
    parser = argparse.ArgumentParser(prog="python -m bench.simulation", description=__doc__)
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--week-only", action="store_true", help="no settings")
    parser.add_argument("--agents", type=int, default=120, help="of the week; 0 = no week")
    parser.add_argument("--groups", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=60.0, help="for the roster of the week")
    asked = parser.parse_args(arguments)
    inside = figures = 0
    for number, setting in enumerate(() if asked.week_only else SETTINGS):
        line = beside(setting, asked.runs, number)
        inside += sum(one["inside"] for one in line["figures"].values())
        figures += len(line["figures"])
        print(json.dumps(line), flush=True)
    if figures:
        print(json.dumps({"settings": len(SETTINGS), "figures": figures, "inside_confidence": inside}), flush=True)
    if asked.agents:
        print(json.dumps(week(asked.agents, asked.groups, asked.seconds)))
    return 0


def beside(setting: tuple[int, float, float, float | None, float, int], runs: int, seed: int) -> Json:
    """A setting by the formulas and by simulation."""
    agents, volume, aht, patience, within, places = setting
    hours = LEFT_OUT + HOURS
    begin, end = START.isoformat(timespec="minutes"), (START + timedelta(hours=hours)).isoformat(timespec="minutes")
    stretch = {"category": "on_queue", "start": f"{begin}+00:00", "end": f"{end}+00:00"}
    shift = {"date": str(START.date()), "start": stretch["start"], "end": stretch["end"], "activities": [stretch]}
    names = [str(number) for number in range(agents)]
    whole = {
        "request": {
            "time_zone": "UTC",
            "planning_period": {"start_date": str(START.date()), "days": 5},
            "planning_groups": [{"id": "voice"}],
            "work_plans": [{"id": "plan"}],
            "agents": [{"id": name, "work_plan_id": "plan"} for name in names],
        },
        "roster": {"schedules": [{"agent_id": name, "shifts": [shift]} for name in names]},
        "work": {
            "interval_minutes": 60,
            "service_goal": {"percent": 80, "within_seconds": within},
            "patience_seconds": patience,
            "concurrency": places,
            "intervals": [
                {"start": f"{START + timedelta(hours=h):%Y-%m-%dT%H:%M}", "volume": volume, "aht_seconds": aht}
                for h in range(hours)
            ],
        },
    }
    read = read_prediction(whole)
    formula = predict(read.request, read.roster, read.work).period.model_dump()
    played = simulate(read.request, read.roster, read.work, Simulation(runs=runs, seed=seed), first=LEFT_OUT)
    found = played.period.model_dump()
    figures = {
        name: {**found[name], "formula": formula[name], "inside": _inside(found[name], formula[name])}
        for name in FIGURES
        if patience is not None or name != "abandonment_percent"
    }
    names_of = ("agents", "contacts_an_hour", "aht_seconds", "patience_seconds", "within_seconds", "at_a_time")
    return dict(zip(names_of, setting, strict=True)) | {"seconds": played.seconds, "figures": figures}


def _inside(found: Json, formula: float) -> bool:
    return bool(found["low"] <= formula <= found["high"])


def week(agents: int, groups: int, seconds: float) -> Json:
    """How long a week takes, whose contacts are those that the requirements stand for."""
    request = example_request(agents=agents, groups=groups)
    roster = solve_in_child(request, seconds=seconds).roster
    if roster is None or not roster["schedules"]:
        return {"agents": agents, "groups": groups, "error": f"no roster in {seconds:g} s"}
    whole = {
        "request": request,
        "roster": {"schedules": roster["schedules"]},
        "work": {
            "time_zone": request["time_zone"],
            "interval_minutes": request["interval_minutes"],
            "service_goal": {"percent": 80, "within_seconds": 20},
            "patience_seconds": 180,
            "planning_groups": list(_work_of(request)),
        },
    }
    read = read_prediction(json.loads(json.dumps(whole)))
    simulate(read.request, read.roster, read.work, Simulation(runs=2))  # compiles
    line: Json = {"agents": agents, "groups": groups}
    for routing in ("assigned", "skills"):
        began = time.monotonic()
        played = simulate(read.request, read.roster, read.work, Simulation(runs=20, routing=routing))
        line[routing] = {
            "seconds": round(time.monotonic() - began, 2),
            "runs": played.runs,
            "contacts": played.contacts,
            "service_level_percent": played.period.model_dump()["service_level_percent"],
        }
    formula = predict(read.request, read.roster, read.work).period
    return line | {"formula_service_level_percent": formula.service_level_percent}


def _work_of(request: Json) -> Iterator[Json]:
    """Contacts of four minutes that keep six sevenths of the required agents busy."""
    for group in request["planning_groups"]:
        intervals = []
        for series in request["requirements"]:
            if series["planning_group_id"] == group["id"]:
                start = datetime.fromisoformat(series["start"])
                for number, heads in enumerate(series["required"]):
                    at = start + timedelta(minutes=number * request["interval_minutes"])
                    volume = heads * 6 / 7 * request["interval_minutes"] / 4
                    intervals.append(
                        {"start": at.isoformat(timespec="minutes"), "volume": round(volume, 2), "aht_seconds": 240}
                    )
        yield {"id": group["id"], "intervals": intervals}


if __name__ == "__main__":
    sys.exit(main())

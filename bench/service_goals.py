"""`python -m bench.service_goals`: one invented centre planned for heads by the interval and for goals of longer spans.

All variants have the same agents, calls and goal of 80 % in 20 seconds: `heads` requires in each interval what Erlang C
says, `interval`, `day` and `period` are service goals over these spans. Every roster is judged under the day goal too,
which makes them comparable: pay, hours, percent by day, and what contacts outside the goal cost there.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from bench.child import solve_in_child
from schemas.request import RosterRequest
from schemas.roster import Roster
from solver.example import example_request
from solver.reading import read_request, read_roster
from solver.staffing.erlang import agents_for_service_level
from solver.staffing.load import offered_load
from solver.verify import judge

Json = dict[str, Any]
PERCENT, WITHIN_SECONDS = 80, 20
VARIANTS = ("heads", "interval", "day", "period")


def main(arguments: Sequence[str] | None = None) -> int:
    """One JSON line a centre and variant."""
    parser = argparse.ArgumentParser(prog="python -m bench.service_goals", description=__doc__)
    parser.add_argument("--seconds", type=float, default=40.0)
    parser.add_argument("--agents", type=int, nargs="+", default=[40, 100])
    parser.add_argument("--load", type=float, default=1.0, help="calls, in those that fill the contracts")
    parser.add_argument("--variants", nargs="+", choices=VARIANTS, default=VARIANTS)
    asked = parser.parse_args(arguments)
    for agents in asked.agents:
        for variant in asked.variants:
            print(json.dumps(line_of(agents, asked.load, variant, asked.seconds)), flush=True)
    return 0


def line_of(agents: int, load: float, variant: str, seconds: float) -> Json:
    """Solves a variant and judges its roster under the day goal."""
    request = request_of(agents, load, variant)
    outcome = solve_in_child(request, seconds=seconds)
    line: Json = {"agents": agents, "load": load, "variant": variant, "seconds": round(outcome.seconds, 1)}
    if outcome.roster is None or not outcome.roster.get("cost"):
        return line | {"error": outcome.error}
    asked, roster = read_request(request), read_roster(outcome.roster)
    line |= {
        "cost": outcome.roster["cost"]["total"],
        "bound": outcome.roster["lower_bound"],
        "gap_percent": outcome.roster["gap_percent"],
        "violations": len(judge(asked, roster).violations),
    }
    return line | under_the_day_goal(read_request(request_of(agents, load, "day")), roster)


def under_the_day_goal(request: RosterRequest, roster: Roster) -> Json:
    """What the roster pays and reaches."""
    judged = judge(request, roster)
    contacts = sum(day.contacts for day in judged.service)
    return {
        "pay": round(judged.cost.regular_pay + judged.cost.overtime_pay, 2),
        "paid_hours": round(sum(judged.paid_minutes.values()) / 60, 2),
        "day_goal_cost": judged.cost.total,
        "day_goal_missed": judged.cost.service,
        "percent_by_day": [day.percent for day in judged.service],
        "percent": round(100 * (1 - sum(day.outside_goal for day in judged.service) / contacts), 2),
        "days_reached": sum(day.reached for day in judged.service),
    }


def request_of(agents: int, load: float, variant: str) -> Json:
    """The centre's week as a variant has it."""
    per = "day" if variant == "heads" else variant
    goal = {"percent": PERCENT, "within_seconds": WITHIN_SECONDS, "per": per}
    request = example_request(agents=agents, service_goal=goal)
    for series in request["volumes"]:
        series["volume"] = [round(load * volume) for volume in series["volume"]]
    if variant != "heads":
        return request
    plain = {key: value for key, value in request.items() if key != "volumes"}
    groups = [{k: v for k, v in group.items() if k != "service_goal"} for group in request["planning_groups"]]
    return plain | {"planning_groups": groups, "requirements": list(heads(request))}


def heads(request: Json) -> Iterator[Json]:
    """The fewest agents that reach the goal in every interval, each by itself."""
    for series in request["volumes"]:
        aht, step = series["aht_seconds"], request["interval_minutes"]
        yield {
            "planning_group_id": series["planning_group_id"],
            "start": series["start"],
            "required": [
                agents_for_service_level(
                    offered_load(volume, aht, step),
                    aht_seconds=aht,
                    within_seconds=WITHIN_SECONDS,
                    goal=PERCENT / 100,
                )
                for volume in series["volume"]
            ],
        }


if __name__ == "__main__":
    sys.exit(main())

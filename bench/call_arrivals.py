"""Real demand: a week of calls to a North American bank, and sixty invented agents.

The counts are the 5-minute arrivals that accompany Hyndman's forecasting books (Weinberg, Brown & Stroud 2007):
weekdays from 07:00 to 21:05, March to August 2003. There are no handle times in them; 180 s is assumed, and 80 % of
calls are to be answered within 20 s. The staff is that of `solver.example`. The whole bank needs several hundred
agents, so one instance gives the sixty the share of calls that roughly fits them, and one gives them every call.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.family import Instance, data_files, judged
from solver.example import example_request
from solver.staffing.erlang import agents_for_service_level
from solver.staffing.load import offered_load

Json = dict[str, Any]

AGENTS = 60
AHT_SECONDS, GOAL, WITHIN_SECONDS = 180, 0.8, 20
INTERVAL = 15
TIME_ZONE = "America/New_York"


def instances(paths: list[Path]) -> Iterator[Instance]:
    """For the first week of each file, the calls that suit the staff, and all calls."""
    for path in data_files("call_arrivals", paths, "*.csv"):
        calls = week_of_calls(path)
        share = fitting_share(calls)
        for name, part in (("share", share), ("all", 1.0)):
            request = request_for(calls, part)
            yield Instance(f"{path.stem}_{AGENTS}_{name}", request, judged(request))


def week_of_calls(path: Path) -> dict[datetime, int]:
    """Calls by quarter-hour of the first whole week, Monday to Friday."""
    with path.open(newline="") as file:
        counts = {datetime.fromisoformat(row["DateTime"]): int(row["Calls"]) for row in csv.DictReader(file)}
    monday = next(at.date() for at in sorted(counts) if at.weekday() == 0)
    calls: dict[datetime, int] = {}
    for at, number in counts.items():
        if monday <= at.date() < monday + timedelta(days=7):
            quarter = at - timedelta(minutes=at.minute % INTERVAL)
            calls[quarter] = calls.get(quarter, 0) + number
    return calls


def agents_needed(calls: float) -> int:
    """Agents on queue for the goal, by Erlang C."""
    load = offered_load(calls, AHT_SECONDS, INTERVAL)
    return agents_for_service_level(load, aht_seconds=AHT_SECONDS, within_seconds=WITHIN_SECONDS, goal=GOAL)


def fitting_share(calls: dict[datetime, int]) -> float:
    """Share of the calls, in hundredths, that needs about as many hours as the example's own calls do."""
    aim = sum(sum(series["required"]) for series in _staffed(min(calls).date())["requirements"])
    shares = [hundredth / 100 for hundredth in range(1, 101)]
    return max((s for s in shares if sum(agents_needed(s * c) for c in calls.values()) <= aim), default=0.01)


def request_for(calls: dict[datetime, int], share: float) -> Json:
    """The staff's week against that share of the calls, a series a day."""
    days = sorted({at.date() for at in calls})
    series = [(day, [calls[at] for at in sorted(calls) if at.date() == day]) for day in days]
    return _staffed(days[0]) | {
        "name": f"Bank, week of {days[0]}, {AGENTS} agents, {share:.0%} of the calls",
        "requirements": [
            {
                "planning_group_id": "care",
                "start": f"{min(at for at in calls if at.date() == day).isoformat(timespec='minutes')}",
                "required": [agents_needed(share * number) for number in numbers],
            }
            for day, numbers in series
        ],
    }


def _staffed(monday: date) -> Json:
    return example_request(agents=AGENTS, start_date=monday, time_zone=TIME_ZONE, interval_minutes=INTERVAL)

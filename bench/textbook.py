"""Two textbook problems whose answers are known exactly; they are written out here, so no file is needed.

*The post office* (Winston, Operations Research): clerks work five days in a row and have two off, week after week; how
few can do? Clerks are given by their number, and each works five days with the two off together or none at all; as the
week repeats, a day off on Monday and one on Sunday are together. Whoever works costs one, a missing clerk much more.

*Union Airways* (Hillier & Lieberman, Introduction to Operations Research): agents on five shifts of different pay, one
day that repeats. The night shift is on queue at both ends of the day and off queue, unpaid, between.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bench.family import Instance, Score

Json = dict[str, Any]

MONDAY = date(2026, 11, 30)
CLERKS_NEEDED = (17, 13, 15, 19, 14, 16, 11)
MOST_CLERKS = 40
AGENTS_NEEDED = (48, 79, 65, 87, 64, 73, 82, 43, 52)  # every two hours from 06:00
AGENTS_AT_NIGHT = 15  # from 00:00 to 06:00
AIRWAYS_SHIFTS = {"06-14": 170, "08-16": 160, "12-20": 175, "16-24": 180, "22-06": 195}
MOST_AGENTS = 100  # of each shift
MUCH = 100_000


def instances(paths: list[Path]) -> Iterator[Instance]:
    """Both problems; paths are not looked at."""
    yield Instance("post_office", _post_office(), _score_clerks)
    yield Instance("union_airways", _union_airways(), _score_airways)


def _request(name: str, days: int, needed: list[Json], plans: list[Json], agents: list[Json]) -> Json:
    return {
        "name": name,
        "time_zone": "UTC",
        "planning_period": {"start_date": MONDAY.isoformat(), "days": days},
        "interval_minutes": 60,
        "planning_groups": [
            {"id": "work", "understaffing_cost_per_hour": MUCH, "overstaffing_cost_per_hour": 0},
        ],
        "requirements": needed,
        "work_plans": plans,
        "agents": agents,
    }


def _post_office() -> Json:
    """A day is one interval of an hour; five of them, paid 0.2 each, make one clerk."""
    shift = {
        "id": "day",
        "start": {"earliest": "08:00", "latest": "08:00"},
        "length_minutes": {"min": 60, "max": 60},
    }
    rules = [
        {"kind": "days_worked", "per": "week", "min": 5, "max": 5, "or_none": True},
        {"kind": "consecutive_days_off", "min": 2},
    ]
    needed = [
        {
            "planning_group_id": "work",
            "start": f"{MONDAY + timedelta(days=day)}T08:00",
            "required": [clerks],
        }
        for day, clerks in enumerate(CLERKS_NEEDED)
    ]
    plans = [{"id": "clerk", "shifts": [shift], "rules": rules}]
    agents = [{"id": "clerk", "count": MOST_CLERKS, "work_plan_id": "clerk", "hourly_cost": 0.2}]
    return _request("Post office", 7, needed, plans, agents)


def _score_clerks(roster: Json) -> Score:
    """Clerks who work, and what is wrong with their weeks or with a day's number."""
    faults = []
    there: Counter[int] = Counter()
    clerks = 0
    for schedule in roster["schedules"]:
        days = {(date.fromisoformat(shift["date"]) - MONDAY).days for shift in schedule["shifts"]}
        if not days:
            continue
        clerks += 1
        off = sorted(set(range(7)) - days)
        if len(off) != 2 or (off[1] - off[0]) not in (1, 6):
            faults.append(f"{schedule['agent_id']} is off on days {off}.")
        there.update(days)
    faults += [f"Day {day} has {there[day]} clerks." for day, needed in enumerate(CLERKS_NEEDED) if there[day] < needed]
    return Score(clerks, tuple(faults), {})


def _union_airways() -> Json:
    plans, agents = [], []
    for name, pay in AIRWAYS_SHIFTS.items():
        start, end = (int(hour) for hour in name.split("-"))
        shift: Json = {
            "id": name,
            "start": {"earliest": f"{start:02d}:00", "latest": f"{start:02d}:00"},
            "length_minutes": {"min": 480, "max": 480},
        }
        if end < start:
            between = 60 * (start - end)
            shift["start"] = {"earliest": "00:00", "latest": "00:00"}
            shift["length_minutes"] = {"min": 1440, "max": 1440}
            shift["activities"] = [
                {
                    "id": "day",
                    "category": "off_queue",
                    "minutes": between,
                    "paid": False,
                    "after_shift_start": {"min": 60 * end, "max": 60 * end},
                }
            ]
        plans.append({"id": name, "shifts": [shift]})
        agents.append({"id": name, "count": MOST_AGENTS, "work_plan_id": name, "hourly_cost": pay / 8})
    required = [AGENTS_AT_NIGHT] * 6 + [needed for needed in AGENTS_NEEDED for _ in range(2)]
    needed = [{"planning_group_id": "work", "start": f"{MONDAY}T00:00", "required": required}]
    return _request("Union Airways", 1, needed, plans, agents)


def _score_airways(roster: Json) -> Score:
    """What the shifts cost, and the hours with too few agents."""
    numbers: Counter[str] = Counter()
    for schedule in roster["schedules"]:
        numbers.update(shift["work_plan_shift_id"] for shift in schedule["shifts"])
    needed = {(6 + 2 * n + half) % 24: agents for n, agents in enumerate(AGENTS_NEEDED) for half in (0, 1)}
    needed |= dict.fromkeys(range(6), AGENTS_AT_NIGHT)
    faults = []
    for hour, agents in sorted(needed.items()):
        there = 0
        for name, number in numbers.items():
            start, end = (int(part) for part in name.split("-"))
            there += number if start <= hour < end or (end < start and not end <= hour < start) else 0
        if there < agents:
            faults.append(f"At {hour:02d}:00 there are {there} agents.")
    return Score(sum(AIRWAYS_SHIFTS[name] * number for name, number in numbers.items()), tuple(faults), dict(numbers))


__all__ = ["instances"]

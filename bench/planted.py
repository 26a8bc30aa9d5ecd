"""Planted problems: a plan is drawn first, and the demand is exactly what it covers.

So a roster without an hour short or over exists, and with hours fixed for everybody its cost is known: the pay, which
is the same in every roster. Nothing can cost less; what a solver pays beyond it, it has lost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from bench.family import Instance, judged

Json = dict[str, Any]

START = date(2026, 11, 30)
DAYS, STEP = 7, 15
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
OPENS, CLOSES = 360, 1380  # 06:00 to 23:00
KINDS = {  # work plan: share of the staff, days a week, minutes of a shift, activities with least and most minutes
    "full-time": (0.6, 5, 510, (("break-1", 15, 60, 180), ("meal", 30, 180, 300), ("break-2", 15, 330, 435))),
    "half-time": (0.4, 5, 240, (("break", 15, 60, 165),)),
}
STRETCH = (60, 240)  # minutes of work between activities


def instances(paths: list[Path]) -> Iterator[Instance]:
    """Planted problems named `<agents>x<groups>` or `<agents>x<groups>x<seed>`."""
    for path in paths or [Path("20x1"), Path("100x1"), Path("100x4")]:
        agents, groups, *seed = (int(part) for part in path.name.split("x"))
        request, _ = planted(agents, groups, *seed)
        yield Instance(f"planted_{path.name}", request, judged(request))


def planted(agents: int, groups: int, seed: int = 1) -> tuple[Json, float]:
    """A request, and the cost that no roster can beat and one attains."""
    random = Random(f"planted/{agents}/{groups}/{seed}")
    staff = [_agent(number, groups, random) for number in range(agents)]
    demand: Counter[tuple[str, int, int]] = Counter()  # planning group, day, interval of the day
    for agent in staff:
        _work(agent, random, demand)
    pay = sum((_pay(agent) for agent in staff), Decimal(0))
    request = {
        "name": f"Planted, {agents} agents, {groups} planning groups",
        "time_zone": "Europe/Tallinn",
        "planning_period": {"start_date": START.isoformat(), "days": DAYS},
        "interval_minutes": STEP,
        "planning_groups": [
            {"id": f"g{n + 1}", "understaffing_cost_per_hour": 120, "overstaffing_cost_per_hour": 8}
            for n in range(groups)
        ],
        "requirements": [_series(f"g{n + 1}", day, demand) for n in range(groups) for day in range(DAYS)],
        "work_plans": [_work_plan(kind) for kind in KINDS],
        "agents": staff,
        "options": {"seed": seed, "minimum_stint_minutes": STEP},
    }
    return request, float(pay)


def _agent(number: int, groups: int, random: Random) -> Json:
    kind = random.choices(list(KINDS), [kind[0] for kind in KINDS.values()])[0]
    skills = random.sample(range(groups), min(groups, random.choices([1, 2, 3], [4, 4, 2])[0]))
    return {
        "id": f"A{number + 1:04}",
        "work_plan_id": kind,
        "hourly_cost": 20,
        "skills": [{"planning_group_id": f"g{skill + 1}"} for skill in sorted(skills)],
        "availability": [{"days": list(WEEKDAYS), "from": _clock(OPENS), "to": _clock(CLOSES)}],
    }


def _work(agent: Json, random: Random, demand: Counter[tuple[str, int, int]]) -> None:
    """Draw the agent's week and add what it covers to the demand."""
    _, days, length, _ = KINDS[agent["work_plan_id"]]
    usual = random.randrange(OPENS, CLOSES - length - 60 + 1, 30)
    for day in random.sample(range(DAYS), days):
        start = usual + random.choice([0, 0, 30, 60])  # so near the usual start that every rest is long enough
        for first, last in _stretches(agent["work_plan_id"], random):
            group = random.choice(agent["skills"])["planning_group_id"]
            demand.update((group, day, (start + at) // STEP) for at in range(first, last, STEP))


def _stretches(kind: str, random: Random) -> list[tuple[int, int]]:
    """Stretches of work between activities drawn in their windows, minutes from the shift's start."""
    _, _, length, activities = KINDS[kind]
    while True:
        starts = [random.randrange(low, high + 1, STEP) for _, _, low, high in activities]
        ends = [start + activity[1] for start, activity in zip(starts, activities, strict=True)]
        stretches = list(zip([0, *ends], [*starts, length], strict=True))
        if all(STRETCH[0] <= last - first <= STRETCH[1] for first, last in stretches):
            return stretches


def _series(group: str, day: int, demand: Counter[tuple[str, int, int]]) -> Json:
    return {
        "planning_group_id": group,
        "start": f"{(START + timedelta(days=day)).isoformat()}T{_clock(OPENS)}",
        "required": [demand[group, day, interval] for interval in range(OPENS // STEP, CLOSES // STEP)],
    }


def _work_plan(kind: str) -> Json:
    _, days, length, activities = KINDS[kind]
    weekly = days * _paid_minutes(kind)
    return {
        "id": kind,
        "shifts": [
            {
                "id": "shift",
                "start": {"earliest": _clock(OPENS), "latest": _clock(CLOSES - length), "increment_minutes": 30},
                "length_minutes": {"min": length, "max": length},
                "contiguous_work_minutes": {"min": STRETCH[0], "max": STRETCH[1]},
                "activities": [
                    {
                        "id": name,
                        "category": "meal" if name == "meal" else "break",
                        "minutes": minutes,
                        "paid": name != "meal",
                        "after_shift_start": {"min": low, "max": high},
                    }
                    for name, minutes, low, high in activities
                ],
            }
        ],
        "rules": [
            {"kind": "paid_minutes", "per": "week", "min": weekly, "max": weekly},
            {"kind": "days_worked", "per": "week", "max": days},
            {"kind": "minimum_rest", "minutes": 660},
        ],
    }


def _paid_minutes(kind: str) -> int:
    _, _, length, activities = KINDS[kind]
    return length - sum(minutes for name, minutes, _, _ in activities if name == "meal")


def _pay(agent: Json) -> Decimal:
    kind = agent["work_plan_id"]
    return Decimal(agent["hourly_cost"]) * KINDS[kind][1] * _paid_minutes(kind) / 60


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"

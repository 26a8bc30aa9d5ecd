"""Speaks the solver's protocol and answers at once: every agent works five days a week, eight hours with two breaks."""

import json
import sys
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

request = json.load(sys.stdin)
zone = ZoneInfo(request["time_zone"])
first = date.fromisoformat(request["planning_period"]["start_date"])
days = [first + timedelta(days=number) for number in range(request["planning_period"]["days"])]
groups = [group["id"] for group in request["planning_groups"]]


def at(day: date, minutes: int) -> str:
    """The instant so many minutes after midnight."""
    return (datetime.combine(day, time(), zone) + timedelta(minutes=minutes)).isoformat()


def shift(row: int, day: date) -> dict[str, object]:
    """The shift of an agent on a day."""
    start = 7 * 60 + 30 * (row % 12)
    group = groups[row % len(groups)]
    cuts = [(0, 120, None), (120, 135, "break-1"), (135, 255, None), (255, 285, "meal"), (285, 405, None),
            (405, 420, "break-2"), (420, 510, None)]  # fmt: skip
    activities = [
        {"start": at(day, start + begin), "end": at(day, start + end)}
        | (
            {"category": "on_queue", "planning_group_id": group}
            if name is None
            else {"category": "meal" if name == "meal" else "break", "id": name, "paid": name != "meal"}
        )
        for begin, end, name in cuts
    ]
    return {
        "date": day.isoformat(), "work_plan_shift_id": "day", "start": at(day, start), "end": at(day, start + 510),
        "paid_minutes": 480, "pinned": False, "activities": activities,
    }  # fmt: skip


schedules = [
    {
        "agent_id": agent["id"],
        "paid_minutes": 480 * sum((number + row) % 7 < 5 for number in range(len(days))),
        "shifts": [shift(row, day) for number, day in enumerate(days) if (number + row) % 7 < 5],
    }
    for row, agent in enumerate(request["agents"])
]
coverage = [
    {
        "planning_group_id": series["planning_group_id"], "start": at(first, 0), "required": series["required"],
        "scheduled": [0.0] * len(series["required"]), "net": [-value for value in series["required"]],
    }
    for series in request["requirements"]
]  # fmt: skip
answer = {
    "name": request.get("name", ""), "verdict": "feasible", "cost": {"total": 1000.0}, "lower_bound": 900.0,
    "gap_percent": 10.0, "schedules": schedules, "coverage": coverage, "violations": [], "messages": [],
}  # fmt: skip
for event in ("roster", "final"):
    sys.stdout.write(json.dumps({"event": event, "roster": answer}) + "\n")
sys.stdout.flush()

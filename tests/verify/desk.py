"""Rosters written by hand, in the shape of the JSON."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import solver.rules  # noqa: F401  # fills the book of rules
from schemas.request import RosterRequest
from schemas.roster import Roster
from solver.verify import Judgement, judge

Json = dict[str, Any]
TALLINN = "Europe/Tallinn"
KINDS = {
    "break1": ("break", True),
    "break2": ("break", True),
    "meal": ("meal", False),
    "nap": ("meal", False),
    "coaching": ("training", True),
    "meeting": ("meeting", False),
}


def a_shift(
    start: str, parts: str, *, definition: str | None = "day", zone: str = TALLINN, pinned: bool = False
) -> Json:
    """A shift that begins at an instant and goes on with `"voice 120, break1 15, chat 90"`: minutes that elapse."""
    clock = ZoneInfo(zone)
    begin = moment = datetime.fromisoformat(start)
    activities, paid = [], 0
    for part in parts.split(","):
        name, minutes = part.split()
        after = moment + timedelta(minutes=int(minutes))
        category, is_paid = KINDS.get(name, ("on_queue", True))
        paid += int(minutes) * is_paid
        activities.append(
            {
                "category": category,
                "id": name if name in KINDS else None,
                "paid": is_paid,
                "planning_group_id": None if name in KINDS else name,
                "start": moment.astimezone(clock).isoformat(),
                "end": after.astimezone(clock).isoformat(),
            }
        )
        moment = after
    return {
        "date": begin.astimezone(clock).date().isoformat(),
        "work_plan_shift_id": definition,
        "start": begin.astimezone(clock).isoformat(),
        "end": moment.astimezone(clock).isoformat(),
        "paid_minutes": paid,
        "pinned": pinned,
        "activities": activities,
    }


def judged(request: Json, roster: Json) -> Judgement:
    """What the judge finds."""
    return judge(RosterRequest.model_validate(request), Roster.model_validate(roster))

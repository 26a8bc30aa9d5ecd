"""Speaks the solver's protocol without a search: everybody works as early as may be, and the judge prices it.

The request's name may hold orders, such as `seconds=2 rosters=3 crash=1`:

seconds  how long it works          rosters  how many rosters it meets; each has some agents more
crash    ends with this exit status instead of an answer, unless the file that STINT_TEST_MENDED names is there
"""

import ctypes
import json
import os
import signal
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from schemas.roster import Roster
from solver.reading import read_request
from solver.verify import judge

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def say(**event):
    sys.stdout.write(json.dumps(event) + "\n")
    sys.stdout.flush()


def shift_of(agent, plan, day, number, zone, first_group):
    """The pinned shift of the day, or the first that the work plan allows; each agent starts a step later."""
    for pin in agent.get("pinned_shifts", ()):
        if pin.get("date") == day.isoformat():
            return {**pin, "pinned": True}
    if any(off["start"][:10] <= day.isoformat() < off["end"][:10] for off in agent.get("time_off", ())):
        return None
    kind = plan["shifts"][0]
    if WEEKDAYS[day.weekday()] not in kind.get("days", WEEKDAYS):
        return None
    earliest = clock(kind["start"]["earliest"])
    steps = (clock(kind["start"]["latest"]) - earliest) // 30
    begins = earliest + 30 * (number % (steps + 1))
    skills = agent.get("skills") or [{"planning_group_id": first_group}]
    group = skills[number % len(skills)]["planning_group_id"]
    edges = [begins]
    pauses = []
    even = kind["length_minutes"]["min"] // (len(kind["activities"]) + 1)
    for place, activity in enumerate(kind["activities"], start=1):
        start = begins + activity.get("after_shift_start", {}).get("min", even * place // 15 * 15)
        pauses.append((start, start + activity["minutes"], activity))
    ends = begins + kind["length_minutes"]["min"]

    def moment(minutes):
        wall = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(minutes=minutes)
        return wall.astimezone(UTC).astimezone(zone).isoformat()

    activities = []
    for start, end, activity in pauses:
        activities.append(queue(group, moment(edges[-1]), moment(start)))
        said = {name: activity[name] for name in ("id", "category", "paid")}
        activities.append({**said, "start": moment(start), "end": moment(end)})
        edges.append(end)
    activities.append(queue(group, moment(edges[-1]), moment(ends)))
    return {
        "date": day.isoformat(), "work_plan_shift_id": kind["id"], "start": moment(begins), "end": moment(ends),
        "activities": activities,
    }  # fmt: skip


def queue(group, start, end):
    return {"category": "on_queue", "planning_group_id": group, "start": start, "end": end}


def clock(text):
    return int(text[:2]) * 60 + int(text[3:])


def roster_of(raw, working, status, bound=None):
    """A roster in which the first `working` agents work, judged."""
    zone = ZoneInfo(raw["time_zone"])
    first = date.fromisoformat(raw["planning_period"]["start_date"])
    days = [first + timedelta(days=n) for n in range(raw["planning_period"]["days"])]
    plans = {plan["id"]: plan for plan in raw["work_plans"]}
    schedules = []
    for number, agent in enumerate(raw["agents"]):
        plan = plans[agent["work_plan_id"]]
        worked = days if number < working else []
        found = [shift_of(agent, plan, day, number, zone, raw["planning_groups"][0]["id"]) for day in worked]
        schedules.append({"agent_id": agent["id"], "shifts": [shift for shift in found if shift]})
    given = judge(read_request(raw), Roster.model_validate({"schedules": schedules}, strict=False))
    told = {"lower_bound": bound} if bound else {}
    cost = given.cost.total
    return {
        "name": raw.get("name", ""), "status": status, "verdict": "feasible", "schedules": schedules,
        "cost": json.loads(given.cost.model_dump_json()),
        "coverage": [json.loads(series.model_dump_json()) for series in given.coverage],
        "violations": [json.loads(violation.model_dump_json()) for violation in given.violations],
        "messages": [{"code": "defaults_used", "severity": "info", "text": "A message on Ann.", "path": "/agents/0"}],
        "statistics": json.loads(given.statistics.model_dump_json()),
        "gap_percent": round(100 * (cost - bound) / cost, 4) if bound else None, **told,
    }  # fmt: skip


def main():
    if sys.argv[1:]:  # an errand, such as an explanation: the real solver does it
        os.execv(sys.executable, [sys.executable, "-P", "-m", "solver", *sys.argv[1:]])
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # dies with its parent, as the solver does
    raw = json.load(sys.stdin)
    wishes = dict(word.split("=") for word in raw.get("name", "").split() if "=" in word)
    told = []
    signal.signal(signal.SIGTERM, lambda *_: told.append(True))
    seconds, count = float(wishes.get("seconds", 0)), int(wishes.get("rosters", 2))
    agents = len(raw["agents"])
    bound = round(0.9 * roster_of(raw, agents, "completed")["cost"]["total"], 2)
    began = time.monotonic()
    roster = {}
    for number in range(1, count + 1):
        roster = roster_of(raw, agents * number // count, "running", bound)
        figures = {"seconds": round(time.monotonic() - began, 2), "cost": roster["cost"]["total"], "bound": bound}
        say(event="progress", progress={**figures, "gap_percent": roster["gap_percent"], "phase": "search"})
        say(event="roster", roster=roster)
        while time.monotonic() - began < seconds * number / count and not told:
            time.sleep(0.02)
    if "crash" in wishes and not Path(os.environ.get("STINT_TEST_MENDED", "/nowhere")).exists():
        os._exit(int(wishes["crash"]))
    say(event="final", roster={**roster, "status": "completed"})


main()

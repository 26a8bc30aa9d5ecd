"""A real contact centre's month: 475 agents in nine contracts and three time zones, 31 days of quarter-hours.

The data is an example of an open-source planner (gitpay-ru/pyworkforce, MIT, examples/out_475) gathered into one JSON
file: requirements per interval in the campaign's time, and for each group of identical contracts the shift, its start
window, its breaks with windows and gaps, 176 paid hours, longest streaks.

What the request leaves out: the longest run of days off (`max_off_in_row`), for which there is no rule.
The least runs (`min_work_days_in_row`, `min_off_in_row`) are 1 in the data and ask for nothing.

The value is the agent-hours short. Scored here from the roster's times alone, against the data itself.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from typing import Any

from bench.family import Instance, Score, data_files

Json = dict[str, Any]

START = date(2026, 12, 1)  # any month of 31 days will do: no rule asks for the weekday
SHORT, OVER = 100, 1  # prices of an agent-hour: short hours first, and then, being tied to them, the hours over
PLANNING_GROUP = "calls"


def instances(paths: list[Path]) -> Iterator[Instance]:
    """The month in each file."""
    for path in data_files("contact_centre_month", paths, "*.json"):
        month = Month(json.loads(path.read_text(encoding="utf-8")))
        yield Instance(path.stem, month.request(), month.score, month.least_short_hours)


@dataclass
class _Seen:
    """What the scorer has gathered of a roster."""

    level: Counter[int] = field(default_factory=Counter)  # heads on queue by interval of the month
    faults: list[str] = field(default_factory=list)


class Month:
    """The month's data, the request made of it and the scoring by its own rules."""

    def __init__(self, data: Json) -> None:
        self.data = data
        self.step = int(data["interval_minutes"])
        self.required = [heads for day in data["required_agents_erlang_c"] for heads in day]
        self.zone = timezone(timedelta(hours=data["campaign_utc_offset_h"]))
        self.midnight = datetime.combine(START, datetime.min.time(), self.zone)
        self.contract_of = {
            f"g{number + 1}-{agent + 1:03}": number
            for number, group in enumerate(data["groups"])
            for agent in range(group["n"])
        }

    def request(self) -> Json:
        """The month as a request."""
        return {
            "name": f"Contact centre month, {len(self.contract_of)} agents",
            "time_zone": _zone(self.data["campaign_utc_offset_h"]),
            "planning_period": {"start_date": START.isoformat(), "days": len(self.data["required_agents_erlang_c"])},
            "interval_minutes": self.step,
            "planning_groups": [
                {"id": PLANNING_GROUP, "understaffing_cost_per_hour": SHORT, "overstaffing_cost_per_hour": OVER}
            ],
            "requirements": [
                {"planning_group_id": PLANNING_GROUP, "start": f"{START.isoformat()}T00:00", "required": self.required}
            ],
            "work_plans": [self._work_plan(number) for number in range(len(self.data["groups"]))],
            "agents": [
                {
                    "id": agent_id,
                    "work_plan_id": f"g{number + 1}",
                    "hourly_cost": 0,
                    "time_zone": _zone(self.data["groups"][number]["utc"]),
                }
                for agent_id, number in self.contract_of.items()
            ],
        }

    def _work_plan(self, number: int) -> Json:
        group = self.data["groups"][number]
        paid = int(self.data["contract"]["min_paid_hours_month"]), int(self.data["contract"]["max_paid_hours_month"])
        length = round(60 * group["shift_hours"])
        return {
            "id": f"g{number + 1}",
            "name": f"{group['n']} agents, {group['shift_hours']:g} h from {group['start_window'][0]}",
            "shifts": [
                {
                    "id": "shift",
                    "start": {
                        "earliest": group["start_window"][0],
                        "latest": group["start_window"][1],
                        "increment_minutes": self.step,
                    },
                    "length_minutes": {"min": length, "max": length},
                    "activity_order": "any",
                    "activity_gap_minutes": {"min": _minutes(group["min_gap"]), "max": _minutes(group["max_gap"])},
                    "activities": [
                        {
                            "id": f"break-{n + 1}",
                            "category": "break",
                            "minutes": _minutes(pause["duration"]),
                            "paid": pause["paid"],
                            "after_shift_start": {
                                "min": _minutes(pause["earliest_start"]),
                                "max": _minutes(pause["latest_start"]),
                            },
                        }
                        for n, pause in enumerate(group["breaks"])
                    ],
                }
            ],
            "rules": [
                {"kind": "paid_minutes", "per": "period", "min": 60 * paid[0], "max": 60 * paid[1]},
                {"kind": "consecutive_days", "max": group["max_work_days_in_row"]},
            ],
        }

    def least_short_hours(self, lower_bound: float) -> float:
        """What a bound on the cost says of the hours short.

        Hours on queue in the month are those required less those short plus those over, and no more than contracts
        hold. So hours over are at most hours short plus a constant, and the cost is at most 101 times the hours short
        plus that constant.
        """
        spare = self._hours_on_queue_at_most() - sum(self.required) * self.step / 60
        return float(max(0.0, (lower_bound - OVER * spare) / (SHORT + OVER)))

    def _hours_on_queue_at_most(self) -> float:
        hours = (
            group["n"] * group["shifts_for_176h"] * (group["paid_hours_per_shift"] - group["paid_break_hours"])
            for group in self.data["groups"]
        )
        return float(sum(hours))

    # The scoring: times of the roster against the data, by nobody else's code.

    def score(self, roster: Json) -> Score:
        """Agent-hours short and over, and every breach of the data's own rules."""
        seen = _Seen()
        shifts = {schedule["agent_id"]: schedule["shifts"] for schedule in roster["schedules"]}
        seen.faults += [f"{agent} is not an agent of the month." for agent in shifts.keys() - self.contract_of.keys()]
        for agent, number in self.contract_of.items():
            self._look_at(agent, self.data["groups"][number], shifts.get(agent, []), seen)
        nets = [seen.level[n] - need for n, need in enumerate(self.required)]
        hours = self.step / 60
        short, over = -sum(net for net in nets if net < 0) * hours, sum(net for net in nets if net > 0) * hours
        return Score(short, tuple(seen.faults), {"short_hours": short, "over_hours": over})

    def _look_at(self, agent: str, group: Json, shifts: list[Json], seen: _Seen) -> None:
        own = timezone(timedelta(hours=group["utc"]))
        days: list[date] = []
        paid = 0
        for shift in shifts:
            start, end = _instant(shift["start"]), _instant(shift["end"])
            local = start.astimezone(own)
            days.append(local.date())
            pauses = [a for a in shift["activities"] if a["category"] != "on_queue"]
            paid += _span(start, end) - sum(_span(*_times(a)) for a in pauses if not a["paid"])
            seen.faults += [f"{agent}, {local:%d %b}: {text}" for text in _shift_faults(group, local, end, pauses)]
            self._add(start, end, 1, seen)
            for pause in pauses:
                self._add(*_times(pause), -1, seen)
        contract = self.data["contract"]
        if not 60 * contract["min_paid_hours_month"] <= paid <= 60 * contract["max_paid_hours_month"]:
            seen.faults.append(f"{agent} is paid {paid / 60:g} h.")
        seen.faults += [f"{agent} {text}" for text in self._day_faults(group, days)]

    def _add(self, start: datetime, end: datetime, heads: int, seen: _Seen) -> None:
        first, last = (_span(self.midnight, at) for at in (start, end))
        if first % self.step or last % self.step:
            seen.faults.append(f"{start} to {end} is off the grid.")
        for interval in range(first // self.step, last // self.step):
            seen.level[interval] += heads

    def _day_faults(self, group: Json, days: Iterable[date]) -> Iterator[str]:
        streak: dict[date, int] = defaultdict(int)
        for day, shifts in sorted(Counter(days).items()):
            if shifts > 1:
                yield f"works {shifts} shifts on {day}."
            if not START <= day < self.midnight.date() + timedelta(days=len(self.required) * self.step // 1440):
                yield f"works on {day}, which is no day of the month."
            streak[day] = streak[day - timedelta(days=1)] + 1
            if streak[day] > group["max_work_days_in_row"]:
                yield f"works {streak[day]} days in a row up to {day}."


def _shift_faults(group: Json, local: datetime, end: datetime, pauses: list[Json]) -> Iterator[str]:
    clock = local.hour * 60 + local.minute
    if not _minutes(group["start_window"][0]) <= clock <= _minutes(group["start_window"][1]):
        yield f"starts at {local:%H:%M}."
    if _span(local, end) != 60 * group["shift_hours"]:
        yield f"lasts {_span(local, end)} minutes."
    if sorted(pause["id"] for pause in pauses) != sorted(f"break-{n + 1}" for n in range(len(group["breaks"]))):
        yield "does not have each of its breaks once."
        return
    for pause in pauses:
        wanted = group["breaks"][int(pause["id"].removeprefix("break-")) - 1]
        start, stop = _times(pause)
        if not _minutes(wanted["earliest_start"]) <= _span(local, start) <= _minutes(wanted["latest_start"]):
            yield f"{pause['id']} starts {_span(local, start)} minutes into the shift."
        if (_span(start, stop), pause["paid"]) != (_minutes(wanted["duration"]), wanted["paid"]):
            yield f"{pause['id']} is not the break that is due."
    in_order = sorted(map(_times, pauses))
    for (_, stop), (start, _) in pairwise(in_order):
        if not _minutes(group["min_gap"]) <= _span(stop, start) <= _minutes(group["max_gap"]):
            yield f"{_span(stop, start)} minutes lie between two breaks."


def _zone(utc_offset: int) -> str:
    return f"Etc/GMT{-utc_offset:+}"


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return 60 * int(hours) + int(minutes)


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"{text} carries no offset.")
    return instant


def _times(activity: Json) -> tuple[datetime, datetime]:
    return _instant(activity["start"]), _instant(activity["end"])


def _span(start: datetime, end: datetime) -> int:
    return round((end - start).total_seconds() / 60)

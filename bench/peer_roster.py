"""Fifty-five people on seven days with four shifts (pyworkforce): fewest hours, less what preferred shifts are worth.

A day's shifts are told apart by the interval in which they are on queue, so that one planning group carries the cover;
their hours are paid. What is least is hours worked less the weights of the preferred shifts that are worked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from bench.family import Instance, Json, Score

MONDAY = date(2026, 11, 30)
MISSING = 1000


def instances(name: str, data: Json) -> Iterator[Instance]:
    """The data under each set of rules on what may not follow what."""
    for number, result in enumerate(data["results"]):
        problem = Problem(data, [tuple(pair) for pair in result["forbidden_next_day"]])
        yield Instance(f"{name}_{number + 1}", problem.request(f"{name}_{number + 1}"), problem.score, problem.bound)


@dataclass(frozen=True)
class Problem:
    """The data and what may not follow what on the next day."""

    data: Json
    forbidden: list[tuple[str, ...]]

    def request(self, name: str) -> Json:
        """The instance as a request."""
        data = self.data
        shifts = data["shifts"]
        rules: list[Json] = [
            {"kind": "paid_minutes", "per": "period", "min": 60 * data["min_hours_per_agent"]},
            {"kind": "days_worked", "per": "period", "min": data["days"] - data["max_rest_days_per_agent"]},
            {
                "kind": "forbidden_successions",
                "successions": [
                    {"after": {"shift_ids": [one]}, "forbidden": {"shift_ids": [other]}}
                    for one, other in self.forbidden
                ],
            },
        ]
        return {
            "name": name,
            "time_zone": "UTC",
            "planning_period": {"start_date": MONDAY.isoformat(), "days": data["days"]},
            "interval_minutes": 60,
            "planning_groups": [
                {"id": "work", "understaffing_cost_per_hour": MISSING, "overstaffing_cost_per_hour": 0}
            ],
            "requirements": [
                {
                    "planning_group_id": "work",
                    "start": f"{self._date(day)}T00:00",
                    "required": [data["required"][shift][day] for shift in shifts],
                }
                for day in range(data["days"])
            ],
            "work_plans": [
                {
                    "id": "plan",
                    "shifts": [self._shift(n, shift, hours) for n, (shift, hours) in enumerate(shifts.items())],
                    "rules": rules,
                }
            ],
            "agents": [self._agent(agent) for agent in data["agents"]],
        }

    def _shift(self, number: int, shift: str, hours: int) -> Json:
        return {
            "id": shift,
            "start": {"earliest": f"{number:02d}:00", "latest": f"{number:02d}:00"},
            "length_minutes": {"min": 60 * hours, "max": 60 * hours},
            "activities": [
                {
                    "id": "rest",
                    "category": "off_queue",
                    "minutes": 60 * (hours - 1),
                    "paid": True,
                    "after_shift_start": {"min": 60, "max": 60},
                }
            ],
        }

    def _agent(self, agent: str) -> Json:
        """An hour costs one; a ban is a wish that is dearer than all hours, and what is preferred saves its weight."""
        weight = self.data["preference_weights"].get(agent, 0)
        liked = [wish["shift"] for wish in self.data["preferences"] if wish["agent"] == agent]
        wishes = [
            {"kind": "prefer", "day": day, "shift_ids": [shift], "cost": weight}
            for day in range(self.data["days"])
            for shift in liked
        ]
        wishes += [
            {"kind": "avoid", "day": ban["day"], "shift_ids": [ban["shift"]], "cost": MISSING}
            for ban in self.data["banned"]
            if ban["agent"] == agent
        ]
        return {
            "id": agent,
            "work_plan_id": "plan",
            "hourly_cost": 1,
            "preferences": [
                {
                    "kind": wish["kind"],
                    "start": f"{self._date(wish['day'])}T00:00",
                    "end": f"{self._date(wish['day'] + 1)}T00:00",
                    "shift_ids": wish["shift_ids"],
                    "cost": wish["cost"],
                }
                for wish in wishes
            ],
        }

    def _date(self, day: int) -> str:
        return (MONDAY + timedelta(days=day)).isoformat()

    @property
    def _wished(self) -> float:
        """What all preferred shifts of all days are worth: the cost counts those that are not worked."""
        weights = self.data["preference_weights"]
        return float(sum(weights[wish["agent"]] for wish in self.data["preferences"]) * self.data["days"])

    def bound(self, lower_bound: float) -> float:
        """A bound on the cost as one on the value."""
        return lower_bound - self._wished

    def score(self, roster: Json) -> Score:
        """The value, and every rule that is broken."""
        data = self.data
        worked: dict[str, list[str | None]] = {agent: [None] * data["days"] for agent in data["agents"]}
        for schedule in roster["schedules"]:
            for shift in schedule["shifts"]:
                day = (date.fromisoformat(shift["date"]) - MONDAY).days
                worked[schedule["agent_id"]][day] = shift["work_plan_shift_id"]
        faults = []
        hours = 0
        for agent, days in worked.items():
            own = sum(data["shifts"][shift] for shift in days if shift)
            hours += own
            if own < data["min_hours_per_agent"]:
                faults.append(f"{agent} works {own} hours.")
            if days.count(None) > data["max_rest_days_per_agent"]:
                faults.append(f"{agent} rests on {days.count(None)} days.")
            faults += [
                f"{agent} works {other} after {one}." for one, other in pairwise(days) if (one, other) in self.forbidden
            ]
        faults += [
            f"{b['agent']} works {b['shift']}." for b in data["banned"] if worked[b["agent"]][b["day"]] == b["shift"]
        ]
        there = Counter((day, shift) for days in worked.values() for day, shift in enumerate(days) if shift)
        for shift, numbers in data["required"].items():
            for day, needed in enumerate(numbers):
                if there[day, shift] < needed:
                    faults.append(f"Shift {shift} of day {day} has {there[day, shift]}.")
        liked = sum(
            data["preference_weights"][wish["agent"]] * worked[wish["agent"]].count(wish["shift"])
            for wish in data["preferences"]
        )
        return Score(round(hours - liked, 4), tuple(faults), {"hours": hours})

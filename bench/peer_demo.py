"""The employee scheduling demonstration of Timefold: fifteen people, two weeks of shifts that each ask for a skill.

Every kind of shift (start, skill) has a quarter-hour of its own in which it is on queue, the rest of it being off
queue, so that one planning group carries the cover while starts and ends stay what they are. Who has the skill may work
the kind. Unavailable dates are time off, desired and undesired ones are preferences by the minute.

The family's last part is the root of the sum of squared deviations from the mean number of shifts. Stint's `fairness`
grows with the square itself; at a small price it decides between rosters of equal minutes, and `bound` turns a bound on
the cost into one on the value.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from bench.family import Instance, Json, Score

MISSING = 100_000
STEP = 15
FAIRNESS = 0.05
"""Price of a unit of `fairness`: so small that more minutes always count for more."""

REST = 600


def instances(name: str, data: Json) -> Iterator[Instance]:
    """The demonstration."""
    problem = Problem(data)
    yield Instance(name, problem.request(name), problem.score, problem.bound)


@dataclass(frozen=True)
class Problem:
    """The demonstration's data."""

    data: Json

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """Start of day and skill of every kind of shift."""
        return sorted({(shift["start"][11:16], shift["required_skill"]) for shift in self.data["shifts"]})

    @property
    def first(self) -> date:
        return min(date.fromisoformat(shift["start"][:10]) for shift in self.data["shifts"])

    @property
    def days(self) -> int:
        return max((date.fromisoformat(s["start"][:10]) - self.first).days for s in self.data["shifts"]) + 1

    def _slot(self, kind: tuple[str, str]) -> int:
        """The kind's own minutes after its start."""
        return STEP * [skill for start, skill in self.kinds if start == kind[0]].index(kind[1])

    def request(self, name: str) -> Json:
        """The demonstration as a request."""
        per_hour = MISSING * 60 // STEP // 100
        needed = Counter(
            shift["start"][:10] + shift["required_skill"] + shift["start"][10:16] for shift in self.data["shifts"]
        )
        requirements = []
        for kind in self.kinds:
            for day in range(self.days):
                today = (self.first + timedelta(days=day)).isoformat()
                number = needed[f"{today}{kind[1]}T{kind[0]}"]
                if number:
                    start = datetime.fromisoformat(f"{today}T{kind[0]}") + timedelta(minutes=self._slot(kind))
                    requirements.append(
                        {"planning_group_id": "work", "start": start.isoformat()[:16], "required": [number]}
                    )
        return {
            "name": name,
            "time_zone": "UTC",
            "planning_period": {"start_date": self.first.isoformat(), "days": self.days},
            "interval_minutes": STEP,
            "planning_groups": [
                {"id": "work", "understaffing_cost_per_hour": per_hour, "overstaffing_cost_per_hour": per_hour}
            ],
            "requirements": requirements,
            "work_plans": [
                {
                    "id": "plan",
                    "shifts": [self._shift(kind) for kind in self.kinds],
                    "rules": [
                        {"kind": "minimum_rest", "minutes": REST},
                        {"kind": "fairness", "shift_ids": [_id(kind) for kind in self.kinds], "cost": FAIRNESS},
                    ],
                }
            ],
            "agents": [self._agent(employee) for employee in self.data["employees"]],
        }

    def _length(self, kind: tuple[str, str]) -> int:
        shift = next(s for s in self.data["shifts"] if (s["start"][11:16], s["required_skill"]) == kind)
        return _minutes(shift["start"], shift["end"])

    def _shift(self, kind: tuple[str, str]) -> Json:
        """On queue in its own quarter-hour, with something else before it and after it."""
        length, slot = self._length(kind), self._slot(kind)
        rest = [(0, slot), (slot + STEP, length - slot - STEP)]
        return {
            "id": _id(kind),
            "start": {"earliest": kind[0], "latest": kind[0]},
            "length_minutes": {"min": length, "max": length},
            "activities": [
                {
                    "id": f"rest{n}",
                    "category": "off_queue",
                    "minutes": minutes,
                    "paid": True,
                    "after_shift_start": {"min": after, "max": after},
                }
                for n, (after, minutes) in enumerate(rest)
                if minutes
            ],
        }

    def _agent(self, employee: Json) -> Json:
        wishes = [("prefer", day) for day in employee["desired"]] + [("avoid", day) for day in employee["undesired"]]
        return {
            "id": employee["name"],
            "work_plan_id": "plan",
            "work_plan_shift_ids": [_id(kind) for kind in self.kinds if kind[1] in employee["skills"]],
            "time_off": [{"start": f"{day}T00:00", "end": _midnight_after(day)} for day in employee["unavailable"]],
            "preferences": [
                # The date ends at 23:59:59, so its last minute is cut off.
                {"kind": kind, "start": f"{day}T00:00", "end": f"{day}T23:59", "cost_per_hour": 60}
                for kind, day in wishes
            ],
        }

    @property
    def _desired_minutes(self) -> int:
        return sum(1439 * len(employee["desired"]) for employee in self.data["employees"])

    def bound(self, lower_bound: float) -> float:
        """The greatest value that a bound on the cost leaves.

        With `n` shifts in all, `p` people and `D` the sum of squared deviations, fairness charges the price times
        (D + n²/p + n) / 2. So value = minutes - sqrt(D) is at most what the bound leaves for minutes at this D, less
        sqrt(D): a convex function of D, which is greatest at one end of the range that D can have.
        """
        people, shifts = len(self.data["employees"]), len(self.data["shifts"])
        most_minutes = self._desired_minutes - lower_bound + FAIRNESS * (shifts**2 / people + shifts) / 2
        rest = shifts % people
        least = rest * (1 - rest / people)
        most = (shifts // self.days) * self.days**2 + (shifts % self.days) ** 2 - shifts**2 / people
        return float(max(most_minutes + FAIRNESS * d / 2 - math.sqrt(d) for d in (least, most)))

    def score(self, roster: Json) -> Score:
        """The demonstration's value, and every hard rule that is broken."""
        people = {employee["name"]: employee for employee in self.data["employees"]}
        faults: list[str] = []
        given: Counter[tuple[str, str]] = Counter()
        minutes = 0
        numbers = []
        for name, employee in people.items():
            own: list[Json] = next((s["shifts"] for s in roster["schedules"] if s["agent_id"] == name), [])
            spans = sorted((shift["start"][:16], shift["end"][:16]) for shift in own)
            numbers.append(len(own))
            for shift in own:
                skill = shift["work_plan_shift_id"].split(" ")[1]
                given[shift["start"][:16], skill] += 1
                if skill not in employee["skills"]:
                    faults.append(f"{name} has no skill {skill}.")
            faults += [
                f"{name} works on {day}."
                for day in employee["unavailable"]
                if any(_overlap(span, day) > 0 for span in spans)
            ]
            for one, other in pairwise(spans):
                if _minutes(one[1], other[0]) < REST or one[0][:10] == other[0][:10]:
                    faults.append(f"{name} works at {one[0]} and at {other[0]}.")
            minutes += sum(_overlap(span, day) for span in spans for day in employee["desired"])
            minutes -= sum(_overlap(span, day) for span in spans for day in employee["undesired"])
        needed = Counter((shift["start"][:16], shift["required_skill"]) for shift in self.data["shifts"])
        faults += [
            f"{given[key]} instead of {needed[key]} at {key}." for key in needed | given if given[key] != needed[key]
        ]
        mean = sum(numbers) / len(numbers)
        spread = math.sqrt(sum((number - mean) ** 2 for number in numbers))
        return Score(round(minutes - spread, 4), tuple(faults), {"minutes": minutes})


def _id(kind: tuple[str, str]) -> str:
    return f"{kind[0]} {kind[1]}"


def _minutes(start: str, end: str) -> int:
    return int((datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()) // 60


def _midnight_after(day: str) -> str:
    return f"{date.fromisoformat(day) + timedelta(days=1)}T00:00"


def _overlap(span: tuple[str, str], day: str) -> int:
    """Whole minutes of the span between 00:00:00 and 23:59:59 of the day."""
    start = max(datetime.fromisoformat(span[0]), datetime.fromisoformat(f"{day}T00:00:00"))
    end = min(datetime.fromisoformat(span[1]), datetime.fromisoformat(f"{day}T23:59:59"))
    return max(0, int((end - start).total_seconds()) // 60)

"""How many people start each shift, nobody having a name: days of equal periods, shifts that stay within their day.

A shift that runs past midnight covers the first periods of the *same* day. So it becomes a shift from midnight to
midnight that is on queue at both ends and off queue, unpaid, between. People are given by their number.

Three objectives: least difference between required and scheduled over all periods, fewest shifts that cover everything,
least cost of shifts that cover everything.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bench.family import Instance, Json, Score

MONDAY = date(2026, 11, 30)
PEAKS = (50, 500)
"""Of the instances that are given by a formula, in their order."""

MISSING = 1000
"""Price of a person missing in a period where everything is to be covered."""


@dataclass(frozen=True)
class Kind:
    """A shift: first period of the day and number of periods, past midnight at the beginning of the same day."""

    id: str
    start: int
    length: int
    cost: float = 1
    most: int | None = None


@dataclass(frozen=True)
class Counts:
    """An instance: periods of each day, shifts, and what is to be least."""

    name: str
    required: list[list[int]]
    kinds: list[Kind]
    differences: bool  # the least difference is sought, not the least cost of covering everything
    most_at_once: int | None = None

    @property
    def periods(self) -> int:
        return len(self.required[0])

    @property
    def step(self) -> int:
        return 1440 // self.periods

    @property
    def instance(self) -> Instance:
        return Instance(self.name, self.request(), self.score)

    def request(self) -> Json:
        """The instance as a request."""
        per_hour = 60 / self.step
        rules = [] if self.differences else [{"kind": "days_worked", "per": "period", "max": 0, "cost": 1}]
        plans = []
        agents = []
        for number, (cost, most, kinds) in enumerate(self._pools()):
            priced = [rule | {"cost": cost} for rule in rules]
            plans.append({"id": f"plan{number}", "shifts": [self._shift(kind) for kind in kinds], "rules": priced})
            count = most or self._enough(kinds)
            agents.append({"id": f"person{number}", "count": count, "work_plan_id": f"plan{number}"})
        return {
            "name": self.name,
            "time_zone": "UTC",
            "planning_period": {"start_date": MONDAY.isoformat(), "days": len(self.required)},
            "interval_minutes": self.step,
            "planning_groups": [
                {
                    "id": "work",
                    "understaffing_cost_per_hour": per_hour * (1 if self.differences else MISSING),
                    "overstaffing_cost_per_hour": per_hour if self.differences else 0,
                }
            ],
            "requirements": [
                {"planning_group_id": "work", "start": f"{MONDAY + timedelta(days=day)}T00:00", "required": row}
                for day, row in enumerate(self.required)
            ],
            "work_plans": plans,
            "agents": agents,
        }

    def _pools(self) -> list[tuple[float, int | None, list[Kind]]]:
        """People who may work the same kinds: all of them where a shift has neither a price nor a most of its own."""
        if all(kind.most is None and kind.cost == 1 for kind in self.kinds):
            return [(1, None, self.kinds)]
        return [(kind.cost, kind.most, [kind]) for kind in self.kinds]

    def _enough(self, kinds: list[Kind]) -> int:
        """More people than the best answer needs: the largest number, once for each of the longest shifts in a day."""
        longest = max(kind.length for kind in kinds)
        return max(map(max, self.required)) * math.ceil(self.periods / longest)

    def _shift(self, kind: Kind) -> Json:
        def clock(period: int) -> str:
            return f"{period * self.step // 60:02d}:{period * self.step % 60:02d}"

        wraps = kind.start + kind.length - self.periods
        start, length = (0, 1440) if wraps > 0 else (kind.start, kind.length * self.step)
        shift: Json = {
            "id": kind.id,
            "start": {"earliest": clock(start), "latest": clock(start)},
            "length_minutes": {"min": length, "max": length},
        }
        if wraps > 0:
            after = wraps * self.step
            shift["activities"] = [
                {
                    "id": "away",
                    "category": "off_queue",
                    "minutes": (kind.start - wraps) * self.step,
                    "paid": False,
                    "after_shift_start": {"min": after, "max": after},
                }
            ]
        return shift

    def score(self, roster: Json) -> Score:
        """The value of the numbers of shifts, and the limits that they break."""
        kinds = {kind.id: kind for kind in self.kinds}
        counts: Counter[tuple[int, str]] = Counter()
        for schedule in roster["schedules"]:
            for shift in schedule["shifts"]:
                counts[(date.fromisoformat(shift["date"]) - MONDAY).days, shift["work_plan_shift_id"]] += 1
        there = [[0] * self.periods for _ in self.required]
        for (day, id_), number in counts.items():
            for period in range(kinds[id_].start, kinds[id_].start + kinds[id_].length):
                there[day][period % self.periods] += number
        pairs = [pair for row, own in zip(self.required, there, strict=True) for pair in zip(row, own, strict=True)]
        missing = sum(max(0, needed - present) for needed, present in pairs)
        faults = []
        if not self.differences and missing:
            faults.append(f"{missing} are missing where everything is to be covered.")
        if self.most_at_once is not None and max(map(max, there)) > self.most_at_once:
            faults.append(f"{max(map(max, there))} are there at once.")
        for (day, id_), number in counts.items():
            most = kinds[id_].most
            if most is not None and number > most:
                faults.append(f"Shift {id_} of day {day} has {number}.")
        if self.differences:
            value: float = sum(abs(needed - present) for needed, present in pairs)
        else:
            value = sum(kinds[id_].cost * number for (_, id_), number in counts.items())
        return Score(value, tuple(faults), {})


def instances(name: str, data: Json) -> Iterator[Instance]:
    """Every objective of a file that has an optimum."""
    if "instances" not in data:
        for result in data["results"]:
            if result["status"] == "OPTIMAL":
                yield _listed(name, data, result).instance
        return
    peaks = iter(PEAKS)
    for number, one in enumerate(data["instances"]):
        periods, days = one["periods_per_day"], one["days"]
        required = one["required"] if isinstance(one["required"], list) else demand(days, periods, next(peaks))
        kinds = [
            Kind(f"{start}+{hours * periods // 24}", start, hours * periods // 24)
            for hours in one["shift_lengths_h"]
            for start in range(0, periods, one["start_step_periods"])
        ]
        for objective, differences in (("differences", True), ("shifts", False)):
            yield Counts(f"{name}_{number + 1}_{objective}", required, kinds, differences).instance


def _listed(name: str, data: Json, result: Json) -> Counts:
    """One objective of the small file, whose shifts are given period by period."""
    kinds = []
    for id_, covers in data["shifts"].items():
        start = next(p for p in range(len(covers)) if covers[p] and not covers[p - 1])
        cost = result.get("costs", {}).get(id_, 1)
        kinds.append(Kind(id_, start, sum(covers), cost, result["max_per_shift"]))
    short = result["objective"].replace("min ", "").split(",")[0].replace(" ", "_").replace("|", "")
    differences = "required" in result["objective"]
    return Counts(f"{name}_{short}", data["required"], kinds, differences, result["max_period"])


def demand(days: int, periods: int, peak: int) -> list[list[int]]:
    """The formula of the file, drawn with its seed."""
    draw = random.Random(1)
    rows = []
    for day in range(days):
        row = []
        for period in range(periods):
            hour = period * 24 / periods
            base = 0.1 + math.exp(-(((hour - 11) / 2.5) ** 2)) + 0.8 * math.exp(-(((hour - 15.5) / 2.5) ** 2))
            base += 0.35 * math.exp(-(((hour - 19.5) / 2) ** 2))
            weekend = 0.6 if day % 7 >= 5 else 1
            row.append(max(1, round(peak * base * weekend * (1 + 0.08 * draw.gauss(0, 1)))))
        rows.append(row)
    return rows

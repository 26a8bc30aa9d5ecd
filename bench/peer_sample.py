"""The shift scheduling sample of OR-Tools: eight people, three weeks, morning, afternoon, night or off.

Each kind of shift has its own interval of the day, so one planning group carries the cover; the sample's excess is a
price of agents too many by the clock. The sample charges runs that touch the edges of its weeks like any other, Stint
lets them pass. So a shift before the period and one on a day after it, which means nothing else, close those runs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, pairwise

from bench.family import Instance, Json, Score

MONDAY = date(2026, 11, 30)
MISSING = 1000
AFTER = "after"
OFF = 0


def instances(name: str, data: Json) -> Iterator[Instance]:
    """The sample."""
    problem = Problem(data)
    yield Instance(name, problem.request(name), problem.score, problem.bound)


@dataclass(frozen=True)
class Limits:
    """A row of the sample: hard and soft limits with the prices of a unit."""

    shift: int
    least: int
    wanted_least: int
    under: int
    wanted_most: int
    most: int
    over: int


@dataclass(frozen=True)
class Problem:
    """The sample's data; shift 0 is a day off."""

    data: Json

    @property
    def days(self) -> int:
        return 7 * int(self.data["weeks"])

    @property
    def shifts(self) -> list[str]:
        return list(self.data["shifts"])

    def request(self, name: str) -> Json:
        """The sample as a request."""
        data = self.data
        return {
            "name": name,
            "time_zone": "UTC",
            "planning_period": {"start_date": MONDAY.isoformat(), "days": self.days + 1},
            "interval_minutes": 60,
            "planning_groups": [
                {
                    "id": "work",
                    "understaffing_cost_per_hour": MISSING,
                    "overstaffing_cost_per_hour": 0,
                    "prices": [
                        {"side": "overstaffing", "cost_per_hour": cost, "from": f"0{n}:00", "to": f"0{n + 1}:00"}
                        for n, cost in enumerate(data["excess_penalty"])
                    ],
                }
            ],
            "requirements": [
                {
                    "planning_group_id": "work",
                    "start": f"{self._date(day)}T00:00",
                    "required": data["daily_minimum"]["values"][day % 7],
                }
                for day in range(self.days)
            ],
            "work_plans": [{"id": "plan", "shifts": [*self._shifts(), self._after()], "rules": self._rules()}],
            "agents": [self._agent(number) for number in range(data["employees"])],
        }

    def _shifts(self) -> Iterator[Json]:
        for n, shift in enumerate(self.shifts[1:]):
            yield {
                "id": shift,
                "start": {"earliest": f"0{n}:00", "latest": f"0{n}:00"},
                "length_minutes": {"min": 60, "max": 60},
            }

    def _after(self) -> Json:
        """What closes the runs on the day after the weeks: off queue, in an interval of its own."""
        return {
            "id": AFTER,
            "start": {"earliest": "12:00", "latest": "12:00"},
            "length_minutes": {"min": 120, "max": 120},
            "activities": [
                {"id": "rest", "category": "off_queue", "minutes": 60, "paid": True, "after_shift_start": {"min": 60}}
            ],
        }

    def _rules(self) -> list[Json]:
        rules: list[Json] = []
        for row in self._rows("sequence_rules"):
            kind = {"kind": "consecutive_days_off"} if row.shift == OFF else self._named("consecutive_shifts", row)
            rules += _both(kind, row.least, row.wanted_least, row.under, row.wanted_most, row.most, row.over)
        for row in self._rows("weekly_count_rules"):
            if row.shift == OFF:
                # So many days off are so many fewer worked: least and most change places.
                worked = [7 - n for n in (row.most, row.wanted_most, row.wanted_least, row.least)]
                kind = {"kind": "days_worked", "per": "week"}
                rules += _both(kind, worked[0], worked[1], row.over, worked[2], worked[3], row.under)
            else:
                kind = self._named("shift_count", row) | {"per": "week"}
                rules += _both(kind, row.least, row.wanted_least, row.under, row.wanted_most, row.most, row.over)
        for one, other, cost in self.data["transitions"]["values"]:
            succession = {
                "after": {"shift_ids": [self.shifts[one]]},
                "forbidden": {"shift_ids": [self.shifts[other]]},
            }
            rule = {"kind": "forbidden_successions", "successions": [succession]}
            rules.append(rule | ({"cost": cost} if cost else {}))
        return rules

    def _named(self, kind: str, row: Limits) -> Json:
        return {"kind": kind, "shift_ids": [self.shifts[row.shift]]}

    def _rows(self, name: str) -> list[Limits]:
        return [Limits(*row) for row in self.data[name]["values"]]

    def _agent(self, number: int) -> Json:
        fixed = {day: shift for employee, shift, day in self.data["fixed_assignments"]["values"] if employee == number}
        wishes = []
        for employee, shift, day, weight in self.data["requests"]["values"]:
            if employee == number:
                liked = (weight < 0) != (shift == OFF)  # wanting a day off is not wanting any shift
                named = [] if shift == OFF else [self.shifts[shift]]
                wishes.append(
                    {
                        "kind": "prefer" if liked else "avoid",
                        "start": f"{self._date(day)}T00:00",
                        "end": f"{self._date(day + 1)}T00:00",
                        "shift_ids": named,
                        "cost": abs(weight),
                    }
                )
        before = {"start": f"{self._date(-1)}T12:00", "end": f"{self._date(-1)}T14:00", "work_plan_shift_id": AFTER}
        return {
            "id": f"e{number}",
            "work_plan_id": "plan",
            "work_plan_shift_ids": self.shifts[1:],
            "time_off": [
                {"start": f"{self._date(day)}T00:00", "end": f"{self._date(day + 1)}T00:00"}
                for day, shift in fixed.items()
                if shift == OFF
            ],
            "pinned_shifts": [self._pinned(day, shift) for day, shift in fixed.items() if shift != OFF]
            + [self._pin_after()],
            "preferences": wishes,
            "history": {
                "shifts": [before],
                "consecutive_days_worked": 1,
                "last_shift_end": f"{self._date(-1)}T14:00",
            },
        }

    def _pinned(self, day: int, shift: int) -> Json:
        return {
            "work_plan_shift_id": self.shifts[shift],
            "start": f"{self._date(day)}T{shift - 1:02d}:00",
            "end": f"{self._date(day)}T{shift:02d}:00",
        }

    def _pin_after(self) -> Json:
        start, end = (f"{self._date(self.days)}T{hour}:00" for hour in (12, 14))
        return {
            "work_plan_shift_id": AFTER,
            "start": start,
            "end": end,
            "activities": [{"category": "off_queue", "id": "rest", "paid": True, "start": start, "end": end}],
        }

    def _date(self, day: int) -> str:
        return (MONDAY + timedelta(days=day)).isoformat()

    def bound(self, lower_bound: float) -> float:
        """The sample pays for what is granted, Stint charges what is not."""
        return lower_bound + float(sum(weight for *_, weight in self.data["requests"]["values"] if weight < 0))

    def score(self, roster: Json) -> Score:
        """The sample's objective, and every hard limit that is broken."""
        worked = [[OFF] * self.days for _ in range(self.data["employees"])]
        for schedule in roster["schedules"]:
            for shift in schedule["shifts"]:
                day = (date.fromisoformat(shift["date"]) - MONDAY).days
                if day < self.days:
                    worked[int(schedule["agent_id"][1:])][day] = self.shifts.index(shift["work_plan_shift_id"])
        value = 0
        faults: list[str] = []
        for employee, shift, day in self.data["fixed_assignments"]["values"]:
            if worked[employee][day] != shift:
                faults.append(f"Employee {employee} does not work {shift} on day {day}.")
        for employee, shift, day, weight in self.data["requests"]["values"]:
            value += weight if worked[employee][day] == shift else 0
        for number, days in enumerate(worked):
            value += self._own(number, days, faults)
        for day in range(self.days):
            there = Counter(days[day] for days in worked)
            for shift, (needed, excess) in enumerate(
                zip(self.data["daily_minimum"]["values"][day % 7], self.data["excess_penalty"], strict=True), start=1
            ):
                if there[shift] < needed:
                    faults.append(f"Day {day} has {there[shift]} of shift {shift}.")
                value += excess * max(0, there[shift] - needed)
        return Score(value, tuple(faults), {})

    def _own(self, number: int, days: list[int], faults: list[str]) -> int:
        value = 0
        for row in self._rows("sequence_rules"):
            for shift, run in groupby(days):
                if shift == row.shift:
                    value += _charge(row, len(list(run)), f"a run of employee {number}", faults)
        for row in self._rows("weekly_count_rules"):
            for week in range(0, self.days, 7):
                value += _charge(row, days[week : week + 7].count(row.shift), f"a week of employee {number}", faults)
        for one, other, cost in self.data["transitions"]["values"]:
            times = sum(pair == (one, other) for pair in pairwise(days))
            value += cost * times
            if times and not cost:
                faults.append(f"Employee {number} works {other} after {one}.")
        return value


def _both(
    kind: Json, least: int, wanted_least: int, under: int, wanted_most: int, most: int, over: int
) -> Iterator[Json]:
    """The hard limits as a rule, and the softer ones as two with a price."""
    yield kind | ({"min": least} if least else {}) | {"max": most}
    if wanted_least > least and under:
        yield kind | {"min": wanted_least, "cost": under}
    if wanted_most < most and over:
        yield kind | {"max": wanted_most, "cost": over}


def _charge(row: Limits, number: int, where: str, faults: list[str]) -> int:
    if not row.least <= number <= row.most:
        faults.append(f"{number} of shift {row.shift} in {where}.")
    return row.under * max(0, row.wanted_least - number) + row.over * max(0, number - row.wanted_most)

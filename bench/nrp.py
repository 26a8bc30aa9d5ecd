"""Published nurse rostering instances (Curtois & Qu 2014): at most one shift a day, cover by day and kind of shift.

How an instance becomes a request: kind number `k` starts `k` intervals past midnight, is on queue in its first interval
and off queue, paid, for the rest. So each interval of the day tells of one kind, and one planning group carries the
cover of them all. Maximum numbers of zero become the agent's own list of shifts, all other limits are rules.

The value is the family's own: weights of missing and extra staff and of requests not met.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

from bench.family import Instance, Score, data_files, sections

Json = dict[str, Any]

MONDAY = date(2026, 11, 30)  # every instance starts on a Monday
KINDS_OF_AN_HOUR = 10
"""With more kinds than this, they start every quarter of an hour and not every hour, so that all end on their day."""


def instances(paths: list[Path]) -> Iterator[Instance]:
    """The instance in each file."""
    for path in data_files("nrp", paths, "*.txt"):
        problem = Problem.read(path.read_text(encoding="utf-8"))
        yield Instance(path.stem, problem.request(path.stem), problem.score)


@dataclass(frozen=True)
class Kind:
    """A kind of shift: minutes, and the kinds that may not follow it on the next day."""

    id: str
    minutes: int
    not_before: frozenset[str]


@dataclass(frozen=True)
class Nurse:
    """A person's limits."""

    id: str
    most_of: dict[str, int]
    most_minutes: int
    least_minutes: int
    most_in_a_row: int
    least_in_a_row: int
    least_off_in_a_row: int
    most_weekends: int


@dataclass
class Problem:
    """An instance as the file has it."""

    days: int = 0
    kinds: dict[str, Kind] = field(default_factory=dict)
    nurses: dict[str, Nurse] = field(default_factory=dict)
    days_off: dict[str, set[int]] = field(default_factory=dict)
    wanted: list[tuple[str, int, str, int]] = field(default_factory=list)  # nurse, day, kind, weight
    unwanted: list[tuple[str, int, str, int]] = field(default_factory=list)
    cover: dict[tuple[int, str], tuple[int, int, int]] = field(default_factory=dict)  # number, missing, extra

    @classmethod
    def read(cls, text: str) -> Problem:
        """Reads the family's text format."""
        problem = cls()
        for section, fields in sections(text):
            problem._take(section, fields)
        return problem

    def _take(self, section: str, fields: list[str]) -> None:
        if section == "HORIZON":
            self.days = int(fields[0])
        elif section == "SHIFTS":
            kind = Kind(fields[0], int(fields[1]), frozenset(filter(None, fields[2].split("|"))))
            self.kinds[kind.id] = kind
        elif section == "STAFF":
            limits = {name: int(most) for name, most in (part.split("=") for part in fields[1].split("|"))}
            self.nurses[fields[0]] = Nurse(fields[0], limits, *(int(value) for value in fields[2:8]))
        elif section == "DAYS_OFF":
            self.days_off[fields[0]] = {int(day) for day in fields[1:]}
        elif section in ("SHIFT_ON_REQUESTS", "SHIFT_OFF_REQUESTS"):
            requests = self.wanted if section == "SHIFT_ON_REQUESTS" else self.unwanted
            requests.append((fields[0], int(fields[1]), fields[2], int(fields[3])))
        elif section == "COVER":
            day, number, missing, extra = (int(fields[place]) for place in (0, 2, 3, 4))
            self.cover[day, fields[1]] = number, missing, extra
        else:
            raise ValueError(f"There is no section {section!r} in this family.")

    @property
    def step(self) -> int:
        return 60 if len(self.kinds) <= KINDS_OF_AN_HOUR else 15

    def clock(self, kind: str) -> str:
        minutes = list(self.kinds).index(kind) * self.step
        return f"{minutes // 60:02d}:{minutes % 60:02d}"

    def request(self, name: str) -> Json:
        """The instance as a request."""
        weights = {(missing, extra) for _, missing, extra in self.cover.values()}
        if len(weights) != 1:
            raise ValueError(f"{name} has cover of several weights, which this adapter does not know.")
        missing, extra = weights.pop()
        plans: dict[str, str] = {}
        agents = []
        for nurse in self.nurses.values():
            plan = plans.setdefault(str(self._rules(nurse)), f"plan{len(plans) + 1}")
            agents.append(self._agent(nurse, plan))
        rules = {plans[str(self._rules(nurse))]: self._rules(nurse) for nurse in self.nurses.values()}
        return {
            "name": name,
            "time_zone": "UTC",
            "planning_period": {"start_date": MONDAY.isoformat(), "days": self.days},
            "interval_minutes": self.step,
            "planning_groups": [
                {
                    "id": "ward",
                    "understaffing_cost_per_hour": missing * 60 / self.step,
                    "overstaffing_cost_per_hour": extra * 60 / self.step,
                }
            ],
            "requirements": [
                {
                    "planning_group_id": "ward",
                    "start": f"{self._date(day)}T00:00",
                    "required": [self.cover.get((day, kind), (0, 0, 0))[0] for kind in self.kinds],
                }
                for day in range(self.days)
            ],
            "work_plans": [
                {"id": plan, "shifts": [self._shift(kind) for kind in self.kinds.values()], "rules": own}
                for plan, own in rules.items()
            ],
            "agents": agents,
        }

    def _shift(self, kind: Kind) -> Json:
        clock = self.clock(kind.id)
        rest = kind.minutes - self.step
        return {
            "id": kind.id,
            "start": {"earliest": clock, "latest": clock},
            "length_minutes": {"min": kind.minutes, "max": kind.minutes},
            "activities": [
                {
                    "id": "rest",
                    "category": "off_queue",
                    "minutes": rest,
                    "paid": True,
                    "after_shift_start": {"min": self.step, "max": self.step},
                }
            ],
        }

    def _rules(self, nurse: Nurse) -> list[Json]:
        rules: list[Json] = [
            {"kind": "paid_minutes", "per": "period", "min": nurse.least_minutes, "max": nurse.most_minutes},
            {"kind": "consecutive_days", "min": nurse.least_in_a_row, "max": nurse.most_in_a_row},
            {"kind": "consecutive_days_off", "min": nurse.least_off_in_a_row},
            {"kind": "weekends_worked", "max": nurse.most_weekends},
        ]
        rules += [
            {"kind": "shift_count", "shift_ids": [kind], "per": "period", "max": most}
            for kind, most in nurse.most_of.items()
            if 0 < most < self.days
        ]
        after = [kind for kind in self.kinds.values() if kind.not_before]
        if after:
            successions = [
                {"after": {"shift_ids": [kind.id]}, "forbidden": {"shift_ids": sorted(kind.not_before)}}
                for kind in after
            ]
            rules.append({"kind": "forbidden_successions", "successions": successions})
        return rules

    def _agent(self, nurse: Nurse, plan: str) -> Json:
        wishes = [("prefer", *wish[1:]) for wish in self.wanted if wish[0] == nurse.id]
        wishes += [("avoid", *wish[1:]) for wish in self.unwanted if wish[0] == nurse.id]
        return {
            "id": nurse.id,
            "work_plan_id": plan,
            "work_plan_shift_ids": [kind for kind in self.kinds if nurse.most_of.get(kind, 0) > 0],
            "time_off": [
                {"start": f"{self._date(day)}T00:00", "end": f"{self._date(day + 1)}T00:00"}
                for day in sorted(self.days_off.get(nurse.id, ()))
            ],
            "preferences": [
                {
                    "kind": wish,
                    "start": f"{self._date(day)}T00:00",
                    "end": f"{self._date(day + 1)}T00:00",
                    "shift_ids": [kind],
                    "cost": weight,
                }
                for wish, day, kind, weight in wishes
            ],
        }

    def _date(self, day: int) -> str:
        return (MONDAY + timedelta(days=day)).isoformat()

    def score(self, roster: Json) -> Score:
        """The family's value of the roster's shifts, and every limit that they break."""
        worked: dict[str, list[str | None]] = {nurse: [None] * self.days for nurse in self.nurses}
        faults: list[str] = []
        for schedule in roster["schedules"]:
            for shift in schedule["shifts"]:
                day = (date.fromisoformat(shift["date"]) - MONDAY).days
                if worked[schedule["agent_id"]][day] is not None:
                    faults.append(f"{schedule['agent_id']} works twice on day {day}.")
                worked[schedule["agent_id"]][day] = shift["work_plan_shift_id"]
        for nurse in self.nurses.values():
            faults += self._broken(nurse, worked[nurse.id])
        cover = Counter((day, kind) for days in worked.values() for day, kind in enumerate(days) if kind)
        value = 0
        for place, (number, missing, extra) in self.cover.items():
            value += missing * max(0, number - cover[place]) + extra * max(0, cover[place] - number)
        value += sum(weight for nurse, day, kind, weight in self.wanted if worked[nurse][day] != kind)
        value += sum(weight for nurse, day, kind, weight in self.unwanted if worked[nurse][day] == kind)
        return Score(value, tuple(faults), {})

    def _broken(self, nurse: Nurse, days: list[str | None]) -> Iterator[str]:
        counts = Counter(kind for kind in days if kind)
        for kind, number in counts.items():
            if number > nurse.most_of.get(kind, 0):
                yield f"{nurse.id} works {number} shifts {kind}."
        minutes = sum(self.kinds[kind].minutes * number for kind, number in counts.items())
        if not nurse.least_minutes <= minutes <= nurse.most_minutes:
            yield f"{nurse.id} works {minutes} minutes."
        for day, (one, other) in enumerate(pairwise(days)):
            if one and other and other in self.kinds[one].not_before:
                yield f"{nurse.id} works {other} on day {day + 1}, after {one}."
        day = 0
        for works, run in groupby(days, key=bool):
            length = len(list(run))
            inside = day > 0 and day + length < self.days
            day += length
            least = nurse.least_in_a_row if works else nurse.least_off_in_a_row
            if (inside and length < least) or (works and length > nurse.most_in_a_row):
                yield f"{nurse.id} has a run of {length} days {'worked' if works else 'off'} up to day {day - 1}."
        weekends = sum(any(days[saturday : saturday + 2]) for saturday in range(5, self.days, 7))
        if weekends > nurse.most_weekends:
            yield f"{nurse.id} works on {weekends} weekends."
        if any(days[day] for day in self.days_off.get(nurse.id, ())):
            yield f"{nurse.id} works on a day off."

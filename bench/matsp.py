"""Published retail rosters (Curtois, multi-activity multi-day shift scheduling): tasks by the quarter-hour.

How an instance becomes a request: tasks are planning groups, and `minimum_stint_minutes` is 60. The minimum of the
cover, which is hard there, is the requirement, its understaffing dear; the square of the excess is a row of prices,
each for one agent more. Days run from midnight, so the horizon, which begins and ends at 06:00, is one day longer here,
and everybody has time off before and after it.

The value is the family's own: the sum over tasks and quarter-hours of the squared excess. A roster that misses a
minimum is refused.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

from bench.family import Instance, Score, data_files, sections

Json = dict[str, Any]

STEP = 15
FIRST_DAY = date(2026, 11, 30)
OPENS = 6 * 60
"""Minutes past midnight at which the horizon begins on its first day, and ends on the day after its last."""

STARTS = {
    "midnight": ("00:00", "00:00"),
    "morning": ("06:00", "10:00"),
    "afternoon": ("14:00", "18:00"),
    "night": ("20:00", "23:45"),
}
SHORTEST, LONGEST = 360, 600
REST, MOST_DAYS_IN_A_ROW, STINT = 840, 5, 60

MISSING_AN_HOUR = 4000
"""Price of a missing agent: a quarter-hour costs as much as an excess of 31 agents in one."""

DEEPEST_PRICED = 30
"""Excess up to which every agent more has its own price; beyond, the last one holds."""


def instances(paths: list[Path]) -> Iterator[Instance]:
    """The instance in each file."""
    for path in data_files("matsp", paths, "*.txt"):
        problem = Problem.read(path.read_text(encoding="utf-8"))
        yield Instance(path.stem, problem.request(path.stem), problem.score, problem.bound)


@dataclass(frozen=True)
class Worker:
    """A person's limits on the whole horizon."""

    id: str
    least_minutes: int
    most_minutes: int


@dataclass
class Problem:
    """An instance as the file has it; slots are quarter-hours from 06:00 on the first day."""

    days: int = 0
    tasks: int = 0
    workers: dict[str, Worker] = field(default_factory=dict)
    least: dict[tuple[int, int], int] = field(default_factory=dict)  # task, slot
    most: dict[tuple[int, int], int] = field(default_factory=dict)

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
        elif section == "TASKS":
            self.tasks = int(fields[0])
        elif section == "STAFF":
            self.workers[fields[0]] = Worker(fields[0], int(fields[1]), int(fields[2]))
        elif section == "COVER":
            day, task, least, most = (int(fields[place]) for place in (0, 2, 3, 4))
            first, last = (minutes_of(clock) for clock in fields[1].split("-"))
            if last <= first:
                last += 24 * 60
            # What is no whole quarter-hour is rounded inward.
            for minute in range(-(-first // STEP) * STEP, last // STEP * STEP, STEP):
                place = task, ((day - 1) * 24 * 60 + minute - OPENS) // STEP
                self.least[place] = self.least.get(place, 0) + least
                self.most[place] = self.most.get(place, 0) + most
        else:
            raise ValueError(f"There is no section {section!r} in this family.")

    @property
    def slots(self) -> int:
        return self.days * 24 * 60 // STEP

    def request(self, name: str) -> Json:
        """The instance as a request."""
        if self.least != self.most:
            raise ValueError(f"{name} has cover whose minimum and maximum differ, which this adapter does not know.")
        end = self._moment(self.slots)
        limits = dict.fromkeys((worker.least_minutes, worker.most_minutes) for worker in self.workers.values())
        plans = {(least, most): f"{least}-{most}" for least, most in limits}
        return {
            "name": name,
            "time_zone": "UTC",
            "planning_period": {"start_date": FIRST_DAY.isoformat(), "days": self.days + 1},
            "interval_minutes": STEP,
            "planning_groups": [self._group(task) for task in self._tasks],
            "requirements": [
                {
                    "planning_group_id": f"task{task}",
                    "start": self._moment(0),
                    "required": [self.least.get((task, slot), 0) for slot in range(self.slots)],
                }
                for task in self._tasks
            ],
            "work_plans": [
                {"id": plan, "shifts": _shifts(), "rules": _rules(least, most)} for (least, most), plan in plans.items()
            ],
            "agents": [
                {
                    "id": worker.id,
                    "work_plan_id": plans[worker.least_minutes, worker.most_minutes],
                    "time_off": [
                        {"start": f"{FIRST_DAY}T00:00", "end": self._moment(0)},
                        {"start": end, "end": (datetime.fromisoformat(end) + timedelta(days=3)).isoformat()[:16]},
                    ],
                }
                for worker in self.workers.values()
            ],
            "options": {"minimum_stint_minutes": STINT},
        }

    @property
    def _tasks(self) -> range:
        return range(1, self.tasks + 1)

    def _group(self, task: int) -> Json:
        an_hour = 60 // STEP
        return {
            "id": f"task{task}",
            "understaffing_cost_per_hour": MISSING_AN_HOUR,
            "overstaffing_cost_per_hour": an_hour,
            # The square of one more than `excess` is 2 * excess + 1 more than the square of it.
            "prices": [
                {"side": "overstaffing", "beyond": excess, "cost_per_hour": (2 * excess + 1) * an_hour}
                for excess in range(1, DEEPEST_PRICED)
            ],
        }

    def _moment(self, slot: int) -> str:
        minutes = slot * STEP + OPENS
        return (datetime.combine(FIRST_DAY, datetime.min.time()) + timedelta(minutes=minutes)).isoformat()[:16]

    def bound(self, lower_bound: float) -> float:
        """The cost bounds the value: both are the squared excess where every minimum is met, and a whole number."""
        return float(-(-round(lower_bound * 10_000) // 10_000))

    def score(self, roster: Json) -> Score:
        """The family's value of the roster, and every rule that it breaks."""
        faults: list[str] = []
        cover: dict[tuple[int, int], int] = defaultdict(int)
        for schedule in roster["schedules"]:
            worker = self.workers[schedule["agent_id"]]
            shifts = sorted((self._stretch(shift), shift) for shift in schedule["shifts"])
            faults += _broken(worker, [stretch for stretch, _ in shifts], self.slots)
            for (start, end), shift in shifts:
                faults += self._count(worker, start, end, shift["activities"], cover)
        value = missing = 0
        for task in self._tasks:
            for slot in range(self.slots):
                excess = cover[task, slot] - self.least.get((task, slot), 0)
                missing += max(0, -excess)
                value += max(0, cover[task, slot] - self.most.get((task, slot), 0)) ** 2
        if missing:
            faults.append(f"{missing} quarter-hours are short of their minimum.")
        return Score(value, tuple(faults), {"missing": missing, "floor": self.floor})

    @property
    def floor(self) -> int:
        """What arithmetic alone says: everybody's least minutes beyond the cover, spread evenly."""
        excess = sum(worker.least_minutes // STEP for worker in self.workers.values()) - sum(self.least.values())
        each, rest = divmod(max(0, excess), self.slots * self.tasks)
        return rest * (each + 1) ** 2 + (self.slots * self.tasks - rest) * each**2

    def _stretch(self, times: Json) -> tuple[int, int]:
        """Minutes from midnight of the first day."""
        start, end = (datetime.fromisoformat(times[edge]).replace(tzinfo=None) for edge in ("start", "end"))
        midnight = datetime.combine(FIRST_DAY, datetime.min.time())
        return int((start - midnight).total_seconds()) // 60, int((end - midnight).total_seconds()) // 60

    def _count(
        self, worker: Worker, start: int, end: int, activities: Iterable[Json], cover: dict[tuple[int, int], int]
    ) -> Iterator[str]:
        """Adds a shift to the cover, and says what of its stretches is wrong."""
        at = start
        for task, run in groupby(activities, key=lambda activity: activity.get("planning_group_id")):
            stretches = [self._stretch(activity) for activity in run]
            first, last = stretches[0][0], stretches[-1][1]
            if task is None or first != at or any(a[1] != b[0] for a, b in pairwise(stretches)):
                yield f"Worker {worker.id} has a hole in a shift at minute {at}."
            if last - first < STINT:
                yield f"Worker {worker.id} is on {task} for {last - first} minutes from minute {first}."
            for minute in range(first, last, STEP):
                cover[int(str(task).removeprefix("task")), (minute - OPENS) // STEP] += 1
            at = last
        if at != end:
            yield f"Worker {worker.id} has a hole in a shift at minute {at}."


def minutes_of(clock: str) -> int:
    """Minutes past midnight of HH:MM."""
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _shifts() -> list[Json]:
    return [
        {
            "id": name,
            "start": {"earliest": earliest, "latest": latest},
            "length_minutes": {"min": SHORTEST, "max": LONGEST},
        }
        for name, (earliest, latest) in STARTS.items()
    ]


def _rules(least: int, most: int) -> list[Json]:
    return [
        {"kind": "paid_minutes", "per": "period", "min": least, "max": most},
        {"kind": "consecutive_days", "max": MOST_DAYS_IN_A_ROW},
        {"kind": "minimum_rest", "minutes": REST},
    ]


def _broken(worker: Worker, shifts: list[tuple[int, int]], slots: int) -> Iterator[str]:
    """What the shifts of a worker break, given as minutes from midnight of the first day, in order."""
    total = sum(end - start for start, end in shifts)
    if not worker.least_minutes <= total <= worker.most_minutes:
        yield f"Worker {worker.id} works {total} minutes."
    days = [start // 1440 for start, _ in shifts]
    if len(days) != len(set(days)):
        yield f"Worker {worker.id} starts twice on a day."
    run = 0
    for day in range(max(days, default=0) + 1):
        run = run + 1 if day in days else 0
        if run == MOST_DAYS_IN_A_ROW + 1:
            yield f"Worker {worker.id} works more than {MOST_DAYS_IN_A_ROW} days in a row up to day {day}."
    for (_, ended), (start, _) in pairwise(shifts):
        if start - ended < REST:
            yield f"Worker {worker.id} rests {start - ended} minutes."
    for start, end in shifts:
        clock = start % 1440
        if start % STEP or not any(minutes_of(first) <= clock <= minutes_of(last) for first, last in STARTS.values()):
            yield f"Worker {worker.id} starts at minute {clock} of the day."
        if not SHORTEST <= end - start <= LONGEST or (end - start) % STEP:
            yield f"Worker {worker.id} has a shift of {end - start} minutes."
        if start < OPENS or end > OPENS + slots * STEP:
            yield f"Worker {worker.id} works outside of the horizon."

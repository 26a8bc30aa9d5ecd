"""Shift design of a call centre's week with two skills and a break that is part of the shift, down to the tours.

The published files (Bonutti, Ceschia, De Cesco, Musliu, Schaerf 2017) give a requirement for each skill and interval of
a week that repeats, and templates of shifts. Least is the time short and over plus 60 for each kind of shift: a start,
a length and the place of its break. Beyond the family's own cost, agents get tours: two days off together, twelve
hours of rest, no more than two kinds of shifts each; and as few agents are employed as that takes.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from bench.family import Instance, Json, Score, data_files

MONDAY = date(2026, 11, 30)
DAY = 1440
PER_KIND = 60
PER_EXCESS = 100
REST = 720
MOST_KINDS = 2
DAYS_OFF_TOGETHER = 2
PER_AGENT = 0.01
"""What an agent costs in the request: so little that all of them together cost less than a minute short or over."""

ROW = re.compile(r"(\d\d:\d\d) / (\d\d:\d\d) (.+)")
PAIRS = re.compile(r"\((\d+),\s*(\d+)\)")


@dataclass(frozen=True)
class Break:
    """The break of a template in minutes: how long, and how far from the edges of the shift and of the day."""

    minutes: int
    earliest: int | None
    latest: int | None
    after_start: int
    before_end: int


@dataclass(frozen=True)
class Template:
    """A template: from when to when a shift may start, how late it may stop and how long it may be, in minutes."""

    id: str
    start: tuple[int, int]
    latest_stop: int | None
    length: tuple[int, int]
    pause: Break | None

    def allows(self, start: int, length: int, pause: tuple[int, int] | None) -> bool:
        """Whether such a shift is of the template: its start past midnight, its break's start and minutes."""
        if not self.start[0] <= start <= self.start[1] or not self.length[0] <= length <= self.length[1]:
            return False
        if self.latest_stop is not None and start + length > self.latest_stop:
            return False
        if self.pause is None or pause is None:
            return self.pause is None and pause is None
        own = self.pause
        return (
            pause[1] == own.minutes
            and pause[0] >= own.after_start
            and length - pause[0] - pause[1] >= own.before_end
            and (own.earliest is None or start + pause[0] >= own.earliest)
            and (own.latest is None or start + pause[0] <= own.latest)
        )


@dataclass(frozen=True)
class Duty:
    """A shift of a roster: the minute of the period at which it starts, its minutes, its break by start and minutes."""

    start: int
    length: int
    pause: tuple[int, int] | None

    @classmethod
    def read(cls, shift: Json) -> Duty:
        """Reads a shift of a roster; what is not on queue is its break."""
        start, end = _since_monday(shift["start"]), _since_monday(shift["end"])
        away = [a for a in shift["activities"] if a["category"] != "on_queue"]
        spans = [(_since_monday(a["start"]), _since_monday(a["end"])) for a in away]
        pause = (spans[0][0] - start, spans[0][1] - spans[0][0]) if spans else None
        if len(spans) > 1:
            raise ValueError(f"The shift from {shift['start']} has {len(spans)} breaks.")
        return cls(start, end - start, pause)

    @property
    def clock(self) -> int:
        """Minutes past midnight."""
        return self.start % DAY

    @property
    def kind(self) -> tuple[int, int, tuple[int, int] | None]:
        """What makes it a kind of shift of its own."""
        return self.clock, self.length, self.pause

    def minutes_served(self, step: int) -> Iterator[int]:
        """The first minute of each interval on queue."""
        first, last = (self.pause[0], sum(self.pause)) if self.pause else (0, 0)
        return (self.start + at for at in range(0, self.length, step) if not first <= at < last)


@dataclass(frozen=True)
class Centre:
    """An instance in the words of its file."""

    name: str
    step: int
    required: tuple[tuple[int, ...], ...]  # by skill, by interval of the week
    templates: tuple[Template, ...]
    duties: tuple[tuple[int, int], ...]  # by skill, fewest and most a week
    hours: tuple[int, ...]  # by skill, on average a week

    @classmethod
    def read(cls, name: str, text: str) -> Centre:
        """Reads a file: headings with values, a line for each template, a row for each interval of the day.

        The grid of a template is not read: the shifts of the published solutions do not lie on it.
        """
        head = dict(line.split(":", 1) for line in text.splitlines() if re.match(r"[A-Z][^:]*: ", line))
        rows = [found[3].split() for found in map(ROW.match, text.splitlines()) if found]
        number, days = int(head["Skills"]), int(head["Days"])
        cells = [[list(map(int, cell.split("/"))) for cell in row] for row in rows]
        return cls(
            name=name,
            step=int(head["Granularity"]),
            required=tuple(tuple(row[day][skill] for day in range(days) for row in cells) for skill in range(number)),
            templates=tuple(
                _template(line.split()) for line in text.splitlines() if re.match(r"\S+ \S+ \d\d:\d\d \d\d:\d\d ", line)
            ),
            duties=tuple((int(a), int(b)) for a, b in PAIRS.findall(head["Duties Per Week (per Skill)"])),
            hours=tuple(map(int, head["Average Number Of Hours Per Week (per Skill)"].split())),
        )

    def request(self) -> Json:
        """The instance as a request: so many people that they never run out."""
        shortest = min(template.length[0] for template in self.templates) // self.step
        a_day = DAY // self.step
        skills = [f"skill-{number}" for number in range(1, len(self.required) + 1)]
        return {
            "name": self.name,
            "time_zone": "UTC",
            "planning_period": {
                "start_date": MONDAY.isoformat(),
                "days": len(self.required[0]) // a_day,
                "cyclic": True,
            },
            "interval_minutes": self.step,
            "planning_groups": [
                {"id": skill, "understaffing_cost_per_hour": 60, "overstaffing_cost_per_hour": 60} for skill in skills
            ],
            "requirements": [
                {"planning_group_id": skill, "start": f"{MONDAY}T00:00", "required": required}
                for skill, required in zip(skills, self.required, strict=True)
            ],
            "work_plans": [{"id": "week", "shifts": [_shift(t) for t in _by_day(self)], "rules": RULES}],
            "roster_rules": [{"kind": "shift_kinds", "cost": PER_KIND, "tell_breaks_apart": True}],
            "agents": [
                {
                    "id": f"agent-{skill}",
                    "count": _people(required, a_day, shortest),
                    "work_plan_id": "week",
                    "skills": [{"planning_group_id": skill}],
                }
                for skill, required in zip(skills, self.required, strict=True)
            ],
        }

    def score(self, roster: Json) -> Score:
        """Minutes short and over, kinds of shifts, and how far the mean length of duties lies outside its limits."""
        there = [[0] * len(required) for required in self.required]
        kinds, faults = set(), []
        lengths: dict[int, list[int]] = defaultdict(list)
        agents = [0] * len(self.required)
        for schedule in roster["schedules"]:
            skill = int(schedule["agent_id"].split("-")[2]) - 1
            tour = [Duty.read(shift) for shift in schedule["shifts"]]
            agents[skill] += bool(tour)
            faults += [f"{schedule['agent_id']} {fault}." for fault in self._faults_of(tour)]
            for worked in tour:
                kinds.add(worked.kind)
                lengths[skill].append(worked.length)
                if not self._allows(worked):
                    faults.append(f"No template has {worked}.")
                for minute in worked.minutes_served(self.step):
                    there[skill][minute // self.step % len(there[skill])] += 1
        nets = [
            heads - need
            for required, own in zip(self.required, there, strict=True)
            for need, heads in zip(required, own, strict=True)
        ]
        short = sum(max(0, -net) for net in nets) * self.step
        over = sum(max(0, net) for net in nets) * self.step
        excess = round(sum(self._excess(skill, own) for skill, own in lengths.items()), 2)
        figures = {
            "short_minutes": short,
            "over_minutes": over,
            "kinds": len(kinds),
            "excess": excess,
            "shifts": sum(map(len, lengths.values())),
            "agents": agents,
        }
        return Score(short + over + PER_KIND * len(kinds) + PER_EXCESS * excess, tuple(faults), figures)

    def _faults_of(self, tour: list[Duty]) -> Iterator[str]:
        """What an agent's week breaks when it is worked again and again."""
        if not tour:
            return
        week = len(self.required[0]) * self.step
        tour = sorted(tour, key=lambda duty: duty.start)
        again = [*tour[1:], replace(tour[0], start=tour[0].start + week)]
        rest = min(after.start - before.start - before.length for before, after in pairwise([tour[0], *again]))
        if rest < REST:
            yield f"rests {rest} minutes"
        works = {duty.start // DAY for duty in tour}
        days = week // DAY
        if len(works) < len(tour):
            yield "starts twice on a day"
        if not any({day, (day + 1) % days}.isdisjoint(works) for day in range(days)):
            yield "has no two days off together"
        if len({duty.kind[:2] for duty in tour}) > MOST_KINDS:
            yield f"works more than {MOST_KINDS} different shifts"

    def _allows(self, worked: Duty) -> bool:
        """Whether a template has the duty; one that begins at 00:00 may be the template's 24:00."""
        starts = (worked.clock, worked.clock + DAY)
        return not (worked.clock % self.step or worked.length % self.step) and any(
            template.allows(start, worked.length, worked.pause) for template in self.templates for start in starts
        )

    def _excess(self, skill: int, lengths: list[int]) -> float:
        """Duties a week of an agent with the average hours, outside of the fewest and the most."""
        duties = 60 * self.hours[skill] * len(lengths) / sum(lengths)
        fewest, most = self.duties[skill]
        return max(0.0, fewest - duties, duties - most)

    def bound(self, lower_bound: float) -> float:
        """The family's cost is whole, and agents cost less than one in all: so it is no less than this."""
        return math.ceil(lower_bound - 1 + 1e-6)


RULES: list[Json] = [
    {"kind": "free_day_patterns", "together": DAYS_OFF_TOGETHER, "across_weeks": True},
    {"kind": "minimum_rest", "minutes": REST},
    {"kind": "different_shifts", "per": "week", "max": MOST_KINDS},
    {"kind": "employment", "cost": PER_AGENT},
]


def _people(required: tuple[int, ...], a_day: int, shortest: int) -> int:
    days = [required[at : at + a_day] for at in range(0, len(required), a_day)]
    return max(max(day) + math.ceil(sum(day) / shortest) for day in days)


def _by_day(centre: Centre) -> Iterator[Template]:
    """The templates so that every shift starts on its own day: what starts from 24:00 on is of the next one."""
    for template in centre.templates:
        first, last = template.start
        if first < DAY:
            yield replace(template, start=(first, min(last, DAY - centre.step)))
        if last >= DAY:
            stop = None if template.latest_stop is None else template.latest_stop - DAY
            own = template.pause
            pause = own and replace(own, earliest=_a_day_less(own.earliest), latest=_a_day_less(own.latest))
            start = max(0, first - DAY), last - DAY
            yield replace(template, id=f"{template.id}-0", start=start, latest_stop=stop, pause=pause)


def _a_day_less(minute: int | None) -> int | None:
    return None if minute is None else max(0, minute - DAY)


def _shift(template: Template) -> Json:
    earliest, latest = map(_clock, template.start)
    least, most = template.length
    shift: Json = {
        "id": template.id,
        "start": {"earliest": earliest, "latest": latest},
        "length_minutes": {"min": least, "max": most},
    }
    if template.latest_stop is not None:
        shift["stop"] = {"latest": _clock(template.latest_stop)}
    own = template.pause
    if own is not None:
        pause: Json = {
            "id": "break",
            "category": "break",
            "minutes": own.minutes,
            "paid": False,
            "after_shift_start": {"min": own.after_start},
            "before_shift_end": {"min": own.before_end},
        }
        if own.earliest is not None or own.latest is not None:
            pause["clock"] = {"earliest": _clock(own.earliest or 0), "latest": _clock(own.latest or 2 * DAY)}
        shift["activities"] = [pause]
    return shift


def _since_monday(moment: str) -> int:
    """Minutes since the period began."""
    local = datetime.fromisoformat(moment).replace(tzinfo=None)
    return (local - datetime.combine(MONDAY, datetime.min.time())) // timedelta(minutes=1)


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _minute(clock: str) -> int | None:
    return None if clock == "*" else 60 * int(clock[:2]) + int(clock[3:])


def _template(words: list[str]) -> Template:
    short, _, first, last, stop, least, most, _, *rest, days = words
    if days != "*":
        raise ValueError(f"Template {short} is for some days alone, {days}, which is not read.")
    pause = None
    if rest[0] == "Break":
        minutes, earliest, latest, after, before = rest[1:6]
        pause = Break(int(minutes), _minute(earliest), _minute(latest), int(after), int(before))
    return Template(short, (_minute(first) or 0, _minute(last) or 0), _minute(stop), (int(least), int(most)), pause)


def instances(paths: list[Path]) -> Iterator[Instance]:
    """Every instance of files and folders, named by its file; published solutions are left out."""
    for path in data_files("multiskill_shift_design", paths, "*.txt"):
        if not path.stem.endswith("-opt"):
            centre = Centre.read(path.stem, path.read_text(encoding="utf-8"))
            yield Instance(centre.name, centre.request(), centre.score, centre.bound)

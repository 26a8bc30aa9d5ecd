"""Shift design of a cyclic week, nobody having a name: how often each shift starts on each day, out of few kinds.

The published files (Di Gaspero, Gärtner, Kortsarz, Musliu, Schaerf, Slany 2007) give a requirement for each interval of
a week that repeats and templates of shifts. Least is the weighted time short and over plus a price of each kind used.
"""

from __future__ import annotations

import math
import re
import tarfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from bench.family import Instance, Json, Score, data_files

MONDAY = date(2026, 11, 30)
TEMPLATE = re.compile(r"(\S+)\s.*?(\d+):(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+\*")
DAY = 1440


@dataclass(frozen=True)
class Template:
    """A template: minutes past midnight of the start and minutes of the length, each from, up to."""

    id: str
    start: tuple[int, int]
    length: tuple[int, int]


@dataclass(frozen=True)
class Design:
    """An instance in the words of its file."""

    name: str
    step: int
    required: tuple[int, ...]  # by interval of the week
    templates: tuple[Template, ...]
    under: int  # a minute
    over: int
    per_kind: int

    @classmethod
    def read(cls, name: str, text: str) -> Design:
        """Reads a file: headings that begin with #, then values."""
        values: dict[str, list[str]] = {}
        heading = ""
        for line in (line.strip() for line in text.splitlines()):
            if line.startswith("#"):
                heading = line.strip("#: ").split(",")[0]
            elif line:
                values.setdefault(heading, []).append(line)
        if values["DaysPerCycle"] != ["7"] or values["FlagCyclical: yes or no"] != ["yes"]:
            raise ValueError(f"{name} is no cyclic week.")
        return cls(
            name=name,
            step=int(values["MinuteInterval"][0]),
            required=tuple(map(int, values["Requirements"][0].split())),
            templates=tuple(map(_template, values["Abbr"])),
            under=int(values["UnderCover"][0]),
            over=int(values["Overcover"][0]),
            per_kind=int(values["Shifts"][0]),
        )

    def request(self) -> Json:
        """The instance as a request: so many people that they never run out where nobody is too many."""
        shortest = min(template.length[0] for template in self.templates) // self.step
        a_day = DAY // self.step
        days = [self.required[at : at + a_day] for at in range(0, len(self.required), a_day)]
        people = max(max(day) + math.ceil(sum(day) / shortest) for day in days)
        return {
            "name": self.name,
            "time_zone": "UTC",
            "planning_period": {"start_date": MONDAY.isoformat(), "days": len(days), "cyclic": True},
            "interval_minutes": self.step,
            "planning_groups": [
                {
                    "id": "work",
                    "understaffing_cost_per_hour": 60 * self.under,
                    "overstaffing_cost_per_hour": 60 * self.over,
                }
            ],
            "requirements": [{"planning_group_id": "work", "start": f"{MONDAY}T00:00", "required": self.required}],
            "work_plans": [{"id": "any", "shifts": [self._shift(template) for template in self.templates]}],
            "roster_rules": [{"kind": "shift_kinds", "cost": self.per_kind}],
            "agents": [{"id": "person", "count": people, "work_plan_id": "any"}],
        }

    def _shift(self, template: Template) -> Json:
        first, last = (f"{minute // 60:02d}:{minute % 60:02d}" for minute in template.start)
        least, most = template.length
        return {
            "id": template.id,
            "start": {"earliest": first, "latest": last},
            "length_minutes": {"min": least, "max": most},
        }

    def score(self, roster: Json) -> Score:
        """Minutes short and over by their weights, and the kinds of shifts by theirs."""
        there = [0] * len(self.required)
        kinds: Counter[tuple[int, int]] = Counter()
        faults = []
        for schedule in roster["schedules"]:
            for shift in schedule["shifts"]:
                start, end = (datetime.fromisoformat(shift[edge]).replace(tzinfo=None) for edge in ("start", "end"))
                begins = (start - datetime.combine(MONDAY, datetime.min.time())) // timedelta(minutes=1)
                length = (end - start) // timedelta(minutes=1)
                kinds[begins % DAY, length] += 1
                if not self._allows(begins % DAY, length):
                    faults.append(f"No template has a shift from {start} to {end}.")
                for at in range(begins // self.step, (begins + length) // self.step):
                    there[at % len(there)] += 1
        short = sum(max(0, need - heads) for need, heads in zip(self.required, there, strict=True)) * self.step
        over = sum(max(0, heads - need) for need, heads in zip(self.required, there, strict=True)) * self.step
        value = self.under * short + self.over * over + self.per_kind * len(kinds)
        figures = {"short_minutes": short, "over_minutes": over, "kinds": len(kinds), "shifts": sum(kinds.values())}
        return Score(value, tuple(faults), figures)

    def _allows(self, start: int, length: int) -> bool:
        return not (start % self.step or length % self.step) and any(
            template.start[0] <= start <= template.start[1] and template.length[0] <= length <= template.length[1]
            for template in self.templates
        )


def _template(line: str) -> Template:
    found = TEMPLATE.match(line)
    if found is None:
        raise ValueError(f"This is no template of every day: {line}")
    hour, minute, later, earlier, length, longer, shorter = map(int, found.groups()[1:])
    start = 60 * hour + minute
    return Template(found[1], (start - earlier, start + later), (length - shorter, length + longer))


def instances(paths: list[Path]) -> Iterator[Instance]:
    """Every instance of archives, folders and files, named by its set and number."""
    found = sorted(_texts(paths), key=lambda one: [int(part) for part in re.findall(r"\d+", one[0])])
    for name, text in found:
        design = Design.read(name, text)
        yield Instance(name, design.request(), design.score)


def _texts(paths: list[Path]) -> Iterator[tuple[str, str]]:
    spread = [file for path in paths for file in (sorted(path.rglob("*.txt")) if path.is_dir() else [path])]
    for path in data_files("shift_design", spread, "*.tar.xz"):
        if not path.name.endswith(".tar.xz"):
            yield _name(str(path)), path.read_text(encoding="latin-1")
            continue
        with tarfile.open(path) as archive:
            for member in archive:
                file = archive.extractfile(member) if member.name.endswith(".txt") else None
                if file is not None:
                    yield _name(member.name), file.read().decode("latin-1")


def _name(path: str) -> str:
    """Set and number, such as 1-31; a file elsewhere goes by its name."""
    parts = re.search(r"DataSet(\d+).*RandomExample(\d+)\.txt$", path)
    return f"{parts[1]}-{parts[2]}" if parts else Path(path).stem

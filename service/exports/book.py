"""A finished roster with the words of its request: names and clocks, ready to be written in any format."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from schemas.roster import Activity, Roster, Schedule, Shift
from service.exports.reading import members

Json = dict[str, Any]

Source = bytes | Callable[[], Iterable[bytes]]
"""A document: its text, or what gives its text piece by piece, as often as it is asked."""

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A cell that begins so is taken for a formula by spreadsheets."""


@dataclass(frozen=True)
class Book:
    """A roster and what its request calls agents, planning groups and times."""

    name: str
    roster: Roster  # all of it but the schedules, which may be many
    schedules: Callable[[], Iterator[Schedule]]  # each call reads them again
    agents: dict[str, str]
    groups: dict[str, str]
    zones: dict[str, ZoneInfo]
    zone: ZoneInfo
    interval_minutes: int
    currency: str

    @classmethod
    def of(cls, request: Source, roster: Source) -> Book:
        """From the two documents as they are stored; both were checked when they came in."""
        asked: Json = {}
        agents: dict[str, str] = {}
        zones: dict[str, ZoneInfo] = {}
        for name, value in members(_pieces(request), ("agents", "requirements", "work_plans")):
            if name == "agents":
                agents[value["id"]] = value.get("name") or value["id"]
                if value.get("time_zone"):
                    zones[value["id"]] = ZoneInfo(value["time_zone"])
            elif name not in ("requirements", "work_plans"):
                asked[name] = value
        rest = {name: value for name, value in members(_pieces(roster), ("schedules",)) if name != "schedules"}
        return cls(
            name=asked.get("name", ""),
            roster=Roster.model_validate({**rest, "schedules": ()}, strict=False),
            schedules=partial(_schedules, roster),
            agents=agents,
            groups={group["id"]: group.get("name") or group["id"] for group in asked["planning_groups"]},
            zones=zones,
            zone=ZoneInfo(asked["time_zone"]),
            interval_minutes=asked.get("interval_minutes", 15),
            currency=asked.get("currency", "EUR"),
        )

    @staticmethod
    def agents_of(request: Source) -> frozenset[str]:
        """The ids of the agents of a request."""
        found = members(_pieces(request), ("agents", "requirements"))
        return frozenset(value["id"] for name, value in found if name == "agents")

    def only(self, agent_id: str) -> Book | None:
        """The book of one agent, None where the request does not know it."""
        if agent_id not in self.agents:
            return None
        return replace(
            self, schedules=partial(_schedules_of, self.schedules, agent_id), agents={agent_id: self.agents[agent_id]}
        )

    def whole_roster(self) -> Roster:
        """The roster with its schedules."""
        return self.roster.model_copy(update={"schedules": tuple(self.schedules())})

    def shifts(self) -> Iterator[tuple[Schedule, Shift]]:
        """Every shift with the schedule it belongs to."""
        for schedule in self.schedules():
            for shift in schedule.shifts:
                yield schedule, shift

    def local(self, agent_id: str, moment: datetime) -> datetime:
        """The moment on the agent's clock."""
        return moment.astimezone(self.zones.get(agent_id, self.zone))

    def group_name(self, activity: Activity) -> str:
        """What the planning group of an activity is called, nothing where it serves none."""
        return self.groups.get(activity.planning_group_id or "", activity.planning_group_id or "")


def _pieces(source: Source) -> Iterable[bytes]:
    return (source,) if isinstance(source, bytes) else source()


def _schedules(roster: Source) -> Iterator[Schedule]:
    for name, value in members(_pieces(roster), ("schedules",)):
        if name == "schedules":
            yield Schedule.model_validate(value, strict=False)


def _schedules_of(schedules: Callable[[], Iterator[Schedule]], agent_id: str) -> Iterator[Schedule]:
    return (schedule for schedule in schedules() if schedule.agent_id == agent_id)


def harmless(text: str) -> str:
    """Text that a spreadsheet does not take for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def minutes(start: datetime, end: datetime) -> int:
    """Elapsed minutes."""
    return round((end.timestamp() - start.timestamp()) / 60)

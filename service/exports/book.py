"""A finished roster with the words of its request: names and clocks, ready to be written in any format."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from schemas.roster import Activity, Roster, Schedule, Shift

Json = dict[str, Any]

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A cell that begins so is taken for a formula by spreadsheets."""


@dataclass(frozen=True)
class Book:
    """A roster and what its request calls agents, planning groups and times."""

    name: str
    roster: Roster
    agents: dict[str, str]
    groups: dict[str, str]
    zones: dict[str, ZoneInfo]
    zone: ZoneInfo
    interval_minutes: int
    currency: str

    @classmethod
    def of(cls, request: bytes, roster: bytes) -> Book:
        """From the two documents as they are stored; both were checked when they came in."""
        asked: Json = json.loads(request)
        zone = ZoneInfo(asked["time_zone"])
        return cls(
            name=asked.get("name", ""),
            roster=Roster.model_validate_json(roster, strict=False),
            agents={agent["id"]: agent.get("name") or agent["id"] for agent in asked.get("agents", ())},
            groups={group["id"]: group.get("name") or group["id"] for group in asked["planning_groups"]},
            zones={
                agent["id"]: ZoneInfo(agent["time_zone"]) for agent in asked.get("agents", ()) if agent.get("time_zone")
            },
            zone=zone,
            interval_minutes=asked.get("interval_minutes", 15),
            currency=asked.get("currency", "EUR"),
        )

    def only(self, agent_id: str) -> Book | None:
        """The book of one agent, None where the request does not know it."""
        if agent_id not in self.agents:
            return None
        schedules = tuple(schedule for schedule in self.roster.schedules if schedule.agent_id == agent_id)
        roster = self.roster.model_copy(update={"schedules": schedules})
        return replace(self, roster=roster, agents={agent_id: self.agents[agent_id]})

    def shifts(self) -> Iterator[tuple[Schedule, Shift]]:
        """Every shift with the schedule it belongs to."""
        for schedule in self.roster.schedules:
            for shift in schedule.shifts:
                yield schedule, shift

    def local(self, agent_id: str, moment: datetime) -> datetime:
        """The moment on the agent's clock."""
        return moment.astimezone(self.zones.get(agent_id, self.zone))

    def group_name(self, activity: Activity) -> str:
        """What the planning group of an activity is called, nothing where it serves none."""
        return self.groups.get(activity.planning_group_id or "", activity.planning_group_id or "")


def harmless(text: str) -> str:
    """Text that a spreadsheet does not take for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def minutes(start: datetime, end: datetime) -> int:
    """Elapsed minutes."""
    return round((end.timestamp() - start.timestamp()) / 60)

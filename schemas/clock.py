"""Clock times and local date-times, and what instants they are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, GetCoreSchemaHandler, GetJsonSchemaHandler, PlainSerializer, WithJsonSchema
from pydantic_core import CoreSchema, core_schema

LATEST_CLOCK = 48 * 60
_CLOCK = re.compile(r"(\d{2}):([0-5]\d)")
_LOCAL = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?")
_EPOCH = date(1970, 1, 1).toordinal()


def _clock_minutes(value: object) -> int:
    if isinstance(value, str):
        match = _CLOCK.fullmatch(value)
        if match and int(match[1]) * 60 + int(match[2]) <= LATEST_CLOCK:
            return int(match[1]) * 60 + int(match[2])
    raise ValueError("a clock time is HH:MM, from 00:00 to 48:00")


def clock_text(minutes: int) -> str:
    """HH:MM of minutes past midnight."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


ClockTime = Annotated[
    int,
    BeforeValidator(_clock_minutes, json_schema_input_type=str),
    PlainSerializer(clock_text, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^([0-3]\d|4[0-8]):[0-5]\d$", "examples": ["07:00", "26:00"]}),
]
"""Minutes past midnight, written HH:MM; 26:00 is 02:00 on the next day."""


@lru_cache(maxsize=65_536)  # readers ask whether a time exists, and then which it is
def wall_to_utc_minutes(day: date, minutes: int, zone: ZoneInfo) -> tuple[int, bool]:
    """The instant at which the zone's clock shows `minutes` past midnight of the day, in UTC minutes since the epoch.

    A time that exists twice is the first. One that does not exist is the instant at which the clock is changed, and
    the second value is False.
    """
    wall = datetime(day.year, day.month, day.day) + timedelta(minutes=minutes)
    first = wall.replace(tzinfo=zone).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == wall:
        return int(first.timestamp()) // 60, True
    # The clock jumps over this time: look for the first instant after the jump.
    before = int(first.timestamp()) // 60
    shown = first.astimezone(zone).replace(tzinfo=None)
    skipped = int((shown - wall).total_seconds()) // 60
    low = before - skipped
    offset = zone.utcoffset(datetime.fromtimestamp((low - 1) * 60, UTC).astimezone(zone))
    high = before
    while low < high:
        middle = (low + high) // 2
        now = datetime.fromtimestamp(middle * 60, UTC).astimezone(zone).utcoffset()
        if now == offset:
            low = middle + 1
        else:
            high = middle
    return low, False


@dataclass(frozen=True, slots=True)
class LocalDateTime:
    """A date-time as it was written: on the wall clock of whatever zone it belongs to, unless it carries an offset."""

    text: str

    def utc_minute(self, zone: ZoneInfo) -> int:
        """UTC minutes since the epoch; one that exists twice is the first, one that does not exist the clock change."""
        moment = datetime.fromisoformat(self.text)
        if moment.tzinfo is not None:
            return int(moment.timestamp()) // 60
        return wall_to_utc_minutes(moment.date(), moment.hour * 60 + moment.minute, zone)[0]

    def exists(self, zone: ZoneInfo) -> bool:
        """Whether the clock of the zone ever shows it."""
        moment = datetime.fromisoformat(self.text)
        return (
            moment.tzinfo is not None or wall_to_utc_minutes(moment.date(), moment.hour * 60 + moment.minute, zone)[1]
        )

    def __str__(self) -> str:
        return self.text

    @classmethod
    def parse(cls, value: object) -> LocalDateTime:
        if isinstance(value, cls):
            return value
        if not isinstance(value, str) or not _LOCAL.fullmatch(value):
            raise ValueError("a date-time is YYYY-MM-DDTHH:MM, with an offset such as +02:00 or without")
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise ValueError("there is no such date or time") from None
        if moment.second:
            raise ValueError("a date-time lies on a whole minute")
        if not 1971 <= moment.year <= 2200:
            raise ValueError("a date-time lies between 1971 and 2200")
        return cls(value)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls.parse,
            serialization=core_schema.plain_serializer_function_ser_schema(str, return_schema=core_schema.str_schema()),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "examples": ["2026-11-30T08:00", "2026-11-30T08:00:00+02:00"]}


class LocalSecond(LocalDateTime):
    """The same to the second, as telephone systems write what they saw."""

    def utc_second(self, zone: ZoneInfo) -> int:
        """UTC seconds since the epoch; of a time that exists twice the first, unless it carries an offset."""
        return self.utc_minute(zone) * 60 + datetime.fromisoformat(self.text).second

    @classmethod
    def parse(cls, value: object) -> LocalSecond:
        if isinstance(value, cls):
            return value
        if not isinstance(value, str) or not _LOCAL.fullmatch(value):
            raise ValueError("a date-time is YYYY-MM-DDTHH:MM:SS, with an offset such as +02:00 or without")
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise ValueError("there is no such date or time") from None
        if not 1971 <= moment.year <= 2200:
            raise ValueError("a date-time lies between 1971 and 2200")
        return cls(value)


__all__ = ["ClockTime", "LocalDateTime", "LocalSecond", "clock_text", "wall_to_utc_minutes"]

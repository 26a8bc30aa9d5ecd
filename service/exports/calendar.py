"""Rosters as iCalendar (RFC 5545): a shift is an event, what happens in it is its text.

The events are written here and not by the library that reads and writes calendars, because a roster may have a hundred
thousand: one after the other takes no memory. The time zones are the library's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from icalendar import Calendar, Timezone

from schemas.roster import Shift
from service.exports.book import Book

PRODUCT = "-//Stint//Roster//EN"
LONGEST_LINE = 74
"""Bytes of a line; what is longer goes on in the next, which begins with a space."""

BATCH = 200
"""Events that are handed on at once."""

ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


def calendar(book: Book, *, job_id: str, sequence: int, stamp: datetime) -> Iterator[bytes]:
    """The calendar of everybody in the book, in pieces.

    Args:
        book: the roster; of one agent for that agent's own calendar.
        job_id: the job; with agent and day it names an event, so that a later roster of the job moves the event.
        sequence: grows with every roster of the job.
        stamp: when the roster was made.
    """
    whole = Calendar()
    whole.add("prodid", PRODUCT)
    whole.add("version", "2.0")
    whole.add("x-wr-calname", book.name or "Roster")
    for name in sorted({zone.key for zone in (book.zone, *(book.zones.get(who, book.zone) for who in book.agents))}):
        whole.add_component(Timezone.from_tzid(name))
    yield whole.to_ical().removesuffix(b"END:VCALENDAR\r\n")
    same = (f"SEQUENCE:{sequence}", f"DTSTAMP:{stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}")
    several = len(book.agents) > 1
    batch: list[str] = []
    for number, (schedule, shift) in enumerate(book.shifts(), start=1):
        batch += _event(book, schedule.agent_id, shift, job_id, same, several=several)
        if number % BATCH == 0:
            yield _lines(batch)
            batch = []
    yield _lines([*batch, "END:VCALENDAR"])


def _event(book: Book, who: str, shift: Shift, job_id: str, same: tuple[str, ...], *, several: bool) -> tuple[str, ...]:
    zone = book.zones.get(who, book.zone)
    title = shift.work_plan_shift_id or "Shift"
    summary = f"{book.agents.get(who, who)}: {title}" if several else title
    return (
        "BEGIN:VEVENT",
        f"UID:{_uid(job_id, who, shift)}",
        *same,
        f"DTSTART{_moment(shift.start, zone)}",
        f"DTEND{_moment(shift.end, zone)}",
        f"SUMMARY:{summary.translate(ESCAPED)}",
        f"DESCRIPTION:{_description(book, who, shift).translate(ESCAPED)}",
        "END:VEVENT",
    )


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    """A moment on a clock. One that the clock shows twice is given in UTC: a calendar would take it for the first."""
    local = moment.astimezone(zone)
    if local.fold:
        return f":{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return f";TZID={zone.key}:{local:%Y%m%dT%H%M%S}"


def _uid(job_id: str, agent_id: str, shift: Shift) -> str:
    """The same for the same agent and day of a job, and it gives no name away."""
    digest = hashlib.sha256(f"{job_id}\0{agent_id}".encode()).hexdigest()[:24]
    return f"{digest}-{shift.date.isoformat()}@stint"


def _description(book: Book, who: str, shift: Shift) -> str:
    lines = []
    for activity in shift.activities:
        start, end = (f"{book.local(who, moment):%H:%M}" for moment in (activity.start, activity.end))
        what = book.group_name(activity) if activity.category == "on_queue" else activity.id or activity.category
        lines.append(f"{start}–{end} {what}")
    return "\n".join(lines)


def _lines(lines: list[str]) -> bytes:
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _folded(line: str) -> str:
    """The line as lines that are short enough, none of which cuts a character in two."""
    if len(line.encode()) <= LONGEST_LINE:
        return line
    parts, part, size = [], "", 0
    for letter in line:
        length = len(letter.encode())
        if size + length > LONGEST_LINE:
            parts.append(part)
            part, size = " ", 1
        part += letter
        size += length
    return "\r\n".join([*parts, part])

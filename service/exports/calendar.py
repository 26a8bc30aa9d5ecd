"""Rosters as iCalendar (RFC 5545): a shift is an event, what happens in it is its text."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from icalendar import Calendar, Event

from schemas.roster import Shift
from service.exports.book import Book

PRODUCT = "-//Stint//Roster//EN"


def calendar(book: Book, *, job_id: str, sequence: int, stamp: datetime) -> bytes:
    """The calendar of everybody in the book.

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
    several = len(book.agents) > 1
    for schedule, shift in book.shifts():
        who = schedule.agent_id
        event = Event()
        event.add("uid", _uid(job_id, who, shift))
        event.add("sequence", sequence)
        event.add("dtstamp", stamp.astimezone(UTC))
        event.add("dtstart", book.local(who, shift.start))
        event.add("dtend", book.local(who, shift.end))
        title = shift.work_plan_shift_id or "Shift"
        event.add("summary", f"{book.agents.get(who, who)}: {title}" if several else title)
        event.add("description", _description(book, who, shift))
        whole.add_component(event)
    whole.add_missing_timezones()
    found: bytes = whole.to_ical()
    return found


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

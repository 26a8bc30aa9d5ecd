"""Rosters as CSV: a line for each activity, or one for each agent and day."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from service.exports.book import Book, harmless, minutes

ACTIVITIES = (
    "agent_id",
    "agent_name",
    "date",
    "shift",
    "category",
    "activity_id",
    "planning_group_id",
    "start",
    "end",
    "minutes",
    "paid",
    "pinned",
)
DAYS = ("agent_id", "agent_name", "date", "shift", "start", "end", "minutes", "paid_minutes", "on_queue_minutes")
BATCH = 500
"""Lines that are handed on at once."""


def activities(book: Book) -> Iterator[bytes]:
    """A line for each activity, times with the offset of the agent's clock."""
    return _lines(ACTIVITIES, _activities(book))


def days(book: Book) -> Iterator[bytes]:
    """A line for each agent and day with a shift."""
    return _lines(DAYS, _days(book))


def _activities(book: Book) -> Iterator[Sequence[object]]:
    for schedule, shift in book.shifts():
        who = schedule.agent_id
        for activity in shift.activities:
            paid = activity.category == "on_queue" or activity.paid
            yield (
                who,
                book.agents.get(who, who),
                shift.date.isoformat(),
                shift.work_plan_shift_id or "",
                activity.category,
                activity.id or "",
                activity.planning_group_id or "",
                book.local(who, activity.start).isoformat(),
                book.local(who, activity.end).isoformat(),
                minutes(activity.start, activity.end),
                "yes" if paid else "no",
                "yes" if shift.pinned else "no",
            )


def _days(book: Book) -> Iterator[Sequence[object]]:
    for schedule, shift in book.shifts():
        who = schedule.agent_id
        queue = [a for a in shift.activities if a.category == "on_queue"]
        yield (
            who,
            book.agents.get(who, who),
            shift.date.isoformat(),
            shift.work_plan_shift_id or "",
            book.local(who, shift.start).isoformat(),
            book.local(who, shift.end).isoformat(),
            minutes(shift.start, shift.end),
            shift.paid_minutes,
            sum(minutes(a.start, a.end) for a in queue),
        )


def _lines(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """The table in pieces, for a spreadsheet: UTF-8 with a mark, lines as RFC 4180 ends them."""
    piece = io.StringIO()
    write = csv.writer(piece).writerow
    piece.write("\ufeff")
    write(head)
    for number, row in enumerate(rows, start=1):
        write([harmless(cell) if isinstance(cell, str) else cell for cell in row])
        if number % BATCH == 0:
            yield piece.getvalue().encode()
            piece.seek(0)
            piece.truncate()
    yield piece.getvalue().encode()

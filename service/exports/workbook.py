"""Rosters as an Excel workbook: schedule, a coloured grid a day, coverage with charts, cost, findings."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any

import xlsxwriter
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from schemas.roster import Schedule, Shift
from service.exports.book import Book, minutes

COLOURS = {  # told apart by the colour-blind as well (after Okabe & Ito 2008)
    "on_queue": "#56B4E9",
    "break": "#F0E442",
    "meal": "#E69F00",
    "meeting": "#CC79A7",
    "training": "#009E73",
    "off_queue": "#BBBBBB",
}
MOST_GRIDS = 42
"""With more days than this the workbook has no grids, for nobody turns so many sheets."""

MOST_CELLS = 1_500_000
"""With more coloured cells than this the workbook has no grids either: no spreadsheet opens it in reasonable time."""

LONGEST_SHEET = 1_048_576
PIECE = 256 * 1024


def workbook(book: Book) -> Iterator[bytes]:
    """The whole workbook, in pieces of a file that goes when the last one is read."""
    # Text is text: a name that looks like a formula or a link stays a name. Rows go to the disk as they are written.
    options = {
        "strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True, "remove_timezone": True,
    }  # fmt: skip
    with tempfile.TemporaryFile() as target:
        with xlsxwriter.Workbook(target, options) as file:
            styles = _Styles(file)
            cells = _schedule(file, styles, book)
            _grids(file, styles, book, cells)
            _coverage(file, styles, book)
            _cost(file, styles, book)
            _findings(file, styles, book)
        target.seek(0)
        while piece := target.read(PIECE):
            yield piece


class _Styles:
    def __init__(self, file: Workbook) -> None:
        self.head = file.add_format({"bold": True, "bottom": 1})
        self.clock = file.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self.money = file.add_format({"num_format": "#,##0.00"})
        self.turned = file.add_format({"bold": True, "rotation": 90, "bottom": 1})
        self.activity = {name: file.add_format({"bg_color": colour}) for name, colour in COLOURS.items()}


def _sheet(file: Workbook, styles: _Styles, name: str, heads: list[str]) -> Worksheet:
    sheet = file.add_worksheet(name)
    sheet.write_row(0, 0, heads, styles.head)
    sheet.freeze_panes(1, 0)
    return sheet


def _schedule(file: Workbook, styles: _Styles, book: Book) -> int:
    """A line for each shift; gives how many intervals all shifts have."""
    heads = ["Agent", "Name", "Date", "Shift", "Start", "End", "Paid hours", "On queue hours", "Pinned"]
    sheet = _sheet(file, styles, "Schedule", heads)
    sheet.set_column(0, 3, 14)
    sheet.set_column(4, 5, 17)
    row = intervals = 0
    for row, (schedule, shift) in enumerate(islice(book.shifts(), LONGEST_SHEET - 1), start=1):
        who = schedule.agent_id
        queue = sum(minutes(a.start, a.end) for a in shift.activities if a.category == "on_queue")
        sheet.write_string(row, 0, who)
        sheet.write_string(row, 1, book.agents.get(who, who))
        sheet.write_string(row, 2, shift.date.isoformat())
        sheet.write_string(row, 3, shift.work_plan_shift_id or "")
        sheet.write_datetime(row, 4, _wall(book, who, shift.start), styles.clock)
        sheet.write_datetime(row, 5, _wall(book, who, shift.end), styles.clock)
        sheet.write_number(row, 6, (shift.paid_minutes or 0) / 60)
        sheet.write_number(row, 7, queue / 60)
        sheet.write_string(row, 8, "yes" if shift.pinned else "")
        intervals += minutes(shift.start, shift.end) // book.interval_minutes
    sheet.autofilter(0, 0, max(1, row), len(heads) - 1)
    return intervals


def _wall(book: Book, who: str, moment: datetime) -> datetime:
    return book.local(who, moment).replace(tzinfo=None)


def _grids(file: Workbook, styles: _Styles, book: Book, cells: int) -> None:
    """A sheet for each day: agents down, intervals across, a colour for each activity."""
    if cells > MOST_CELLS:
        return
    by_day: dict[date, list[tuple[Schedule, Shift]]] = defaultdict(list)
    for schedule, shift in book.shifts():
        by_day[shift.date].append((schedule, shift))
    if len(by_day) > MOST_GRIDS:
        return
    for day, shifts in sorted(by_day.items()):
        _grid(file.add_worksheet(day.isoformat()), styles, book, shifts)


def _grid(sheet: Worksheet, styles: _Styles, book: Book, shifts: list[tuple[Schedule, Shift]]) -> None:
    step = 60 * book.interval_minutes
    first = min(int(shift.start.timestamp()) for _, shift in shifts) // step
    last = max(-(-int(shift.end.timestamp()) // step) for _, shift in shifts)
    sheet.write_string(0, 0, "Agent", styles.head)
    for column, slot in enumerate(range(first, last), start=1):
        clock = datetime.fromtimestamp(slot * step, tz=book.zone)
        sheet.write_string(0, column, f"{clock:%H:%M}", styles.turned)
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, last - first, 2.2)
    sheet.freeze_panes(1, 1)
    for row, (schedule, shift) in enumerate(sorted(shifts, key=lambda pair: pair[1].start), start=1):
        sheet.write_string(row, 0, book.agents.get(schedule.agent_id, schedule.agent_id))
        for activity in shift.activities:
            begin, end = (int(moment.timestamp()) // step for moment in (activity.start, activity.end))
            style = styles.activity.get(activity.category)
            for slot in range(begin, max(end, begin + 1)):
                sheet.write_blank(row, slot - first + 1, None, style)
    below = len(shifts) + 2
    for number, (name, style) in enumerate(styles.activity.items()):
        sheet.write_blank(below + number, 0, None, style)
        sheet.write_string(below + number, 1, name)


def _coverage(file: Workbook, styles: _Styles, book: Book) -> None:
    """Required, scheduled and net by interval, with a chart of each planning group."""
    sheet = _sheet(file, styles, "Coverage", ["Planning group", "Start", "Required", "Scheduled", "Net"])
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 17)
    row = 1
    spans: dict[str, list[int]] = {}
    for series in book.roster.coverage:
        name = book.groups.get(series.planning_group_id, series.planning_group_id)
        begin = series.start.timestamp()
        for number, values in enumerate(zip(series.required, series.scheduled, series.net, strict=True)):
            if row >= LONGEST_SHEET:
                break
            moment = datetime.fromtimestamp(begin + number * 60 * book.interval_minutes, tz=book.zone)
            sheet.write_string(row, 0, name)
            sheet.write_datetime(row, 1, moment.replace(tzinfo=None), styles.clock)
            for column, value in enumerate(values, start=2):
                sheet.write_number(row, column, value)
            span = spans.setdefault(name, [row, row])
            span[1] = row
            row += 1
    for number, (name, (first, last)) in enumerate(spans.items()):
        chart: Any = file.add_chart({"type": "line"})
        for column, title in ((2, "Required"), (3, "Scheduled")):
            chart.add_series(
                {
                    "name": title,
                    "categories": ["Coverage", first, 1, last, 1],
                    "values": ["Coverage", first, column, last, column],
                }
            )
        chart.set_title({"name": name})
        chart.set_size({"width": 900, "height": 320})
        sheet.insert_chart(1 + 17 * number, 6, chart)


def _cost(file: Workbook, styles: _Styles, book: Book) -> None:
    """The cost by its parts, the bound and the gap."""
    sheet = _sheet(file, styles, "Cost", ["Part", book.currency])
    sheet.set_column(0, 0, 22)
    parts = book.roster.cost.model_dump() if book.roster.cost else {}
    rows = [*parts.items(), ("lower_bound", book.roster.lower_bound), ("gap_percent", book.roster.gap_percent)]
    for row, (name, value) in enumerate(rows, start=1):
        sheet.write_string(row, 0, name.replace("_", " "))
        if value is not None:
            sheet.write_number(row, 1, value, styles.money)


def _findings(file: Workbook, styles: _Styles, book: Book) -> None:
    """Violations, and what else a planner should know."""
    sheet = _sheet(file, styles, "Findings", ["Kind", "Code", "Agent", "Date", "Text"])
    sheet.set_column(4, 4, 90)
    rows = [("violation", v.code, v.agent_id or "", str(v.date or ""), v.text) for v in book.roster.violations]
    rows += [(m.severity, m.code, "", "", m.text) for m in book.roster.messages]
    for row, cells in enumerate(rows, start=1):
        for column, text in enumerate(cells):
            sheet.write_string(row, column, text)

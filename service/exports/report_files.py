"""A report as a table of intervals (CSV) and as a workbook (XLSX)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import xlsxwriter
from xlsxwriter.workbook import Workbook

from schemas.report import AgentReport, Attendance, Report, ReportSpan
from service.exports.book import harmless

FIGURES = tuple(name for name in ReportSpan.model_fields if name != "causes")
CAUSES = ("volume", "handle_time", "absence", "adherence")
ATTENDANCE = tuple(Attendance.model_fields)
Cell = str | float | int | date | None


def table(report: Report) -> bytes:
    """A line for each interval of each planning group; UTF-8 with a mark, lines as RFC 4180 ends them."""
    text = io.StringIO()
    text.write("\ufeff")
    write = csv.writer(text).writerow
    write(("planning_group_id", "start", *FIGURES, *(f"cause_{name}_hours" for name in CAUSES)))
    for group in report.planning_groups:
        for one in group.intervals:
            write([harmless(cell) if isinstance(cell, str) else cell for cell in (group.id, one.start, *_figures(one))])
    return text.getvalue().encode()


def workbook(report: Report) -> bytes:
    """Sheets of planning groups, days, weeks, intervals, teams, agents, strengths and cost."""
    target = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(target, options) as file:
        for name, heads, rows in _sheets(report):
            _sheet(file, name, heads, rows)
    return target.getvalue()


def _sheets(report: Report) -> Iterator[tuple[str, Sequence[str], Sequence[Sequence[Cell]]]]:
    figures = (*FIGURES, *(f"cause_{name}_hours" for name in CAUSES))
    groups = report.planning_groups
    all_ = [("all", *_figures(report.period))]
    yield "Planning groups", ("planning_group_id", *figures), [*((g.id, *_figures(g.period)) for g in groups), *all_]
    days = [(group.id, day.date, *_figures(day)) for group in groups for day in group.days]
    days += [("all", day.date, *_figures(day)) for day in report.days]
    yield "Days", ("planning_group_id", "date", *figures), days
    weeks = [(group.id, week.start_date, *_figures(week)) for group in groups for week in group.weeks]
    weeks += [("all", week.start_date, *_figures(week)) for week in report.weeks]
    yield "Weeks", ("planning_group_id", "start_date", *figures), weeks
    intervals = [(group.id, one.start, *_figures(one)) for group in groups for one in group.intervals]
    yield "Intervals", ("planning_group_id", "start", *figures), intervals
    if report.everybody is not None:
        parties = [("all", *_attendance(report.everybody)), *((one.name, *_attendance(one)) for one in report.teams)]
        yield "Teams", ("team", *ATTENDANCE), parties
        agents = [(one.agent_id, one.name, one.team_id, *_attendance(one)) for one in report.agents]
        yield "Agents", ("agent_id", "name", "team_id", *ATTENDANCE), agents
    if report.strengths:
        names = tuple(type(report.strengths[0]).model_fields)
        yield "Strengths", names, [tuple(getattr(one, name) for name in names) for one in report.strengths]
    names = tuple(type(report.cost).model_fields)
    yield "Cost", names, [tuple(getattr(report.cost, name) for name in names)]


def _sheet(file: Workbook, name: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    bold, day = file.add_format({"bold": True, "bottom": 1}), file.add_format({"num_format": "yyyy-mm-dd"})
    sheet: Any = file.add_worksheet(name)
    sheet.write_row(0, 0, heads, bold)
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write_datetime(number, column, cell, day)
            elif cell is not None:
                sheet.write(number, column, cell)
    sheet.autofit()


def _figures(one: ReportSpan) -> tuple[Cell, ...]:
    causes = tuple(None if one.causes is None else getattr(one.causes, name) for name in CAUSES)
    return (*(getattr(one, name) for name in FIGURES), *causes)


def _attendance(one: Attendance | AgentReport) -> tuple[Cell, ...]:
    return tuple(getattr(one, name) for name in ATTENDANCE)

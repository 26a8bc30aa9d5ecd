"""A roster on a page: verdict, cost, coverage of each day, what to know and what is broken."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table
from rich.text import Text

from schemas.request import RosterRequest
from schemas.roster import Cost, Message, Roster, Statistics, Violation
from service.terminal.chart import BARS, PLAIN_BARS, DayCoverage, axis, bars, by_day, open_columns

VERDICTS = {
    "optimal": "optimal: proved that no roster costs less",
    "feasible": "feasible: every hard rule is kept",
    "infeasible": "infeasible: no roster keeps every hard rule",
    "undecided": "undecided: the time ran out before a first roster",
}
COLOURS = {"optimal": "green", "feasible": "green", "infeasible": "red", "undecided": "yellow"}
SEVERITIES = {"info": "dim", "warning": "yellow", "error": "red"}
MOST_LINES = 40
NOTICEABLE = 0.02  # short or over by less than this share of what is needed is not coloured


def show(console: Console, request: RosterRequest, roster: Roster) -> None:
    """Print the summary of a roster."""
    if roster.verdict is not None:
        console.print(Text(f"{request.name or 'Roster'}: {VERDICTS[roster.verdict]}", COLOURS[roster.verdict]))
    if roster.cost is not None:
        console.print(_price(roster.cost, roster, request.currency))
    if roster.statistics is not None:
        console.print(_figures(roster.statistics))
    if any(any(series.required) or any(series.scheduled) for series in roster.coverage):
        console.print()
        console.print(_coverage(console, request, roster))
    show_messages(console, roster.messages)
    show_violations(console, roster.violations)


def _price(cost: Cost, roster: Roster, currency: str) -> Text:
    """Total, bound and gap in a line, and below it what the total is made of."""
    line = Text(f"cost {cost.total:,.2f} {currency}", style="bold")
    if roster.lower_bound is not None:
        line.append(f", at least {roster.lower_bound:,.2f} for any roster", style="not bold")
    if roster.gap_percent is not None:
        line.append(f", gap {roster.gap_percent:.3g} %", style="not bold")
    parts = {name.replace("_", " "): value for name, value in cost.model_dump().items() if name != "total" and value}
    if parts:
        line.append("\n" + ", ".join(f"{name} {value:,.2f}" for name, value in parts.items()), style="not bold")
    return line


def _figures(figures: Statistics) -> Text:
    line = f"{figures.shifts:,} shifts of {figures.agents_scheduled:,} agents"
    line += f", coverage {figures.coverage_percent:.2f} %"
    if figures.overtime_minutes:
        line += f", overtime {figures.overtime_minutes / 60:,.1f} h"
    if figures.solve_seconds:
        line += f", solved in {figures.solve_seconds:.1f} s"
    return Text(line)


def _coverage(console: Console, request: RosterRequest, roster: Roster) -> Table:
    """A row of bars for each day, agents on queue below agents needed."""
    days = by_day(roster.coverage, ZoneInfo(request.time_zone), request.interval_minutes)
    columns = open_columns(days)
    top = max((max(day.needed + day.on_queue) for day in days), default=0.0)
    symbols = BARS if (console.encoding or "").lower().startswith("utf") else PLAIN_BARS
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for title, justify in (("day", "left"), (axis(columns), "left"), ("", "left"), ("hours", "right"), ("", "left")):
        table.add_column(title, justify=justify, no_wrap=True)  # type: ignore[arg-type]
    for day in days:
        needed = Text(bars(day.needed[columns.start : columns.stop], top, symbols), style="dim")
        table.add_row(f"{day.day:%a %d %b}", needed, "needed", f"{day.needed_hours:,.1f}", "")
        on_queue = _on_queue(day, columns, top, symbols)
        table.add_row("", on_queue, "on queue", f"{day.on_queue_hours:,.1f}", _balance(day))
    return table


def _on_queue(day: DayCoverage, columns: range, top: float, symbols: str) -> Text:
    """The bars of the agents on queue, red where they are too few and yellow where too many."""
    line = Text()
    for column in columns:
        needed, on_queue = day.needed[column], day.on_queue[column]
        slack = NOTICEABLE * needed
        colour = "red" if on_queue < needed - slack else "yellow" if on_queue > needed + slack else "green"
        line.append(bars([on_queue], top, symbols), style=colour)
    return line


def _balance(day: DayCoverage) -> Text:
    line = Text()
    if day.short_hours > 0:
        line.append(f"short {day.short_hours:,.1f}", style="red")
    if day.over_hours > 0:
        line.append(f"{'  ' if line else ''}over {day.over_hours:,.1f}", style="yellow")
    return line


def show_messages(console: Console, messages: Sequence[Message]) -> None:
    """Print what the reader should know."""
    for message in messages[:MOST_LINES]:
        console.print(Text(f"{message.severity}: {message.text}", style=SEVERITIES[message.severity]))
    _more(console, len(messages))


def show_violations(console: Console, violations: Sequence[Violation]) -> None:
    """Print what is broken."""
    for violation in violations[:MOST_LINES]:
        console.print(Text(f"violation: {violation.text}", style="red"))
    _more(console, len(violations))


def _more(console: Console, count: int) -> None:
    if count > MOST_LINES:
        console.print(f"… and {count - MOST_LINES:,} more")

"""The report: each step of it a line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

import numpy as np

from schemas.clock import wall_to_utc_minutes
from schemas.report import (
    Report,
    ReportCost,
    ReportDay,
    ReportGroup,
    ReportInterval,
    ReportRequest,
    ReportSpan,
    ReportWeek,
    Strength,
)
from schemas.roster import Message
from solver.prediction.formulas import groups_with_work
from solver.report.attendance import agents_of, count, everybody, teams_by_agent, teams_of, trends, week_of
from solver.report.intervals import Table, instant, span, table_of
from solver.report.minutes import Minutes, minutes_of

LEAST_CONTACTS = 20
"""Contacts that somebody must have handled before it is said how."""


def report(request: ReportRequest) -> Report:
    """Planned against actual."""
    minutes = minutes_of(request)
    tables = [table_of(request, group, minutes) for group in groups_with_work(request.request, request.work)]
    tables = [table for table in tables if table.minutes]
    seen = bool(request.states)
    begins_on = request.request.week_starts_on
    everything = [np.full(len(table.minutes), True) for table in tables]
    return Report(
        title=request.title or request.request.name,
        audience=request.audience,
        currency=request.request.currency,
        planning_groups=tuple(_group(request, table) for table in tables),
        days=tuple(_days(tables)),
        weeks=tuple(_weeks(tables, begins_on)),
        period=ReportSpan(**span(tables, everything)),
        everybody=everybody(minutes) if seen else None,
        agents=tuple(agents_of(request, minutes)) if seen else (),
        teams=tuple(teams_of(request, minutes)) if seen else (),
        trends=tuple(trends(request, minutes, _week_minutes(request, tables))) if seen else (),
        strengths=tuple(_strengths(request)),
        cost=_cost(request, minutes, sum(float(table.volume.sum()) for table in tables)),
        messages=tuple(_messages(request, tables)),
    )


def _group(request: ReportRequest, table: Table) -> ReportGroup:
    goal = table.group.goals.service_goal
    names = {group.id: group.name or group.id for group in request.request.planning_groups}
    return ReportGroup(
        id=table.group.name,
        name=names[table.group.name],
        goal_percent=goal.percent if goal else None,
        within_seconds=goal.within_seconds if goal else None,
        intervals=tuple(
            ReportInterval(
                start=instant(minute, table.group.zone).isoformat(),
                **span([table], [np.arange(len(table.minutes)) == number]),
            )
            for number, minute in enumerate(table.minutes)
        ),
        days=tuple(_days([table])),
        weeks=tuple(_weeks([table], request.request.week_starts_on)),
        period=ReportSpan(**span([table], [np.full(len(table.minutes), True)])),
    )


def _days(tables: Sequence[Table]) -> Iterator[ReportDay]:
    for day in sorted({day for table in tables for day in table.dates}):
        which = [np.array([one == day for one in table.dates], dtype=bool) for table in tables]
        yield ReportDay(date=day, **span(tables, which))


def _weeks(tables: Sequence[Table], begins_on: str) -> Iterator[ReportWeek]:
    for start in sorted({week_of(day, begins_on) for table in tables for day in table.dates}):
        which = [np.array([week_of(one, begins_on) == start for one in table.dates], dtype=bool) for table in tables]
        yield ReportWeek(start_date=start, **span(tables, which))


def _week_minutes(request: ReportRequest, tables: Sequence[Table]) -> dict[date, tuple[int, int]]:
    """The weeks of the actuals, from UTC minute to UTC minute."""
    zone, begins_on = ZoneInfo(request.request.time_zone), request.request.week_starts_on
    starts = sorted({week_of(day, begins_on) for table in tables for day in table.dates})
    return {
        start: (wall_to_utc_minutes(start, 0, zone)[0], wall_to_utc_minutes(start + timedelta(days=7), 0, zone)[0])
        for start in starts
    }


def _strengths(request: ReportRequest) -> Iterator[Strength]:
    """Handle times of teams and agents beside everybody's, by planning group; of few contacts nothing is said."""
    only = request.request.planning_groups[0].id
    team_of = teams_by_agent(request)
    totals: dict[tuple[str, str | None, str | None], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for one in request.handled:
        group, team = one.planning_group_id or only, team_of.get(one.agent_id)
        for key in {(group, None, None), (group, team, None), (group, team, one.agent_id)}:
            totals[key][0] += one.contacts
            totals[key][1] += one.handle_seconds
    for (group, team, agent), (contacts, seconds) in sorted(totals.items(), key=lambda item: str(item[0])):
        of_all = totals[group, None, None]
        if contacts >= LEAST_CONTACTS and (team, agent) != (None, None):
            aht, general = seconds / contacts, of_all[1] / of_all[0]
            yield Strength(
                team_id=team,
                agent_id=agent,
                planning_group_id=group,
                contacts=int(contacts),
                aht_seconds=round(aht, 1),
                against_all_percent=round(100 * (aht / general - 1), 2),
            )


def _cost(request: ReportRequest, minutes: Minutes, contacts: float) -> ReportCost:
    """At the agents' hourly cost; overtime and premiums are the roster's matter, not the report's."""
    planned = missed = extra = 0.0
    for agent in request.request.agents:
        line, rate = minutes.lines[agent.id], float(agent.hourly_cost) / 60
        planned += rate * sum(shift.paid for shift in line.shifts)
        if request.states:
            missed += rate * sum(shift.paid for shift in line.shifts if line.missed(shift))
            extra += rate * count(line).queue_outside
    groups = request.work.planning_groups or (request.work,)
    expected = sum(interval.volume for group in groups for interval in group.intervals)
    return ReportCost(
        planned=round(planned, 2),
        missed=round(missed, 2),
        extra=round(extra, 2),
        per_contact_planned=round(planned / expected, 4) if expected else None,
        per_contact=round((planned - missed + extra) / contacts, 4) if contacts else None,
    )


def _messages(request: ReportRequest, tables: Sequence[Table]) -> Iterator[Message]:
    for table in tables:
        name, told, planned = table.group.name, set(table.minutes), set(table.group.minutes)
        yield from _holes(name, sorted(planned - told), table)
        strange = len(told - planned)
        if strange:
            text = (
                f"{strange} intervals of planning group {name!r} have actuals but no plan; "
                "they count as planned without contacts."
            )
            yield Message(code="not_planned", severity="warning", text=text, path="/actuals")
        silent = int(np.isnan(table.aht).sum())
        if silent:
            text = (
                f"{silent} intervals of planning group {name!r} have no handle time; "
                "the planned one is taken for what they required."
            )
            yield Message(code="no_handle_time", severity="info", text=text, path="/actuals")
    if not request.states:
        text = "There are no agent states, so nothing is said of presence, adherence and the causes of staffing."
        yield Message(code="no_states", severity="info", text=text, path="/states")


def _holes(name: str, missing: Sequence[int], table: Table) -> Iterator[Message]:
    """Runs of planned intervals without actuals, each with its place in time."""
    step = table.group.step
    # Minutes of one run differ from their places in the list, times the step, by the same amount.
    runs = [[minute for _, minute in run] for _, run in groupby(enumerate(missing), lambda one: one[1] - step * one[0])]
    for run in runs[:20]:
        first, last = (instant(minute, table.group.zone) for minute in (run[0], run[-1] + step))
        text = (
            f"Planning group {name!r} has no actuals from {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M}; "
            "those intervals are left out."
        )
        yield Message(code="hole", severity="warning", text=text, path="/actuals")
    if len(runs) > 20:
        text = f"Planning group {name!r} has {len(runs) - 20} more holes in its actuals."
        yield Message(code="hole", severity="warning", text=text, path="/actuals")

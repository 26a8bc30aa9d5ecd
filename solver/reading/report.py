"""From text to a report request that can be relied on: JSON, and tables of actuals, states and teams as CSV."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from schemas.clock import wall_to_utc_minutes
from schemas.fault import RequestRefused
from schemas.report import ReportRequest
from solver.reading.faults import Faults
from solver.reading.groups import minute, unknown
from solver.reading.parse import parse
from solver.reading.prediction import look_at_work
from solver.reading.read import read_as, read_request, read_roster
from solver.reading.staffing import read_staffing
from solver.reading.table import Row, number_in, read_table

Json = dict[str, Any]
Place = tuple[str | int, ...]
PARTS: dict[str, Callable[[Any], Any]] = {"request": read_request, "roster": read_roster, "work": read_staffing}
LONGEST_STATE_HOURS = 24
AROUND_DAYS = 3
MOST_AGENT_MINUTES = 60_000_000

ACTUALS = ("planning_group_id", "start", "volume", "aht_seconds", "answered_in_goal", "abandoned")
STATES = ("agent_id", "category", "start", "end", "planning_group_id")
HANDLED = ("agent_id", "planning_group_id", "contacts", "handle_seconds")
TEAMS = ("team_id", "team_name", "agent_id")


def read_report(raw: bytes | str | Json) -> ReportRequest:
    """The report request, sound in form and meaning.

    Raises:
        RequestRefused: with every fault that was found, each at its place in the whole.
    """
    data = parse(raw) if isinstance(raw, (bytes, str)) else raw
    faults = Faults()
    if isinstance(data, dict):
        for name, read in PARTS.items():
            _faults_of_part(data, name, read, faults)
    faults.refuse()
    request = read_as(ReportRequest, data)
    _look(request, faults)
    faults.refuse()
    return request


def _faults_of_part(data: Json, name: str, read: Callable[[Any], object], faults: Faults) -> None:
    if name in data:
        try:
            read(data[name])
        except RequestRefused as refused:
            faults.found += [one.model_copy(update={"pointer": f"/{name}{one.pointer}"}) for one in refused.faults]


def actuals_from_csv(text: str) -> list[Json]:
    """Interval actuals; columns start, volume, and where wanted the others of an actual interval."""
    return _rows(text, ACTUALS, ("start", "volume"), ("volume", "aht_seconds", "answered_in_goal", "abandoned"))


def states_from_csv(text: str) -> list[Json]:
    """Agent states; columns agent_id, category, start, end, and where wanted planning_group_id."""
    return _rows(text, STATES, STATES[:4], ())


def handled_from_csv(text: str) -> list[Json]:
    """Contacts handled; columns agent_id, contacts, handle_seconds, and where wanted planning_group_id."""
    return _rows(text, HANDLED, ("agent_id", "contacts", "handle_seconds"), ("contacts", "handle_seconds"))


def teams_from_csv(text: str) -> list[Json]:
    """Teams; a line an agent, columns team_id, agent_id, and where wanted team_name."""
    teams: dict[str, Json] = {}
    for row in _rows(text, TEAMS, ("team_id", "agent_id"), ()):
        team = teams.setdefault(row["team_id"], {"id": row["team_id"], "name": "", "agent_ids": []})
        team["name"] = team["name"] or row.get("team_name", "")
        team["agent_ids"].append(row["agent_id"])
    return list(teams.values())


def _rows(text: str, columns: tuple[str, ...], needed: tuple[str, ...], numbers: tuple[str, ...]) -> list[Json]:
    faults = Faults()
    found = [_cells(row, line, needed, numbers, faults) for line, row in read_table(text, columns, needed)]
    faults.refuse()
    return found


def _cells(row: Row, line: int, needed: tuple[str, ...], numbers: tuple[str, ...], faults: Faults) -> Json:
    return {
        name: number_in(row, name, line, faults, whole=name == "contacts") if name in numbers else cell
        for name, cell in row.items()
        if cell or name in needed
    }


def _look(request: ReportRequest, faults: Faults) -> None:
    look_at_work(request.request, request.work, faults)
    groups = {group.id for group in request.request.planning_groups}
    agents = {agent.id for agent in request.request.agents}
    zone = ZoneInfo(request.request.time_zone)
    _shifts(request, zone, faults)
    _actuals(request, groups, zone, faults)
    _states(request, groups, agents, zone, faults)
    for number, one in enumerate(request.handled):
        _known(("handled", number), one.agent_id, one.planning_group_id, agents, groups, faults)
    _teams(request, agents, faults)


def _known(
    place: Place, agent: str | None, group: str | None, agents: set[str], groups: set[str], faults: Faults
) -> None:
    if agent is not None and agent not in agents:
        told = f"There is no agent {agent!r} in the request. Maybe the telephone system calls the agent something else."
        faults.add((*place, "agent_id"), agent, "the id of an agent", told)
    if group is not None and group not in groups:
        unknown(faults, (*place, "planning_group_id"), "planning group", group, groups)


def _actuals(request: ReportRequest, groups: set[str], zone: ZoneInfo, faults: Faults) -> None:
    step = request.work.interval_minutes
    taken: dict[tuple[str | None, int], int] = {}
    if not request.actuals:
        faults.add(("actuals",), "nothing", "at least one interval", "There are no actuals to report on.")
    for number, one in enumerate(request.actuals):
        place: Place = ("actuals", number)
        _known(place, None, one.planning_group_id, set(), groups, faults)
        if one.planning_group_id is None and len(groups) > 1:
            told = "The request has several planning groups, and this interval does not say whose it is."
            faults.add((*place, "planning_group_id"), "nothing", "the id of a planning group", told)
        for name in ("answered_in_goal", "abandoned"):
            count = getattr(one, name)
            if count is not None and count > one.volume:
                told = f"{name} is {count:g}, more than the {one.volume:g} contacts that came."
                faults.add((*place, name), count, f"at most {one.volume:g}", told)
        start = minute(faults, (*place, "start"), one.start, zone)
        if start is None:
            continue
        if start % step:
            faults.on_grid((*place, "start"), start % 60, step, "The minute at which this interval starts")
        elif (one.planning_group_id, start) in taken:
            first = taken[one.planning_group_id, start] + 1
            told = f"The interval {one.start} is there twice, first as number {first} of the list. In the hour that an autumn night has twice an offset tells the two apart."
            faults.add((*place, "start"), str(one.start), "each interval once", told)
        taken.setdefault((one.planning_group_id, start), number)


def _window(request: ReportRequest, zone: ZoneInfo) -> tuple[int, int]:
    """UTC minutes in which all that is reported on lies: the planning period and a few days around it."""
    period = request.request.planning_period
    first = wall_to_utc_minutes(period.start_date, 0, zone)[0]
    last = wall_to_utc_minutes(period.start_date + timedelta(days=period.days), 0, zone)[0]
    return first - AROUND_DAYS * 1440, last + AROUND_DAYS * 1440


def _shifts(request: ReportRequest, zone: ZoneInfo, faults: Faults) -> None:
    """Shifts that last, lie in the period, and hold their activities."""
    first, last = _window(request, zone)
    agents = len(request.request.agents)
    if agents * (last - first) > MOST_AGENT_MINUTES:
        told = f"{agents} agents and {request.request.planning_period.days} days are too much for one report. Maybe report on a week at a time."
        faults.add(("request", "planning_period", "days"), request.request.planning_period.days, "fewer days", told)
    for number, schedule in enumerate(request.roster.schedules):
        for place, shift in enumerate(schedule.shifts):
            where: Place = ("roster", "schedules", number, "shifts", place)
            start, end = shift.start.timestamp() / 60, shift.end.timestamp() / 60
            if not first <= start < end <= last:
                told = f"The shift runs from {shift.start} to {shift.end}, which is no stretch of time around the planning period."
                faults.add((*where, "start"), str(shift.start), "a shift of the planning period", told)
            for row, activity in enumerate(shift.activities):
                if not start <= activity.start.timestamp() / 60 <= activity.end.timestamp() / 60 <= end:
                    told = f"The activity runs from {activity.start} to {activity.end}, not within its shift."
                    faults.add((*where, "activities", row, "start"), str(activity.start), "within the shift", told)


def _states(request: ReportRequest, groups: set[str], agents: set[str], zone: ZoneInfo, faults: Faults) -> None:
    spans: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    first, last = _window(request, zone)
    for number, state in enumerate(request.states):
        place: Place = ("states", number)
        _known(place, state.agent_id, state.planning_group_id, agents, groups, faults)
        start = minute(faults, (*place, "start"), state.start, zone)
        end = minute(faults, (*place, "end"), state.end, zone)
        if start is None or end is None:
            continue
        begin, until = state.start.utc_second(zone), state.end.utc_second(zone)
        if not first <= start <= end <= last and until > begin:
            told = f"The state runs from {state.start} to {state.end}, far from the planning period."
            faults.add((*place, "start"), str(state.start), "a time around the planning period", told)
            continue
        if until <= begin:
            told = f"The state ends at {state.end}, not after its start at {state.start}. Maybe it crosses midnight, or the hour that comes twice, and needs the next day's date or an offset."
            faults.add((*place, "end"), str(state.end), f"later than {state.start}", told)
        elif until - begin > LONGEST_STATE_HOURS * 3600:
            told = f"The state lasts {(until - begin) / 3600:.1f} hours. Maybe its end is of another day."
            faults.add((*place, "end"), str(state.end), f"at most {LONGEST_STATE_HOURS} hours after the start", told)
        else:
            spans[state.agent_id].append((begin, until, number))
    for own in spans.values():
        own.sort()
        for (_, until, before), (begin, _, number) in pairwise(own):
            if begin < until:
                one, other = request.states[before], request.states[number]
                told = f"Agent {other.agent_id!r} is {other.category} from {other.start}, while number {before + 1} of the list has the agent {one.category} to {one.end}. Maybe a state is there twice."
                faults.add(("states", number, "start"), str(other.start), "states that do not overlap", told)


def _teams(request: ReportRequest, agents: set[str], faults: Faults) -> None:
    faults.twice(("teams",), "teams", (team.id for team in request.teams))
    seen: dict[str, str] = {}
    for number, team in enumerate(request.teams):
        for place, agent in enumerate(team.agent_ids):
            where: Place = ("teams", number, "agent_ids", place)
            if agent not in agents:
                faults.add(where, agent, "the id of an agent", f"There is no agent {agent!r} in the request.")
            elif agent in seen:
                told = f"Agent {agent!r} is in the teams {seen[agent]!r} and {team.id!r}."
                faults.add(where, agent, "each agent in one team", told)
            seen.setdefault(agent, team.id)

"""The compiler: each step of it a line."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import gcd
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from schemas.money import TICKS_PER_CURRENCY, ticks_per_hour_to_minute
from schemas.request import Agent, RosterRequest, WorkPlan
from solver.compile import choices
from solver.compile.automata import DEAD, Rest, Tabulator
from solver.compile.conflicts import Conflicts
from solver.compile.coverage import curves_of, level_unit_of, profiles_of, requirement_of
from solver.compile.cycle import Cycle
from solver.compile.goals import goals_of
from solver.compile.graphs import MOST_CELLS, TooManyStatesError, TourGraph, combine
from solver.compile.grid import Calendar, Grid, calendar, grid_of
from solver.compile.kinds import kinds_of
from solver.compile.model import (
    OFF,
    Breaks,
    Conflict,
    Coverage,
    Ints,
    Model,
    Options,
    Presence,
    RuleTables,
    Shifts,
    Smalls,
    Staff,
    Tours,
    Wishes,
)
from solver.compile.presence import counted_by, presence_of
from solver.compile.prices import WHOLE_HEAD
from solver.compile.shifts import WEEKDAYS, CompiledShift, Families, pinned, shifts_of
from solver.compile.sums import (
    Amounts,
    Apart,
    SumTables,
    can_be_apart,
    limits_of,
    most_a_day,
    runs_long,
    too_many_to_try,
)
from solver.compile.tables import RuleBooks
from solver.compile.teams import teams_of
from solver.roster_rules import CountRule
from solver.rules import MinimumRest
from solver.rules.base import Day, RuleAgent, SummingRule, TourRule, rule_agent

if TYPE_CHECKING:
    from solver.cpsat.tour import OneAgent

FINENESS = 1 << 22
"""Units in the dearest slot, about: how finely the bound can price an interval."""


DayOptions = list[tuple[Smalls, Smalls]]
"""By day, the shifts that may be chosen (numbers of the catalogue, or OFF) and the class of each."""


class Stopped(Exception):
    """The caller stopped the compiler, or its time ran out."""


@dataclass
class Group:
    """Agents that share a tour graph: one work plan on one clock, and one rate where the rules pay by it."""

    plan: WorkPlan
    calendar: Calendar
    first: int  # where the group's shifts begin in the catalogue
    count: int
    rate: int | None  # ticks a minute, None where no rule pays
    members: list[Member] = field(default_factory=list)
    repeats: bool = False  # whether the period does: what its rules ask of a tour is then said beside the graph


@dataclass
class Member:
    """One agent on its way into the model."""

    agent: Agent
    rules: RuleAgent
    allowed: np.ndarray  # over the group's shifts
    credit: tuple[int, ...]  # paid minutes of time off by day
    pins: dict[int, int]  # day -> number of the pinned shift in the catalogue
    blocked: tuple[int, ...] = ()  # pinned shifts that availability or time off forbids


def compile_request(request: RosterRequest, stop: Callable[[], bool] = lambda: False) -> Model:
    """The request as a model.

    Args:
        request: a request that `read_request` let through.
        stop: asked now and then; when it says yes, compilation ends.

    Raises:
        Stopped: `stop` said yes.
    """
    watch = _Watch(stop)
    period, calendars, grid = clocks_of(request)
    catalogue, families, groups = group_agents(request, calendars, grid, watch)
    desk = Conflicts(grid, request.as_of)
    graphs, rooted, conflicts = _graphs(groups, catalogue, desk, watch)
    model = _assemble(request, grid, period, calendars, catalogue, families, groups, graphs, rooted, conflicts)
    return _with_known_tours(model, graphs, rooted, desk, watch)


class _Watch:
    def __init__(self, stop: Callable[[], bool]) -> None:
        self.stop = stop

    def look(self) -> None:
        if self.stop():
            raise Stopped


def clocks_of(request: RosterRequest) -> tuple[Calendar, dict[str, Calendar], Grid]:
    """The request's own calendar, every zone's, and the grid that holds them all."""
    week_start = WEEKDAYS.index(request.week_starts_on[:3])
    zones = {agent.time_zone or request.time_zone for agent in request.agents} | {request.time_zone}
    period, written = request.planning_period, ZoneInfo(request.time_zone)
    calendars = {
        zone: calendar(period.start_date, period.days, ZoneInfo(zone), written, week_start) for zone in sorted(zones)
    }
    own = calendars[request.time_zone]
    return own, calendars, grid_of(own, list(calendars.values()), request.interval_minutes)


def group_agents(
    request: RosterRequest, calendars: dict[str, Calendar], grid: Grid, watch: _Watch | None = None
) -> tuple[list[CompiledShift], Families, list[Group]]:
    """Sorts the agents into groups with one tour graph each, and lays out the catalogue of all shifts."""
    plans = {plan.id: plan for plan in request.work_plans}
    families = Families()
    catalogue: list[CompiledShift] = []
    # Plans with the same shifts share them; a number stands for what the shifts say, which may be long.
    numbers: dict[str, int] = {}
    shifts_in = {
        plan.id: numbers.setdefault("|".join(shift.model_dump_json() for shift in plan.shifts), len(numbers))
        for plan in request.work_plans
    }
    spans: dict[tuple[str, int], tuple[int, int]] = {}
    groups: dict[tuple[str, str, int | None], Group] = {}
    windows: dict[Hashable, choices.Windows | None] = {}
    allowed: dict[Hashable, np.ndarray] = {}
    period = request.planning_period
    for agent in request.agents:
        if watch is not None:
            watch.look()
        plan, zone = plans[agent.work_plan_id], agent.time_zone or request.time_zone
        cal = calendars[zone]
        same = (zone, shifts_in[plan.id])
        if same not in spans:
            shifts = shifts_of(plan, cal, grid, families)
            spans[same] = len(catalogue), len(shifts)
            catalogue.extend(shifts)
        first, count = spans[same]
        rate = ticks_per_hour_to_minute(agent.hourly_cost) if any(r.priced_as == "pay" for r in _rules(plan)) else None
        group = groups.setdefault((plan.id, zone, rate), Group(plan, cal, first, count, rate, repeats=period.cyclic))
        off, credit = choices.time_off_of(agent, cal)
        key = (zone, agent.availability)
        if key not in windows:
            windows[key] = choices.availability_of(agent.availability or (), cal)
        what = (same, key, off, agent.work_plan_shift_ids)
        if what not in allowed:
            start, end = choices.shift_bounds(catalogue[first : first + count])
            allowed[what] = choices.allowed_shifts(start, end, windows[key], off)
            if agent.work_plan_shift_ids:
                own = set(agent.work_plan_shift_ids)
                allowed[what] &= np.array([s.worked.definition in own for s in catalogue[first : first + count]], bool)
        member = Member(
            agent, rule_agent(agent, cal.written, cal.days, cal.zone, request.as_of), allowed[what], credit, {}
        )
        pin_shifts(member, cal, grid, catalogue, families, windows[key], off)
        group.members.append(member)
    return catalogue, families, list(groups.values())


def _rules(plan: WorkPlan) -> tuple[TourRule, ...]:
    return tuple(rule for rule in plan.rules if isinstance(rule, TourRule))


def rules_of(group: Group, catalogue: list[CompiledShift]) -> tuple[TourRule, ...]:
    """The rules of the group's tours: those of its work plan and, where shifts could overlap, a rest of no minutes."""
    rules = () if group.repeats else _rules(group.plan)
    if any(isinstance(rule, MinimumRest) and rule.cost is None for rule in rules):
        return rules
    return (*rules, MinimumRest(minutes=0)) if _can_overlap(group, catalogue) else rules


def _can_overlap(group: Group, catalogue: list[CompiledShift]) -> bool:
    """Whether a shift of one day, or the last one before the period, may end after one of a later day begins."""
    numbers = [*range(group.first, group.first + group.count)]
    numbers += [pin for member in group.members for pin in member.pins.values()]
    first: dict[int, int] = {}
    last: dict[int, int] = {}
    for shift in (catalogue[number] for number in numbers):
        first[shift.day] = min(shift.worked.start, first.get(shift.day, shift.worked.start))
        last[shift.day] = max(shift.worked.end, last.get(shift.day, shift.worked.end))
    ends = [member.rules.last_shift_end for member in group.members if member.rules.last_shift_end is not None]
    until = max(ends, default=None)
    for day in sorted(first):
        if until is not None and first[day] < until:
            return True
        until = last[day] if until is None else max(until, last[day])
    return False


def pin_shifts(
    member: Member,
    cal: Calendar,
    grid: Grid,
    catalogue: list[CompiledShift],
    families: Families,
    available: choices.Windows | None,
    off: tuple[tuple[int, int], ...],
) -> None:
    """Adds the agent's pinned shifts to the catalogue."""
    blocked = []
    for pin in member.agent.pinned_shifts:
        day, start, end = choices.pin_day(pin, cal)
        blocks = choices.pinned_blocks(pin, start, grid, cal)
        paid = choices.pinned_paid_minutes(pin, start, end, cal)
        member.pins[day] = len(catalogue)
        if (available is not None and not available.hold(start, end)) or any(start < b and end > a for a, b in off):
            blocked.append(day)
        catalogue.append(
            pinned(pin, start, end, blocks, day, (cal.clock(day, start), cal.clock(day, end)), paid, grid, families)
        )
    member.blocked = tuple(blocked)


@dataclass
class _Rooted:
    """A member with its place in its group's graph: node and, by day, its options with their classes."""

    member: Member
    group: int
    graph: int
    root: int
    options: DayOptions  # per day: shifts, classes
    amounts: Ints  # [options of all days, sums] what each adds to the sums that go by what is read of it


def _graphs(
    groups: list[Group], catalogue: list[CompiledShift], desk: Conflicts, watch: _Watch
) -> tuple[list[BuiltGraph], list[_Rooted], list[Conflict]]:
    """The tour graphs of all groups, the agents that have a tour, and the conflicts of those that have none.

    Of rules whose sums are kept beside the graphs it is not known yet whether a tour keeps them.
    """
    room = Room(max(LEAST_CELLS, MOST_CELLS // max(1, len(groups))))
    graphs: list[BuiltGraph] = []
    rooted: list[_Rooted] = []
    conflicts: list[Conflict] = []
    numbers: dict[int, int] = {}
    for number, group in enumerate(groups):
        watch.look()
        built = build_graph(group, catalogue, room)
        graphs.append(built)
        # Groups with the same rules but for their sums share one graph.
        graph = numbers.setdefault(id(built.graph), len(numbers))
        plain: dict[int, DayOptions] = {}  # of agents with no days of their own, by what they may work
        added: dict[int, Ints] = {}  # what their options add to sums
        walked: dict[tuple[int, int], bool] = {}  # whether these have a tour, by root and what they may work
        for member in group.members:
            root = built.graph.roots[built.root_of(member)]
            same = id(member.allowed)
            if member.pins or any(member.credit):
                options = built.options_of(member)
                fits = root != DEAD and has_tour(built.graph, root, options)
            else:
                options = plain[same] if same in plain else plain.setdefault(same, built.options_of(member))
                if (root, same) not in walked:
                    walked[root, same] = root != DEAD and has_tour(built.graph, root, options)
                fits = walked[root, same]
            if member.blocked or not fits:
                conflicts.append(desk.of(member.agent, group.plan, group.calendar))
            else:
                known = added.get(id(options)) if options is plain.get(same) else None
                amounts = built.amounts_of(member, options) if known is None else known
                if options is plain.get(same):
                    added[id(options)] = amounts
                rooted.append(_Rooted(member, number, graph, root, options, amounts))
    return graphs, rooted, conflicts


LEAST_CELLS = 20_000_000
"""Room that a graph has, however many there are; see `MOST_CELLS`."""


@dataclass
class Room:
    """How large graphs may become, and what was worked out for one of them that serves others."""

    most_cells: int = MOST_CELLS
    tabulator: Tabulator = field(default_factory=Tabulator)
    way: int = 0  # how many of the ways to keep sums apart were given up for want of room
    shared: dict[Hashable, _Core] = field(default_factory=dict)


@dataclass(frozen=True)
class _Core:
    """A graph and how options are numbered in it."""

    graph: TourGraph
    classes: list[dict[tuple[Hashable, ...], int]]  # per day: what the rules read -> class
    plain: list[tuple[Ints, Smalls, int]]  # per day: shifts (in the group), their classes, class of a day off


@dataclass
class BuiltGraph:
    """A group's graph, how its agents' options are numbered in it, and the sums that are kept beside it."""

    core: _Core
    rules: tuple[TourRule, ...]  # those that the graph holds whole
    apart: Apart
    group: Group
    catalogue: list[CompiledShift]
    amounts: Amounts

    @property
    def graph(self) -> TourGraph:
        return self.core.graph

    def root_of(self, member: Member) -> tuple[Hashable, ...]:
        faces = faces_of(self.rules, self.apart)
        return tuple(face.start(member.rules) for face in faces)

    def amounts_of(self, member: Member, options: DayOptions) -> Ints:
        """What each option adds to the sums that go by what is read of it, [options of all days, sums]."""
        number = len(self.apart.rules) - self.apart.by_arc
        rows = [
            self.amounts.of(day, None if i == OFF else self.catalogue[i], member.credit[day.index])
            for day, (shifts, _) in zip(self.group.calendar.days, options, strict=True)
            for i in (shifts.tolist() if number else ())
        ]
        total = sum(len(shifts) for shifts, _ in options)
        return np.array(rows, np.int64).reshape(total, number) if number else np.zeros((total, 0), np.int64)

    def options_of(self, member: Member) -> DayOptions:
        """By day the catalogue numbers the agent may choose (OFF first where it may be off) and their classes."""
        options: DayOptions = []
        faces, classes_of = faces_of(self.rules, self.apart), self.core.classes
        for day in self.group.calendar.days:
            d = day.index
            if d in member.pins:
                pin = member.pins[d]
                klass = classes_of[d][reads_of(faces, day, self.catalogue[pin], member.credit[d])]
                options.append((np.array([pin], np.int32), np.array([klass], np.int32)))
                continue
            here, classes, off = self.core.plain[d]
            may = member.allowed[here]
            here, classes = here[may], classes[may]
            if member.credit[d]:
                off = classes_of[d][reads_of(faces, day, None, member.credit[d])]
                classes = np.array(
                    [
                        classes_of[d][reads_of(faces, day, self.catalogue[self.group.first + i], member.credit[d])]
                        for i in here
                    ],
                    np.int32,
                )
            shifts = np.concatenate(([OFF], here + self.group.first)).astype(np.int32)
            options.append((shifts, np.concatenate(([off], classes)).astype(np.int32)))
        return options

    def one_agent(self, member: Member, options: DayOptions, amounts: Ints) -> OneAgent:
        """The member by itself, with the limits of its sums."""
        from solver.cpsat.tour import OneAgent

        spans, limits = limits_of(self.apart, member.rules, self.graph, options, amounts)
        root = self.graph.roots[self.root_of(member)]
        return OneAgent(self.graph, root, options, amounts, spans, limits)


Face = TourRule | Rest


def faces_of(rules: Sequence[TourRule], apart: Apart) -> tuple[Face, ...]:
    """The automata that a graph is the product of: rules that it holds whole, then what is left of others."""
    return (*rules, *(Rest(rule) for rule in apart.rules[: apart.by_arc]))


def reads_of(faces: Sequence[Face], day: Day, shift: CompiledShift | None, credit: int) -> tuple[Hashable, ...]:
    """What each rule reads of this option."""
    worked = None if shift is None else shift.worked
    return tuple((f.rule if isinstance(f, Rest) else f).reads(day, worked, credit) for f in faces)


def build_graph(group: Group, catalogue: list[CompiledShift], room: Room) -> BuiltGraph:
    """The tour graph of a group, with as many of its rules as there is room for.

    Where there is too little, the sums of rules that add up over more than a week are kept apart, then all sums.

    Raises:
        TooManyStatesError: even without any sums the graph is too large.
    """
    rules, days = rules_of(group, catalogue), group.calendar.days
    ways = [
        frozenset[int](),
        frozenset(r for r, rule in enumerate(rules) if runs_long(rule, days)),
        frozenset(r for r, rule in enumerate(rules) if can_be_apart(rule)),
    ]
    while True:
        out = ways[room.way]
        kept = tuple(rule for r, rule in enumerate(rules) if r not in out)
        try:
            if room.way + 1 < len(ways) and too_many_to_try(kept, days, _some_reads(kept, group, catalogue)):
                raise TooManyStatesError
            summing = [rule for r, rule in enumerate(rules) if r in out and can_be_apart(rule)]
            summing.sort(key=lambda rule: rule.adds_by_read)
            apart = Apart(tuple(summing), tuple(unit_price_of(rule, group.rate) for rule in summing), days)
            return BuiltGraph(
                _core_of(kept, apart, group, catalogue, room), kept, apart, group, catalogue, Amounts(apart)
            )
        except TooManyStatesError:
            if room.way + 1 == len(ways):
                names = ", ".join(sorted({rule.kind for rule in kept}))
                raise TooManyStatesError(
                    f"The rules of work plan {group.plan.id!r} together have too many states ({names})."
                ) from None
            # What one group has no room for, no other one tries: all are treated alike.
            room.way += 1


def _some_reads(rules: Sequence[TourRule], group: Group, catalogue: list[CompiledShift]) -> list[list[Hashable]]:
    """By rule what it reads of a week's shifts, alike shifts asked once."""
    own = {}
    for shift in catalogue[group.first : group.first + group.count]:
        worked = shift.worked
        own[group.calendar.days[shift.day].weekday, worked.definition, worked.start_clock, worked.paid_minutes] = shift
    shifts = own.values()
    return [
        [rule.reads(group.calendar.days[shift.day], shift.worked, 0) for shift in shifts]
        if isinstance(rule, SummingRule)
        else []
        for rule in rules
    ]


def _core_of(
    kept: tuple[TourRule, ...], apart: Apart, group: Group, catalogue: list[CompiledShift], room: Room
) -> _Core:
    """The product of the automata; groups whose agents have nothing of their own in it share it."""
    faces = faces_of(kept, apart)
    own = any(member.pins or any(member.credit) for member in group.members)
    key = (
        tuple((face.model_dump_json(), _price_of(face, group.rate)) for face in faces),
        (group.first, group.count, id(group.calendar)),
        frozenset(tuple(face.start(member.rules) for face in faces) for member in group.members),
    )
    if own or key not in room.shared:
        core = _product(faces, apart.by_arc, group, catalogue, room)
        if own:
            return core
        room.shared[key] = core
    return room.shared[key]


def _price_of(face: Face, rate: int | None) -> int | None:
    return unit_price_of(face.rule if isinstance(face, Rest) else face, rate)


def _product(faces: tuple[Face, ...], apart: int, group: Group, catalogue: list[CompiledShift], room: Room) -> _Core:
    """Rules to tables, options to classes, tables to their product."""
    days = group.calendar.days
    by_day: list[list[int]] = [[] for _ in days]
    for i in range(group.count):
        by_day[catalogue[group.first + i].day].append(i)
    reads: list[dict[tuple[Hashable, ...], None]] = []
    seen: list[tuple[np.ndarray, list[tuple[Hashable, ...]], tuple[Hashable, ...]]] = []
    for day in days:
        off = reads_of(faces, day, None, 0)
        shifts = [reads_of(faces, day, catalogue[group.first + i], 0) for i in by_day[day.index]]
        seen.append((np.array(by_day[day.index], np.int64), shifts, off))
        today = dict.fromkeys([off, *shifts])
        for member in group.members:
            credit = member.credit[day.index]
            if day.index in member.pins:
                today[reads_of(faces, day, catalogue[member.pins[day.index]], credit)] = None
            elif credit:
                today[reads_of(faces, day, None, credit)] = None
                for i in by_day[day.index]:
                    if member.allowed[i]:
                        today[reads_of(faces, day, catalogue[group.first + i], credit)] = None
        reads.append(today)
    roots = {tuple(face.start(member.rules) for face in faces) for member in group.members}
    tables = [
        room.tabulator.table(
            face,
            _price_of(face, group.rate),
            days,
            [frozenset(read[r] for read in today) for today in reads],
            frozenset(root[r] for root in roots),
        )
        for r, face in enumerate(faces)
    ]
    columns: list[dict[tuple[int, ...], int]] = []
    classes: list[dict[tuple[Hashable, ...], int]] = []
    for d, today in enumerate(reads):
        column: dict[tuple[int, ...], int] = {}
        classes.append(
            {
                read: column.setdefault(
                    tuple(t.columns[d][part] for t, part in zip(tables, read, strict=True)), len(column)
                )
                for read in today
            }
        )
        columns.append(column)
    graph = combine(tables, sorted(roots, key=repr), [list(column) for column in columns], room.most_cells, apart)
    plain = [
        (here, np.array([classes[d][read] for read in shifts], np.int32), classes[d][off])
        for d, (here, shifts, off) in enumerate(seen)
    ]
    return _Core(graph, classes, plain)


def unit_price_of(rule: TourRule, rate: int | None) -> int | None:
    """Ticks that one breach of the rule costs; None forbids it."""
    if rule.priced_as == "pay":
        return int(rule.extra_rate * (rate or 0))
    return None if rule.cost is None else int(rule.cost * 10_000) * 60_000


def has_tour(graph: TourGraph, root: int, options: DayOptions) -> bool:
    """Whether any path through the graph takes only the agent's own options."""
    reached = np.zeros(graph.nodes[0], bool)
    reached[root] = True
    for layer, count, (_, classes) in zip(graph.layers, graph.nodes[1:], options, strict=True):
        after = np.zeros(count, bool)
        for klass in np.unique(classes):
            arcs = slice(layer.begin[klass], layer.begin[klass + 1])
            after[layer.target[arcs][reached[layer.source[arcs]]]] = True
        reached = after
        if not reached.any():
            return False
    return True


def _with_known_tours(
    model: Model, built: list[BuiltGraph], rooted: list[_Rooted], desk: Conflicts, watch: _Watch
) -> Model:
    """The model with a tour that keeps all sums for every agent who has some beside its graph.

    Whoever has no such tour is infeasible.
    """
    if model.infeasible or model.whole:
        return model
    from solver.cpsat.tour import find_tour
    from solver.kernels.known import known_tour
    from solver.kernels.tours import scratch_for

    scratch = scratch_for(model)
    by_id = {one.member.agent.id: one for one in rooted}
    conflicts: list[Conflict] = []
    met: dict[tuple[int, ...], Smalls] = {}  # by all that says which tours there are
    for a in np.flatnonzero(model.sums.row != OFF).tolist():
        watch.look()
        one = by_id[model.agents[a].id]
        same = one.graph, one.root, int(model.staff.choice[a]), int(model.sums.row[a])
        if same in met:
            model.sums.known[a] = met[same]
            continue
        group = built[one.group]
        agent = group.one_agent(one.member, one.options, one.amounts)
        tour = known_tour(model, a, scratch) if all(low <= high for low, high in agent.limits) else None
        if tour is None:
            answer = find_tour(agent, watch.stop)
            if not answer.known:
                raise Stopped
            tour = answer.tour
        if tour is None:
            conflicts.append(desk.of(one.member.agent, group.group.plan, group.group.calendar))
        else:
            model.sums.known[a] = met[same] = tour
    return replace(model, infeasible=tuple(conflicts))


def _assemble(
    request: RosterRequest,
    grid: Grid,
    period: Calendar,
    calendars: dict[str, Calendar],
    catalogue: list[CompiledShift],
    families: Families,
    groups: list[Group],
    built: list[BuiltGraph],
    rooted: list[_Rooted],
    conflicts: list[Conflict],
) -> Model:
    """Lays everything down as arrays, money in units."""
    order = {agent.id: row for row, agent in enumerate(request.agents)}
    rooted = sorted(rooted, key=lambda r: order[r.member.agent.id])
    agents = tuple(r.member.agent for r in rooted)
    graphs = list({id(one.graph): one.graph for one in built}.values())
    profile, heads = profiles_of(request, agents)
    fixed = _pinned_levels(request, rooted, catalogue, grid, heads, profile)
    unit = level_unit_of(heads, fixed)
    weight = np.array(heads, np.int32).reshape(len(heads), len(request.planning_groups)) // unit
    levels = (
        int((weight[profile].sum(axis=0) + (fixed // unit).max(axis=1, initial=0)).max(initial=0))
        + int(weight.max(initial=0))
        + 1
    )
    curve_of, curves = curves_of(request, requirement_of(request, period, grid), levels, unit, period, grid)
    goals = goals_of(request, period, grid, levels, unit)
    rate = np.array([ticks_per_hour_to_minute(a.hourly_cost) for a in agents], np.int64)
    preferences, preference, constant = _preferences(agents, calendars, request, grid)
    wishes, wish, unfulfilled = _wishes(request, rooted, groups, catalogue, calendars)
    constant += unfulfilled
    paid = np.array([s.worked.paid_minutes for s in catalogue], np.int64)
    sums, sum_row, arc_kinds = _sums(built, rooted, graphs, len(period.days))
    presence = _presence(request, agents, profile, len(heads), catalogue, period, grid, curves, unit)
    dearest = max(int(np.abs(curves).max(initial=1)), TICKS_PER_CURRENCY)
    kinds = kinds_of(request, catalogue, period, grid, dearest)
    teams = teams_of(request, agents, catalogue, dearest)
    parts = [
        curves,
        kinds.price,
        teams.price,
        presence.curves,
        preferences,
        wishes.cost,
        cycle_prices(groups),
        sums.prices,
        *(layer.price for graph in graphs for layer in graph.layers),
    ]
    common = gcd(0, *(int(np.gcd.reduce(part, axis=None)) for part in parts if part.size))
    common = (
        gcd(
            common,
            int(np.gcd.reduce(rate, axis=None) if rate.size else 0)
            * int(np.gcd.reduce(paid, axis=None) if paid.size else 0),
            constant,
        )
        or 1
    )
    if goals is not None:
        common = 1  # any price may be put on a contact outside a goal
    dearest = max(1, int(np.abs(np.diff(curves, axis=1)).max(initial=1)) // common)
    quantum = max(1, FINENESS // dearest)
    # A rate need not be a multiple of the common part, only rate times paid minutes is; so rates are kept per minute
    # in units of common / minutes, and the unit is made fine enough to hold them.
    fine = Fraction(quantum, common)
    while any((Fraction(int(r)) * fine).denominator != 1 for r in np.unique(rate)):
        quantum *= max((Fraction(int(r)) * fine).denominator for r in np.unique(rate))
        fine = Fraction(quantum, common)

    def units(ticks: Ints) -> Ints:
        return ticks // common * quantum

    tours = _lay_tours(graphs, units)
    options, option_kinds, choice = _lay_options(rooted, built, sums, len(period.days))
    return Model(
        request=request,
        grid=grid,
        days=request.planning_period.days,
        agents=agents,
        catalogue=tuple(catalogue),
        coverage=Coverage(
            curve_of,
            units(curves),
            (fixed // unit).astype(np.int32),
            weight.astype(np.int32),
            int(weight.max(initial=0)),
        ),
        shifts=_lay_shifts(catalogue, families, grid.step),
        breaks=_lay_breaks(families),
        tours=tours,
        options=options,
        staff=Staff(
            choice=choice,
            graph=np.array([r.graph for r in rooted], np.int32),
            root=np.array([r.root for r in rooted], np.int32),
            profile=profile,
            rate=np.array([int(Fraction(int(r)) * fine) for r in rate], np.int64),
            preference=preference,
            wish=wish,
        ),
        preferences=np.concatenate(
            [np.zeros((len(preferences), 1), np.int64), np.cumsum(units(preferences), axis=1)], axis=1
        ),
        wishes=wishes._replace(cost=units(wishes.cost)),
        sums=sums.laid(sum_row, option_kinds, arc_kinds, units),
        presence=presence._replace(curves=units(presence.curves)),
        kinds=kinds._replace(price=units(kinds.price)),
        teams=teams._replace(price=units(teams.price)),
        constant=constant // common * quantum,
        quantum=quantum,
        ticks_per_unit=Fraction(common, quantum),
        level_unit=unit,
        interchangeable=bool(np.isin(weight, (0, weight.max(initial=0))).all()),
        activities=max(
            (len(s.due) if s.definition is None else len(s.definition.activities) for s in catalogue), default=0
        ),
        time_off_minutes=tuple(sum(r.member.credit) for r in rooted),
        infeasible=tuple(conflicts),
        goals=goals,
        cycle=_cycle(groups, rooted, catalogue, units) if request.planning_period.cyclic else None,
        write_rules=lambda: _rule_tables(built, rooted, catalogue, len(period.days), units),
    )


def cycle_prices(groups: list[Group]) -> Ints:
    """Ticks that breaches of rules cost which are said beside the graphs."""
    prices = [unit_price_of(rule, group.rate) for group in groups if group.repeats for rule in _rules(group.plan)]
    return np.array([price for price in prices if price is not None], np.int64)


def _cycle(
    groups: list[Group], rooted: list[_Rooted], catalogue: list[CompiledShift], units: Callable[[Ints], Ints]
) -> Cycle:
    """The rules of a period that repeats."""
    books = []
    for group in groups:
        prices = [unit_price_of(rule, group.rate) for rule in _rules(group.plan)]
        own = [None if price is None else int(units(np.array([price]))[0]) for price in prices]
        books.append(tuple(zip(_rules(group.plan), own, strict=True)))
    return Cycle(catalogue, [books[one.group] for one in rooted], [one.member.rules for one in rooted])


def _presence(
    request: RosterRequest,
    agents: tuple[Agent, ...],
    profile: Smalls,
    profiles: int,
    catalogue: list[CompiledShift],
    period: Calendar,
    grid: Grid,
    curves: Ints,
    unit: int,
) -> Presence:
    """The rules of the roster, those that are hard so dear that nothing else is dearer."""
    rules = sum(isinstance(rule, CountRule) for rule in request.roster_rules)
    counted = np.zeros((rules, profiles), bool)
    for agent, row in zip(agents, profile.tolist(), strict=True):
        counted[:, row] = counted_by(request, agent)
    a_head = int(np.abs(np.diff(curves, axis=1)).max(initial=0)) * (WHOLE_HEAD // unit or 1)
    number = np.bincount(profile, minlength=profiles)
    return presence_of(request, counted, number, catalogue, period, grid, max(a_head, TICKS_PER_CURRENCY))


def _rule_tables(
    built: list[BuiltGraph],
    rooted: list[_Rooted],
    catalogue: list[CompiledShift],
    days: int,
    units: Callable[[Ints], Ints],
) -> RuleTables:
    """Every agent's rules, each by itself."""
    books = RuleBooks(catalogue, days, unit_price_of)
    return books.laid([books.add(one.group, built[one.group], one.member) for one in rooted], units)


def _pinned_levels(
    request: RosterRequest,
    rooted: list[_Rooted],
    catalogue: list[CompiledShift],
    grid: Grid,
    heads: list[tuple[int, ...]],
    profile: Smalls,
) -> Ints:
    """Thousandths of a head that pinned stretches on a named group bring, [groups, slots]."""
    index = {group.id: i for i, group in enumerate(request.planning_groups)}
    zone = ZoneInfo(request.time_zone)
    level = np.zeros((len(index), grid.slots), np.int64)
    for row, one in enumerate(rooted):
        for number in one.member.pins.values():
            pin = catalogue[number].pin
            for activity in pin.activities if pin is not None else ():
                if activity.category == "on_queue" and activity.planning_group_id is not None:
                    g = index[activity.planning_group_id]
                    begin, end = (grid.slot(t.utc_minute(zone)) for t in (activity.start, activity.end))
                    level[g, begin:end] += heads[profile[row]][g]
    return level


def _preferences(
    agents: tuple[Agent, ...], calendars: dict[str, Calendar], request: RosterRequest, grid: Grid
) -> tuple[Ints, Smalls, int]:
    """Rows of ticks per slot, each agent's row (OFF for none), and what they cost whoever never works."""
    rows: list[Ints] = []
    constant = 0
    preference = np.full(len(agents), OFF, np.int32)
    for row, agent in enumerate(agents):
        cal = calendars[agent.time_zone or request.time_zone]
        prices, fixed = choices.preference_prices(agent, cal, grid, ticks_per_hour_to_minute)
        constant += fixed
        if prices is not None:
            preference[row] = len(rows)
            rows.append(prices)
    return np.array(rows, np.int64).reshape(len(rows), grid.slots), preference, constant


def _wishes(
    request: RosterRequest,
    rooted: list[_Rooted],
    groups: list[Group],
    catalogue: list[CompiledShift],
    calendars: dict[str, Calendar],
) -> tuple[Wishes, Smalls, int]:
    """Ticks for each shift that an agent would rather work or not, each agent's row, and what all wishes cost unmet."""
    rows: dict[Hashable, int] = {}
    first: list[int] = []
    costs: list[Ints] = []
    wish = np.full(len(rooted), OFF, np.int32)
    start, _ = choices.shift_bounds(catalogue)
    names = np.array([shift.worked.definition for shift in catalogue], object)
    called = {name: names == name for name in set(names)}
    unmet = 0
    for number, one in enumerate(rooted):
        agent, group = one.member.agent, groups[one.group]
        meant = [p for p in agent.preferences if p.cost is not None]
        if not meant:
            continue
        cal = calendars[agent.time_zone or request.time_zone]
        pins = [pin for pin in one.member.pins.values() if pin >= 0]
        # A pinned shift lies elsewhere in the catalogue, so the row reaches up to it.
        low = min([group.first, *pins])
        high = max([group.first + group.count, *(pin + 1 for pin in pins)])
        key = (low, high, tuple(meant))
        named = {name: those[low:high] for name, those in called.items()}
        fixed, row = choices.wish_costs(meant, cal, start[low:high], named)
        unmet += fixed
        if key not in rows:
            rows[key] = len(rows)
            first.append(low)
            costs.append(row)
        wish[number] = rows[key]
    begin = np.concatenate(([0], np.cumsum([len(row) for row in costs]))).astype(np.int32)
    flat = np.concatenate([np.zeros(0, np.int64), *costs])
    return Wishes(begin, np.array(first, np.int32), flat), wish, unmet


def _lay_shifts(catalogue: list[CompiledShift], families: Families, step: int) -> Shifts:
    def column(values) -> np.ndarray:  # type: ignore[no-untyped-def]
        return np.array(list(values), np.int32)

    return Shifts(
        day=column(s.day for s in catalogue),
        start=column(s.start for s in catalogue),
        length=column(s.length for s in catalogue),
        paid=column(s.worked.paid_minutes for s in catalogue),
        family=column(s.family for s in catalogue),
        final=column(s.final.node for s in catalogue),
        end_low=column(s.final.end_low for s in catalogue),
        end_high=column(s.final.end_high for s in catalogue),
        durations=_durations(catalogue, families, step),
    )


def _durations(catalogue: list[CompiledShift], families: Families, step: int) -> np.ndarray:
    """Slots of each activity, [shifts, activities]."""
    edges = list(families)
    known: dict[Hashable, list[int]] = {}
    rows = []
    for shift in catalogue:
        # Definitions that start together share a family, so the family alone does not say how long an activity is.
        key = shift.family, shift.due, id(shift.definition)
        if key not in known:
            if shift.definition is not None:
                slots = {k: shift.definition.activities[k].minutes // step for k in shift.due}
            else:
                # A pinned shift without anything fixed in it has no family.
                own = edges[shift.family] if shift.family >= 0 else ()
                slots = {edge.activity: edge.duration for edge, _ in own}
            known[key] = [slots.get(k, 0) for k in range(max(slots, default=-1) + 1)]
        rows.append(known[key])
    table = np.zeros((len(catalogue), max(map(len, rows), default=0) or 1), np.int32)
    for n, row in enumerate(rows):
        table[n, : len(row)] = row
    return table


def _lay_breaks(families: Families) -> Breaks:
    edges = [list(family) for family in families]
    flat = [pair for family in edges for pair in family]

    def column(values) -> np.ndarray:  # type: ignore[no-untyped-def]
        return np.array(list(values), np.int32)

    return Breaks(
        family_edges=np.concatenate(([0], np.cumsum([len(family) for family in edges]))).astype(np.int32),
        source=column(edge.source for edge, _ in flat),
        target=column(target for _, target in flat),
        activity=column(edge.activity for edge, _ in flat),
        low=column(edge.low for edge, _ in flat),
        high=column(edge.high for edge, _ in flat),
        duration=column(edge.duration for edge, _ in flat),
        gap_low=column(edge.gap_low for edge, _ in flat),
        gap_high=column(edge.gap_high for edge, _ in flat),
    )


def _lay_tours(graphs: list[TourGraph], units) -> Tours:  # type: ignore[no-untyped-def]
    days = len(graphs[0].layers) if graphs else 0
    class_offset = np.zeros((len(graphs), days + 1), np.int32)
    layer = np.zeros((len(graphs), days + 2), np.int32)
    begins, sources, targets, prices = [], [], [], []
    arcs = classes = 0
    for g, graph in enumerate(graphs):
        layer[g, 1:] = np.cumsum(graph.nodes)
        for d, rows in enumerate(graph.layers):
            class_offset[g, d] = classes
            begins.append(rows.begin[:-1] + arcs)
            sources.append(rows.source + layer[g, d])
            targets.append(rows.target + layer[g, d + 1])
            prices.append(rows.price)
            arcs += len(rows.source)
            classes += len(rows.begin) - 1
        class_offset[g, days] = classes
    empty = np.zeros(0, np.int32)
    return Tours(
        class_offset=class_offset,
        arcs=np.concatenate([*begins, [arcs]]).astype(np.int32),
        source=np.concatenate([empty, *sources]).astype(np.int32),
        target=np.concatenate([empty, *targets]).astype(np.int32),
        price=units(np.concatenate([np.zeros(0, np.int64), *prices])),
        layer=layer,
    )


def _sums(
    built: list[BuiltGraph], rooted: list[_Rooted], graphs: list[TourGraph], days: int
) -> tuple[SumTables, Smalls, Smalls]:
    """What is kept beside the graphs: the tables, each agent's row in them, and the kind of each arc."""
    tables = SumTables(days)
    by_group: dict[int, list[_Rooted]] = {}
    for one in rooted:
        by_group.setdefault(one.group, []).append(one)
    most: dict[int, list[Ints]] = {}
    for number, group in enumerate(built):
        if group.apart.rules:
            most[number] = _most_added(group, by_group.get(number, []))
    row = np.full(len(rooted), OFF, np.int32)
    for a, one in enumerate(rooted):
        apart = built[one.group].apart
        if apart.rules:
            row[a] = tables.row_of(one.group, apart, one.member.rules, most[one.group])
    arc_kinds = [np.zeros(0, np.int32)]
    for graph in graphs:
        arc_kinds += [tables.kind_of(graph.amounts(layer.added)) for layer in graph.layers]
    return tables, row, np.concatenate(arc_kinds)


def _most_added(built: BuiltGraph, members: list[_Rooted]) -> list[Ints]:
    """By sum, the most that each day adds to it, in steps; fixes the steps."""
    apart = built.apart
    most = [np.zeros(len(apart.days), np.int64) for _ in apart.rules]
    apart.steps[:] = [1] * apart.by_arc + [
        gcd(0, *(int(np.gcd.reduce(one.amounts[:, k])) for one in members)) or 1
        for k in range(len(apart.rules) - apart.by_arc)
    ]
    for one in members:
        for k, daily in enumerate(most_a_day(apart, built.graph, one.options, one.amounts)):
            most[k] = np.maximum(most[k], daily // apart.steps[k])
    return most


def _lay_options(
    rooted: list[_Rooted], built: list[BuiltGraph], sums: SumTables, days: int
) -> tuple[Options, Smalls, Smalls]:
    """Equal choices once; a day's options lie together, the day off first and then by start.

    Returns:
        The options, the kind of each, and each agent's choice.
    """
    rows: dict[bytes, int] = {}
    choice = np.zeros(len(rooted), np.int32)
    begin, shifts, classes = [], [], []
    kinds = [np.zeros(0, np.int32)]
    total = 0
    written: dict[int, bytes] = {}
    for a, one in enumerate(rooted):
        if id(one.options) not in written:
            written[id(one.options)] = b"|".join(s.tobytes() + k.tobytes() for s, k in one.options)
        apart = built[one.group].apart
        own = one.amounts // np.array(apart.steps[apart.by_arc :], np.int64)
        kind = sums.kind_of(np.hstack([np.zeros((len(own), apart.by_arc), np.int64), own]))
        key = written[id(one.options)] + one.graph.to_bytes(4, "little") + kind.tobytes()
        if key not in rows:
            rows[key] = len(rows)
            kinds.append(kind)
            row = [total]
            for s, k in one.options:
                shifts.append(s)
                classes.append(k)
                total += len(s)
                row.append(total)
            begin.append(row)
        choice[a] = rows[key]
    empty = np.zeros(0, np.int32)
    return (
        Options(
            begin=np.array(begin, np.int32).reshape(len(begin), days + 1),
            shift=np.concatenate([empty, *shifts]).astype(np.int32),
            klass=np.concatenate([empty, *classes]).astype(np.int32),
        ),
        np.concatenate(kinds),
        choice,
    )

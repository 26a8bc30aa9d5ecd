"""What every engine works on: the request as arrays of integers.

Slots are intervals of the planning grid, counted from `Grid.origin`.
Money is in *units*: whole numbers, `Model.quantum` of which make the smallest amount by which two rosters can differ.
Nothing in here is changed once it is compiled.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from schemas.request import Agent, RosterRequest
    from solver.compile.cycle import Cycle
    from solver.compile.goals import Goals
    from solver.compile.grid import Grid
    from solver.compile.shifts import CompiledShift
    from solver.compile.teams import Teams

Ints = NDArray[np.int64]
Smalls = NDArray[np.int32]

OFF = -1
"""In the place of a shift's number: the agent has the day off."""


class Coverage(NamedTuple):
    """What heads are worth, per planning group and slot.

    A level is a number of heads in steps of `Model.level_unit` thousandths of a head.
    """

    curve_of: Smalls  # [groups, slots] row of `curves`
    curves: Ints  # [curves, levels] cost of a slot at each level: convex in the level
    base: Smalls  # [groups, slots] level brought by pinned stretches that name their group
    weight: Smalls  # [profiles, groups] levels that one agent of the profile brings; 0 = cannot serve the group
    unit: int  # the largest weight: every skill's where agents are interchangeable


class Shifts(NamedTuple):
    """The shift catalogue, one row a (definition, day, start, length)."""

    day: Smalls
    start: Smalls  # slot
    length: Smalls  # slots
    paid: Smalls  # minutes
    family: Smalls  # row of break families, OFF when nothing is to be placed
    final: Smalls  # node of the family at which all activities are placed
    end_low: Smalls  # the last activity ends at least so many slots after the start …
    end_high: Smalls  # … and at most so many
    durations: Smalls  # [shifts, activities] slots of each activity by its place in the definition, 0 where not due


class Breaks(NamedTuple):
    """Ways to place the activities of a shift, as small graphs walked from the shift's start.

    A node stands for the activities placed so far; its value is a function of the slot, counted from the shift's
    start, at which the last of them ended. An edge places one more activity.
    """

    family_edges: Smalls  # [families + 1] edges of a family, in an order in which they can be walked
    source: Smalls  # node, 0 = nothing placed yet
    target: Smalls  # node, counted within the family
    activity: Smalls  # index in the definition's list
    low: Smalls  # earliest start, slots from the shift's start
    high: Smalls  # latest start
    duration: Smalls  # slots
    gap_low: Smalls  # least slots since the end of the activity before (from the shift's start: baked into low, high)
    gap_high: Smalls


class Tours(NamedTuple):
    """The tour graphs: for each graph and day, for each class of shifts, the arcs that working such a shift takes.

    Nodes are numbered within a graph, layer by layer; every graph ends in one node.
    """

    class_offset: Smalls  # [graphs, days + 1] where a day's classes begin in `arcs`
    arcs: Smalls  # [classes + 1] where a class's arcs begin
    source: Smalls  # node within the graph
    target: Smalls
    price: Ints  # units
    layer: Smalls  # [graphs, days + 2] first node of each layer, and the number of nodes


class Options(NamedTuple):
    """What each agent may do on each day.

    Agents with the same work plan, availability and days of their own share a *choice*.
    """

    begin: Smalls  # [choices, days + 1] where a day's options begin
    shift: Smalls  # number in the catalogue, or OFF
    klass: Smalls  # class of the day in the choice's tour graph


class RuleTables(NamedTuple):
    """The rules of each agent, each by itself: a state before the day and a column give the state after it.

    Agents with the same rules and paid time off share a *book* of tables. Options that are alike to every rule of a
    book are of one *kind*.
    """

    book: Smalls  # [agents]
    rules: Smalls  # [books + 1] where a book's rules begin in the next four
    apart: NDArray[np.bool_]  # [rules] whether the tour graph does not hold the rule whole
    begin: Ints  # [rules, days] where a day's table begins in `follow`
    reads: Smalls  # [rules, days] columns of the day's table
    states: Smalls  # [rules, days + 1] states before each day, and at the end
    follow: Smalls  # state after the day by state and column, negative where the rule forbids it
    price: Ints  # units
    kind_of: Smalls  # [books, shifts] row of `column` for each shift of the catalogue, OFF for those of others
    kind_off: Smalls  # [books, days] for a day off
    column: Smalls  # [kinds, most rules of a book] column of each rule's table
    root: Smalls  # [agents, most rules of a book] state in which the agent's tour begins


class Staff(NamedTuple):
    """The agents, one row each."""

    choice: Smalls
    graph: Smalls
    root: Smalls  # node from which the agent's tour starts: says its history
    profile: Smalls
    rate: Ints  # units per paid minute
    preference: Smalls  # row of `preferences`, OFF when the agent has none
    wish: Smalls  # row of `wishes`, OFF when the agent has none


class Wishes(NamedTuple):
    """What the very shifts cost that an agent would rather work or not, a row for each set of such wishes.

    Shift `s` costs `cost[begin[row] + s - first[row]]` where that lies within the row, and nothing elsewhere.
    """

    begin: Smalls  # [rows + 1] where a row begins in `cost`
    first: Smalls  # [rows] number in the catalogue of the row's first shift
    cost: Ints  # units; negative for a shift that is wished for


class Sums(NamedTuple):
    """What rules add up that the graphs do not hold, because so many sums are possible.

    A row is for agents with the same rules and history. Each sum runs over spans, numbered within the row.
    """

    row: Smalls  # [agents] OFF where the agent's graph holds all its rules
    number: Smalls  # [rows] how many sums there are
    asks: NDArray[np.bool_]  # [rows, sums] whether any span has a least sum
    span: Smalls  # [rows, sums, days] the span that a day belongs to
    spans: Smalls  # [rows] how many spans there are
    low: Smalls  # [rows, spans] least sum that no hard rule forbids
    high: Smalls  # [rows, spans] greatest one
    begin: Ints  # [rows, spans] where the charges for the sums from `low` to `high` begin
    charge: Ints  # units, convex over a span's sums
    amount: Smalls  # [kinds, sums] what is added to each sum; the first kind adds nothing
    of_option: Smalls  # [options] kind
    of_arc: Smalls  # [arcs] kind
    known: Smalls  # [agents, days] a tour that keeps all limits


class Presence(NamedTuple):
    """Rules of the roster that count agents in each slot, as prices of the counts; empty where there are none."""

    where: Smalls  # [rules] 0 in a shift, 1 in a break or meal, 2 on queue
    hard: NDArray[np.bool_]  # [rules] whether a breach is forbidden; its price then only keeps the search away
    counted: NDArray[np.bool_]  # [rules, profiles] whose being there counts
    curve_of: Smalls  # [rules, slots] row of `curves`
    curves: Ints  # [curves, counts] units a slot, convex in the count
    away: NDArray[np.bool_]  # [shifts, activities] whether it is a break or meal
    named: NDArray[np.bool_]  # [shifts, activities] whether it is a pinned stretch on a named group, so on queue


class Kinds(NamedTuple):
    """Rules of how many kinds of shifts are worked; a kind is a clock time of the start with a length."""

    of_shift: Ints  # [shifts] kind, whatever its activities
    most: Ints  # [rules] kinds that cost nothing
    price: Ints  # [rules] units for each kind beyond
    hard: NDArray[np.bool_]  # [rules] whether more are forbidden; the price then only keeps the search away
    tell_breaks: NDArray[np.bool_]  # [rules] whether shifts with activities at other times are of other kinds


class Problem(NamedTuple):
    """The arrays of a model in one hand, for the kernels."""

    coverage: Coverage
    shifts: Shifts
    breaks: Breaks
    tours: Tours
    options: Options
    staff: Staff
    preferences: Ints
    wishes: Wishes
    sums: Sums
    presence: Presence
    interchangeable: bool


@dataclass(frozen=True)
class Model:
    """A request made ready for the engines; agents without any allowed tour are left out and named in `infeasible`."""

    request: RosterRequest
    grid: Grid
    days: int
    agents: tuple[Agent, ...]  # those that are scheduled, in the order of the rows of `staff`
    catalogue: tuple[CompiledShift, ...]  # the rows of `shifts`, in words
    coverage: Coverage
    shifts: Shifts
    breaks: Breaks
    tours: Tours
    options: Options
    staff: Staff
    preferences: Ints  # [rows, slots + 1] running sums of units for being in a shift
    wishes: Wishes
    sums: Sums
    presence: Presence
    kinds: Kinds
    teams: Teams
    constant: int  # units that every roster costs
    quantum: int
    ticks_per_unit: Fraction
    level_unit: int
    interchangeable: bool  # every skill counts as one whole head, so agents can be swapped between groups freely
    activities: int  # most activities in one shift
    time_off_minutes: tuple[int, ...]  # paid time off of each agent within the period
    infeasible: tuple[Conflict, ...] = ()
    goals: Goals | None = None  # of planning groups that have a service goal
    cycle: Cycle | None = None  # the rules of a period that repeats
    write_rules: Callable[[], RuleTables] | None = None  # writes the rules out as tables, for those who need them

    @property
    def whole(self) -> bool:
        """Whether the tour graphs hold every rule."""
        return bool((self.sums.row == OFF).all())

    @property
    def tied(self) -> bool:
        """Whether rules of the roster count agents, or tie them to each other's shifts."""
        return bool(len(self.presence.where) or self.teams.members)

    @cached_property
    def rules(self) -> RuleTables:
        """The rules as tables, each by itself; written out when they are first asked for."""
        assert self.write_rules is not None, "The model was not compiled from a request."
        return self.write_rules()

    @property
    def problem(self) -> Problem:
        return Problem(
            self.coverage,
            self.shifts,
            self.breaks,
            self.tours,
            self.options,
            self.staff,
            self.preferences,
            self.wishes,
            self.sums,
            self.presence,
            self.interchangeable,
        )

    @property
    def slots(self) -> int:
        return self.grid.slots

    @property
    def groups(self) -> int:
        return int(self.coverage.weight.shape[1])

    @property
    def cyclic(self) -> bool:
        """Whether what runs past the end of the period covers its beginning."""
        return self.request.planning_period.cyclic

    def liking(self, agent: int, shift: Smalls) -> Ints:
        """Units that preferences cost the agent for each of these shifts, none of them OFF."""
        costs = np.zeros(len(shift), np.int64)
        if self.staff.preference[agent] != OFF:
            row = self.preferences[self.staff.preference[agent]]
            start = self.shifts.start[shift]
            costs += row[start + self.shifts.length[shift]] - row[start]
        wish = int(self.staff.wish[agent])
        if wish != OFF:
            begin, end = int(self.wishes.begin[wish]), int(self.wishes.begin[wish + 1])
            place = begin + shift - int(self.wishes.first[wish])
            inside = (place >= begin) & (place < end)
            costs[inside] += self.wishes.cost[place[inside]]
        return costs

    def money(self, units: int) -> Fraction:
        """Units in the request's currency."""
        from schemas.money import TICKS_PER_CURRENCY

        return units * self.ticks_per_unit / TICKS_PER_CURRENCY


@dataclass(frozen=True)
class Conflict:
    """An agent that no tour fits, and the fewest of its own rules and dates that together forbid them all."""

    agent_id: str
    parts: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Tour:
    """A way to work the period: the number of each day's shift, where its activities start, its own cost in units."""

    shift: Smalls  # [days]
    starts: Smalls  # [days, activities]
    cost: int

    @property
    def key(self) -> bytes:
        """Equal for equal tours."""
        return tour_key(self.shift, self.starts)


def tour_key(shift: Smalls, starts: Smalls) -> bytes:
    """Equal for tours with the same shifts and activities."""
    return shift.tobytes() + starts.tobytes()


@dataclass
class Plan:
    """A roster in the engines' words: each agent's shift of each day and where its activities start."""

    shift: Smalls  # [agents, days] number in the catalogue, or OFF
    starts: Smalls  # [agents, days, activities] slot by the activity's place in the definition, or OFF
    group: NDArray[np.int8] | None = None  # [agents, slots] planning group served, or OFF

    @classmethod
    def empty(cls, model: Model) -> Plan:
        agents = len(model.agents)
        return cls(
            shift=np.full((agents, model.days), OFF, np.int32),
            starts=np.full((agents, model.days, max(1, model.activities)), OFF, np.int32),
        )

    def copy(self) -> Plan:
        return Plan(self.shift.copy(), self.starts.copy(), None if self.group is None else self.group.copy())

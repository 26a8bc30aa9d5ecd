"""The shift catalogue: every (definition, day, start, length) that a work plan knows, on one zone's clock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from schemas.request import PinnedShift, ShiftDefinition, WorkPlan
from solver.compile.breaks import ANY, Edge, FamilyBuilder, Final, due, place
from solver.compile.grid import Calendar, Grid
from solver.rules.base import Worked

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class CompiledShift:
    """A shift that an agent may work, or a pinned one (`pin` tells which)."""

    definition: ShiftDefinition | None
    day: int
    start: int  # slot
    length: int  # slots
    worked: Worked
    family: int
    final: Final
    due: tuple[int, ...]  # places of its activities in the definition's list
    pin: PinnedShift | None = None


@dataclass(frozen=True)
class Layout:
    """What shifts with one start have in common: their break family, and each one's way out."""

    family: int
    lengths: tuple[tuple[ShiftDefinition, int, Final], ...]  # definition, minutes, way out


class Families:
    """The break families of a whole model, equal ones kept once."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[tuple[Edge, int], ...], int] = {}
        self._layouts: dict[tuple[object, ...], Layout] = {}

    def number(self, builder: FamilyBuilder) -> int:
        """The family's number, -1 for one that places nothing."""
        key = builder.key()
        return self._numbers.setdefault(key, len(self._numbers)) if key else -1

    def layout(self, definitions: list[ShiftDefinition], clocks: Sequence[int], step: int) -> Layout:
        """The layout of these definitions' shifts; starts that see the same windows get the same one."""
        on_clock = any(a.clock is not None for d in definitions for a in d.activities)
        key = (step, *map(id, definitions), *(clocks if on_clock else ()))
        known = self._layouts.get(key)
        if known is None:
            known = self._layouts[key] = self._lay(definitions, clocks, step)
        return known

    def _lay(self, definitions: list[ShiftDefinition], clocks: Sequence[int], step: int) -> Layout:
        builder = FamilyBuilder()
        placed = [
            (definition, minutes, place(builder, definition, minutes, clocks, step))
            for definition in definitions
            for minutes in lengths_of(definition, step)
        ]
        lengths = tuple((definition, minutes, final) for definition, minutes, final in placed if final is not None)
        return Layout(self.number(builder), lengths)

    def __iter__(self) -> Iterator[tuple[tuple[Edge, int], ...]]:
        return iter(self._numbers)


def lengths_of(definition: ShiftDefinition, step: int) -> range:
    """The lengths in minutes that the definition allows."""
    lengths = definition.length_minutes
    return range(lengths.min, lengths.max + 1, lengths.increment or step)


def shifts_of(plan: WorkPlan, calendar: Calendar, grid: Grid, families: Families) -> list[CompiledShift]:
    """Every shift of the work plan whose activities can be placed, by day, start and length."""
    shifts: list[CompiledShift] = []
    for day in calendar.days:
        today = [d for d in plan.shifts if WEEKDAYS[day.weekday] in d.days]
        starts = sorted({clock for d in today for clock in _start_clocks(d, grid.step)})
        for clock in starts:
            start, exists = calendar.utc(day.index, clock)
            if exists and (start - grid.origin) % grid.step == 0:
                here = [d for d in today if clock in _start_clocks(d, grid.step)]
                shifts.extend(_shifts_at(here, day.index, clock, start, calendar, grid, families))
    return shifts


def _start_clocks(definition: ShiftDefinition, step: int) -> range:
    window = definition.start
    return range(window.earliest, window.latest + 1, window.increment_minutes or step)


def _shifts_at(
    definitions: list[ShiftDefinition],
    day: int,
    clock: int,
    start: int,
    calendar: Calendar,
    grid: Grid,
    families: Families,
) -> list[CompiledShift]:
    """The shifts of all definitions with this start."""
    longest = max(d.length_minutes.max for d in definitions)
    clocks = calendar.clocks(day, start, longest // grid.step + 1, grid.step)
    layout = families.layout(definitions, clocks, grid.step)
    return [
        CompiledShift(
            definition=definition,
            day=day,
            start=grid.slot(start),
            length=minutes // grid.step,
            worked=Worked(
                start,
                start + minutes,
                paid_minutes(definition, minutes),
                definition.id,
                clock,
                clocks[minutes // grid.step],
            ),
            family=layout.family if final.node else -1,
            final=final,
            due=tuple(due(definition, minutes)),
        )
        for definition, minutes, final in layout.lengths
        if _stops_in_time(definition, clocks[minutes // grid.step])
    ]


def _stops_in_time(definition: ShiftDefinition, clock: int) -> bool:
    stop = definition.stop
    return stop is None or (
        (stop.earliest is None or stop.earliest <= clock) and (stop.latest is None or clock <= stop.latest)
    )


def paid_minutes(definition: ShiftDefinition, minutes: int) -> int:
    """Length less the unpaid activities that are due."""
    return minutes - sum(
        definition.activities[i].minutes for i in due(definition, minutes) if not definition.activities[i].paid
    )


def pinned(
    pin: PinnedShift,
    start: int,
    end: int,
    blocks: list[tuple[int, int]],
    day: int,
    clocks: tuple[int, int],
    paid: int,
    grid: Grid,
    families: Families,
) -> CompiledShift:
    """A pinned shift: what is not to be counted as coverage by the search is laid down as fixed blocks.

    Args:
        pin: the shift as the request has it.
        start: UTC minute.
        end: UTC minute.
        blocks: (first slot from the shift's start, slots) of every stretch that is not free on-queue time.
        day: the day it belongs to.
        clocks: what the agent's clock shows at the start and at the end.
        paid: its paid minutes.
        grid: the planning grid.
        families: where the blocks are laid down.
    """
    builder = FamilyBuilder()
    node = 0
    for index, (offset, slots) in enumerate(blocks):
        node = builder.node(frozenset((Edge(node, index, offset, offset, slots, 0, ANY),)))
    length = (end - start) // grid.step
    return CompiledShift(
        definition=None,
        day=day,
        start=grid.slot(start),
        length=length,
        worked=Worked(start, end, paid, pin.work_plan_shift_id, *clocks),
        family=families.number(builder),
        final=Final(node, 0, length),
        due=tuple(range(len(blocks))),
        pin=pin,
    )

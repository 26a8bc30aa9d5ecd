"""What each agent may do on each day: availability, time off and pinned shifts against the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from schemas.money import ticks
from schemas.request import Agent, Availability, PinnedShift, Preference
from solver.compile.grid import Calendar, Grid
from solver.compile.shifts import WEEKDAYS, CompiledShift


@dataclass(frozen=True)
class Windows:
    """Stretches of UTC minutes, sorted, none touching another."""

    spans: tuple[tuple[int, int], ...]

    def hold(self, start: int, end: int) -> bool:
        return any(a <= start and end <= b for a, b in self.spans)


@dataclass(frozen=True)
class Credit:
    """Paid time off as the rules see it: minutes by day."""

    minutes: tuple[int, ...]


def availability_of(windows: tuple[Availability, ...], calendar: Calendar) -> Windows | None:
    """The times at which the agent can work, None when that is always.

    Days before and after the period are looked at too: a shift may run past the last midnight.
    """
    if not windows:
        return None
    days = len(calendar.days)
    first = calendar.days[0]
    spans = []
    for day in range(-2, days + 3):
        weekday = WEEKDAYS[(first.date + timedelta(days=day)).weekday()]
        for window in windows:
            if weekday in window.days:
                span = calendar.utc(day, window.from_)[0], calendar.utc(day, window.to)[0]
                spans.append(span)
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return Windows(tuple(joined))


def time_off_of(agent: Agent, calendar: Calendar) -> tuple[tuple[tuple[int, int], ...], tuple[int, ...]]:
    """The agent's time off in UTC minutes, and the paid minutes it brings to each day."""
    spans = []
    credit = [0] * len(calendar.days)
    for off in agent.time_off:
        start, end = off.start.utc_minute(calendar.written), off.end.utc_minute(calendar.written)
        spans.append((start, end))
        touched = next((d.index for d in calendar.days if start < d.ends_at and end > d.starts_at), None)
        if touched is not None:
            credit[touched] += off.paid_minutes
    return tuple(spans), tuple(credit)


def allowed_shifts(
    start: NDArray[np.int64], end: NDArray[np.int64], available: Windows | None, off: tuple[tuple[int, int], ...]
) -> NDArray[np.bool_]:
    """Which shifts of a catalogue lie wholly in the availability and clear of all time off."""
    allowed = np.ones(len(start), bool)
    if available is not None:
        allowed[:] = False
        for a, b in available.spans:
            allowed |= (start >= a) & (end <= b)
    for a, b in off:
        allowed &= (end <= a) | (start >= b)
    return allowed


def pin_day(pin: PinnedShift, calendar: Calendar) -> tuple[int, int, int]:
    """The day a pinned shift belongs to, and its start and end in UTC minutes."""
    start, end = pin.start.utc_minute(calendar.written), pin.end.utc_minute(calendar.written)
    day = next(d.index for d in calendar.days if d.starts_at <= start < d.ends_at)
    return day, start, end


def preference_prices(agent: Agent, calendar: Calendar, grid: Grid, per_minute) -> tuple[NDArray[np.int64] | None, int]:  # type: ignore[no-untyped-def]
    """Ticks for being in a shift in each slot, and the ticks that the preferences cost an agent who never works."""
    if all(preference.cost_per_hour is None for preference in agent.preferences):
        return None, 0
    prices = np.zeros(grid.slots, np.int64)
    constant = 0
    for preference in agent.preferences:
        if preference.cost_per_hour is None:
            continue
        start, end = preference.start.utc_minute(calendar.written), preference.end.utc_minute(calendar.written)
        price = per_minute(preference.cost_per_hour)
        sign = 1 if preference.kind == "avoid" else -1
        if sign < 0:
            constant += price * (end - start)
        low, high = max(0, grid.slot(start)), min(grid.slots - 1, grid.slot(end - 1))
        for slot in range(low, high + 1):
            minute = grid.minute(slot)
            prices[slot] += sign * price * (min(end, minute + grid.step) - max(start, minute))
    return prices, constant


def wish_costs(
    wishes: list[Preference], calendar: Calendar, start: NDArray[np.int64], named: dict[str, NDArray[np.bool_]]
) -> tuple[int, NDArray[np.int64]]:
    """Ticks that the wishes cost whoever works none of the shifts, and ticks that each shift adds to that.

    Args:
        wishes: what is wished for at a cost.
        calendar: the agent's.
        start: the UTC minute at which each shift starts.
        named: by the name of a shift, which ones are called so.
    """
    costs = np.zeros(len(start), np.int64)
    fixed = 0
    for wish in wishes:
        assert wish.cost is not None
        first, end = wish.start.utc_minute(calendar.written), wish.end.utc_minute(calendar.written)
        price = ticks(wish.cost)
        fixed += price if wish.kind == "prefer" else 0
        meant = (start >= first) & (start < end)
        if wish.shift_ids:
            meant &= np.any([named[name] for name in wish.shift_ids if name in named], axis=0)
        costs[meant] += price if wish.kind == "avoid" else -price
    return fixed, costs


def pinned_blocks(pin: PinnedShift, start: int, grid: Grid, calendar: Calendar) -> list[tuple[int, int]]:
    """The stretches of a pinned shift that bring no free on-queue time: activities, and stretches on a named group."""
    blocks = []
    for activity in pin.activities:
        if activity.category != "on_queue" or activity.planning_group_id is not None:
            begin = activity.start.utc_minute(calendar.written)
            blocks.append(
                ((begin - start) // grid.step, (activity.end.utc_minute(calendar.written) - begin) // grid.step)
            )
    return blocks


def pinned_paid_minutes(pin: PinnedShift, start: int, end: int, calendar: Calendar) -> int:
    """Length less what is marked unpaid."""
    zone = calendar.written
    return (
        end
        - start
        - sum(
            a.end.utc_minute(zone) - a.start.utc_minute(zone)
            for a in pin.activities
            if a.category != "on_queue" and a.paid is False
        )
    )


def shift_bounds(catalogue: list[CompiledShift]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Starts and ends of a catalogue in UTC minutes."""
    return (
        np.array([s.worked.start for s in catalogue], np.int64),
        np.array([s.worked.end for s in catalogue], np.int64),
    )

"""Predicted service by simulation: contacts played against the roster one by one, many times over.

Unlike the formulas it knows that a queue left by one interval is there in the next, that an agent who goes on a break
finishes the contact first, and that an agent with several skills helps out where somebody waits.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from schemas.prediction import (
    Estimate,
    Simulated,
    SimulatedDay,
    SimulatedGroup,
    SimulatedInterval,
    SimulatedSpan,
    Simulation,
)
from schemas.request import RosterRequest
from schemas.roster import Roster
from schemas.staffing import StaffingRequest
from solver.kernels.calls import Changes, Contacts, play
from solver.prediction.formulas import groups_with_work
from solver.prediction.presence import Stretch, proficiencies, stretches
from solver.staffing.erlang import Floats
from solver.staffing.requirements import Group, written

CONFIDENCE = 0.95


def simulate(
    request: RosterRequest,
    roster: Roster,
    work: StaffingRequest,
    how: Simulation,
    stop: Callable[[], bool] = lambda: False,
    first: int = 0,
) -> Simulated:
    """Plays the work against the roster; stopped, it gives what the runs so far say, two at least.

    Work that can wait is left out: nobody waits for it on the line. The period begins with each planning group's
    interval of the number `first`, for those who want no empty start in it.
    """
    began = time.monotonic()
    groups = [group for group in groups_with_work(request, work) if not group.waits]
    floor = Floor.of(request, list(stretches(request, roster)), groups, how.routing)
    draw = np.random.default_rng(how.seed)
    runs: list[Tally] = []
    while len(runs) < how.runs and (len(runs) < 2 or not stop()):
        runs.append(floor.play(floor.draw(draw, how.arrivals)))
    contacts = sum(float(run.volume.sum()) for run in runs)
    return Simulated(
        runs=len(runs),
        contacts=round(contacts),
        seconds=round(time.monotonic() - began, 2),
        planning_groups=tuple(_of_group(floor, place, runs) for place in range(len(groups))),
        period=SimulatedSpan(**_span(floor, runs, floor.number >= first)),
    )


@dataclass(frozen=True)
class Tally:
    """What became of the contacts of one run, by the cell in which they came: an interval of a planning group."""

    volume: Floats
    within: Floats  # answered within the goal's seconds
    gone: Floats
    wait: Floats  # seconds, of all
    busy: Floats  # seconds of agents, where they were spent


@dataclass(frozen=True)
class Floor:
    """The agents of a roster, the work, and how the one meets the other; the intervals of all groups in one line."""

    groups: Sequence[Group]
    changes: Changes
    speed: Floats
    places: NDArray[np.int64]
    slowdown: Floats
    begin: Floats  # seconds, by cell
    group_of: NDArray[np.int64]  # by cell
    staff: Floats  # seconds of agents, by cell

    @classmethod
    def of(cls, request: RosterRequest, present: Sequence[Stretch], groups: Sequence[Group], routing: str) -> Floor:
        """The floor; with the routing `assigned` nobody serves but where the roster says."""
        names = {group.name: place for place, group in enumerate(groups)}
        skills = proficiencies(request)
        speed = np.zeros((len(request.agents), len(groups)))
        if routing == "skills":
            for agent, own in enumerate(skills):
                for name, brings in own.items():
                    if name in names:
                        speed[agent, names[name]] = brings
        step = groups[0].step if groups else 1
        begin = np.array([60.0 * minute for group in groups for minute in group.minutes])
        of = np.array([place for place, group in enumerate(groups) for _ in group.minutes], dtype=np.int64)
        staff = np.zeros(begin.size)
        for one in present:
            if one.group in names:
                cells = np.flatnonzero(of == names[one.group])
                overlap = np.minimum(60.0 * one.end, begin[cells] + 60 * step) - np.maximum(
                    60.0 * one.start, begin[cells]
                )
                staff[cells] += np.maximum(overlap, 0)
        goals = [group.goals for group in groups]
        return cls(
            groups=groups,
            changes=_changes([one for one in present if one.group in names], names),
            speed=speed,
            places=np.array([goal.concurrency for goal in goals], dtype=np.int64),
            slowdown=np.array([goal.slowdown_percent / 100 for goal in goals]),
            begin=begin,
            group_of=of,
            staff=staff,
        )

    @property
    def cells(self) -> int:
        """Intervals of all groups."""
        return int(self.begin.size)

    @property
    def number(self) -> NDArray[np.int64]:
        """The place of each cell among its planning group's."""
        return np.concatenate([np.arange(len(group.minutes)) for group in self.groups] or [np.zeros(0, np.int64)])

    @property
    def width(self) -> float:
        """Seconds of an interval."""
        return 60.0 * self.groups[0].step if self.groups else 0.0

    def draw(self, random: np.random.Generator, arrivals: str) -> tuple[Contacts, NDArray[np.int64]]:
        """Contacts in order of arrival, and the cells in which they come."""
        volumes = np.concatenate([group.volumes for group in self.groups]) if self.groups else np.zeros(0)
        counts = random.poisson(volumes) if arrivals == "random" else np.rint(volumes).astype(np.int64)
        cell = np.repeat(np.arange(self.cells), counts)
        at = self.begin[cell] + self.width * random.random(cell.size)
        order = np.argsort(at, kind="stable")
        cell, at = cell[order], at[order]
        aht = np.concatenate([group.aht for group in self.groups]) if self.groups else np.zeros(0)
        patience = np.array([group.goals.patience_seconds or np.inf for group in self.groups])
        waits = random.exponential(size=cell.size) * patience[self.group_of[cell]]
        return Contacts(at, self.group_of[cell], random.exponential(size=cell.size) * aht[cell], waits), cell

    def play(self, drawn: tuple[Contacts, NDArray[np.int64]]) -> Tally:
        """One run."""
        contacts, cell = drawn
        order = np.argsort(contacts.group, kind="stable").astype(np.int64)
        first = np.concatenate([[0], np.cumsum(np.bincount(contacts.group, minlength=len(self.groups)))]).astype(
            np.int64
        )
        played = play(contacts, self.changes, self.speed, self.places, self.slowdown, order, first)
        taken = ~np.isnan(played.answered)
        # Who is still waiting when nobody comes any more has waited as long as contacts come.
        last = max(float(self.begin.max()) + self.width, float(contacts.at[-1]) if contacts.at.size else 0.0)
        wait = np.where(taken, played.answered, np.minimum(played.ended, np.maximum(last, contacts.at))) - contacts.at
        limits = np.array(
            [g.goals.service_goal.within_seconds if g.goals.service_goal else np.inf for g in self.groups]
        )
        within = taken & (wait <= limits[contacts.group])
        return Tally(
            volume=np.bincount(cell, minlength=self.cells).astype(np.float64),
            within=self._sum(cell, within),
            gone=self._sum(cell, ~taken),
            wait=self._sum(cell, wait),
            busy=self._busy(contacts.group[taken], played.answered[taken], played.ended[taken]),
        )

    def _sum(self, cell: NDArray[np.int64], weights: NDArray[Any]) -> Floats:
        return np.asarray(np.bincount(cell, weights=weights, minlength=self.cells), dtype=np.float64)

    def _busy(self, group: NDArray[np.int64], start: Floats, end: Floats) -> Floats:
        """Seconds on contacts in each cell, however many a contact goes through."""
        found = np.zeros(self.cells)
        for place in range(len(self.groups)):
            cells = np.flatnonzero(self.group_of == place)
            cells = cells[np.argsort(self.begin[cells])]
            some = group == place
            edges = self.begin[cells]
            # Time on contacts up to an instant is the sum of what has begun less what has ended by then.
            for_, sign = (start[some], end[some]), (1.0, -1.0)
            for times, way in zip(for_, sign, strict=True):
                times = np.sort(times)
                sums = np.concatenate([[0.0], np.cumsum(times)])
                up_to = [_area(times, sums, edge) for edge in (edges, edges + self.width)]
                found[cells] += way * (up_to[1] - up_to[0])
        return found


def _area(times: Floats, sums: Floats, edges: Floats) -> Floats:
    """For each edge the time since all instants before it, added up."""
    place = np.searchsorted(times, edges)
    return np.asarray(place * edges - sums[place], dtype=np.float64)


def _changes(present: Sequence[Stretch], names: dict[str, int]) -> Changes:
    """Agents going on queue and off; one who goes on with the next stretch at once does not go off."""
    starts = {(one.agent, one.start) for one in present}
    told = [(one.start, 1, one.agent, names[one.group]) for one in present]
    told += [(one.end, 0, one.agent, -1) for one in present if (one.agent, one.end) not in starts]
    told.sort()
    return Changes(
        at=np.array([60.0 * minute for minute, _, _, _ in told]),
        agent=np.array([agent for _, _, agent, _ in told], dtype=np.int64),
        group=np.array([group for _, _, _, group in told], dtype=np.int64),
    )


def _of_group(floor: Floor, place: int, runs: Sequence[Tally]) -> SimulatedGroup:
    group, own = floor.groups[place], floor.group_of == place
    cells = np.flatnonzero(own)
    dates = [datetime.fromtimestamp(minute * 60, UTC).astimezone(group.zone).date() for minute in group.minutes]
    return SimulatedGroup(
        id=group.name,
        intervals=tuple(_intervals(floor, group, cells, runs)),
        days=tuple(
            SimulatedDay(date=day, **_span(floor, runs, own & _on(day, dates, cells, floor.cells)))
            for day in sorted(set(dates))
        ),
        period=SimulatedSpan(**_span(floor, runs, own)),
    )


def _on(day: date, dates: Sequence[date], cells: NDArray[np.int64], number: int) -> NDArray[np.bool_]:
    found = np.zeros(number, dtype=bool)
    found[cells] = [one == day for one in dates]
    return found


def _intervals(
    floor: Floor, group: Group, cells: NDArray[np.int64], runs: Sequence[Tally]
) -> Iterator[SimulatedInterval]:
    for cell, interval, minute in zip(cells, group.goals.intervals, group.minutes, strict=True):
        span = _span(floor, runs, np.array([cell]))
        yield SimulatedInterval(start=written(interval.start, minute, group.zone), **span)


def _span(floor: Floor, runs: Sequence[Tally], some: NDArray[np.bool_] | NDArray[np.int64]) -> dict[str, Any]:
    """Estimates over some cells; shares are of the contacts of a run."""
    sums = {
        name: np.array([getattr(run, name)[some].sum() for run in runs])
        for name in ("volume", "within", "gone", "wait", "busy")
    }
    volume = np.where(sums["volume"] > 0, sums["volume"], np.nan)
    staff = float((floor.staff[some] * floor.places[floor.group_of[some]]).sum())
    goals = {place for place, group in enumerate(floor.groups) if group.goals.service_goal is not None}
    has_goal = goals >= set(floor.group_of[some].tolist())
    none = np.full(len(runs), np.nan)
    return {
        "volume": _estimate(sums["volume"], 2),
        "service_level_percent": _estimate(100 * sums["within"] / volume if has_goal else none, 3),
        "mean_wait_seconds": _estimate(sums["wait"] / volume, 3),
        "abandonment_percent": _estimate(100 * sums["gone"] / volume, 3),
        "occupancy_percent": _estimate(100 * sums["busy"] / staff if staff else none, 2),
        "outside_goal": _estimate(sums["volume"] - sums["within"] if has_goal else none, 2),
    }


def _estimate(values: Floats, digits: int) -> Estimate | None:
    """Mean and confidence interval of what the runs gave; runs without any are left out."""
    told = values[~np.isnan(values)]
    if told.size == 0:
        return None
    mean = float(told.mean())
    half = _student(told.size - 1) * float(told.std(ddof=1)) / told.size**0.5 if told.size > 1 else 0.0
    return Estimate(mean=round(mean, digits), low=round(mean - half, digits), high=round(mean + half, digits))


def _student(freedom: int) -> float:
    """Quantile of Student's t, from the normal one (E. A. Cornish, R. A. Fisher, 1938; within 1 % from 3 up)."""
    if freedom == 1:
        return 12.706
    if freedom == 2:
        return 4.303
    z, n = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2), freedom
    terms = (z**3 + z) / 4, (5 * z**5 + 16 * z**3 + 3 * z) / 96, (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return float(z + sum(term / n**power for power, term in enumerate(terms, start=1)))

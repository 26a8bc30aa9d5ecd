"""Work that can wait, as mail: agents that do it all in time, and what given agents get done.

Work is counted in agent-intervals and flows evenly: what came first is done first, and agents never idle while some is
left. What comes in an interval may be done in it, and is due so long after the interval's start.

How much is done by the end of each interval is a line between two others: not more than has come, not less than is
due. The line that is pulled taut between them has the lowest peak, and the evenest staff, of all.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

_HAIR = 1e-9


@dataclass(frozen=True)
class Work:
    """What comes in each interval, in order of time; `starts` are minutes, `arrivals` agent-intervals of work."""

    starts: Sequence[int]
    arrivals: Sequence[float]
    open: Sequence[bool]  # whether anybody can be there
    step: int
    deadline: int  # minutes

    def due(self) -> list[int]:
        """For each interval the last one by whose end its work is to be done; the number of intervals where none is."""
        ends = [start + self.step for start in self.starts]
        last = ends[-1] if ends else 0
        found = []
        for number, start in enumerate(self.starts):
            until = start + self.deadline
            place = bisect_right(ends, until) - 1
            # Due sooner than the interval ends, it is to be done as it comes.
            found.append(len(ends) if until > last else max(place, number))
        return found

    def agents(self) -> list[int]:
        """Whole agents in each interval by which all work is done in time, as even as can be.

        Nobody works where it is closed; work whose time is up by then is done as soon as somebody can.
        """
        places = [number for number, is_open in enumerate(self.open) if is_open]
        come = list(accumulate(self.arrivals))
        upper = [come[number] for number in places]
        lower = [0.0] * len(places)
        for number, due in enumerate(self.due()):
            if due < len(self.starts) and places:
                place = max(bisect_right(places, due) - 1, 0)
                lower[place] = max(lower[place], come[number])
        lower = [min(low, high) for low, high in zip(accumulate(lower, max), upper, strict=True)]
        for place in range(len(places) - 1):  # what could not be done in time is done next
            missed = min(self._overdue(come, places[place + 1]), upper[place + 1])
            lower[place + 1] = max(lower[place + 1], missed)
        heads = [0] * len(self.starts)
        done = 0.0
        for place, target in enumerate(taut(lower, upper)):
            heads[places[place]] = max(0, math.ceil(target - done - _HAIR))
            done = min(done + heads[places[place]], upper[place])
        return heads

    def _overdue(self, come: Sequence[float], number: int) -> float:
        """All that has come and was due before this interval ends."""
        until = self.starts[number] + self.step - self.deadline
        place = bisect_right(self.starts, until) - 1
        return come[place] if place >= 0 else 0.0

    def done_by(self, agents: Sequence[float]) -> list[Done]:
        """What becomes of each interval's work with so many agents."""
        come = list(accumulate(self.arrivals))
        finished: list[float] = []
        total = 0.0
        for number, heads in enumerate(agents):
            total = min(total + heads, come[number])
            finished.append(total)
        due = self.due()
        before = [0.0, *come]
        return [
            Done(
                in_time=self._share(before[number], come[number], finished, due[number]),
                wait=self._wait(number, before[number], come[number], finished),
                left=come[number] - finished[number],
                busy=self._busy(number, agents[number], finished),
            )
            for number in range(len(self.starts))
        ]

    def _share(self, begin: float, end: float, finished: Sequence[float], due: int) -> float:
        if due >= len(finished) or end <= begin:  # it is due later than we look, or there is none
            return 1.0
        return min(1.0, max(0.0, (finished[due] - begin + _HAIR) / (end - begin)))

    def _wait(self, number: int, begin: float, end: float, finished: Sequence[float]) -> float:
        """Mean minutes from the start of the interval to that of the one in which its work is done."""
        if end <= begin:
            return 0.0
        if finished[-1] < end - _HAIR:
            return math.inf
        total, at = 0.0, begin
        for later in range(number, len(finished)):
            part = min(finished[later], end) - at
            if part > 0:
                total += part * (self.starts[later] - self.starts[number])
                at += part
            if at >= end - _HAIR:
                break
        return total / (end - begin)

    @staticmethod
    def _busy(number: int, heads: float, finished: Sequence[float]) -> float:
        worked = finished[number] - (finished[number - 1] if number else 0.0)
        return min(1.0, worked / heads) if heads else float(worked > 0)


@dataclass(frozen=True)
class Done:
    """What becomes of the work that came in an interval."""

    in_time: float  # share
    wait: float  # minutes, on average; infinite where some is never done
    left: float  # agent-intervals of all work that is left at the interval's end
    busy: float  # share of the agents' time


def taut(lower: Sequence[float], upper: Sequence[float]) -> list[float]:
    """The line from 0 through the gates `lower` … `upper`, one a step, that turns least, and ends as low as it can."""
    line: list[float] = []
    at, height = 0, 0.0
    while at < len(lower):
        least, least_at, most, most_at = 0.0, len(lower), math.inf, at
        turn = None
        for gate in range(at, len(lower)):
            steps = gate - at + 1
            up, down = (upper[gate] - height) / steps, (lower[gate] - height) / steps
            if down > most:
                turn = most_at + 1, most
                break
            if up < least:
                turn = least_at + 1, least
                break
            if down >= least:
                least, least_at = down, gate
            if up <= most:
                most, most_at = up, gate
        if turn is None:
            turn = min(least_at + 1, len(lower)), least
        until, slope = turn
        line += [height + slope * steps for steps in range(1, until - at + 1)]
        at, height = until, line[-1]
    return line

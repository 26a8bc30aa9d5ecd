"""Many queues side by side: the service that agents give in each, and the fewest that reach every goal at once.

Patient callers make an Erlang C queue, impatient ones an Erlang A queue. An agent who handles several contacts at a
time, as in chat, counts as so many servers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from solver.staffing.chat import House
from solver.staffing.erlang import Floats, answered, inverse_loss, mean_wait, occupancy, waiting
from solver.staffing.patience import erlang_a

MOST_AGENTS = 100_000
"""No goal is looked for beyond so many agents."""

_HAIR = 1e-12


@dataclass(frozen=True)
class Outcomes:
    """What so many agents give in each queue: shares from 0 to 1; seconds, infinite where the queue has no end."""

    answered: Floats  # within the goal's seconds; 1 where no goal has any
    occupancy: Floats
    wait: Floats
    abandoned: Floats


@dataclass(frozen=True)
class Queues:
    """Load and goals of many queues; all arrays are of one length.

    A goal that is not asked for is set so that it always holds. `load` is in erlangs; `aht`, `patience` and `within`
    are seconds, and nobody gives up where patience is infinite;
    `goal`, `most_abandoned` and `busiest` are shares from 0 to 1, `longest_wait` is seconds;
    `slowdown` is the share by which each further contact at a time lengthens all of an agent's contacts.
    """

    load: Floats
    aht: Floats
    patience: Floats
    within: Floats
    goal: Floats
    longest_wait: Floats
    most_abandoned: Floats
    busiest: Floats
    concurrency: Floats
    slowdown: Floats

    @classmethod
    def of(
        cls,
        load: Floats,
        aht: Floats,
        *,
        patience: float = math.inf,
        within: float = 0.0,
        goal: float = 0.0,
        longest_wait: float = math.inf,
        most_abandoned: float = 1.0,
        busiest: float = 1.0,
        concurrency: float = 1.0,
        slowdown: float = 0.0,
    ) -> Queues:
        """Queues that share their goals."""
        load, aht = np.asarray(load, dtype=np.float64), np.asarray(aht, dtype=np.float64)
        shared = patience, within, goal, longest_wait, most_abandoned, busiest, concurrency, slowdown
        return cls(load, aht, *(np.full(load.shape, value, dtype=np.float64) for value in shared))

    def __len__(self) -> int:
        return int(self.load.size)

    def take(self, which: Any) -> Queues:
        """Some of the queues, by index or mask."""
        return replace(self, **{field.name: getattr(self, field.name)[which] for field in fields(self)})

    def with_agents(self, agents: Floats) -> Outcomes:
        """The service of so many agents in each."""
        servers = np.asarray(agents, dtype=np.float64) * self.concurrency
        if not self.slowdown.any():
            return self._outcomes(servers, inverse_loss(self.load, servers), None)
        safe = np.maximum(self.load, 1e-290)
        house = House.of(safe, np.asarray(agents, dtype=np.float64), self.concurrency, self.slowdown)
        return self._outcomes(house.rate, house.inverse, house)

    def _outcomes(self, servers: Floats, inverse: Floats, house: House | None) -> Outcomes:
        """The same from contacts that end during one handle time when all are busy, and the inverse of the loss."""
        waits = waiting(self.load, servers, 1 / inverse)
        reached = answered(self.load, servers, waits, self.aht, self.within)
        wait = mean_wait(self.load, servers, waits, self.aht)
        busy, gone = occupancy(self.load, servers), np.zeros(len(self))
        full = waits * np.maximum(1 - self.load / np.maximum(servers, 1e-300), 0.0)
        some = np.isfinite(self.patience) & (self.load > 0)
        if some.any():
            queue = erlang_a(self.load[some], servers[some], self.patience[some] / self.aht[some], inverse[some])
            reached[some] = queue.answered_within(self.within[some] / self.aht[some])
            wait[some] = queue.mean_wait * self.aht[some]
            busy[some], gone[some] = queue.occupancy, queue.abandoned
            waits[some], full[some] = queue.waiting, np.exp(queue.log_all_busy)
        if house is not None:
            busy = np.where(self.load > 0, house.occupancy(full, waits), 0.0)
        return Outcomes(reached, busy, wait, gone)

    def reached(self, agents: Floats) -> Any:
        """Where every goal is reached, as booleans."""
        found = self.with_agents(agents)
        return (
            (np.isfinite(self.patience) | (found.wait < math.inf))
            & (found.answered >= self.goal - _HAIR)
            & (found.wait <= self.longest_wait)
            & (found.abandoned <= self.most_abandoned)
            & (found.occupancy <= self.busiest + _HAIR)
        )

    def fewest(self) -> Floats:
        """Fewest agents that reach every goal, 0 where there is no load.

        More agents never hurt, so the number is looked for in strides that grow from the load, and then halved between.
        Where the answer is infinite not even `MOST_AGENTS` are enough.
        """
        answer = np.zeros(len(self))
        busy = np.flatnonzero(self.load > 0)
        if busy.size:
            answer[busy] = self.take(busy)._search()
        return answer

    def _search(self) -> Floats:
        # No more agents than the load are never enough for patient callers, and nobody is not enough for any.
        low = np.where(np.isfinite(self.patience), 0.0, np.floor(self.load / self.concurrency))
        load = self.load * (1 + self.slowdown * (self.concurrency - 1))
        guess = np.ceil(np.maximum(load + 0.7 * np.sqrt(load), load / self.busiest) / self.concurrency)
        high = np.full(len(self), math.inf)
        stride = np.maximum(1.0, np.round(np.sqrt(self.load) / 4 / self.concurrency))
        at = np.minimum(np.maximum(guess, low + 1), MOST_AGENTS)
        open_ = np.flatnonzero(high - low > 1)
        while open_.size:
            does = self.take(open_).reached(at[open_])
            high[open_] = np.where(does, at[open_], high[open_])
            low[open_] = np.where(does, low[open_], at[open_])
            low[open_[low[open_] >= MOST_AGENTS]] = math.inf
            open_ = open_[(low[open_] < math.inf) & (high[open_] > low[open_] + 1)]
            at[open_] = self._next(low[open_], high[open_], stride[open_], at[open_])
            stride[open_] *= 2
        return high

    @staticmethod
    def _next(low: Floats, high: Floats, stride: Floats, at: Floats) -> Floats:
        """Where to look next: halfway, or a stride on where one end is still far."""
        halfway = np.floor((low + np.minimum(high, 1e15)) / 2)
        up = np.minimum(at + stride, MOST_AGENTS)
        down = np.maximum(at - stride, halfway)
        return np.where(high == math.inf, up, np.where(at == high, down, halfway))

"""Queues in which callers give up: Erlang A, Poisson arrivals, exponential handle times and exponential patience.

`load` is the offered load in erlangs, `patience` the mean patience in mean handle times.
Formulas: A. Mandelbaum, S. Zeltyn, Service engineering in action: the Palm/Erlang-A queue, 2007. Probabilities are
summed in logarithms, from the state in which all agents are busy, so nothing overflows at thousands of agents.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from solver.staffing.erlang import erlang_b

NEGLIGIBLE = 40.0
"""Terms smaller than the largest by a factor of exp(40) are left out."""

# Abscissas and weights of Gauss and Legendre on -1 to 1, eight points.
NODES = (
    (-0.9602898564975363, 0.1012285362903763),
    (-0.7966664774136267, 0.2223810344533745),
    (-0.5255324099163290, 0.3137066458778873),
    (-0.1834346424956498, 0.3626837833783620),
    (0.1834346424956498, 0.3626837833783620),
    (0.5255324099163290, 0.3137066458778873),
    (0.7966664774136267, 0.2223810344533745),
    (0.9602898564975363, 0.1012285362903763),
)


@dataclass(frozen=True)
class Impatience:
    """The queue in balance."""

    load: float
    agents: int
    patience: float  # mean handle times
    waiting: float  # share of calls that do not find a free agent
    abandoned: float  # share of calls that give up
    mean_wait: float  # of all calls, in mean handle times
    log_all_busy: float  # logarithm of the probability that all agents are busy and nobody waits

    @property
    def occupancy(self) -> float:
        """Share of their time that agents are busy."""
        return min(1.0, self.load * (1 - self.abandoned) / self.agents) if self.agents else 1.0

    def answered_within(self, time: float) -> float:
        """Share of all calls that are answered within so many mean handle times.

        The wait that a patient caller would face has the density `agents * p * exp(load * patience * (1 -
        exp(-x / patience)) - agents * x)` at x > 0, with p the probability that all are busy and nobody waits.
        """
        if self.agents == 0:
            return 0.0
        if self.waiting == 0:
            return 1.0
        rate = 1 / self.patience
        lead = math.log(self.agents) + self.log_all_busy
        end = min(time, self._far())
        panels = max(1, min(20_000, math.ceil(end * max(self.agents, 1) / 2)))
        width = end / panels
        total = 0.0
        for panel in range(panels):
            middle = (panel + 0.5) * width
            for node, weight in NODES:
                x = middle + node * width / 2
                exponent = lead + self.load * self.patience * -math.expm1(-rate * x) - self.agents * x - rate * x
                if exponent > -700:
                    total += weight * math.exp(exponent)
        return min(1.0, 1 - self.waiting + total * width / 2)

    def _far(self) -> float:
        """A wait beyond which nothing that matters is left."""
        drift = self.agents - self.load
        peak = max(0.0, self.patience * math.log(self.load / self.agents)) if drift < 0 else 0.0
        spread = math.sqrt(self.patience / max(self.load, 1e-12))
        return peak + NEGLIGIBLE * min(self.patience + spread, 1 / drift if drift > 0 else math.inf)


def erlang_a(load: float, agents: int, patience: float) -> Impatience:
    """The queue with so many agents; load in erlangs, patience in mean handle times."""
    loss = erlang_b(load, agents)
    if loss == 0:  # no load, or so many agents that all of them are never busy
        return Impatience(load, agents, patience, 0.0, 0.0, 0.0, -math.inf)
    rate = 1 / patience
    logs, log = [], 0.0
    highest = 0.0
    number = 0
    while log > highest - NEGLIGIBLE:
        logs.append(log)
        number += 1
        log += math.log(load / (agents + number * rate))
        highest = max(highest, log)
    # In units of the state in which all are busy and nobody waits: fewer busy are 1 / B, itself included.
    below = math.exp(-highest) / loss
    above = [math.exp(term - highest) for term in logs]
    everything = below - above[0] + math.fsum(above)
    queue = math.fsum(n * term for n, term in enumerate(above)) / everything
    return Impatience(
        load,
        agents,
        patience,
        waiting=math.fsum(above) / everything,
        abandoned=min(1.0, rate * queue / load),
        mean_wait=queue / load,
        log_all_busy=-highest - math.log(everything),
    )

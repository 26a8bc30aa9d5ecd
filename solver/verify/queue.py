"""What contacts get from so many agents: the judge's own Erlang formulas, one queue at a time, in plain Python.

Poisson arrivals, exponential handle times, and exponential patience where callers give up. Erlang C: R. B. Cooper,
Introduction to Queueing Theory, 2nd ed. 1981, chapter 3. Erlang A: A. Mandelbaum, S. Zeltyn, Service engineering in
action: the Palm/Erlang-A queue, 2007; the share answered in time is a numerical integral over the virtual wait.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

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


class Fate(NamedTuple):
    """Shares of all contacts offered."""

    answered: float  # within the time asked for
    abandoned: float


@lru_cache(maxsize=200_000)
def fate(load: float, agents: int, within: float, patience: float) -> Fate:
    """What becomes of contacts.

    Args:
        load: in erlangs.
        agents: on queue.
        within: in mean handle times.
        patience: mean patience in mean handle times; infinite where nobody gives up.
    """
    if load == 0:
        return Fate(1.0, 0.0)
    if agents == 0:
        return Fate(0.0, 0.0 if patience == math.inf else 1.0)
    inverse_loss = 1.0
    for heads in range(1, agents + 1):
        inverse_loss = 1.0 + inverse_loss * heads / load
    loss = 1 / inverse_loss
    if loss == 0:
        return Fate(1.0, 0.0)
    if patience == math.inf:
        if agents <= load:
            return Fate(0.0, 0.0)
        waits = agents * loss / (agents - load * (1 - loss))
        return Fate(1 - waits * math.exp(-(agents - load) * within), 0.0)
    return _impatient(load, agents, within, patience, loss)


def _impatient(load: float, agents: int, within: float, patience: float, loss: float) -> Fate:
    logs, log, highest, number = [], 0.0, 0.0, 0
    while log > highest - NEGLIGIBLE:
        logs.append(log)
        number += 1
        log += math.log(load / (agents + number / patience))
        highest = max(highest, log)
    # In units of the state in which all are busy and nobody waits: fewer busy are 1 / loss, itself included.
    above = [math.exp(term - highest) for term in logs]
    everything = math.exp(-highest) / loss - above[0] + math.fsum(above)
    waiting = math.fsum(above) / everything
    queue = math.fsum(n * term for n, term in enumerate(above)) / everything
    abandoned = min(1.0, queue / patience / load)
    lead = math.log(agents) - highest - math.log(everything)
    return Fate(min(1.0, 1 - waiting + _served_after_waiting(load, agents, within, patience, lead)), abandoned)


def _served_after_waiting(load: float, agents: int, within: float, patience: float, lead: float) -> float:
    """Share that waits and is answered in time: a patient caller's wait has a density, and patience lasts that long."""
    end = min(within, _far(load, agents, patience))
    panels = max(1, min(20_000, math.ceil(end * agents / 2)))
    width = end / panels
    total = 0.0
    for panel in range(panels):
        middle = (panel + 0.5) * width
        for node, weight in NODES:
            x = middle + node * width / 2
            exponent = lead - load * patience * math.expm1(-x / patience) - agents * x - x / patience
            if exponent > -700:
                total += weight * math.exp(exponent)
    return total * width / 2


def _far(load: float, agents: int, patience: float) -> float:
    """A wait beyond which nothing that matters is left."""
    drift = agents - load
    peak = max(0.0, patience * math.log(load / agents)) if drift < 0 else 0.0
    spread = math.sqrt(patience / load)
    return peak + NEGLIGIBLE * min(patience + spread, 1 / drift if drift > 0 else math.inf)

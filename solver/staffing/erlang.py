"""Queues with Poisson arrivals and exponential handle times: Erlang's loss and delay formulas, for many queues at once.

Every function takes numbers or arrays of the same shape and gives the same back. `load` is the offered load in
erlangs: calls that arrive during one mean handle time. Formulas: R. B. Cooper, Introduction to Queueing Theory,
2nd ed. 1981, chapter 3. The inverse of the loss is summed from the state in which all agents are busy downward: only
positive numbers are added, and as few as matter, so neither factorials nor thousands of agents overflow anything.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Numbers = float | NDArray[Any]

# Shares that a float makes of a whole number, such as 14 / 0.7, may land a hair above it.
_HAIR = 1e-9
_TERMS_AT_ONCE = 16
_NOTHING = 1e-17
_HUGE = 1e307


def erlang_b(load: Numbers, agents: Numbers) -> Any:
    """Share of calls lost when a call that finds every agent busy goes away."""
    _refuse_negative(load=load, agents=agents)
    return 1 / inverse_loss(load, agents)


def erlang_c(load: Numbers, agents: Numbers) -> Any:
    """Share of calls that wait when a call that finds every agent busy queues; 1 where the queue grows without end."""
    return waiting(load, agents, erlang_b(load, agents))


def service_level(load: Numbers, agents: Numbers, *, aht_seconds: Numbers, within_seconds: Numbers) -> Any:
    """Share of calls answered within so many seconds when all wait patiently; 0 where the queue grows without end."""
    _refuse_negative(aht_seconds=aht_seconds, within_seconds=within_seconds)
    return answered(load, agents, erlang_c(load, agents), aht_seconds, within_seconds)


def mean_wait_seconds(load: Numbers, agents: Numbers, *, aht_seconds: Numbers) -> Any:
    """Mean wait of all calls, those answered at once included; infinite where the queue grows without end."""
    _refuse_negative(aht_seconds=aht_seconds)
    return mean_wait(load, agents, erlang_c(load, agents), aht_seconds)


def occupancy(load: Numbers, agents: Numbers) -> Any:
    """Share of their time that agents on queue spend on calls; 1 where there is more load than they can carry."""
    _refuse_negative(load=load, agents=agents)
    load, agents = _arrays(load, agents)
    return np.where(load == 0, 0.0, np.minimum(1.0, load / np.maximum(agents, _NOTHING)))[()]


def agents_for_blocking(load: float, *, blocking: float) -> int:
    """Fewest agents (or lines) with which at most the share `blocking` of calls is lost."""
    if not 0 < blocking <= 1:
        raise ValueError(f"blocking is {blocking}; a share above 0 and up to 1 is expected.")
    _refuse_negative(load=load)
    agents, inverse = 0, 1.0
    while inverse * blocking < 1:
        agents += 1
        inverse = 1.0 + inverse * agents / load if load else math.inf
    return agents


def agents_for_service_level(
    load: float, *, aht_seconds: float, within_seconds: float, goal: float, max_occupancy: float = 1.0
) -> int:
    """Fewest agents that answer the share `goal` of calls in time and are no busier than `max_occupancy`.

    In time means within `within_seconds`. Without load nobody is needed.
    With load the answer is above the load, for else the queue grows without end.
    `solver.staffing.queues` does the same for many intervals, all goals, and callers who give up.
    """
    _refuse_negative(load=load, aht_seconds=aht_seconds, within_seconds=within_seconds)
    if not 0 <= goal < 1:
        raise ValueError(f"goal is {goal}; a share from 0 to below 1 is expected. Maybe it is meant in percent.")
    if not 0 < max_occupancy <= 1:
        raise ValueError(f"max_occupancy is {max_occupancy}; a share above 0 and up to 1 is expected.")
    if load == 0:
        return 0
    agents = max(math.floor(load) + 1, math.ceil(load / max_occupancy))
    while load / agents > max_occupancy:  # the division may land a hair below the whole number
        agents += 1
    inverse = float(inverse_loss(load, agents))
    while _answered(load, agents, inverse, within_seconds / aht_seconds) < goal:
        agents += 1
        inverse = 1.0 + inverse * agents / load
    return agents


def _answered(load: float, agents: int, inverse: float, time: float) -> float:
    """One queue's share answered within so many mean handle times, from the inverse of its loss."""
    return 1.0 - agents / (agents + (inverse - 1) * (agents - load)) * math.exp(-(agents - load) * time)


def with_shrinkage(agents: float, shrinkage: float) -> int:
    """Whole agents to pay so that `agents` are there when the share `shrinkage` of paid time is spent elsewhere."""
    _refuse_negative(agents=agents)
    if not 0 <= shrinkage < 1:
        raise ValueError(f"shrinkage is {shrinkage}; a share from 0 to below 1 is expected. Maybe it is in percent.")
    return math.ceil(agents / (1 - shrinkage) - _HAIR)


def inverse_loss(load: Numbers, agents: Numbers) -> Any:
    """One over Erlang B; infinite where a loss is too small for a float.

    It is the time spent with at most so many agents busy, in units of the time in which all are:
    1 + c / A + c (c - 1) / A² + …
    """
    load, agents = _arrays(load, agents)
    rate, busy = load.ravel(), agents.ravel()
    total = np.where((rate == 0) & (busy > 0), math.inf, 1.0)
    place = np.flatnonzero((rate > 0) & (busy > 0))
    busy, term = busy[place], np.ones(place.size)
    with np.errstate(over="ignore"):
        rate = 1 / np.maximum(rate[place], 1e-290)
        while place.size:
            part = np.zeros(place.size)
            for _ in range(_TERMS_AT_ONCE):
                term = np.minimum(term * np.minimum(busy * rate, 1e300), _HUGE)  # never infinite: times 0 it is nothing
                part += term
                busy = np.maximum(busy - 1, 0.0)
            total[place] += part
            going = (busy > 0) & (term > _NOTHING * total[place]) & (term < _HUGE)
            place, rate, busy, term = place[going], rate[going], busy[going], term[going]
    return np.where(total < _HUGE, total, math.inf).reshape(load.shape)[()]


def waiting(load: Numbers, agents: Numbers, loss: Numbers) -> Any:
    """Erlang C from Erlang B, for those who have it already."""
    load, agents = _arrays(load, agents)
    spare = np.maximum(agents - load, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = agents * loss / (spare + load * loss)
    return np.where(load == 0, 0.0, np.where(spare > 0, share, 1.0))[()]


def mean_wait(load: Numbers, agents: Numbers, waits: Numbers, aht_seconds: Numbers) -> Any:
    """Mean wait in seconds of all calls, from Erlang C; infinite where the queue grows without end."""
    load, agents = _arrays(load, agents)
    with np.errstate(invalid="ignore", divide="ignore"):
        wait = np.where(agents > load, waits * aht_seconds / (agents - load), math.inf)
    return np.where((load == 0) | (np.asarray(aht_seconds) == 0), 0.0, wait)[()]


def answered(load: Numbers, agents: Numbers, waits: Numbers, aht_seconds: Numbers, within_seconds: Numbers) -> Any:
    """Share of calls answered within so many seconds, from Erlang C."""
    load, agents = _arrays(load, agents)
    with np.errstate(invalid="ignore", divide="ignore"):
        still = waits * np.exp(-np.maximum(agents - load, 0.0) * within_seconds / aht_seconds)
    level = np.where(agents > load, 1.0 - still, 0.0)
    return np.where((load == 0) | (np.asarray(aht_seconds) == 0), 1.0, level)[()]


def _arrays(load: Numbers, agents: Numbers) -> tuple[Floats, Floats]:
    one, other = np.broadcast_arrays(np.asarray(load, dtype=np.float64), np.asarray(agents, dtype=np.float64))
    return one, other


def _refuse_negative(**numbers: Numbers) -> None:
    for name, number in numbers.items():
        if isinstance(number, (int, float)) and 0 <= number < math.inf:
            continue
        if not np.all((np.asarray(number) >= 0) & np.isfinite(number)):
            raise ValueError(f"{name} is {number}; a finite number that is not negative is expected.")

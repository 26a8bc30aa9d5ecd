"""Queues with Poisson arrivals and exponential handle times: Erlang's loss and delay formulas.

`load` is the offered load in erlangs: calls that arrive during one mean handle time.
Formulas: R. B. Cooper, Introduction to Queueing Theory, 2nd ed. 1981, chapter 3. The recursion is on the inverse of the
loss, which keeps every step a sum of positive numbers: no factorials, nothing to overflow at thousands of agents.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import count

# Shares that a float makes of a whole number, such as 14 / 0.7, may land a hair above it.
_HAIR = 1e-9


def offered_load(volume: float, aht_seconds: float, interval_minutes: float) -> float:
    """Load in erlangs of `volume` calls in an interval, each handled in `aht_seconds` on average."""
    _refuse_negative(volume=volume, aht_seconds=aht_seconds)
    if interval_minutes <= 0:
        raise ValueError(f"interval_minutes is {interval_minutes}; a positive number of minutes is expected.")
    return volume * aht_seconds / (60 * interval_minutes)


def erlang_b(load: float, agents: int) -> float:
    """Share of calls lost when a call that finds every agent busy goes away."""
    _refuse_negative(load=load, agents=agents)
    if load == 0:
        return 1.0 if agents == 0 else 0.0
    inverse = 1.0
    for heads in range(1, agents + 1):
        inverse = 1.0 + inverse * heads / load
    return 1.0 / inverse


def erlang_c(load: float, agents: int) -> float:
    """Share of calls that wait when a call that finds every agent busy queues; 1 where the queue grows without end."""
    return waiting(load, agents, erlang_b(load, agents))


def service_level(load: float, agents: int, *, aht_seconds: float, within_seconds: float) -> float:
    """Share of calls answered within so many seconds when all wait patiently; 0 where the queue grows without end."""
    _refuse_negative(aht_seconds=aht_seconds, within_seconds=within_seconds)
    return answered(load, agents, erlang_c(load, agents), aht_seconds, within_seconds)


def mean_wait_seconds(load: float, agents: int, *, aht_seconds: float) -> float:
    """Mean wait of all calls, those answered at once included; infinite where the queue grows without end."""
    _refuse_negative(aht_seconds=aht_seconds)
    return mean_wait(load, agents, erlang_c(load, agents), aht_seconds)


def occupancy(load: float, agents: int) -> float:
    """Share of their time that agents on queue spend on calls; 1 where there is more load than they can carry."""
    _refuse_negative(load=load, agents=agents)
    if load == 0:
        return 0.0
    return 1.0 if agents <= load else load / agents


def agents_for_blocking(load: float, *, blocking: float) -> int:
    """Fewest agents (or lines) with which at most the share `blocking` of calls is lost."""
    if not 0 < blocking <= 1:
        raise ValueError(f"blocking is {blocking}; a share above 0 and up to 1 is expected.")
    return next(agents for agents, loss in _losses(load) if loss <= blocking)


def agents_for_service_level(
    load: float, *, aht_seconds: float, within_seconds: float, goal: float, max_occupancy: float = 1.0
) -> int:
    """Fewest agents that answer the share `goal` of calls in time and are no busier than `max_occupancy`.

    In time means within `within_seconds`. Without load nobody is needed.
    With load the answer is above the load, for else the queue grows without end.
    """
    _refuse_negative(aht_seconds=aht_seconds, within_seconds=within_seconds)
    if not 0 <= goal < 1:
        raise ValueError(f"goal is {goal}; a share from 0 to below 1 is expected. Maybe it is meant in percent.")
    if not 0 < max_occupancy <= 1:
        raise ValueError(f"max_occupancy is {max_occupancy}; a share above 0 and up to 1 is expected.")
    if load == 0:
        return 0
    for agents, loss in _losses(load):
        busy = occupancy(load, agents)
        waits = waiting(load, agents, loss)
        if busy < 1 and busy <= max_occupancy and answered(load, agents, waits, aht_seconds, within_seconds) >= goal:
            return agents
    raise AssertionError("the service level tends to 1 as agents are added")


def with_shrinkage(agents: float, shrinkage: float) -> int:
    """Whole agents to pay so that `agents` are there when the share `shrinkage` of paid time is spent elsewhere."""
    _refuse_negative(agents=agents)
    if not 0 <= shrinkage < 1:
        raise ValueError(f"shrinkage is {shrinkage}; a share from 0 to below 1 is expected. Maybe it is in percent.")
    return math.ceil(agents / (1 - shrinkage) - _HAIR)


def _losses(load: float) -> Iterator[tuple[int, float]]:
    """Erlang B for 0, 1, 2 … agents."""
    _refuse_negative(load=load)
    inverse = 1.0
    yield 0, erlang_b(load, 0)
    for agents in count(1):
        inverse = 1.0 + inverse * agents / load if load else math.inf
        yield agents, 1.0 / inverse


def waiting(load: float, agents: int, loss: float) -> float:
    """Erlang C from Erlang B, for those who have it already."""
    if load == 0:
        return 0.0
    return 1.0 if agents <= load else agents * loss / (agents - load * (1 - loss))


def mean_wait(load: float, agents: int, waits: float, aht_seconds: float) -> float:
    """Mean wait in seconds of all calls, from Erlang C; infinite where the queue grows without end."""
    if load == 0 or aht_seconds == 0:
        return 0.0
    return math.inf if agents <= load else waits * aht_seconds / (agents - load)


def answered(load: float, agents: int, waits: float, aht_seconds: float, within_seconds: float) -> float:
    """Share of calls answered within so many seconds, from Erlang C."""
    if load == 0 or aht_seconds == 0:
        return 1.0
    return 0.0 if agents <= load else 1.0 - waits * math.exp(-(agents - load) * within_seconds / aht_seconds)


def _refuse_negative(**numbers: float) -> None:
    for name, number in numbers.items():
        if not (number >= 0 and math.isfinite(number)):
            raise ValueError(f"{name} is {number}; a finite number that is not negative is expected.")

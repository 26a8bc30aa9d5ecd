"""Contacts played against agents one by one: they come, wait, are answered or give up.

A contact goes to an agent who has its planning group as its own, then to whoever has been free for longest. An agent
who gets free takes who waits longest in its own group, then who waits longest of all whom it can serve. Whoever is on a
contact when the stretch on queue ends finishes it. Draws are made outside, so a run is the same on every machine.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.kernels.by_reference import by_reference
from solver.kernels.jit import inner_with_arrays, kernel_with_arrays


@by_reference
class Contacts(NamedTuple):
    """In order of arrival; seconds."""

    at: NDArray[np.float64]
    group: NDArray[np.int64]
    effort: NDArray[np.float64]  # handle time by an agent of proficiency 1
    patience: NDArray[np.float64]


@by_reference
class Changes(NamedTuple):
    """Agents going on queue and off, in order of time; seconds."""

    at: NDArray[np.float64]
    agent: NDArray[np.int64]
    group: NDArray[np.int64]  # its own group from now on; -1 = off queue


class Played(NamedTuple):
    """What became of each contact."""

    answered: NDArray[np.float64]  # second at which it was answered; nan = it gave up
    ended: NDArray[np.float64]  # second at which it was answered to the end, or gave up
    agent: NDArray[np.int64]


@kernel_with_arrays
def play(
    contacts: Contacts,
    changes: Changes,
    speed: NDArray[Any],
    places: NDArray[Any],
    slowdown: NDArray[Any],
    order: NDArray[Any],
    first: NDArray[Any],
) -> Played:
    """Plays all contacts.

    Args:
        contacts: who comes.
        changes: who is there.
        speed: [agents, groups] proficiency; 0 = does not serve it.
        places: [groups] contacts that an agent handles at a time.
        slowdown: [groups] how much longer a contact takes for each one beside it when it begins.
        order: contacts by group, each group's in order of arrival.
        first: [groups + 1] where each group begins in `order`.
    """
    agents, groups = speed.shape
    number = contacts.at.size
    answered, ended = np.full(number, np.nan), np.full(number, np.nan)
    by = np.full(number, -1, np.int64)
    head, tail = first[:-1].copy(), first[:-1].copy()  # who waits in each group: order[head:tail]
    own, serving = np.full(agents, -1, np.int64), np.full(agents, -1, np.int64)
    load, free_since = np.zeros(agents, np.int64), np.zeros(agents)
    busy = [(np.inf, np.int64(-1))]
    a = c = 0
    while a < number or c < changes.at.size or len(busy) > 1:
        coming = contacts.at[a] if a < number else np.inf
        change = changes.at[c] if c < changes.at.size else np.inf
        done = busy[0][0]
        if coming < done and coming < change:
            group = contacts.group[a]
            tail[group] += 1
            agent = free_agent(group, own, serving, load, speed, places, free_since)
            if agent >= 0:
                give_up(contacts, group, coming, order, head, tail, ended)
                answer(
                    contacts,
                    agent,
                    group,
                    coming,
                    serving,
                    load,
                    speed,
                    slowdown,
                    order,
                    head,
                    answered,
                    ended,
                    by,
                    busy,
                )
            a += 1
            continue
        if done <= change:
            now, agent = heappop(busy)
            load[agent] -= 1
        else:
            now, agent = change, changes.agent[c]
            own[agent] = changes.group[c]
            c += 1
        free_since[agent] = now
        take(
            contacts,
            agent,
            now,
            own,
            serving,
            load,
            speed,
            places,
            slowdown,
            order,
            head,
            tail,
            answered,
            ended,
            by,
            busy,
        )
    for group in range(groups):  # nobody ever came for those who are left
        for place in range(head[group], tail[group]):
            ended[order[place]] = contacts.at[order[place]] + contacts.patience[order[place]]
    return Played(answered, ended, by)


@inner_with_arrays
def free_agent(group, own, serving, load, speed, places, free_since):
    """Who answers a contact of the group now; -1 = nobody."""
    best, stranger, least, since = -1, True, np.int64(0), 0.0
    for agent in range(own.size):
        if own[agent] < 0 or (speed[agent, group] <= 0 and own[agent] != group):
            continue
        if load[agent] >= places[group] or (load[agent] > 0 and serving[agent] != group):
            continue
        strange = own[agent] != group
        if best < 0 or (strange, load[agent], free_since[agent]) < (stranger, least, since):
            best, stranger, least, since = agent, strange, load[agent], free_since[agent]
    return best


@inner_with_arrays
def take(
    contacts, agent, now, own, serving, load, speed, places, slowdown, order, head, tail, answered, ended, by, busy
):
    """Gives the agent those who wait, as many as it has places for."""
    while own[agent] >= 0:
        group = own[agent]
        give_up(contacts, group, now, order, head, tail, ended)
        if head[group] == tail[group] or (load[agent] > 0 and serving[agent] != group):
            group = -1
            since = np.inf
            for other in range(speed.shape[1]):
                if speed[agent, other] <= 0 or (load[agent] > 0 and serving[agent] != other):
                    continue
                give_up(contacts, other, now, order, head, tail, ended)
                if head[other] < tail[other] and contacts.at[order[head[other]]] < since:
                    group, since = other, contacts.at[order[head[other]]]
        if group < 0 or load[agent] >= places[group]:
            return
        answer(contacts, agent, group, now, serving, load, speed, slowdown, order, head, answered, ended, by, busy)


@inner_with_arrays
def answer(contacts, agent, group, now, serving, load, speed, slowdown, order, head, answered, ended, by, busy):
    """The agent answers the first who waits."""
    contact = order[head[group]]
    head[group] += 1
    pace = speed[agent, group] if speed[agent, group] > 0 else 1.0
    until = now + contacts.effort[contact] / pace * (1 + slowdown[group] * load[agent])
    answered[contact], ended[contact], by[contact] = now, until, agent
    serving[agent] = group
    load[agent] += 1
    heappush(busy, (until, np.int64(agent)))


@inner_with_arrays
def give_up(contacts, group, now, order, head, tail, ended):
    """Lets those at the head go whose patience is over; nobody goes for good whose patience has no end."""
    while head[group] < tail[group]:
        contact = order[head[group]]
        leaves = contacts.at[contact] + contacts.patience[contact]
        if leaves > now or leaves == np.inf:
            return
        ended[contact] = leaves
        head[group] += 1

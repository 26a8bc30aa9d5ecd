"""Several contacts at a time: by the balance of every state, one by one."""

import numpy as np
import pytest

from solver.staffing.queues import Queues


def by_balance(load, agents, places, slowdown, patience):
    """Probabilities of 0, 1, 2 … contacts, from rates of coming and going (in units of one handle time)."""
    most, full = 4000, agents * places
    weights, total = [1.0], 1.0
    for n in range(1, most):
        inside = min(n, full)
        rate = inside / (1 + slowdown * max(0.0, inside / agents - 1)) + max(0, n - full) / patience
        weights.append(weights[-1] * load / rate)
        total += weights[-1]
    return np.array(weights) / total


@pytest.mark.parametrize("patience", [np.inf, 2.0])
@pytest.mark.parametrize(("load", "agents", "places", "slowdown"), [(5, 3, 3, 0.2), (7, 6, 2, 0.5), (4, 7, 1, 0.3)])
def test_slow_chats_are_in_balance(load, agents, places, slowdown, patience):
    states = by_balance(load, agents, places, slowdown, patience)
    full, n = agents * places, np.arange(len(states))
    found = Queues.of([load], [300.0], patience=300 * patience, within=30, concurrency=places, slowdown=slowdown)
    outcome = found.with_agents(np.array([float(agents)]))
    waiting = (states * np.maximum(n - full, 0)).sum()
    assert outcome.wait[0] / 300 == pytest.approx(waiting / load, rel=1e-6)
    assert outcome.occupancy[0] == pytest.approx((states * np.minimum(n, full)).sum() / full, rel=1e-6)
    if patience < np.inf:
        assert outcome.abandoned[0] == pytest.approx(waiting / patience / load, rel=1e-6)


def test_chats_that_do_not_slow_down_are_so_many_servers():
    plain = Queues.of([12.0], [240.0], within=20, goal=0.8, concurrency=3)
    slowed = Queues.of([12.0], [240.0], within=20, goal=0.8, concurrency=3, slowdown=1e-12)
    agents = np.array([6.0])
    for name in ("answered", "wait", "occupancy"):
        one, other = (getattr(queues.with_agents(agents), name)[0] for queues in (plain, slowed))
        assert one == pytest.approx(other, rel=1e-9)


def test_slower_chats_need_more_agents():
    heads = [
        Queues.of([30.0], [240.0], within=20, goal=0.8, concurrency=3, slowdown=s).fewest()[0] for s in (0, 0.3, 1)
    ]
    assert heads == sorted(set(heads))

"""Contacts played one by one: by hand where the times are known, against the formulas where they are not."""

import numpy as np
import pytest

from schemas.prediction import Simulation
from solver.kernels.calls import Changes, Contacts, play
from solver.prediction.formulas import predict
from solver.prediction.simulate import _student, simulate
from solver.reading.prediction import read_prediction
from tests.prediction.centre import a_request, a_roster, agent, all_day, of_group, work

NEVER = np.inf


def played(calls, changes, speed, places=(1,), slowdown=(0.0,)):
    """Calls as (at, group, effort, patience), changes as (at, agent, group)."""
    at, group, effort, patience = (np.array(column) for column in zip(*calls, strict=True))
    contacts = Contacts(at.astype(float), group.astype(np.int64), effort.astype(float), patience.astype(float))
    when, who, where = (np.array(column) for column in zip(*changes, strict=True))
    speed = np.array(speed, dtype=float)
    groups = speed.shape[1]
    order = np.argsort(contacts.group, kind="stable")
    first = np.concatenate([[0], np.cumsum(np.bincount(contacts.group, minlength=groups))]).astype(np.int64)
    moves = Changes(when.astype(float), who.astype(np.int64), where.astype(np.int64))
    sizes = np.resize(np.array(places, dtype=np.int64), groups), np.resize(np.array(slowdown, dtype=float), groups)
    return play(contacts, moves, speed, *sizes, order, first)


def test_one_agent_answers_in_turn_and_who_loses_patience_goes():
    calls = [(0, 0, 100, NEVER), (10, 0, 50, 20), (20, 0, 50, NEVER), (30, 0, 50, 200)]
    found = played(calls, [(0, 0, 0)], [[1]])
    assert found.answered.tolist() == pytest.approx([0, np.nan, 100, 150], nan_ok=True)
    assert found.ended.tolist() == [100, 30, 150, 200]


def test_a_contact_that_runs_over_the_end_of_the_stretch_is_finished_and_no_other_begun():
    found = played([(0, 0, 100, NEVER), (10, 0, 50, 500)], [(0, 0, 0), (50, 0, -1), (300, 0, 0)], [[1]])
    assert found.answered.tolist() == [0, 300]


def test_nobody_ever_comes():
    found = played([(0, 0, 100, NEVER), (10, 0, 50, 5)], [(500, 0, -1)], [[1]])
    assert np.isnan(found.answered).all()
    assert found.ended.tolist() == [np.inf, 15]


def test_whose_own_group_it_is_goes_before_who_helps_out():
    changes = [(0, 0, 1), (0, 1, 0)]  # the first agent sits on group 1 and also knows 0, the second on 0
    found = played([(5, 0, 100, NEVER), (6, 0, 100, NEVER)], changes, [[1, 1], [1, 0]])
    assert found.agent.tolist() == [1, 0]


def test_an_agent_serves_its_own_group_first_and_then_who_waits_longest():
    changes = [(50, 0, 0)]
    calls = [(1, 1, 10, NEVER), (2, 2, 10, NEVER), (3, 0, 10, NEVER)]
    found = played(calls, changes, [[1, 1, 1]])
    assert found.answered.tolist() == [60, 70, 50]


def test_who_does_not_know_a_group_leaves_it():
    found = played([(1, 1, 10, NEVER)], [(0, 0, 0)], [[1, 0]])
    assert np.isnan(found.answered[0])


def test_a_beginner_takes_longer():
    assert played([(0, 0, 100, NEVER)], [(0, 0, 0)], [[0.5]]).ended[0] == 200


def test_two_chats_at_a_time_slow_each_other_down():
    found = played([(0, 0, 100, NEVER), (10, 0, 100, NEVER), (20, 0, 100, NEVER)], [(0, 0, 0)], [[1]], [2], [0.5])
    assert found.answered.tolist() == [0, 10, 100]
    assert found.ended.tolist() == [100, 160, 250]


def both(request, roster, work_, **how):
    asked = read_prediction({"request": request, "roster": roster, "work": {"interval_minutes": 60} | work_})
    simulated = simulate(asked.request, asked.roster, asked.work, Simulation(**how))
    return predict(asked.request, asked.roster, asked.work), simulated


@pytest.mark.parametrize(
    ("agents", "volume", "goals"), [(14, 200, {}), (9, 200, {"patience_seconds": 120}), (5, 240, {"concurrency": 3})]
)
def test_the_formulas_lie_in_the_confidence_intervals(agents, volume, goals):
    people, stretches = all_day(agents, 100)
    request = a_request(*people, hours=100)
    formulas, simulated = both(request, a_roster(*stretches), work(100, volume, **goals), runs=20, seed=3)
    for name in ("service_level_percent", "mean_wait_seconds", "occupancy_percent"):
        estimate, value = getattr(simulated.period, name), getattr(formulas.period, name)
        wide = 1.5 * (estimate.high - estimate.low) / 2  # three figures of three settings at once
        assert abs(estimate.mean - value) <= wide, name


def test_a_second_skill_helps_where_the_formulas_see_none():
    agents = [agent("a1", "a", "b"), agent("a2", "a", "b"), agent("b1", "b", "a"), agent("b2", "b", "a")]
    request = a_request(*agents, groups=("a", "b"))
    roster = a_roster(*((name, name[0], 0, 24) for name, _ in agents))
    calls = {"planning_groups": [of_group("a", 24, 25), of_group("b", 24, 25)]}
    formulas, helping = both(request, roster, calls, runs=20)
    _, apart = both(request, roster, calls, runs=20, routing="assigned")
    assert helping.period.service_level_percent.low > apart.period.service_level_percent.high
    assert apart.period.service_level_percent.low <= formulas.period.service_level_percent + 1
    pooled, _ = both(*_pool(), work(24, 50))
    assert helping.period.service_level_percent.mean == pytest.approx(pooled.period.service_level_percent, abs=2)


def _pool():
    people, stretches = all_day(4)
    return a_request(*people), a_roster(*stretches)


def test_the_same_seed_plays_the_same_contacts():
    people, stretches = all_day(5)
    once, again, other = (
        both(a_request(*people), a_roster(*stretches), work(24, 60), runs=3, seed=seed)[1].period for seed in (1, 1, 2)
    )
    assert once == again
    assert once != other


def test_volumes_as_given_come_exactly():
    people, stretches = all_day(5)
    _, found = both(a_request(*people), a_roster(*stretches), work(24, 60), runs=3, arrivals="as_given")
    assert found.period.volume.model_dump() == {"mean": 1440, "low": 1440, "high": 1440}


def test_stopped_it_tells_what_two_runs_say():
    people, stretches = all_day(5)
    asked = read_prediction(
        {"request": a_request(*people), "roster": a_roster(*stretches), "work": work(4, 9) | {"interval_minutes": 60}}
    )
    found = simulate(asked.request, asked.roster, asked.work, Simulation(runs=50), stop=lambda: True)
    assert found.runs == 2


@pytest.mark.parametrize(("freedom", "quantile"), [(1, 12.706), (4, 2.776), (19, 2.093), (99, 1.984)])
def test_students_quantile(freedom, quantile):
    assert _student(freedom) == pytest.approx(quantile, rel=3e-3)


def test_stretches_that_are_none_and_that_never_end_are_played_too():
    people, stretches = all_day(2, hours=1)
    odd = [("voice0", "voice", 5, 3), ("voice1", "voice", 2, 1_500_000)]
    _, found = both(a_request(*people), a_roster(*stretches, *odd), work(3, 20), runs=2)
    assert found.period.volume.mean > 0

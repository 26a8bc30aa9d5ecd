"""The judge's own queueing formulas and prices of missed goals, by hand and against the formulas of staffing."""

import math

import numpy as np
import pytest

from solver.reading import read_request, read_roster
from solver.staffing.queues import Queues
from solver.verify import judge
from solver.verify.queue import fate
from tests.solving.test_goals import a_request, a_roster


def test_fourteen_agents_answer_89_percent_of_a_hundred_calls_in_time():
    assert fate(10, 14, 20 / 180, math.inf).answered == pytest.approx(0.888350, abs=1e-6)


def test_impatient_callers_give_up_as_published():
    found = fate(48, 50, 0.0, 2.0)  # 48 calls a minute of a minute each, patience two minutes
    assert found.abandoned == pytest.approx(0.0309, abs=5e-5)


@pytest.mark.parametrize("patience", [math.inf, 60.0, 600.0])
@pytest.mark.parametrize("load", [0.2, 4.0, 37.5, 210.0])
def test_judge_and_staffing_agree(load, patience):
    agents = np.unique(np.clip(np.round(load + np.array([-3, -1, 0, 1, 2, 5]) * math.sqrt(load)), 0, None))
    queues = Queues.of(np.full(agents.shape, load), np.full(agents.shape, 240.0), patience=patience, within=20.0)
    found = queues.with_agents(agents)
    for number, heads in enumerate(agents):
        own = fate(load, int(heads), 20 / 240, patience / 240)
        assert own.answered == pytest.approx(found.answered[number], abs=1e-8)
        assert own.abandoned == pytest.approx(found.abandoned[number], abs=1e-8)


def test_each_contact_beyond_what_the_goal_allows_has_its_price():
    goal = {"percent": 80, "within_seconds": 60, "per": "day", "missed_cost_per_contact": 2}
    judgement = judge(read_request(a_request(goal)), read_roster(a_roster([None] * 4)))
    assert judgement.cost.service == pytest.approx(2 * (70 - 14))
    assert judgement.cost.total == judgement.cost.service
    assert judgement.service[0].percent == 0


def test_heads_are_priced_below_the_minimum_and_where_nobody_calls():
    goal = {"percent": 50, "within_seconds": 600, "per": "period", "missed_cost_per_contact": 0}
    request = a_request(goal, minimum_staff=2, volume=(5, 0, 5), understaffing_cost_per_hour=30)
    judgement = judge(read_request(request), read_roster(a_roster([8, None, None, None])))
    assert judgement.cost.understaffing == 2 * 30  # one head missing at 08:00 and at 10:00
    assert judgement.cost.overstaffing == 8  # one at 09:00, where nobody calls

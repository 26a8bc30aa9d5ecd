"""What binds an agent, and what became of its wishes."""

from solver.explain import explain
from solver.reading import read_request, read_roster
from tests.explain.conftest import shift


def told_of(centre, roster, agent_id):
    explanation = explain(read_request(centre), read_roster(roster))
    return next(agent for agent in explanation.agents if agent.agent_id == agent_id)


def test_limits_are_told_the_tightest_first(centre, roster):
    ann = told_of(centre, roster, "ann")
    assert [(rule.rule, rule.state, rule.slack) for rule in ann.rules] == [
        ("overtime", "broken", -180),
        ("days_worked", "at_limit", 0),
    ]
    assert ann.rules[1].text == "days_worked: 1 of at most 1 day, up to 2026-03-03; at the limit."
    assert ann.rules[1].path == "/work_plans/0/rules/0"
    assert ann.text == "Ann has 1 shift and 4 paid hours; at the limit: overtime, days_worked.".replace("Ann", "ann")


def test_a_limit_that_is_far_away_is_free(centre, roster):
    centre["work_plans"][0]["rules"] = [{"kind": "paid_minutes", "per": "period", "min": 120, "max": 600}]
    rules = told_of(centre, roster, "ann").rules
    assert [(rule.which, rule.value, rule.limit, rule.slack, rule.state) for rule in rules] == [
        ("most", 240, 600, 360, "free"),
        ("least", 240, 120, 120, "free"),
    ]


def test_within_a_tenth_of_a_limit_is_near(centre, roster):
    centre["work_plans"][0]["rules"] = [{"kind": "paid_minutes", "per": "period", "max": 260}]
    (rule,) = told_of(centre, roster, "ann").rules
    assert (rule.state, rule.text) == (
        "near",
        "paid_minutes: 240 of at most 260 paid minutes, up to 2026-03-03; 20 to spare.",
    )


def test_a_rule_without_a_number_is_kept(centre, roster):
    succession = {"after": {"shift_ids": ["late"]}, "forbidden": {"shift_ids": ["shift"]}}
    centre["work_plans"][0]["rules"] = [{"kind": "forbidden_successions", "successions": [succession]}]
    (rule,) = told_of(centre, roster, "ann").rules
    assert (rule.state, rule.text) == ("kept", "forbidden_successions: no forbidden succession.")


def test_wishes_met_and_missed(centre, roster):
    assert [wish.met for wish in told_of(centre, roster, "ben").preferences] == [True]
    roster["schedules"][1]["shifts"] = [shift(8, 12, day=3, pause=10)]
    (wish,) = told_of(centre, roster, "ben").preferences
    assert (wish.met, wish.cost, wish.path) == (False, 10.0, "/agents/1/preferences/0")
    assert wish.text == (
        "Would rather not work from 2026-03-03T08:00 to 2026-03-03T10:00: missed, at a price of 10.00."
    )


def test_paid_time_off_counts_toward_the_hours(centre, roster):
    centre["agents"][4]["time_off"][0]["paid_minutes"] = 480
    eve = told_of(centre, roster, "eve")
    assert (eve.shifts, eve.paid_minutes) == (0, 480)

import pytest

from solver.rules import Weekends
from tests.rules.contract import CIRCUMSTANCES, assert_faces_agree, sentences


def a_rule(**fields):
    return Weekends.model_validate({"kind": "weekends"} | fields)


RULES = [a_rule(max_consecutive=1), a_rule(complete=True, free_from_friday_night=True)]


def test_what_is_broken_is_told():
    assert sentences(a_rule(complete=True), {5: "09-17"}) == [
        "Ann works only one day on the weekend of 2026-03-07; it is both days or none."
    ]


def test_nobody_working_is_told_of_nothing_but_too_little():
    for rule in RULES:
        assert sum("least" not in told for told in sentences(rule, {})) == 0


@pytest.mark.parametrize("rule", RULES)
def test_automaton_and_judge_agree(rule):
    start, days, shifts = "2026-03-06", 10, ["22-06"]
    assert_faces_agree(rule, shifts=shifts, days=days, start_date=start)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("circumstances", CIRCUMSTANCES)
def test_automaton_and_judge_agree_in_all_circumstances(rule, circumstances):
    assert_faces_agree(rule, shifts=["09-17", "22-06"], days=6, idle=True, **circumstances)


@pytest.mark.parametrize(("fields", "told"), [({}, "max_consecutive")])
def test_what_asks_nothing_or_cannot_hold_is_refused(fields, told):
    with pytest.raises(ValueError, match=told):
        a_rule(**fields)


@pytest.mark.parametrize("weekends", [0, 1, 2])
def test_weekends_in_a_row_go_on_from_the_history(weekends):
    history = {"consecutive_weekends_worked": weekends}
    assert_faces_agree(RULES[0], shifts=["09-17"], days=10, start_date="2026-03-06", history=history)

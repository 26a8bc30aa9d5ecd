import pytest

from solver.rules import SplitWeeklyRest
from tests.rules.contract import CIRCUMSTANCES, assert_faces_agree, sentences


def a_rule(**fields):
    return SplitWeeklyRest.model_validate({"kind": "split_weekly_rest"} | fields)


RULES = [a_rule(minutes=2880), a_rule(minutes=1500)]


def test_what_is_broken_is_told():
    assert sentences(a_rule(minutes=2880), {0: "09-17", 2: "09-17", 4: "09-17", 6: "09-17"}) == [
        "Ann has no rest of 2880 minutes in the week up to 2026-03-08; the longest is 2400."
    ]


def test_nobody_working_is_told_of_nothing_but_too_little():
    for rule in RULES:
        assert sum("least" not in told for told in sentences(rule, {})) == 0


@pytest.mark.parametrize("rule", RULES)
def test_automaton_and_judge_agree(rule):
    start, days, shifts = "2026-03-02", 7, ["09-17", "22-06"]
    assert_faces_agree(rule, shifts=shifts, days=days, start_date=start)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("circumstances", CIRCUMSTANCES)
def test_automaton_and_judge_agree_in_all_circumstances(rule, circumstances):
    assert_faces_agree(rule, shifts=["09-17", "22-06"], days=6, idle=True, **circumstances)


@pytest.mark.parametrize(("fields", "told"), [({"minutes": 0}, "greater than or equal to 1")])
def test_what_asks_nothing_or_cannot_hold_is_refused(fields, told):
    with pytest.raises(ValueError, match=told):
        a_rule(**fields)

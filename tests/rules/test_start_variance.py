import pytest

from solver.rules import StartVariance
from tests.rules.contract import CIRCUMSTANCES, assert_faces_agree, sentences


def a_rule(**fields):
    return StartVariance.model_validate({"kind": "start_variance"} | fields)


RULES = [
    a_rule(max_minutes=120),
    a_rule(same_shift=True),
    a_rule(max_minutes=800, same_shift=True),
]


def test_what_is_broken_is_told():
    assert sentences(a_rule(max_minutes=60), {0: "09-17", 1: "11-19"}) == [
        "Ann starts 120 minutes apart on 2026-03-03, unlike earlier in the week; the most is 60."
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


@pytest.mark.parametrize(("fields", "told"), [({}, "max_minutes")])
def test_what_asks_nothing_or_cannot_hold_is_refused(fields, told):
    with pytest.raises(ValueError, match=told):
        a_rule(**fields)

import pytest

from solver.rules import PaidMinutesAverage
from tests.rules.contract import CIRCUMSTANCES, assert_faces_agree, sentences


def a_rule(**fields):
    return PaidMinutesAverage.model_validate({"kind": "paid_minutes_average"} | fields)


RULES = [a_rule(weeks=2, min=900, max=1100), a_rule(weeks=1, max=960)]


def test_what_is_broken_is_told():
    assert sentences(a_rule(weeks=1, max=900), {0: "09-17", 1: "09-17"}) == [
        "Ann has 960 paid minutes in the 1 weeks up to 2026-03-08; the most on average is 900 a week."
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


@pytest.mark.parametrize(
    ("fields", "told"),
    [({"weeks": 2}, "a min, a max"), ({"weeks": 2, "min": 5, "max": 4}, "min 5 is greater than max 4")],
)
def test_what_asks_nothing_or_cannot_hold_is_refused(fields, told):
    with pytest.raises(ValueError, match=told):
        a_rule(**fields)

import pytest

from solver.rules import StartDistance
from tests.rules.contract import CIRCUMSTANCES, assert_faces_agree, sentences


def a_rule(**fields):
    return StartDistance.model_validate({"kind": "start_distance"} | fields)


RULES = [a_rule(min=1380, max=1500), a_rule(max=1500)]


def test_what_is_broken_is_told():
    assert sentences(a_rule(min=1440), {0: "09-17", 1: "08-16"}) == [
        "Ann starts 1380 minutes after the start before on 2026-03-03; the least is 1440."
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


@pytest.mark.parametrize(
    ("fields", "told"), [({}, "a min, a max"), ({"min": 9, "max": 8}, "min 9 is greater than max 8")]
)
def test_what_asks_nothing_or_cannot_hold_is_refused(fields, told):
    with pytest.raises(ValueError, match=told):
        a_rule(**fields)

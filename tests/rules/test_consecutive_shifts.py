import pytest

from solver.rules import ConsecutiveShifts
from tests.rules.contract import CIRCUMSTANCES, NIGHT, assert_faces_agree, sentences


def a_rule(**fields):
    return ConsecutiveShifts.model_validate({"kind": "consecutive_shifts"} | fields)


RULES = [a_rule(starts=NIGHT, max=2), a_rule(shift_ids=["from 22"], min=2, max=3)]


def test_what_is_broken_is_told():
    assert sentences(a_rule(starts=NIGHT, max=1), {1: "22-06", 2: "22-06"}) == [
        "Ann works 2 days of such shifts in a row up to 2026-03-04; the limit is 1."
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
    ("fields", "told"),
    [
        ({"max": 2}, "shift_ids"),
        ({"shift_ids": ["n"], "min": 3, "max": 2}, "min 3 is greater than max 2"),
        ({"shift_ids": ["n"]}, "a max or both"),
    ],
)
def test_what_asks_nothing_or_cannot_hold_is_refused(fields, told):
    with pytest.raises(ValueError, match=told):
        a_rule(**fields)

import pytest

from solver.rules import Fairness
from tests.rules.contract import CIRCUMSTANCES, NIGHT, assert_faces_agree, sentences


def a_rule(**fields):
    return Fairness.model_validate({"kind": "fairness"} | fields)


RULES = [
    a_rule(starts=NIGHT, share=1, cost=2),
    a_rule(shift_ids=["from 22"], days=["sat", "sun"], cost=2),
]


def test_what_is_broken_is_told():
    assert sentences(a_rule(shift_ids=["from 22"], share=1, cost=2), {0: "22-06", 1: "22-06", 3: "22-06"}) == [
        "Ann works 3 shifts of the kind that is shared out; a fair share is 1."
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


def test_late_ends_are_shared_out():
    rule = a_rule(stops={"earliest": "22:00", "latest": "30:00"}, share=1)
    assert sentences(rule, {0: "09-17", 1: "14-22", 2: "22-06", 3: "12-21"}) == [
        "Ann works 2 shifts of the kind that is shared out; a fair share is 1."
    ]


@pytest.mark.parametrize("circumstances", CIRCUMSTANCES)
def test_automaton_and_judge_agree_on_late_ends(circumstances):
    rule = a_rule(stops={"earliest": "30:00", "latest": "30:00"}, share=1)
    assert_faces_agree(rule, shifts=["09-17", "22-06"], days=5, idle=True, **circumstances)


@pytest.mark.parametrize(("fields", "told"), [({"cost": 1}, "what is shared out")])
def test_what_asks_nothing_or_cannot_hold_is_refused(fields, told):
    with pytest.raises(ValueError, match=told):
        a_rule(**fields)

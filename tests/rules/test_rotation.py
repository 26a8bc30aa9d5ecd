import pytest

from solver.rules import Rotation
from tests.rules.contract import CIRCUMSTANCES, assert_faces_agree, sentences


def a_rule(**fields):
    return Rotation.model_validate({"kind": "rotation"} | fields)


RULES = [a_rule(weeks_of_shifts=[["from 09"], ["from 22"], []])]


def test_what_is_broken_is_told():
    assert sentences(a_rule(weeks_of_shifts=[["from 09"]]), {0: "22-06"}) == [
        "Ann works from 22 on 2026-03-02; week 1 of the rotation has from 09."
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


@pytest.mark.parametrize(("fields", "told"), [({"weeks_of_shifts": []}, "at least 1 item")])
def test_what_asks_nothing_or_cannot_hold_is_refused(fields, told):
    with pytest.raises(ValueError, match=told):
        a_rule(**fields)


def test_the_week_after_the_last_is_the_first_again():
    works = {0: "09-17", 7: "22-06", 21: "09-17"}
    assert sentences(RULES[0], works, days=22) == []

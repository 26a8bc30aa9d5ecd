import pytest

from solver.rules import DifferentShifts
from tests.rules.contract import CIRCUMSTANCES, assert_faces_agree, sentences

PAST = {"shifts": [{"work_plan_shift_id": "from 06", "start": "2026-03-03T06:00", "end": "2026-03-03T14:00"}]}


def a_rule(**fields):
    return DifferentShifts.model_validate({"kind": "different_shifts"} | fields)


RULES = [a_rule(max=1), a_rule(max=2, by="start"), a_rule(max=1, by="shift_id", per="period"), a_rule(max=1, cost=2)]


def test_third_shift_of_a_week_is_one_too_many():
    works = {0: "09-17", 1: "10-18", 2: "09-17", 3: "09-18"}
    assert sentences(a_rule(max=2), works) == [
        "Ann works one more different shift on 2026-03-05; the most in a week is 2."
    ]


def test_shifts_of_one_start_are_the_same_by_start():
    assert sentences(a_rule(max=1, by="start"), {0: "09-17", 1: "09-18"}) == []


def test_each_day_with_another_shift_is_a_breach():
    works = {0: "08-16", 1: "09-17", 2: "10-18", 3: "08-16"}
    assert sentences(a_rule(max=1), works) == [
        "Ann works one more different shift on 2026-03-03; the most in a week is 1.",
        "Ann works one more different shift on 2026-03-04; the most in a week is 1.",
    ]


def test_next_week_counts_anew():
    assert sentences(a_rule(max=1), {6: "09-17", 7: "10-18"}, days=9) == []


def test_shifts_of_the_week_before_the_period_begins_count():
    assert sentences(a_rule(max=1), {0: "09-17"}, start_date="2026-03-05", days=4, **PAST) == [
        "Ann works one more different shift on 2026-03-05; the most in a week is 1."
    ]


@pytest.mark.parametrize("rule", RULES)
def test_automaton_and_judge_agree(rule):
    assert_faces_agree(rule, shifts=["09-17", "10-18", "22-06"], days=4)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("circumstances", CIRCUMSTANCES)
def test_automaton_and_judge_agree_in_all_circumstances(rule, circumstances):
    assert_faces_agree(rule, shifts=["09-17", "22-06"], days=6, idle=True, **circumstances)


@pytest.mark.parametrize("rule", RULES)
def test_automaton_and_judge_agree_after_shifts_before(rule):
    assert_faces_agree(rule, shifts=["09-17", "22-06"], days=4, start_date="2026-03-05", history=PAST, idle=True)

import pytest

from solver.rules import ConsecutiveDaysOff
from tests.rules.contract import assert_faces_agree, sentences


def works(*days: int) -> dict[int, str]:
    return dict.fromkeys(days, "09-17")


def test_enough_days_off_are_fine():
    assert sentences(ConsecutiveDaysOff(min=2), works(0, 1, 4, 5)) == []


def test_a_single_day_off_is_told():
    assert sentences(ConsecutiveDaysOff(min=2), works(0, 2)) == [
        "Ann is off for 1 day in a row up to 2026-03-03; the least is 2."
    ]


def test_each_missing_day_is_a_unit():
    assert_faces_agree(ConsecutiveDaysOff(min=4), shifts=["09-17"], days=6, history={"consecutive_days_worked": 1})
    assert sentences(ConsecutiveDaysOff(min=4), works(0, 3)) == [
        "Ann is off for 2 days in a row up to 2026-03-04; the least is 4."
    ]


def test_too_many_days_off_are_told_one_by_one():
    assert sentences(ConsecutiveDaysOff(max=2), works(0, 5), days=7) == [
        "Ann is off for 3 days in a row up to 2026-03-05; the limit is 2.",
        "Ann is off for 4 days in a row up to 2026-03-06; the limit is 2.",
    ]


def test_days_off_before_the_period_count_toward_the_most():
    assert sentences(ConsecutiveDaysOff(max=2), works(1, 2, 4, 6), days=7, consecutive_days_off=2) == [
        "Ann is off for 3 days in a row up to 2026-03-02; the limit is 2.",
    ]


def test_days_off_may_go_on_after_the_period():
    assert sentences(ConsecutiveDaysOff(min=3), works(0, 1, 2, 3, 4, 5)) == []


def test_days_off_at_the_beginning_pass_when_nothing_is_known():
    assert sentences(ConsecutiveDaysOff(min=3), works(1, 2)) == []


def test_days_off_at_the_beginning_count_when_work_went_before():
    assert sentences(ConsecutiveDaysOff(min=3), works(1, 2), consecutive_days_worked=4) == [
        "Ann is off for 1 day in a row up to 2026-03-02; the least is 3."
    ]


def test_days_off_before_the_period_count():
    rule = ConsecutiveDaysOff(min=3)
    assert sentences(rule, works(1, 2), consecutive_days_off=2) == []
    assert sentences(rule, works(1, 2), consecutive_days_off=1) == [
        "Ann is off for 2 days in a row up to 2026-03-02; the least is 3."
    ]


def test_too_few_days_off_right_before_the_period_are_told():
    assert sentences(ConsecutiveDaysOff(min=3), works(0), consecutive_days_off=1) == [
        "Ann is off for 1 day in a row up to 2026-03-02; the least is 3."
    ]


@pytest.mark.parametrize("least", [2, 3, 5])
@pytest.mark.parametrize("worked", [0, 1, 4])
def test_automaton_and_judge_agree(least, worked):
    assert_faces_agree(
        ConsecutiveDaysOff(min=least), shifts=["09-17"], days=8, history={"consecutive_days_worked": worked}
    )


@pytest.mark.parametrize("least", [2, 3, 5])
@pytest.mark.parametrize("off", [1, 2, 3, 7])
def test_automaton_and_judge_agree_after_days_off(least, off):
    assert_faces_agree(ConsecutiveDaysOff(min=least), shifts=["09-17"], days=8, history={"consecutive_days_off": off})


@pytest.mark.parametrize("off", [0, 1, 3])
def test_automaton_and_judge_agree_on_the_most(off):
    rule = ConsecutiveDaysOff(min=2, max=3)
    assert_faces_agree(rule, shifts=["09-17"], days=8, history={"consecutive_days_off": off})


@pytest.mark.parametrize("start_date", ["2026-10-22", "2026-03-26"])
def test_automaton_and_judge_agree_when_clocks_change(start_date):
    assert_faces_agree(ConsecutiveDaysOff(min=2), shifts=["22-06", "06-14"], days=6, start_date=start_date)

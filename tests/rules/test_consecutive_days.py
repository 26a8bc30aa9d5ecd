import pytest

from solver.rules import ConsecutiveDays
from tests.rules.contract import assert_faces_agree, sentences


def works(*days: int) -> dict[int, str]:
    return dict.fromkeys(days, "09-17")


def test_a_run_as_long_as_the_limit_is_fine():
    assert sentences(ConsecutiveDays(max=3), works(0, 1, 2, 4, 5, 6)) == []


def test_each_day_beyond_the_limit_is_told():
    assert sentences(ConsecutiveDays(max=3), works(1, 2, 3, 4, 5)) == [
        "Ann works 4 days in a row up to 2026-03-06; the limit is 3.",
        "Ann works 5 days in a row up to 2026-03-07; the limit is 3.",
    ]


def test_a_run_that_began_before_the_period_is_seen():
    assert sentences(ConsecutiveDays(max=3), works(0, 1), consecutive_days_worked=2) == [
        "Ann works 4 days in a row up to 2026-03-03; the limit is 3."
    ]


def test_a_day_off_ends_the_run_of_the_history():
    assert sentences(ConsecutiveDays(max=3), works(1, 2, 3), consecutive_days_worked=9) == []


def test_two_shifts_around_midnight_are_two_days():
    assert sentences(ConsecutiveDays(max=1), {0: "22-06", 1: "22-06"}) == [
        "Ann works 2 days in a row up to 2026-03-03; the limit is 1."
    ]


@pytest.mark.parametrize("limit", [1, 2, 3, 6])
@pytest.mark.parametrize("before", [0, 1, 2, 3, 7])
def test_automaton_and_judge_agree(limit, before):
    rule = ConsecutiveDays(max=limit)
    assert_faces_agree(rule, shifts=["09-17"], days=8, history={"consecutive_days_worked": before})


@pytest.mark.parametrize("start_date", ["2026-10-23", "2026-03-27"])
def test_automaton_and_judge_agree_when_clocks_change(start_date):
    assert_faces_agree(ConsecutiveDays(max=2), shifts=["22-06", "06-14"], days=5, start_date=start_date)


@pytest.mark.parametrize("least", [2, 3])
@pytest.mark.parametrize("history", [{}, {"consecutive_days_worked": 1}, {"consecutive_days_off": 1}])
@pytest.mark.parametrize("limit", [None, 3])
def test_automaton_and_judge_agree_on_runs_that_are_too_short(least, history, limit):
    assert_faces_agree(ConsecutiveDays(min=least, max=limit), shifts=["09-17"], days=8, history=history)


def test_a_run_that_is_too_short_is_told():
    assert sentences(ConsecutiveDays(min=3), works(1, 2), consecutive_days_off=1) == [
        "Ann works 2 days in a row up to 2026-03-04; the least is 3."
    ]


def test_a_run_at_either_end_of_the_period_may_be_longer_than_is_seen():
    assert sentences(ConsecutiveDays(min=3), works(0, 6)) == []


def test_a_least_above_the_most_is_refused():
    with pytest.raises(ValueError, match="min 4 is greater than max 3"):
        ConsecutiveDays(min=4, max=3)

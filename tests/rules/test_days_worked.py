import pytest
from pydantic import ValidationError

from solver.rules import DaysWorked
from tests.rules.contract import assert_faces_agree, sentences


def works(*days: int) -> dict[int, str]:
    return dict.fromkeys(days, "09-17")


def test_too_many_and_too_few_days_of_a_week_are_told():
    rule = DaysWorked(min=2, max=3)
    assert sentences(rule, works(0, 1, 2, 3, 4, 7), days=14) == [
        "Ann works 5 days in the week up to 2026-03-08; the most is 3.",
        "Ann works 1 day in the week up to 2026-03-15; the least is 2.",
    ]


def test_a_week_that_goes_on_after_the_period_owes_no_least():
    assert sentences(DaysWorked(min=2), works(0, 1), days=10) == []


def test_a_week_that_goes_on_after_the_period_keeps_the_most():
    assert sentences(DaysWorked(max=2), works(7, 8, 9), days=10) == [
        "Ann works 3 days in the week up to 2026-03-11; the most is 2."
    ]


def test_days_worked_before_the_period_count_in_its_first_week():
    assert sentences(DaysWorked(max=5), works(0, 1), start_date="2026-03-06", days=5, days_worked_in_week=4) == [
        "Ann works 6 days in the week up to 2026-03-08; the most is 5."
    ]


def test_what_went_before_is_not_charged():
    assert sentences(DaysWorked(max=3), {}, start_date="2026-03-06", days=3, days_worked_in_week=5) == []
    assert sentences(DaysWorked(max=3), works(0), start_date="2026-03-06", days=3, days_worked_in_week=4) == [
        "Ann works 5 days in the week up to 2026-03-08; the most is 3."
    ]


def test_who_is_not_needed_may_work_none_at_all():
    rule = DaysWorked(min=2, or_none=True)
    assert sentences(rule, works(7), days=14) == ["Ann works 1 day in the week up to 2026-03-15; the least is 2."]
    # A day worked before the period is some.
    assert sentences(rule, {}, start_date="2026-03-06", days=3, days_worked_in_week=1) == [
        "Ann works 1 day in the week up to 2026-03-08; the least is 2."
    ]
    assert_faces_agree(rule, shifts=["09-17"], days=9)
    assert_faces_agree(DaysWorked(per="period", min=3, max=4, or_none=True, cost=2), shifts=["09-17"], days=6)


def test_the_period_counts_as_one():
    assert sentences(DaysWorked(per="period", min=4), works(0, 9), days=10, days_worked_in_period=1) == [
        "Ann works 3 days in the period up to 2026-03-11; the least is 4."
    ]


def test_time_off_is_no_day_worked():
    assert sentences(DaysWorked(min=1), {}, credits={2: 480}) == [
        "Ann works 0 days in the week up to 2026-03-08; the least is 1."
    ]


@pytest.mark.parametrize("limits", [{}, {"min": 4, "max": 3}])
def test_limits_that_say_nothing_or_too_much_are_refused(limits):
    with pytest.raises(ValidationError):
        DaysWorked(**limits)


LIMITS = [{"min": 2}, {"max": 1}, {"max": 0}, {"min": 1, "max": 2}, {"min": 2, "max": 2}, {"min": 3, "max": 5}]


@pytest.mark.parametrize("limits", LIMITS, ids=str)
@pytest.mark.parametrize("history", [{}, {"days_worked_in_week": 1}, {"days_worked_in_week": 4}], ids=str)
@pytest.mark.parametrize("start_date", ["2026-03-02", "2026-03-05", "2026-03-08"])
@pytest.mark.parametrize("week_starts_on", ["monday", "sunday"])
def test_automaton_and_judge_agree_on_weeks(limits, history, start_date, week_starts_on):
    rule = DaysWorked(per="week", **limits)
    assert_faces_agree(
        rule, shifts=["09-17"], days=8, start_date=start_date, week_starts_on=week_starts_on, history=history, idle=True
    )


@pytest.mark.parametrize("limits", LIMITS, ids=str)
@pytest.mark.parametrize("before", [0, 1, 4])
def test_automaton_and_judge_agree_on_the_period(limits, before):
    rule = DaysWorked(per="period", **limits)
    history = {"days_worked_in_week": 2, "days_worked_in_period": before}
    assert_faces_agree(rule, shifts=["09-17"], days=8, history=history, idle=True)


def test_automaton_and_judge_agree_with_time_off_and_a_change_of_clocks():
    rule = DaysWorked(min=2, max=3)
    assert_faces_agree(rule, shifts=["22-06", "06-14"], days=5, start_date="2026-10-22", credits=[480, 0, 60])


def test_none_or_enough_is_never_taken_out_of_the_graph():
    # Its breaches are not convex: none is fine, one is not, two are fine.
    assert DaysWorked(min=2).is_convex
    assert not DaysWorked(min=2, or_none=True).is_convex

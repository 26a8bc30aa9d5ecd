import pytest
from pydantic import ValidationError

from solver.rules import PaidMinutes
from tests.rules.contract import a_shift, assert_faces_agree, sentences


def works(*days: int) -> dict[int, str]:
    return dict.fromkeys(days, "09-17")


def test_a_week_with_too_much_and_one_with_too_little_are_told():
    assert sentences(PaidMinutes(min=960, max=1000), works(0, 1, 2, 8), days=14) == [
        "Ann is paid for 1440 minutes in the week up to 2026-03-08; the most is 1000.",
        "Ann is paid for 480 minutes in the week up to 2026-03-15; the least is 960.",
    ]


def test_the_border_is_allowed():
    assert sentences(PaidMinutes(min=960, max=960), works(0, 1)) == []


def test_a_week_that_goes_on_after_the_period_owes_no_least():
    assert sentences(PaidMinutes(min=960), works(0, 1), days=10) == []


def test_paid_time_off_counts():
    assert sentences(PaidMinutes(min=960), works(0), credits={4: 480}) == []
    assert sentences(PaidMinutes(max=959), works(0), credits={4: 480}) == [
        "Ann is paid for 960 minutes in the week up to 2026-03-08; the most is 959."
    ]


def test_the_week_in_which_the_period_begins_counts_what_went_before():
    assert sentences(PaidMinutes(max=2400), works(0), start_date="2026-03-06", days=3, paid_minutes_in_week=2000) == [
        "Ann is paid for 2480 minutes in the week up to 2026-03-08; the most is 2400."
    ]


def test_the_period_counts_what_went_before():
    assert sentences(PaidMinutes(per="period", min=1000), works(0), days=3, paid_minutes_in_period=519) == [
        "Ann is paid for 999 minutes in the period up to 2026-03-04; the least is 1000."
    ]


@pytest.mark.parametrize("limits", [{}, {"min": 4, "max": 3}])
def test_limits_that_say_nothing_or_too_much_are_refused(limits):
    with pytest.raises(ValidationError):
        PaidMinutes(**limits)


LIMITS = [{"min": 960}, {"max": 900}, {"max": 0}, {"min": 450, "max": 960}, {"min": 960, "max": 960}]
SHIFTS = [a_shift("09-17", unpaid=30), "06-14"]


@pytest.mark.parametrize("limits", LIMITS, ids=str)
@pytest.mark.parametrize("before", [0, 100, 950, 2000])
@pytest.mark.parametrize("start_date", ["2026-03-02", "2026-03-05", "2026-03-08"])
@pytest.mark.parametrize("week_starts_on", ["monday", "saturday"])
def test_automaton_and_judge_agree_on_weeks(limits, before, start_date, week_starts_on):
    assert_faces_agree(
        PaidMinutes(per="week", **limits),
        shifts=SHIFTS,
        days=5,
        start_date=start_date,
        week_starts_on=week_starts_on,
        history={"paid_minutes_in_week": before, "paid_minutes_in_period": 77},
        idle=True,
    )


@pytest.mark.parametrize("limits", LIMITS, ids=str)
@pytest.mark.parametrize("before", [0, 100, 910])
def test_automaton_and_judge_agree_on_the_period(limits, before):
    history = {"paid_minutes_in_week": 77, "paid_minutes_in_period": before}
    assert_faces_agree(PaidMinutes(per="period", **limits), shifts=SHIFTS, days=5, history=history)


@pytest.mark.parametrize("per", ["week", "period"])
@pytest.mark.parametrize("credits", [[480], [0, 0, 0, 1000], [60, 500]], ids=str)
@pytest.mark.parametrize("start_date", ["2026-10-22", "2026-03-26"])
def test_automaton_and_judge_agree_with_time_off_and_a_change_of_clocks(per, credits, start_date):
    rule = PaidMinutes(per=per, min=900, max=1440)
    assert_faces_agree(rule, shifts=SHIFTS, days=5, start_date=start_date, credits=credits)

from decimal import Decimal
from fractions import Fraction

import pytest
from pydantic import ValidationError

from solver.rules import Overtime
from tests.rules.contract import a_shift, assert_faces_agree, sentences


def overtime(over: int, per: str = "week") -> Overtime:
    return Overtime.model_validate({"per": per, "over_minutes": over, "rate_multiplier": 1.5})


def works(*days: int) -> dict[int, str]:
    return dict.fromkeys(days, "09-17")


def test_minutes_up_to_the_limit_are_ordinary():
    assert sentences(overtime(2400), works(0, 1, 2, 3, 4)) == []


def test_minutes_beyond_are_told():
    assert sentences(overtime(2399), works(0, 1, 2, 3, 4)) == ["Ann works 1 minute of overtime up to 2026-03-08."]


def test_a_long_day_is_overtime_by_the_day():
    assert sentences(overtime(480, "day"), {0: "08-16", 1: "08-18", 2: "08-17"}) == [
        "Ann works 120 minutes of overtime up to 2026-03-03.",
        "Ann works 60 minutes of overtime up to 2026-03-04.",
    ]


def test_a_week_that_goes_on_after_the_period_has_its_overtime():
    assert sentences(overtime(900), works(7, 8), days=9) == ["Ann works 60 minutes of overtime up to 2026-03-10."]


def test_paid_time_off_is_not_worked():
    assert sentences(overtime(480), works(0), credits={1: 480}) == []


def test_minutes_before_the_period_count_but_are_not_paid_again():
    assert sentences(overtime(2400), works(0), start_date="2026-03-07", days=2, paid_minutes_in_week=2000) == [
        "Ann works 80 minutes of overtime up to 2026-03-08."
    ]
    assert sentences(overtime(2400), works(0), start_date="2026-03-07", days=2, paid_minutes_in_week=3000) == [
        "Ann works 480 minutes of overtime up to 2026-03-08."
    ]


def test_the_extra_rate_is_exact():
    assert overtime(0).extra_rate == Fraction(1, 2)
    assert Overtime(over_minutes=0, rate_multiplier=Decimal("1.255")).extra_rate == Fraction(255, 1000)


@pytest.mark.parametrize(
    "change",
    [
        {"cost": 3},
        {"rate_multiplier": 0.9},
        {"rate_multiplier": 1.0001},
        {"rate_multiplier": True},
        {"rate_multiplier": 1e30},
    ],
)
def test_what_overtime_cannot_be_is_refused(change):
    with pytest.raises(ValidationError):
        Overtime.model_validate({"over_minutes": 2400, "rate_multiplier": 1.5} | change)


SHIFTS = [a_shift("09-17", unpaid=30), "06-16"]


@pytest.mark.parametrize("over", [0, 450, 451, 1050])
@pytest.mark.parametrize("before", [0, 100, 2000])
@pytest.mark.parametrize("start_date", ["2026-03-02", "2026-03-05", "2026-03-08"])
@pytest.mark.parametrize("week_starts_on", ["monday", "saturday"])
def test_automaton_and_judge_agree_on_weeks(over, before, start_date, week_starts_on):
    assert_faces_agree(
        overtime(over),
        shifts=SHIFTS,
        days=5,
        start_date=start_date,
        week_starts_on=week_starts_on,
        history={"paid_minutes_in_week": before},
        credits=[0, 300],
    )


@pytest.mark.parametrize("over", [0, 450, 480])
@pytest.mark.parametrize("start_date", ["2026-03-05", "2026-10-23", "2026-03-27"])
def test_automaton_and_judge_agree_on_days(over, start_date):
    history = {"paid_minutes_in_week": 300}
    assert_faces_agree(overtime(over, "day"), shifts=SHIFTS, days=5, start_date=start_date, history=history)

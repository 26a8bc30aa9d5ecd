import pytest
from pydantic import ValidationError

from solver.rules import WeekendsWorked
from tests.rules.contract import assert_faces_agree, sentences


def works(*days: int) -> dict[int, str]:
    return dict.fromkeys(days, "09-17")


def test_a_weekend_is_worked_when_either_day_is():
    rule = WeekendsWorked(max=1)
    assert sentences(rule, works(0, 5, 6, 9), days=14) == []
    assert sentences(rule, works(5, 13), days=14) == [
        "Ann works weekend 2 on the weekend of 2026-03-14; the most is 1."
    ]


def test_each_weekend_beyond_the_limit_is_told():
    assert sentences(WeekendsWorked(max=0), works(5, 6, 12), days=14) == [
        "Ann works weekend 1 on the weekend of 2026-03-07; the most is 0.",
        "Ann works weekend 2 on the weekend of 2026-03-14; the most is 0.",
    ]


def test_weekends_before_the_period_count():
    assert sentences(WeekendsWorked(max=2), works(5), weekends_worked=2) == [
        "Ann works weekend 3 on the weekend of 2026-03-07; the most is 2."
    ]


@pytest.mark.parametrize("day", [5, 6])
def test_half_a_weekend_is_told_when_it_is_to_be_whole(day):
    assert sentences(WeekendsWorked(whole=True), works(day)) == [
        "Ann works only one day on the weekend of 2026-03-07; it is both days or none."
    ]


def test_half_a_weekend_at_the_edge_of_the_period_passes():
    assert sentences(WeekendsWorked(whole=True), works(5), days=6) == []
    assert sentences(WeekendsWorked(whole=True), works(0), start_date="2026-03-08", days=2) == []


def test_a_saturday_worked_before_the_period_asks_for_its_sunday():
    rule = WeekendsWorked(whole=True)
    assert sentences(rule, works(0), start_date="2026-03-08", days=2, consecutive_days_worked=1) == []
    assert sentences(rule, {}, start_date="2026-03-08", days=2, consecutive_days_worked=1) == [
        "Ann works only one day on the weekend of 2026-03-08; it is both days or none."
    ]


def test_a_sunday_after_a_worked_saturday_is_no_new_weekend():
    history = {"consecutive_days_worked": 1, "weekends_worked": 1}
    assert sentences(WeekendsWorked(max=1), works(0), start_date="2026-03-08", days=2, **history) == []


def test_a_night_from_friday_to_saturday_belongs_to_friday():
    assert sentences(WeekendsWorked(max=0), {4: "22-06"}) == []


def test_a_rule_that_asks_nothing_is_refused():
    with pytest.raises(ValidationError):
        WeekendsWorked()


@pytest.mark.parametrize(
    "asks", [{"max": 0}, {"max": 1}, {"max": 2}, {"whole": True}, {"max": 1, "whole": True}], ids=str
)
@pytest.mark.parametrize("start_date", ["2026-03-05", "2026-03-07", "2026-03-08"])
@pytest.mark.parametrize(
    "history",
    [{}, {"consecutive_days_worked": 2}, {"weekends_worked": 1}, {"weekends_worked": 3, "consecutive_days_worked": 1}],
    ids=str,
)
def test_automaton_and_judge_agree(asks, start_date, history):
    assert_faces_agree(
        WeekendsWorked(**asks), shifts=["09-17"], days=10, start_date=start_date, history=history, idle=True
    )


@pytest.mark.parametrize("start_date", ["2026-10-23", "2026-03-27"])
def test_automaton_and_judge_agree_when_clocks_change(start_date):
    assert_faces_agree(WeekendsWorked(max=0, whole=True), shifts=["22-06", "06-14"], days=5, start_date=start_date)

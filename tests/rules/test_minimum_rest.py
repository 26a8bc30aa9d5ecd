import pytest

from solver.rules import MinimumRest
from tests.rules.contract import MONDAY, assert_faces_agree, sentences


def test_rest_as_long_as_the_least_is_fine():
    assert sentences(MinimumRest(minutes=480), {0: "14-22", 1: "06-14"}) == []


def test_a_short_rest_is_told():
    assert sentences(MinimumRest(minutes=481), {0: "14-22", 1: "06-14"}) == [
        "Ann rests 480 minutes before the shift on 2026-03-03; the least is 481."
    ]


def test_each_short_rest_is_one_breach():
    assert sentences(MinimumRest(minutes=660), {0: "14-22", 1: "06-22", 2: "06-14"}) == [
        "Ann rests 480 minutes before the shift on 2026-03-03; the least is 660.",
        "Ann rests 480 minutes before the shift on 2026-03-04; the least is 660.",
    ]


def test_the_end_of_the_last_shift_before_the_period_counts():
    rule = MinimumRest(minutes=660)
    assert sentences(rule, {0: "06-14"}, last_shift_end="2026-03-01T19:00") == []
    assert sentences(rule, {0: "06-14"}, last_shift_end="2026-03-01T19:01") == [
        "Ann rests 659 minutes before the shift on 2026-03-02; the least is 660."
    ]


def test_a_week_of_rest_reaches_over_days_off():
    assert sentences(MinimumRest(minutes=3 * 1440), {0: "08-16", 3: "08-16"}) == [
        "Ann rests 3840 minutes before the shift on 2026-03-05; the least is 4320."
    ]


@pytest.mark.parametrize(
    ("start_date", "rest"), [("2026-10-24", 600), ("2026-03-28", 480)], ids=["a longer night", "a shorter night"]
)
def test_rest_is_elapsed_time_when_clocks_change(start_date, rest):
    works = {0: "13-22", 1: "07-15"}
    assert sentences(MinimumRest(minutes=rest), works, start_date=start_date, days=3) == []
    assert len(sentences(MinimumRest(minutes=rest + 1), works, start_date=start_date, days=3)) == 1


SHIFTS = ["06-14", "14-22", "22-06", "08-20"]


@pytest.mark.parametrize("minutes", [1, 480, 481, 660, 1440, 2881])
def test_automaton_and_judge_agree(minutes):
    assert_faces_agree(MinimumRest(minutes=minutes), shifts=SHIFTS, days=4)


@pytest.mark.parametrize("minutes", [480, 481, 539, 540, 541, 2000])
@pytest.mark.parametrize("start_date", ["2026-10-23", "2026-03-27"])
@pytest.mark.parametrize("zone", ["Europe/Tallinn", "America/New_York"])
def test_automaton_and_judge_agree_when_clocks_change(minutes, start_date, zone):
    assert_faces_agree(MinimumRest(minutes=minutes), shifts=SHIFTS, days=4, start_date=start_date, zone=zone)


@pytest.mark.parametrize(
    "end", ["2026-02-20T12:00", "2026-03-01T19:00", "2026-03-01T19:01", "2026-03-02T07:00", "2026-03-02T05:00Z"]
)
def test_automaton_and_judge_agree_after_a_shift_before_the_period(end):
    assert_faces_agree(
        MinimumRest(minutes=660), shifts=SHIFTS, days=4, start_date=MONDAY, history={"last_shift_end": end}
    )

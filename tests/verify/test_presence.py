"""Time off and availability to the minute, on a day when the clocks go back."""

import pytest

from tests.verify.desk import judged
from tests.verify.weekend import a_request, a_roster

ANN, BOB = 0, 1


def codes(agent, **fields):
    """What the judge finds when the agent's presence is as given; the roster is good otherwise."""
    request = a_request()
    request["agents"][agent].update(fields)
    return {violation.code for violation in judged(request, a_roster()).violations} - {"wrong_paid_minutes"}


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("06:00", "08:00", set()),
        ("06:00", "08:01", {"time_off"}),
        ("10:00", "11:00", {"time_off"}),
        ("15:59", "18:00", {"time_off"}),
        ("16:00", "18:00", set()),
    ],
)
def test_time_off_may_touch_a_shift_and_no_more(start, end, expected):
    off = {"start": f"2026-10-25T{start}", "end": f"2026-10-25T{end}"}
    assert codes(ANN, time_off=[off]) == expected


@pytest.mark.parametrize(
    ("windows", "expected"),
    [
        ([("08:00", "17:00")], set()),
        ([("08:00", "12:00"), ("12:00", "17:00")], set()),
        ([("10:00", "17:00"), ("08:00", "12:00")], set()),
        ([("08:00", "12:00"), ("12:01", "17:00")], {"availability"}),
        ([("08:00", "16:59")], {"availability"}),
        ([("08:01", "17:00")], {"availability"}),
    ],
)
def test_windows_that_touch_are_one(windows, expected):
    days = ["sat", "sun", "mon"]
    assert codes(ANN, availability=[{"days": days, "from": start, "to": end} for start, end in windows]) == expected


@pytest.mark.parametrize(("until", "expected"), [("29:00", set()), ("28:59", {"availability"})])
def test_a_window_of_saturday_may_end_on_sunday(until, expected):
    # Sunday night ends at 06:00, Saturday night, with its hour twice, at 05:00.
    windows = [{"days": ["sat"], "from": "22:00", "to": until}, {"days": ["sun"], "from": "22:00", "to": "30:00"}]
    assert codes(BOB, availability=windows) == expected


def test_nights_join_at_midnight():
    windows = [
        {"days": ["sat", "sun"], "from": "22:00", "to": "24:00"},
        {"days": ["sun", "mon"], "from": "00:00", "to": "06:00"},
    ]
    assert codes(BOB, availability=windows) == set()

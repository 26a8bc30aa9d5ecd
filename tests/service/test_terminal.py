"""Bars, hours and lines for people."""

import io
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from schemas.roster import CoverageSeries
from service.terminal.chart import BARS, axis, bars, by_day, open_columns
from service.terminal.progress import face_of, line_of

TALLINN = ZoneInfo("Europe/Tallinn")


def series(start, required, scheduled, group="voice"):
    net = [on_queue - needed for needed, on_queue in zip(required, scheduled, strict=True)]
    return CoverageSeries(
        planning_group_id=group, start=datetime.fromisoformat(start), required=required, scheduled=scheduled, net=net
    )


def test_bars_are_as_high_as_what_they_stand_for():
    assert bars([0, 1, 4, 8], top=8) == " ▁▄█"
    assert bars([0.01], top=100) == BARS[1], "a little is not nothing"
    assert bars([5], top=0) == " "


def test_a_day_has_its_hours_and_what_is_short_and_over():
    [day] = by_day([series("2026-11-30T08:00:00+02:00", [2, 2, 2, 2], [1, 2, 3, 2])], TALLINN, 15)
    assert day.day == date(2026, 11, 30)
    assert (day.needed_hours, day.on_queue_hours, day.short_hours, day.over_hours) == (2.0, 2.0, 0.25, 0.25)
    assert (day.needed[16], day.on_queue[16], day.on_queue[17]) == (2.0, 1.5, 2.5), "08:00 and 08:30"


@pytest.mark.parametrize(("minutes", "length"), [(5, 12), (10, 6), (15, 4), (30, 2), (60, 1)])
def test_an_hour_of_two_agents_is_two_hours_at_any_interval(minutes, length):
    [day] = by_day([series("2026-11-30T08:00:00+02:00", [2.0] * length, [1.0] * length)], TALLINN, minutes)
    assert (day.needed_hours, day.on_queue_hours, day.short_hours) == pytest.approx((2.0, 1.0, 1.0))
    assert day.needed[16:18] == (2.0, 2.0)
    assert sum(day.needed) == 4.0


def test_groups_add_up():
    both = [series("2026-11-30T08:00:00+02:00", [2], [1]), series("2026-11-30T08:00:00+02:00", [3], [5], "mail")]
    [day] = by_day(both, TALLINN, 30)
    assert (day.needed[16], day.on_queue[16]) == (5.0, 6.0)
    assert (day.short_hours, day.over_hours) == (0.5, 1.0), "what one has too many the other does not have"


def test_days_are_those_of_the_clock_on_the_wall():
    days = by_day([series("2026-11-30T23:30:00+02:00", [1, 1], [1, 1])], TALLINN, 30)
    assert [day.day for day in days] == [date(2026, 11, 30), date(2026, 12, 1)]


def test_an_hour_that_the_clock_shows_twice_is_averaged_and_counted_whole():
    [day] = by_day([series("2026-10-25T00:00:00+03:00", [2.0] * 50, [2.0] * 50)], TALLINN, 30)
    assert day.needed_hours == 50.0
    assert set(day.needed) == {2.0}


def test_an_hour_that_the_clock_skips_is_empty():
    [day] = by_day([series("2026-03-29T00:00:00+02:00", [2.0] * 46, [2.0] * 46)], TALLINN, 30)
    assert day.needed_hours == 46.0
    assert day.needed[6:8] == (0.0, 0.0), "03:00 to 04:00"


def test_only_the_hours_in_use_are_shown_with_their_names():
    days = by_day([series("2026-11-30T08:30:00+02:00", [1] * 4, [1] * 4)], TALLINN, 30)
    columns = open_columns(days)
    assert columns == range(16, 22), "08:00 to 11:00"
    assert axis(columns) == "08  10"
    assert axis(range(14, 24)) == "  08  10"
    assert (open_columns([]), axis(range(0))) == (range(0), "")


def test_progress_says_what_is_known():
    assert line_of({"seconds": 1.0, "phase": "compile"}) == "compile"
    known = {"seconds": 1.0, "cost": 1234.5, "bound": 1200.0, "gap_percent": 2.7946, "phase": "search"}
    assert line_of(known) == "cost 1,234.50  bound 1,200.00  gap 2.79 %  search"


def shown(terminal, steps):
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, width=120)
    with face_of(console, seconds=10) as face:
        for progress in steps:
            face.show(progress)
    return out.getvalue()


def test_plain_lines_come_at_most_once_a_second():
    steps = [{"seconds": 0.1 * step, "cost": 100.0 - step, "phase": "search"} for step in range(5)]
    assert shown(False, steps) == "    0.0 s  cost 100.00  search\n"


def test_a_terminal_has_a_line_that_moves():
    text = shown(True, [{"seconds": 1.0, "cost": 100.0, "phase": "search"}])
    assert "\x1b[" in text

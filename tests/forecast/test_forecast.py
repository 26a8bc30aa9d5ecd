"""Forecasts of days whose volumes are known beforehand, and of what history leaves out."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from typer.testing import CliRunner

from schemas.fault import RequestRefused
from service.cli import app
from solver.forecast.forecast import forecast
from solver.reading.forecast import history_from_csv, read_forecast

EXAMPLES = Path(__file__).parents[2] / "examples"
MONDAY = date(2026, 9, 7)
SHAPE = {9: 0.2, 10: 0.4, 11: 0.3, 12: 0.1}
BUSY = {0: 500, 1: 300, 2: 200, 3: 200, 4: 100}


def past(days, *, grows=0.0, noise=None, skip=(), factor=None):
    """Weekdays of a centre that is open from nine to one, each weekday with its own volume."""
    found = []
    for number in range(days):
        day = MONDAY + timedelta(days=number)
        if day.weekday() > 4 or day in skip:
            continue
        total = BUSY[day.weekday()] * (1 + grows) ** number * (factor or {}).get(day, 1)
        for hour, share in SHAPE.items():
            volume = total * share if noise is None else float(noise.poisson(total * share))
            found.append({"start": f"{day}T{hour:02d}:00", "volume": volume})
    return found


def ask(history, **fields):
    return forecast(read_forecast({"interval_minutes": 60, "history": history, "time_zone": "Europe/Tallinn"} | fields))


def by_day(answer):
    days = {}
    for interval in answer.intervals:
        day = date.fromisoformat(interval.start[:10])
        days[day] = days.get(day, 0) + interval.volume
    return days


def refused(request):
    with pytest.raises(RequestRefused) as wrong:
        read_forecast({"interval_minutes": 60} | request)
    return {fault.pointer: fault.text for fault in wrong.value.faults}


def test_a_past_that_repeats_itself_goes_on():
    answer = ask(past(56), days=7)
    assert answer.intervals[0].start == "2026-11-02T09:00:00+02:00"
    days = by_day(answer)
    assert [days[MONDAY + timedelta(days=56 + n)] for n in range(5)] == pytest.approx(list(BUSY.values()), rel=0.02)
    monday = [one.volume for one in answer.intervals[:4]]
    assert monday == pytest.approx([100, 200, 150, 50], rel=0.02)
    assert answer.back_test.interval.wape_percent < 2
    assert {message.code for message in answer.messages} == {"no_such_weekday"}


def test_growth_is_followed():
    flat, grows = (by_day(ask(past(84, grows=rate), days=7)) for rate in (0, 0.01))
    last_monday = 500 * 1.01**77
    monday = MONDAY + timedelta(days=84)
    assert grows[monday] > last_monday
    assert flat[monday] == pytest.approx(500, rel=0.02)


def test_a_holiday_is_as_holidays_were():
    """Two bank holidays at a third of the volume; the next is expected to be low, its neighbours not."""
    special = [MONDAY + timedelta(days=9), MONDAY + timedelta(days=29)]
    nextone = MONDAY + timedelta(days=58)
    days = [{"date": str(day)} for day in (*special, nextone)]
    answer = by_day(ask(past(56, factor=dict.fromkeys(special, 1 / 3)), days=7, special_days=days))
    usual = BUSY[nextone.weekday()]
    assert answer[nextone] < 0.6 * usual
    assert answer[nextone + timedelta(days=1)] == pytest.approx(BUSY[(nextone + timedelta(days=1)).weekday()], rel=0.1)


def test_a_public_holiday_on_which_it_was_closed_is_closed_again():
    day = date(2026, 8, 20)  # Estonia's own, a Thursday
    history = [
        {"start": f"{date(2026, 7, 6) + timedelta(days=n)}T09:00", "volume": 50}
        for n in range(56)
        if date(2026, 7, 6) + timedelta(days=n) != day
    ]
    answer = ask(history, days=1, start_date="2026-12-24", country="EE")
    assert answer.intervals[0].volume == 0
    assert "nothing of Thursday 2026-08-20" in answer.messages[0].text


def test_a_named_day_has_the_volume_that_it_is_said_to_have():
    friday = MONDAY + timedelta(days=60)
    answer = by_day(ask(past(56), days=7, special_days=[{"date": str(friday), "factor": 3}]))
    assert answer[friday] == pytest.approx(300, rel=0.02)


def test_prediction_intervals_hold_about_what_they_promise():
    answer = ask(past(84, noise=np.random.default_rng(5)), days=7)
    assert 65 <= answer.back_test.inside_percent <= 95
    assert all(one.low <= one.volume <= one.high for one in answer.intervals)
    wide = ask(past(84, noise=np.random.default_rng(5)), days=7, prediction_percent=95)
    assert wide.intervals[0].high > answer.intervals[0].high


def test_a_forecast_beats_the_last_week_where_there_is_chance():
    test = ask(past(84, noise=np.random.default_rng(3)), days=7).back_test
    assert test.interval.wape_percent < test.naive_interval.wape_percent


def test_actuals_so_far_rescale_the_rest_of_the_day():
    history = past(56, noise=np.random.default_rng(1))
    plain = ask(history, days=2, start_date="2026-11-02")
    actuals = [{"start": "2026-11-02T09:00", "volume": 150}, {"start": "2026-11-02T10:00", "volume": 300}]
    answer = ask(history, days=2, start_date="2026-11-02", actuals=actuals)
    (scale,) = answer.rescaled
    assert scale.actual_so_far == 450
    assert 1 < scale.factor < 1.5
    assert [one.actual for one in answer.intervals[:4]] == [True, True, False, False]
    assert answer.intervals[2].volume == pytest.approx(plain.intervals[2].volume * scale.factor, rel=1e-3)
    assert answer.intervals[4].volume == plain.intervals[4].volume


def test_holes_are_named_and_not_taken_for_days_without_calls():
    gone = MONDAY + timedelta(days=23)
    history = [one for one in past(56, skip=[gone]) if one["start"] != "2026-10-20T10:00"]
    answer = ask(history, days=7)
    told = [message.text for message in answer.messages if message.code == "hole"]
    assert told == [
        "History has nothing of Wednesday 2026-09-30. It is left out, not taken for a day without contacts.",
        "History lacks the intervals of Tuesday 2026-10-20 at 10:00. The rest of the day stands for them.",
    ]
    assert by_day(answer)[MONDAY + timedelta(days=58)] == pytest.approx(200, rel=0.02)
    assert by_day(answer)[MONDAY + timedelta(days=57)] == pytest.approx(300, rel=0.02)


def test_both_hours_of_the_night_that_has_one_twice():
    hours = [datetime(2026, 9, 7, tzinfo=ZoneInfo("UTC")) + timedelta(hours=n) for n in range(24 * 48)]
    zone = ZoneInfo("Europe/Tallinn")
    history = [{"start": at.astimezone(zone).isoformat(timespec="minutes"), "volume": 10} for at in hours]
    sunday = ask(history, days=1, start_date="2026-10-25")
    assert len(sunday.intervals) == 25
    assert [one.start for one in sunday.intervals[3:5]] == ["2026-10-25T03:00:00+03:00", "2026-10-25T03:00:00+02:00"]


def test_handle_times_are_forecast_where_history_has_them():
    history = [one | {"aht_seconds": 300 if "T09" in one["start"] else 200} for one in past(56)]
    first, second = ask(history, days=1, start_date="2026-11-02").intervals[:2]
    assert first.aht_seconds > second.aht_seconds > 199


def test_five_minutes_become_half_hours_and_a_part_of_one_is_told():
    history = [
        {"start": f"{MONDAY + timedelta(days=n)}T09:{minute:02d}", "volume": 2}
        for n in range(28)
        for minute in range(0, 35, 5)
    ]
    answer = ask(history, interval_minutes=30, history_interval_minutes=5, days=1)
    assert [one.volume for one in answer.intervals] == pytest.approx([12], rel=0.02)
    assert [message.code for message in answer.messages] == ["partial_interval"]


def test_nothing_ever_came():
    answer = ask([one | {"volume": 0} for one in past(28)], days=7)
    assert {one.volume for one in answer.intervals} == {0}


def test_a_single_interval_is_history_enough_to_say_so():
    answer = ask([{"start": "2026-09-07T09:00", "volume": 3}], days=7)
    assert answer.back_test is None
    assert "no_back_test" in {message.code for message in answer.messages}


HOUR = {"start": "2026-09-07T09:00", "volume": 5}


@pytest.mark.parametrize(
    ("request_", "pointer", "told"),
    [
        ({"history": [HOUR | {"volume": -1}]}, "/history/0/volume", "greater than or equal to 0"),
        ({"history": [{"start": "2026-09-07T09:00"}]}, "/history/0/volume", "missing"),
        ({"history": [HOUR, HOUR]}, "/history/1/start", "there twice"),
        ({"history": [HOUR | {"start": "2026-09-07T09:30"}]}, "/history/0/start", "grid"),
        ({"history": [HOUR | {"aht_seconds": 0}]}, "/history/0/aht_seconds", "greater than 0"),
        (
            {"history": [HOUR | {"start": "2026-03-29T03:00"}], "time_zone": "Europe/Tallinn"},
            "/history/0/start",
            "does not exist",
        ),
        ({"history": [HOUR], "actuals": [HOUR]}, "/actuals/0/start", "both history and"),
        ({"history": [HOUR], "country": "XX"}, "/country", "No holidays are known"),
        ({"history": [HOUR], "country": "US", "subdivision": "ZZ"}, "/subdivision", "no subdivision"),
        ({"history": [HOUR], "subdivision": "CA"}, "/subdivision", "no country"),
        ({"history": [HOUR], "start_date": "2029-01-01"}, "/start_date", "history ends"),
        ({"history": [HOUR], "start_date": "2020-01-01"}, "/start_date", "history ends"),
        ({"history": [HOUR, HOUR | {"start": "1990-01-01T09:00"}]}, "/history", "year is mistyped"),
        ({"history": []}, "/history", "no history"),
        ({"history": [HOUR], "time_zone": "Mars"}, "/time_zone", "no time zone"),
        (
            {"history": [HOUR], "history_interval_minutes": 60, "interval_minutes": 30},
            "/history_interval_minutes",
            "add up",
        ),
    ],
)  # fmt: skip
def test_what_is_refused_is_named_with_its_place(request_, pointer, told):
    assert told in refused(request_)[pointer]


def test_a_table_with_faults_is_refused_at_its_line():
    with pytest.raises(RequestRefused) as wrong:
        history_from_csv("start,volume\n2026-09-07T09:00,\n")
    assert wrong.value.faults[0].text == "Line 2: volume is '', not a number."


def test_the_command_writes_what_staff_reads(tmp_path):
    table = tmp_path / "history.csv"
    table.write_text("start,volume\n" + "".join(f"{one['start']},{one['volume']:g}\n" for one in past(28)))
    volumes = tmp_path / "volumes.csv"
    run = CliRunner()
    made = ["forecast", str(table), "--interval-minutes", "60", "--aht-seconds", "180", "-o", str(volumes)]
    done = run.invoke(app, made)
    assert done.exit_code == 0, done.output
    staffed = run.invoke(app, ["staff", str(volumes), "--percent", "80", "--within-seconds", "20"])
    assert staffed.exit_code == 0, staffed.output
    assert len(json.loads(staffed.stdout)["intervals"]) == 20


def test_groups_have_their_own_past(tmp_path):
    lines = [f"{name},{one['start']},{one['volume']:g}\n" for name in ("voice", "mail") for one in past(28)]
    request = history_from_csv("planning_group_id,start,volume\n" + "".join(lines))
    answer = forecast(read_forecast({"interval_minutes": 60, "days": 2} | request))
    assert [group.id for group in answer.planning_groups] == ["voice", "mail"]
    assert answer.planning_groups[0].intervals == answer.planning_groups[1].intervals


def test_the_examples_lead_from_calls_to_a_request(tmp_path):
    """The first two steps of the page on planning a week from calls."""
    run, volumes, centre, request = CliRunner(), tmp_path / "volumes.csv", tmp_path / "centre.json", tmp_path / "r.json"
    grid = ["--interval-minutes", "15", "--time-zone", "Europe/Tallinn"]
    calls = str(EXAMPLES / "calls.csv")
    steps = [
        ["forecast", calls, *grid, "--country", "EE", "--start-date", "2026-11-30", "-o", str(volumes)],
        ["example", "--agents", "34", "--days", "7", "--start", "2026-11-30", "-o", str(centre)],
        ["staff", str(volumes), *grid, "--percent", "80", "--within-seconds", "20", "--patience-seconds", "180",
         "--into", str(centre), "-o", str(request)],
    ]  # fmt: skip
    for step in steps:
        done = run.invoke(app, step)
        assert done.exit_code == 0, done.output
    made = json.loads(request.read_text())
    assert sum(sum(series["required"]) for series in made["requirements"]) / 4 == 919.75
    assert {series["planning_group_id"] for series in made["requirements"]} == {"care"}

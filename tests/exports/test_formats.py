"""Rosters as people take them away: every format opened again by a program that reads it."""

import copy
import csv
import io
import json
from datetime import UTC, datetime

import icalendar
import openpyxl
import pytest

from service.api.samples import REQUEST, ROSTER
from service.exports.book import Book
from service.exports.formats import Edition, accepted, file_name, pieces

STAMP = datetime(2026, 11, 24, 8, tzinfo=UTC)
ODD = ["=1+1", "@sum", "Öö, Tõnu", 'a "quoted"\nname', "+372", "-", "שלום"]


def a_book(name="Ann", request=REQUEST, roster=ROSTER):
    request = copy.deepcopy(request)
    request["agents"][0]["name"] = name
    return Book.of(json.dumps(request).encode(), json.dumps(roster).encode())


def written(book, form, sequence=3):
    return b"".join(pieces(book, form, Edition("01J", sequence, STAMP)))


def rows(book, form):
    return list(csv.DictReader(io.StringIO(written(book, form).decode("utf-8-sig"))))


def test_a_line_for_each_activity():
    lines = rows(a_book(), "csv")
    activities = [a for s in ROSTER["schedules"] for shift in s["shifts"] for a in shift["activities"]]
    assert len(lines) == len(activities)
    assert datetime.fromisoformat(lines[0]["start"]) == datetime.fromisoformat(activities[0]["start"])
    assert sum(int(line["minutes"]) for line in lines if line["paid"] == "yes") == sum(
        shift["paid_minutes"] for s in ROSTER["schedules"] for shift in s["shifts"]
    )


def test_a_line_for_each_agent_and_day():
    lines = rows(a_book(), "csv-days")
    shifts = [shift for s in ROSTER["schedules"] for shift in s["shifts"]]
    assert [line["date"] for line in lines] == [shift["date"] for shift in shifts]
    assert [int(line["paid_minutes"]) for line in lines] == [shift["paid_minutes"] for shift in shifts]


@pytest.mark.parametrize("name", ODD)
def test_odd_names_are_text_in_every_format(name):
    book = a_book(name)
    cell = rows(book, "csv")[0]["agent_name"]
    assert cell == (f"'{name}" if name[0] in "=+-@" else name)
    sheet = openpyxl.load_workbook(io.BytesIO(written(book, "xlsx")))["Schedule"]
    assert (sheet["B2"].value, sheet["B2"].data_type) == (name, "s")
    events = icalendar.Calendar.from_ical(written(book, "ics")).walk("VEVENT")
    assert any(name.replace("\n", "") in str(event["SUMMARY"]).replace("\n", "") for event in events)


def test_the_workbook_has_schedule_days_coverage_cost_and_findings():
    whole = openpyxl.load_workbook(io.BytesIO(written(a_book(), "xlsx")))
    days = sorted({shift["date"] for s in ROSTER["schedules"] for shift in s["shifts"]})
    assert whole.sheetnames == ["Schedule", *days, "Coverage", "Cost", "Findings"]
    coverage = list(whole["Coverage"].iter_rows(min_row=2, values_only=True))
    assert [row[2] for row in coverage] == [n for series in ROSTER["coverage"] for n in series["required"]]
    assert len(whole["Coverage"]._charts) == len(ROSTER["coverage"])
    assert {row[0]: row[1] for row in whole["Cost"].iter_rows(values_only=True)}["total"] == ROSTER["cost"]["total"]
    grid = whole[days[0]]
    colours = {
        cell.fill.start_color.rgb for row in grid.iter_rows(min_row=2, min_col=2) for cell in row if cell.fill.fill_type
    }
    assert "FF56B4E9" in colours


def test_a_calendar_names_an_event_alike_when_the_roster_changes():
    first, second = (icalendar.Calendar.from_ical(written(a_book(), "ics", n)).walk("VEVENT") for n in (3, 4))
    assert [event["UID"] for event in first] == [event["UID"] for event in second]
    assert len({event["UID"] for event in first}) == len(first)
    assert {event["SEQUENCE"] for event in first} == {3}
    assert {event["SEQUENCE"] for event in second} == {4}


def test_a_calendar_tells_its_time_zone_and_the_right_instants():
    whole = icalendar.Calendar.from_ical(written(a_book(), "ics"))
    assert [str(zone["TZID"]) for zone in whole.walk("VTIMEZONE")] == [REQUEST["time_zone"]]
    starts = {event["DTSTART"].dt for event in whole.walk("VEVENT")}
    assert starts == {datetime.fromisoformat(shift["start"]) for s in ROSTER["schedules"] for shift in s["shifts"]}


def test_a_night_over_the_change_of_clocks_keeps_its_length():
    roster = copy.deepcopy(ROSTER)
    shift = roster["schedules"][0]["shifts"][0]
    shift |= {"date": "2026-10-24", "start": "2026-10-24T22:00:00+03:00", "end": "2026-10-25T06:00:00+02:00"}
    shift["activities"] = [
        {"category": "on_queue", "planning_group_id": "voice", "start": shift["start"], "end": shift["end"]}
    ]
    book = a_book(roster=roster)
    assert rows(book, "csv")[0]["minutes"] == "540"
    event = icalendar.Calendar.from_ical(written(book, "ics")).walk("VEVENT")[0]
    assert event["DTEND"].dt.timestamp() - event["DTSTART"].dt.timestamp() == 9 * 3600


def test_a_moment_that_the_clock_shows_twice_is_the_one_that_is_meant():
    roster = copy.deepcopy(ROSTER)
    shift = roster["schedules"][0]["shifts"][0]
    shift |= {"date": "2026-10-25", "start": "2026-10-25T03:30:00+02:00", "end": "2026-10-25T11:00:00+02:00"}
    shift["activities"] = []
    event = icalendar.Calendar.from_ical(written(a_book(roster=roster), "ics")).walk("VEVENT")[0]
    assert event["DTSTART"].dt.timestamp() == datetime.fromisoformat(shift["start"]).timestamp()


def test_no_line_of_a_calendar_is_too_long_and_none_cuts_a_character():
    book = a_book("Ä" * 200 + ", 😀; ש\\n")
    lines = written(book, "ics").split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    for line in lines:
        line.decode()
    event = icalendar.Calendar.from_ical(written(book, "ics")).walk("VEVENT")[0]
    assert str(event["SUMMARY"]).startswith("Ä" * 200 + ", 😀; ש\\n")


def test_a_workbook_of_very_many_shifts_has_no_grids(monkeypatch):
    monkeypatch.setattr("service.exports.workbook.MOST_CELLS", 10)
    whole = openpyxl.load_workbook(io.BytesIO(written(a_book(), "xlsx")))
    assert whole.sheetnames == ["Schedule", "Coverage", "Cost", "Findings"]


def test_one_agent_alone():
    book = a_book().only(REQUEST["agents"][0]["id"])
    assert {row["agent_id"] for row in rows(book, "csv")} == {REQUEST["agents"][0]["id"]}
    assert a_book().only("nobody") is None


def test_a_roster_of_nobody_is_empty_in_every_format():
    book = a_book(roster={**ROSTER, "schedules": []})
    assert rows(book, "csv") == rows(book, "csv-days") == []
    assert openpyxl.load_workbook(io.BytesIO(written(book, "xlsx")))["Schedule"].max_row == 1
    assert icalendar.Calendar.from_ical(written(book, "ics")).walk("VEVENT") == []


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        (None, "json"),
        ("*/*", "json"),
        ("text/csv", "csv"),
        ("text/html, text/calendar;q=0.9, */*;q=0.1", "ics"),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
        ("text/csv;q=0.2, application/json;q=0.7", "json"),
        ("text/csv;q=0", None),
        ("image/png", None),
    ],
)
def test_the_format_is_what_the_caller_likes_best(accept, form):
    assert accepted(accept) == form


@pytest.mark.parametrize(
    ("name", "file"),
    [("Week 49: Tallinn/Riga", "Week-49-Tallinn-Riga.csv"), ("../../etc", "etc.csv"), ('"\r\n', "roster-01J.csv")],
)
def test_a_file_name_that_any_system_takes(name, file):
    assert file_name(name, "01J", "csv") == file

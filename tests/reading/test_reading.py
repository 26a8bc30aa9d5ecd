"""Every fault of a request at once, each with its place and a sentence; and nothing that hostile text can break."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from schemas.fault import RequestRefused
from solver.example import example_request
from solver.reading import defaults_used, read_request, read_roster

Json = dict[str, Any]
SMALL_REQUEST = example_request(agents=3, days=7, seed=2)


def a_request() -> Json:
    return copy.deepcopy(SMALL_REQUEST)


def faults(raw: object) -> dict[str, str]:
    """Texts of the faults by pointer."""
    with pytest.raises(RequestRefused) as refused:
        read_request(raw)  # type: ignore[arg-type]
    assert all(fault.found and fault.expected and fault.text for fault in refused.value.faults)
    return {fault.pointer: fault.text for fault in refused.value.faults}


def changed(place: str, value: object) -> Json:
    """The small request with one value changed; the place is a JSON Pointer."""
    raw: Any = a_request()
    *way, last = place.strip("/").split("/")
    here = raw
    for part in way:
        here = here[int(part)] if isinstance(here, list) else here.setdefault(part, {})
    if isinstance(here, list):
        here[int(last)] = value
    else:
        here[last] = value
    return raw


def test_the_small_request_is_in_order() -> None:
    assert read_request(a_request()).agents


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("/agnets", []),
        ("/work_plans/0/rules/0/maks", 4),
        ("/work_plans/0/rules/0/kind", "paid_hours"),
        ("/time_zone", "../etc/passwd"),
        ("/time_zone", ""),
        ("/time_zone", 7),
        ("/planning_period/start_date", "2026-02-30"),
        ("/planning_period/days", 0),
        ("/planning_period/days", "7"),
        ("/planning_period/days", 10**9),
        ("/planning_period/days", True),
        ("/interval_minutes", 7),
        ("/planning_groups/0/understaffing_cost_per_hour", -1),
        ("/planning_groups/0/understaffing_cost_per_hour", 1.23456),
        ("/requirements/0/required/0", -1),
        ("/requirements/0/required/0", 10**9),
        ("/requirements/0/start", "2026-11-30T08:07"),
        ("/requirements/0/start", "2020-01-01T08:00"),
        ("/requirements/0/planning_group_id", "nope"),
        ("/work_plans/0/shifts/0/start/earliest", "07:07"),
        ("/work_plans/0/shifts/0/start/earliest", "25:99"),
        ("/work_plans/0/shifts/0/length_minutes/min", 47),
        ("/agents/0/work_plan_id", "nope"),
        ("/agents/0/hourly_cost", "20"),
        ("/options/time_limit_seconds", 0),
        ("/options/seed", 1.5),
    ],
)
def test_a_fault_is_told_at_its_place(place: str, value: object) -> None:
    assert place in faults(changed(place, value)) or place.rsplit("/", 1)[0] in faults(changed(place, value))


def test_faults_of_form_and_meaning_are_told_together() -> None:
    raw = changed("/agents/0/work_plan_id", "nope")
    raw["agnets"] = []
    raw["time_zone"] = "Europe/Talinn"
    assert {"/agnets", "/time_zone", "/agents/0/work_plan_id"} <= faults(raw).keys()


def test_advice_begins_with_maybe() -> None:
    assert "Maybe it is misspelt" in faults(changed("/agnets", []))["/agnets"]


def test_series_that_overlap_are_refused() -> None:
    raw = a_request()
    raw["requirements"].append(copy.deepcopy(raw["requirements"][0]))
    assert f"/requirements/{len(raw['requirements']) - 1}/start" in faults(raw)


def test_ids_that_are_there_twice_are_refused() -> None:
    raw = a_request()
    raw["agents"].append(copy.deepcopy(raw["agents"][0]))
    assert f"/agents/{len(raw['agents']) - 1}/id" in faults(raw)


@pytest.mark.parametrize(
    ("moment", "exists"),
    [("2026-03-29T02:30", True), ("2026-03-29T03:00", False), ("2026-03-29T03:45", False), ("2026-03-29T04:00", True)],
)
def test_a_time_that_the_clock_jumps_over_is_refused(moment: str, exists: bool) -> None:
    raw = a_request()
    raw["time_zone"] = "Europe/Tallinn"
    raw["agents"][0]["time_off"] = [{"start": moment, "end": "2026-03-30T00:00"}]
    if exists:
        read_request(raw)
    else:
        assert "does not exist" in faults(raw)["/agents/0/time_off/0/start"]


def test_a_time_that_comes_twice_is_the_first() -> None:
    raw = a_request()
    raw["time_zone"] = "Europe/Tallinn"
    raw["agents"][0]["time_off"] = [{"start": "2026-10-25T03:30", "end": "2026-10-25T03:30:00+02:00"}]
    off = read_request(raw).agents[0].time_off[0]
    from zoneinfo import ZoneInfo

    zone = ZoneInfo("Europe/Tallinn")
    assert off.end.utc_minute(zone) - off.start.utc_minute(zone) == 60


def test_a_zone_off_the_grid_is_refused() -> None:
    raw = a_request()
    raw["interval_minutes"] = 30
    raw["agents"][0]["time_zone"] = "Asia/Kathmandu"
    assert "30-minute grid" in faults(raw)["/agents/0/time_zone"]


def test_no_agents_are_allowed() -> None:
    raw = a_request()
    raw["agents"] = []
    assert read_request(raw).agents == ()


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"null",
        b"[]",
        b"\xff\xfe{}",
        b'{"a": 1, "a": 2}',
        b'{"a": NaN}',
        b'{"a": 1e400}',
        b'{"a": ' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b'{"name": "\\ud800"}',
        b'{"time_zone": {"$ref": "#"}}',
    ],
    ids=range(11),
)
def test_hostile_text_is_refused_with_a_sentence(text: bytes) -> None:
    assert faults(text)


def test_fifty_megabytes_are_answered() -> None:
    assert faults(b'{"name": "' + b"x" * 50_000_000 + b'"}')


def test_a_roster_is_read_by_its_form_alone() -> None:
    assert read_roster({"schedules": []}).schedules == ()
    with pytest.raises(RequestRefused):
        read_roster(
            {
                "schedules": [
                    {"agent_id": "A", "shifts": [{"date": "2026-11-30", "start": "2026-11-30T08:00", "end": "x"}]}
                ]
            }
        )


def test_defaults_and_roundings_are_told() -> None:
    raw = a_request()
    raw.pop("currency", None)
    raw["requirements"][0]["required"][0] = 1.23456
    notes = defaults_used(json.dumps(raw).encode(), read_request(raw))
    assert any("currency" in note.text for note in notes)
    assert [note.code for note in notes if note.code == "required_rounded"] == ["required_rounded"]


def test_what_is_malformed_does_not_hide_what_is_meaningless() -> None:
    raw = a_request()
    raw["agents"][0]["name"] = 7
    raw["agents"][1]["hourly_cost"] = -1
    raw["agents"][2]["work_plan_id"] = "nobody-has-this"
    raw["agents"][2]["time_off"] = [
        {"start": "2026-02-30T00:00", "end": "2026-03-03T00:00"},
        {"start": "2026-03-04T00:00", "end": "2026-03-03T00:00"},
    ]
    raw["options"] = {"seed": "one"}
    assert set(faults(raw)) == {
        "/agents/0/name",
        "/agents/1/hourly_cost",
        "/agents/2/work_plan_id",
        "/agents/2/time_off/0/start",
        "/agents/2/time_off/1/end",
        "/options/seed",
    }


def test_a_malformed_planning_group_does_not_make_its_requirements_look_wrong() -> None:
    raw = a_request()
    raw["planning_groups"][0]["name"] = 7
    assert set(faults(raw)) == {"/planning_groups/0/name"}


def test_faults_of_form_and_of_meaning_come_in_one_answer_with_strangers() -> None:
    raw = a_request()
    raw["agents"][0]["nmae"] = "Ann"
    raw["agents"][1]["skills"] = [{"planning_group_id": "nobody-has-this"}]
    assert set(faults(raw)) == {"/agents/0/nmae", "/agents/1/skills/0/planning_group_id"}


@pytest.mark.parametrize(
    "pointer",
    [
        "/planning_groups/0/minimum_staff",
        "/planning_groups/0/id",
        "/work_plans/0/shifts/0/start/earliest",
        "/work_plans/0/shifts/0/activities/0/minutes",
        "/work_plans/0/name",
        "/work_plans/0/id",
    ],
)
def test_what_is_malformed_in_what_others_name_hides_nothing_elsewhere(pointer: str) -> None:
    raw = changed(pointer, ["not", "this"])
    raw["agents"][1]["time_zone"] = "Europe/Talinn"
    raw["agents"][2]["history"] = {"last_shift_end": "2026-03-29T03:30"}
    found = faults(raw)
    assert any(place.startswith(pointer) for place in found)
    assert "/agents/1/time_zone" in found
    assert all(
        place.startswith(pointer) or place in {"/agents/1/time_zone", "/agents/2/history/last_shift_end"}
        for place in found
    )

import json
import sys
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from bench import call_arrivals, contact_centre, contact_centre_month, planted
from bench.__main__ import main
from bench.child import PLAIN, solve_in_child
from bench.family import DataMissingError, data_files, judged
from bench.lines import line_of
from bench.run import Task, side_by_side, table
from solver.example import example_request


def test_a_planted_plan_is_found_by_the_plain_model_at_the_planted_cost():
    [instance] = planted.instances([Path("2x2")])
    line = line_of(instance, solve_in_child(instance.request, seconds=30, command=PLAIN))
    assert (line["verdict"], line["value"], line["bound"]) == ("optimal", *[planted.planted(2, 2)[1]] * 2)
    assert line["short_hours"] == line["over_hours"] == 0
    assert line["peak_mb"] > 30


def test_planted_demand_is_what_the_staff_can_cover():
    request, pay = planted.planted(30, 3)
    hours = sum(sum(series["required"]) for series in request["requirements"]) / 4
    full = sum(agent["work_plan_id"] == "full-time" for agent in request["agents"])
    assert hours == full * 5 * 7.5 + (30 - full) * 5 * 3.75
    assert pay == 20 * (full * 40 + (30 - full) * 20)
    assert judged(request)({"schedules": []}).value == 120 * hours


def tiny_request(**changes):
    """Two agents, two days, everything that the plain model knows of."""
    shift = {
        "id": "day",
        "start": {"earliest": "08:00", "latest": "10:00", "increment_minutes": 60},
        "stop": {"latest": "15:00"},
        "length_minutes": {"min": 240, "max": 300, "increment": 60},
        "contiguous_work_minutes": {"min": 60, "max": 180},
        "activities": [
            {
                "id": "meal",
                "category": "meal",
                "minutes": 30,
                "paid": False,
                "clock": {"earliest": "10:30", "latest": "12:00"},
            },
            {
                "id": "break",
                "category": "break",
                "minutes": 30,
                "paid": True,
                "before_shift_end": {"min": 60, "max": 90},
                "when_length_minutes": {"min": 300},
            },
        ],
    }
    rules = [
        {"kind": "paid_minutes", "per": "week", "max": 480},
        {"kind": "overtime", "per": "day", "over_minutes": 240, "rate_multiplier": 1.5},
        {"kind": "minimum_rest", "minutes": 1080},
    ]
    agent = {"work_plan_id": "w", "hourly_cost": 20.5, "history": {"last_shift_end": "2026-10-23T15:00"}}
    request = {
        "time_zone": "Europe/Tallinn",
        "planning_period": {"start_date": "2026-10-24", "days": 2},
        "interval_minutes": 30,
        "planning_groups": [{"id": "a", "minimum_staff": 1}, {"id": "b"}],
        "requirements": [
            {"planning_group_id": "a", "start": "2026-10-24T09:00", "required": [0.5, 1, 2, 2, 1.5, 1, 1, 0]},
            {"planning_group_id": "b", "start": "2026-10-25T08:00", "required": [1, 1, 1, 1, 0, 1]},
        ],
        "work_plans": [{"id": "w", "shifts": [shift], "rules": rules}],
        "agents": [
            agent | {"id": "1", "preferences": [wish("avoid", "24T12", "24T15"), wish("prefer", "25T10", "25T12")]},
            agent | {"id": "2", "skills": [{"planning_group_id": "a", "proficiency": 0.8}]},
        ],
        "options": {"minimum_stint_minutes": 30},
    }
    return request | changes


def wish(kind, start, end):
    return {"start": f"2026-10-{start}:00", "end": f"2026-10-{end}:00", "kind": kind, "cost_per_hour": 3}


def test_the_plain_model_prices_as_the_judge_does():
    request = tiny_request()
    outcome = solve_in_child(request, seconds=30, command=PLAIN)
    assert outcome.error is None
    assert outcome.roster["verdict"] == "optimal"
    score = judged(request)(outcome.roster)
    assert score.faults == ()
    assert score.value == outcome.roster["cost"]["total"] == outcome.roster["lower_bound"]


def test_what_the_plain_model_leaves_out_is_said():
    request = tiny_request()
    request["work_plans"][0]["shifts"][0]["activity_order"] = "any"
    outcome = solve_in_child(request, seconds=30, command=PLAIN)
    assert outcome.roster is None
    assert "any order" in outcome.error


def test_a_refused_roster_has_no_value():
    [instance] = planted.instances([Path("2x1")])
    outcome = solve_in_child(instance.request, seconds=30, command=PLAIN)
    outcome.roster["schedules"][0]["shifts"].pop()
    line = line_of(instance, outcome)
    assert line["value"] is None
    assert line["verdict"] == "refused"
    assert line["faults"] >= 1


def test_a_child_that_breaks_is_reported_with_what_it_said():
    outcome = solve_in_child({}, seconds=1, command=[sys.executable, "-c", "raise SystemExit('no luck')"])
    assert outcome.roster is None
    assert "no luck" in outcome.error


def test_a_table_has_a_row_for_each_solver_and_the_planted_cost():
    [instance] = planted.instances([Path("2x1")])
    rows = side_by_side(Task(instance, 2, planted.planted(2, 1)[1]), {"plain": PLAIN}, 20)
    assert [(row["solver"], row["gap_to_best_bound"]) for row in rows] == [("plain", 0.0), ("planted", 0.0)]
    lines = table(rows)
    assert len(lines) == 4
    assert {line.count("|") for line in lines} == {13}


def test_calls_become_requirements(tmp_path):
    file = tmp_path / "calls.csv"
    rows = [
        f"2003-03-{day:02} {hour:02}:{minute:02}:00,{20 + day}"
        for day in (3, 4, 10)
        for hour in (7, 8)
        for minute in range(0, 60, 5)
    ]
    file.write_text("\n".join(["DateTime,Calls", *rows]))
    part, whole = call_arrivals.instances([file])
    assert [series["start"] for series in whole.request["requirements"]] == ["2003-03-03T07:00", "2003-03-04T07:00"]
    assert [set(series["required"]) for series in whole.request["requirements"]] == [{18}, {18}]
    assert len(whole.request["agents"]) == 60
    assert part.request["requirements"] == whole.request["requirements"]  # so few calls suit the staff altogether


MONTH = {
    "campaign_utc_offset_h": 3,
    "interval_minutes": 15,
    "contract": {"min_paid_hours_month": 8, "max_paid_hours_month": 8},
    "groups": [
        {
            "utc": 7,
            "n": 1,
            "shift_hours": 9.0,
            "start_window": ["06:00", "12:45"],
            "paid_break_hours": 0.0,
            "paid_hours_per_shift": 8.0,
            "shifts_for_176h": 1,
            "max_work_days_in_row": 2,
            "min_gap": "01:30",
            "max_gap": "03:30",
            "breaks": [
                {"duration": "00:30", "earliest_start": "03:00", "latest_start": "05:30", "paid": False},
                {"duration": "00:30", "earliest_start": "01:00", "latest_start": "08:00", "paid": False},
            ],
        }
    ],
    "required_agents_erlang_c": [[1] * 96, [0] * 96],
}


def activity(category, start, end, **more):
    return {"category": category, "start": f"2026-12-{start}:00+03:00", "end": f"2026-12-{end}:00+03:00"} | more


def month_roster(**changes):
    """One shift at 06:00 of the agent's clock, which is 02:00 of the campaign's."""
    activities = [
        activity("on_queue", "01T02:00", "01T05:00"),
        activity("break", "01T05:00", "01T05:30", id="break-1", paid=False),
        activity("on_queue", "01T05:30", "01T07:00"),
        activity("break", "01T07:00", "01T07:30", id="break-2", paid=False),
        activity("on_queue", "01T07:30", "01T11:00"),
    ]
    shift = activity("", "01T02:00", "01T11:00") | {"activities": activities} | changes
    return {"schedules": [{"agent_id": "g1-001", "shifts": [shift]}]}


def test_the_month_is_scored_from_the_times_alone():
    month = contact_centre_month.Month(MONTH)
    score = month.score(month_roster())
    assert score.faults == ()
    assert (score.value, score.figures["over_hours"]) == (24 - 8, 0)
    assert month.least_short_hours(100 * 16) == pytest.approx((1600 + 16) / 101)


@pytest.mark.parametrize(
    ("roster", "fault"),
    [
        ({"schedules": []}, "is paid 0 h"),
        (month_roster(start="2026-12-01T01:00:00+03:00", end="2026-12-01T10:00:00+03:00"), "starts at 05:00"),
        (month_roster(end="2026-12-01T10:00:00+03:00"), "lasts 480 minutes"),
        (month_roster(activities=month_roster()["schedules"][0]["shifts"][0]["activities"][:3]), "each of its breaks"),
        (
            month_roster(
                activities=[
                    activity("break", "01T05:00", "01T05:30", id="break-1", paid=False),
                    activity("break", "01T06:00", "01T06:30", id="break-2", paid=False),
                ]
            ),
            "30 minutes lie between",
        ),
        (
            month_roster(
                activities=[
                    activity("break", "01T04:30", "01T05:00", id="break-1", paid=False),
                    activity("break", "01T07:00", "01T07:30", id="break-2", paid=True),
                ]
            ),
            "150 minutes into the shift",
        ),
        ({"schedules": month_roster()["schedules"] * 1 + [{"agent_id": "g9-001", "shifts": []}]}, "not an agent"),
        (
            {"schedules": [{"agent_id": "g1-001", "shifts": month_roster()["schedules"][0]["shifts"] * 2}]},
            "2 shifts on",
        ),
    ],
)
def test_the_month_refuses_what_its_own_rules_forbid(roster, fault):
    faults = contact_centre_month.Month(MONTH).score(roster).faults
    assert any(fault in text for text in faults), faults


def test_the_month_is_a_valid_request():
    request = contact_centre_month.Month(MONTH).request()
    assert request["agents"][0]["time_zone"] == "Etc/GMT-7"
    assert judged(request)({"schedules": []}).value == 100 * 24


def test_the_judge_and_the_months_own_score_agree():
    month = contact_centre_month.Month(MONTH)
    figures = month.score(month_roster()).figures
    shift = month_roster()["schedules"][0]["shifts"][0]
    own = [
        dict(one, planning_group_id="calls") if one["category"] == "on_queue" else one for one in shift["activities"]
    ]
    times = {key: at_plus_seven(shift[key]) for key in ("start", "end")}
    activities = [one | {key: at_plus_seven(one[key]) for key in ("start", "end")} for one in own]
    shift = {"date": "2026-12-01", "work_plan_shift_id": "shift", "activities": activities} | times
    score = judged(month.request())({"schedules": [{"agent_id": "g1-001", "shifts": [shift]}]})
    assert score.faults == ()
    assert score.figures == figures


def at_plus_seven(text):
    return datetime.fromisoformat(text).astimezone(timezone(timedelta(hours=7))).isoformat()


def test_missing_data_is_named(monkeypatch, tmp_path, capsys):
    monkeypatch.delenv("STINT_BENCH_DATA", raising=False)
    with pytest.raises(DataMissingError, match="STINT_BENCH_DATA"):
        data_files("nrp", [], "*.txt")
    monkeypatch.setenv("STINT_BENCH_DATA", str(tmp_path))
    with pytest.raises(DataMissingError, match="nrp"):
        data_files("nrp", [], "*.txt")
    assert main(["contact_centre", "none.json"]) == 2
    assert capsys.readouterr().err == "No such data: none.json.\n"


def test_a_request_file_is_an_instance(tmp_path):
    (tmp_path / "one.json").write_text(json.dumps(example_request(agents=3)))
    [instance] = contact_centre.instances([tmp_path])
    assert instance.name == "one"
    assert instance.score({"schedules": []}).value > 0


def test_the_plain_model_keeps_to_the_time_even_while_it_is_written():
    began = time.monotonic()
    outcome = solve_in_child(planted.planted(300, 1)[0], seconds=2, command=PLAIN)
    assert outcome.roster["verdict"] == "undecided"
    assert time.monotonic() - began < 15

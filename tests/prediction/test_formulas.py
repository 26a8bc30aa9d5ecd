"""Predicted service by the formulas: published values, sums over days and groups, staff that is not whole."""

import json

import pytest
from typer.testing import CliRunner

from schemas.fault import RequestRefused
from service.cli import app
from solver.prediction.formulas import predict
from solver.reading.prediction import read_prediction
from tests.prediction.centre import a_request, a_roster, agent, all_day, of_group, work


def ask(request, roster, work_, **more):
    asked = read_prediction({"request": request, "roster": roster, "work": {"interval_minutes": 60} | work_} | more)
    return predict(asked.request, asked.roster, asked.work)


def centre(count, hours=24):
    agents, stretches = all_day(count, hours)
    return a_request(*agents), a_roster(*stretches)


def test_fourteen_agents_for_two_hundred_calls_an_hour():
    answer = ask(*centre(14), work(2, 200, shrinkage_percent=30))
    interval = answer.planning_groups[0].intervals[0]
    assert interval.model_dump() == {
        "start": "2026-01-05T00:00:00+00:00",
        "volume": 200,
        "staff": 14,
        "required": 14,
        "required_with_shrinkage": 20,
        "net": 0,
        "service_level_percent": 88.835,
        "mean_wait_seconds": 7.84,
        "abandonment_percent": 0,
        "occupancy_percent": 71.43,
        "outside_goal": pytest.approx(22.33, abs=1e-2),
    }
    assert answer.period.volume == 400
    assert answer.period.service_level_percent == 88.835
    assert answer.period.staff_hours == 28
    assert answer.period.required_hours_with_shrinkage == 40


def test_a_day_is_weighed_by_its_calls():
    calls = work(2, 200)
    calls["intervals"][1]["volume"] = 20  # so few that hardly anybody waits
    answer = ask(*centre(14), calls)
    first, second = answer.planning_groups[0].intervals
    expected = (200 * first.service_level_percent + 20 * second.service_level_percent) / 220
    assert answer.days[0].service_level_percent == pytest.approx(expected, abs=1e-2)
    assert answer.days[0].over_hours == second.net
    assert answer.period.outside_goal == pytest.approx(first.outside_goal + second.outside_goal, abs=1e-2)


def test_half_an_hour_of_a_fifteenth_agent_is_half_an_agent():
    agents, stretches = all_day(14)
    request = a_request(*agents, agent("late"))
    answer = ask(request, a_roster(*stretches, ("late", "voice", 0.5, 24)), work(2, 200))
    half, whole = answer.planning_groups[0].intervals
    assert (half.staff, whole.staff) == (14.5, 15)
    assert whole.service_level_percent == 94.145
    assert half.service_level_percent == pytest.approx((88.835 + 94.145) / 2, abs=1e-2)


def test_a_beginner_is_half_an_agent():
    agents, stretches = all_day(14)
    request = a_request(*agents, agent("new", "voice", proficiency=0.5))
    answer = ask(request, a_roster(*stretches, ("new", "voice", 0, 24)), work(1, 200))
    assert answer.planning_groups[0].intervals[0].staff == 14.5


def test_breaks_and_other_groups_do_not_answer():
    agents, stretches = all_day(14)
    request = a_request(*agents, agent("mail", "mail"), groups=("voice", "mail"))
    answer = ask(
        request, a_roster(*stretches, ("mail", "mail", 0, 24)), {"planning_groups": [of_group("voice", 1, 200)]}
    )
    assert answer.planning_groups[0].intervals[0].staff == 14
    assert [message.code for message in answer.messages] == ["no_work"]


def test_nobody_on_queue_is_told():
    answer = ask(*centre(14, hours=1), work(2, 200))
    late = answer.planning_groups[0].intervals[1]
    assert (late.staff, late.service_level_percent, late.mean_wait_seconds) == (0, 0, None)
    assert answer.period.mean_wait_seconds is None
    assert [message.code for message in answer.messages] == ["nobody_on_queue"]


def test_work_that_can_wait_is_done_by_those_who_are_there():
    agents, stretches = all_day(2, group="mail")
    mail = of_group("mail", 4, 0, service_goal=None, deadline_minutes=240)
    mail["intervals"][0] |= {"volume": 160}  # eight hours of work
    answer = ask(a_request(*agents, groups=("mail",)), a_roster(*stretches), {"planning_groups": [mail]})
    assert answer.planning_groups[0].period.service_level_percent == 100
    assert answer.planning_groups[0].period.occupancy_percent == 100


def test_the_work_is_of_the_requests_groups():
    request, roster = centre(2)
    with pytest.raises(RequestRefused) as wrong:
        ask(request, roster, {"planning_groups": [of_group("chat", 1, 5)]})
    assert [fault.pointer for fault in wrong.value.faults] == ["/work/planning_groups/0/id"]


@pytest.mark.parametrize(
    ("part", "value", "pointer"),
    [
        (
            "work",
            {"intervals": [{"start": "2026-01-05T00:00", "volume": -1, "aht_seconds": 9}]},
            "/work/intervals/0/volume",
        ),
        ("roster", {}, "/roster/schedules"),
        ("request", {}, "/request/time_zone"),
        ("simulation", {"runs": 1}, "/simulation/runs"),
        ("runs", 3, "/runs"),
    ],
)
def test_every_part_is_refused_with_its_place(part, value, pointer):
    request, roster = centre(2)
    with pytest.raises(RequestRefused) as wrong:
        read_prediction({"request": request, "roster": roster, "work": work(1, 5)} | {part: value})
    assert pointer in {fault.pointer for fault in wrong.value.faults}


def test_a_part_that_is_missing_is_named():
    with pytest.raises(RequestRefused) as wrong:
        read_prediction({})
    assert {fault.pointer for fault in wrong.value.faults} == {"/request", "/roster", "/work"}


def test_the_command_takes_a_table_of_volumes(tmp_path):
    request, roster = centre(14)
    (tmp_path / "request.json").write_text(json.dumps(request))
    (tmp_path / "roster.json").write_text(json.dumps(roster))
    (tmp_path / "volumes.csv").write_text("start,volume,aht_seconds\n2026-01-05T00:00,200,180\n")
    files = [str(tmp_path / name) for name in ("request.json", "roster.json", "volumes.csv")]
    goal = ["--percent", "80", "--within-seconds", "20"]
    done = CliRunner().invoke(app, ["predict", *files, *goal])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["period"]["service_level_percent"] == 88.835


def test_the_command_plays_calls_in_a_process_of_its_own(tmp_path):
    request, roster = centre(14)
    for name, what in (("request", request), ("roster", roster), ("work", work(2, 200))):
        (tmp_path / f"{name}.json").write_text(json.dumps(what))
    files = [str(tmp_path / name) for name in ("request.json", "roster.json", "work.json")]
    done = CliRunner().invoke(app, ["predict", *files, "--runs", "4"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["simulation"]["runs"] == 4

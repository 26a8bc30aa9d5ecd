import json
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from solver.example import as_text, example_request

EXAMPLES = Path(__file__).parent.parent / "examples"
WRITTEN = {
    "small.json": {"agents": 20},
    "middle.json": {"agents": 120, "groups": 3},
    "night.json": {"agents": 40, "night": True, "start_date": "2026-10-19"},
    "service_goal.json": {"agents": 8, "service_goal": {"percent": 80, "within_seconds": 20, "per": "day"}},
}
SIZES = [
    {"agents": 1, "days": 1},
    {"agents": 7, "days": 3, "groups": 8, "start_date": "2027-03-26"},
    {"agents": 30, "days": 31, "groups": 2, "night": True, "start_date": "2027-03-03", "seed": 7},
    {"agents": 25, "days": 10, "start_date": "2026-12-05", "time_zone": "America/New_York", "interval_minutes": 30},
    {"agents": 25, "interval_minutes": 60, "time_zone": "Asia/Kathmandu", "start_date": "2026-12-06"},
    {"agents": 12, "interval_minutes": 5},
    {"agents": 12, "interval_minutes": 10, "night": True, "days": 15},
]


@pytest.mark.parametrize(("name", "arguments"), WRITTEN.items())
def test_the_written_examples_are_what_the_generator_gives(name, arguments):
    assert (EXAMPLES / name).read_text(encoding="utf-8") == as_text(example_request(**arguments)) + "\n"


@pytest.mark.parametrize("arguments", [*WRITTEN.values(), *SIZES])
def test_every_example_is_a_valid_request(arguments):
    from solver.reading import read_request

    read_request(as_text(example_request(**arguments)))


def test_calls_are_those_that_the_requirements_are_made_of():
    calls = example_request(agents=12, service_goal={"percent": 80, "within_seconds": 20})["volumes"]
    required = example_request(agents=12)["requirements"]
    for series, heads in zip(calls, required, strict=True):
        assert series["start"] == heads["start"]
        for volume, needed in zip(series["volume"], heads["required"], strict=True):
            assert needed * 900 > volume * series["aht_seconds"] or volume == needed == 0


def test_the_same_seed_gives_the_same_request_and_another_seed_another():
    assert example_request(agents=9, seed=4) == example_request(agents=9, seed=4)
    assert example_request(agents=9, seed=4)["agents"] != example_request(agents=9, seed=5)["agents"]


def required_hours(request):
    return sum(sum(series["required"]) for series in request["requirements"]) * request["interval_minutes"] / 60


@pytest.mark.parametrize("agents", [20, 100, 1000])
@pytest.mark.parametrize("groups", [1, 4])
def test_the_staff_roughly_fits_the_requirements(agents, groups):
    request = example_request(agents=agents, groups=groups)
    weekly = {"full-time": 40, "part-time": 30, "short-time": 20}
    contracted = sum(weekly[agent["work_plan_id"]] for agent in request["agents"])
    assert 0.82 < required_hours(request) / contracted < 0.95


def test_monday_morning_is_busier_than_saturday_evening():
    required = {series["start"]: series["required"] for series in example_request(agents=60)["requirements"]}
    assert max(required["2026-11-30T07:00"]) > 1.5 * max(required["2026-12-05T08:00"])
    assert required["2026-11-30T07:00"][14] > 2 * required["2026-11-30T07:00"][0]


def test_the_night_over_the_clock_change_has_a_hundred_quarter_hours():
    series = example_request(**WRITTEN["night.json"])["requirements"]
    assert Counter(len(one["required"]) for one in series) == {72: 1, 96: 5, 100: 1}
    assert series[0]["start"] == "2026-10-19T06:00"
    assert all(min(one["required"]) >= 1 for one in series)


def test_a_week_under_way_brings_its_share_of_hours():
    request = example_request(agents=40, start_date=date(2026, 12, 3))
    for agent in request["agents"]:
        history = agent["history"]
        assert history["days_worked_in_week"] == history["consecutive_days_worked"] == 3
        assert datetime.fromisoformat(history["last_shift_end"]) <= datetime(2026, 12, 2, 20)


def test_agents_differ():
    request = example_request(agents=100, groups=4)
    agents = request["agents"]
    assert len({agent["name"] for agent in agents}) == 100
    assert len({agent["hourly_cost"] for agent in agents}) > 80
    assert len({json.dumps(agent["availability"]) for agent in agents}) > 20
    assert {len(agent["skills"]) for agent in agents} == {1, 2, 3}
    assert sum("time_off" in agent for agent in agents) in range(2, 25)
    assert sum("preferences" in agent for agent in agents) in range(10, 40)


def test_time_off_is_a_day_of_the_agents_own():
    for agent in example_request(agents=300)["agents"]:
        own = {day for window in agent["availability"] for day in window["days"]}
        for off in agent.get("time_off", []):
            start, end = (datetime.fromisoformat(off[key]) for key in ("start", "end"))
            assert end - start in (timedelta(days=1), timedelta(days=7))
            assert end - start == timedelta(days=7) or f"{start:%a}".lower() in own


@pytest.mark.parametrize("arguments", [{"agents": 0}, {"days": 0}, {"days": 367}, {"groups": 9}, {"groups": 0}])
def test_impossible_numbers_are_named(arguments):
    with pytest.raises(ValueError, match=next(iter(arguments))):
        example_request(**arguments)


def test_text_reads_back_and_keeps_to_the_width():
    request = example_request(agents=15, groups=2)
    text = as_text(request)
    assert json.loads(text) == request
    assert max(map(len, text.splitlines())) <= 120
    assert as_text([]) == "[]"
    assert as_text({"a": "é"}) == '{"a": "é"}'

"""From volumes to requirements: published values, goals all at once, what is refused."""

import json
import math

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from schemas.fault import RequestRefused
from solver.reading import read_request
from solver.reading.staffing import read_staffing, volumes_from_csv
from solver.staffing.erlang import agents_for_service_level, erlang_c
from solver.staffing.patience import erlang_a
from solver.staffing.queues import Queues
from solver.staffing.requirements import queues_of, staffing

GOAL = {"percent": 80, "within_seconds": 20}


OF_AN_INTERVAL = "staff", "max_staff"


def request_of(volume=100, aht=180, **fields):
    interval = {"start": "2026-11-30T10:00", "volume": volume, "aht_seconds": aht}
    interval |= {name: fields.pop(name) for name in OF_AN_INTERVAL if name in fields}
    return {"time_zone": "Europe/Tallinn", "service_goal": GOAL, "intervals": [interval]} | fields


def ask(volume=100, aht=180, **fields):
    return staffing(read_staffing(request_of(volume, aht, **fields)))


def refused(request):
    with pytest.raises(RequestRefused) as wrong:
        read_staffing(request)
    return {fault.pointer: fault.text for fault in wrong.value.faults}


def test_the_smallest_form_of_a_staffing_request():
    answer = ask(shrinkage_percent=30, patience_seconds=None, max_occupancy_percent=90)
    (interval,) = answer.intervals
    assert interval.model_dump(exclude_none=True, exclude={"curve"}) == {
        "start": "2026-11-30T10:00:00+02:00",
        "required": 14,
        "required_with_shrinkage": 20,
        "service_level_percent": 88.835,
        "occupancy_percent": 71.43,
        "mean_wait_seconds": 7.84,
        "abandonment_percent": 0.0,
    }
    assert [series.model_dump(mode="json") for series in answer.requirements] == [
        {"planning_group_id": "default", "start": "2026-11-30T10:00:00+02:00", "required": [14.0]}
    ]


def test_published_values_with_impatient_callers():
    queue = erlang_a(10, 14, 300 / 180)
    assert queue.waiting == pytest.approx(0.14526, abs=5e-6)
    assert queue.abandoned == pytest.approx(0.013984, abs=5e-7)
    assert queue.occupancy == pytest.approx(0.704297, abs=5e-7)
    assert queue.mean_wait * 3 == pytest.approx(0.069919, abs=5e-7)
    assert queue.answered_within(20 / 180) == pytest.approx(0.916792, abs=5e-7)


def test_published_values_of_a_busy_centre_with_impatient_callers():
    queue = erlang_a(48, 50, 2)
    assert queue.abandoned == pytest.approx(0.0309, abs=5e-5)
    assert queue.mean_wait * 60 == pytest.approx(3.71, abs=5e-3)
    assert queue.mean_wait * 48 == pytest.approx(2.97, abs=5e-3)
    assert queue.occupancy == pytest.approx(0.930, abs=5e-4)


@pytest.mark.parametrize(
    ("minutes", "share"), [(1, 0.548), (5, 0.9045), (10, 0.98701), (20, 0.99715), (30, 0.997204), (105, 0.997204)]
)
def test_long_waits_and_great_patience(minutes, share):
    assert erlang_a(40, 42, 100).answered_within(minutes / 6) == pytest.approx(share, abs=6e-5)


def test_with_abandonment_fewer_agents_than_the_load_may_do():
    answer = ask(3000, 300, patience_seconds=300)
    assert answer.intervals[0].required == 488
    assert answer.intervals[0].service_level_percent == pytest.approx(80.322, abs=1e-3)


@pytest.mark.parametrize(
    ("volume", "aht", "goal", "agents"),
    [
        (0, 180, GOAL, 0),
        (100, 192, {"percent": 14, "within_seconds": 20}, 11),
        (12_000, 600, GOAL, 4030),
        (5000, 300, GOAL, 848),
    ],
)
def test_values_that_others_get_wrong(volume, aht, goal, agents):
    assert ask(volume, aht, service_goal=goal).intervals[0].required == agents


def test_every_goal_holds_at_once():
    alone = [
        {"service_goal": GOAL},
        {"service_goal": None, "max_occupancy_percent": 70},
        {"service_goal": None, "max_mean_wait_seconds": 2},
    ]
    heads = [ask(**goals).intervals[0].required for goals in alone]
    together = ask(max_occupancy_percent=70, max_mean_wait_seconds=2).intervals[0]
    assert together.required == max(heads)
    assert len(set(heads)) == 3


def test_agents_with_several_chats_at_once_are_fewer():
    one, three = (ask(concurrency=number).intervals[0].required for number in (1, 3))
    assert (one, three) == (14, 5)


def test_staff_that_is_given_is_judged_and_the_curve_goes_around_what_is_required():
    interval = ask(staff=13, curve=True).intervals[0]
    assert interval.predicted.service_level_percent == pytest.approx(79.56, abs=1e-2)
    assert [point.staff for point in interval.curve] == list(range(11, 20))
    levels = [point.service_level_percent for point in interval.curve]
    assert levels == sorted(levels)


def test_too_few_agents_are_told_as_a_queue_without_end():
    predicted = ask(staff=10).intervals[0].predicted
    assert (predicted.mean_wait_seconds, predicted.service_level_percent) == (None, 0.0)


@settings(deadline=None, max_examples=60)
@given(st.floats(0.1, 200), st.integers(1, 220), st.floats(0.05, 20))
def test_more_agents_never_hurt(load, agents, patience):
    fewer, more = erlang_a(load, agents, patience), erlang_a(load, agents + 1, patience)
    assert more.abandoned <= fewer.abandoned + 1e-12
    assert more.mean_wait <= fewer.mean_wait + 1e-12
    assert more.answered_within(0.2) >= fewer.answered_within(0.2) - 1e-9


@settings(deadline=None, max_examples=40)
@given(st.floats(0.1, 60), st.integers(1, 20))
def test_great_patience_is_erlang_c(load, spare):
    agents = math.ceil(load) + spare
    assert erlang_a(load, agents, 1e7).waiting == pytest.approx(erlang_c(load, agents), rel=1e-4)


@settings(deadline=None, max_examples=40)
@given(st.floats(0, 3000), st.floats(1, 900), st.floats(1, 99), st.floats(0, 300))
def test_the_fewest_agents_are_those_of_the_plain_search(volume, aht, percent, within):
    found = ask(volume, aht, service_goal={"percent": percent, "within_seconds": within}).intervals[0].required
    load = volume * aht / 1800
    assert found == agents_for_service_level(load, aht_seconds=aht, within_seconds=within, goal=percent / 100)


@settings(deadline=None, max_examples=40, phases=[Phase.explicit, Phase.generate])
@given(
    st.floats(0.05, 2000), st.floats(10, 1500), st.floats(5, 100_000), st.floats(1, 99.9), st.floats(0, 600),
    st.floats(2, 100), st.floats(0.1, 50), st.integers(1, 4), st.sampled_from([0.0, 30.0]),
)  # fmt: skip
def test_one_agent_fewer_misses_a_goal(volume, aht, patience, percent, within, busiest, gone, chats, slower):
    goals = {"max_occupancy_percent": busiest, "max_abandonment_percent": gone, "concurrency": chats}
    goals |= {"service_goal": {"percent": percent, "within_seconds": within}, "slowdown_percent": slower}
    needed = ask(volume, aht, patience_seconds=patience, **goals).intervals[0].required

    def does(heads):
        found = ask(volume, aht, patience_seconds=patience, staff=heads, **goals).intervals[0].predicted
        return (
            found.service_level_percent >= percent - 1e-3
            and found.occupancy_percent <= busiest + 1e-2
            and found.abandonment_percent <= gone + 1e-3
        )

    queues = queues_of(read_staffing(request_of(volume, aht, patience_seconds=patience, **goals)), *arrays(volume, aht))
    assert does(needed)
    assert not queues.reached(np.array([needed - 1.0])).all()


def arrays(volume, aht):
    return np.array([volume * aht / 1800]), np.array([float(aht)])


def test_thousands_of_queues_at_once_are_each_as_alone():
    rng = np.random.default_rng(1)
    load, aht = rng.uniform(0, 300, 200), rng.uniform(60, 900, 200)
    for goals in ({}, {"patience": 90.0, "most_abandoned": 0.05}):
        together = Queues.of(load, aht, within=20, goal=0.8, **goals).fewest()
        alone = [
            Queues.of(load[n : n + 1], aht[n : n + 1], within=20, goal=0.8, **goals).fewest()[0] for n in range(200)
        ]
        assert together.tolist() == alone


def test_requirements_go_into_a_roster_request():
    groups = [
        {
            "id": name,
            "intervals": [
                {"start": f"2026-11-30T{hour}", "volume": 50, "aht_seconds": 240}
                for hour in ("09:00", "08:30", "11:00")
            ],
        }
        for name in ("voice", "chat")
    ]
    answer = staffing(read_staffing({"service_goal": GOAL, "planning_groups": groups}))
    series = json.loads(answer.model_dump_json())["requirements"]
    assert [(one["planning_group_id"], len(one["required"])) for one in series] == [
        ("voice", 2),
        ("voice", 1),
        ("chat", 2),
        ("chat", 1),
    ]
    read_request(
        {
            "time_zone": "UTC",
            "interval_minutes": 30,
            "planning_period": {"start_date": "2026-11-30", "days": 1},
            "planning_groups": [{"id": "voice"}, {"id": "chat"}],
            "requirements": series,
        }
    )


def test_what_a_group_does_not_say_is_the_requests():
    group = {"id": "voice", "intervals": [{"start": "2026-11-30T10:00", "volume": 100, "aht_seconds": 180}]}
    request = {"service_goal": GOAL, "shrinkage_percent": 30, "planning_groups": [group]}
    assert staffing(read_staffing(request)).planning_groups[0].intervals[0].required_with_shrinkage == 20


INTERVAL = {"start": "2026-11-30T10:00", "volume": 100, "aht_seconds": 180}


@pytest.mark.parametrize(
    ("request_", "pointer"),
    [
        ({"intervals": [INTERVAL | {"volume": -1}]}, "/intervals/0/volume"),
        ({"intervals": [{"start": "2026-11-30T10:00", "aht_seconds": 180}]}, "/intervals/0/volume"),
        ({"intervals": [INTERVAL | {"aht_seconds": 0}]}, "/intervals/0/aht_seconds"),
        ({"intervals": [INTERVAL], "service_goal": {"percent": 100, "within_seconds": 20}}, "/service_goal/percent"),
        ({"intervals": [INTERVAL, INTERVAL]}, "/intervals/1/start"),
        ({"intervals": [INTERVAL, INTERVAL | {"start": "2026-11-30T10:15"}]}, "/intervals/1/start"),
        ({"intervals": [INTERVAL], "time_zone": "Europe/Talinn"}, "/time_zone"),
        (
            {"intervals": [INTERVAL | {"start": "2026-03-29T03:30"}], "time_zone": "Europe/Tallinn"},
            "/intervals/0/start",
        ),
        ({"intervals": [INTERVAL], "max_abandonment_percent": 3}, "/max_abandonment_percent"),
        ({}, "/intervals"),
        ({"intervals": [INTERVAL | {"volume": 1e7, "aht_seconds": 1e6}]}, "/intervals/0/volume"),
        ({"intervals": [INTERVAL], "max_occupancy_percent": 0.001}, "/intervals/0/volume"),
        ({"intervals": [INTERVAL], "planning_groups": [{"id": "a"}]}, "/intervals"),
        ({"intervals": [INTERVAL], "patience": 3}, "/patience"),
        ({"intervals": [INTERVAL], "max_mean_wait_seconds": 0}, "/max_mean_wait_seconds"),
        ({"intervals": [INTERVAL], "max_abandonment_percent": 0, "patience_seconds": 60}, "/max_abandonment_percent"),
        ({"intervals": [INTERVAL], "backlog": 4}, "/backlog"),
        ({"intervals": [INTERVAL], "deadline_minutes": 240, "patience_seconds": 60}, "/patience_seconds"),
        ({"intervals": [INTERVAL], "shrinkage_percent": 30, "planned_shrinkage_percent": 20}, "/shrinkage_percent"),
        (
            {"intervals": [INTERVAL | {"shrinkage_percent": 30, "unplanned_shrinkage_percent": 5}]},
            "/intervals/0/shrinkage_percent",
        ),
    ],
)
def test_what_is_refused_is_named_with_its_place(request_, pointer):
    assert pointer in refused(request_)


def test_a_goal_of_all_calls_is_told_why_it_cannot_be_met():
    wrong = refused({"intervals": [INTERVAL], "service_goal": {"percent": 100, "within_seconds": 20}})
    assert "no number of agents makes sure" in wrong["/service_goal/percent"]


def test_a_goal_out_of_reach_says_how_near_one_gets():
    answer = ask(max_staff=13)
    interval = answer.intervals[0]
    assert (interval.required, interval.attainable.staff) == (14, 13)
    assert interval.attainable.service_level_percent == pytest.approx(79.56, abs=1e-2)
    (message,) = answer.messages
    assert (message.code, message.path) == ("goal_out_of_reach", "/intervals/0")
    assert "need 14 agents on queue and there are 13" in message.text
    assert ask(max_staff=14).messages == ()


def test_a_load_beyond_all_staff_is_a_queue_without_end():
    answer = ask(max_staff=10)
    assert answer.intervals[0].attainable.mean_wait_seconds is None
    assert "waits without end" in answer.messages[0].text


def test_planned_and_unplanned_shrinkage_multiply():
    interval = ask(planned_shrinkage_percent=20, unplanned_shrinkage_percent=10).intervals[0]
    assert interval.required == 14
    assert interval.required_with_unplanned_shrinkage == 16  # 14 / 0.9 = 15.6
    assert interval.required_with_shrinkage == 20  # 14 / 0.72 = 19.4


@pytest.mark.parametrize(("wanted", "heads"), [("nothing", 14), ("unplanned_shrinkage", 16), ("shrinkage", 20)])
def test_requirements_allow_for_the_shrinkage_that_is_asked_for(wanted, heads):
    answer = ask(planned_shrinkage_percent=20, unplanned_shrinkage_percent=10, requirements_with=wanted)
    assert answer.requirements[0].required == (heads,)


def test_an_interval_has_shrinkage_of_its_own():
    group = {"unplanned_shrinkage_percent": 50, "planned_shrinkage_percent": 0}
    interval = {"start": "2026-11-30T10:00", "volume": 100, "aht_seconds": 180, "unplanned_shrinkage_percent": 30}
    answer = staffing(read_staffing({"service_goal": GOAL, "intervals": [interval]} | group))
    assert answer.intervals[0].required_with_shrinkage == 20


def test_the_groups_parts_of_shrinkage_go_before_the_requests_whole():
    group = {"id": "voice", "intervals": [INTERVAL], "planned_shrinkage_percent": 50}
    request = {"service_goal": GOAL, "shrinkage_percent": 30, "planning_groups": [group]}
    assert staffing(read_staffing(request)).planning_groups[0].intervals[0].required_with_shrinkage == 28


def test_a_table_of_volumes():
    table = (
        "start,volume,aht_seconds,planning_group_id\n2026-11-30T10:00,100,180,voice\n\n2026-11-30T10:30,90,180,voice\n"
    )
    answer = staffing(read_staffing(volumes_from_csv(table) | {"service_goal": GOAL}))
    assert [interval.required for interval in answer.planning_groups[0].intervals] == [
        14,
        agents_for_service_level(9, aht_seconds=180, within_seconds=20, goal=0.8),
    ]


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("", "lacks start"),
        ("start,volume\n", "lacks aht_seconds"),
        ("start,volume,aht_seconds,calls\n", "no column 'calls'"),
        ("start,volume,aht_seconds\n2026-11-30T10:00,many,180\n", "Line 2: volume is 'many'"),
        ("start,volume,aht_seconds\n2026-11-30T10:00,5\n", "Line 2 has 2 cells"),
    ],
)
def test_a_table_with_faults_is_refused_at_its_line(table, told):
    with pytest.raises(RequestRefused) as wrong:
        volumes_from_csv(table)
    assert told in wrong.value.faults[0].text

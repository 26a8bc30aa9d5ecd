"""Goals and volumes that cannot be meant are named at their place."""

import pytest

from schemas.fault import RequestRefused
from solver.reading import read_request

GOAL = {"percent": 80, "within_seconds": 20}
SERIES = {"planning_group_id": "voice", "start": "2026-11-30T08:00", "volume": [10, 20], "aht_seconds": 180}


def faults(group=None, **more):
    request = {
        "time_zone": "UTC",
        "planning_period": {"start_date": "2026-11-30", "days": 1},
        "planning_groups": [{"id": "voice", "service_goal": GOAL} if group is None else {"id": "voice", **group}],
        "volumes": [SERIES],
        **more,
    }
    try:
        read_request(request)
    except RequestRefused as refused:
        return {fault.pointer: fault.text for fault in refused.faults}
    return {}


def test_a_goal_with_volumes_is_in_order():
    assert faults() == {}


@pytest.mark.parametrize(
    ("group", "more", "place"),
    [
        ({"service_goal": {}}, {}, "/planning_groups/0/service_goal"),
        ({"service_goal": {"percent": 80}}, {}, "/planning_groups/0/service_goal"),
        ({"service_goal": {**GOAL, "max_abandonment_percent": 3}}, {}, "/planning_groups/0/service_goal"),
        (
            {"service_goal": {"max_abandonment_percent": 3}},
            {},
            "/planning_groups/0/service_goal/max_abandonment_percent",
        ),
        ({"service_goal": {**GOAL, "percent": 100}}, {}, "/planning_groups/0/service_goal/percent"),
        ({}, {}, "/volumes/0/planning_group_id"),
        ({"patience_seconds": 60}, {"volumes": []}, "/planning_groups/0/patience_seconds"),
        (None, {"volumes": []}, "/planning_groups/0/service_goal"),
        (
            None,
            {"requirements": [{"planning_group_id": "voice", "start": "2026-11-30T08:00", "required": [1]}]},
            "/requirements/0",
        ),
        (None, {"volumes": [{**SERIES, "volume": [-1]}]}, "/volumes/0/volume/0"),
        (None, {"volumes": [{**SERIES, "aht_seconds": 0}]}, "/volumes/0/aht_seconds"),
        (None, {"volumes": [{**SERIES, "aht_seconds": [180]}]}, "/volumes/0/aht_seconds"),
        (None, {"volumes": [SERIES, SERIES]}, "/volumes/1/start"),
        (None, {"volumes": [{**SERIES, "start": "2026-11-30T08:07"}]}, "/volumes/0/start"),
        (None, {"volumes": [{**SERIES, "volume": [1e5], "aht_seconds": 1e5}]}, "/volumes/0/volume/0"),
    ],
)
def test_what_is_wrong_is_named_at_its_place(group, more, place):
    assert place in "".join(faults(group, **more)) or place in faults(group, **more)
    assert any(found.startswith(place) for found in faults(group, **more))

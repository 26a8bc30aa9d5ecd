"""What falls apart, and that the whole is what its parts amount to."""

import json

import pytest

from schemas.roster import Roster
from solver.example import example_request
from solver.parts.components import Part, parts_of
from solver.parts.divide import divided
from solver.parts.join import PartsDisagreeError, joined
from solver.reading import read_request
from solver.verify import judge


def a_request(skills):
    """A request with an agent for each set of planning groups, such as `["ab", "b", "c"]`; "" is an agent of all."""
    whole = example_request(agents=len(skills), days=1)
    [group] = whole["planning_groups"]
    names = sorted(set("".join(skills))) or ["a"]
    whole["planning_groups"] = [{**group, "id": name} for name in names]
    whole["requirements"] = [
        {**series, "planning_group_id": name} for series in whole["requirements"] for name in names
    ]
    for agent, groups in zip(whole["agents"], skills, strict=True):
        agent["skills"] = [{"planning_group_id": name} for name in groups]
        agent["id"] = f"{agent['id']}-{groups}"
    return whole


def groups_of(data, **more):
    return ["".join(sorted(part.groups)) for part in parts_of(read_request(data), **more)]


@pytest.mark.parametrize(
    ("skills", "found"),
    [
        (["a", "b"], ["a", "b"]),
        (["a", "b", "ab"], ["ab"]),
        (["ab", "bc", "d", "d"], ["abc", "d"]),
        (["a", "b", "c", "bc", "c"], ["bc", "a"]),
        (["a", "b", ""], ["ab"]),  # without skills an agent serves everything
    ],
)
def test_shared_agents_tie_planning_groups(skills, found):
    assert groups_of(a_request(skills)) == found


def test_a_planning_group_without_agents_is_in_some_part():
    data = a_request(["a", "b", "b"])
    data["planning_groups"].append({**data["planning_groups"][0], "id": "z"})
    assert sorted("".join(groups_of(data))) == ["a", "b", "z"]


def test_small_parts_are_put_together():
    data = a_request(["a", "b", "c", "d", "d", "d"])
    assert groups_of(data) == ["d", "a", "b", "c"]
    assert groups_of(data, least_agents=3) == ["d", "abc"]
    assert groups_of(data, least_agents=4) == ["abcd"]


def test_every_agent_and_requirement_is_in_one_part():
    data = a_request(["a", "b", "ab", "c", "c"])
    parts = divided(data, least_agents=1, places=9)
    for name in ("agents", "requirements", "planning_groups"):
        whole = sorted(json.dumps(each) for each in data[name])
        assert sorted(json.dumps(each) for part in parts for each in part.request[name]) == whole
    for part in parts:
        read_request(part.request)


@pytest.mark.parametrize(("places", "seconds"), [(1, 20), (2, 30), (3, 60), (99, 60)])
def test_parts_that_wait_for_others_share_the_time(places, seconds):
    data = a_request(["a", "b", "c"]) | {"options": {"time_limit_seconds": 60}}
    assert {part.seconds for part in divided(data, least_agents=1, places=places)} == {seconds}
    assert all(
        part.request["options"]["time_limit_seconds"] == seconds
        for part in divided(data, least_agents=1, places=places)
    )


def sites(*names, rules=()):
    """A request of sites: each has a planning group, two agents with its tag, and seats of its own."""
    data = a_request([name[0] for name in names for _ in range(2)])
    for agent, name in zip(data["agents"], (name for name in names for _ in range(2)), strict=True):
        agent["tags"] = [name]
    seats = [{"kind": "seats", "max": 1, "tags": [name]} for name in names]
    return data | {"roster_rules": [*seats, *rules]}


def test_sites_with_seats_of_their_own_are_parts():
    data = sites("tallinn", "riga")
    parts = divided(data, least_agents=1, places=9)
    assert [(part.request["planning_groups"][0]["id"], part.agents) for part in parts] == [("r", 2), ("t", 2)]
    assert [part.request["roster_rules"] for part in parts] == [[data["roster_rules"][1]], [data["roster_rules"][0]]]
    assert all(len(read_request(part.request).roster_rules) == 1 for part in parts)


def test_a_planning_group_that_two_sites_serve_keeps_them_together():
    data = sites("tallinn", "riga", "oslo")
    data["agents"][0]["skills"].append({"planning_group_id": "r", "proficiency": 1.0})
    assert groups_of(data) == ["rt", "o"]


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ({"kind": "seats", "max": 3, "tags": ["tallinn", "riga"]}, ["rt", "o"]),  # a hall that two sites share
        ({"kind": "never_together", "agent_ids": ["A001-t", "A005-o"]}, ["ot", "r"]),
        ({"kind": "breaks_at_once", "max": 1}, ["ort"]),  # counts everybody
        ({"kind": "on_duty", "tags": ["riga"], "planning_group_id": "r"}, ["o", "r", "t"]),
        ({"kind": "on_duty", "min": 2, "planning_group_id": "t"}, ["o", "r", "t"]),
        ({"kind": "on_duty", "tags": ["riga"]}, ["ort"]),  # whoever is required asks for it
        ({"kind": "shift_kinds", "max": 3}, ["ort"]),
    ],
)
def test_a_rule_of_the_roster_ties_those_whom_it_counts_and_those_who_ask_for_it(rule, found):
    data = sites("tallinn", "riga", "oslo", rules=[rule])
    assert [agent["id"] for agent in data["agents"]][::4] == ["A001-t", "A005-o"]
    assert groups_of(data) == found
    held = [part.request["roster_rules"] for part in divided(data, least_agents=1, places=9)]
    assert sum(rule in rules for rules in held) == 1


def test_a_whole_with_seats_costs_what_its_parts_cost():
    data = sites("tallinn", "riga", rules=[{"kind": "on_duty", "tags": ["riga"], "planning_group_id": "r"}])
    data["roster_rules"][-1]["cost_per_hour"] = 7
    for plan in data["work_plans"]:
        plan["rules"] = []
    parts = rosters_of(data)
    whole = joined(data, read_request(data), parts)
    assert whole.cost.rules > 0
    assert whole.cost.total == pytest.approx(sum(part.cost.total for part in parts))


def test_what_this_does_not_know_keeps_a_request_whole(monkeypatch):
    monkeypatch.setattr("solver.parts.components.KNOWN", frozenset())
    assert groups_of(a_request(["a", "b"])) == ["ab"]


def nobody_works(part, bound_factor=0.5, **more):
    """The roster in which nobody works, as a solver would answer for a part."""
    request = read_request(part)
    roster = Roster(schedules=tuple({"agent_id": agent.id} for agent in request.agents))
    cost = judge(request, roster).cost
    news = {"cost": cost, "lower_bound": cost.total * bound_factor, "verdict": "feasible", **more}
    return roster.model_copy(update=news)


@pytest.fixture
def data():
    """Agents of whom none has to work, so that nobody working is a roster."""
    found = a_request(["a", "b", "b"])
    for plan in found["work_plans"]:
        plan["rules"] = []
    return found


def rosters_of(data, **more):
    return [nobody_works(part.request, **more) for part in divided(data, least_agents=1, places=9)]


def test_the_whole_costs_what_its_parts_cost(data):
    parts = rosters_of(data)
    whole = joined(data, read_request(data), parts)
    assert whole.cost.total == pytest.approx(sum(part.cost.total for part in parts))
    assert whole.lower_bound == pytest.approx(whole.cost.total / 2)
    assert (whole.verdict, whole.gap_percent) == ("feasible", pytest.approx(50, abs=0.01))
    assert [schedule.agent_id for schedule in whole.schedules] == [agent["id"] for agent in data["agents"]]
    assert {series.planning_group_id for series in whole.coverage} == {"a", "b"}


def test_what_is_proved_in_every_part_is_proved(data):
    whole = joined(data, read_request(data), rosters_of(data, bound_factor=1, verdict="optimal"))
    assert (whole.verdict, whole.lower_bound, whole.gap_percent) == ("optimal", whole.cost.total, 0.0)


def test_a_bound_that_is_missing_in_a_part_is_missing(data):
    first, second = rosters_of(data)
    whole = joined(data, read_request(data), [first, second.model_copy(update={"lower_bound": None})])
    assert (whole.lower_bound, whole.gap_percent) == (None, None)


@pytest.mark.parametrize("verdict", ["infeasible", "undecided"])
def test_without_a_roster_of_every_part_there_is_none(data, verdict):
    first, second = rosters_of(data)
    lost = second.model_copy(update={"cost": None, "schedules": (), "verdict": verdict})
    whole = joined(data, read_request(data), [first, lost])
    assert (whole.verdict, whole.cost, whole.schedules) == (verdict, None, ())


def test_a_part_that_lies_about_its_cost_is_found_out(data):
    first, second = rosters_of(data)
    cheaper = second.model_copy(update={"cost": second.cost.model_copy(update={"total": 1.0})})
    with pytest.raises(PartsDisagreeError, match="costs"):
        joined(data, read_request(data), [first, cheaper])


def test_a_roster_that_breaks_a_rule_is_found_out(data):
    first, second = rosters_of(data)
    times = {"start": "2026-11-30T03:00:00+02:00", "end": "2026-11-30T03:15:00+02:00"}
    shift = {"date": "2026-11-30", "work_plan_shift_id": "day", **times}
    schedule = {"agent_id": first.schedules[0].agent_id, "shifts": [shift]}
    broken = Roster(schedules=(schedule, *first.schedules[1:])).schedules
    with pytest.raises(PartsDisagreeError, match="shift"):
        joined(data, read_request(data), [first.model_copy(update={"schedules": broken}), second])


def test_a_part_takes_in_another():
    part = Part({"a"}, {"1"})
    part.add(Part({"b"}, {"2"}))
    assert (part.groups, part.agents) == ({"a", "b"}, {"1", "2"})

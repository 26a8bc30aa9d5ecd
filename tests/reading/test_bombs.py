"""Small texts that would take all the memory or time there is, if every one of their faults were kept."""

import json

import pytest
from pydantic import ValidationError

from schemas.fault import RequestRefused
from schemas.listed import MOST_FAULTS
from schemas.request import RosterRequest
from service.api.samples import REQUEST
from solver.reading import read_request


def refused(body):
    with pytest.raises(RequestRefused) as caught:
        read_request(body if isinstance(body, bytes) else json.dumps(body).encode())
    return caught.value.faults


def agents(skills, many):
    return [{"id": f"A{n}", "work_plan_id": "short", "skills": skills} for n in range(many)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"agents": [1] * 100_000},
        {"agents": agents([1] * 1000, 100)},
        {"agents": agents([], 2) + agents([1], 100_000)},
        {"requirements": [{"planning_group_id": "voice", "start": "2026-11-30T08:00", "required": ["x"] * 100_000}]},
    ],
    ids=["items", "items of items", "items behind good ones", "numbers"],
)
def test_no_more_than_a_thousand_faults_and_those_of_one_item_are_kept(wrong):
    with pytest.raises(ValidationError) as caught:
        RosterRequest.model_validate(REQUEST | wrong)
    assert MOST_FAULTS <= caught.value.error_count() <= 3 * MOST_FAULTS
    assert len(refused(REQUEST | wrong)) == MOST_FAULTS


def test_each_fault_of_a_short_list_has_its_place():
    crowd = agents([], 3) + agents([{"planning_group_id": "voice", "proficiency": -1}, 7], 2)
    found = refused(REQUEST | {"agents": crowd, "requirements": []})
    places = {(fault.pointer, fault.found) for fault in found if fault.pointer.startswith("/agents")}
    assert places == {
        *(("/agents/3/skills/0/proficiency", "-1"), ("/agents/3/skills/1", "7")),
        *(("/agents/4/skills/0/proficiency", "-1"), ("/agents/4/skills/1", "7")),
    }


@pytest.mark.parametrize("last", ["z", "a0"])
def test_an_object_of_names_without_end_is_refused_as_a_whole(last):
    text = "{" + ",".join(f'"a{number}": 0' for number in range(100_000)) + f', "{last}": 0}}'
    (fault,) = refused(text.encode())
    assert fault.found == "100001 names"


def test_an_empty_list_where_one_is_needed_and_what_is_no_list_are_told_as_such():
    found = {fault.pointer: fault.text for fault in refused(REQUEST | {"planning_groups": [], "agents": {}})}
    assert "at least 1 item" in found["/planning_groups"]
    assert "found {}" in found["/agents"]

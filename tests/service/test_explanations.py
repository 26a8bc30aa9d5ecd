"""Explanations over HTTP: made once, kept, of a job that has ended."""

import pytest

from service.api.samples import REQUEST
from tests.service.api_client import served
from tests.service.conftest import in_memory
from tests.service.test_api import ended, problem, submit


@pytest.fixture(scope="module")
def api(module_settings):
    with served(module_settings, in_memory) as client:
        yield client


def test_an_explanation_is_made_once_and_kept(api):
    job_id = submit(api).json()["id"]
    ended(api, job_id)
    first, again = (api.get(f"/v1/rosters/{job_id}/explanation") for _ in range(2))
    assert first.status_code == 200
    assert first.json()["text"].startswith("The verdict was feasible; process ")
    assert again.content == first.content


def test_one_agent_alone(api):
    job_id = submit(api).json()["id"]
    ended(api, job_id)
    place = f"/v1/rosters/{job_id}/explanation"
    whose = REQUEST["agents"][0]["id"]
    assert [agent["agent_id"] for agent in api.get(place, params={"agent_id": whose}).json()["agents"]] == [whose]
    assert problem(api.get(place, params={"agent_id": "nobody"}), 404)["title"] == "No such agent"


def test_a_job_that_runs_has_nothing_to_explain_yet(api):
    job_id = submit(api, name="seconds=20").json()["id"]
    told = problem(api.get(f"/v1/rosters/{job_id}/explanation"), 404)
    assert told["title"] == "No explanation yet"
    api.post(f"/v1/rosters/{job_id}/cancel")
    problem(api.get("/v1/rosters/01M85PAKZ81QH8GZ1PZ5Q1X3YB/explanation"), 404)

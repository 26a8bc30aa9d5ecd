"""Downloads over HTTP: format, tag, one agent, and what is refused."""

import pytest

from service.api.samples import REQUEST
from tests.service.api_client import served
from tests.service.conftest import in_memory
from tests.service.test_api import ended, problem, submit


@pytest.fixture(scope="module")
def api(module_settings):
    with served(module_settings, in_memory) as client:
        yield client


@pytest.fixture(scope="module")
def place(api):
    job_id = submit(api).json()["id"]
    ended(api, job_id)
    return f"/v1/rosters/{job_id}/roster"


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        ("json", "application/json"),
        ("csv", "text/csv; charset=utf-8"),
        ("csv-days", "text/csv; charset=utf-8"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("ics", "text/calendar; charset=utf-8"),
    ],
)
def test_every_format_by_parameter(api, place, form, kind):
    answer = api.get(place, params={"format": form})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == kind
    assert ("attachment" in answer.headers.get("content-disposition", "")) == (form != "json")


def test_the_format_by_header(api, place):
    assert api.get(place, headers={"Accept": "text/csv"}).text.startswith("\ufeffagent_id,")
    problem(api.get(place, headers={"Accept": "image/png"}), 406)
    problem(api.get(place, params={"format": "pdf"}), 422)


def test_what_has_not_changed_is_not_sent_again(api, place):
    first = api.get(place, params={"format": "csv"})
    again = api.get(place, params={"format": "csv"}, headers={"If-None-Match": first.headers["etag"]})
    other = api.get(place, params={"format": "ics"}, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert other.status_code == 200


def test_one_agent_alone(api, place):
    whose = REQUEST["agents"][0]["id"]
    lines = api.get(place, params={"format": "csv", "agent_id": whose}).text.splitlines()[1:]
    assert all(line.startswith(whose) for line in lines)
    problem(api.get(place, params={"agent_id": "nobody"}), 404)

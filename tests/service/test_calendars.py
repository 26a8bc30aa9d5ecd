"""Calendar subscriptions: an address opens one calendar, until it is changed."""

import icalendar
import pytest

from service.api.samples import REQUEST
from service.jobs.calendars import CalendarRecord, digest_of
from service.jobs.job import new_id, now
from service.jobs.submit import erase
from tests.service.api_client import served
from tests.service.conftest import in_memory
from tests.service.helpers import ended as job_ended
from tests.service.helpers import submitted, until
from tests.service.test_access import held_with, made
from tests.service.test_api import ended, problem, submit

WHO = REQUEST["agents"][0]["id"]
UNKNOWN = "01M85P9S0QT0M2GY21X9SSQQGZ"


@pytest.fixture(scope="module")
def api(module_settings):
    with served(module_settings, in_memory) as client:
        yield client


@pytest.fixture(scope="module")
def place(api):
    job_id = submit(api).json()["id"]
    ended(api, job_id)
    return f"/v1/rosters/{job_id}/calendars"


def test_an_address_opens_the_calendar(api, place):
    made = api.post(place, json={"agent_id": WHO})
    assert made.status_code == 201
    assert made.headers["location"] == made.json()["links"]["self"]
    found = api.get(made.json()["url"])
    assert found.headers["content-type"] == "text/calendar; charset=utf-8"
    assert icalendar.Calendar.from_ical(found.content)["VERSION"] == "2.0"
    assert api.get(place).json()["calendars"][-1] | {"url": "shown once"} == made.json() | {"url": "shown once"}
    assert api.get(place).json()["calendars"][-1]["url"] is None


def test_a_changed_address_leaves_the_old_one_leading_nowhere(api, place):
    first = api.post(place, json={}).json()
    second = api.post(first["links"]["rotate"]).json()
    assert second["url"] != first["url"]
    problem(api.get(first["url"]), 404)
    assert api.get(second["url"]).status_code == 200
    assert api.delete(first["links"]["self"]).status_code == 204
    problem(api.get(second["url"]), 404)
    problem(api.delete(first["links"]["self"]), 404)
    problem(api.post(first["links"]["rotate"]), 404)


def test_what_cannot_be_subscribed_to(api, place):
    problem(api.post(place, json={"agent_id": "nobody"}), 404)
    problem(api.post(place, json={"agent": WHO}), 422)
    problem(api.post(f"/v1/rosters/{UNKNOWN}/calendars", json={}), 404)
    problem(api.get("/v1/calendars/%C3%A4%20guess.ics"), 404)


def test_without_a_roster_so_far_the_calendar_is_empty(api):
    job_id = submit(api, "seconds=20 rosters=0").json()["id"]
    link = api.post(f"/v1/rosters/{job_id}/calendars", json={}).json()["url"]
    assert icalendar.Calendar.from_ical(api.get(link).content).walk("VEVENT") == []
    api.delete(f"/v1/rosters/{job_id}")
    problem(api.get(link), 404)


def test_the_address_needs_no_key_and_all_else_does(module_settings):
    texts = {}

    def make(keys):
        texts.update(north=made(keys, "north"), south=made(keys, "south"))

    with served(module_settings, held_with(in_memory, make)) as client:
        north, south = ({"X-API-Key": texts[name]} for name in ("north", "south"))
        job_id = client.post("/v1/rosters", json=REQUEST, headers=north).json()["id"]
        place = f"/v1/rosters/{job_id}/calendars"
        problem(client.post(place, json={}), 401)
        problem(client.post(place, json={}, headers=south), 404)
        subscription = client.post(place, json={}, headers=north).json()
        assert client.get(subscription["url"]).status_code == 200
        problem(client.post(subscription["links"]["rotate"], headers=south), 404)
        problem(client.delete(subscription["links"]["self"], headers=south), 404)


def a_subscription(job, token="secret"):
    return CalendarRecord(new_id(), job.tenant, job.id, None, digest_of(token), now())


def test_subscriptions_are_kept_alike(backend):
    job = submitted(backend, "seconds=0")
    first, second = a_subscription(job, "one"), a_subscription(job, "two")
    assert backend.calendars.add(first, most=2)
    assert backend.calendars.add(second, most=2)
    assert not backend.calendars.add(a_subscription(job, "three"), most=2)
    assert backend.calendars.list_of("north", job.id) == sorted([first, second], key=lambda each: each.id)
    assert backend.calendars.list_of("south", job.id) == []
    assert backend.calendars.find(digest_of("two")) == second
    assert backend.calendars.change("south", job.id, first.id, "x") is None
    assert backend.calendars.change("north", job.id, first.id, digest_of("new")).digest == digest_of("new")
    assert backend.calendars.find(digest_of("one")) is None
    assert not backend.calendars.remove("south", job.id, first.id)
    assert backend.calendars.remove("north", job.id, first.id)
    job_ended(backend, job)
    until(lambda: backend.engine.status(job.id) == "ended")
    erase(job.id, backend.store, backend.engine, tenant="north")
    assert backend.calendars.find(digest_of("two")) is None
    assert not backend.calendars.add(a_subscription(job, "late"), most=2)

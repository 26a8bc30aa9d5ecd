"""What one tenant has does not exist for another: every path and method of the OpenAPI document is tried."""

import re
from itertools import product

import pytest

from service.access.keys import new_key
from service.api.samples import ALL, REQUEST
from service.jobs.job import new_id
from service.main import create_app
from service.settings import Settings
from service.worker import embedded
from tests.service.api_client import served
from tests.service.conftest import in_memory
from tests.service.helpers import until
from tests.service.test_access import held_with

DOCUMENT = create_app(Settings()).openapi()
UNKNOWN = "01M85P9S0QT0M2GY21X9SSQQGZ"
PASSING = {"date", "server"}
"""Headers that say nothing of what is asked for."""


class House:
    """A service where the north has jobs and webhooks, and somebody of the south who looks for them."""

    def __init__(self, client, keys):
        self.client = client
        self.keys = keys
        self.done = self.submitted("seconds=0", wait=True)
        self.running = self.submitted("seconds=600 rosters=1")
        self.other = self.submitted("seconds=600")
        self.webhook = self.north("POST", "/v1/webhooks", json={"url": "https://wfm.example.org/stint"}).json()["id"]
        self.of_job = self.north(
            "POST", "/v1/webhooks", json={"url": "https://wfm.example.org/stint", "job_id": self.running}
        ).json()["id"]
        self.calendar = self.north("POST", f"/v1/rosters/{self.running}/calendars", json={}).json()["id"]
        until(lambda: self.north("GET", f"/v1/rosters/{self.running}/roster").status_code == 200)

    def north(self, method, path, **more):
        return self._as("north", method, path, **more)

    def south(self, method, path, **more):
        return self._as("south", method, path, **more)

    def _as(self, tenant, method, path, headers=None, **more):
        shown = {"Authorization": f"Bearer {self.keys[tenant]}", **(headers or {})}
        return self.client.request(method, path, headers=shown, **more)

    def submitted(self, name, wait=False):
        headers = {"Idempotency-Key": f"north-{name}-{new_id()}", **({"Prefer": "wait=20"} if wait else {})}
        answer = self.north("POST", "/v1/rosters", json={**REQUEST, "name": name}, headers=headers)
        assert answer.status_code == (200 if wait else 202)
        return answer.json()["id"]

    def state(self):
        """All that the north sees of what it has."""
        jobs = [self.north("GET", f"/v1/rosters/{job_id}").json() for job_id in (self.running, self.other, self.done)]
        webhooks = self.north("GET", "/v1/webhooks").json()
        requests = [self.north("GET", job["links"]["request"]).content for job in jobs]
        return [{name: job[name] for name in ("id", "name", "status", "attempts")} for job in jobs], requests, webhooks


@pytest.fixture(scope="module")
def house(module_settings, tmp_path_factory):
    file = tmp_path_factory.mktemp("isolation") / "stint.sqlite"
    changed = {"overtime_seconds": 600, "database_url": f"sqlite:///{file}", "queue_poll_seconds": 0.05}
    texts = {}

    def make(keys):
        for tenant in ("north", "south"):
            key, texts[tenant] = new_key(tenant, "", ("admin",))
            keys.add(key)

    with served(module_settings.model_copy(update=changed), held_with(embedded, make)) as client:
        yield House(client, texts)


WITH_ID = [
    (method.upper(), path, set(re.findall(r"{(\w+)}", path)))
    for path, operations in DOCUMENT["paths"].items()
    for method in operations
    if "{" in path
]
SAMPLES = {model.__name__: sample for model, sample in ALL.items()}
HEADERS = [
    {}, {"Last-Event-ID": "1"}, {"Accept": "text/csv"}, {"Accept": "text/calendar"}, {"If-None-Match": "*"},
    {"Prefer": "wait=1"}, {"Idempotency-Key": "north"},
]  # fmt: skip
QUERIES = ["", "?format=xlsx", "?format=csv-days", "?agent_id=A001", "?limit=1", "?format=json&agent_id=nobody"]


def answer_without(answer, *ids):
    """All of an answer but the ids that were asked for, and the time."""
    text = answer.text
    for known in ids:
        text = text.replace(known, "ID")
    kept = {name: value for name, value in answer.headers.items() if name not in PASSING}
    return answer.status_code, kept, text


def body_of(operation):
    """A body that fits the operation; none where it takes none."""
    if "requestBody" not in operation:
        return None
    return SAMPLES[operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]]


def ids_of(house, names):
    """What the north has that goes by these names in a path, each time one of all."""
    known = {
        "job_id": (house.running, house.other, house.done),
        "webhook_id": (house.webhook, house.of_job),
        "calendar_id": (house.calendar,),
        "token": ("a" * 43,),  # the secret of an address, which no tenant has
    }
    assert names <= set(known), f"Say here what the north has that a path calls {names - set(known)}."
    return [dict(zip(names, chosen, strict=True)) for chosen in product(*(known[name] for name in names))]


@pytest.mark.parametrize(("method", "path", "names"), WITH_ID, ids=[f"{method}-{path}" for method, path, _ in WITH_ID])
def test_what_another_tenant_has_is_answered_as_what_never_was(house, method, path, names):
    first, *others = ids_of(house, names)
    variants = [*((given, "") for given in HEADERS), *(({}, given) for given in QUERIES)]
    for theirs, ways in ((first, variants), *((other, variants[:1]) for other in others)):
        for headers, query in ways:
            nobodys = {name: new_id() for name in names}
            body = body_of(DOCUMENT["paths"][path][method.lower()])
            real = house.south(method, path.format(**theirs) + query, headers=headers, json=body)
            none = house.south(method, path.format(**nobodys) + query, headers=headers, json=body)
            assert answer_without(real, *theirs.values()) == answer_without(none, *nobodys.values())
            assert real.status_code in (404, 422)


@pytest.mark.parametrize("path", [path for path in DOCUMENT["paths"] if "{" not in path])
def test_what_lists_or_makes_things_shows_nothing_of_another_tenants(house, path):
    before = house.state()
    everything = {house.running, house.other, house.done, house.webhook, house.of_job, house.calendar}
    for method in DOCUMENT["paths"][path]:
        for query in ("", f"?cursor={house.done}", "?status=running", "?limit=200")[: None if method == "get" else 1]:
            answer = house.south(method.upper(), path + query, json=body_of(DOCUMENT["paths"][path][method]))
            assert answer.status_code < 500
            assert not [known for known in everything if known in answer.text.replace(query, "")]
    assert house.state() == before


def test_nothing_of_the_norths_has_changed_after_all_that(house):
    before = house.state()
    for method, path, names in WITH_ID:
        for theirs in ids_of(house, names):
            house.south(method, path.format(**theirs), json=body_of(DOCUMENT["paths"][path][method.lower()]))
    assert house.state() == before
    assert [job["status"] for job in before[0]] == ["running", "running", "completed"]


def test_nobody_subscribes_to_another_tenants_job(house):
    def asked(job_id):
        body = {"url": "https://evil.example.org/", "job_id": job_id}
        return answer_without(house.south("POST", "/v1/webhooks", json=body), job_id)

    assert asked(house.running) == asked(new_id())
    assert asked(house.running)[0] == 404


def test_a_webhook_of_one_tenant_is_not_told_of_anothers_jobs(house):
    own = house.south("POST", "/v1/webhooks", json={"url": "https://wfm.example.org/south"}).json()
    house.submitted("seconds=0", wait=True)
    assert house.south("GET", own["links"]["deliveries"]).json() == {"deliveries": []}
    assert house.north("GET", f"/v1/webhooks/{house.webhook}/deliveries").json()["deliveries"]


def test_the_same_idempotency_key_is_another_one_for_another_tenant(house):
    key = {"Idempotency-Key": f"shared-{new_id()}"}
    ours = house.north("POST", "/v1/rosters", json={**REQUEST, "name": "seconds=0"}, headers=key)
    theirs = house.south("POST", "/v1/rosters", json={**REQUEST, "name": "seconds=0 other"}, headers=key)
    assert (ours.status_code, theirs.status_code) == (202, 202)
    assert ours.json()["id"] != theirs.json()["id"]


def test_what_a_caller_knows_of_a_roster_tells_nothing_of_it(house):
    known = house.north("GET", f"/v1/rosters/{house.done}/roster")
    last = house.north("GET", f"/v1/rosters/{house.done}/events").text.count("event:")
    for path, headers in (
        ("roster", {"If-None-Match": known.headers["etag"]}),
        ("events", {"Last-Event-ID": str(last)}),
        ("events", {"Last-Event-ID": str(last + 1)}),
    ):
        real, none = (house.south("GET", f"/v1/rosters/{id_}/{path}", headers=headers) for id_ in (house.done, UNKNOWN))
        assert answer_without(real, house.done) == answer_without(none, UNKNOWN)
        assert real.status_code == 404


def test_nobody_reaches_anothers_calendar_through_a_job_of_their_own(house):
    own = house.south("POST", "/v1/rosters", json={**REQUEST, "name": "seconds=0"}).json()["id"]
    for method, more in (("DELETE", ""), ("POST", "/rotate")):
        for calendar in (house.calendar, UNKNOWN):
            answer = house.south(method, f"/v1/rosters/{own}/calendars/{calendar}{more}")
            assert answer.status_code == 404
    listed = house.north("GET", f"/v1/rosters/{house.running}/calendars").json()["calendars"]
    assert [calendar["id"] for calendar in listed] == [house.calendar]
    assert house.south("GET", f"/v1/rosters/{own}/calendars").json() == {"calendars": []}


def test_events_go_on_after_a_number_of_another_job_as_if_it_were_none(house):
    """A number says nothing of whose it is: one that the own job does not have begins at the beginning."""
    last = house.north("GET", f"/v1/rosters/{house.done}/events").text.count("event:")
    own = house.south("POST", "/v1/rosters", json={**REQUEST, "name": "seconds=0 rosters=0"}).json()
    until(lambda: house.south("GET", own["links"]["self"]).json()["finished_at"])
    ids = [
        re.findall(r"(?m)^id: (\d+)", house.south("GET", own["links"]["events"], headers=headers).text)
        for headers in ({}, {"Last-Event-ID": str(last + 100)}, {"Last-Event-ID": house.done})
    ]
    assert ids[0] == ids[1] == ids[2] != []


def test_calls_of_one_tenant_do_not_count_as_anothers(module_settings):
    texts = {}

    def make(keys):
        for tenant in ("north", "south"):
            key, texts[tenant] = new_key(tenant, "", ("read",))
            keys.add(key)

    limited = module_settings.model_copy(update={"calls_per_minute": 2})
    with served(limited, held_with(in_memory, make)) as client:

        def asked(tenant):
            return client.get("/v1/rosters", headers={"X-API-Key": texts[tenant]}).status_code

        assert [asked("north") for _ in range(3)] == [200, 200, 429]
        assert [asked("south") for _ in range(3)] == [200, 200, 429]


def test_the_figures_of_all_are_not_for_the_admin_of_one(house):
    answer = house.south("GET", "/metrics")
    assert answer.status_code == 403
    assert "stint_jobs" not in answer.text


def test_every_path_there_is_was_tried():
    tried = {path for _, path, _ in WITH_ID} | {path for path in DOCUMENT["paths"] if "{" not in path}
    assert tried == set(DOCUMENT["paths"])

"""How many jobs may wait, and which of them comes first."""

import threading
import time

import pytest

from service.access.keys import new_key
from service.access.pace import Pace
from service.api.samples import REQUEST
from service.jobs.errors import QueueFullError, TenantQueueFullError, TooManyCallsError
from service.jobs.store import Room
from service.jobs.submit import cancel
from tests.service.api_client import served
from tests.service.conftest import in_memory, on_database
from tests.service.helpers import a_job, ended, submitted, until
from tests.service.test_access import held_with
from tests.service.test_api import problem


def add(store, job, room, enqueue=lambda within, new: None):
    return store.add(job, enqueue, key_hours=1, room=room)


# Room


def test_a_tenant_has_so_many_jobs_waiting_and_no_more(store):
    room = Room(of_a_tenant=2)
    first, _ = add(store, a_job(), room), add(store, a_job(), room)
    enqueued = []
    refused = a_job(idempotency_key="k")
    with pytest.raises(TenantQueueFullError, match="2 jobs") as error:
        add(store, refused, room, lambda within, new: enqueued.append(new))
    assert error.value.headers["Retry-After"]
    assert enqueued == []
    assert store.get("north", refused.id) is None
    assert add(store, a_job(tenant="south"), room), "another tenant has its own room"
    store.begin(first.id, max_attempts=3)
    assert add(store, refused, room).id == refused.id, "one has started, and the key is free"


def test_the_service_has_room_for_so_many_and_no_more(store):
    room = Room(in_all=2)
    job, _ = add(store, a_job(tenant="north"), room), add(store, a_job(tenant="south"), room)
    with pytest.raises(QueueFullError):
        add(store, a_job(tenant="east"), room)
    store.request_cancel("north", job.id)
    assert add(store, a_job(tenant="east"), room)


def test_a_known_key_gives_its_job_also_when_there_is_no_room(store):
    room = Room(of_a_tenant=1, in_all=1)
    first = add(store, a_job(idempotency_key="k"), room)
    assert add(store, a_job(idempotency_key="k"), room).id == first.id


def test_those_that_come_at_once_are_counted_one_by_one(store):
    room = Room(of_a_tenant=5)
    outcomes = []

    def try_one():
        try:
            outcomes.append(add(store, a_job(), room).id)
        except TenantQueueFullError:
            outcomes.append(None)

    threads = [threading.Thread(target=try_one) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 20
    assert (
        len([job_id for job_id in outcomes if job_id])
        == 5
        == len(store.page("north", status=None, limit=99, before=None))
    )


# Order


def test_the_more_urgent_comes_first_and_those_alike_in_turn(backend):
    busy = [submitted(backend, "seconds=30") for _ in range(2)]
    until(lambda: all(backend.store.get("north", job.id).status == "running" for job in busy))
    wanted = [7, 3, 0, 3, 5]
    jobs = [submitted(backend, "seconds=0", priority=priority) for priority in wanted]
    cancel(busy[0].id, backend.store, backend.engine, tenant="north")
    started = [(ended(backend, job).started_at, job.priority, number) for number, job in enumerate(jobs)]
    assert [(priority, number) for _, priority, number in sorted(started)] == [(0, 2), (3, 1), (3, 3), (5, 4), (7, 0)]
    cancel(busy[1].id, backend.store, backend.engine, tenant="north")


@pytest.mark.parametrize("name", ["settings", "postgres_settings"])
def test_a_tenant_runs_so_many_at_once_and_leaves_places_to_others(request, name):
    settings = request.getfixturevalue(name).model_copy(update={"solves_per_tenant": 1})
    with on_database(settings) as backend:
        norths = [submitted(backend, "seconds=0.6", tenant="north") for _ in range(3)]
        south = submitted(backend, "seconds=0", tenant="south")
        most = 0
        while not all(backend.store.get("north", job.id).ended for job in norths):
            most = max(most, len(backend.store.page("north", status="running", limit=9, before=None)))
        assert most == 1
        assert ended(backend, south).finished_at < ended(backend, norths[-1]).started_at


# Over HTTP


KEYS = {}


def keys_made(keys):
    for name, most_urgent in (("usual", 3), ("urgent", 0), ("patient", 5)):
        key, KEYS[name] = new_key("north", name, ("read", "submit"), most_urgent=most_urgent)
        keys.add(key)
    key, KEYS["south"] = new_key("south", "", ("read", "submit"))
    keys.add(key)


def submit(client, name, key="usual", **parameters):
    headers = {"X-API-Key": KEYS[key]}
    return client.post("/v1/rosters", json={**REQUEST, "name": name}, headers=headers, params=parameters)


@pytest.fixture(scope="module")
def api(module_settings):
    wanted = {"queued_per_tenant": 2, "queued_in_all": 3, "concurrent_solves": 1}
    with served(module_settings.model_copy(update=wanted), held_with(in_memory, keys_made)) as client:
        yield client


def test_a_full_queue_is_answered_with_429_and_a_full_service_with_503(api):
    busy = submit(api, "seconds=30").json()
    header = {"X-API-Key": KEYS["usual"]}
    until(lambda: api.get(busy["links"]["self"], headers=header).json()["status"] == "running")
    waiting = [submit(api, "") for _ in range(2)]
    assert [answer.status_code for answer in waiting] == [202, 202]
    full = submit(api, "")
    assert "2 jobs of this tenant" in problem(full, 429)["detail"]
    assert int(full.headers["retry-after"]) > 0
    assert submit(api, "", "south").status_code == 202
    full = submit(api, "", "south")
    problem(full, 503)
    assert int(full.headers["retry-after"]) > 0
    api.delete(busy["links"]["self"], headers=header)
    until(lambda: submit(api, "", "south").status_code == 202)


@pytest.fixture(scope="module")
def roomy(module_settings):
    with served(module_settings, held_with(in_memory, keys_made)) as client:
        yield client


@pytest.mark.parametrize(
    ("key", "asked", "given"),
    [
        ("usual", None, 3), ("usual", 3, 3), ("usual", 7, 7), ("usual", 2, None), ("urgent", None, 3), ("urgent", 0, 0),
        ("patient", None, 5), ("patient", 4, None), ("patient", 6, 6),
    ],
)  # fmt: skip
def test_a_key_is_bound_to_what_it_may_ask_for(roomy, key, asked, given):
    answer = submit(roomy, "", key, **({} if asked is None else {"priority": asked}))
    if given is None:
        assert "more urgent than this key may ask for" in problem(answer, 403)["detail"]
    else:
        assert answer.json()["priority"] == given


@pytest.mark.parametrize("asked", ["-1", "8", "high", "1.5", ""])
def test_a_priority_that_is_none_is_refused(roomy, asked):
    assert "priority" in problem(submit(roomy, "", priority=asked), 422)["detail"]


def test_what_a_browser_calls_priority_means_nothing_here(roomy):
    headers = {"X-API-Key": KEYS["usual"], "Priority": "u=1, i"}
    assert roomy.post("/v1/rosters", json=REQUEST, headers=headers).json()["priority"] == 3


def test_a_tenant_that_calls_too_often_is_told_when_to_call_again(module_settings):
    clock = iter([0, 10, 20, 20, 30, 59, 60, 61]).__next__
    pace = Pace(3, clock)
    for tenant in ("north", "north", "north", "south"):
        pace.keep(tenant)
    for wait in ("30", "1"):
        with pytest.raises(TooManyCallsError, match="3 times a minute") as refused:
            pace.keep("north")
        assert refused.value.headers["Retry-After"] == wait
    pace.keep("north")
    with pytest.raises(TooManyCallsError):
        pace.keep("north")


def test_calls_are_counted_over_http_and_whatever_the_clock_on_the_wall_says(module_settings, monkeypatch):
    settings = module_settings.model_copy(update={"calls_per_minute": 3})
    with served(settings, in_memory) as client:
        assert [client.get("/v1/rosters").status_code for _ in range(4)] == [200, 200, 200, 429]
        problem(client.get("/v1/rosters"), 429)
        assert client.get("/healthz").status_code == 200
        real = time.time
        monkeypatch.setattr("time.time", lambda: real() + 86_400)
        assert client.get("/v1/rosters").status_code == 429

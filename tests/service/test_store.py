"""Both stores keep jobs alike."""

from dataclasses import replace

import pytest

from service.jobs.errors import KeyReusedError
from service.jobs.job import Ending, Order
from tests.service.helpers import a_job


def add(store, job, enqueue=lambda within, new: None):
    return store.add(job, enqueue, key_hours=1)


def running(store, **more):
    job = a_job(**more)
    add(store, job)
    return store.begin(job.id, max_attempts=3)


def kinds(store, job_id):
    return [(event.seq, event.kind, event.body.get("status")) for event in store.events_after(job_id, 0)]


def test_a_job_is_kept_with_its_request(store):
    job = a_job("hello")
    record = add(store, job)
    assert (record.id, record.status, record.attempts, record.name) == (job.id, "queued", 0, "hello")
    assert store.get("north", job.id) == record
    assert store.request_of("north", job.id) == job.request
    assert store.roster_of("north", job.id) is None


def test_an_explanation_is_kept_once_and_goes_with_its_job(store):
    job = add(store, a_job())
    assert store.explanation_of("north", job.id) is None
    store.keep_explanation("south", job.id, b"another's")
    assert store.explanation_of("north", job.id) is None
    store.keep_explanation("north", job.id, b"because")
    store.keep_explanation("north", job.id, b"or so")
    assert store.explanation_of("north", job.id) == b"because"
    assert store.explanation_of("south", job.id) is None
    store.erase("north", job.id)
    store.keep_explanation("north", job.id, b"too late")
    assert store.explanation_of("north", job.id) is None


def test_another_tenants_job_does_not_exist(store):
    job = add(store, a_job(tenant="north"))
    assert store.get("south", job.id) is None
    assert store.request_of("south", job.id) is None
    assert store.roster_of("south", job.id) is None
    assert store.request_cancel("south", job.id) is None
    assert store.erase("south", job.id) is None
    assert store.page("south", status=None, limit=10, before=None) == []
    assert store.get("north", job.id) == job


def test_nothing_is_kept_when_it_cannot_be_enqueued(store):
    def full(within, new):
        raise OSError("the queue is full")

    job = a_job(idempotency_key="k")
    with pytest.raises(OSError, match="full"):
        add(store, job, full)
    assert store.get("north", job.id) is None
    assert add(store, replace(job, fingerprint="another")).status == "queued", "the key is free again"


def test_a_key_gives_the_job_of_its_first_use(store):
    first = add(store, a_job(idempotency_key="k", fingerprint="f"))
    again = a_job(idempotency_key="k", fingerprint="f")
    enqueued = []
    assert add(store, again, lambda within, new: enqueued.append(new)).id == first.id
    assert store.get("north", again.id) is None
    assert enqueued == []


def test_a_key_with_another_request_is_refused(store):
    add(store, a_job(idempotency_key="k", fingerprint="f"))
    with pytest.raises(KeyReusedError):
        add(store, a_job(idempotency_key="k", fingerprint="g"))


def test_a_key_belongs_to_a_tenant(store):
    first = add(store, a_job(tenant="north", idempotency_key="k", fingerprint="f"))
    assert add(store, a_job(tenant="south", idempotency_key="k", fingerprint="g")).id != first.id


def test_a_key_expires(store):
    first = a_job(idempotency_key="k", fingerprint="f")
    store.add(first, lambda within, new: None, key_hours=-1)
    assert add(store, a_job(idempotency_key="k", fingerprint="g")).id != first.id


def test_pages_are_newest_first_and_follow_each_other(store):
    ids = sorted((add(store, a_job()).id for _ in range(5)), reverse=True)
    first = [job.id for job in store.page("north", status=None, limit=3, before=None)]
    rest = [job.id for job in store.page("north", status=None, limit=3, before=first[-1])]
    assert first + rest == ids


def test_a_page_of_one_status(store):
    add(store, a_job())
    attempt = running(store)
    assert [job.id for job in store.page("north", status="running", limit=9, before=None)] == [attempt.job_id]


def test_an_attempt_carries_what_the_solver_needs(store):
    job = a_job("hello", seconds=7)
    add(store, job)
    attempt = store.begin(job.id, max_attempts=3)
    assert (attempt.number, attempt.request, attempt.time_limit_seconds) == (1, job.request, 7)
    assert store.get("north", job.id).status == "running"


def test_the_attempts_are_counted_and_capped(store):
    job = add(store, a_job())
    assert [store.begin(job.id, max_attempts=2).number for _ in range(2)] == [1, 2]
    assert store.begin(job.id, max_attempts=2) is None
    left = store.get("north", job.id)
    assert left.status == "failed"
    assert "2 times" in left.error


def test_the_first_start_is_the_one_that_is_told(store):
    job = add(store, a_job())
    store.begin(job.id, max_attempts=3)
    started = store.get("north", job.id).started_at
    store.begin(job.id, max_attempts=3)
    assert store.get("north", job.id).started_at == started


def test_progress_is_kept_and_told(store):
    attempt = running(store)
    progress = {"seconds": 1.0, "cost": 90.0, "bound": 50.0, "gap_percent": 44.4, "phase": "search"}
    assert store.note(attempt.job_id, 1, progress) is Order.GO_ON
    record = store.get("north", attempt.job_id)
    assert (record.progress, record.cost, record.lower_bound, record.gap_percent) == (progress, 90.0, 50.0, 44.4)
    assert kinds(store, attempt.job_id) == [(1, "status", "queued"), (2, "status", "running"), (3, "progress", None)]
    assert [event.seq for event in store.events_after(attempt.job_id, 2)] == [3]
    assert store.last_events([attempt.job_id, "unknown"]) == {attempt.job_id: (3, False)}


def test_a_gap_of_zero_is_a_figure(store):
    attempt = running(store)
    store.note(attempt.job_id, 1, {"seconds": 1.0, "cost": 9.0, "bound": 0.0, "gap_percent": 100.0})
    store.note(attempt.job_id, 1, {"seconds": 2.0, "cost": 0.0, "bound": 0.0, "gap_percent": 0.0})
    record = store.get("north", attempt.job_id)
    assert (record.cost, record.lower_bound, record.gap_percent) == (0.0, 0.0, 0.0)


def test_a_roster_is_kept_only_if_it_is_cheaper(store):
    attempt = running(store)
    for cost in (90.0, 95.0, None, 80.0, 80.0):
        store.keep_roster(attempt.job_id, 1, f"roster of {cost}".encode(), cost)
    assert store.roster_of("north", attempt.job_id) == b"roster of 80.0"


def test_the_final_roster_stands(store):
    attempt = running(store)
    store.keep_roster(attempt.job_id, 1, b"on the way", 80.0)
    assert store.finish(attempt.job_id, 1, Ending("completed", b"final", "feasible", 85.0, 50.0, 41.2))
    assert store.roster_of("north", attempt.job_id) == b"final"
    record = store.get("north", attempt.job_id)
    assert (record.status, record.verdict, record.cost, record.gap_percent) == ("completed", "feasible", 85.0, 41.2)
    assert record.finished_at >= record.started_at >= record.created_at
    assert store.last_events([attempt.job_id])[attempt.job_id] == (3, True)


def test_a_failed_job_keeps_the_best_roster_so_far(store):
    attempt = running(store)
    store.keep_roster(attempt.job_id, 1, b"on the way", 80.0)
    store.finish(attempt.job_id, 1, Ending("failed", error="it broke"))
    assert store.roster_of("north", attempt.job_id) == b"on the way"
    assert store.get("north", attempt.job_id).error == "it broke"


def test_an_attempt_that_was_overtaken_writes_nothing(store):
    attempt = running(store)
    store.begin(attempt.job_id, max_attempts=3)
    before = store.get("north", attempt.job_id)
    assert store.note(attempt.job_id, 1, {"seconds": 1.0, "cost": 1.0}) is Order.ABANDON
    store.keep_roster(attempt.job_id, 1, b"old", 1.0)
    assert not store.finish(attempt.job_id, 1, Ending("completed", b"old"))
    assert store.get("north", attempt.job_id) == before
    assert store.roster_of("north", attempt.job_id) is None


def test_a_queued_job_is_cancelled_at_once(store):
    job = add(store, a_job())
    assert store.request_cancel("north", job.id).status == "cancelled"
    assert store.begin(job.id, max_attempts=3) is None
    assert kinds(store, job.id) == [(1, "status", "queued"), (2, "status", "cancelled")]


def test_a_running_job_is_told_to_stop(store):
    attempt = running(store)
    assert store.request_cancel("north", attempt.job_id).status == "running"
    assert store.note(attempt.job_id, 1, None) is Order.STOP
    assert store.finish(attempt.job_id, 1, Ending("cancelled"))


def test_a_job_whose_worker_died_after_the_cancel_is_not_started_again(store):
    attempt = running(store)
    store.request_cancel("north", attempt.job_id)
    assert store.begin(attempt.job_id, max_attempts=3) is None
    assert store.get("north", attempt.job_id).status == "cancelled"


def test_a_job_that_has_ended_is_not_cancelled(store):
    attempt = running(store)
    store.finish(attempt.job_id, 1, Ending("completed", b"final"))
    assert store.request_cancel("north", attempt.job_id).status == "completed"
    assert not store.get("north", attempt.job_id).cancel_requested


def test_an_erased_job_leaves_nothing(store):
    attempt = running(store, idempotency_key="k", fingerprint="f")
    store.keep_roster(attempt.job_id, 1, b"roster", 1.0)
    assert store.erase("north", attempt.job_id).id == attempt.job_id
    assert store.get("north", attempt.job_id) is None
    assert store.request_of("north", attempt.job_id) is None
    assert store.roster_of("north", attempt.job_id) is None
    assert store.events_after(attempt.job_id, 0) == []
    assert store.note(attempt.job_id, 1, None) is Order.ABANDON
    assert not store.finish(attempt.job_id, 1, Ending("completed", b"final"))
    assert add(store, a_job(idempotency_key="k", fingerprint="g")).status == "queued", "the key is free again"


def test_both_say_that_they_are_ready(store):
    assert store.shortcomings(beat_seconds=10, least_free_mb=0) is not None

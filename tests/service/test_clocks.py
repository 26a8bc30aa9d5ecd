"""Clocks that are wrong, and clocks that are set: nothing is lost, doubled, erased early or left to wait for ever."""

from datetime import timedelta

import pytest

from schemas.webhook import WebhookRequest
from service.adapters.database import open_database
from service.adapters.sql_store import SqlStore
from service.adapters.sql_webhooks import SqlWebhooks
from service.jobs import job as jobs
from service.jobs.job import Ending
from service.jobs.webhooks import Outcome, register
from tests.service.conftest import on_database
from tests.service.helpers import a_job, ended, submitted, until

DAYS = 60


def set_clock(monkeypatch, days):
    """Let this host think that it is so many days later."""

    def wrong():
        return real() + timedelta(days=days)

    real = jobs.now
    for module in ("adapters.clock", "adapters.sql_store", "adapters.sql_webhooks", "jobs.job", "jobs.webhooks"):
        monkeypatch.setattr(f"service.{module}.now", wrong, raising=False)


@pytest.fixture
def shared(postgres_settings):
    """Store and webhooks on a Postgres, whose clock is right."""
    database = open_database(postgres_settings)
    yield SqlStore(database), SqlWebhooks(database)
    database.dispose()


def kept(store, **more):
    return store.add(a_job(**more), lambda within, new: None, key_hours=24)


@pytest.mark.parametrize("days", [-DAYS, DAYS])
def test_a_host_whose_clock_is_wrong_neither_forgets_keys_nor_erases_what_is_young(shared, monkeypatch, days):
    store, _ = shared
    before = kept(store, idempotency_key="once")
    set_clock(monkeypatch, days)
    assert kept(store, idempotency_key="once").id == before.id
    store.begin(before.id, max_attempts=3)
    store.finish(before.id, 1, Ending("completed", b"{}"))
    monkeypatch.undo()
    assert store.ended_for(timedelta(days=1), limit=9) == []
    record = store.get("north", before.id)
    assert record.created_at <= record.started_at <= record.finished_at


@pytest.mark.parametrize("days", [-DAYS, DAYS])
def test_a_message_is_due_and_tried_again_in_time_whatever_the_clock_of_its_writer(shared, monkeypatch, days):
    store, webhooks = shared
    job = kept(store)
    register(WebhookRequest(url="http://127.0.0.1:9/"), webhooks, store, tenant="north")
    set_clock(monkeypatch, days)
    store.request_cancel("north", job.id)
    monkeypatch.undo()
    (letter,) = webhooks.take_due(limit=9, lease_seconds=60)
    set_clock(monkeypatch, days)
    webhooks.record(letter, Outcome(500), jobs.now() + timedelta(seconds=0.1))
    monkeypatch.undo()
    assert until(lambda: webhooks.take_due(limit=9, lease_seconds=60))


@pytest.mark.parametrize("days", [-DAYS, DAYS])
def test_a_clock_that_is_set_while_a_job_runs_loses_and_doubles_nothing(settings, monkeypatch, days):
    with on_database(settings) as backend:
        running = submitted(backend, "seconds=1 rosters=3")
        until(lambda: backend.store.get("north", running.id).status == "running")
        set_clock(monkeypatch, days)
        later = submitted(backend, "seconds=0.1")
        for job in (running, later):
            assert (found := ended(backend, job)).status == "completed"
            assert found.attempts == 1
        events = backend.store.events_after(running.id, 0)
        assert [event.seq for event in events] == list(range(1, len(events) + 1))
        told = [event.body["status"] for event in events if event.kind == "status"]
        assert told == ["queued", "running", "completed"]

"""Both engines run jobs alike, each in a solver process of its own."""

import json
import threading
from functools import partial

import pytest

from service.adapters.database import open_database
from service.adapters.dbos_engine import DbosEngine
from service.adapters.hosts import LOOKS, Hosts
from service.jobs.submit import cancel, erase
from service.worker import upgrade
from tests.service.conftest import on_database
from tests.service.helpers import a_job, ended, submitted, until


def roster_of(backend, job):
    return json.loads(backend.store.roster_of(job.tenant, job.id))


def test_a_job_runs_to_its_roster(backend):
    job = submitted(backend, "rosters=3")
    record = ended(backend, job)
    assert (record.status, record.verdict, record.cost, record.lower_bound) == ("completed", "feasible", 80.0, 50.0)
    assert roster_of(backend, job)["cost"] == {"total": 80.0}
    assert until(lambda: backend.engine.status(job.id) == "ended")


def test_no_more_jobs_run_at_once_than_there_are_places(backend):
    jobs = [submitted(backend, "seconds=0.5") for _ in range(5)]
    most = 0
    while not all(backend.store.get("north", job.id).ended for job in jobs):
        most = max(most, len(backend.store.page("north", status="running", limit=9, before=None)))
    assert most == 2


def test_a_job_is_not_enqueued_when_it_is_not_kept(backend):
    def enqueue_and_break(within, new):
        backend.engine.submit(within, new)
        raise OSError("the disk is full")

    job = a_job()
    with pytest.raises(OSError, match="disk"):
        backend.store.add(job, enqueue_and_break, key_hours=1)
    after = submitted(backend)
    assert ended(backend, after).status == "completed"
    assert backend.store.get("north", job.id) is None


def test_a_cancelled_job_keeps_its_best_roster(backend):
    job = submitted(backend, "seconds=30 rosters=2")
    until(lambda: backend.store.roster_of("north", job.id))
    cancel(job.id, backend.store, backend.engine, tenant="north")
    record = ended(backend, job)
    assert (record.status, record.cost) == ("cancelled", 90.0)
    assert roster_of(backend, job)["cost"] == {"total": 90.0}


def test_a_solver_that_does_not_listen_is_killed_and_the_best_roster_kept(backend):
    job = submitted(backend, "seconds=30 rosters=2 deaf=1")
    until(lambda: backend.store.roster_of("north", job.id))
    cancel(job.id, backend.store, backend.engine, tenant="north")
    assert ended(backend, job).status == "cancelled"
    assert roster_of(backend, job)["cost"] == {"total": 90.0}


def test_a_queued_job_that_is_cancelled_never_runs(backend):
    busy = [submitted(backend, "seconds=1") for _ in range(2)]
    job = submitted(backend)
    assert cancel(job.id, backend.store, backend.engine, tenant="north").status == "cancelled"
    assert all(ended(backend, other).status == "completed" for other in busy)
    assert until(lambda: backend.engine.status(job.id) == "ended")
    assert backend.store.get("north", job.id).attempts == 0


def test_an_erased_job_is_stopped_and_forgotten(backend):
    job = submitted(backend, "seconds=30")
    until(lambda: backend.store.get("north", job.id).status == "running")
    erase(job.id, backend.store, backend.engine, tenant="north")
    assert backend.store.get("north", job.id) is None
    assert until(lambda: backend.engine.status(job.id) in (None, "ended"))
    assert ended(backend, submitted(backend)).status == "completed"


def test_what_has_ended_is_forgotten(backend):
    job = submitted(backend)
    ended(backend, job)
    until(lambda: backend.engine.status(job.id) == "ended")
    erase(job.id, backend.store, backend.engine, tenant="north")
    assert backend.engine.status(job.id) is None


def test_the_engine_knows_nothing_of_other_jobs(backend):
    assert backend.engine.status("01M85P9S0QT0M2GY21X9SSQQGZ") is None


def test_a_living_host_keeps_its_jobs(backend):
    job = submitted(backend, "seconds=0.5")
    until(lambda: backend.store.get("north", job.id).status == "running")
    assert backend.engine.recover(backend.engine.alive()) == 0
    assert ended(backend, job).attempts == 1


def test_submissions_from_many_threads_are_all_run_once(backend):
    jobs = []
    threads = [threading.Thread(target=lambda: jobs.append(submitted(backend, "seconds=0"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [ended(backend, job).attempts for job in jobs] == [1] * 8


def test_jobs_that_ran_when_the_service_stopped_run_again_at_the_next_start(database_settings):
    with on_database(database_settings) as backend:
        job = submitted(backend, "seconds=1 rosters=1")
        until(lambda: backend.store.roster_of("north", job.id))
    with on_database(database_settings) as backend:
        record = ended(backend, job)
    assert (record.status, record.attempts) == ("completed", 2)


def test_who_is_drained_ends_what_runs_and_begins_nothing_more(backend):
    running = [submitted(backend, "seconds=1") for _ in range(2)]
    waiting = submitted(backend, "seconds=0")
    until(lambda: all(backend.store.get("north", job.id).status == "running" for job in running))
    assert not backend.engine.drain(0), "two run"
    assert backend.engine.drain(20)
    assert [backend.store.get("north", job.id).status for job in running] == ["completed"] * 2
    assert (backend.store.get("north", waiting.id).status, backend.engine.status(waiting.id)) == ("queued",) * 2


def test_who_is_drained_waits_no_longer_than_told(backend):
    job = submitted(backend, "seconds=30")
    until(lambda: backend.store.get("north", job.id).status == "running")
    assert not backend.engine.drain(0.1)
    assert backend.store.get("north", job.id).status == "running"


def test_who_is_drained_lives_and_offers_no_place(database_settings):
    with on_database(database_settings.model_copy(update={"executor_id": "leaving"})) as backend:
        other = DbosEngine(backend.engine._database, database_settings.model_copy(update={"executor_id": "staying"}))
        assert other.alive() == {"leaving", "staying"}
        assert other.places() == 4
        backend.engine.drain(0)
        backend.engine.alive()
        assert other.alive() == {"leaving", "staying"}
        assert other.places() == 2
        other.stop()


def test_a_dead_hosts_jobs_are_taken_over(database_settings):
    """The dead host is one that left a running job behind under another name and beats no more."""
    with on_database(database_settings.model_copy(update={"executor_id": "dead"})) as backend:
        backend.engine._hosts.leave = lambda: None  # killed, it could not say goodbye
        job = submitted(backend, "seconds=1")
        until(lambda: backend.store.get("north", job.id).status == "running")
    with on_database(database_settings.model_copy(update={"executor_id": "alive"})) as backend:
        assert "dead" in backend.engine.alive()
        until(lambda: "dead" not in backend.engine.alive())
        assert backend.engine.recover(backend.engine.alive()) == 1
        record = ended(backend, job)
        assert backend.engine._hosts.known() == {"alive"}
    assert (record.status, record.attempts) == ("completed", 2)


def test_a_host_that_ended_in_order_is_dead_at_once(database_settings):
    with on_database(database_settings.model_copy(update={"executor_id": "ended"})) as backend:
        job = submitted(backend, "seconds=1")
        until(lambda: backend.store.get("north", job.id).status == "running")
    with on_database(database_settings.model_copy(update={"executor_id": "other"})) as backend:
        assert backend.engine.recover(backend.engine.alive()) == 1
        assert ended(backend, job).status == "completed"


@pytest.fixture
def hosts(database_settings):
    database = open_database(database_settings)
    upgrade(database)
    yield lambda name: Hosts(database, name)
    database.dispose()


def test_a_heartbeat_that_moves_is_one_that_lives(hosts):
    here, there = hosts("here"), hosts("there")
    for _ in range(3 * LOOKS):
        there.alive()
        assert here.alive() == {"here", "there"}


def test_a_heartbeat_that_stands_still_is_dead_after_some_looks(hosts):
    here, there = hosts("here"), hosts("there")
    there.alive()
    assert [len(here.alive()) for _ in range(LOOKS + 1)] == [2] * LOOKS + [1]
    assert there.alive() == {"here", "there"}, "one that comes back counts the looks anew"
    assert here.alive() == {"here", "there"}


def test_a_host_that_takes_its_heartbeat_away_is_dead(hosts):
    here, there = hosts("here"), hosts("there")
    there.alive()
    there.leave()
    assert here.alive() == {"here"}


def test_a_worker_has_its_own_number_of_places_whatever_others_have(database_settings):
    with on_database(database_settings.model_copy(update={"concurrent_solves": 3})) as backend:
        backend.engine._client.register_queue(
            "solve", worker_concurrency=1, partition_worker_concurrency=1, application_name="stint"
        )
        jobs = [submitted(backend, "seconds=1") for _ in range(4)]
        running = partial(backend.store.page, "north", status="running", limit=9, before=None)
        until(lambda: len(running()) == 3)
        assert all(ended(backend, job).attempts == 1 for job in jobs)

"""What the people need who run the service: figures, readiness, logs, retention, erasure, copies."""

import json
import logging
import sqlite3
import subprocess
import time
from contextlib import closing
from datetime import timedelta

import pytest
import sqlalchemy as sa
import structlog

from service.access.keys import digest_of, new_key
from service.adapters.database import back_up, open_database
from service.adapters.sql_store import SqlStore
from service.adapters.tables import executor
from service.api.samples import REQUEST
from service.jobs.errors import StoreUnavailableError
from service.jobs.job import Ending, now
from service.jobs.retention import Sweeper
from service.jobs.submit import erase
from service.worker import attached, upgrade
from tests.service.api_client import served
from tests.service.conftest import in_memory, on_database
from tests.service.helpers import a_job, ended, submitted, until


@pytest.fixture(scope="module")
def api(module_settings):
    with served(module_settings, in_memory) as client:
        yield client


def figures(client):
    lines = client.get("/metrics").text.splitlines()
    return dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))


def test_figures_tell_of_queue_solves_and_calls(api):
    before = figures(api)
    api.post("/v1/rosters", json={**REQUEST, "name": "seconds=0.1"}, headers={"Prefer": "wait=20"})
    api.get("/v1/rosters/nothing")
    api.get("/nowhere/in/particular")

    def grown(name):
        return float(figures(api).get(name, 0)) - float(before.get(name, 0))

    assert grown('stint_solves_total{status="completed",verdict="feasible"}') == 1
    assert grown('stint_solve_seconds_count{status="completed"}') == 1
    assert grown("stint_gap_percent_count") == 1
    assert figures(api)['stint_jobs{status="queued"}'] == "0.0"
    assert float(figures(api)["stint_workers"]) == 1
    assert grown('http_requests_total{handler="/v1/rosters/{job_id}",method="GET",status="4xx"}') == 1
    assert not any("nowhere" in name for name in figures(api)), "a stranger could fill the memory with paths"


def test_figures_are_not_in_the_openapi_document(api):
    assert "/metrics" not in api.get("/openapi.json").json()["paths"]


def test_a_waiting_job_is_in_the_figures(store):
    store.add(a_job(), lambda within, new: None, key_hours=1)
    assert (store.load().queued, store.load().running) == (1, 0)
    assert store.load().oldest_queued_seconds >= 0


def test_a_call_is_logged_with_its_tenant_and_job_and_without_its_query(settings, caplog):
    with caplog.at_level(logging.INFO, logger="service.api"), served(settings, in_memory) as client:
        structlog.configure(logger_factory=structlog.stdlib.LoggerFactory(), cache_logger_on_first_use=False)
        job_id = client.post("/v1/rosters", json=REQUEST).json()["id"]
        client.get(f"/v1/rosters/{job_id}?token=secret")
        client.get("/healthz")
        found = until(lambda: [line for line in caplog.messages if "rosters/{job_id}" in line])
    assert job_id in found[0]
    assert "default" in found[0]
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("httpx")]  # not the caller's
    assert "secret" not in "".join(ours)
    assert not any("healthz" in line for line in ours)


def test_ready_means_a_worker_lives(postgres_settings):
    with served(postgres_settings, attached) as client:
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert "No worker is alive" in answer.json()["detail"]
        with on_database(postgres_settings):
            assert client.get("/readyz").status_code == 200
        assert client.get("/readyz").status_code == 503, "it said goodbye"


@pytest.fixture
def database(database_settings):
    opened = open_database(database_settings)
    upgrade(opened)
    yield opened
    opened.dispose()


def alive(database, seconds_ago=0.0):
    with database.begin() as connection:
        connection.execute(sa.delete(executor))
        connection.execute(sa.insert(executor).values(id="a", seen_at=time.time() - seconds_ago, places=1))


def missing(database, **more):
    return SqlStore(database).shortcomings(**{"beat_seconds": 10, "least_free_mb": 0, **more})


def test_what_keeps_a_service_from_being_ready(database):
    alive(database, seconds_ago=5)
    assert missing(database) == []
    alive(database, seconds_ago=60)
    assert missing(database)[0].startswith("No worker is alive")
    alive(database)
    if database.dialect.name == "sqlite":
        assert "MiB left" in missing(database, least_free_mb=10**9)[0]
    with database.begin() as connection:
        connection.execute(sa.text("UPDATE stint_version SET version_num = '0001'"))
    assert "revision 0001" in missing(database)[0]


def test_a_database_that_may_only_be_read_is_said_to_be_so(database):
    alive(database)
    if database.dialect.name == "sqlite":
        statement = "PRAGMA query_only=ON"
    else:
        statement = "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY"
    sa.event.listen(database, "connect", lambda connection, _: connection.execute(statement).close())
    sa.event.listen(database, "connect", lambda connection, _: getattr(connection, "commit", int)())
    database.dispose()
    with pytest.raises(StoreUnavailableError, match="only be read"):
        missing(database)
    with pytest.raises(StoreUnavailableError, match="only be read"):
        SqlStore(database).add(a_job(), lambda within, new: None, key_hours=1)


def test_the_engine_forgets_what_ended_and_the_job_stays(backend):
    job = submitted(backend)
    ended(backend, job)
    until(lambda: backend.engine.status(job.id) == "ended")
    running = submitted(backend, "seconds=2")
    until(lambda: backend.store.get("north", running.id).status == "running")
    backend.engine.tidy(3600)
    assert backend.engine.status(job.id) == "ended", "not so soon"
    backend.engine.tidy(-1)
    assert backend.store.get("north", job.id).status == "completed"
    assert ended(backend, running).attempts == 1


def finished(store, days_ago, monkeypatch):
    job = a_job()
    store.add(job, lambda within, new: None, key_hours=1)
    then = now() - timedelta(days=days_ago)
    monkeypatch.setattr("service.adapters.memory.now", lambda: then)
    monkeypatch.setattr("service.adapters.sql_store.instant", lambda connection: then)
    store.begin(job.id, max_attempts=3)
    store.finish(job.id, 1, Ending("completed", b"{}"))
    monkeypatch.undo()
    return job


class NoEngine:
    def tidy(self, _):
        pass

    def forget(self, _):
        pass


def test_jobs_are_erased_when_their_time_is_over(store, settings, monkeypatch):
    old, young = finished(store, 31, monkeypatch), finished(store, 29, monkeypatch)
    waiting = store.add(a_job(), lambda within, new: None, key_hours=1)
    assert Sweeper(store, NoEngine(), settings).sweep() == 0
    assert Sweeper(store, NoEngine(), settings.model_copy(update={"retention_days": 30})).sweep() == 1
    assert store.get("north", old.id) is None
    assert store.get("north", young.id) is not None
    assert store.get("north", waiting.id) is not None


def test_a_clock_that_jumps_erases_nothing(store, settings, monkeypatch):
    job = finished(store, 1, monkeypatch)
    sweeper = Sweeper(store, NoEngine(), settings.model_copy(update={"retention_days": 30}))
    real = time.time
    monkeypatch.setattr("service.jobs.retention.time.time", lambda: real() + 60 * 86_400)
    for module in ("memory", "clock"):
        monkeypatch.setattr(f"service.adapters.{module}.now", lambda: now() + timedelta(days=60))
    assert [sweeper.sweep(), sweeper.sweep()] == [0, 0]
    assert store.get("north", job.id) is not None


def test_what_is_erased_is_in_no_file_any_more(settings):
    with on_database(settings) as backend:
        kept = submitted(backend, "Aada seconds=0.1 rosters=1")
        job = submitted(backend, "Zdenka seconds=0.1 rosters=1")
        for each in (kept, job):
            ended(backend, each)
            until(lambda each=each: backend.engine.status(each.id) == "ended")
        assert b"Zdenka" in contents(settings)
        erase(job.id, backend.store, backend.engine, tenant="north")
        until(lambda: b"Zdenka" not in contents(settings))
    assert b"Zdenka" not in contents(settings)
    assert b"Aada" in contents(settings)


def contents(settings):
    files = settings.sqlite_file.parent.glob(settings.sqlite_file.name + "*")
    return b"".join(file.read_bytes() for file in files)


def test_a_copy_made_while_the_service_works_is_whole(settings, tmp_path):
    copy = tmp_path / "copies" / "copy.sqlite"
    copy.parent.mkdir()
    with on_database(settings) as backend:
        done = submitted(backend, "rosters=1")
        ended(backend, done)
        running = submitted(backend, "seconds=2 rosters=1")
        until(lambda: backend.store.roster_of("north", running.id))
        database = open_database(settings)
        back_up(database, copy)
        with pytest.raises(FileExistsError, match="exists already"):
            back_up(database, copy)
        database.dispose()
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    with on_database(settings.model_copy(update={"database_url": f"sqlite:///{copy}"})) as restored:
        assert json.loads(restored.store.roster_of("north", done.id))["cost"] == {"total": 100.0}
        assert ended(restored, running).status == "completed"


def test_a_dump_of_postgres_made_while_the_service_works_is_whole(postgres, postgres_settings, tmp_path):
    def run(program, *arguments):
        subprocess.run([postgres.program(program), *arguments], check=True, capture_output=True)

    def address(settings):
        return settings.database_url.replace("postgresql+psycopg:", "postgresql:")

    if postgres.program("pg_dump") is None:
        pytest.skip("pg_dump is not installed, and the Postgres is another's.")
    dump = str(tmp_path / "stint.dump")
    empty = postgres_settings.model_copy(update={"database_url": postgres.database()})
    with on_database(postgres_settings) as backend:
        key, text = new_key("north", "", ("read",))
        backend.keys.add(key)
        done = submitted(backend, "rosters=1")
        ended(backend, done)
        running = submitted(backend, "seconds=2 rosters=1")
        until(lambda: backend.store.roster_of("north", running.id))
        run("pg_dump", "--format=custom", f"--file={dump}", address(postgres_settings))
    run("pg_restore", "--exit-on-error", "--no-owner", f"--dbname={address(empty)}", dump)
    with on_database(empty) as restored:
        assert json.loads(restored.store.roster_of("north", done.id))["cost"] == {"total": 100.0}
        assert restored.keys.find(digest_of(text)) == key
        assert ended(restored, running).status == "completed"

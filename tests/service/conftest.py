"""Both twins of store and engine, and a solver that does as it is told."""

import os
import shutil
import sys
import uuid
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from bench.service import postgres as wheel
from service.adapters.database import open_database
from service.adapters.dbos_engine import DbosEngine
from service.adapters.memory import MemoryEngine, MemoryStore
from service.adapters.memory_keys import MemoryKeys
from service.adapters.post import Poster
from service.adapters.sql_calendars import SqlCalendars
from service.adapters.sql_keys import SqlKeys
from service.adapters.sql_store import SqlStore
from service.adapters.sql_webhooks import SqlWebhooks
from service.jobs.messenger import Messenger, messages_sent
from service.jobs.run import run
from service.settings import Settings
from service.worker import Backend, upgrade

FAKE_SOLVER = (sys.executable, str(Path(__file__).parent / "fake_solver.py"))


@pytest.fixture
def settings(tmp_path):
    return settings_on(f"sqlite:///{tmp_path}/stint.sqlite")


def settings_on(url):
    return Settings(
        database_url=url,
        solver_command=FAKE_SOLVER,
        concurrent_solves=2,
        solver_nice=0,  # or a busy machine would not let it say what it has within the short times of tests
        stop_grace_seconds=1,
        look_seconds=0.05,
        queue_poll_seconds=0.05,
        webhook_look_seconds=0.05,
        webhook_private_addresses=True,
        webhook_retry_seconds=(0.05, 0.1),
        webhook_seconds=1,
    )


class Postgres:
    """A server for tests: the one that STINT_TEST_POSTGRES_URL names, or one that runs as long as they do."""

    def __init__(self, url_of, program=shutil.which):
        self._url_of = url_of
        self.program = program
        self._admin = sa.create_engine(url_of("postgres"), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        self._ours = []
        self._template = self._named()
        self._execute(f"CREATE DATABASE {self._template}")
        filled = sa.create_engine(url_of(self._template), poolclass=sa.NullPool)
        upgrade(filled)

    def database(self, template=None):
        """The URL of a new database with nothing in it."""
        name = self._named()
        self._execute(f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else ""))
        return self._url_of(name)

    def upgraded(self):
        """The URL of a new database with the tables of this release."""
        return self.database(self._template)

    def drop(self):
        for name in self._ours:
            self._execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _named(self):
        self._ours.append(f"stint_test_{uuid.uuid4().hex[:12]}")
        return self._ours[-1]

    def _execute(self, statement):
        with self._admin.connect() as connection:
            connection.exec_driver_sql(statement)


@pytest.fixture(scope="session")
def postgres():
    given = os.environ.get("STINT_TEST_POSTGRES_URL")
    if given is None:
        with wheel.running() as server:
            yield Postgres(server.url, server.program)
        return
    url = sa.make_url(given).set(drivername="postgresql+psycopg")
    server = Postgres(lambda name: url.set(database=name).render_as_string(hide_password=False))
    try:
        yield server
    finally:
        server.drop()


@pytest.fixture
def postgres_settings(postgres):
    return settings_on(postgres.upgraded())


@pytest.fixture(params=["sqlite", "postgres"])
def database_settings(request):
    """Settings on a database of each kind."""
    return request.getfixturevalue("settings" if request.param == "sqlite" else "postgres_settings")


@contextmanager
def in_memory(settings):
    store = MemoryStore()
    places = settings.concurrent_solves
    engine = MemoryEngine(lambda job_id: run(job_id, store, settings, engine), concurrent_solves=places)
    engine.start()
    try:
        with messages_sent(Messenger(store.webhooks, poster(settings), settings)):
            yield Backend(store, engine, store.webhooks, MemoryKeys(), store.calendars)
    finally:
        engine.stop()


@contextmanager
def on_database(settings):
    database = open_database(settings)
    upgrade(database)
    store, engine = SqlStore(database), DbosEngine(database, settings)
    engine.start(partial(run, store=store, settings=settings, engine=engine))
    try:
        webhooks = SqlWebhooks(database)
        with messages_sent(Messenger(webhooks, poster(settings), settings)):
            yield Backend(store, engine, webhooks, SqlKeys(database), SqlCalendars(database))
    finally:
        engine.stop()
        database.dispose()


def poster(settings):
    allowed = {"private_addresses": settings.webhook_private_addresses, "redirects": settings.webhook_redirects}
    return Poster(**allowed, seconds=settings.webhook_seconds).post


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def backend(request):
    settings = request.getfixturevalue("postgres_settings" if request.param == "postgres" else "settings")
    with (in_memory if request.param == "memory" else on_database)(settings) as backend:
        yield backend


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def store(request):
    if request.param == "memory":
        yield MemoryStore()
        return
    database = open_database(
        request.getfixturevalue("postgres_settings" if request.param == "postgres" else "settings")
    )
    upgrade(database)
    yield SqlStore(database)
    database.dispose()


@pytest.fixture(scope="module")
def module_settings():
    """Settings for a service without a database that a whole module shares."""
    return Settings(
        solver_command=FAKE_SOLVER, concurrent_solves=3, stop_grace_seconds=1, look_seconds=0.05,
        max_body_bytes=1_000_000,
    )  # fmt: skip

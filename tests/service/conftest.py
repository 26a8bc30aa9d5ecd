"""Both twins of store and engine, and a solver that does as it is told."""

import sys
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from service.adapters.database import migrate, open_database
from service.adapters.dbos_engine import DbosEngine
from service.adapters.memory import MemoryEngine, MemoryStore
from service.adapters.sql_store import SqlStore
from service.jobs.run import run
from service.settings import Settings
from service.worker import Backend

FAKE_SOLVER = (sys.executable, str(Path(__file__).parent / "fake_solver.py"))


@pytest.fixture
def settings(tmp_path):
    return Settings(
        database_url=f"sqlite:///{tmp_path}/stint.sqlite",
        solver_command=FAKE_SOLVER,
        concurrent_solves=2,
        stop_grace_seconds=1,
        look_seconds=0.05,
        queue_poll_seconds=0.05,
    )


@contextmanager
def in_memory(settings):
    store = MemoryStore()
    engine = MemoryEngine(partial(run, store=store, settings=settings), concurrent_solves=settings.concurrent_solves)
    engine.start()
    try:
        yield Backend(store, engine)
    finally:
        engine.stop()


@contextmanager
def on_sqlite(settings):
    database = open_database(settings)
    migrate(database)
    store, engine = SqlStore(database), DbosEngine(database, settings)
    engine.start(partial(run, store=store, settings=settings))
    try:
        yield Backend(store, engine)
    finally:
        engine.stop()
        database.dispose()


@pytest.fixture(params=[in_memory, on_sqlite])
def backend(request, settings):
    with request.param(settings) as backend:
        yield backend


@pytest.fixture(params=["memory", "sqlite"])
def store(request, settings):
    if request.param == "memory":
        yield MemoryStore()
        return
    database = open_database(settings)
    migrate(database)
    yield SqlStore(database)
    database.dispose()


@pytest.fixture(scope="module")
def module_settings():
    """Settings for a service without a database that a whole module shares."""
    return Settings(
        solver_command=FAKE_SOLVER, concurrent_solves=3, stop_grace_seconds=1, look_seconds=0.05,
        max_body_bytes=1_000_000,
    )  # fmt: skip

"""The worker: what runs the jobs, says that it lives, and takes over from workers that no longer do."""

from __future__ import annotations

import fcntl
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import structlog
from sqlalchemy.exc import DBAPIError

from service.adapters.database import migrate, open_database
from service.adapters.dbos_engine import DbosEngine
from service.adapters.sql_store import SqlStore
from service.jobs.engine import Engine
from service.jobs.run import run
from service.jobs.store import JobStore
from service.settings import Settings

log = structlog.get_logger()


class FileInUseError(Exception):
    """Another process works on the same SQLite file."""


@dataclass(frozen=True)
class Backend:
    """What the API works with."""

    store: JobStore
    engine: Engine


@contextmanager
def embedded(settings: Settings) -> Iterator[Backend]:
    """Database, queue and worker in this process, ready when this enters and gone when it leaves.

    Raises:
        FileInUseError: another process has the SQLite file.
    """
    with ExitStack() as stack:
        if settings.sqlite_file is not None:
            stack.enter_context(alone_on(settings.sqlite_file))
        database = open_database(settings)
        stack.callback(database.dispose)
        migrate(database)
        store, engine = SqlStore(database), DbosEngine(database, settings)
        stack.callback(engine.stop)
        engine.start(partial(run, store=store, settings=settings))
        stack.enter_context(kept_alive(engine, settings.beat_seconds))
        yield Backend(store, engine)


@contextmanager
def kept_alive(engine: Engine, beat_seconds: float) -> Iterator[None]:
    """Say every now and then that this worker lives, and take over from those that do not."""
    ended = threading.Event()
    thread = threading.Thread(target=_keep_alive, args=(engine, beat_seconds, ended), name="keep-alive", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _keep_alive(engine: Engine, beat_seconds: float, ended: threading.Event) -> None:
    while not ended.wait(beat_seconds / 4):
        try:
            taken = engine.recover(engine.alive())
        except DBAPIError as error:
            log.warning("heartbeat missed", error=str(error.orig))
        else:
            if taken:
                log.warning("jobs taken over from a dead worker", jobs=taken)


@contextmanager
def alone_on(file: Path) -> Iterator[None]:
    """Hold the file for this process: two workers of one name on one file would both think a job is theirs."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.with_suffix(file.suffix + ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FileInUseError(
                f"{file} is in use by another process. Maybe a service is running already; "
                "another one needs another file, set by --database-url or STINT_DATABASE_URL."
            ) from None
        yield

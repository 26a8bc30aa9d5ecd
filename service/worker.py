"""The worker: what runs the jobs, says that it lives, and takes over from workers that no longer do.

Three ways to put the parts together: all in one process (`embedded`), the API alone (`attached`), a worker alone
(`working`).
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import IO

import sqlalchemy as sa
import structlog

from service.access.keys import Keys
from service.adapters.database import check_upgraded, migrate, open_database
from service.adapters.dbos_engine import DbosEngine, migrate_engine
from service.adapters.post import Poster
from service.adapters.sql_calendars import SqlCalendars
from service.adapters.sql_keys import SqlKeys
from service.adapters.sql_store import SqlStore
from service.adapters.sql_webhooks import SqlWebhooks
from service.jobs.calendars import Calendars
from service.jobs.engine import Engine
from service.jobs.errors import StoreUnavailableError
from service.jobs.meanwhile import meanwhile
from service.jobs.messenger import Messenger, messages_sent
from service.jobs.retention import Sweeper, swept
from service.jobs.run import run
from service.jobs.store import JobStore
from service.jobs.webhooks import Webhooks
from service.metrics import TAKEN_OVER
from service.settings import Settings

BEATS = 4
"""Heartbeats of a worker within the time after which a silent one counts as dead."""

log = structlog.get_logger()


class FileInUseError(Exception):
    """Another process works on the same SQLite file."""


class NameInUseError(Exception):
    """Another worker of this host has the same name."""


class OneHostOnlyError(Exception):
    """An SQLite file is for one process, and this one would share it."""


@dataclass(frozen=True)
class Backend:
    """What the API works with."""

    store: JobStore
    engine: Engine
    webhooks: Webhooks
    keys: Keys
    calendars: Calendars


def no_check(_: Keys) -> None:
    """Ask nothing of the keys there are."""


@contextmanager
def embedded(settings: Settings, check_keys: Callable[[Keys], None] = no_check) -> Iterator[Backend]:
    """Database, queue and worker in this process, ready when this enters and gone when it leaves.

    The keys are checked before any work begins.

    Raises:
        FileInUseError: another process has the SQLite file.
        NameInUseError: on Postgres, another worker of this host has the name.
    """
    with ExitStack() as stack:
        if settings.sqlite_file is not None:
            stack.enter_context(alone_on(settings.sqlite_file))
        else:
            settings = stack.enter_context(named(settings))
        database = stack.enter_context(_opened(settings))
        upgrade(database)
        check_keys(SqlKeys(database))
        yield stack.enter_context(_at_work(database, settings))


@contextmanager
def attached(settings: Settings, check_keys: Callable[[Keys], None] = no_check) -> Iterator[Backend]:
    """What the API needs to hand jobs to workers elsewhere.

    Raises:
        OneHostOnlyError: the database is an SQLite file.
        NotUpgradedError: `stint db upgrade` has not been run.
    """
    with _shared(settings) as database:
        check_keys(SqlKeys(database))
        engine = DbosEngine(database, settings)
        try:
            yield Backend(SqlStore(database), engine, SqlWebhooks(database), SqlKeys(database), SqlCalendars(database))
        finally:
            engine.stop()


@contextmanager
def working(settings: Settings) -> Iterator[Backend]:
    """A worker without an API.

    Raises:
        OneHostOnlyError: the database is an SQLite file.
        NotUpgradedError: `stint db upgrade` has not been run.
        NameInUseError: another worker of this host has the name.
    """
    with _shared(settings) as database, named(settings) as own, _at_work(database, own) as backend:
        log.info("worker ready", worker=own.executor_id, solves_at_once=own.concurrent_solves)
        yield backend


@contextmanager
def keyring(settings: Settings) -> Iterator[Keys]:
    """The keys alone. The tables of an SQLite file that nobody works on are brought to this release.

    Raises:
        NotUpgradedError: the tables are not those of this release, and somebody works with them or they are shared.
    """
    with ExitStack() as stack:
        database = stack.enter_context(_opened(settings))
        try:
            if settings.sqlite_file is not None:
                stack.enter_context(alone_on(settings.sqlite_file))
                migrate(database)
        except FileInUseError:
            pass
        check_upgraded(database)
        yield SqlKeys(database)


def upgrade(database: sa.Engine) -> None:
    """Bring all tables to this release: ours, and those of the engine."""
    migrate(database)
    migrate_engine(database)


@contextmanager
def _opened(settings: Settings) -> Iterator[sa.Engine]:
    database = open_database(settings)
    try:
        yield database
    finally:
        database.dispose()


@contextmanager
def _shared(settings: Settings) -> Iterator[sa.Engine]:
    """A database that several processes use, with the tables of this release."""
    if settings.sqlite_file is not None:
        raise OneHostOnlyError(
            f"{settings.sqlite_file} is an SQLite file, which belongs to one process: `stint serve` is API and worker "
            "in one. Apart they need a Postgres, set by --database-url or STINT_DATABASE_URL, such as "
            "postgresql+psycopg://user:password@host/stint."
        )
    with _opened(settings) as database:
        check_upgraded(database)
        yield database


@contextmanager
def _at_work(database: sa.Engine, settings: Settings) -> Iterator[Backend]:
    """A worker that runs jobs, beats, takes over from the dead, and tells webhooks."""
    store, engine, webhooks = SqlStore(database), DbosEngine(database, settings), SqlWebhooks(database)
    poster = Poster(
        private_addresses=settings.webhook_private_addresses,
        redirects=settings.webhook_redirects,
        seconds=settings.webhook_seconds,
    )
    with ExitStack() as stack:
        stack.callback(engine.stop)
        engine.start(partial(run, store=store, settings=settings, engine=engine))
        stack.enter_context(kept_alive(engine, settings.beat_seconds))
        stack.enter_context(swept(Sweeper(store, engine, settings)))
        stack.enter_context(messages_sent(Messenger(webhooks, poster.post, settings)))
        stack.callback(_drain, engine, settings.drain_seconds)  # the first thing at the end, while it still beats
        yield Backend(store, engine, webhooks, SqlKeys(database), SqlCalendars(database))


def _drain(engine: DbosEngine, seconds: float) -> None:
    """Let running solves come to their ends for so long; what is left is handed back."""
    if not engine.drain(0):
        log.info("stopping: running solves may end", seconds=seconds)
        if not engine.drain(seconds):
            log.info("stopping: jobs are handed back")


def kept_alive(engine: Engine, beat_seconds: float) -> AbstractContextManager[None]:
    """Say every now and then that this worker lives, and take over from those that do not."""
    return meanwhile("keep-alive", partial(_keep_alive, engine, beat_seconds))


def _keep_alive(engine: Engine, beat_seconds: float, ended: threading.Event) -> None:
    while not ended.wait(beat_seconds / BEATS):
        with suppress(StoreUnavailableError):  # logged where it is met; the next beat may get through
            taken = engine.recover(engine.alive())
            if taken:
                TAKEN_OVER.inc(taken)
                log.warning("jobs taken over from a dead worker", jobs=taken)


@contextmanager
def named(settings: Settings) -> Iterator[Settings]:
    """The settings with the worker's name, which no other worker of this host takes while this is entered.

    Raises:
        NameInUseError: the name is set, and another worker has it.
    """
    wanted = settings.executor_id
    names = (f"{socket.gethostname()}-{number}" for number in count(1)) if wanted is None else iter((wanted,))
    for name in names:
        with _lock_of(name).open("w") as lock:
            if _locked(lock):
                yield settings.model_copy(update={"executor_id": name})
                return
    raise NameInUseError(
        f"Another worker of this host is named {wanted!r}. Maybe it runs already; each needs a name of its own, "
        "set by STINT_EXECUTOR_ID, or none, and then it finds one."
    )


def _lock_of(name: str) -> Path:
    """The file that stands for a worker's name on this host, for this user."""
    folder = Path(tempfile.gettempdir()) / f"stint-workers-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / hashlib.sha256(name.encode()).hexdigest()


def _locked(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def alone_on(file: Path) -> Iterator[None]:
    """Hold the file for this process: two workers of one name on one file would both think a job is theirs."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.with_suffix(file.suffix + ".lock").open("w") as lock:
        if not _locked(lock):
            raise FileInUseError(
                f"{file} is in use by another process. Maybe a service is running already; "
                "another one needs another file, set by --database-url or STINT_DATABASE_URL."
            )
        yield

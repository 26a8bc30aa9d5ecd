"""`stint serve`: database, queue, worker and API in one process tree; `stint api` and `stint worker`: apart."""

from __future__ import annotations

import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from types import FrameType
from typing import NoReturn, Protocol

import uvicorn
from prometheus_client import start_http_server
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from service.access.guard import is_loopback
from service.access.keys import Keys
from service.adapters.database import NotUpgradedError, back_up, open_database
from service.adapters.outage import first_line
from service.jobs.errors import StoreUnavailableError
from service.jobs.job import now
from service.logs import configure_logs
from service.main import create_app
from service.settings import Settings
from service.worker import (
    Backend,
    FileInUseError,
    NameInUseError,
    OneHostOnlyError,
    attached,
    embedded,
    keyring,
    no_check,
    upgrade,
    working,
)

_OpenOnly = Callable[[Settings], AbstractContextManager[Backend]]


class Open(Protocol):
    """A way to open the backend that checks the keys before any work begins."""

    def __call__(self, settings: Settings, check_keys: Callable[[Keys], None]) -> AbstractContextManager[Backend]: ...


OURS = (FileInUseError, NameInUseError, NotUpgradedError, OneHostOnlyError)

FAREWELL_SECONDS = 3
"""Time that open requests and event streams have to end when the service stops."""


class CannotServeError(Exception):
    """The service cannot start; the message says why."""


class _Server(uvicorn.Server):
    """Says where it listens as soon as it does."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listener in sockets or ():
            host, port = listener.getsockname()[:2]
            where = f"[{host}]" if ":" in host else host
            print(f"Stint listens on http://{where}:{port}, documentation at /docs", file=sys.stderr, flush=True)  # noqa: T201  # said to the person who started it


def serve(settings: Settings, host: str, port: int) -> None:
    """Serve until told to stop; solves that then do not end in time are taken up again at the next start.

    Raises:
        CannotServeError: the address or the database cannot be had.
    """
    _serve(settings, host, port, embedded)


def serve_api(settings: Settings, host: str, port: int) -> None:
    """Serve the API alone, until told to stop.

    Raises:
        CannotServeError: the address or the database cannot be had.
    """
    _serve(settings, host, port, attached)


def work(settings: Settings) -> None:
    """Run jobs until told to stop; solves that then do not end in time go to other workers, or on at the next start.

    Told a second time, it waits for none of them.

    Raises:
        CannotServeError: the database cannot be had, or another worker has the name.
    """
    configure_logs()
    told = threading.Event()

    def tell(number: int, frame: FrameType | None) -> None:
        if told.is_set():
            _leave(number, frame)
        told.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, tell)
    with _backend(settings, working), _figures_shown(settings):
        told.wait()


@contextmanager
def _figures_shown(settings: Settings) -> Iterator[None]:
    """Show a worker's figures to Prometheus, where that is wanted."""
    if settings.worker_metrics_port is None:
        yield
        return
    server, thread = start_http_server(settings.worker_metrics_port, settings.worker_metrics_host)
    try:
        yield
    finally:
        server.shutdown()
        thread.join()


def back_up_database(settings: Settings, to: Path) -> None:
    """Copy the SQLite file to another, also while it is in use.

    Raises:
        CannotServeError: it is no SQLite file, there is none, or the copy cannot be written.
    """
    if settings.sqlite_file is None:
        raise CannotServeError("Only an SQLite file is copied so. For Postgres there is pg_dump.")
    if not settings.sqlite_file.exists():
        raise CannotServeError(f"There is no file {settings.sqlite_file}. Maybe --database-url leads elsewhere.")
    with _faults_told(settings):
        database = open_database(settings)
        try:
            back_up(database, to)
        finally:
            database.dispose()


def upgrade_database(settings: Settings) -> None:
    """Bring the database to this release.

    Raises:
        CannotServeError: the database cannot be had.
    """
    configure_logs()
    with _faults_told(settings):
        database = open_database(settings)
        try:
            upgrade(database)
        finally:
            database.dispose()


@contextmanager
def care_for_keys(settings: Settings) -> Iterator[Keys]:
    """The keys, to make and to revoke some, also beside a running service.

    Raises:
        CannotServeError: the database cannot be had.
    """
    with _faults_told(settings), keyring(settings) as keys:
        yield keys


def _serve(settings: Settings, host: str, port: int, open_backend: Open) -> None:
    configure_logs()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)  # uvicorn stops at them and sends them again, which would skip what follows
    with ExitStack() as stack:
        listener = stack.enter_context(_listener(host, port))
        loopback = is_loopback(listener.getsockname()[0])
        closed = not (loopback or settings.open_access or settings.oidc_issuer)
        check = partial(_check_somebody_may_come, host) if closed else no_check
        backend = stack.enter_context(_backend(settings, lambda its: open_backend(its, check)))
        app = create_app(settings, lambda _: nullcontext(backend), loopback=loopback)
        config = uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=FAREWELL_SECONDS)
        _Server(config).run(sockets=[listener])


def _check_somebody_may_come(host: str, keys: Keys) -> None:
    """Make sure that a service which others than this host reach is not open to them.

    Raises:
        CannotServeError: nobody has a key.
    """
    instant = now()
    if not any(key.opens(instant) for key in keys.every()):
        raise CannotServeError(
            f"Others than this host reach {host}, and nobody has a key. `stint keys create` makes one; "
            "STINT_OPEN_ACCESS=true serves whoever comes, without any."
        )


@contextmanager
def _backend(settings: Settings, open_backend: _OpenOnly) -> Iterator[Backend]:
    with ExitStack() as stack:
        with _faults_told(settings):
            backend = stack.enter_context(open_backend(settings))
        yield backend


@contextmanager
def _faults_told(settings: Settings) -> Iterator[None]:
    """Say in a sentence why the database cannot be had."""
    try:
        yield
    except (*OURS, ArgumentError, NoSuchModuleError) as error:
        raise CannotServeError(str(error)) from error
    except StoreUnavailableError as error:
        raise CannotServeError(_not_opened(settings, error.said)) from error
    except DBAPIError as error:
        raise CannotServeError(_not_opened(settings, first_line(error))) from error
    except OSError as error:
        raise CannotServeError(_not_opened(settings, str(error))) from error


def _not_opened(settings: Settings, said: str) -> str:
    url = make_url(settings.database_url).render_as_string(hide_password=True)
    return f"The database {url} cannot be opened: {said}"


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    sys.exit(0)


def _listener(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise CannotServeError(
            f"Cannot listen on {host}:{port}: {error.strerror}. Maybe another service does; --port takes another one."
        ) from error

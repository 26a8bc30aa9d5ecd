"""`stint serve`: database, queue, worker and API in one process tree."""

from __future__ import annotations

import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from types import FrameType
from typing import NoReturn

import uvicorn
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from service.logs import configure_logs
from service.main import create_app
from service.settings import Settings
from service.worker import Backend, FileInUseError, embedded

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
    """Serve until told to stop; solves that run then are taken up again at the next start.

    Raises:
        CannotServeError: the address or the database cannot be had.
    """
    configure_logs()
    signal.signal(signal.SIGTERM, _leave)  # uvicorn stops at it and sends it again, which would skip what follows
    with ExitStack() as stack:
        listener = stack.enter_context(_listener(host, port))
        backend = stack.enter_context(_backend(settings))
        app = create_app(settings, lambda _: nullcontext(backend))
        config = uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=FAREWELL_SECONDS)
        with suppress(KeyboardInterrupt):
            _Server(config).run(sockets=[listener])


@contextmanager
def _backend(settings: Settings) -> Iterator[Backend]:
    with ExitStack() as stack:
        try:
            backend = stack.enter_context(embedded(settings))
        except (FileInUseError, ArgumentError, NoSuchModuleError) as error:
            raise CannotServeError(str(error)) from error
        except (DBAPIError, OSError) as error:
            url = make_url(settings.database_url).render_as_string(hide_password=True)
            raise CannotServeError(f"The database {url} cannot be opened: {error}") from error
        yield backend


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

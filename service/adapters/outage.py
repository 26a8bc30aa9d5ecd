"""What a database says when it cannot be reached or cannot write, as one error that everybody above knows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
import structlog

from service.jobs.errors import StoreUnavailableError

OUTAGES = (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.InternalError, sa.exc.TimeoutError)
"""Cut connections, a server that starts or stops, a full or read-only disk, a lock that is never freed, a full pool."""


log = structlog.get_logger()


@contextmanager
def outages_named() -> Iterator[None]:
    """Say that the store is unavailable when the database is, and let errors of our own be errors.

    Raises:
        StoreUnavailableError: the database cannot do its part at the moment.
    """
    try:
        yield
    except sa.exc.SQLAlchemyError as error:
        if isinstance(error, OUTAGES) or (isinstance(error, sa.exc.DBAPIError) and error.connection_invalidated):
            log.warning("database not available", said=first_line(error))
            raise StoreUnavailableError(first_line(error)) from error
        raise


@contextmanager
def reading(database: sa.Engine) -> Iterator[sa.Connection]:
    """A connection to read with."""
    with outages_named(), database.connect() as connection:
        yield connection


@contextmanager
def writing(database: sa.Engine) -> Iterator[sa.Connection]:
    """A connection in a transaction, which is committed if all goes well."""
    with outages_named(), database.begin() as connection:
        yield connection


def first_line(error: sa.exc.SQLAlchemyError) -> str:
    """The first line of what the database said; the rest is the query."""
    said = error.orig if isinstance(error, sa.exc.DBAPIError) else error
    return str(said).strip().partition("\n")[0][:200]

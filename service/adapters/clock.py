"""What time it is, by the clock that all hosts of a database share."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from service.jobs.job import now


def instant(connection: sa.Connection) -> datetime:
    """Now: by the clock of the Postgres server, so that a host whose clock is wrong does no harm; by ours on SQLite."""
    if connection.dialect.name == "sqlite":
        return now()
    found: datetime = connection.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
    return found


def seconds(dialect: str) -> sa.ColumnElement[float]:
    """Seconds since 1970, for a statement to write down or to compare with."""
    if dialect == "sqlite":
        return (sa.func.julianday("now") - 2440587.5) * 86400.0
    return sa.cast(sa.func.extract("epoch", sa.func.clock_timestamp()), sa.Float)

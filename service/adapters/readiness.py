"""What keeps a database from taking jobs, or workers from running them, each as a sentence."""

from __future__ import annotations

import shutil
from pathlib import Path

import sqlalchemy as sa

from service.adapters.clock import seconds
from service.adapters.database import NotUpgradedError, check_upgraded
from service.adapters.outage import reading, writing
from service.adapters.tables import executor

MIB = 1024 * 1024
PATIENCE = 1.5
"""So many heartbeats late, a worker does not count as one that lives: a beat may be a moment late."""


def shortcomings(database: sa.Engine, *, beat_seconds: float, least_free_mb: int) -> list[str]:
    """What is missing; empty when jobs can be kept and run.

    Raises:
        StoreUnavailableError: the database does not answer, or may only be read.
    """
    with reading(database):
        pass  # one that does not answer says so here
    found = []
    try:
        check_upgraded(database)
    except NotUpgradedError as error:
        return [str(error)]
    with writing(database) as connection:  # touches no row, and fails where nothing can be written
        connection.execute(sa.update(executor).where(executor.c.id == "").values(places=executor.c.places))
    if not _a_worker_lives(database, beat_seconds):
        found.append("No worker is alive, so that jobs would wait. Maybe `stint worker` was not started.")
    free = _free_mb(database)
    if free is not None and free < least_free_mb:
        found.append(f"The disk has {free:,} MiB left, fewer than the {least_free_mb:,} that it should.")
    return found


def _a_worker_lives(database: sa.Engine, beat_seconds: float) -> bool:
    age = seconds(database.dialect.name) - sa.func.max(executor.c.seen_at)
    with reading(database) as connection:
        late = connection.execute(sa.select(age)).scalar()
    return late is not None and abs(late) < PATIENCE * beat_seconds


def _free_mb(database: sa.Engine) -> int | None:
    """Room on the disk of an SQLite file; of a Postgres, its own watch has to know."""
    if database.dialect.name != "sqlite" or not database.url.database:
        return None
    return shutil.disk_usage(Path(database.url.database).parent).free // MIB

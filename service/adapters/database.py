"""Opens the database and brings its tables up to date."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from service.settings import Settings

MIGRATIONS = Path(__file__).parent / "migrations"
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "busy_timeout=30000",
    "foreign_keys=ON",
    "secure_delete=ON",  # erased rows are overwritten, not only unlinked: they hold the names of people
)
LOCK = 7_051_984  # any number, as long as it stays the same
VERSION_TABLE = "stint_version"

CONNECT_SECONDS = 10
"""Time to reach a Postgres host; without it, one that is silent is waited for over two minutes."""


class NotUpgradedError(Exception):
    """The tables are not those that this release works with."""


def open_database(settings: Settings) -> sa.Engine:
    """An engine on the configured database; the folder of an SQLite file is made where it is missing.

    Raises:
        ArgumentError: the URL cannot be read, or is one of SQLite without a file.
    """
    if settings.sqlite_file is None:
        if sa.make_url(settings.database_url).get_backend_name() == "sqlite":
            raise sa.exc.ArgumentError("SQLite needs a file here, such as sqlite:///stint.sqlite; jobs are to survive.")
        waiting = {"connect_timeout": CONNECT_SECONDS} if "psycopg" in settings.database_url else {}
        return sa.create_engine(
            settings.database_url, pool_pre_ping=True, pool_size=10, max_overflow=20, connect_args=waiting
        )
    settings.sqlite_file.parent.mkdir(parents=True, exist_ok=True)
    database = sa.create_engine(settings.database_url, pool_size=10, max_overflow=40)
    sa.event.listen(database, "connect", _prepare_sqlite)
    return database


def _prepare_sqlite(connection: sqlite3.Connection, _: Any) -> None:
    """Readers beside one writer (WAL), writers that wait for each other, and erasing that erases what belongs to it.

    With `synchronous=NORMAL` a power cut may undo the last moments but never damages the file, and a process that is
    killed loses nothing.
    """
    connection.isolation_level = "IMMEDIATE"  # a writer takes its place at once instead of failing at its first write
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def wipe_log(database: sa.Engine) -> None:
    """Empty the write-ahead log of an SQLite file, which would hold what was erased until it is written over.

    While somebody reads, it cannot be; it is then at the next erasure, and when the service stops.
    """
    if database.dialect.name != "sqlite":
        return
    with database.connect() as connection, suppress(sa.exc.OperationalError):
        connection.exec_driver_sql("PRAGMA busy_timeout=1000")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("PRAGMA busy_timeout=30000")


def back_up(database: sa.Engine, to: Path) -> None:
    """Copy an SQLite file as it is at one moment, while it is in use.

    Raises:
        FileExistsError: there is such a file already.
    """
    if to.exists():
        raise FileExistsError(f"{to} exists already. Maybe another name is meant.")
    with database.connect() as connection, closing(sqlite3.connect(to)) as target:
        source = connection.connection.driver_connection
        assert isinstance(source, sqlite3.Connection)
        source.backup(target)


def migrate(database: sa.Engine) -> None:
    """Bring the tables to the newest revision; two processes that start together do it once."""
    with database.begin() as connection:
        on_sqlite = database.dialect.name == "sqlite"
        connection.exec_driver_sql("BEGIN IMMEDIATE" if on_sqlite else f"SELECT pg_advisory_xact_lock({LOCK})")
        command.upgrade(_alembic(connection), "head")


def check_upgraded(database: sa.Engine) -> None:
    """Make sure that the tables are at the newest revision, without touching them.

    Raises:
        NotUpgradedError: they are not.
    """
    with database.connect() as connection:
        found = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}).get_current_revision()
        newest = ScriptDirectory.from_config(_alembic(connection)).get_current_head()
    if found != newest:
        state = "has no tables of Stint" if found is None else f"has tables of revision {found}"
        raise NotUpgradedError(
            f"The database {state}, and this release works with revision {newest}. "
            "Maybe `stint db upgrade` has not been run since the release was installed."
        )


def _alembic(connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config

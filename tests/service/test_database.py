"""The database is what the tables say, however it came about."""

import random
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from service.adapters.database import NotUpgradedError, _alembic, check_upgraded, migrate, open_database
from service.adapters.dbos_engine import DbosEngine
from service.adapters.sql_store import SqlStore
from service.adapters.tables import UTCDateTime, executor, metadata
from service.jobs.errors import StoreUnavailableError
from service.settings import Settings
from service.worker import upgrade
from tests.service.helpers import a_job


@pytest.fixture(params=["sqlite", "postgres"])
def settings(request, settings):
    """Settings on an empty database of each kind."""
    if request.param == "sqlite":
        return settings
    return settings.model_copy(update={"database_url": request.getfixturevalue("postgres").database()})


@pytest.fixture
def database(settings):
    opened = open_database(settings)
    yield opened
    opened.dispose()


def tables(database):
    found = sa.inspect(database)
    return {*found.get_table_names(), *(found.get_table_names("dbos") if "dbos" in found.get_schema_names() else ())}


def differences(database):
    def is_ours(name, kind, _):
        return kind != "table" or name in metadata.tables

    with database.connect() as connection:
        options = {"include_name": is_ours, "version_table": "stint_version", "compare_type": True}
        return compare_metadata(MigrationContext.configure(connection, opts=options), metadata)


def test_migrations_lead_to_the_tables(database):
    assert differences(database) != []
    migrate(database)
    assert differences(database) == []


def test_migrations_lead_back(database):
    migrate(database)
    with database.begin() as connection:
        command.downgrade(_alembic(connection), "base")
    assert tables(database) == {"stint_version"}


def test_migrating_again_changes_nothing_and_leaves_the_engines_tables_alone(database, settings):
    upgrade(database)
    engine = DbosEngine(database, settings)
    engine.start(lambda _: None)
    engine.stop()
    upgrade(database)
    assert {"workflow_status", "job"} <= tables(database)


def test_a_database_that_was_not_upgraded_is_told_from_one_that_was(database):
    with pytest.raises(NotUpgradedError, match=r"no tables of Stint.*stint db upgrade"):
        check_upgraded(database)
    migrate(database)
    check_upgraded(database)
    with database.begin() as connection:
        connection.execute(sa.text("UPDATE stint_version SET version_num = '0000'"))
    with pytest.raises(NotUpgradedError, match="revision 0000"):
        check_upgraded(database)


def test_a_database_that_cannot_be_reached_is_unavailable_and_tells_no_names():
    unreachable = open_database(Settings(database_url="postgresql+psycopg://ann:secret@127.0.0.1:1/stint"))
    with pytest.raises(StoreUnavailableError) as caught:
        SqlStore(unreachable).get("north", "x")
    assert "127.0.0.1" not in caught.value.detail
    assert caught.value.headers == {"Retry-After": "5"}


def test_a_full_disk_is_said_to_be_full(settings, tmp_path):
    if settings.sqlite_file is None:
        pytest.skip("a database file can be told how large it may be")
    database = open_database(settings)
    migrate(database)
    store, large = SqlStore(database), replace(a_job(), request=random.Random(1).randbytes(1_000_000))
    sa.event.listen(database, "connect", lambda connection, _: connection.execute("PRAGMA max_page_count=60"))
    database.dispose()
    with pytest.raises(StoreUnavailableError, match="disk is full"):
        store.add(large, lambda within, new: None, key_hours=1)
    assert store.get("north", large.id) is None
    small = store.add(a_job(), lambda within, new: None, key_hours=1)
    assert store.get("north", small.id) == small
    database.dispose()


def test_two_that_start_together_migrate_once(database):
    errors = []

    def start():
        try:
            migrate(database)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert differences(database) == []


def test_a_half_done_migration_leaves_nothing(database, monkeypatch):
    import alembic.op

    made = alembic.op.create_table
    broken = {"job_event": lambda *_: 1 / 0}
    monkeypatch.setattr(alembic.op, "create_table", lambda name, *rest: broken.get(name, made)(name, *rest))
    with pytest.raises(ZeroDivisionError):
        migrate(database)
    monkeypatch.undo()
    assert tables(database) == set()
    migrate(database)


def test_readers_read_while_somebody_writes(database):
    migrate(database)
    with database.begin() as writer:
        writer.execute(sa.insert(executor).values(id="a", seen_at=1.0))
        with database.connect() as reader:
            assert reader.execute(sa.select(executor.c.id)).all() == []


def test_an_instant_is_in_utc_whatever_zone_it_came_in():
    column, dialect = UTCDateTime(), sa.create_engine("sqlite://").dialect
    summer = datetime(2026, 7, 1, 12, 0, tzinfo=timezone(timedelta(hours=3)))
    assert column.process_bind_param(summer, dialect) == datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
    assert column.process_result_value(datetime(2026, 7, 1, 9, 0), dialect) == summer
    with pytest.raises(ValueError, match="no time zone"):
        column.process_bind_param(datetime(2026, 7, 1, 9, 0), dialect)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "nonsense"])
def test_a_database_that_cannot_keep_jobs_is_refused(url):
    with pytest.raises(sa.exc.ArgumentError):
        open_database(Settings(database_url=url))


def test_settings_come_from_the_environment_then_the_file_then_the_defaults(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "stint.toml").write_text('database_url = "sqlite:///file.sqlite"\nmax_attempts = 7\n')
    monkeypatch.setenv("STINT_MAX_ATTEMPTS", "9")
    found = Settings()
    assert (found.database_url, found.max_attempts, found.executor_id) == ("sqlite:///file.sqlite", 9, None)


def test_a_misspelt_setting_in_the_file_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "stint.toml").write_text("max_atempts = 7\n")
    with pytest.raises(ValueError, match="max_atempts"):
        Settings()


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("sqlite:///stint.sqlite", "stint.sqlite"),
        ("sqlite:////data/stint.sqlite", "/data/stint.sqlite"),
        ("sqlite:///:memory:", None),
        ("sqlite://", None),
        ("postgresql+psycopg://host/stint", None),
    ],
)
def test_only_a_file_is_a_file(url, file):
    found = Settings(database_url=url).sqlite_file
    assert (found and str(found)) == file

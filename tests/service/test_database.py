"""The database is what the tables say, however it came about."""

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from service.adapters.database import _alembic, migrate, open_database
from service.adapters.dbos_engine import DbosEngine
from service.adapters.tables import UTCDateTime, executor, metadata
from service.settings import Settings


@pytest.fixture
def database(settings):
    opened = open_database(settings)
    yield opened
    opened.dispose()


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
    assert sa.inspect(database).get_table_names() == ["stint_version"]


def test_migrating_again_changes_nothing_and_leaves_the_engines_tables_alone(database, settings):
    migrate(database)
    engine = DbosEngine(database, settings)
    engine.start(lambda _: None)
    engine.stop()
    migrate(database)
    assert "workflow_status" in sa.inspect(database).get_table_names()


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
    assert sa.inspect(database).get_table_names() == []
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
    assert (found.database_url, found.max_attempts, found.executor_id) == ("sqlite:///file.sqlite", 9, "embedded")


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

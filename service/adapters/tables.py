"""The tables that hold the truth about jobs; the engine keeps its own beside them and nothing in them is ours."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite


class UTCDateTime(sa.TypeDecorator[datetime]):
    """An instant: goes in with a zone, comes out in UTC. SQLite drops zones, so they are put back."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone; instants are kept in UTC.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

job = sa.Table(
    "job",
    metadata,
    sa.Column("id", sa.String(26), primary_key=True),
    sa.Column("tenant", sa.String(64), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("priority", sa.Integer, nullable=False),
    sa.Column("time_limit_seconds", sa.Float, nullable=False),
    sa.Column("created_at", UTCDateTime, nullable=False),
    sa.Column("started_at", UTCDateTime),
    sa.Column("finished_at", UTCDateTime),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("cancel_requested", sa.Boolean, nullable=False),
    sa.Column("last_event", sa.Integer, nullable=False),
    sa.Column("progress", sa.JSON),
    sa.Column("verdict", sa.String(16)),
    sa.Column("cost", sa.Float),
    sa.Column("lower_bound", sa.Float),
    sa.Column("gap_percent", sa.Float),
    sa.Column("error", sa.Text),
    sa.Column("agents", sa.Integer, nullable=False, server_default="0"),
    # Of a part: the job that it belongs to. No foreign key, because SQLite could take one in only with a new table, and
    # dropping the old one would take everything along that belongs to its jobs.
    sa.Column("parent_id", sa.String(26), index=True),
    sa.Column("part", sa.Integer),
    sa.Column("joins", sa.Integer, nullable=False, server_default="0"),  # tries to make one roster of the parts'
    sa.Index(None, "tenant", "id"),
    sa.Index(None, "tenant", "status", "id"),
    sa.Index(None, "status"),
)

job_document = sa.Table(  # the request as it came in, and the best roster; compressed
    "job_document",
    metadata,
    sa.Column("job_id", sa.ForeignKey("job.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("kind", sa.String(16), primary_key=True),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("cost", sa.Float),
)

job_event = sa.Table(
    "job_event",
    metadata,
    sa.Column("job_id", sa.ForeignKey("job.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("body", sa.JSON, nullable=False),
    sa.Column("created_at", UTCDateTime, nullable=False),
)

idempotency_key = sa.Table(
    "idempotency_key",
    metadata,
    sa.Column("tenant", sa.String(64), primary_key=True),
    sa.Column("key", sa.String(255), primary_key=True),
    sa.Column("fingerprint", sa.String(64), nullable=False),
    sa.Column("job_id", sa.ForeignKey("job.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("expires_at", UTCDateTime, nullable=False, index=True),
)

webhook = sa.Table(
    "webhook",
    metadata,
    sa.Column("id", sa.String(26), primary_key=True),
    sa.Column("tenant", sa.String(64), nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("secret", sa.String(64), nullable=False),  # in clear, because every message is signed with it
    sa.Column("events", sa.JSON, nullable=False),
    sa.Column("job_id", sa.ForeignKey("job.id", ondelete="CASCADE"), index=True),
    sa.Column("enabled", sa.Boolean, nullable=False),
    sa.Column("created_at", UTCDateTime, nullable=False),
    sa.Index(None, "tenant", "id"),
)

webhook_delivery = sa.Table(
    "webhook_delivery",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("webhook_id", sa.ForeignKey("webhook.id", ondelete="CASCADE"), nullable=False),
    sa.Column("job_id", sa.ForeignKey("job.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("event", sa.String(32), nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("created_at", UTCDateTime, nullable=False),
    sa.Column("due_at", UTCDateTime),
    sa.Column("finished_at", UTCDateTime),
    sa.Column("answer", sa.Integer),
    sa.Column("error", sa.Text),
    sa.Index(None, "webhook_id", "id"),
    sa.Index(None, "status", "due_at"),
)

api_key = sa.Table(
    "api_key",
    metadata,
    sa.Column("id", sa.String(26), primary_key=True),
    sa.Column("tenant", sa.String(64), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("prefix", sa.String(32), nullable=False, unique=True),
    sa.Column("digest", sa.String(64), nullable=False, unique=True),  # SHA-256; the secret itself is nowhere
    sa.Column("scopes", sa.JSON, nullable=False),
    sa.Column("most_urgent", sa.Integer, nullable=False),
    sa.Column("created_at", UTCDateTime, nullable=False),
    sa.Column("last_used_at", UTCDateTime),
    sa.Column("expires_at", UTCDateTime),
    sa.Column("revoked_at", UTCDateTime),
)

calendar = sa.Table(  # subscriptions to rosters
    "calendar",
    metadata,
    sa.Column("id", sa.String(26), primary_key=True),
    sa.Column("tenant", sa.String(64), nullable=False),
    sa.Column("job_id", sa.ForeignKey("job.id", ondelete="CASCADE"), nullable=False),
    sa.Column("agent_id", sa.Text),
    sa.Column("digest", sa.String(64), nullable=False, unique=True),  # SHA-256 of the secret in the address
    sa.Column("created_at", UTCDateTime, nullable=False),
    sa.Index(None, "job_id", "id"),
)

executor = sa.Table(  # workers and their heartbeats
    "executor",
    metadata,
    sa.Column("id", sa.String(255), primary_key=True),
    sa.Column("seen_at", sa.Float, nullable=False),  # seconds since 1970 by the database's clock
    sa.Column("places", sa.Integer, nullable=False, server_default="1"),  # solves that it runs at once
)


def inserting(connection: sa.Connection, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
    """An insert that can deal with a row that is there already."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)

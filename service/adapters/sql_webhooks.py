"""Webhooks and their messages in a database."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from schemas.roster import Status
from service.adapters.clock import instant
from service.adapters.outage import reading, writing
from service.adapters.tables import job, webhook, webhook_delivery
from service.jobs.errors import JobNotFoundError
from service.jobs.job import now
from service.jobs.webhooks import GONE, DeliveryRecord, Letter, Outcome, WebhookRecord, letters_for


class SqlWebhooks:
    """Fulfils `Webhooks` on SQLite and Postgres."""

    def __init__(self, database: sa.Engine) -> None:
        self._database = database

    def add(self, record: WebhookRecord, *, most: int) -> bool:
        alike = webhook.c.job_id.is_(None) if record.job_id is None else webhook.c.job_id == record.job_id
        count = sa.select(sa.func.count()).select_from(webhook).where(webhook.c.tenant == record.tenant, alike)
        with writing(self._database) as connection:
            # Locked, so that either this sees the end of the job, or the end of the job sees the webhook.
            locked = sa.select(job.c.status).where(job.c.id == record.job_id).with_for_update()
            status = connection.execute(locked).scalar_one_or_none() if record.job_id is not None else None
            if record.job_id is not None and status is None:
                raise JobNotFoundError(record.job_id)  # erased a moment ago
            if connection.execute(count).scalar_one() >= most:
                return False
            connection.execute(
                sa.insert(webhook).values(
                    id=record.id,
                    tenant=record.tenant,
                    url=record.url,
                    secret=record.secret,
                    events=list(record.events),
                    job_id=record.job_id,
                    enabled=record.enabled,
                    created_at=record.created_at,
                )
            )
            if record.job_id is not None and status is not None:
                _write_letters(connection, [record], record.tenant, record.job_id, status)
        return True

    def list_of(self, tenant: str) -> list[WebhookRecord]:
        with reading(self._database) as connection:
            return _webhooks(connection, webhook.c.tenant == tenant)

    def get(self, tenant: str, webhook_id: str) -> WebhookRecord | None:
        with reading(self._database) as connection:
            found = _webhooks(connection, webhook.c.tenant == tenant, webhook.c.id == webhook_id)
        return found[0] if found else None

    def remove(self, tenant: str, webhook_id: str) -> bool:
        with writing(self._database) as connection:
            gone = connection.execute(
                sa.delete(webhook).where(webhook.c.tenant == tenant, webhook.c.id == webhook_id).returning(webhook.c.id)
            )
            return gone.first() is not None

    def deliveries_of(self, webhook_id: str, *, limit: int) -> list[DeliveryRecord]:
        query = (
            sa.select(webhook_delivery)
            .where(webhook_delivery.c.webhook_id == webhook_id)
            .order_by(webhook_delivery.c.id.desc())
            .limit(limit)
        )
        with reading(self._database) as connection:
            return [DeliveryRecord(**row) for row in connection.execute(query).mappings()]

    def take_due(self, *, limit: int, lease_seconds: float) -> list[Letter]:
        pending = sa.select(webhook_delivery.c.id).where(webhook_delivery.c.status == "pending")
        in_order = pending.order_by(webhook_delivery.c.due_at).limit(limit)
        with reading(self._database) as connection:  # a look that writes nothing, for mostly there is nothing
            if connection.execute(in_order.where(webhook_delivery.c.due_at <= instant(connection))).first() is None:
                return []
        with writing(self._database) as connection:
            at = instant(connection)
            due = in_order.where(webhook_delivery.c.due_at <= at).with_for_update(skip_locked=True)
            ids = connection.execute(due).scalars().all()
            connection.execute(
                sa.update(webhook_delivery)
                .where(webhook_delivery.c.id.in_(ids))
                .values(attempts=webhook_delivery.c.attempts + 1, due_at=at + timedelta(seconds=lease_seconds))
            )
            return [Letter(**row) for row in connection.execute(_letters(ids)).mappings()]

    def record(self, letter: Letter, outcome: Outcome, retry_at: datetime | None) -> None:
        over = "delivered" if outcome.arrived else "failed"
        wait = None if retry_at is None else retry_at - now()
        with writing(self._database) as connection:
            at = instant(connection)
            connection.execute(
                sa.update(webhook_delivery)
                .where(webhook_delivery.c.id == letter.id, webhook_delivery.c.attempts == letter.attempt)
                .values(
                    status=over if wait is None else "pending",
                    due_at=None if wait is None else at + wait,
                    finished_at=at if wait is None else None,
                    answer=outcome.answer,
                    error=outcome.error,
                )
            )
            if outcome.answer == GONE:
                connection.execute(sa.update(webhook).where(webhook.c.id == letter.webhook_id).values(enabled=False))


def tell_webhooks(connection: sa.Connection, job_id: str, status: Status) -> None:
    """Write a message for everybody who wants to know of the end of a job, in the transaction that ends it."""
    tenant = connection.execute(sa.select(job.c.tenant).where(job.c.id == job_id)).scalar_one()
    own = sa.or_(webhook.c.job_id.is_(None), webhook.c.job_id == job_id)
    _write_letters(connection, _webhooks(connection, webhook.c.tenant == tenant, own), tenant, job_id, status)


def _write_letters(
    connection: sa.Connection, webhooks: list[WebhookRecord], tenant: str, job_id: str, status: Status
) -> None:
    at = instant(connection)
    rows: list[dict[str, Any]] = [
        {
            "id": letter_id,
            "webhook_id": webhook_id,
            "job_id": job_id,
            "event": event,
            "status": "pending",
            "attempts": 0,
            "created_at": at,
            "due_at": at,
        }
        for webhook_id, letter_id, event in letters_for(webhooks, tenant, job_id, status)
    ]
    if rows:
        connection.execute(sa.insert(webhook_delivery), rows)


def _webhooks(connection: sa.Connection, *which: sa.ColumnElement[bool]) -> list[WebhookRecord]:
    rows = connection.execute(sa.select(webhook).where(*which).order_by(webhook.c.id)).mappings()
    return [WebhookRecord(**{**row, "events": tuple(row["events"])}) for row in rows]


def _letters(ids: Any) -> sa.Select[Any]:
    return (
        sa.select(
            webhook_delivery.c.id,
            webhook_delivery.c.webhook_id,
            webhook_delivery.c.job_id,
            webhook_delivery.c.event,
            webhook_delivery.c.attempts.label("attempt"),
            webhook_delivery.c.created_at.label("happened_at"),
            webhook.c.url,
            webhook.c.secret,
        )
        .join(webhook)
        .where(webhook_delivery.c.id.in_(ids))
    )

"""Webhooks and their messages in memory."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from schemas.roster import Status
from schemas.webhook import DeliveryStatus
from service.jobs.job import now
from service.jobs.webhooks import GONE, DeliveryRecord, Letter, Outcome, WebhookRecord, letters_for


class MemoryWebhooks:
    """Fulfils `Webhooks` with dictionaries; shares the lock of the jobs, and asks them how a job stands."""

    def __init__(self, lock: threading.RLock, status_of: Callable[[str], Status | None]) -> None:
        self._lock = lock
        self._status_of = status_of
        self._webhooks: dict[str, WebhookRecord] = {}
        self._deliveries: dict[str, DeliveryRecord] = {}

    def add(self, record: WebhookRecord, *, most: int) -> bool:
        with self._lock:
            alike = (record.tenant, record.job_id)
            if sum((one.tenant, one.job_id) == alike for one in self._webhooks.values()) >= most:
                return False
            self._webhooks[record.id] = record
            if record.job_id is not None:
                self._write([record], record.tenant, record.job_id, self._status_of(record.job_id) or "queued")
            return True

    def list_of(self, tenant: str) -> list[WebhookRecord]:
        with self._lock:
            return sorted((one for one in self._webhooks.values() if one.tenant == tenant), key=lambda one: one.id)

    def get(self, tenant: str, webhook_id: str) -> WebhookRecord | None:
        with self._lock:
            found = self._webhooks.get(webhook_id)
            return found if found and found.tenant == tenant else None

    def remove(self, tenant: str, webhook_id: str) -> bool:
        with self._lock:
            if self.get(tenant, webhook_id) is None:
                return False
            self._forget({webhook_id})
            return True

    def deliveries_of(self, webhook_id: str, *, limit: int) -> list[DeliveryRecord]:
        with self._lock:
            own = [one for one in self._deliveries.values() if one.webhook_id == webhook_id]
        return sorted(own, key=lambda one: one.id, reverse=True)[:limit]

    def take_due(self, *, limit: int, lease_seconds: float) -> list[Letter]:
        with self._lock:
            due = [one for one in self._deliveries.values() if one.due_at is not None and one.due_at <= now()]
            return [self._take(one, lease_seconds) for one in due[:limit]]

    def record(self, letter: Letter, outcome: Outcome, retry_at: datetime | None) -> None:
        with self._lock:
            kept = self._deliveries.get(letter.id)
            if kept is None or kept.attempts != letter.attempt:
                return
            over: DeliveryStatus = "delivered" if outcome.arrived else "failed"
            self._deliveries[letter.id] = replace(
                kept,
                status="pending" if retry_at else over,
                due_at=retry_at,
                finished_at=None if retry_at else now(),
                answer=outcome.answer,
                error=outcome.error,
            )
            if outcome.answer == GONE:
                self._webhooks[letter.webhook_id] = replace(self._webhooks[letter.webhook_id], enabled=False)

    def job_ended(self, tenant: str, job_id: str, status: Status) -> None:
        """Write a message for everybody who wants to know."""
        self._write(list(self._webhooks.values()), tenant, job_id, status)

    def job_erased(self, job_id: str) -> None:
        """Forget what is only about this job."""
        self._forget({one.id for one in self._webhooks.values() if one.job_id == job_id})
        self._deliveries = {name: one for name, one in self._deliveries.items() if one.job_id != job_id}

    def _write(self, webhooks: list[WebhookRecord], tenant: str, job_id: str, status: Status) -> None:
        for webhook_id, letter_id, event in letters_for(webhooks, tenant, job_id, status):
            self._deliveries[letter_id] = DeliveryRecord(
                letter_id, webhook_id, job_id, event, "pending", 0, now(), now(), None, None, None
            )

    def _take(self, delivery: DeliveryRecord, lease_seconds: float) -> Letter:
        attempt, webhook = delivery.attempts + 1, self._webhooks[delivery.webhook_id]
        until = now() + timedelta(seconds=lease_seconds)
        self._deliveries[delivery.id] = replace(delivery, attempts=attempt, due_at=until)
        return Letter(
            delivery.id, webhook.id, delivery.job_id, delivery.event, attempt, delivery.created_at, webhook.url,
            webhook.secret,
        )  # fmt: skip

    def _forget(self, webhook_ids: set[str]) -> None:
        self._webhooks = {name: one for name, one in self._webhooks.items() if name not in webhook_ids}
        self._deliveries = {name: one for name, one in self._deliveries.items() if one.webhook_id not in webhook_ids}

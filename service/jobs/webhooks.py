"""Webhooks: who is told when a job ends, what they are told, and how often it is tried."""

from __future__ import annotations

import base64
import json
import random
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from standardwebhooks import Webhook as Signer

from schemas.roster import Status
from schemas.webhook import DeliveryStatus, WebhookEvent, WebhookRequest
from service.jobs.errors import JobNotFoundError, TooManyWebhooksError
from service.jobs.job import new_id, now
from service.jobs.store import JobStore

EVENT_OF: dict[Status, WebhookEvent] = {
    "completed": "roster.completed",
    "cancelled": "roster.cancelled",
    "failed": "roster.failed",
}

SECRET_BYTES = 24
MOST_OF_A_TENANT = 50
MOST_OF_A_JOB = 5
JITTER = 0.1
"""Share of a wait by which tries are spread, so that what failed together does not come again together."""

GONE = 410


@dataclass(frozen=True, slots=True)
class WebhookRecord:
    """A webhook; without a job it is told of every job of its tenant."""

    id: str
    tenant: str
    url: str
    secret: str
    events: tuple[WebhookEvent, ...]
    job_id: str | None
    enabled: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """A message to a webhook, with what became of it so far."""

    id: str
    webhook_id: str
    job_id: str
    event: WebhookEvent
    status: DeliveryStatus
    attempts: int
    created_at: datetime
    due_at: datetime | None
    finished_at: datetime | None
    answer: int | None
    error: str | None


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that is to be sent now; `attempt` fences what is recorded of it."""

    id: str
    webhook_id: str
    job_id: str
    event: WebhookEvent
    attempt: int
    happened_at: datetime
    url: str
    secret: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a try went: an HTTP status, or a sentence on why there is none."""

    answer: int | None
    error: str | None = None
    wait_seconds: float | None = None  # what the receiver asked for

    @property
    def arrived(self) -> bool:
        """Whether the receiver has it."""
        return self.answer is not None and 200 <= self.answer < 300


class Webhooks(Protocol):
    """Webhooks and their messages; those of another tenant do not exist. A message is made when its job ends."""

    def add(self, webhook: WebhookRecord, *, most: int) -> bool:
        """Keep a webhook; False when there are `most` for the same job or tenant. If its job has ended, it is told."""

    def list_of(self, tenant: str) -> list[WebhookRecord]:
        """The webhooks of a tenant, oldest first."""

    def get(self, tenant: str, webhook_id: str) -> WebhookRecord | None:
        """The webhook, if this tenant has it."""

    def remove(self, tenant: str, webhook_id: str) -> bool:
        """Remove a webhook with its messages; False when there is none."""

    def deliveries_of(self, webhook_id: str, *, limit: int) -> list[DeliveryRecord]:
        """The last messages of a webhook, newest first."""

    def take_due(self, *, limit: int, lease_seconds: float) -> list[Letter]:
        """Messages whose time has come, each given to one sender; they come again if nothing is recorded in time."""

    def record(self, letter: Letter, outcome: Outcome, retry_at: datetime | None) -> None:
        """Record how a try went, if it is the last one, and when to try again; without a time it is over."""


def register(wanted: WebhookRequest, webhooks: Webhooks, store: JobStore, *, tenant: str) -> WebhookRecord:
    """Keep a webhook with a new secret.

    Raises:
        JobNotFoundError: it is for a job that this tenant does not have.
        TooManyWebhooksError: there are enough.
    """
    if wanted.job_id is not None and store.get(tenant, wanted.job_id) is None:
        raise JobNotFoundError(wanted.job_id)
    most = MOST_OF_A_TENANT if wanted.job_id is None else MOST_OF_A_JOB
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
    events = tuple(dict.fromkeys(wanted.events))
    record = WebhookRecord(new_id(), tenant, wanted.url, secret, events, wanted.job_id, True, now())
    if not webhooks.add(record, most=most):
        raise TooManyWebhooksError(most, of_a_job=wanted.job_id is not None)
    return record


def message(letter: Letter, public_url: str | None) -> bytes:
    """What the receiver reads: that something happened, and links to what; nothing of the roster itself."""
    here = f"{(public_url or '').rstrip('/')}/v1/rosters/{letter.job_id}"
    body: dict[str, Any] = {
        "type": letter.event,
        "timestamp": letter.happened_at.astimezone(UTC).isoformat(),
        "data": {"id": letter.job_id, "links": {"self": here, "roster": f"{here}/roster"}},
    }
    return json.dumps(body, separators=(",", ":")).encode()


def signed_headers(letter: Letter, body: bytes, instant: datetime) -> dict[str, str]:
    """The headers by which the receiver knows who wrote it, when, and whether it had it before."""
    return {
        "content-type": "application/json",
        "webhook-id": letter.id,
        "webhook-timestamp": str(int(instant.timestamp())),
        "webhook-signature": Signer(letter.secret).sign(letter.id, instant.astimezone(UTC), body.decode()),
    }


def next_try(letter: Letter, outcome: Outcome, waits: Sequence[float]) -> datetime | None:
    """When to try again; None when it has arrived, or the receiver is gone, or all tries are used up."""
    if outcome.arrived or outcome.answer == GONE or letter.attempt > len(waits):
        return None
    wait = waits[letter.attempt - 1] * random.uniform(1 - JITTER, 1 + JITTER)
    return now() + timedelta(seconds=max(wait, min(outcome.wait_seconds or 0.0, max(waits))))


def letters_for(
    webhooks: Collection[WebhookRecord], tenant: str, job_id: str, status: Status
) -> list[tuple[str, str, WebhookEvent]]:
    """For each webhook that wants to know of the end of a job: its id, the id of a new message, and the event."""
    event = EVENT_OF.get(status)
    return [
        (webhook.id, f"msg_{new_id()}", event)
        for webhook in webhooks
        if event in webhook.events
        and event is not None
        and webhook.enabled
        and webhook.tenant == tenant
        and webhook.job_id in (None, job_id)
    ]

"""Webhooks: who wants to be told when a job ends, and what became of the telling."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, get_args

from pydantic import Field

from schemas.base import Schema
from schemas.request import Listed

WebhookEvent = Literal["roster.completed", "roster.cancelled", "roster.failed"]
DeliveryStatus = Literal["pending", "delivered", "failed"]
ALL_EVENTS: tuple[WebhookEvent, ...] = get_args(WebhookEvent)


class WebhookRequest(Schema):
    """Somebody who wants to be told."""

    url: str = Field(
        min_length=8,
        max_length=2000,
        description="Where to POST to, over http or https.",
        examples=["https://wfm.example.org/stint"],
    )
    events: Annotated[tuple[WebhookEvent, ...], Listed] = Field(
        default=ALL_EVENTS, min_length=1, description="What to tell of."
    )
    job_id: str | None = Field(default=None, description="The only job to tell of; none: every job from now on.")


class Webhook(Schema):
    """A webhook as it is kept."""

    id: str
    url: str
    events: tuple[WebhookEvent, ...]
    job_id: str | None = None
    created_at: datetime
    enabled: bool = Field(default=True, description="False when the receiver answered 410, that it is gone for good.")
    secret: str | None = Field(
        default=None, description="Key of the signatures (Standard Webhooks); told once, in the answer that makes it."
    )
    links: dict[str, str] = Field(default_factory=dict)


class WebhookList(Schema):
    """The webhooks there are, oldest first."""

    webhooks: tuple[Webhook, ...]


class Delivery(Schema):
    """One message to a receiver, and how it went."""

    id: str = Field(description="The `webhook-id` of the message, the same at every try.")
    event: WebhookEvent
    job_id: str
    status: DeliveryStatus
    attempts: int
    created_at: datetime
    due_at: datetime | None = Field(default=None, description="The next try, while there will be one.")
    finished_at: datetime | None = None
    answer: int | None = Field(default=None, description="HTTP status of the last answer.")
    error: str | None = Field(default=None, description="Why the last try failed.")


class DeliveryList(Schema):
    """The last messages of a webhook, newest first."""

    deliveries: tuple[Delivery, ...]

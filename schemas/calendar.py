"""Calendar subscriptions: a roster that a calendar program fetches again and again, by a secret address."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from schemas.base import Schema


class CalendarRequest(Schema):
    """Whose shifts somebody wants to subscribe to."""

    agent_id: str | None = Field(
        default=None, min_length=1, max_length=200, description="The only agent whose shifts are in it; none: all."
    )


class CalendarSubscription(Schema):
    """A subscription as it is kept; its address is shown when it is made or changed, and never again."""

    id: str
    job_id: str
    agent_id: str | None = None
    created_at: datetime
    url: str | None = Field(default=None, description="Where the calendar is, for whoever knows this address.")
    links: dict[str, str] = Field(default_factory=dict)


class CalendarSubscriptionList(Schema):
    """The subscriptions to a roster, oldest first, without their addresses."""

    calendars: tuple[CalendarSubscription, ...]

"""Calendar subscriptions: an address nobody can guess opens one calendar of one roster, and nothing else."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from service.jobs.errors import CalendarNotFoundError, TooManyCalendarsError
from service.jobs.job import JobRecord, new_id, now

TOKEN_BYTES = 32
MOST_OF_A_JOB = 20_000
"""Enough for one for each agent of a large centre, several times over."""


@dataclass(frozen=True, slots=True)
class CalendarRecord:
    """What is kept of a subscription: of its secret only a hash, by which it is found."""

    id: str
    tenant: str
    job_id: str
    agent_id: str | None
    digest: str
    created_at: datetime


class Calendars(Protocol):
    """Subscriptions; those of another tenant do not exist, and they go with their job."""

    def add(self, record: CalendarRecord, *, most: int) -> bool:
        """Keep a subscription; False when its job has `most`, or is gone."""

    def list_of(self, tenant: str, job_id: str) -> list[CalendarRecord]:
        """The subscriptions to a job, oldest first."""

    def change(self, tenant: str, job_id: str, calendar_id: str, digest: str) -> CalendarRecord | None:
        """Give a subscription another secret; None when there is none."""

    def remove(self, tenant: str, job_id: str, calendar_id: str) -> bool:
        """Remove a subscription; False when there is none."""

    def find(self, digest: str) -> CalendarRecord | None:
        """The subscription with this secret."""


def subscribe(job: JobRecord, agent_id: str | None, calendars: Calendars) -> tuple[CalendarRecord, str]:
    """A new subscription, and its secret.

    Raises:
        TooManyCalendarsError: the job has enough.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    record = CalendarRecord(new_id(), job.tenant, job.id, agent_id, digest_of(token), now())
    if not calendars.add(record, most=MOST_OF_A_JOB):
        raise TooManyCalendarsError(MOST_OF_A_JOB)
    return record, token


def rotate(job: JobRecord, calendar_id: str, calendars: Calendars) -> tuple[CalendarRecord, str]:
    """The subscription with a new secret; the old address leads nowhere from now on.

    Raises:
        CalendarNotFoundError: this job has no such subscription.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    record = calendars.change(job.tenant, job.id, calendar_id, digest_of(token))
    if record is None:
        raise CalendarNotFoundError
    return record, token


def digest_of(token: str) -> str:
    """What a subscription is found by."""
    return hashlib.sha256(token.encode()).hexdigest()

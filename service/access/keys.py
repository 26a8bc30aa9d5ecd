"""API keys: what they look like, what is kept of them, and which of them still opens."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from schemas.job import DEFAULT_PRIORITY
from service.access.caller import Caller, Scope
from service.jobs.job import new_id, now

MARK = "stint_"
"""Begins every key, so that whoever finds one, a scanner of source code for instance, knows what it is."""

SHOWN_BYTES = 5
SECRET_BYTES = 32
LOOKS = re.compile(rf"{MARK}([0-9a-f]{{{2 * SHOWN_BYTES}}})_([A-Za-z0-9_-]{{43}})", re.ASCII)

USED_SECONDS = 60.0
"""When a key was last used is written down at most so often."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What is kept of a key: never its secret, which is random enough that a plain hash of it gives nothing away."""

    id: str
    tenant: str
    name: str
    prefix: str
    digest: str
    scopes: tuple[Scope, ...]
    most_urgent: int
    created_at: datetime
    last_used_at: datetime | None = None
    expires_at: datetime | None = None
    revoked_at: datetime | None = None

    def opens(self, at: datetime) -> bool:
        """Whether it is neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or at < self.expires_at)

    @property
    def caller(self) -> Caller:
        """Who comes with it."""
        return Caller(self.tenant, self.prefix, frozenset(self.scopes), self.most_urgent)


class Keys(Protocol):
    """Where keys are kept."""

    def add(self, key: ApiKey) -> None:
        """Keep a key."""

    def every(self) -> list[ApiKey]:
        """All keys, oldest first, also those that do not open any more."""

    def find(self, digest: str) -> ApiKey | None:
        """The key whose secret has this digest."""

    def any(self) -> bool:
        """Whether a key was ever made."""

    def used(self, key_id: str) -> None:
        """Write down that the key was used now."""

    def revoke(self, prefix: str) -> ApiKey | None:
        """Let the key that is shown so open no more, at once and for good; None when there is none."""


def new_key(
    tenant: str,
    name: str,
    scopes: tuple[Scope, ...],
    *,
    most_urgent: int = DEFAULT_PRIORITY,
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """A new key as it is kept, and the text that its owner shows; nobody can work out the text again."""
    prefix = MARK + secrets.token_hex(SHOWN_BYTES)
    text = f"{prefix}_{secrets.token_urlsafe(SECRET_BYTES)}"
    digest = digest_of(text)
    return ApiKey(new_id(), tenant, name, prefix, digest, scopes, most_urgent, now(), expires_at=expires_at), text


def looks_like_key(text: str) -> bool:
    """Whether it may be a key; what does not is not looked for."""
    return LOOKS.fullmatch(text) is not None


def digest_of(text: str) -> str:
    """What a key is found by."""
    return hashlib.sha256(text.encode()).hexdigest()

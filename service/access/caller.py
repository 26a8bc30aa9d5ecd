"""Who calls, for which tenant, and what that caller may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from schemas.job import DEFAULT_PRIORITY

Scope = Literal["read", "submit", "admin"]

SCOPES: tuple[Scope, ...] = get_args(Scope)
SCOPE_MEANS: dict[Scope, str] = {
    "read": "see jobs and rosters, validate, evaluate, calculate",
    "submit": "submit, cancel and erase jobs",
    "admin": "all of that, and care for webhooks",
}

DEFAULT_TENANT = "default"
TENANT_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who was let in. `name` is what the log calls them: the shown part of a key, or a token's subject.

    `most_urgent` is the smallest priority that the caller may ask for.
    """

    tenant: str
    name: str
    scopes: frozenset[Scope]
    most_urgent: int = DEFAULT_PRIORITY

    def may(self, scope: Scope) -> bool:
        """Whether the caller may do what needs this scope."""
        return scope in self.scopes or "admin" in self.scopes


ANYBODY = Caller(DEFAULT_TENANT, "anybody", frozenset(SCOPES), most_urgent=0)
"""Who calls a service that is open."""

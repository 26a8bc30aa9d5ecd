"""Tokens of an identity provider (OpenID Connect): who issued them, for whom, until when, and what they let do.

Only signatures with a private key count: with `none` anybody could write a token, and with HS256 anybody who knows the
provider's public key, which is everybody.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from joserfc import jws, jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import KeySet

from schemas.job import DEFAULT_PRIORITY
from service.access.caller import SCOPES, TENANT_PATTERN, Caller
from service.jobs.errors import IdentityUnavailableError, NotKnownError

Json = dict[str, Any]

LEEWAY_SECONDS = 30
"""What the clocks of provider and service may differ."""

REFETCH_SECONDS = 10.0
"""Keys are not fetched more often than this, or anybody could make us fetch them with a token of an unknown key."""

LONGEST_NAME = 100

UNREADABLE = (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError)
"""What reading may raise of a token or a key set that was made to hold anything."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Provider:
    """Whose tokens count, and how to read them."""

    issuer: str
    audience: str
    algorithms: tuple[str, ...]
    tenant_claim: str
    scope_claim: str
    scope_prefix: str
    keys_seconds: float


class ProviderTokens:
    """Reads tokens with the keys that `fetch` gives, as a JSON Web Key Set; keeps the keys, and sees new ones."""

    def __init__(
        self, provider: Provider, fetch: Callable[[], Json], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._provider = provider
        self._fetch = fetch
        self._clock = clock
        self._lock = threading.Lock()
        self._keys: KeySet | None = None
        self._asked_at = float("-inf")

    def caller(self, token: str) -> Caller:
        """Who comes with the token.

        Raises:
            NotKnownError: it is not one of the provider's, not for this service, or its time is over.
            IdentityUnavailableError: the keys of the provider cannot be had.
        """
        claims = self._claims(token)
        tenant, name = claims.get(self._provider.tenant_claim), claims.get("sub")
        if not isinstance(tenant, str) or not re.fullmatch(TENANT_PATTERN, tenant):
            raise NotKnownError(
                f"The token names no tenant: its claim {self._provider.tenant_claim!r} is missing, or no name of one.",
                wrong=True,
            )
        scopes = frozenset(scope for scope in SCOPES if scope in self._scopes(claims))
        return Caller(tenant, str(name)[:LONGEST_NAME], scopes, 0 if "admin" in scopes else DEFAULT_PRIORITY)

    def _claims(self, token: str) -> Json:
        """What the token says, when it is to be believed."""
        provider = self._provider
        wanted = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": provider.issuer},
            aud={"essential": True, "value": provider.audience},
            exp={"essential": True},
        )
        registry = jws.JWSRegistry(algorithms=list(provider.algorithms))
        try:
            keys = self._keys_for(jws.extract_compact(token.encode("ascii"), registry=registry).headers().get("kid"))
            claims: Json = jwt.decode(token, keys, registry=registry).claims
            wanted.validate(claims)
        except ExpiredTokenError:
            raise NotKnownError("The time of the token is over. Maybe it can be refreshed.", wrong=True) from None
        except UNREADABLE:
            raise NotKnownError(
                f"This is neither an API key nor a token that {provider.issuer} has signed for {provider.audience}.",
                wrong=True,
            ) from None
        return claims

    def _scopes(self, claims: Json) -> frozenset[str]:
        """The names of scopes in the token, as a list or as words in a text."""
        said = claims.get(self._provider.scope_claim)
        words = said.split() if isinstance(said, str) else said if isinstance(said, list) else []
        prefix = self._provider.scope_prefix
        return frozenset(
            word.removeprefix(prefix) for word in words if isinstance(word, str) and word.startswith(prefix)
        )

    def _keys_for(self, kid: Any) -> KeySet:
        """The keys, fetched anew when their time is over, or when this one is not among them."""
        with self._lock:
            age = self._clock() - self._asked_at
            known = self._keys is not None and (kid is None or any(key.kid == kid for key in self._keys.keys))
            if age > self._provider.keys_seconds or (not known and age > REFETCH_SECONDS):
                self._asked_at = self._clock()
                self._renew()
            if self._keys is None:
                raise IdentityUnavailableError
            return self._keys

    def _renew(self) -> None:
        """Fetch the keys; those there were stay where that fails, for what they signed is still true."""
        try:
            found = self._fetch()
            usable = [key for key in found["keys"] if key.get("kty") != "oct" and key.get("use", "sig") == "sig"]
            self._keys = KeySet.import_key_set({"keys": usable})
        except IdentityUnavailableError as error:
            log.warning("keys of the identity provider not available", said=error.said)
        except UNREADABLE as error:
            log.warning("keys of the identity provider not readable", said=str(error)[:200])

"""The guard at the door: from what a caller shows to who the caller is."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal, Protocol

from service.access.caller import ANYBODY, Caller
from service.access.keys import MARK, USED_SECONDS, Keys, digest_of, looks_like_key
from service.jobs.errors import NotKnownError, StoreUnavailableError
from service.jobs.job import now

OpenTo = Literal["nobody", "this host", "everybody"]
"""Who comes in without a key, as long as none was ever made."""


class Tokens(Protocol):
    """Who reads tokens of an identity provider."""

    def caller(self, token: str) -> Caller:
        """Who comes with it.

        Raises:
            NotKnownError: it is not one of the provider's, not for this service, or its time is over.
        """


@dataclass(frozen=True, slots=True)
class Shown:
    """What a request shows of its sender: its headers, as they came."""

    authorization: str | None
    api_key: str | None
    host: str


class Guard:
    """Lets in who shows a key or a token, and anybody where the service is open."""

    def __init__(self, keys: Keys, tokens: Tokens | None, open_to: OpenTo) -> None:
        self._keys = keys
        self._tokens = tokens
        self._open_to = open_to

    def caller(self, shown: Shown) -> Caller:
        """Who calls.

        Raises:
            NotKnownError: nobody that may come in.
        """
        credential = _credential(shown)
        if credential is None:
            return self._stranger(shown.host)
        if credential.startswith(MARK):
            return self._key_holder(credential)
        if self._tokens is None:
            raise NotKnownError("This is no API key of this service. Maybe a part of it was not copied.", wrong=True)
        return self._tokens.caller(credential)

    def _stranger(self, host: str) -> Caller:
        """Whoever shows nothing: welcome while the service is open."""
        if self._open_to == "nobody" or self._tokens is not None or self._keys.any():
            raise NotKnownError("This needs an API key, shown as `Authorization: Bearer KEY` or `X-API-Key: KEY`.")
        # A page from elsewhere may lead its own name to this host, and would then be let in as somebody on it.
        if self._open_to == "this host" and not is_loopback(_name_of(host)):
            raise NotKnownError(
                f"Without a key the service answers on this host alone, and was addressed as {host[:80]!r}. "
                "Maybe 127.0.0.1 is meant."
            )
        return ANYBODY

    def _key_holder(self, text: str) -> Caller:
        key = self._keys.find(digest_of(text)) if looks_like_key(text) else None
        instant = now()
        if key is None or not key.opens(instant):
            raise NotKnownError("This API key does not open. Maybe it was revoked, or a part is missing.", wrong=True)
        if key.last_used_at is None or (instant - key.last_used_at).total_seconds() > USED_SECONDS:
            with suppress(StoreUnavailableError):  # who cannot write may still let read
                self._keys.used(key.id)
        return key.caller


def is_loopback(name: str) -> bool:
    """Whether the name or address is one that only this host is reached by."""
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name.lower() == "localhost"


def _name_of(host: str) -> str:
    """The name in a Host header, without the port."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]


def _credential(shown: Shown) -> str | None:
    """The one key or token there is.

    Raises:
        NotKnownError: there are two, or the header has another form.
    """
    if shown.authorization is None:
        return shown.api_key
    scheme, _, text = shown.authorization.strip().partition(" ")
    if scheme.lower() != "bearer" or not text.strip():
        raise NotKnownError("The header Authorization has another form than `Bearer KEY`.", wrong=True)
    if shown.api_key not in (None, text.strip()):
        raise NotKnownError("Authorization and X-API-Key show two different keys; one is enough.", wrong=True)
    return text.strip()

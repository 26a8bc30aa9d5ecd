"""Where the keys of an identity provider come from: a URL, a file, or what the provider says of itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2

from service import VERSION
from service.access.tokens import Provider, ProviderTokens
from service.jobs.errors import IdentityUnavailableError
from service.settings import Settings

Json = dict[str, Any]

DISCOVERY = "/.well-known/openid-configuration"
SECONDS = 5.0
MOST_BYTES = 1024 * 1024


def tokens_of(settings: Settings) -> ProviderTokens | None:
    """Who reads tokens, as the settings say; None where they name no provider."""
    if settings.oidc_issuer is None or settings.oidc_audience is None:
        return None
    provider = Provider(
        issuer=settings.oidc_issuer,
        audience=settings.oidc_audience,
        algorithms=settings.oidc_algorithms,
        tenant_claim=settings.oidc_tenant_claim,
        scope_claim=settings.oidc_scope_claim,
        scope_prefix=settings.oidc_scope_prefix,
        keys_seconds=settings.oidc_keys_seconds,
    )
    return ProviderTokens(provider, keys_from(settings.oidc_keys, settings.oidc_issuer))


def keys_from(place: str | None, issuer: str) -> Callable[[], Json]:
    """A function that gives the key set; it raises IdentityUnavailableError where it cannot be had."""
    if place is None:
        return lambda: _fetch(_discovered(issuer))
    if place.startswith(("http://", "https://")):
        return lambda: _fetch(place)
    return lambda: _read(Path(place))


def _discovered(issuer: str) -> str:
    """Where the provider says that its keys are."""
    said = _fetch(issuer.rstrip("/") + DISCOVERY)
    if said.get("issuer") != issuer:
        raise IdentityUnavailableError(f"{issuer} says that it is {said.get('issuer')!r}")
    place = said.get("jwks_uri")
    if not isinstance(place, str):
        raise IdentityUnavailableError(f"{issuer} does not say where its keys are")
    return place


def _fetch(url: str) -> Json:
    headers = {"Accept": "application/json", "User-Agent": f"Stint/{VERSION}"}
    try:
        with httpx2.Client(timeout=SECONDS) as client, client.stream("GET", url, headers=headers) as answer:
            if answer.status_code != httpx2.codes.OK:
                raise IdentityUnavailableError(f"{url} answered {answer.status_code}")
            body = b""
            for part in answer.iter_bytes():
                body += part
                if len(body) > MOST_BYTES:
                    raise IdentityUnavailableError(f"{url} answered with more than {MOST_BYTES:,} bytes")
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
        raise IdentityUnavailableError(f"{url}: {type(error).__name__} {error}"[:300]) from error
    return _parsed(body, url)


def _read(file: Path) -> Json:
    try:
        return _parsed(file.read_bytes(), str(file))
    except OSError as error:
        raise IdentityUnavailableError(f"{file}: {error.strerror}") from error


def _parsed(body: bytes, place: str) -> Json:
    try:
        found = json.loads(body)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise IdentityUnavailableError(f"{place} holds no JSON object")
    return found

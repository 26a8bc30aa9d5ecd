"""`stint keys`: who may use the service. Works beside a running service, on its SQLite file as on Postgres."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from schemas.job import DEFAULT_PRIORITY, LEAST_URGENT
from service.access.caller import DEFAULT_TENANT, SCOPES
from service.commands.common import WRONG_INPUT, DatabaseUrl, end
from service.commands.serve import with_settings

if TYPE_CHECKING:
    from datetime import datetime

    from service.access.keys import ApiKey, Keys
    from service.settings import Settings

DEFAULT_SCOPES = ["read", "submit"]


def create(
    tenant: Annotated[str, typer.Option(help="Whose jobs it opens; those of other tenants do not exist to it.")] = (
        DEFAULT_TENANT
    ),
    name: Annotated[str, typer.Option(help="A note of who has it.")] = "",
    scope: Annotated[
        list[str] | None,
        typer.Option(help="What it may: read, submit, admin; several times for several. Without: read and submit."),
    ] = None,
    most_urgent: Annotated[
        int, typer.Option(min=0, max=LEAST_URGENT, help="The smallest priority that it may ask for; 0 is served first.")
    ] = DEFAULT_PRIORITY,
    days: Annotated[int | None, typer.Option(min=1, max=36_500, help="Days until it expires; never if none.")] = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Make an API key and show it, this once."""
    from service.access.keys import new_key
    from service.jobs.job import now

    _check_tenant(tenant)
    wanted = scope or DEFAULT_SCOPES
    for unknown in set(wanted) - set(SCOPES):
        end(WRONG_INPUT, f"There is no scope {unknown!r}; there are {', '.join(SCOPES)}.")
    expires_at = None if days is None else now() + timedelta(days=days)
    scopes = tuple(known for known in SCOPES if known in wanted)
    key, text = new_key(tenant, name, scopes, most_urgent=most_urgent, expires_at=expires_at)
    _with_keys(lambda keys: keys.add(key), database_url)
    typer.echo(f"A key for the tenant {tenant}. It is not shown again; `stint keys revoke {key.prefix}`", err=True)
    typer.echo("lets it open no more.", err=True)
    typer.echo(text)


def show(database_url: DatabaseUrl = None) -> None:
    """List the keys there are, by the part of them that is shown."""
    _with_keys(lambda keys: _print(keys.every()), database_url)


def revoke(
    prefix: Annotated[str, typer.Argument(metavar="PREFIX", help="The shown part of the key, as `keys list` has it.")],
    database_url: DatabaseUrl = None,
) -> None:
    """Let a key open no more, at once and for good."""

    def run(keys: Keys) -> None:
        key = keys.revoke("_".join(prefix.split("_")[:2]))  # also of a whole key, for whoever has only that
        if key is None:
            end(WRONG_INPUT, f"There is no key {prefix[:20]!r}. `stint keys list` has those there are.")
        typer.echo(f"The key {key.prefix} of the tenant {key.tenant} does not open any more.", err=True)

    _with_keys(run, database_url)


def _with_keys(run: Callable[[Keys], None], database_url: str | None) -> None:
    from service.serve import care_for_keys

    def with_them(settings: Settings) -> None:
        with care_for_keys(settings) as keys:
            run(keys)

    with_settings(with_them, database_url)


def _check_tenant(tenant: str) -> None:
    import re

    from service.access.caller import TENANT_PATTERN

    if not re.fullmatch(TENANT_PATTERN, tenant):
        expected = "1 to 64 letters, digits, dots, dashes and underscores, a letter or digit first"
        end(WRONG_INPUT, f"{tenant[:80]!r} is no name of a tenant, expected {expected}.")


def _print(keys: list[ApiKey]) -> None:
    """The keys as columns, each as wide as what is in it, so that nothing is cut off that one wants to copy."""
    from service.jobs.job import now

    instant = now()
    rows = [
        (
            key.prefix,
            key.tenant,
            ", ".join(key.scopes),
            _day(key.created_at),
            _day(key.last_used_at),
            _state(key, instant),
            key.name,
        )
        for key in keys
    ]
    rows.insert(0, ("key", "tenant", "scopes", "made", "last used", "state", "name"))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        typer.echo("  ".join(map(str.ljust, row, widths)).rstrip())


def _day(instant: datetime | None) -> str:
    return "never" if instant is None else f"{instant:%Y-%m-%d}"


def _state(key: ApiKey, instant: datetime) -> str:
    if key.revoked_at is not None:
        return f"revoked {_day(key.revoked_at)}"
    if key.expires_at is None:
        return "opens"
    return f"{'opens until' if key.opens(instant) else 'expired'} {_day(key.expires_at)}"

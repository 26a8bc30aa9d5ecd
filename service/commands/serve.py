"""`stint serve`, `stint api`, `stint worker` and `stint db`: the service and its database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from service.commands.common import WRONG_INPUT, DatabaseUrl, end

if TYPE_CHECKING:
    from collections.abc import Callable

    from service.settings import Settings

Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on.")]


def serve(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    database_url: DatabaseUrl = None,
) -> None:
    """Run the API and a worker, on one SQLite file."""
    from service.serve import serve as run

    with_settings(lambda settings: run(settings, host, port), database_url)


def api(host: Host = "127.0.0.1", port: Port = 8000, database_url: DatabaseUrl = None) -> None:
    """Run the API alone; its jobs are run by the workers on the same Postgres."""
    from service.serve import serve_api

    with_settings(lambda settings: serve_api(settings, host, port), database_url)


def worker(database_url: DatabaseUrl = None) -> None:
    """Run a worker alone, on a Postgres that any number of workers share.

    The jobs of a worker that dies are taken over by the others. Told to stop, a worker hands its jobs back.
    """
    from service.serve import work

    with_settings(work, database_url)


def db_upgrade(database_url: DatabaseUrl = None) -> None:
    """Bring the tables of the database to this release; once, before the first `stint api` and `stint worker` of it."""
    from service.serve import upgrade_database

    with_settings(upgrade_database, database_url)
    typer.echo("The database is up to date.", err=True)


def with_settings(run: Callable[[Settings], None], database_url: str | None) -> None:
    """Run with the settings there are; what hinders that is told in a sentence."""
    from pydantic import ValidationError

    from service.serve import CannotServeError
    from service.settings import Settings

    try:
        run(Settings() if database_url is None else Settings(database_url=database_url))
    except (CannotServeError, ValidationError) as error:
        end(WRONG_INPUT, str(error))

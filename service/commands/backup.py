"""`stint db backup`: a copy of the SQLite file, made while the service runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from service.commands.common import DatabaseUrl
from service.commands.serve import with_settings


def db_backup(
    to: Annotated[Path, typer.Argument(help="The file to write; there must be none of that name.")],
    database_url: DatabaseUrl = None,
) -> None:
    """Copy the SQLite file as it is at one moment, also while the service works on it."""
    from service.serve import back_up_database

    with_settings(lambda settings: back_up_database(settings, to), database_url)
    typer.echo(f"Copied to {to}.", err=True)

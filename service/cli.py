"""The command `stint`: its commands, each a file of `service.commands`, so that `--help` imports little."""

from __future__ import annotations

from typing import Annotated

import typer

from service.commands.backup import db_backup
from service.commands.capacity import capacity
from service.commands.check import check
from service.commands.example import example
from service.commands.explain import explain
from service.commands.export import export
from service.commands.forecast import forecast
from service.commands.keys import create as keys_create
from service.commands.keys import revoke as keys_revoke
from service.commands.keys import show as keys_list
from service.commands.mix import mix
from service.commands.predict import predict
from service.commands.report import report
from service.commands.serve import api, db_upgrade, serve, worker
from service.commands.solve import solve
from service.commands.staff import staff

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Shift scheduling for contact centres: requirements and availability in, a verified roster out.",
    epilog="Exit status: 0 done, 1 infeasible or violations found, 2 the input is wrong, 3 no roster within the time, "
    "4 the solver failed.",
)
for command in (
    solve,
    check,
    explain,
    serve,
    api,
    worker,
    example,
    export,
    staff,
    capacity,
    forecast,
    predict,
    report,
    mix,
):
    app.command()(command)

database_app = typer.Typer(no_args_is_help=True, help="Care for the database.")
database_app.command("upgrade")(db_upgrade)
database_app.command("backup")(db_backup)
app.add_typer(database_app, name="db")

keys_app = typer.Typer(no_args_is_help=True, help="Say who may use the service.")
keys_app.command("create")(keys_create)
keys_app.command("list")(keys_list)
keys_app.command("revoke")(keys_revoke)
app.add_typer(keys_app, name="keys")


def main() -> None:
    """Run the command line."""
    app()


def _print_version(wanted: bool) -> None:
    if wanted:
        from service import VERSION

        typer.echo(f"stint {VERSION}")
        raise typer.Exit


@app.callback()
def _stint(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and end.")
    ] = False,
) -> None:
    pass


if __name__ == "__main__":
    main()

"""The command `stint`. What a command needs is imported when it runs, so that `--help` is quick."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

    from schemas.fault import RequestRefused
    from schemas.request import RosterRequest
    from schemas.roster import Roster
    from service.settings import Settings

STANDARD_OUTPUT = Path("-")
DONE, FOUND_WANTING, WRONG_INPUT, NO_ROSTER, BROKEN = 0, 1, 2, 3, 4

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Shift scheduling for contact centres: requirements and availability in, a verified roster out.",
    epilog="Exit status: 0 done, 1 infeasible or violations found, 2 the input is wrong, 3 no roster within the time, "
    "4 the solver failed.",
)

database_app = typer.Typer(no_args_is_help=True, help="Care for the database.")
app.add_typer(database_app, name="db")

RequestFile = Annotated[Path, typer.Argument(metavar="REQUEST.json", help="The request.")]
OutputFile = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to write the JSON.")]

Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on.")]
DatabaseUrl = Annotated[
    str | None, typer.Option(help="SQLAlchemy URL of the database; STINT_DATABASE_URL does the same.")
]


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


@app.command()
def solve(
    request: RequestFile,
    output: OutputFile = None,
    time_limit: Annotated[
        float | None,
        typer.Option("--time-limit", metavar="S", min=0.1, max=86_400, help="Seconds, in place of the request's own."),
    ] = None,
) -> None:
    """Make a roster, without a server.

    The roster goes to the file given by -o. Without -o it goes to standard output where that is a file or a pipe,
    and on a terminal only the summary is shown. Ctrl-C stops the search and keeps the best roster so far.
    """
    from service.settings import Settings
    from service.terminal import solve as terminal

    raw = _read(request)
    wanted = _checked(request, raw)
    if time_limit is not None:
        raw = _with_time_limit(raw, time_limit)
    target = output or (None if sys.stdout.isatty() else STANDARD_OUTPUT)
    _check_writable(target)
    seconds = time_limit or wanted.options.time_limit_seconds
    try:
        roster = terminal.solve(raw, seconds, _console(sys.stderr), Settings())
    except terminal.SolverFailedError as error:
        _end(BROKEN, str(error))
    if target is not None:
        _write(json.dumps(roster, ensure_ascii=False) + "\n", target)
    _end_with(_shown(wanted, roster, _console(sys.stderr if target == STANDARD_OUTPUT else sys.stdout)))


@app.command()
def check(
    request: RequestFile,
    roster: Annotated[Path | None, typer.Argument(metavar="[ROSTER.json]", help="A roster for the request.")] = None,
) -> None:
    """Validate a request; with a roster, verify and price that."""
    from service.terminal.summary import show, show_messages
    from solver.reading import defaults_used

    raw = _read(request)
    wanted = _checked(request, raw)
    console = _console(sys.stdout)
    if roster is None:
        console.print(_size(request, wanted), markup=False, highlight=False)
        show_messages(console, defaults_used(raw, wanted))
        _end_with(DONE)
    judged = _judged(wanted, roster)
    show(console, wanted, judged)
    _end_with(FOUND_WANTING if judged.violations else DONE)


@app.command()
def serve(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    database_url: DatabaseUrl = None,
) -> None:
    """Run the API and a worker, on one SQLite file."""
    from service.serve import serve as run

    _with_settings(lambda settings: run(settings, host, port), database_url)


@app.command()
def api(host: Host = "127.0.0.1", port: Port = 8000, database_url: DatabaseUrl = None) -> None:
    """Run the API alone; its jobs are run by the workers on the same Postgres."""
    from service.serve import serve_api

    _with_settings(lambda settings: serve_api(settings, host, port), database_url)


@app.command()
def worker(database_url: DatabaseUrl = None) -> None:
    """Run a worker alone, on a Postgres that any number of workers share.

    The jobs of a worker that dies are taken over by the others. Told to stop, a worker hands its jobs back.
    """
    from service.serve import work

    _with_settings(work, database_url)


@database_app.command("upgrade")
def db_upgrade(database_url: DatabaseUrl = None) -> None:
    """Bring the tables of the database to this release; once, before the first `stint api` and `stint worker` of it."""
    from service.serve import upgrade_database

    _with_settings(upgrade_database, database_url)
    typer.echo("The database is up to date.", err=True)


def _with_settings(run: Callable[[Settings], None], database_url: str | None) -> None:
    """Run with the settings there are; what hinders that is told in a sentence."""
    from pydantic import ValidationError

    from service.serve import CannotServeError
    from service.settings import Settings

    try:
        run(Settings() if database_url is None else Settings(database_url=database_url))
    except (CannotServeError, ValidationError) as error:
        _end(WRONG_INPUT, str(error))


@app.command()
def example(
    agents: Annotated[int, typer.Option(min=1, max=20_000, help="Agents.")] = 40,
    days: Annotated[int, typer.Option(min=1, max=366, help="Days to plan.")] = 7,
    groups: Annotated[int, typer.Option(min=1, max=8, help="Planning groups.")] = 1,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same contact centre.")] = 1,
    start: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day; a Monday if none.")] = None,
    night: Annotated[bool, typer.Option("--night", help="Open around the clock.")] = False,
    output: OutputFile = None,
) -> None:
    """Write a realistic request to try things with."""
    from solver.example import as_text, example_request

    first = start.date() if start else None
    request = example_request(agents=agents, days=days, groups=groups, seed=seed, start_date=first, night=night)
    _write(as_text(request) + "\n", output or STANDARD_OUTPUT)


@app.command()
def export(
    request: RequestFile,
    roster: Annotated[Path, typer.Argument(metavar="ROSTER.json", help="A roster of the request.")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where to write it.")],
    form: Annotated[
        str | None, typer.Option("--format", help="csv, csv-days, xlsx or ics; the ending of FILE says it otherwise.")
    ] = None,
    agent_id: Annotated[str | None, typer.Option("--agent", help="One agent's part alone.")] = None,
) -> None:
    """Write a roster as CSV, as an Excel workbook or as a calendar."""
    from datetime import UTC

    from service.exports.book import Book
    from service.exports.formats import FORMATS, Edition, pieces

    wanted = form or output.suffix.removeprefix(".").lower()
    if wanted not in FORMATS:
        _end(WRONG_INPUT, f"There is no format {wanted!r}; there are {', '.join(FORMATS)}.")
    raw = _read(request)
    judged = _judged(_checked(request, raw), roster)
    book: Book | None = Book.of(raw, judged.model_dump_json().encode())
    if book is not None and agent_id is not None:
        book = book.only(agent_id)
    if book is None:
        _end(WRONG_INPUT, f"{request} has no agent {agent_id!r}.")
    edition = Edition(request.stem, 0, datetime.now(UTC))
    try:
        with output.open("wb") as file:
            file.writelines(pieces(book, wanted, edition))
    except OSError as error:
        _end(WRONG_INPUT, f"{output} cannot be written: {error.strerror}.")


@app.command()
def staff(
    volumes: Annotated[Path, typer.Argument(metavar="VOLUMES", help="A staffing request as JSON, or volumes as CSV.")],
    output: OutputFile = None,
    percent: Annotated[float | None, typer.Option(help="Goal: so many percent of contacts …")] = None,
    within_seconds: Annotated[float | None, typer.Option(help="… answered within so many seconds.")] = None,
    patience_seconds: Annotated[float | None, typer.Option(help="Mean patience of those who wait.")] = None,
    max_occupancy_percent: Annotated[float | None, typer.Option(help="Busiest that agents may be.")] = None,
    shrinkage_percent: Annotated[float | None, typer.Option(help="Paid time that is not spent on queue.")] = None,
    interval_minutes: Annotated[int | None, typer.Option(help="Length of an interval.")] = None,
    time_zone: Annotated[str | None, typer.Option(help="Zone of the times.")] = None,
    curve: Annotated[bool, typer.Option("--curve", help="Also the service of fewer and of more agents.")] = False,
) -> None:
    """Agents needed for volumes, handle times and service goals; the options go before what a JSON file says.

    A CSV file has the columns start, volume, aht_seconds, and where wanted planning_group_id, shrinkage_percent, staff.
    The answer holds `requirements` in the very form of a roster request.
    """
    from schemas.fault import RequestRefused
    from service.terminal.staffing import show_staffing
    from solver.reading import read_json
    from solver.reading.staffing import read_staffing
    from solver.staffing.requirements import staffing

    raw = _read(volumes)
    options: dict[str, Any] = {
        "patience_seconds": patience_seconds,
        "max_occupancy_percent": max_occupancy_percent,
        "shrinkage_percent": shrinkage_percent,
        "interval_minutes": interval_minutes,
        "time_zone": time_zone,
        "curve": curve or None,
    }
    if percent is not None or within_seconds is not None:
        if percent is None or within_seconds is None:
            _end(WRONG_INPUT, "A service goal has two parts: give both --percent and --within-seconds.")
        options["service_goal"] = {"percent": percent, "within_seconds": within_seconds}
    try:
        whole = _volumes(volumes, raw) if volumes.suffix.lower() == ".csv" else read_json(raw)
        given = {name: value for name, value in options.items() if value is not None}
        answer = staffing(read_staffing({**whole, **given} if isinstance(whole, dict) else whole))
    except RequestRefused as refused:
        _refuse(volumes, refused)
    if output is not None or not sys.stdout.isatty():
        _write(answer.model_dump_json() + "\n", output or STANDARD_OUTPUT)
    else:
        show_staffing(_console(sys.stdout), answer)


def _volumes(file: Path, raw: bytes) -> dict[str, Any]:
    from solver.reading.staffing import volumes_from_csv

    try:
        return volumes_from_csv(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        _end(WRONG_INPUT, f"{file} is not UTF-8. Maybe it was saved in another encoding.")


def _checked(file: Path, raw: bytes) -> RosterRequest:
    """The request, or the end with every fault on a line."""
    from schemas.fault import RequestRefused
    from solver.reading import read_request

    try:
        return read_request(raw)
    except RequestRefused as refused:
        _refuse(file, refused)


def _judged(request: RosterRequest, file: Path) -> Roster:
    """The roster in the file with the judge's price and findings in place of its own."""
    from schemas.fault import RequestRefused
    from solver.reading import read_roster
    from solver.verify import judge

    try:
        roster = read_roster(_read(file))
    except RequestRefused as refused:
        _refuse(file, refused)
    judgement = judge(request, roster)
    return roster.model_copy(
        update={
            "verdict": None,
            "cost": judgement.cost,
            "lower_bound": None,
            "gap_percent": None,
            "coverage": judgement.coverage,
            "violations": judgement.violations,
            "statistics": judgement.statistics,
        }
    )


def _shown(request: RosterRequest, roster: dict[str, Any], console: Console) -> int:
    """Show what came of a solve, and give the exit status that says it."""
    from schemas.roster import Roster
    from service.terminal.summary import show

    found = Roster.model_validate(roster)
    show(console, request, found)
    if found.verdict == "infeasible" or found.violations:
        return FOUND_WANTING
    return NO_ROSTER if found.verdict == "undecided" else DONE


def _size(file: Path, request: RosterRequest) -> str:
    period = request.planning_period
    parts = (
        _count(len(request.agents), "agent"),
        f"{_count(period.days, 'day')} from {period.start_date}",
        _count(len(request.planning_groups), "planning group"),
        _count(len(request.work_plans), "work plan"),
    )
    return f"{file} is in order: {', '.join(parts)}."


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def _with_time_limit(raw: bytes, seconds: float) -> bytes:
    """The request with another time limit."""
    request = json.loads(raw)
    request["options"] = {**request.get("options", {}), "time_limit_seconds": seconds}
    return json.dumps(request).encode()


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        _end(WRONG_INPUT, f"{file} cannot be read: {error.strerror}.")


def _check_writable(file: Path | None) -> None:
    """Notice before a long solve that its roster could not be written."""
    if file not in (None, STANDARD_OUTPUT):
        try:
            file.open("a").close()
        except OSError as error:
            _end(WRONG_INPUT, f"{file} cannot be written: {error.strerror}.")


def _write(text: str, file: Path) -> None:
    if file == STANDARD_OUTPUT:
        sys.stdout.write(text)
        return
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        _end(WRONG_INPUT, f"{file} cannot be written: {error.strerror}.")


def _refuse(file: Path, refused: RequestRefused) -> NoReturn:
    """Each fault on a line: where it is, and what is wrong with it."""
    sentences = (" ".join(fault.text.removeprefix(f"{fault.pointer}: ").split()) for fault in refused.faults)
    lines = (f"{file}#{fault.pointer}: {text}" for fault, text in zip(refused.faults, sentences, strict=True))
    _end(WRONG_INPUT, "\n".join(lines))


def _console(stream: Any) -> Console:
    from rich.console import Console

    return Console(file=stream, soft_wrap=not stream.isatty(), highlight=False)


def _end(status: int, sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    _end_with(status)


def _end_with(status: int) -> NoReturn:
    raise typer.Exit(status)


if __name__ == "__main__":
    main()

"""What commands share: options, files read and written, requests checked, and ways to end."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

    from schemas.fault import RequestRefused
    from schemas.request import RosterRequest
    from schemas.roster import Roster

STANDARD_OUTPUT = Path("-")
DONE, FOUND_WANTING, WRONG_INPUT, NO_ROSTER, BROKEN = 0, 1, 2, 3, 4

RequestFile = Annotated[Path, typer.Argument(metavar="REQUEST.json", help="The request.")]
OutputFile = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to write the JSON.")]
DatabaseUrl = Annotated[
    str | None, typer.Option(help="SQLAlchemy URL of the database; STINT_DATABASE_URL does the same.")
]


def read_request_of(file: Path, raw: bytes) -> RosterRequest:
    """The request, or the end with every fault on a line."""
    from schemas.fault import RequestRefused
    from solver.reading import read_request

    try:
        return read_request(raw)
    except RequestRefused as refused:
        refuse(file, refused)


def read_roster_of(file: Path) -> Roster:
    """The roster, or the end with every fault on a line."""
    from schemas.fault import RequestRefused
    from solver.reading import read_roster

    try:
        return read_roster(read(file))
    except RequestRefused as refused:
        refuse(file, refused)


def judged_roster(request: RosterRequest, file: Path) -> Roster:
    """The roster in the file with the judge's price and findings in place of its own."""
    from solver.verify import judge

    roster = read_roster_of(file)
    judgement = judge(request, roster)
    return roster.model_copy(
        update={
            "verdict": None,
            "cost": judgement.cost,
            "lower_bound": None,
            "gap_percent": None,
            "coverage": judgement.coverage,
            "service": judgement.service,
            "violations": judgement.violations,
            "statistics": judgement.statistics,
        }
    )


def read(file: Path) -> bytes:
    """What is in the file, or the end."""
    try:
        return file.read_bytes()
    except OSError as error:
        end(WRONG_INPUT, f"{file} cannot be read: {error.strerror}.")


def read_text(file: Path) -> str:
    """What is in the file as text, or the end."""
    try:
        return read(file).decode("utf-8-sig")
    except UnicodeDecodeError:
        end(WRONG_INPUT, f"{file} is not UTF-8. Maybe it was saved in another encoding.")


def write(text: str, file: Path) -> None:
    """Write the text to the file, or to standard output."""
    if file == STANDARD_OUTPUT:
        sys.stdout.write(text)
        return
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        end(WRONG_INPUT, f"{file} cannot be written: {error.strerror}.")


def check_writable(file: Path | None) -> None:
    """Notice before a long solve that its roster could not be written."""
    if file not in (None, STANDARD_OUTPUT):
        try:
            file.open("a").close()
        except OSError as error:
            end(WRONG_INPUT, f"{file} cannot be written: {error.strerror}.")


def refuse(file: Path, refused: RequestRefused) -> NoReturn:
    """Each fault on a line: where it is, and what is wrong with it."""
    sentences = (" ".join(fault.text.removeprefix(f"{fault.pointer}: ").split()) for fault in refused.faults)
    lines = (f"{file}#{fault.pointer}: {text}" for fault, text in zip(refused.faults, sentences, strict=True))
    end(WRONG_INPUT, "\n".join(lines))


def console_on(stream: Any) -> Console:
    """A console that wraps nothing where nobody looks."""
    from rich.console import Console

    return Console(file=stream, soft_wrap=not stream.isatty(), highlight=False)


def errand_on(name: str, file: Path) -> dict[str, Any]:
    """The answer of an errand of the solver to the request in a file, or the end."""
    return errand_asked(name, read(file), file)


def errand_asked(name: str, raw: bytes, file: Path) -> dict[str, Any]:
    """The answer of an errand of the solver to a request made of a file, or the end."""
    import asyncio

    from schemas.fault import RequestRefused
    from service.jobs.errands import answered
    from service.jobs.errors import ErrandFailedError
    from service.settings import Settings

    try:
        return asyncio.run(answered(name, raw, Settings()))
    except RequestRefused as refused:
        refuse(file, refused)
    except ErrandFailedError as failed:
        end(BROKEN, failed.detail)


def show_or_write(answer: dict[str, Any], output: Path | None, show: Callable[[Console], None]) -> None:
    """An answer as JSON to a file or a pipe; on a terminal, without a file, in words."""
    if output is not None or not sys.stdout.isatty():
        write(json.dumps(answer, ensure_ascii=False) + "\n", output or STANDARD_OUTPUT)
    else:
        show(console_on(sys.stdout))


def end(status: int, sentence: str) -> NoReturn:
    """Say it on standard error and end."""
    typer.echo(sentence, err=True)
    end_with(status)


def end_with(status: int) -> NoReturn:
    """End with the exit status."""
    raise typer.Exit(status)

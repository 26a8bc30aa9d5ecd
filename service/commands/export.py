"""`stint export`: a roster as CSV, workbook or calendar."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from service.commands.common import WRONG_INPUT, RequestFile, end, judged_roster, read, read_request_of

if TYPE_CHECKING:
    from service.exports.book import Book


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
    from datetime import UTC, datetime

    from service.exports.book import Book
    from service.exports.formats import FORMATS, Edition, pieces

    wanted = form or output.suffix.removeprefix(".").lower()
    if wanted not in FORMATS:
        end(WRONG_INPUT, f"There is no format {wanted!r}; there are {', '.join(FORMATS)}.")
    raw = read(request)
    judged = judged_roster(read_request_of(request, raw), roster)
    book: Book | None = Book.of(raw, judged.model_dump_json().encode())
    if book is not None and agent_id is not None:
        book = book.only(agent_id)
    if book is None:
        end(WRONG_INPUT, f"{request} has no agent {agent_id!r}.")
    edition = Edition(request.stem, 0, datetime.now(UTC))
    try:
        with output.open("wb") as file:
            file.writelines(pieces(book, wanted, edition))
    except OSError as error:
        end(WRONG_INPUT, f"{output} cannot be written: {error.strerror}.")

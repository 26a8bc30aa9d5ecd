"""Which format is asked for, and a roster in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeVar, get_args

from service.exports.book import Book

Named = TypeVar("Named", bound=str)
Format = Literal["json", "csv", "csv-days", "xlsx", "ics"]
FORMATS: tuple[Format, ...] = get_args(Format)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA_TYPES: dict[Format, str] = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "csv-days": "text/csv; charset=utf-8",
    "xlsx": XLSX,
    "ics": "text/calendar; charset=utf-8",
}
SUFFIXES: dict[Format, str] = {"json": "json", "csv": "csv", "csv-days": "csv", "xlsx": "xlsx", "ics": "ics"}
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True)
class Edition:
    """Which roster of a job it is."""

    job_id: str
    sequence: int
    stamp: datetime


def accepted(accept: str | None) -> Format | None:
    """The format of a roster that an Accept header likes best: JSON where it likes all, None for none."""
    return liked(accept, MEDIA_TYPES)


def liked(accept: str | None, types: Mapping[Named, str]) -> Named | None:
    """Of formats with their media types, the one that an Accept header likes best (RFC 9110 §12.5.1).

    The first of `types` where it likes all, the first text where it likes all texts.
    """
    wishes: list[tuple[float, int, Named]] = []
    for number, part in enumerate((accept or "*/*").split(",")):
        kind, *parameters = (piece.strip().lower() for piece in part.split(";"))
        liking = next((_quality(p[2:]) for p in parameters if p.startswith("q=")), 1.0)
        found = _named(kind, types)
        if found is not None and liking > 0:
            wishes.append((-liking, number, found))
    return min(wishes)[2] if wishes else None


def _quality(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _named(kind: str, types: Mapping[Named, str]) -> Named | None:
    family = kind.removesuffix("*")
    if kind == "*/*":
        return next(iter(types))
    if kind.endswith("/*"):
        return next((name for name, media in types.items() if media.startswith(family)), None)
    return next((name for name, media in types.items() if media.partition(";")[0] == kind), None)


def pieces(book: Book, form: Format, edition: Edition) -> Iterable[bytes]:
    """The roster in the format, piece by piece where that saves memory; what it needs is imported when it is used."""
    if form == "csv":
        from service.exports.table import activities

        return activities(book)
    if form == "csv-days":
        from service.exports.table import days

        return days(book)
    if form == "xlsx":
        from service.exports.workbook import workbook

        return workbook(book)
    if form == "ics":
        from service.exports.calendar import calendar

        return calendar(book, job_id=edition.job_id, sequence=edition.sequence, stamp=edition.stamp)
    return [book.whole_roster().model_dump_json().encode()]


def file_name(name: str, job_id: str, form: Format) -> str:
    """A name that any system takes: letters and digits of the roster's name, or the job."""
    stem = _UNSAFE.sub("-", name).strip("-.")[:80] or f"roster-{job_id}"
    return f"{stem}.{SUFFIXES[form]}"

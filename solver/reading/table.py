"""Tables as CSV: columns by name, every fault at its line."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Sequence

from solver.reading.faults import Faults

Row = dict[str, str]


def read_table(text: str, columns: Sequence[str], needed: Collection[str]) -> list[tuple[int, Row]]:
    """The lines with something in them, each with its number and its cells by the names in the first line.

    Raises:
        RequestRefused: with every fault of the first line, or of the others.
    """
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    faults = Faults()
    names = [name.strip() for name in rows[0]] if rows else []
    _head(names, columns, needed, faults)
    found = list(_lines(rows[1:], names, faults)) if not faults.found else []
    faults.refuse()
    return found


def number_in(row: Row, name: str, line: int, faults: Faults, *, whole: bool = False) -> float | int:
    """The number in a cell; 0 and a fault where there is none."""
    text = row[name]
    try:
        return int(text) if whole else float(text)
    except ValueError:
        faults.add((str(line), name), text or "nothing", "a number", f"Line {line}: {name} is {text!r}, not a number.")
        return 0


def _head(names: Sequence[str], columns: Sequence[str], needed: Collection[str], faults: Faults) -> None:
    for place, name in enumerate(names):
        if name not in columns:
            faults.add(("1",), name, f"one of {', '.join(columns)}", f"Line 1: there is no column {name!r}.")
        elif name in names[:place]:
            faults.add(("1",), name, "each column once", f"Line 1: the column {name!r} is there twice.")
    missing = [name for name in columns if name in needed and name not in names]
    if missing:
        told = f"Line 1: the table lacks {', '.join(missing)}."
        faults.add(("1",), ", ".join(names) or "nothing", ", ".join(needed), told)


def _lines(rows: Sequence[Sequence[str]], names: Sequence[str], faults: Faults) -> Iterator[tuple[int, Row]]:
    for line, cells in enumerate(rows, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(names):
            told = f"Line {line} has {len(cells)} cells, the first line {len(names)}."
            faults.add((str(line),), f"{len(cells)} cells", f"{len(names)} cells", told)
            continue
        yield line, dict(zip(names, (cell.strip() for cell in cells), strict=True))

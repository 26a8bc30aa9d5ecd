"""Requests in Stint's own form: a file is an instance, its value is the judge's cost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from bench.family import Instance, data_files, judged

DATA = "contact_centre_week"  # folder of STINT_BENCH_DATA


def instances(paths: list[Path]) -> Iterator[Instance]:
    """Every request in the files and folders named."""
    for path in data_files(DATA, paths, "*.json"):
        request = json.loads(path.read_text(encoding="utf-8"))
        yield Instance(path.stem, request, judged(request))

"""Other programs' own cases: how many people start each shift, a roster of named people, and two demonstrations.

The folder holds `shift_counts_*.json` and `roster_55x7.json` (pyworkforce), `shift_scheduling_sat_default.json` (the
sample of OR-Tools) and `demo_small.json` (employee scheduling of Timefold), each with its data and known results. Each
kind has an adapter of its own; files that only hold times are passed over.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import peer_demo, peer_roster, peer_sample, shift_counts
from bench.family import Instance, Json, data_files

ADAPTERS: dict[str, Callable[[str, Json], Iterator[Instance]]] = {
    "shift_counts_2x24": shift_counts.instances,
    "shift_counts_scale": shift_counts.instances,
    "roster_55x7": peer_roster.instances,
    "shift_scheduling_sat_default": peer_sample.instances,
    "demo_small": peer_demo.instances,
}


def instances(paths: list[Path]) -> Iterator[Instance]:
    """The instances in each file."""
    for path in data_files("peers", paths, "*.json"):
        adapter = ADAPTERS.get(path.stem)
        if adapter is not None:
            yield from adapter(path.stem, json.loads(path.read_text(encoding="utf-8")))

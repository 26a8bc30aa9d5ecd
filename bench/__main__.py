"""`python -m bench FAMILY PATH… --seconds S`: one JSON line per instance, scored again by the family's own rules."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from bench import (
    call_arrivals,
    contact_centre,
    contact_centre_month,
    matsp,
    multiskill_shift_design,
    nrp,
    peers,
    planted,
    shift_design,
    textbook,
)
from bench.child import PLAIN, STINT, solve_in_child
from bench.family import DataMissingError, Instance
from bench.lines import line_of

FAMILIES: dict[str, Callable[[list[Path]], Iterator[Instance]]] = {
    "contact_centre": contact_centre.instances,
    "contact_centre_month": contact_centre_month.instances,
    "call_arrivals": call_arrivals.instances,
    "matsp": matsp.instances,
    "multiskill_shift_design": multiskill_shift_design.instances,
    "nrp": nrp.instances,
    "peers": peers.instances,
    "planted": planted.instances,
    "shift_design": shift_design.instances,
    "textbook": textbook.instances,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Solve every instance and print its line; 1 where a roster was refused or missing, 2 where the data is."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("family", choices=sorted(FAMILIES))
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="files or folders of instances")
    parser.add_argument("--seconds", type=float, default=60.0, help="time limit of each solve, compile included")
    parser.add_argument("--plain", action="store_true", help="solve with the plain CP-SAT model instead")
    parser.add_argument("--requests", type=Path, metavar="FOLDER", help="write the requests there and solve nothing")
    parser.add_argument("--rosters", type=Path, metavar="FOLDER", help="write the rosters there")
    parser.add_argument("--timeline", action="store_true", help="print how cost and bound went, to standard error")
    asked = parser.parse_args(arguments)
    failed = False
    try:
        for instance in FAMILIES[asked.family](asked.paths):
            if asked.requests:
                _write(asked.requests, instance.name, instance.request)
                continue
            outcome = solve_in_child(instance.request, seconds=asked.seconds, command=PLAIN if asked.plain else STINT)
            line = line_of(instance, outcome)
            failed |= line["value"] is None
            print(json.dumps(line), flush=True)
            if asked.timeline:
                print(*outcome.timeline, sep="\n", file=sys.stderr)
            if asked.rosters and outcome.roster:
                _write(asked.rosters, instance.name, outcome.roster)
    except DataMissingError as missing:
        print(missing, file=sys.stderr)
        return 2
    return int(failed)


def _write(folder: Path, name: str, value: dict[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(value), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())

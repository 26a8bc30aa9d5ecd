"""`python -m bench.staffing`: ten thousand intervals to requirements, as a ratio to pyworkforce 0.5.1 in the same run.

pyworkforce is no dependency of ours. It is timed when the Python named by `--peer` has it:

    uv venv peer && uv pip install --python peer/bin/python pyworkforce==0.5.1
    python -m bench.staffing --peer peer/bin/python

Both staff the same volumes for 80 % in 20 s by Erlang C, the peer one interval after the other as its own interface
has it, and the numbers of agents are compared. The peer has no queue with impatient callers; ours is timed alone.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from solver.reading.staffing import read_staffing
from solver.staffing.queues import Queues
from solver.staffing.requirements import staffing

INTERVAL_MINUTES, AHT_SECONDS, WITHIN_SECONDS, GOAL, PATIENCE_SECONDS = 30, 240, 20, 0.8, 120
TIMES = 3

PEER = """
import json, sys, time
from pyworkforce.queuing import ErlangC
volumes = json.load(sys.stdin)
began = time.perf_counter()
found = [
    ErlangC(transactions=volume, aht=%(aht)s / 60, interval=%(interval)s, asa=%(within)s / 60, shrinkage=0.0)
    .required_positions(service_level=%(goal)s, max_occupancy=1.0)["raw_positions"] for volume in volumes
]
print(json.dumps({"seconds": time.perf_counter() - began, "agents": found}))
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print one JSON line."""
    parser = argparse.ArgumentParser(prog="python -m bench.staffing", description=__doc__)
    parser.add_argument("--intervals", type=int, default=10_000)
    parser.add_argument("--peer", type=Path, help="a Python that has pyworkforce 0.5.1")
    asked = parser.parse_args(arguments)
    draw = random.Random(1)
    volumes = [draw.randint(1, 400) for _ in range(asked.intervals)]
    load, aht = np.array(volumes) * AHT_SECONDS / (60 * INTERVAL_MINUTES), np.full(len(volumes), float(AHT_SECONDS))
    patient = Queues.of(load, aht, within=WITHIN_SECONDS, goal=GOAL)
    impatient = Queues.of(load, aht, within=WITHIN_SECONDS, goal=GOAL, patience=PATIENCE_SECONDS)
    line: dict[str, Any] = {
        "intervals": len(volumes),
        "patient_seconds": best(patient.fewest),
        "impatient_seconds": best(impatient.fewest),
        "whole_request_patient_seconds": best(lambda: whole(volumes, None)),
        "whole_request_impatient_seconds": best(lambda: whole(volumes, PATIENCE_SECONDS)),
    }
    if asked.peer:
        line |= beside(asked.peer, volumes, patient.fewest().tolist(), line["patient_seconds"])
    print(json.dumps(line))
    return 0


def best(work: Any) -> float:
    """Seconds of the quickest of a few runs."""
    found = []
    for _ in range(TIMES):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return round(min(found), 3)


def whole(volumes: Sequence[int], patience: float | None) -> str:
    """From the text of a request to that of the answer, as the service has it."""
    start = datetime(2026, 1, 5)
    intervals = [
        {
            "start": (start + timedelta(minutes=INTERVAL_MINUTES * number)).isoformat(timespec="minutes"),
            "volume": volume,
            "aht_seconds": AHT_SECONDS,
        }
        for number, volume in enumerate(volumes)
    ]
    goal = {"percent": 100 * GOAL, "within_seconds": WITHIN_SECONDS}
    request = {"service_goal": goal, "patience_seconds": patience, "intervals": intervals}
    return staffing(read_staffing(json.dumps(request))).model_dump_json()


def beside(peer: Path, volumes: Sequence[int], ours: Sequence[float], seconds: float) -> dict[str, Any]:
    """The peer's time, how often ours goes into it, and where the agents differ."""
    code = PEER % {"aht": AHT_SECONDS, "interval": INTERVAL_MINUTES, "within": WITHIN_SECONDS, "goal": GOAL}
    done = subprocess.run([peer, "-c", code], input=json.dumps(volumes), capture_output=True, text=True, check=True)
    answer = json.loads(done.stdout)
    differ = sum(one != other for one, other in zip(ours, answer["agents"], strict=True))
    return {
        "peer_seconds": round(answer["seconds"], 3),
        "ratio": round(answer["seconds"] / seconds, 1),
        "intervals_with_other_agents": differ,
    }


if __name__ == "__main__":
    sys.exit(main())

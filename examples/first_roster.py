"""The main job end to end: starts the service as it comes, asks for a roster of 20 agents, shows it, stops the service.

Everything here is what any program would do that uses Stint over HTTP.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2 as httpx

REQUEST = Path(__file__).parent / "small.json"
BARS = " ▁▂▃▄▅▆▇█"


def main() -> int:
    """Start, ask, show, stop."""
    with tempfile.TemporaryDirectory(prefix="stint-example-") as folder, service(Path(folder)) as client:
        say(f"POST /v1/rosters with {REQUEST.name}: 20 agents, one week; this takes up to a minute.")
        answer = client.post("/v1/rosters", content=REQUEST.read_bytes(), headers={"Content-Type": "application/json"})
        answer.raise_for_status()
        roster = finished(client, answer.headers["Location"])
        show(roster)
    say("The service has stopped and its files are gone.")
    return 0 if roster["verdict"] in ("optimal", "feasible") else 1


@contextmanager
def service(folder: Path) -> Iterator[httpx.Client]:
    """The service on a free port, with everything it keeps in the folder, for as long as the block runs."""
    port = free_port()
    command = [sys.executable, "-P", "-m", "service.cli", "serve", "--port", str(port)]
    say(f"Starting the service: stint serve --port {port}")
    log = (folder / "service.log").open("w+")
    child = subprocess.Popen(command, cwd=folder, stdout=log, stderr=subprocess.STDOUT)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            wait_until_ready(client, child, folder / "service.log")
            yield client
    finally:
        child.terminate()
        try:
            child.wait(20)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        log.close()


def wait_until_ready(client: httpx.Client, child: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the service says it is ready; give up after a minute, or when it has died, with what it said."""
    began = time.monotonic()
    while time.monotonic() - began < 60 and child.poll() is None:
        try:
            if client.get("/readyz").status_code == 200:
                say(f"Ready after {time.monotonic() - began:.1f} s.")
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    sys.exit(f"The service did not become ready. It said:\n{log.read_text()[-3000:]}")


def finished(client: httpx.Client, location: str) -> dict[str, Any]:
    """The roster of a job once it is done, telling meanwhile how the search goes."""
    told = None
    while True:
        job = client.get(location).raise_for_status().json()
        progress = job.get("progress") or {}
        if progress.get("cost") is not None and progress["cost"] != told:
            told = progress["cost"]
            bound = "–" if progress.get("bound") is None else f"{progress['bound']:,.0f}"
            say(f"  {progress['seconds']:5.1f} s   cost {told:>10,.2f}   proved: at least {bound}")
        if job["status"] not in ("queued", "running"):
            break
        time.sleep(0.5)
    if job["status"] != "completed":
        sys.exit(f"The job ended as {job['status']}: {job.get('error')}")
    roster: dict[str, Any] = client.get(f"{location}/roster").raise_for_status().json()
    return roster


def show(roster: dict[str, Any]) -> None:
    """The price, everybody's week, how the requirement is met, and one shift in full."""
    cost = roster["cost"]
    gap = (
        "optimal"
        if roster["verdict"] == "optimal"
        else f"at most {roster['gap_percent']:.2f} % above the best possible"
    )
    say(f"\nThe roster costs {cost['total']:,.2f} and is {gap}.")
    say(
        f"  pay {cost['regular_pay'] + cost['overtime_pay']:,.2f}, short {cost['understaffing']:,.2f},"
        f" over {cost['overstaffing']:,.2f}, preferences {cost['preferences']:,.2f}\n"
    )
    show_week(roster)
    show_coverage(roster)
    show_shift(next(schedule for schedule in roster["schedules"] if schedule["shifts"]))


def show_week(roster: dict[str, Any]) -> None:
    """A line for every agent, a column for every day."""
    days = sorted({series["start"][:10] for series in roster["coverage"]} | worked_days(roster))
    off = days_off(days)
    say("agent  " + "".join(f"{datetime.fromisoformat(day):%a %d}".ljust(12) for day in days) + " hours paid")
    for schedule in roster["schedules"]:
        times = dict.fromkeys(off.get(schedule["agent_id"], ()), "time off")
        times |= {shift["date"]: f"{shift['start'][11:16]}–{shift['end'][11:16]}" for shift in schedule["shifts"]}
        week = "".join(times.get(day, "").ljust(12) for day in days)
        say(f"{schedule['agent_id']:<7}{week}{schedule['paid_minutes'] / 60:6.2f}")


def days_off(days: list[str]) -> dict[str, list[str]]:
    """The days that are wholly within each agent's time off, as the request says it."""
    return {
        agent["id"]: [
            day
            for day in days
            if any(off["start"] <= f"{day}T00:00" and off["end"] > f"{day}T23:59" for off in agent.get("time_off", ()))
        ]
        for agent in json.loads(REQUEST.read_text(encoding="utf-8"))["agents"]
    }


def worked_days(roster: dict[str, Any]) -> set[str]:
    """Days on which anybody works."""
    return {shift["date"] for schedule in roster["schedules"] for shift in schedule["shifts"]}


def show_coverage(roster: dict[str, Any]) -> None:
    """Agents required and scheduled, hour by hour, as small bars on one scale."""
    say("\nRequired and scheduled, a character an hour:")
    days: dict[str, list[tuple[str, float, float]]] = {}
    for series in roster["coverage"]:
        start = datetime.fromisoformat(series["start"])
        step = len(series["required"])
        for n in range(step):
            at = start.timestamp() + n * 900
            day = datetime.fromtimestamp(at, start.tzinfo).isoformat()
            days.setdefault(day[:10], []).append((day[11:13], series["required"][n], series["scheduled"][n]))
    top = max((heads for rows in days.values() for row in rows for heads in row[1:]), default=1) or 1
    for day, rows in sorted(days.items()):
        for column, name in ((1, "required "), (2, "scheduled")):
            hours: dict[str, list[float]] = {}
            for row in rows:
                hours.setdefault(row[0], []).append(float(row[column]))
            bars = "".join(BARS[round(8 * sum(h) / len(h) / top)] for h in hours.values())
            say(f"  {datetime.fromisoformat(day):%a %d} {name} |{bars}|")


def show_shift(schedule: dict[str, Any]) -> None:
    """The activities of an agent's first shift."""
    shift = schedule["shifts"][0]
    say(f"\n{schedule['agent_id']} on {shift['date']} ({shift['paid_minutes']} paid minutes):")
    for activity in shift["activities"]:
        what = activity.get("planning_group_id") or activity["id"]
        say(f"  {activity['start'][11:16]}–{activity['end'][11:16]}  {activity['category']:<9} {what}")
    say("")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def say(text: str) -> None:
    """Print at once, also into a pipe."""
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())

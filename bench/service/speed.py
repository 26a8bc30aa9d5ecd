"""How fast the service is: cancelling, starting, reading, following; and what it costs when nobody asks it."""

from __future__ import annotations

import asyncio
import json
import os
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2

from bench.service.house import Caller, Member, house, until
from solver.example import example_request

Json = dict[str, Any]

SOLVER = json.dumps([sys.executable, "-P", "-m", "solver"])
READERS_AT_ONCE = 16
TICKS = os.sysconf("SC_CLK_TCK")


@contextmanager
def served(folder: Path, database_url: str, **settings: object) -> Iterator[tuple[Member, Caller]]:
    """A running `stint serve` with the solver it ships with, and a caller of it."""
    with house(folder, database_url, **{"SOLVER_COMMAND": SOLVER, **settings}) as built:
        member = built.member("serve", "serve", "--port", "0").start().ready()
        yield member, Caller(member.address)


def asking(agents: int, seconds: float, days: int = 7) -> Json:
    """A request that takes all of its time."""
    return {**example_request(agents=agents, days=days), "options": {"time_limit_seconds": seconds}}


def cancelling(folder: Path, database_url: str, *, rounds: int, agents: int = 100) -> Json:
    """Seconds from the cancel of a running solve to its process being gone, at random moments of the solve."""
    seconds, kept = [], 0
    with served(folder, database_url) as (member, caller):
        assert member.process is not None
        for number in range(rounds):
            job_id = caller.submit("cancelled", request=asking(agents, 120))
            [solver] = until(lambda: children_of(member.process.pid))  # type: ignore[union-attr]
            time.sleep(random.Random(number).uniform(0.2, 12))
            sent = time.monotonic()
            caller.cancel(job_id)
            until(lambda solver=solver: not lives(solver))  # type: ignore[misc]
            seconds.append(time.monotonic() - sent)
            caller.when(job_id, "cancelled")
            kept += caller.get(f"/v1/rosters/{job_id}/roster").status_code == 200
    return {"rounds": rounds, "agents": agents, **spread(seconds), "with_a_roster": kept}


def starting(folder: Path, database_url: str, *, rounds: int) -> Json:
    """Seconds from the acceptance of a request to its solve being under way, with a free place."""
    seconds, answers = [], []
    with house(folder, database_url) as built:
        caller = Caller(built.member("serve", "serve", "--port", "0").start().ready().address)
        for number in range(rounds):
            sent = time.monotonic()
            job_id = caller.submit("seconds=0")
            answers.append(time.monotonic() - sent)
            job = caller.when(job_id, "completed")
            created, started = (datetime.fromisoformat(job[name]) for name in ("created_at", "started_at"))
            seconds.append((started - created).total_seconds())
            time.sleep(random.Random(number).uniform(0, 0.6))  # so that looks at the queue fall anywhere
    return {"rounds": rounds, "start": spread(seconds), "answer_to_submit": spread(answers)}


def reading(folder: Path, *, seconds: float) -> Json:
    """Status reads each second while two solves run, and how long the slowest hundredth takes.

    Twice: with solvers that yield to the service, as they come, and with such as do not.
    """
    return {"readers": READERS_AT_ONCE} | {
        way: _reads(folder / way, f"sqlite:///{folder}/{way}.sqlite", seconds, **settings)
        for way, settings in (("solvers_yield", {}), ("solvers_do_not", {"SOLVER_NICE": 0}))
    }


def _reads(folder: Path, database_url: str, seconds: float, **settings: object) -> Json:
    folder.mkdir()
    with served(folder, database_url, CONCURRENT_SOLVES=2, **settings) as (member, caller):
        jobs = [caller.submit(f"solve {number}", request=asking(40, seconds + 60)) for number in range(2)]
        for job_id in jobs:
            caller.when(job_id, "running")
        time.sleep(5)
        assert member.process is not None
        before, began = cpu_seconds(member.process.pid), time.monotonic()
        took = asyncio.run(_read(member.address, jobs, seconds))
        used = (cpu_seconds(member.process.pid) - before) / (time.monotonic() - began)
    took.sort()
    return {
        "reads_per_second": round(len(took) / seconds), "cpu_percent": round(100 * used),
        "median_ms": round(1000 * took[len(took) // 2], 1), "p99_ms": round(1000 * took[len(took) * 99 // 100], 1),
    }  # fmt: skip


async def _read(address: str, jobs: list[str], seconds: float) -> list[float]:
    took: list[float] = []
    end = time.monotonic() + seconds

    async def read(client: httpx2.AsyncClient, job_id: str) -> None:
        while (sent := time.monotonic()) < end:
            answer = await client.get(f"/v1/rosters/{job_id}")
            assert answer.status_code == 200, answer.text
            took.append(time.monotonic() - sent)

    async with httpx2.AsyncClient(base_url=address, timeout=30) as client:
        await asyncio.gather(*(read(client, jobs[number % len(jobs)]) for number in range(READERS_AT_ONCE)))
    return took


def following(folder: Path, database_url: str, *, readers: int) -> Json:
    """Event streams read at once, to the end of their job; the share of a core that the service takes meanwhile."""
    with house(folder, database_url, CONCURRENT_SOLVES=2) as built:
        member = built.member("serve", "serve", "--port", "0").start().ready()
        assert member.process is not None
        caller = Caller(member.address)
        jobs = [caller.submit("seconds=20 rosters=6") for _ in range(2)]
        for job_id in jobs:
            caller.when(job_id, "running")
        before, began = cpu_seconds(member.process.pid), time.monotonic()
        ends, at_once = asyncio.run(_follow(member.address, jobs, readers))
        took, used = time.monotonic() - began, cpu_seconds(member.process.pid) - before
        alike = len({tuple(events) for events in ends}) <= len(jobs)
        memory = memory_mb(member.process.pid)
        said = member.said.splitlines()
    cut = [told for told in ends if told[-1] != "completed"]
    return {
        "readers": readers, "streams_at_once": at_once, "complete": len(ends) - len(cut),
        "broken_off": dict(Counter(f"after {len(told)} events, the last {told[-1]}" for told in cut)),
        "errors_in_log": sum('"level": "error"' in line or "not available" in line for line in said),
        "all_of_a_job_alike": alike, "cpu_percent": round(100 * used / took, 1), "memory_mb": memory,
    }  # fmt: skip


async def _follow(address: str, jobs: list[str], readers: int) -> tuple[list[list[str]], int]:
    at_once = most = 0

    async def follow(client: httpx2.AsyncClient, job_id: str) -> list[str]:
        nonlocal at_once, most
        told: list[str] = []
        async with client.stream("GET", f"/v1/rosters/{job_id}/events") as answer:
            at_once += 1
            most = max(most, at_once)
            async for line in answer.aiter_lines():
                if line.startswith("data:"):
                    body = json.loads(line.removeprefix("data:"))
                    told.append(body.get("status") or f"{body['cost']}")
            at_once -= 1
        return told

    limits = httpx2.Limits(max_connections=readers)
    async with httpx2.AsyncClient(base_url=address, timeout=60, limits=limits) as client:
        streams = (follow(client, jobs[number % len(jobs)]) for number in range(readers))
        return list(await asyncio.gather(*streams)), most


def idling(folder: Path, database_url: str, *, seconds: float) -> Json:
    """The share of a core and the memory of a service that nobody asks for anything."""
    with house(folder, database_url) as built:
        member = built.member("serve", "serve", "--port", "0").start().ready()
        assert member.process is not None
        time.sleep(5)
        before = cpu_seconds(member.process.pid)
        time.sleep(seconds)
        used = cpu_seconds(member.process.pid) - before
        return {"cpu_percent": round(100 * used / seconds, 2), "memory_mb": memory_mb(member.process.pid)}


def spread(seconds: list[float]) -> Json:
    """The middle one and the worst."""
    return {"median_seconds": round(statistics.median(seconds), 3), "worst_seconds": round(max(seconds), 3)}


def children_of(process_id: int) -> list[int]:
    """The children of a process."""
    files = Path(f"/proc/{process_id}/task").glob("*/children")
    return [int(child) for file in files for child in file.read_text().split()]


def lives(process_id: int) -> bool:
    """Whether the process runs; one that is dead and waits to be reaped does not."""
    try:
        return Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def cpu_seconds(process_id: int, *, of_children: bool = False) -> float:
    """Processor time that a process has used itself; or that its children had, of those that are gone."""
    fields = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    user, system = fields[13:15] if of_children else fields[11:13]
    return (int(user) + int(system)) / TICKS


def memory_mb(process_id: int, name: str = "VmRSS") -> int:
    """Memory of a process that is in use; with `VmHWM` the most that ever was."""
    lines = Path(f"/proc/{process_id}/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith(f"{name}:"))

"""Ten thousand tiny jobs from two tenants, with room for a few hundred; and what a single one costs with the solver.

The solver of the ten thousand is a shell that answers at once, because what is measured is the service.
"""

from __future__ import annotations

import json
import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from bench.service.house import house
from bench.service.speed import SOLVER, cpu_seconds, memory_mb, spread

Json = dict[str, Any]

TENANTS = ("north", "south")
CALLERS_OF_A_TENANT = 4
ROOM = {"QUEUED_PER_TENANT": 400, "QUEUED_IN_ALL": 600}
LOOK_SECONDS = 5.0

ANSWER = {
    "event": "final",
    "roster": {"verdict": "optimal", "cost": {"total": 10.0}, "lower_bound": 10.0, "gap_percent": 0.0, "schedules": []},
}
SHELL = ("/bin/sh", "-c", f"cat > /dev/null; echo '{json.dumps(ANSWER)}'")

REQUEST: Json = {
    "time_zone": "Europe/Tallinn",
    "planning_period": {"start_date": "2026-11-30", "days": 1},
    "planning_groups": [{"id": "voice"}],
    "requirements": [{"planning_group_id": "voice", "start": "2026-11-30T08:00", "required": [1, 1, 2, 2]}],
    "work_plans": [{
        "id": "half", "shifts": [{
            "id": "day", "days": ["mon"], "start": {"earliest": "08:00", "latest": "09:00", "increment_minutes": 30},
            "length_minutes": {"min": 240, "max": 300, "increment": 60},
        }],
    }],
    "agents": [{"id": "A", "work_plan_id": "half"}, {"id": "B", "work_plan_id": "half"}],
    "options": {"time_limit_seconds": 20},
}  # fmt: skip


@dataclass
class Crowd:
    """Callers who submit, wait as long as they are told when there is no room, and send the same again."""

    address: str
    keys: dict[str, str]
    answers: Counter[int] = field(default_factory=Counter)
    waits: list[int] = field(default_factory=list)

    def client(self, tenant: str) -> httpx2.Client:
        """A client that shows the tenant's key."""
        return httpx2.Client(base_url=self.address, timeout=120, headers={"X-API-Key": self.keys[tenant]})

    def submit_all(self, tenant: str, numbers: list[int]) -> list[str]:
        """Submit the jobs of these numbers and give their ids."""
        with self.client(tenant) as client:
            return [self._submit(client, f"{tenant}-{number}") for number in numbers]

    def _submit(self, client: httpx2.Client, name: str) -> str:
        while True:
            answer = client.post("/v1/rosters", json=REQUEST | {"name": name}, headers={"Idempotency-Key": name})
            self.answers[answer.status_code] += 1
            if answer.status_code == 202:
                return str(answer.json()["id"])
            assert answer.status_code in (429, 503), answer.text
            self.waits.append(int(answer.headers["Retry-After"]))
            time.sleep(self.waits[-1])


@dataclass
class Watch:
    """Looks at the service every few seconds: its memory, and how long a page of jobs takes."""

    client: httpx2.Client
    process_id: int
    memory: list[int] = field(default_factory=list)
    page_seconds: list[float] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)

    def look(self) -> None:
        """Look until told to stop."""
        while not self._over.wait(LOOK_SECONDS):
            self.memory.append(memory_mb(self.process_id))
            began = time.monotonic()
            assert self.client.get("/v1/rosters?limit=200").status_code == 200
            self.page_seconds.append(time.monotonic() - began)

    def stop(self) -> None:
        """Look no more."""
        self._over.set()


def tiny(folder: Path, database_url: str, *, jobs: int) -> Json:
    """What became of the jobs, what was answered meanwhile, and what the service took for it."""
    settings = {
        "SOLVER_COMMAND": json.dumps(SHELL),
        "CONCURRENT_SOLVES": 4,
        "QUEUE_POLL_SECONDS": 0.1,
        "SOLVER_NICE": 0,
        **ROOM,
    }
    with house(folder, database_url, **settings) as built:
        keys = {tenant: built.key(tenant) for tenant in TENANTS}
        member = built.member("serve", "serve", "--port", "0").start().ready()
        assert member.process is not None
        crowd = Crowd(member.address, keys)
        watch = Watch(crowd.client("north"), member.process.pid)
        watching = threading.Thread(target=watch.look)
        watching.start()
        began, used = time.monotonic(), cpu_seconds(member.process.pid)
        shares = [
            (t, list(range(c, jobs // 2, CALLERS_OF_A_TENANT))) for t in TENANTS for c in range(CALLERS_OF_A_TENANT)
        ]
        with ThreadPoolExecutor(len(shares)) as pool:
            accepted = [job for part in pool.map(lambda share: crowd.submit_all(*share), shares) for job in part]
        submitted = time.monotonic() - began
        for tenant in TENANTS:
            with crowd.client(tenant) as client:
                while any(client.get(f"/v1/rosters?limit=1&status={s}").json()["jobs"] for s in ("queued", "running")):
                    time.sleep(0.2)
        seconds, used = time.monotonic() - began, cpu_seconds(member.process.pid) - used
        watch.stop()
        watching.join()
        found = [job for tenant in TENANTS for job in _all_jobs(crowd, tenant)]
        size = sum(file.stat().st_size for file in folder.glob("jobs.sqlite*"))
    return {
        "jobs": jobs, "answers": dict(crowd.answers), "retry_after": dict(Counter(crowd.waits)),
        "lost": len(set(accepted) - {job["id"] for job in found}),
        "doubled": len(found) - len({job["name"] for job in found}),
        "statuses": dict(Counter(job["status"] for job in found)),
        "attempts": dict(Counter(job["attempts"] for job in found)),
        "submitted_seconds": round(submitted, 1), "seconds": round(seconds, 1),
        "milliseconds_a_job": round(1000 * seconds / jobs, 1), "cpu_milliseconds_a_job": round(1000 * used / jobs, 1),
        "memory_mb": [watch.memory[len(watch.memory) * n // 5] for n in range(5)] + watch.memory[-1:],
        "database_mb": round(size / 1e6, 1), "page_of_200": spread(watch.page_seconds),
    }  # fmt: skip


def _all_jobs(crowd: Crowd, tenant: str) -> Iterator[Json]:
    with crowd.client(tenant) as client:
        cursor = ""
        while True:
            page = client.get(f"/v1/rosters?limit=200{cursor}").json()
            yield from page["jobs"]
            if page["next_cursor"] is None:
                return
            cursor = f"&cursor={page['next_cursor']}"


def one(folder: Path, database_url: str, *, rounds: int) -> Json:
    """Seconds from submitting a tiny job to its roster with the solver as it comes, and what the solver's process took.

    The first is left out: it finds nothing in the memory of files.
    """
    seconds, used = [], []
    with house(folder, database_url, SOLVER_COMMAND=SOLVER) as built:
        member = built.member("serve", "serve", "--port", "0").start().ready()
        assert member.process is not None
        client = httpx2.Client(base_url=member.address, timeout=120)
        for _ in range(rounds + 1):
            before, began = cpu_seconds(member.process.pid, of_children=True), time.monotonic()
            answer = client.post("/v1/rosters", json=REQUEST, headers={"Prefer": "wait=60"})
            assert answer.json()["verdict"] == "optimal", answer.text
            seconds.append(time.monotonic() - began)
            used.append(cpu_seconds(member.process.pid, of_children=True) - before)
    return {
        "rounds": rounds, "from_submit_to_roster": spread(seconds[1:]),
        "solver_cpu_seconds": round(statistics.median(used[1:]), 2),
    }  # fmt: skip

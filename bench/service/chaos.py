"""Submissions while processes are killed and the database falls over: none may be lost, none doubled.

Callers submit with a key and do not give up. Meanwhile somebody kills a process at random moments and starts it again;
with `database_stops`, the Postgres server too. Afterwards every key is sent once more, and the jobs are counted.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.service.house import Caller, House, Member, free_port, house, until
from bench.service.postgres import Server

Json = dict[str, Any]

CALLERS = 6
PAUSE_SECONDS = (0.2, 2.5)
"""From a start to the next kill."""

SETTINGS: Json = {
    "BEAT_SECONDS": 2, "QUEUE_POLL_SECONDS": 0.1, "CONCURRENT_SOLVES": 3, "LOOK_SECONDS": 0.2, "MAX_ATTEMPTS": 50,
    "SOLVER_NICE": 0,
}  # fmt: skip


@dataclass
class Destroyer:
    """Kills one member at a time with a signal that nothing withstands, and starts it again."""

    members: list[Member]
    seed: int
    server: Server | None = None
    kills: Counter[str] = field(default_factory=Counter)
    _over: threading.Event = field(default_factory=threading.Event)
    _error: Exception | None = None

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self._thread = threading.Thread(target=self._rage, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> Counter[str]:
        """Stop, leave all members running, and tell how often each was killed."""
        self._over.set()
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self.kills

    def _rage(self) -> None:
        try:
            while not self._over.wait(self._chance.uniform(*PAUSE_SECONDS)):
                victims: list[Member | Server] = [*self.members, *([self.server] if self.server else [])]
                victim = self._chance.choice(victims)
                if isinstance(victim, Server):
                    self.kills["postgres"] += 1
                    victim.stop("immediate")
                    time.sleep(self._chance.uniform(0.1, 1.5))
                    victim.start()
                else:
                    self.kills[victim.log.stem] += 1
                    victim.kill()
                    self._raise_again(victim)
        except Exception as error:
            self._error = error

    @staticmethod
    def _raise_again(victim: Member) -> None:
        """Start it, again and again while the database is not there."""
        for _ in range(20):
            try:
                victim.start().ready()
                return
            except RuntimeError:
                time.sleep(0.5)
        victim.start().ready()


def chaos(
    folder: Path,
    database_url: str,
    *,
    jobs: int,
    seed: int,
    server: Server | None = None,
    least_kills: int = 0,
    request: Json | None = None,
    wishes: str = "rosters=2",
    look: Callable[[Caller, list[str]], Json] = lambda *_: {},
    **settings: object,
) -> Json:
    """What became of the jobs: counts, kills, seconds. Members run on SQLite as `serve`, on Postgres apart.

    All jobs have the same `request` and other names, with `wishes` of the quick solver in them. In the end `look` sees
    what else there is to count.
    """
    port = free_port()

    def submit(number: int) -> str:
        """Submit the job of this number; its work is short and of random length."""
        seconds = random.Random(seed * 1_000_000 + number).choice([0, 0, 0.05, 0.3])
        patient = Caller(f"http://127.0.0.1:{port}", patience_seconds=120)
        return patient.submit(f"job {number} seconds={seconds} {wishes}", key=f"{seed}-{number}", request=request)

    with house(folder, database_url, **SETTINGS, **settings) as built:
        members = _members(built, database_url, port)
        for member in members:
            member.start().ready()
        caller = Caller(f"http://127.0.0.1:{port}", patience_seconds=120)
        destroyer = Destroyer(members, seed, server)
        destroyer.start()
        began = time.monotonic()
        with ThreadPoolExecutor(CALLERS) as pool:
            ids = list(pool.map(submit, range(jobs)))
            submitted = time.monotonic() - began
            until(lambda: sum(destroyer.kills.values()) >= least_kills, 300)
            if jobs > 50:  # the destroyer goes on until most are done, so that running ones are hit as well
                until(lambda: len(_open(caller)) < jobs // 10, 1800)
            kills = destroyer.stop()
            until(lambda: not _open(caller), 600)
            seconds = time.monotonic() - began
            again = list(pool.map(submit, range(jobs)))
        return _count(caller, ids, again) | look(caller, ids) | {
            "jobs": jobs, "kills": dict(kills), "submitted_seconds": round(submitted, 1), "seconds": round(seconds, 1),
        }  # fmt: skip


def _members(built: House, database_url: str, port: int) -> list[Member]:
    if database_url.startswith("sqlite"):
        return [built.member("serve", "serve", "--port", str(port))]
    built.upgrade()
    return [built.member("api", "api", "--port", str(port)), *(built.member(name, "worker") for name in ("a", "b"))]


def _open(caller: Caller) -> list[str]:
    """Jobs that have not ended, at most a page of each kind."""
    pages = (caller.get(f"/v1/rosters?limit=200&status={status}").json() for status in ("queued", "running"))
    return [job["id"] for page in pages for job in page["jobs"]]


def _count(caller: Caller, ids: list[str], again: list[str]) -> Json:
    """What a caller finds in the end."""
    listed = _all_jobs(caller)
    number_of = {job["id"]: int(job["name"].split()[1]) for job in listed}
    ended = Counter(job["status"] for job in listed)
    with ThreadPoolExecutor(CALLERS) as pool:  # a stream takes its time, also of a job that has ended
        streams = pool.map(caller.events, ids)
        endings = Counter(sum(event.get("status") == "completed" for event in events) for events in streams)
    return {
        "lost": len(set(range(len(ids))) - set(number_of.values())),
        "doubled": len(listed) - len(set(number_of.values())),
        "keys_that_changed_their_job": sum(first != second for first, second in zip(ids, again, strict=True)),
        "statuses": dict(ended),
        "completed_events_of_a_job": dict(endings),
        "attempts": dict(sorted(Counter(job["attempts"] for job in listed).items())),
    }


def _all_jobs(caller: Caller) -> list[Json]:
    found: list[Json] = []
    cursor = ""
    while True:
        page = caller.get(f"/v1/rosters?limit=200{cursor}").json()
        found += page["jobs"]
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"


def takeover(folder: Path, database_url: str, *, rounds: int) -> Json:
    """Seconds from the death of a worker to its jobs running on the other, with the settings as they come."""
    seconds = []
    with house(folder, database_url, CONCURRENT_SOLVES=2) as built:
        built.upgrade()
        caller = Caller(built.member("api", "api", "--port", "0").start().ready().address)
        for number in range(rounds):
            dead = built.member(f"dead-{number}", "worker").start().ready()
            job_id = caller.submit("seconds=60 rosters=1")
            caller.when(job_id, "running")
            heir = built.member(f"heir-{number}", "worker").start().ready()
            time.sleep(random.Random(number).uniform(0, 5))
            died = time.monotonic()
            dead.kill()
            until(lambda job_id=job_id: caller.job(job_id)["attempts"] == 2, 60)  # type: ignore[misc]
            seconds.append(round(time.monotonic() - died, 1))
            caller.cancel(job_id)
            caller.when(job_id, "cancelled")
            heir.kill()
    return {"takeover_seconds": sorted(seconds), "worst": max(seconds)}

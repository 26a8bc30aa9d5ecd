"""Stint as processes on this machine, to be killed and started again: `serve` alone, or an API and workers."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import httpx2

from service.api.samples import REQUEST

Json = dict[str, Any]
T = TypeVar("T")

CHECKOUT = Path(__file__).parent.parent.parent
QUICK_SOLVER = (sys.executable, str(CHECKOUT / "tests/service/fake_solver.py"))
"""Does as the name of a request says, such as `seconds=2 rosters=3`, and needs next to no computing."""

READY_SECONDS = 180.0
LISTENS = re.compile(r"listens on (http://\S+),")
WORKS = "worker ready"


class Member:
    """A process of the service, under a name that stays when it is started again."""

    def __init__(self, folder: Path, command: tuple[str, ...], environment: Mapping[str, str]) -> None:
        self._command = [sys.executable, "-m", "service.cli", *command]
        self._folder = folder
        self._environment = dict(environment)
        self._sign = WORKS if command[0] == "worker" else "listens on"
        self.log = folder / f"{environment['STINT_EXECUTOR_ID']}.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> Member:
        """Start it; `ready` waits until it can be used."""
        self._from = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self._command, cwd=self._folder, env=self._environment, stderr=log)
        return self

    def ready(self) -> Member:
        """Wait until it works."""
        until(lambda: self._sign in self.said or not self.lives, READY_SECONDS)
        if not self.lives:
            raise RuntimeError(f"{self._command} ended: {self.said[-2000:]}")
        return self

    @property
    def lives(self) -> bool:
        """Whether the process runs."""
        return self.process is not None and self.process.poll() is None

    @property
    def said(self) -> str:
        """What it wrote since it was started."""
        return self.log.read_text(errors="replace")[self._from :]

    @property
    def address(self) -> str:
        """Where it listens."""
        found = LISTENS.search(self.said)
        assert found is not None
        return found[1]

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Send it a signal; the one that nothing withstands, if none is said, and then it is gone when this returns."""
        assert self.process is not None
        self.process.send_signal(number)
        if number in (signal.SIGKILL, signal.SIGTERM):
            self.process.wait(30)


class House:
    """Processes on one database, in one folder; all are ended at the end."""

    def __init__(self, folder: Path, database_url: str, **settings: object) -> None:
        self._folder = folder
        self._members: list[Member] = []
        self._environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join([str(CHECKOUT), *filter(None, sys.path)]),
            "STINT_DATABASE_URL": database_url,
            "STINT_SOLVER_COMMAND": json.dumps(QUICK_SOLVER),
            **{name: value for name, value in os.environ.items() if name == "STINT_KERNEL_CACHE"},
            **{f"STINT_{name.upper()}": str(value) for name, value in settings.items()},
        }

    def upgrade(self) -> None:
        """Bring the database to this release."""
        command = [sys.executable, "-m", "service.cli", "db", "upgrade"]
        subprocess.run(command, cwd=self._folder, env=self._environment, check=True, stderr=subprocess.DEVNULL)

    def key(self, tenant: str = "default") -> str:
        """A key that may do everything."""
        command = [sys.executable, "-m", "service.cli", "keys", "create", "--scope", "admin", "--most-urgent", "0"]
        made = subprocess.run(
            [*command, "--tenant", tenant], cwd=self._folder, env=self._environment, check=True, capture_output=True
        )
        return made.stdout.decode().strip()

    def member(self, name: str, *command: str, **settings: object) -> Member:
        """A process that can be started, such as `member("a", "worker")`."""
        own = {f"STINT_{key.upper()}": str(value) for key, value in settings.items()}
        environment = {**self._environment, "STINT_EXECUTOR_ID": name, **own}
        self._members.append(Member(self._folder, command, environment))
        return self._members[-1]

    def end(self) -> None:
        """End all that runs."""
        for member in self._members:
            if member.lives:
                with suppress(ProcessLookupError):
                    member.kill()


@contextmanager
def house(folder: Path, database_url: str, **settings: object) -> Iterator[House]:
    """A house whose processes are ended when this leaves."""
    built = House(folder, database_url, **settings)
    try:
        yield built
    finally:
        built.end()


class Caller:
    """A caller who does not give up: what does not get through is sent again, with the same key."""

    def __init__(self, address: str, *, patience_seconds: float = 60.0) -> None:
        self._client = httpx2.Client(base_url=address, timeout=10)
        self._patience = patience_seconds

    def submit(self, name: str, key: str | None = None, request: Json | None = None) -> str:
        """Submit a request and give the id of its job."""
        headers = {"Idempotency-Key": key} if key else {}
        body = {**(request or REQUEST), "name": name}
        answer = self._insist(lambda: self._client.post("/v1/rosters", json=body, headers=headers))
        assert answer.status_code == 202, answer.text
        return str(answer.json()["id"])

    def job(self, job_id: str) -> Json:
        """The job."""
        found: Json = self._insist(lambda: self._client.get(f"/v1/rosters/{job_id}")).json()
        return found

    def get(self, path: str) -> httpx2.Response:
        """What is at a path."""
        return self._insist(lambda: self._client.get(path))

    def events(self, job_id: str) -> list[Json]:
        """What the events of a job that has ended tell."""
        lines = self.get(f"/v1/rosters/{job_id}/events").text.splitlines()
        return [json.loads(line.removeprefix("data:")) for line in lines if line.startswith("data:")]

    def cancel(self, job_id: str) -> None:
        """Cancel the job."""
        self._insist(lambda: self._client.post(f"/v1/rosters/{job_id}/cancel"))

    def when(self, job_id: str, status: str, seconds: float = 30.0) -> Json:
        """The job, once it stands so."""
        return until(lambda: found if (found := self.job(job_id))["status"] == status else None, seconds)

    def _insist(self, send: Callable[[], httpx2.Response]) -> httpx2.Response:
        end = time.monotonic() + self._patience
        while True:
            try:
                answer = send()
            except httpx2.TransportError:
                answer = None
            if answer is not None and answer.status_code < 500:
                return answer
            if time.monotonic() > end:
                raise RuntimeError(f"no answer in {self._patience} s: {answer and answer.text}")
            time.sleep(0.05)


def until(condition: Callable[[], T | None], seconds: float = 30.0) -> T:
    """Wait for something to become true, and give what it then is."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > end:
            raise TimeoutError("it did not come about")
        time.sleep(0.02)
    return found


def free_port() -> int:
    """A port that is free now, for an API that is to come back where it was."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port

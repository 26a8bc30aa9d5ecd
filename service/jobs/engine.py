"""Who makes queued jobs run and survive: the face that `adapters/` fulfils, on DBOS and in memory."""

from __future__ import annotations

from typing import Literal, Protocol

from service.jobs.job import NewJob

EngineStatus = Literal["queued", "running", "ended"]


class Engine(Protocol):
    """A durable queue of job ids, and the hosts that work on it. What a job is, only the store knows."""

    def submit(self, within: object, job: NewJob) -> None:
        """Enqueue the job in the store's transaction `within`; it runs if and only if that is committed."""

    def cancel(self, job_id: str) -> None:
        """Take the job out of the queue, or end its run without waiting for an answer."""

    def status(self, job_id: str) -> EngineStatus | None:
        """Where the engine has the job; None when it does not know it."""

    def alive(self) -> frozenset[str]:
        """Say that this host lives, and give the ids of all that do."""

    def places(self) -> int:
        """Jobs that all workers together run at once."""

    def recover(self, alive: frozenset[str]) -> int:
        """Enqueue again what hosts that are not alive were running, and give how many jobs that were."""

    def tidy(self, older_seconds: float) -> None:
        """Forget what ended longer ago than that; the store knows of it what there is to know."""

    def forget(self, job_id: str) -> None:
        """Remove every trace of a job that has ended."""

"""The engine on DBOS: its queue, its recovery, its cancelling; beside our tables, with ids and nothing else.

Written against dbos 3.4 and pinned to it, because `_recover_pending_workflows` is internal: the public
`resume_workflow` would forget how often a job was started, and would revive a cancelled one. The contract tests watch.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, cast

import sqlalchemy as sa
from dbos import DBOS, DBOSClient, DBOSConfig, DBOSPortableJSONSerializer, EnqueueOptions, error
from dbos._sys_db import SystemDatabase

from service.adapters.hosts import Hosts
from service.adapters.outage import outages_named
from service.jobs.engine import EngineStatus
from service.jobs.errors import StoreUnavailableError
from service.jobs.job import NewJob
from service.jobs.patience import comes_true
from service.settings import Settings

APPLICATION = "stint"
QUEUE = "solve"
WORKFLOW = "solve_job"
PROTOCOL = "job-protocol-1"
"""Constant, because the default is a hash of the code, and a new release would never pick up what an old one left."""

STATUSES: dict[str, EngineStatus] = {"ENQUEUED": "queued", "DELAYED": "queued", "PENDING": "running"}
ENDED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
TIDIED = 1000
"""Jobs that are forgotten at once."""

NO_LIMIT = 1_000_000
EMBEDDED = "embedded"
"""Name of the only worker on an SQLite file."""

STARTS = 1_000_000
"""How often DBOS may start a job: always, for our own count in the job's row is the one that ends it."""

JSON = DBOSPortableJSONSerializer()  # the default would pickle into the database

STOP_SECONDS = 5.0
"""Time for the solvers of this worker to be ended before DBOS drops everything."""


class _Runs:
    """The runs of this worker, so that they can be ended one by one."""

    def __init__(self, run: Callable[[str], Awaitable[None]]) -> None:
        self._run = run
        self._tasks: set[asyncio.Task[None]] = set()
        self._ending = False

    async def of(self, job_id: str) -> None:
        """Run a job; a run that is cancelled is not over for DBOS, and goes on at the next start."""
        if self._ending:
            raise asyncio.CancelledError
        task = cast("asyncio.Task[None]", asyncio.current_task())
        self._tasks.add(task)
        try:
            await self._run(job_id)
        finally:
            self._tasks.discard(task)

    def await_ends(self, seconds: float) -> bool:
        """Whether all runs come to their ends within so many seconds; waits no longer than that."""
        return comes_true(lambda: not self._tasks, seconds)

    def end(self) -> None:
        """Cancel every run, and wait until the solvers are gone. DBOS itself would cancel their ends as well."""
        self._ending = True
        for task in tuple(self._tasks):
            task.get_loop().call_soon_threadsafe(task.cancel)
        self.await_ends(STOP_SECONDS)


_runs: list[_Runs] = []  # DBOS registers workflows for the process, so there is one at most


@DBOS.step(name="solve", preemptible=True)
async def _solve(job_id: str) -> None:
    await _runs[-1].of(job_id)


@DBOS.workflow(name=WORKFLOW, max_recovery_attempts=STARTS)
async def _solve_job(job_id: str) -> None:
    await _solve(job_id)


def migrate_engine(database: sa.Engine) -> None:
    """Bring the tables of DBOS to the release that is installed."""
    _route_log()
    DBOS.migrate(database.url.render_as_string(hide_password=False))


class DbosEngine:
    """Fulfils `Engine`: submits and cancels, and once it is started it works as well. A process may start one."""

    def __init__(self, database: sa.Engine, settings: Settings) -> None:
        self._database = database
        self._settings = settings
        self._name = settings.executor_id or EMBEDDED
        self._hosts = Hosts(database, self._name, settings.concurrent_solves)
        self._started: DBOS | None = None
        self._client = DBOSClient(
            system_database_engine=database,
            serializer=JSON,
            application_name=APPLICATION,
            lazy=True,
            retry_connection_errors=False,  # or a caller would wait for as long as the database is away
        )

    def start(self, run: Callable[[str], Awaitable[None]]) -> None:
        """Begin to run jobs with `run`, those first that this worker left when it died.

        Call it from a thread without an event loop, or DBOS would run the jobs on that loop.
        """
        _route_log()
        self._client.register_queue(  # before the launch, which looks for queues at once and then once a second
            QUEUE,
            worker_concurrency=NO_LIMIT,
            # Without a limit per tenant the workers share no count, and none waits for another's look at the queue.
            partition_concurrency=self._settings.solves_per_tenant,
            partition_worker_concurrency=None if self._settings.solves_per_tenant else NO_LIMIT,
            polling_interval_sec=self._settings.queue_poll_seconds,
            application_name=APPLICATION,
        )
        self.alive()  # before the first job is taken, or another worker might think its owner dead
        _runs.append(_Runs(run))
        _places.append(self._settings.concurrent_solves)
        self._started = DBOS(
            config=DBOSConfig(
                name=APPLICATION,
                system_database_url=self._database.url.render_as_string(hide_password=False),
                system_database_engine=self._database,
                run_migrations=False,
                application_version=PROTOCOL,
                executor_id=self._name,
                serializer=JSON,
                log_level="WARNING",
            )
        )
        DBOS.launch()

    def drain(self, seconds: float) -> bool:
        """Begin no more jobs, and say whether those that run have ended within so many seconds.

        For others this worker lives on meanwhile, with no place to offer, as long as somebody calls `alive`.
        """
        if self._started is None:
            return True
        _places[-1] = 0
        self._hosts.offer(0)
        return _runs[-1].await_ends(seconds)

    def stop(self) -> None:
        """End the runs of this worker, which leaves their jobs to be recovered, and stop working."""
        if self._started is not None:
            _runs[-1].end()
            DBOS.destroy()
            self._started = None
            _runs.pop()
            _places.pop()
            with suppress(StoreUnavailableError):
                self._hosts.leave()  # so that others need not wait to see it dead
        self._client.destroy()

    def submit(self, within: object, job: NewJob) -> None:
        options = EnqueueOptions(
            queue_name=QUEUE,
            workflow_name=WORKFLOW,
            workflow_id=job.id,
            app_version=PROTOCOL,
            queue_partition_key=job.tenant,
            priority=job.priority + 1,  # DBOS begins at 1
        )
        self._client.enqueue_in_transaction(cast(sa.Connection, within), options, job.id)

    def cancel(self, job_id: str) -> None:
        with outages_named():
            self._client.cancel_workflow(job_id)

    def status(self, job_id: str) -> EngineStatus | None:
        with outages_named():
            found = self._client.list_workflows(workflow_ids=[job_id], load_input=False, load_output=False)
        if not found:
            return None
        return STATUSES.get(found[0].status, "ended")

    def alive(self) -> frozenset[str]:
        return self._hosts.alive()

    def places(self) -> int:
        return self._hosts.places()

    def recover(self, alive: frozenset[str]) -> int:
        if self._started is None:
            return 0  # who does not work takes over no work
        with outages_named():
            running = self._client.list_workflows(status="PENDING", load_input=False, load_output=False)
        dead = {workflow.executor_id for workflow in running if workflow.executor_id} - alive
        if not dead:
            return 0
        taken = len(DBOS._recover_pending_workflows(sorted(dead)))
        self._hosts.bury(dead)
        return taken

    def tidy(self, older_seconds: float) -> None:
        before = datetime.fromtimestamp(time.time() - older_seconds, UTC).isoformat()
        with outages_named():
            ended = self._client.list_workflows(
                status=ENDED, completed_before=before, limit=TIDIED, load_input=False, load_output=False
            )
            if ended:
                self._client.delete_workflows([workflow.workflow_id for workflow in ended])

    def forget(self, job_id: str) -> None:
        with outages_named():
            self._client.delete_workflow(job_id)


_places: list[int] = []
_queue_in_database = SystemDatabase.get_queue


def _queue_with_own_places(self: SystemDatabase, name: str, **more: Any) -> Any:
    """The queue as the database has it, with the places of this worker: DBOS keeps one number for all workers."""
    queue = _queue_in_database(self, name, **more)
    if queue is not None and name == QUEUE and _places:
        queue._worker_concurrency = _places[-1]
        if queue._partition_worker_concurrency is not None:
            queue._partition_worker_concurrency = _places[-1]
    return queue


SystemDatabase.get_queue = _queue_with_own_places  # type: ignore[method-assign]  # read anew by DBOS at each look


def _route_log() -> None:
    """Let DBOS log as the rest of the service does; a handler of any kind keeps it from adding its own."""
    logger = logging.getLogger("dbos")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
        logger.addFilter(_is_news)


def _is_news(record: logging.LogRecord) -> bool:
    """Whether a line of DBOS is worth reading; it logs a cancelled job as an error with a traceback."""
    return not (record.exc_info and isinstance(record.exc_info[1], error.DBOSWorkflowCancelledError))

"""Clients of a Stint service: `Stint` waits for each answer, `AsyncStint` lets others run meanwhile.

    with Stint("http://127.0.0.1:8000", key="…") as stint:
        job = stint.submit(request)
        for event in stint.follow(job.id):
            print(event.data)
        roster = stint.roster(job.id)

Every call may be tried again without harm, and is, when the service is out of reach or busy.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx2

from schemas.answers import Evaluation, JobPage, RuleBook, Validation
from schemas.capacity import CapacityPlan
from schemas.explanation import Explanation
from schemas.job import Job
from schemas.mix import WorkPlanMix
from schemas.roster import Roster
from schemas.staffing import Staffing
from stint import calls
from stint.calls import AGAIN, Body, Call, Form
from stint.errors import (
    BusyError,
    FailedError,
    NotAllowedError,
    NotFoundError,
    ProblemError,
    RefusedError,
    StintError,
    UnreachableError,
    error_of,
)
from stint.stream import Event, Parser

T = TypeVar("T")
TRIES = 5
LONGEST_PAUSE = 30.0
ENDED = frozenset({"completed", "cancelled", "failed"})


class _Settings:
    """What both clients know: where the service is, and how patient they are."""

    def __init__(self, url: str, *, key: str | None = None, seconds: float = 60.0, tries: int = TRIES) -> None:
        """Remember the service.

        Args:
            url: where the service is, such as `http://127.0.0.1:8000`.
            key: an API key or a bearer token; none where the service is open.
            seconds: how long one answer may take.
            tries: how often a call is tried when the service is out of reach or busy.
        """
        self._tries = tries
        headers = {} if key is None else {"Authorization": f"Bearer {key}"}
        self._options: dict[str, Any] = {"base_url": url, "headers": headers, "timeout": seconds}

    def _pause(self, number: int, answer: httpx2.Response | None) -> float:
        """Seconds until the next try: what the service says, or longer and longer."""
        said = answer.headers.get("Retry-After", "") if answer is not None else ""
        return min(LONGEST_PAUSE, float(said) if said.isdecimal() else 0.25 * 2**number)

    def _read(self, call: Call[T], answer: httpx2.Response) -> T:
        if answer.is_success:
            return call.read(answer.content)
        raise error_of(calls.problem_of(answer.status_code, answer.content))

    @staticmethod
    def _sent(call: Call[T]) -> dict[str, Any]:
        return {
            "method": call.method,
            "url": call.path,
            "content": call.body,
            "headers": call.headers,
            "params": call.query,
        }


class Stint(_Settings):
    """A client that waits for each answer."""

    def __enter__(self) -> Self:
        self._http = httpx2.Client(**self._options)
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._http.close()

    def _send(self, call: Call[T]) -> T:
        for number in range(self._tries):
            answer = None
            try:
                answer = self._http.request(**self._sent(call))
            except httpx2.TransportError as error:
                if number == self._tries - 1:
                    raise UnreachableError(f"The service did not answer {self._tries} times: {error}") from error
            if answer is not None and (answer.status_code not in AGAIN or number == self._tries - 1):
                return self._read(call, answer)
            time.sleep(self._pause(number, answer))
        raise AssertionError("the last try returns or raises")

    def submit(self, request: Body, *, idempotency_key: str | None = None, priority: int | None = None) -> Job:
        """Ask for a roster; tried again, it still makes one job."""
        return self._send(calls.submit(request, idempotency_key, priority))

    def jobs(self, *, status: str | None = None, limit: int = 50) -> Iterator[Job]:
        """Every job, newest first, page after page."""
        cursor = None
        while True:
            page = self._send(calls.jobs(status, limit, cursor))
            yield from page.jobs
            cursor = page.next_cursor
            if cursor is None:
                return

    def job(self, job_id: str) -> Job:
        """How a job stands."""
        return self._send(calls.job(job_id))

    def follow(self, job_id: str) -> Iterator[Event]:
        """What happens to a job as it happens, to its end; goes on where it was when the line breaks."""
        last, failures = "", 0
        while failures < self._tries:
            try:
                with self._http.stream("GET", f"/v1/rosters/{job_id}/events", headers=_resumed(last)) as answer:
                    if not answer.is_success:
                        answer.read()
                        raise error_of(calls.problem_of(answer.status_code, answer.content))
                    parser = Parser()
                    for line in answer.iter_lines():
                        if event := parser.take(line):
                            last, failures = event.id, 0
                            yield event
            except httpx2.TransportError:
                failures += 1
                time.sleep(self._pause(failures, None))
                continue
            if self.job(job_id).status in ENDED:
                return
        raise UnreachableError(f"The events of job {job_id} broke off {self._tries} times.")

    def wait(self, job_id: str, *, seconds: float | None = None) -> Job:
        """The job when it has ended.

        Raises:
            TimeoutError: it has not ended after so many seconds.
        """
        until = None if seconds is None else time.monotonic() + seconds
        while (found := self.job(job_id)).status not in ENDED:
            if until is not None and time.monotonic() > until:
                raise TimeoutError(f"Job {job_id} is {found.status} after {seconds:g} s.")
            time.sleep(0.5)
        return found

    def solve(self, request: Body, *, seconds: float | None = None) -> Roster:
        """Submit a request, wait, and give the roster.

        Raises:
            FailedError: the job ended without a roster.
        """
        ended = self.wait(self.submit(request).id, seconds=seconds)
        if ended.status == "failed":
            raise FailedError(ended.error or "The job failed.")
        return self.roster(ended.id)

    def roster(self, job_id: str) -> Roster:
        """The best roster so far."""
        return self._send(calls.roster(job_id))

    def download(self, job_id: str, form: Form, *, agent_id: str | None = None) -> bytes:
        """The roster as a file: `csv`, `csv-days`, `xlsx`, `ics` or `json`, of one agent or of all."""
        return self._send(calls.download(job_id, form, agent_id))

    def request(self, job_id: str) -> Any:
        """What was asked, as plain data."""
        return self._send(calls.request(job_id))

    def explanation(self, job_id: str) -> Explanation:
        """Why intervals are short, which rules bind, what would cure a conflict."""
        return self._send(calls.explanation(job_id))

    def cancel(self, job_id: str) -> Job:
        """Stop a job and keep its best roster."""
        return self._send(calls.cancel(job_id))

    def erase(self, job_id: str) -> None:
        """Erase a job with request, roster and events."""
        self._send(calls.erase(job_id))

    def validate(self, request: Body) -> Validation:
        """Every fault of a request, without solving."""
        return self._send(calls.validate(request))

    def evaluate(self, request: Body, roster: Body) -> Evaluation:
        """Cost, coverage and violations of a roster, without solving."""
        return self._send(calls.evaluate(request, roster))

    def staffing(self, request: Body) -> Staffing:
        """Volumes, handle times and goals to agents needed."""
        return self._send(calls.staffing(request))

    def capacity_plan(self, request: Body) -> CapacityPlan:
        """Weeks of work and people to hires."""
        return self._send(calls.capacity_plan(request))

    def work_plan_mix(self, request: Body) -> WorkPlanMix:
        """How many people on which contract."""
        return self._send(calls.work_plan_mix(request))

    def rules(self) -> RuleBook:
        """Every rule that a work plan may have."""
        return self._send(calls.rules())


class AsyncStint(_Settings):
    """The same client for `async` programs."""

    async def __aenter__(self) -> Self:
        self._http = httpx2.AsyncClient(**self._options)
        return self

    async def __aexit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        await self._http.aclose()

    async def _send(self, call: Call[T]) -> T:
        for number in range(self._tries):
            answer = None
            try:
                answer = await self._http.request(**self._sent(call))
            except httpx2.TransportError as error:
                if number == self._tries - 1:
                    raise UnreachableError(f"The service did not answer {self._tries} times: {error}") from error
            if answer is not None and (answer.status_code not in AGAIN or number == self._tries - 1):
                return self._read(call, answer)
            await asyncio.sleep(self._pause(number, answer))
        raise AssertionError("the last try returns or raises")

    async def submit(self, request: Body, *, idempotency_key: str | None = None, priority: int | None = None) -> Job:
        """Ask for a roster; tried again, it still makes one job."""
        return await self._send(calls.submit(request, idempotency_key, priority))

    async def jobs(self, *, status: str | None = None, limit: int = 50) -> AsyncIterator[Job]:
        """Every job, newest first, page after page."""
        cursor = None
        while True:
            page: JobPage = await self._send(calls.jobs(status, limit, cursor))
            for one in page.jobs:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return

    async def job(self, job_id: str) -> Job:
        """How a job stands."""
        return await self._send(calls.job(job_id))

    async def follow(self, job_id: str) -> AsyncIterator[Event]:
        """What happens to a job as it happens, to its end; goes on where it was when the line breaks."""
        last, failures = "", 0
        while failures < self._tries:
            try:
                async with self._http.stream("GET", f"/v1/rosters/{job_id}/events", headers=_resumed(last)) as answer:
                    if not answer.is_success:
                        await answer.aread()
                        raise error_of(calls.problem_of(answer.status_code, answer.content))
                    parser = Parser()
                    async for line in answer.aiter_lines():
                        if event := parser.take(line):
                            last, failures = event.id, 0
                            yield event
            except httpx2.TransportError:
                failures += 1
                await asyncio.sleep(self._pause(failures, None))
                continue
            if (await self.job(job_id)).status in ENDED:
                return
        raise UnreachableError(f"The events of job {job_id} broke off {self._tries} times.")

    async def wait(self, job_id: str, *, seconds: float | None = None) -> Job:
        """The job when it has ended; TimeoutError after so many seconds."""
        async with asyncio.timeout(seconds):
            while (found := await self.job(job_id)).status not in ENDED:
                await asyncio.sleep(0.5)
            return found

    async def solve(self, request: Body, *, seconds: float | None = None) -> Roster:
        """Submit a request, wait, and give the roster; FailedError when the job ends without one."""
        ended = await self.wait((await self.submit(request)).id, seconds=seconds)
        if ended.status == "failed":
            raise FailedError(ended.error or "The job failed.")
        return await self.roster(ended.id)

    async def roster(self, job_id: str) -> Roster:
        """The best roster so far."""
        return await self._send(calls.roster(job_id))

    async def download(self, job_id: str, form: Form, *, agent_id: str | None = None) -> bytes:
        """The roster as a file: `csv`, `csv-days`, `xlsx`, `ics` or `json`, of one agent or of all."""
        return await self._send(calls.download(job_id, form, agent_id))

    async def request(self, job_id: str) -> Any:
        """What was asked, as plain data."""
        return await self._send(calls.request(job_id))

    async def explanation(self, job_id: str) -> Explanation:
        """Why intervals are short, which rules bind, what would cure a conflict."""
        return await self._send(calls.explanation(job_id))

    async def cancel(self, job_id: str) -> Job:
        """Stop a job and keep its best roster."""
        return await self._send(calls.cancel(job_id))

    async def erase(self, job_id: str) -> None:
        """Erase a job with request, roster and events."""
        await self._send(calls.erase(job_id))

    async def validate(self, request: Body) -> Validation:
        """Every fault of a request, without solving."""
        return await self._send(calls.validate(request))

    async def evaluate(self, request: Body, roster: Body) -> Evaluation:
        """Cost, coverage and violations of a roster, without solving."""
        return await self._send(calls.evaluate(request, roster))

    async def staffing(self, request: Body) -> Staffing:
        """Volumes, handle times and goals to agents needed."""
        return await self._send(calls.staffing(request))

    async def capacity_plan(self, request: Body) -> CapacityPlan:
        """Weeks of work and people to hires."""
        return await self._send(calls.capacity_plan(request))

    async def work_plan_mix(self, request: Body) -> WorkPlanMix:
        """How many people on which contract."""
        return await self._send(calls.work_plan_mix(request))

    async def rules(self) -> RuleBook:
        """Every rule that a work plan may have."""
        return await self._send(calls.rules())


def _resumed(last: str) -> dict[str, str]:
    return {"Accept": "text/event-stream"} | ({"Last-Event-ID": last} if last else {})


__all__ = [
    "AsyncStint",
    "BusyError",
    "Event",
    "FailedError",
    "NotAllowedError",
    "NotFoundError",
    "ProblemError",
    "RefusedError",
    "Stint",
    "StintError",
    "UnreachableError",
]

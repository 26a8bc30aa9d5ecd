"""Explanations of jobs that have ended: made when the first caller asks, and kept."""

from __future__ import annotations

import asyncio
import json
from weakref import WeakValueDictionary

from service.jobs.document import told
from service.jobs.errands import Errands
from service.jobs.errors import ExplanationNotThereError
from service.jobs.job import JobRecord
from service.jobs.store import JobStore


class Explanations:
    """Makes explanations; callers who ask for the same one at once wait for it together."""

    def __init__(self, store: JobStore, errands: Errands) -> None:
        self._store = store
        self._errands = errands
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def of(self, job: JobRecord) -> bytes:
        """The explanation as JSON.

        Raises:
            ExplanationNotThereError: the job has not ended, or has neither a roster nor a verdict.
            TenantErrandsBusyError: too many questions of the tenant wait already.
            ErrandsBusyError: too many of all tenants do.
            ErrandFailedError: there was no answer.
        """
        lock = self._locks.setdefault(job.id, asyncio.Lock())
        async with lock:
            kept = await asyncio.to_thread(self._store.explanation_of, job.tenant, job.id)
            return kept if kept is not None else await self._made(job)

    async def _made(self, job: JobRecord) -> bytes:
        request = await asyncio.to_thread(self._store.request_of, job.tenant, job.id)
        roster = await asyncio.to_thread(self._store.roster_of, job.tenant, job.id)
        if request is None or roster is None or not job.ended:
            reason = job.error or f"The job is {job.status}."
            raise ExplanationNotThereError(f"Job {job.id} has nothing to explain. {reason}")
        question = b'{"request":' + request + b',"roster":' + told(job, roster) + b"}"
        answer = await self._errands.run(job.tenant, "explanation", question)
        explanation = await asyncio.to_thread(_text, answer)
        await asyncio.to_thread(self._store.keep_explanation, job.tenant, job.id, explanation)
        return explanation


def _text(answer: dict[str, object]) -> bytes:
    return json.dumps(answer, separators=(",", ":"), ensure_ascii=False).encode()

"""News of jobs for everybody who waits for them: one look at the database serves all who wait in this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field

import structlog

from service.jobs.job import JobEvent
from service.jobs.store import JobStore

log = structlog.get_logger()

News = list[JobEvent] | None  # None: there will be no more


@dataclass
class _Followed:
    """A job that somebody follows: up to where everybody was told, and who they are."""

    told: int
    listeners: set[asyncio.Queue[News]] = field(default_factory=set)


def _tell_the_log(looking: asyncio.Task[None]) -> None:
    if not looking.cancelled() and (error := looking.exception()):
        log.error("looking for news of jobs failed", exc_info=error)


class Feed:
    """Follows the events of jobs; belongs to one event loop."""

    def __init__(self, store: JobStore, look_seconds: float) -> None:
        self._store = store
        self._look_seconds = look_seconds
        self._followed: dict[str, _Followed] = {}
        self._looking: asyncio.Task[None] | None = None

    async def follow(self, job_id: str, after: int = 0) -> AsyncGenerator[JobEvent]:
        """The events of a job after the one numbered `after`, as they come, to the end of the job."""
        queue = self._join(job_id, after)
        try:
            while earlier := await asyncio.to_thread(self._store.events_after, job_id, after):
                for event in earlier:
                    after = event.seq
                    yield event
            while (news := await queue.get()) is not None:
                for event in news:
                    if event.seq > after:
                        after = event.seq
                        yield event
        finally:
            self._leave(job_id, queue)

    async def ended(self, job_id: str, seconds: float) -> bool:
        """Whether the job ends within so many seconds; waits no longer than that."""
        try:
            async with asyncio.timeout(seconds), aclosing(self.follow(job_id)) as events:
                async for _ in events:
                    pass
        except TimeoutError:
            return False
        return True

    def _join(self, job_id: str, after: int) -> asyncio.Queue[News]:
        queue: asyncio.Queue[News] = asyncio.Queue()
        self._followed.setdefault(job_id, _Followed(after)).listeners.add(queue)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
            self._looking.add_done_callback(_tell_the_log)
        return queue

    def _leave(self, job_id: str, queue: asyncio.Queue[News]) -> None:
        followed = self._followed[job_id]
        followed.listeners.discard(queue)
        if not followed.listeners:
            del self._followed[job_id]

    async def _look(self) -> None:
        """Look for news as long as somebody waits for some; where that fails, nobody is left waiting."""
        try:
            while self._followed:
                asked = dict(self._followed)  # who joins while the database is asked is told at the next look
                lasts = await asyncio.to_thread(self._store.last_events, list(asked))
                for job_id, followed in asked.items():
                    await self._pass_on(job_id, followed, *lasts.get(job_id, (followed.told, True)))  # erased: ended
                await asyncio.sleep(self._look_seconds)
        finally:
            for followed in self._followed.values():
                self._tell(followed, None)

    async def _pass_on(self, job_id: str, followed: _Followed, last: int, ended: bool) -> None:
        """Tell those who follow a job what they do not know yet."""
        if last > followed.told:
            events = await asyncio.to_thread(self._store.events_after, job_id, followed.told)
            followed.told = events[-1].seq if events else last
            self._tell(followed, events)
        if ended and followed.told >= last:
            self._tell(followed, None)

    @staticmethod
    def _tell(followed: _Followed, news: News) -> None:
        for queue in followed.listeners:
            queue.put_nowait(news)

"""Sends what webhooks are to be told: takes messages whose time has come, and records how each try went."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import structlog

from service.jobs.errors import StoreUnavailableError
from service.jobs.job import now
from service.jobs.webhooks import Letter, Outcome, Webhooks, message, next_try, signed_headers
from service.metrics import MESSAGES
from service.settings import Settings

AT_ONCE = 16
"""Messages that a worker has on the way."""

LEASE_FACTOR = 4
"""So many times the time of a try, a message belongs to who took it; then somebody else may send it."""

Post = Callable[[str, bytes, dict[str, str]], Awaitable[Outcome]]
"""Sends a body with headers to a URL; whatever goes wrong is an outcome."""

log = structlog.get_logger()


class Messenger:
    """Looks for due messages and sends them, until it is told to end."""

    def __init__(self, webhooks: Webhooks, post: Post, settings: Settings) -> None:
        self._webhooks = webhooks
        self._post = post
        self._settings = settings
        self._sending: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Send for ever; what is on the way when this is cancelled is sent again by somebody later."""
        try:
            while True:
                await self._look()
                await asyncio.sleep(self._settings.webhook_look_seconds)
        finally:
            for task in self._sending:
                task.cancel()
            await asyncio.gather(*self._sending, return_exceptions=True)

    async def _look(self) -> None:
        """Begin to send what is due, as far as there is room."""
        room = AT_ONCE - len(self._sending)
        if room <= 0:
            return
        lease = LEASE_FACTOR * self._settings.webhook_seconds
        try:
            letters = await asyncio.to_thread(self._webhooks.take_due, limit=room, lease_seconds=lease)
        except StoreUnavailableError:
            return  # logged where it is met
        for letter in letters:
            task = asyncio.create_task(self._send(letter))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)

    async def _send(self, letter: Letter) -> None:
        body = message(letter, self._settings.public_url)
        try:
            async with asyncio.timeout(self._settings.webhook_seconds):
                outcome = await self._post(letter.url, body, signed_headers(letter, body, now()))
        except TimeoutError:
            outcome = Outcome(None, f"No answer within {self._settings.webhook_seconds:g} seconds.")
        retry_at = next_try(letter, outcome, self._settings.webhook_retry_seconds)
        try:
            await asyncio.to_thread(self._webhooks.record, letter, outcome, retry_at)
        except StoreUnavailableError:
            return  # it is sent again when the lease is over; the receiver knows it by its id
        MESSAGES.labels("arrived" if outcome.arrived else "failed").inc()
        if not outcome.arrived:
            said = outcome.error or f"answered {outcome.answer}"
            log.warning("webhook not delivered", webhook=letter.webhook_id, job=letter.job_id, said=said)


@contextmanager
def messages_sent(messenger: Messenger) -> Iterator[None]:
    """Run the messenger in a thread of its own while this is entered."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="messenger", daemon=True)
    thread.start()
    running = asyncio.run_coroutine_threadsafe(_logged(messenger.run()), loop)
    try:
        yield
    finally:
        running.cancel()
        asyncio.run_coroutine_threadsafe(_rest(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _logged(running: Awaitable[None]) -> None:
    try:  # the messenger's door
        await running
    except Exception:
        log.exception("the messenger broke")


async def _rest() -> None:
    """Wait for everything else on this loop to end."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.get_running_loop().shutdown_default_executor()

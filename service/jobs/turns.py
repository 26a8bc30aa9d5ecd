"""Places that many want at once: tenants take turns, so that one who asks for much does not make the others wait."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turns:
    """So many places; whoever waits for one is let in by turns of the tenants, within a tenant in order."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._lines: dict[str, deque[asyncio.Future[None]]] = {}
        """Who waits, by tenant; the tenant whose turn it is comes first."""

    @property
    def waiting(self) -> int:
        """How many wait."""
        return sum(len(line) for line in self._lines.values())

    def waiting_of(self, tenant: str) -> int:
        """How many of a tenant wait."""
        return len(self._lines.get(tenant, ()))

    @property
    def free(self) -> bool:
        """Whether a place is free."""
        return self._free > 0

    @asynccontextmanager
    async def turn(self, tenant: str) -> AsyncIterator[None]:
        """A place, when it is the tenant's turn; it is given on when the block ends."""
        if self._free:
            self._free -= 1
        else:
            await self._let_in(tenant)
        try:
            yield
        finally:
            self._give_on()

    async def _let_in(self, tenant: str) -> None:
        me: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._lines.setdefault(tenant, deque()).append(me)
        try:
            await me
        except asyncio.CancelledError:
            if me.cancelled():
                self._leave(tenant, me)
            else:  # let in, and called off at the same moment
                self._give_on()
            raise

    def _leave(self, tenant: str, me: asyncio.Future[None]) -> None:
        line = self._lines.get(tenant, deque())
        if me in line:  # it is passed over already where a place was given on in between
            line.remove(me)
            if not line:
                del self._lines[tenant]

    def _give_on(self) -> None:
        """Give a place to the tenant whose turn it is, who then goes to the end of the round."""
        for tenant in list(self._lines):
            line = self._lines.pop(tenant)
            while line and line[0].done():  # called off, and has not left yet
                line.popleft()
            if line:
                line.popleft().set_result(None)
                if line:
                    self._lines[tenant] = line
                return
        self._free += 1

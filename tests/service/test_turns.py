"""Places that tenants take by turns."""

import asyncio
import contextlib

import pytest

from service.jobs.turns import Turns


async def taken(turns, tenant, order, leave):
    async with turns.turn(tenant):
        order.append(tenant)
        await leave.wait()


async def settled():
    for _ in range(5):
        await asyncio.sleep(0)


def played(scene):
    """Runs a scene with one place that somebody has, and gives who came in, in order."""

    async def whole():
        turns, order, leave = Turns(1), [], asyncio.Event()
        first = asyncio.create_task(taken(turns, "first", order, leave))
        await settled()
        tasks = [first]

        def comes(tenant):
            tasks.append(asyncio.create_task(taken(turns, tenant, order, leave)))
            return tasks[-1]

        await scene(turns, comes, leave)
        leave.set()
        with contextlib.suppress(asyncio.CancelledError):
            for task in tasks:
                await task
        await asyncio.gather(*tasks, return_exceptions=True)
        return turns, order

    return asyncio.run(whole())


def test_tenants_are_let_in_by_turns():
    async def scene(turns, comes, leave):
        for tenant in ("a", "a", "a", "b", "b", "c"):
            comes(tenant)
        await settled()
        assert (turns.waiting, turns.waiting_of("a"), turns.free) == (6, 3, False)

    turns, order = played(scene)
    assert order == ["first", "a", "b", "c", "a", "b", "a"]
    assert (turns.waiting, turns.free) == (0, True)


async def before(turns, gone, leave):
    gone.cancel()
    await settled()
    assert (turns.waiting, turns.waiting_of("a")) == (1, 0)


async def as_the_place_is_given_on(turns, gone, leave):
    leave.set()
    gone.cancel()


async def with_the_place_at_hand(turns, gone, leave):
    leave.set()
    await asyncio.sleep(0)  # the first has left, and a's place is there, but a has not gone in
    assert turns.waiting_of("a") == 0
    gone.cancel()


@pytest.mark.parametrize("goes_away", [before, as_the_place_is_given_on, with_the_place_at_hand])
def test_who_goes_away_makes_nobody_wait(goes_away):
    async def scene(turns, comes, leave):
        gone = comes("a")
        comes("b")
        await settled()
        await goes_away(turns, gone, leave)

    turns, order = played(scene)
    assert order == ["first", "b"]
    assert (turns.waiting, turns.free) == (0, True)

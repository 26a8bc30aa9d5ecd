"""Everybody who waits for a job hears of it, at the price of one look at the database."""

import asyncio
import threading

import pytest

from service.adapters.memory import MemoryStore
from service.jobs.feed import Feed
from service.jobs.job import Ending
from tests.service.helpers import a_job


class CountingStore(MemoryStore):
    looks = 0

    def last_events(self, job_ids):
        self.looks += 1
        return super().last_events(job_ids)


@pytest.fixture
def store():
    return CountingStore()


def running(store):
    job = a_job()
    store.add(job, lambda within, new: None, key_hours=1)
    store.begin(job.id, max_attempts=1)
    return job.id


async def numbers(feed, job_id, after=0):
    return [event.seq async for event in feed.follow(job_id, after)]


def test_events_come_as_they_happen_and_end_with_the_job(store):
    async def scene():
        feed, job_id = Feed(store, 0.01), running(store)
        reader = asyncio.create_task(numbers(feed, job_id))
        for step in range(3):
            store.note(job_id, 1, {"seconds": float(step)})
            await asyncio.sleep(0.02)
        store.finish(job_id, 1, Ending("completed"))
        return await asyncio.wait_for(reader, 5)

    assert asyncio.run(scene()) == [1, 2, 3, 4, 5, 6]


def test_many_readers_cost_one_look_at_a_time(store):
    async def scene():
        feed, job_id = Feed(store, 0.05), running(store)
        readers = [asyncio.create_task(numbers(feed, job_id, after)) for after in (0, 1, 2) for _ in range(50)]
        while store.looks < 2:  # however slow the machine is
            await asyncio.sleep(0.05)
        looks = store.looks
        store.finish(job_id, 1, Ending("completed"))
        found = await asyncio.wait_for(asyncio.gather(*readers), 5)
        return looks, found

    looks, found = asyncio.run(scene())
    assert looks < 10  # of 150 readers
    assert found == [[1, 2, 3]] * 50 + [[2, 3]] * 50 + [[3]] * 50


def test_a_job_that_has_ended_is_told_to_its_end(store):
    async def scene():
        feed, job_id = Feed(store, 0.01), running(store)
        store.finish(job_id, 1, Ending("failed"))
        return await numbers(feed, job_id), await numbers(feed, job_id, 3), await feed.ended(job_id, 5)

    assert asyncio.run(scene()) == ([1, 2, 3], [], True)


def test_who_joins_while_the_database_is_asked_about_others_is_not_taken_for_erased(store):
    asked, answered = threading.Event(), threading.Event()

    def slowly(job_ids, look=store.last_events):
        found = look(job_ids)
        asked.set()
        answered.wait(5)
        return found

    async def scene():
        feed, first, second = Feed(store, 0.01), running(store), running(store)
        store.last_events = slowly
        readers = [asyncio.create_task(numbers(feed, first))]
        await asyncio.to_thread(asked.wait, 5)
        readers.append(asyncio.create_task(numbers(feed, second)))
        waiting = asyncio.create_task(feed.ended(second, 5))
        await asyncio.sleep(0.05)
        answered.set()
        await asyncio.sleep(0.05)
        assert not waiting.done()
        for job_id in (first, second):
            store.finish(job_id, 1, Ending("completed"))
        return await asyncio.wait_for(asyncio.gather(*readers, waiting), 5)

    assert asyncio.run(scene()) == [[1, 2, 3], [1, 2, 3], True]


def test_long_histories_are_told_whole(store):
    async def scene():
        feed, job_id = Feed(store, 0.01), running(store)
        for step in range(2500):
            store.note(job_id, 1, {"seconds": float(step)})
        store.finish(job_id, 1, Ending("completed"))
        return await numbers(feed, job_id)

    assert asyncio.run(scene()) == list(range(1, 2504))


def test_waiting_has_an_end(store):
    async def scene():
        return await Feed(store, 0.01).ended(running(store), 0.1)

    assert asyncio.run(scene()) is False


def test_nobody_waits_for_an_erased_job(store):
    async def scene():
        feed, job_id = Feed(store, 0.01), running(store)
        reader = asyncio.create_task(numbers(feed, job_id))
        await asyncio.sleep(0.05)
        store.erase("north", job_id)
        return await asyncio.wait_for(reader, 5)

    assert asyncio.run(scene()) == [1, 2]


def test_nobody_is_left_waiting_when_looking_fails(store):
    async def scene():
        feed, job_id = Feed(store, 0.01), running(store)
        reader = asyncio.create_task(numbers(feed, job_id))
        await asyncio.sleep(0.05)
        store.last_events = lambda _: 1 / 0
        return await asyncio.wait_for(reader, 5)

    assert asyncio.run(scene()) == [1, 2]


def test_nobody_looks_when_nobody_waits(store):
    async def scene():
        feed, job_id = Feed(store, 0.01), running(store)
        await feed.ended(job_id, 0.05)
        await asyncio.sleep(0.05)
        looks = store.looks
        await asyncio.sleep(0.1)
        return store.looks - looks

    assert asyncio.run(scene()) == 0

"""Jobs for the fake solver, and waiting for what becomes of them."""

import time

from service.jobs.job import NewJob, new_id


def a_job(name="", *, tenant="north", seconds=10, **more):
    """A job whose request the fake solver reads its orders from."""
    request = f'{{"name": "{name}"}}'.encode()
    return NewJob(new_id(), tenant, name, request, time_limit_seconds=seconds, **more)


def submitted(backend, name="", **more):
    """A job that has been submitted."""
    return backend.store.add(a_job(name, **more), backend.engine.submit, key_hours=1)


def until(condition, seconds=15):
    """Wait for something to become true, and give what it then is."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)
    return found


def ended(backend, job):
    """The job when it has ended."""
    return until(lambda: (record := backend.store.get(job.tenant, job.id)) and record.ended and record)

"""Killed at random moments, the service loses nothing and does nothing twice; long runs are in bench/service."""

import pytest

from bench.service import postgres as wheel
from bench.service.chaos import chaos

pytestmark = pytest.mark.slow

NOTHING_LOST = {"lost": 0, "doubled": 0, "keys_that_changed_their_job": 0}


def nothing_lost(found, jobs):
    assert {name: found[name] for name in NOTHING_LOST} == NOTHING_LOST
    assert found["statuses"] == {"completed": jobs}
    assert found["completed_events_of_a_job"] == {1: jobs}
    assert sum(found["kills"].values()) >= 2


def test_serve_on_sqlite_killed_again_and_again(tmp_path):
    nothing_lost(chaos(tmp_path, f"sqlite:///{tmp_path}/jobs.sqlite", jobs=6, seed=1, least_kills=2), 6)


def test_api_workers_and_postgres_killed_again_and_again(tmp_path):
    with wheel.running() as server:
        nothing_lost(chaos(tmp_path, server.url("postgres"), jobs=6, seed=2, server=server, least_kills=2), 6)

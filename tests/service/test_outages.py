"""A disk that fills up and a database that turns read-only under a running service: told, waited for, nothing lost."""

import json
import random
import threading

import pytest
import sqlalchemy as sa

from service.api.samples import REQUEST
from service.worker import embedded
from tests.service.api_client import served
from tests.service.helpers import until
from tests.service.test_api import problem

TROUBLES = {
    "full": ("PRAGMA max_page_count=1", "PRAGMA max_page_count=1073741823", "disk is full"),
    "read-only": ("PRAGMA query_only=ON", "PRAGMA query_only=OFF", "only be read"),
}


@pytest.fixture(params=TROUBLES)
def trouble(request):
    """Lets every connection to SQLite be in trouble while `on` is set, and the words that tell of it."""
    begins, ends, words = TROUBLES[request.param]
    on = threading.Event()

    def begun(connection):
        connection.exec_driver_sql(begins if on.is_set() else ends)

    sa.event.listen(sa.Engine, "begin", begun)
    yield on, words
    sa.event.remove(sa.Engine, "begin", begun)


def a_large_request(name):
    """The sample with space in it that cannot be packed well, so that it needs pages of its own."""
    space = "".join(random.Random(1).choices(" \n\t\r", k=300_000))
    return json.dumps({**REQUEST, "name": name}) + space


def test_what_cannot_be_written_is_told_and_what_was_accepted_ends_well(settings, trouble):
    on, words = trouble
    with served(settings, embedded) as client:

        def submit(name):
            headers = {"Content-Type": "application/json", "Idempotency-Key": name}
            return client.post("/v1/rosters", content=a_large_request(name), headers=headers)

        running = submit("seconds=1 rosters=2").json()["links"]["self"]
        until(lambda: client.get(running).json()["status"] == "running")
        on.set()
        refused = submit("seconds=0")
        assert words in problem(refused, 503)["detail"]
        assert refused.headers["retry-after"]
        assert client.get(running).status_code == 200
        assert client.get("/healthz").status_code == 200
        on.clear()
        again = until(lambda: (answer := submit("seconds=0")).status_code == 202 and answer)
        for place in (running, again.headers["location"]):
            found = until(lambda place=place: (job := client.get(place).json())["finished_at"] and job, seconds=60)
            assert (found["status"], found["attempts"]) == ("completed", 1)
        assert len(client.get("/v1/rosters").json()["jobs"]) == 2

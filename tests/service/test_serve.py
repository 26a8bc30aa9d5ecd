"""The whole service as a process: killed, stopped, started again."""

import json
import os
import re
import signal
import subprocess
import sys
import textwrap
from contextlib import contextmanager

import httpx2
import pytest

from service.api.samples import REQUEST, ROSTER
from tests.service.conftest import FAKE_SOLVER
from tests.service.helpers import until

COMMAND = [sys.executable, "-m", "service.cli", "serve", "--port", "0", "--database-url", "sqlite:///jobs.sqlite"]
PATHS = ":".join(filter(None, sys.path))


@contextmanager
def service(folder, **settings):
    """A running `stint serve` and a client of it; it is killed in the end if it still runs."""
    solver = {"STINT_SOLVER_COMMAND": json.dumps(FAKE_SOLVER), "STINT_CONCURRENT_SOLVES": "2"}
    environment = {"PYTHONPATH": PATHS, **solver, **settings}
    log = folder / "service.log"
    with log.open("w") as lines:
        process = subprocess.Popen(COMMAND, cwd=folder, env=environment, stderr=lines)
    try:
        address = until(lambda: re.search(r"listens on (http://\S+),", log.read_text()))[1]
        with httpx2.Client(base_url=address, timeout=20) as client:
            yield process, client
    finally:
        process.kill()
        process.wait()


def submit(client, name):
    return client.post("/v1/rosters", json={**REQUEST, "name": name}).json()["id"]


def job(client, job_id):
    return client.get(f"/v1/rosters/{job_id}").json()


def status_is(client, job_id, status):
    return until(lambda: (found := job(client, job_id))["status"] == status and found)


def test_jobs_survive_a_killed_service(tmp_path):
    with service(tmp_path) as (process, client):
        running = submit(client, "seconds=1.5 rosters=2")
        others = [submit(client, "seconds=0.1") for _ in range(4)]
        done = submit(client, "seconds=0")
        until(lambda: client.get(f"/v1/rosters/{running}/roster").status_code == 200)
        process.send_signal(signal.SIGKILL)
        process.wait()
    with service(tmp_path) as (_, client):
        found = status_is(client, running, "completed")
        assert (found["attempts"], found["cost"]) == (2, 90.0)
        assert client.get(f"/v1/rosters/{running}/roster").json()["status"] == "completed"
        for job_id in (*others, done):
            status_is(client, job_id, "completed")


def test_a_job_that_kills_its_service_each_time_is_given_up(tmp_path):
    def killed_in_attempt(number, job_id=None):
        with service(tmp_path, STINT_MAX_ATTEMPTS="2") as (process, client):
            job_id = job_id or submit(client, "seconds=20 rosters=1")
            until(lambda: job(client, job_id)["attempts"] == number)
            until(lambda: client.get(f"/v1/rosters/{job_id}/roster").status_code == 200)
            process.kill()
            process.wait()
        return job_id

    job_id = killed_in_attempt(2, killed_in_attempt(1))
    with service(tmp_path, STINT_MAX_ATTEMPTS="2") as (_, client):
        found = status_is(client, job_id, "failed")
        assert "2 times" in found["error"]
        assert client.get(f"/v1/rosters/{job_id}/roster").json()["status"] == "failed"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_service_that_is_told_to_stop_lets_its_jobs_end(tmp_path, number):
    with service(tmp_path, STINT_DRAIN_SECONDS="20") as (process, client):
        jobs = [submit(client, "seconds=2") for _ in range(3)]
        for job_id in jobs[:2]:
            status_is(client, job_id, "running")
        process.send_signal(number)
        assert process.wait(timeout=20) == 0
    with service(tmp_path) as (_, client):
        assert [job(client, job_id)["status"] for job_id in jobs[:2]] == ["completed"] * 2
        assert [status_is(client, job_id, "completed")["attempts"] for job_id in jobs] == [1, 1, 1]


def test_a_service_that_is_told_to_stop_stops_and_leaves_its_jobs_to_the_next(tmp_path):
    with service(tmp_path, STINT_DRAIN_SECONDS="0.1") as (process, client):
        job_id = submit(client, "seconds=3 rosters=1")
        status_is(client, job_id, "running")
        process.terminate()
        assert process.wait(timeout=10) == 0
        assert "Traceback" not in (tmp_path / "service.log").read_text()
    with service(tmp_path) as (_, client):
        assert status_is(client, job_id, "completed")["attempts"] == 2


def test_one_file_is_for_one_service(tmp_path):
    with service(tmp_path) as (_, client):
        second = subprocess.run(
            COMMAND, cwd=tmp_path, env={"PYTHONPATH": PATHS}, capture_output=True, text=True, timeout=30
        )
        assert second.returncode == 2
        assert "in use by another process" in second.stderr
        assert client.get("/readyz").status_code == 200


def test_the_service_process_never_loads_the_solver(tmp_path):
    """Submitting, solving, validating and evaluating are done, and neither OR-Tools nor numba has been imported."""
    script = f"""
        import json, sys
        from service.settings import Settings
        from service.worker import embedded
        from tests.service.api_client import served
        settings = Settings(database_url="sqlite:///jobs.sqlite", solver_command={FAKE_SOLVER!r})
        request, roster = json.loads({json.dumps(json.dumps(REQUEST))}), json.loads({json.dumps(json.dumps(ROSTER))})
        with served(settings, embedded) as client:
            assert client.post("/v1/rosters", json=request, headers={{"Prefer": "wait=20"}}).status_code == 200
            assert client.post("/v1/validations", json=request).json()["valid"]
            assert client.post("/v1/evaluations", json={{"request": request, "roster": roster}}).status_code == 200
            assert client.get("/v1/rules").status_code == client.get("/openapi.json").status_code == 200
        print(sorted({{"ortools", "numba", "numpy", "pandas"}} & set(sys.modules)))
    """
    result = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, env={**os.environ, "PYTHONPATH": PATHS},
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines()[-1] == "[]"

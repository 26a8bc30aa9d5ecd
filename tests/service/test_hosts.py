"""Many hosts on one Postgres, as processes: killed, paused, cut off from the database."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bench.service import postgres as wheel
from bench.service.house import Caller, house, until
from bench.service.parts import idle_sites
from bench.service.speed import children_of

QUICK = {"BEAT_SECONDS": 1, "QUEUE_POLL_SECONDS": 0.1, "CONCURRENT_SOLVES": 2, "LOOK_SECONDS": 0.1}


@pytest.fixture
def quick_house(tmp_path, postgres):
    with house(tmp_path, postgres.upgraded(), **QUICK) as built:
        yield built


@pytest.fixture
def caller(quick_house):
    return Caller(quick_house.member("api", "api", "--port", "0").start().ready().address)


def test_a_killed_workers_jobs_go_to_the_other_and_none_runs_twice(quick_house, caller):
    dead, alive = (quick_house.member(name, "worker").start().ready() for name in ("dead", "alive"))
    jobs = [caller.submit("seconds=3 rosters=1") for _ in range(4)]
    for job in jobs:
        caller.when(job, "running")
    dead.kill()
    attempts = sorted(caller.when(job, "completed")["attempts"] for job in jobs)
    assert attempts == [1, 1, 2, 2]
    assert alive.said.count("solve begins") == 4


def test_two_that_see_a_worker_die_take_each_job_once(quick_house, caller):
    dead = quick_house.member("dead", "worker").start().ready()
    # Long enough that none is done before the two have started, however busy the machine is.
    jobs = [caller.submit("seconds=12") for _ in range(2)]
    for job in jobs:
        caller.when(job, "running")
    heirs = [quick_house.member(name, "worker").start().ready() for name in ("left", "right")]
    dead.kill()
    assert [caller.when(job, "completed")["attempts"] for job in jobs] == [2, 2]
    assert sum(heir.said.count("solve begins") for heir in heirs) == 2


def at(worker, errand):
    """Whether the worker has a process for an errand, such as `join`."""
    commands = (Path(f"/proc/{child}/cmdline") for child in children_of(worker.process.pid))
    return any(command.exists() and command.read_bytes().endswith(f"\0{errand}\0".encode()) for command in commands)


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["divide", "parts", "join"])
def test_a_worker_killed_over_a_large_job_leaves_one_whole_roster(tmp_path, postgres, moment):
    large = {"DIVIDE_FROM_AGENTS": 12, "LEAST_AGENTS_OF_A_PART": 1}
    with house(tmp_path, postgres.upgraded(), **QUICK, **large) as built:
        caller = Caller(built.member("api", "api", "--port", "0").start().ready().address)
        dead = built.member("dead", "worker").start().ready()
        job = caller.submit("nobody=1 rosters=0 seconds=2", request=idle_sites(12, 3))
        if moment == "parts":  # two run, and one waits
            until(lambda: [part["status"] for part in caller.job(job)["parts"]].count("running") == 2, 60)
        else:
            until(lambda: at(dead, moment), 60)
        dead.kill()
        heir = built.member("heir", "worker").start().ready()
        found = caller.when(job, "completed", 90)
        roster = caller.get(f"/v1/rosters/{job}/roster").json()
        assert len({schedule["agent_id"] for schedule in roster["schedules"]}) == len(roster["schedules"]) == 12
        assert found["cost"] == roster["cost"]["total"] == pytest.approx(sum(part["cost"] for part in found["parts"]))
        assert [(part["agents"], part["status"]) for part in found["parts"]] == [(4, "completed")] * 3
        assert found["attempts"] == (2 if moment == "divide" else 1)
        begun = heir.said.count("solve begins")
        assert begun == (0 if moment == "join" else 3)
        assert [event["status"] for event in caller.events(job) if "status" in event].count("completed") == 1
        assert [each["id"] for each in caller.get("/v1/rosters").json()["jobs"]] == [job]


def test_a_paused_workers_late_result_is_not_recorded(quick_house, caller):
    paused = quick_house.member("paused", "worker").start().ready()
    job = caller.submit("seconds=2 rosters=2")
    caller.when(job, "running")
    paused.kill(signal.SIGSTOP)
    quick_house.member("heir", "worker").start().ready()
    until(lambda: caller.job(job)["attempts"] == 2)
    paused.kill(signal.SIGCONT)
    assert caller.when(job, "completed")["attempts"] == 2
    assert [event["status"] for event in caller.events(job) if "status" in event].count("completed") == 1


def test_a_job_that_kills_each_worker_is_given_up(quick_house, caller):
    job = caller.submit("seconds=20 rosters=1")
    for number in (1, 2, 3):
        worker = quick_house.member(f"victim-{number}", "worker").start().ready()
        until(lambda number=number: caller.job(job)["attempts"] == number)
        until(lambda: caller.get(f"/v1/rosters/{job}/roster").status_code == 200)
        worker.kill()
    quick_house.member("last", "worker").start().ready()
    assert "3 times" in caller.when(job, "failed")["error"]
    assert caller.get(f"/v1/rosters/{job}/roster").json()["cost"] == {"total": 100.0}


def test_a_worker_that_is_told_to_stop_hands_its_jobs_back(quick_house, caller):
    leaving = quick_house.member("leaving", "worker", drain_seconds=0).start().ready()
    job = caller.submit("seconds=12")
    caller.when(job, "running")
    staying = quick_house.member("staying", "worker").start().ready()
    leaving.kill(signal.SIGTERM)
    assert leaving.process.returncode == 0
    assert caller.when(job, "completed")["attempts"] == 2
    assert "taken over" in staying.said


def test_a_worker_that_is_told_to_stop_lets_its_jobs_end_and_leaves_the_rest_to_others(quick_house, caller):
    """Longer than after which a silent worker counts as dead: it goes on beating."""
    leaving = quick_house.member("leaving", "worker", drain_seconds=30).start().ready()
    running = [caller.submit("seconds=5") for _ in range(2)]
    for job in running:
        caller.when(job, "running")
    quick_house.member("staying", "worker").start().ready()
    leaving.kill(signal.SIGTERM)
    waited = caller.submit("seconds=0")
    assert leaving.process.returncode == 0
    assert [caller.job(job)["attempts"] for job in running] == [1, 1]
    assert [caller.when(job, "completed")["attempts"] for job in (*running, waited)] == [1, 1, 1]


def test_a_worker_that_is_told_to_stop_twice_waits_for_nothing(quick_house, caller):
    leaving = quick_house.member("leaving", "worker", drain_seconds=100).start().ready()
    job = caller.submit("seconds=60")
    caller.when(job, "running")
    leaving.process.send_signal(signal.SIGTERM)
    until(lambda: "running solves may end" in leaving.said)
    leaving.kill(signal.SIGTERM)
    assert leaving.process.returncode == 0
    assert "Traceback" not in leaving.said
    assert caller.job(job)["attempts"] == 1
    quick_house.member("staying", "worker").start().ready()
    until(lambda: caller.job(job)["attempts"] == 2)


def test_a_database_that_dies_and_comes_back_costs_no_job_and_no_attempt(tmp_path):
    with wheel.running() as server, house(tmp_path, server.url("postgres"), **QUICK) as built:
        built.upgrade()
        workers = [built.member(name, "worker").start().ready() for name in ("left", "right")]
        caller = Caller(built.member("api", "api", "--port", "0").start().ready().address)
        short, long = caller.submit("seconds=1 rosters=2"), caller.submit("seconds=5 rosters=2")
        for job in (short, long):
            caller.when(job, "running")
        server.stop("immediate")
        until(lambda: caller._client.get(f"/v1/rosters/{long}").status_code == 503)
        until(lambda: all("not available" in worker.said for worker in workers))
        server.start()
        for job in (short, long):
            found = caller.when(job, "completed")
            assert (found["attempts"], found["cost"]) == (1, 90.0)
        after = caller.submit("seconds=0")
        caller.when(after, "completed")


@pytest.mark.parametrize("command", ["api", "worker"])
def test_what_cannot_be_shared_is_refused_in_a_sentence(tmp_path, postgres, command):
    start = [sys.executable, "-m", "service.cli", command, *(["--port", "0"] if command == "api" else [])]
    environment = {**os.environ, "PYTHONPATH": ":".join(filter(None, sys.path))}

    def said(url):
        done = subprocess.run(
            [*start, "--database-url", url],
            cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=30,
        )  # fmt: skip
        assert done.returncode == 2
        assert "Traceback" not in done.stderr
        return done.stderr

    assert "belongs to one process" in said("sqlite:///jobs.sqlite")
    assert "stint db upgrade" in said(postgres.database())
    assert "cannot be opened" in said("postgresql+psycopg://ann:secret@127.0.0.1:1/stint")
    assert "secret" not in said("postgresql+psycopg://ann:secret@127.0.0.1:1/stint")


def test_two_workers_of_one_name_on_one_host_are_refused(quick_house):
    quick_house.member("same", "worker").start().ready()
    with pytest.raises(RuntimeError, match="named 'same'"):
        quick_house.member("same", "worker").start().ready()

"""The service with the solver it ships with: asked, killed, asked again, cancelled, and its answers judged."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from solver.example import example_request
from tests.service.helpers import until
from tests.service.test_serve import PATHS, job, service, status_is

pytestmark = pytest.mark.slow
SOLVER = {"STINT_SOLVER_COMMAND": json.dumps([sys.executable, "-P", "-m", "solver"]), **os.environ}


def asking(agents, gap_percent):
    """A request whose solve ends at this gap, well before its time; how fast the machine is does not matter."""
    request = example_request(agents=agents, days=7)
    options = {**request.get("options", {}), "time_limit_seconds": 120, "target_gap_percent": gap_percent}
    return {**request, "options": options}


def children_of(process_id):
    files = Path(f"/proc/{process_id}/task").glob("*/children")
    return [int(child) for file in files for child in file.read_text().split()]


def runs(process_id):
    """Whether the process runs; one that is dead and waits to be reaped does not."""
    status = Path(f"/proc/{process_id}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"


def roster_of(client, job_id):
    answer = client.get(f"/v1/rosters/{job_id}/roster")
    return answer.json() if answer.status_code == 200 else None


def accepted_by_the_judge(client, request, roster):
    found = client.post("/v1/evaluations", json={"request": request, "roster": roster}).json()
    assert found["violations"] == []
    assert (found["cost"], found["coverage"]) == (roster["cost"], roster["coverage"])


def test_a_roster_survives_a_killed_service_and_is_what_the_judge_says(tmp_path):
    request = asking(agents=20, gap_percent=60)
    with service(tmp_path, **SOLVER) as (process, client):
        job_id = client.post("/v1/rosters", json=request).json()["id"]
        [solver] = until(lambda: children_of(process.pid))
        process.send_signal(signal.SIGKILL)
        process.wait()
        until(lambda: not runs(solver))
    with service(tmp_path, **SOLVER) as (_, client):
        found = until(lambda: (now := job(client, job_id))["status"] == "completed" and now, seconds=120)
        roster = roster_of(client, job_id)
        assert found["attempts"] == 2
        assert (roster["id"], roster["status"]) == (job_id, "completed")
        assert found["cost"] == roster["cost"]["total"] >= found["lower_bound"] == roster["lower_bound"] > 0
        assert any(message["code"] == "defaults_used" for message in roster["messages"])
        accepted_by_the_judge(client, request, roster)


def test_a_cancelled_solve_stops_soon_and_its_best_roster_is_a_roster(tmp_path):
    request = asking(agents=20, gap_percent=0)
    with service(tmp_path, **SOLVER) as (process, client):
        job_id = client.post("/v1/rosters", json=request).json()["id"]
        until(lambda: roster_of(client, job_id), seconds=60)
        client.post(f"/v1/rosters/{job_id}/cancel")
        status_is(client, job_id, "cancelled")
        assert children_of(process.pid) == []
        roster = roster_of(client, job_id)
        assert (roster["status"], roster["verdict"]) == ("cancelled", "feasible")
        accepted_by_the_judge(client, request, roster)


def test_the_command_line_solves_and_checks_what_it_solved(tmp_path):
    (tmp_path / "request.json").write_text(json.dumps(asking(agents=10, gap_percent=60)))

    def stint(*arguments):
        command = [sys.executable, "-m", "service.cli", *arguments]
        environment = {**os.environ, "PYTHONPATH": PATHS}
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=90)

    solved = stint("solve", "request.json", "-o", "roster.json", "--time-limit", "80")
    assert solved.returncode == 0, solved.stderr
    checked = stint("check", "request.json", "roster.json")
    assert checked.returncode == 0, checked.stdout
    total = f"cost {json.loads((tmp_path / 'roster.json').read_text())['cost']['total']:,.2f} EUR"
    assert total in solved.stdout
    assert total in checked.stdout

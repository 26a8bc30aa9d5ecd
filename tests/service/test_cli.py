"""The command line, as a person types it."""

import fcntl
import json
import os
import pty
import subprocess
import sys
from contextlib import suppress
from termios import TIOCSCTTY

import pytest

from service.api.samples import REQUEST, ROSTER
from tests.service.conftest import FAKE_SOLVER


@pytest.fixture
def stint(tmp_path):
    """Runs the command in an empty directory and gives exit status, standard output and standard error."""
    environment = {"PYTHONPATH": ":".join(filter(None, sys.path)), "STINT_SOLVER_COMMAND": json.dumps(FAKE_SOLVER)}

    def run(*arguments, **more):
        return subprocess.run(
            [sys.executable, "-m", "service.cli", *arguments],
            cwd=tmp_path, capture_output=True, text=True, timeout=60, env={**environment, **more},
        )  # fmt: skip

    return run


@pytest.fixture
def file(tmp_path):
    """Writes a file and gives its name."""

    def write(content, name="request.json"):
        text = content if isinstance(content, str) else json.dumps(content)
        (tmp_path / name).write_text(text)
        return name

    return write


def asking(name="", **more):
    return {**REQUEST, "name": name, **more}


def test_help_and_version_are_at_hand_and_light(stint):
    result = stint("--version")
    assert (result.returncode, result.stdout.split()[0]) == (0, "stint")
    for command in ((), ("solve",), ("check",), ("explain",), ("serve",), ("example",)):
        assert stint(*command, "--help").returncode == 0
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, service.cli; print(*sys.modules)"],
        capture_output=True, text=True, check=True, env={"PYTHONPATH": ":".join(filter(None, sys.path))},
    ).stdout.split()  # fmt: skip
    assert not {"ortools", "numba", "numpy", "pandas", "fastapi", "sqlalchemy", "dbos"} & set(loaded)


def test_a_solve_writes_the_roster_and_shows_a_summary(stint, file, tmp_path):
    result = stint("solve", file(asking("Week rosters=2")), "-o", "roster.json")
    assert result.returncode == 0, result.stderr
    assert json.loads((tmp_path / "roster.json").read_text())["cost"]["total"] == 90.0
    assert "Week rosters=2: feasible" in result.stdout
    assert "cost 90.00 EUR, at least 50.00 for any roster, gap 44.4 %" in result.stdout
    assert "    0.0 s  cost 100.00  bound 50.00  gap 1 %  search\n" in result.stderr
    assert "\x1b" not in result.stdout + result.stderr


def test_an_explanation_is_shown_or_written(stint, file, tmp_path):
    request, roster = file(REQUEST), file({**ROSTER, "verdict": "optimal"}, "roster.json")
    told = stint("explain", request, roster)
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.startswith("The verdict was optimal; process ")
    assert stint("explain", request).stdout.startswith("The verdict was None; process ")
    assert stint("explain", request, roster, "--agent", "A001").stdout == "Ann has 1 shift.\n"
    assert stint("explain", request, roster, "-o", "why.json").returncode == 0
    assert json.loads((tmp_path / "why.json").read_text())["agents"][0]["agent_id"] == "A001"


def test_what_cannot_be_explained_is_told(stint, file):
    request = file(REQUEST)
    assert stint("explain", request, file({}, "roster.json")).returncode == 2
    unknown = stint("explain", request, "--agent", "A999")
    assert (unknown.returncode, unknown.stderr) == (2, "request.json has no agent 'A999'.\n")


def test_without_a_file_the_roster_goes_down_the_pipe(stint, file):
    result = stint("solve", file(asking("rosters=1")))
    assert json.loads(result.stdout)["verdict"] == "feasible"
    assert "feasible" in result.stderr


@pytest.mark.parametrize(
    ("name", "status"),
    [("verdict=optimal", 0), ("verdict=infeasible rosters=0", 1), ("verdict=undecided rosters=0", 3), ("crash=103", 4)],
)
def test_the_exit_status_says_what_came_of_it(stint, file, name, status):
    result = stint("solve", file(asking(name)), "-o", "roster.json")
    assert result.returncode == status, result.stderr
    assert "Traceback" not in result.stderr


def test_a_crash_is_told(stint, file):
    assert "exit status 103. it broke" in stint("solve", file(asking("crash=103"))).stderr


def test_the_time_limit_of_the_command_line_holds(stint, file, tmp_path):
    echo = "import sys, json; r = json.load(sys.stdin); print(json.dumps({'event': 'final', 'roster': {'verdict': "
    echo += "'undecided', 'schedules': [], 'name': str(r['options']['time_limit_seconds'])}}))"
    command = json.dumps([sys.executable, "-c", echo])
    result = stint("solve", file(asking()), "--time-limit", "2.5", "-o", "roster.json", STINT_SOLVER_COMMAND=command)
    assert json.loads((tmp_path / "roster.json").read_text())["name"] == "2.5"
    assert result.returncode == 3


@pytest.mark.parametrize("command", ["solve", "check"])
def test_every_fault_is_a_line_with_its_place(stint, file, command):
    request = asking(colour="blue", interval_minutes=7)
    result = stint(command, file(request))
    assert result.returncode == 2
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 2
    assert any(line.startswith("request.json#/colour: ") for line in lines)
    assert any(line.startswith("request.json#/interval_minutes: ") for line in lines)
    assert result.stderr.count("/interval_minutes") == 1, "the place is told once"
    assert result.stdout == ""


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "\x00", '{"a": NaN}', "[" * 100_000])
@pytest.mark.parametrize("command", ["solve", "check"])
def test_a_file_that_is_no_request_is_refused(stint, file, command, text):
    result = stint(command, file(text))
    assert result.returncode == 2
    assert result.stderr.startswith("request.json#: ")
    assert "Traceback" not in result.stderr


def test_a_file_that_is_not_there_is_told(stint, tmp_path):
    result = stint("check", "nowhere.json")
    assert (result.returncode, result.stderr) == (2, "nowhere.json cannot be read: No such file or directory.\n")
    assert stint("check", str(tmp_path)).returncode == 2


def test_a_place_that_cannot_be_written_is_told_before_the_work(stint, file):
    result = stint("solve", file(asking("seconds=50")), "-o", "nowhere/roster.json")
    assert result.returncode == 2
    assert "nowhere/roster.json cannot be written" in result.stderr


def test_a_request_in_order_is_told_so(stint, file):
    result = stint("check", file(REQUEST))
    assert result.returncode == 0, result.stderr
    assert "request.json is in order: 2 agents, 1 day from 2026-11-30, 1 planning group, 1 work plan." in result.stdout


def test_a_good_roster_is_verified_and_priced(stint, file):
    result = stint("check", file(REQUEST), file(ROSTER, "roster.json"))
    assert result.returncode == 0, result.stdout + result.stderr
    assert f"cost {ROSTER['cost']['total']:,.2f} EUR" in result.stdout
    assert "Mon 30 Nov" in result.stdout
    assert "█" in result.stdout


def test_a_bad_roster_is_told_what_it_breaks(stint, file):
    result = stint("check", file(REQUEST), file({"schedules": []}, "roster.json"))
    assert result.returncode == 1
    assert "violation: " in result.stdout


def test_a_roster_that_is_none_is_refused(stint, file):
    result = stint("check", file(REQUEST), file({"schedules": 7}, "roster.json"))
    assert result.returncode == 2
    assert result.stderr.startswith("roster.json#/schedules: ")


def test_an_example_is_a_request_in_order(stint, tmp_path):
    assert stint("example", "--agents", "5", "--days", "2", "-o", "example.json").returncode == 0
    assert stint("check", "example.json").returncode == 0
    again = stint("example", "--agents", "5", "--days", "2")
    assert again.stdout == (tmp_path / "example.json").read_text()


def test_a_terminal_that_knows_no_small_bars_gets_others(stint, file):
    result = stint("check", file(REQUEST), file(ROSTER, "roster.json"), PYTHONIOENCODING="ascii")
    assert result.returncode == 0, result.stderr
    assert "%" in result.stdout


@pytest.mark.parametrize(
    "arguments",
    [("--port", "99999"), ("--database-url", "nonsense"), ("--database-url", "sqlite:////proc/none/stint.sqlite")],
)
def test_a_service_that_cannot_start_says_why(stint, arguments):
    result = stint("serve", *arguments)
    assert result.returncode == 2
    assert "Traceback" not in result.stderr
    assert result.stderr.strip()


def on_a_terminal(tmp_path, *arguments, keys=b"", after=b""):
    """Runs the command on a terminal of its own, types the keys once `after` was seen, and gives status and screen."""
    leader, follower = pty.openpty()
    environment = {"PYTHONPATH": ":".join(filter(None, sys.path)), "STINT_SOLVER_COMMAND": json.dumps(FAKE_SOLVER)}
    process = subprocess.Popen(
        [sys.executable, "-m", "service.cli", *arguments], cwd=tmp_path, env={**environment, "TERM": "xterm"},
        stdin=follower, stdout=follower, stderr=follower,
        preexec_fn=lambda: (os.setsid(), fcntl.ioctl(0, TIOCSCTTY, 0)),
    )  # fmt: skip
    os.close(follower)
    screen = b""
    with suppress(OSError):  # the terminal is gone when the command ends
        while part := os.read(leader, 4096):
            screen += part
            if keys and after in screen:
                os.write(leader, keys)
                keys = b""
    os.close(leader)
    return process.wait(timeout=20), screen.decode()


def test_a_terminal_shows_progress_and_summary_and_no_json(tmp_path, file):
    status, screen = on_a_terminal(tmp_path, "solve", file(asking("seconds=0.5")))
    assert status == 0
    assert "cost 100.00  bound 50.00" in screen
    assert "feasible: every hard rule is kept" in screen
    assert '{"' not in screen


def test_ctrl_c_keeps_the_best_roster_so_far(tmp_path, file):
    request = file(asking("seconds=30 rosters=2"))
    status, screen = on_a_terminal(tmp_path, "solve", request, "-o", "roster.json", keys=b"\x03", after=b"cost 90.00")
    assert "Stopping; the best roster so far follows." in screen
    assert status == 0
    assert json.loads((tmp_path / "roster.json").read_text())["cost"]["total"] == 90.0

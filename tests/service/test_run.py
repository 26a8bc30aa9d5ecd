"""How a solve ends that does not go as it should."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from service.adapters.memory import MemoryStore
from service.jobs.child import SolverChild, _nice_of_session
from service.jobs.errors import StoreUnavailableError
from service.jobs.run import run
from tests.service.helpers import a_job


def solved(settings, name, *, seconds=10, store=None):
    """What became of a job that was run here and now."""
    store, job = store or MemoryStore(), a_job(name, seconds=seconds)
    store.add(job, lambda within, new: None, key_hours=1)
    asyncio.run(run(job.id, store, settings))
    return store.get("north", job.id), store.roster_of("north", job.id)


@pytest.mark.parametrize(
    ("crash", "said"),
    [
        (3, "The solver process ended without an answer, with exit status 3. it broke"),
        (signal.SIGABRT, "The solver process crashed with SIGABRT. it broke"),
        (signal.SIGKILL, "The solver process was killed. Maybe the machine ran out of memory."),
    ],
)
def test_a_crash_is_told_and_the_best_roster_kept(settings, crash, said):
    crash = 103 if crash == 3 else int(crash)
    record, roster = solved(settings, f"crash={crash} rosters=2")
    assert record.status == "failed"
    assert record.error == said.replace("status 3", "status 103")
    assert b'"total":90.0' in roster


def test_a_solver_that_eats_memory_is_told_and_the_best_roster_kept(settings):
    bounded = settings.model_copy(update={"solver_memory_mb": 200})
    record, roster = solved(bounded, "rosters=2 eat=400")
    assert record.status == "failed"
    assert "more memory than the 200 MiB" in record.error
    assert b'"total":90.0' in roster
    assert solved(bounded, "rosters=2 eat=10")[0].status == "completed"


@pytest.mark.parametrize("said", ["The solver ran out of memory.", "terminate called after throwing 'std::bad_alloc'"])
def test_memory_that_the_solver_itself_misses_is_told_alike(settings, said, tmp_path):
    (tmp_path / "solver.py").write_text(
        "import json, os, sys\n"
        + (f"print(json.dumps({{'event': 'failed', 'error': {said!r}}}))" if "ran" in said else "")
        + (f"print({said!r}, file=sys.stderr, flush=True); os.abort()" if "bad_alloc" in said else "")
    )
    own = settings.model_copy(update={"solver_command": (sys.executable, str(tmp_path / "solver.py"))})
    record, _ = solved(own, "")
    assert (record.status, "more memory than" in record.error) == ("failed", True)


def test_a_job_that_ends_with_a_kept_roster_shows_the_cost_of_that_roster(settings):
    record, roster = solved(settings, "seconds=1.5 rosters=2 ahead=15 crash=103")
    assert b'"total":90.0' in roster
    assert (record.cost, record.lower_bound, record.gap_percent) == (90.0, 50.0, 44.4444)


def test_a_neighbour_does_not_feel_a_solver_that_eats_crashes_or_hangs(settings):
    hurried = settings.model_copy(update={"overtime_seconds": 0.1, "stop_grace_seconds": 0.2, "solver_memory_mb": 200})
    store = MemoryStore()
    names = ("rosters=1 eat=400", "rosters=1 crash=9", "seconds=30 rosters=1 deaf=1", "seconds=1 rosters=2")
    jobs = [a_job(name, seconds=0.5) for name in names]
    for job in jobs:
        store.add(job, lambda within, new: None, key_hours=1)

    async def together():
        await asyncio.gather(*(run(job.id, store, hurried) for job in jobs[:3]), run(jobs[3].id, store, settings))

    asyncio.run(together())
    records = [store.get("north", job.id) for job in jobs]
    assert [record.status for record in records] == ["failed", "failed", "failed", "completed"]
    assert [store.roster_of("north", job.id) is not None for job in jobs] == [True] * 4
    assert records[3].cost == 90.0


def test_what_a_crashed_solver_leaves_behind_does_not_hold_the_job(settings):
    record, _ = solved(settings, "crash=103 spill=1")
    assert record.status == "failed"


def test_a_solver_that_hangs_is_ended_with_its_answer(settings):
    hurried = settings.model_copy(update={"overtime_seconds": 0.1})
    record, _ = solved(hurried, "seconds=30 rosters=1", seconds=0.1)
    assert (record.status, record.cost) == ("completed", 100.0)


def test_a_solver_that_hangs_and_does_not_listen_is_killed(settings):
    hurried = settings.model_copy(update={"overtime_seconds": 0.1, "stop_grace_seconds": 0.2})
    record, roster = solved(hurried, "seconds=30 rosters=1 deaf=1", seconds=0.1)
    assert record.status == "failed"
    assert "long after its time limit" in record.error
    assert b'"total":100.0' in roster


def test_a_solver_that_compiles_its_kernels_does_not_hang(settings):
    hurried = settings.model_copy(update={"overtime_seconds": 0.4, "stop_grace_seconds": 0.2})
    record, _ = solved(hurried, "kernels=1.5 seconds=0.1 deaf=1", seconds=0.1)
    assert record.status == "completed"


def test_a_line_that_is_no_event_does_no_harm(settings):
    record, _ = solved(settings, "noise=1")
    assert record.status == "completed"


def test_a_solver_that_cannot_be_started_is_told(settings):
    missing = settings.model_copy(update={"solver_command": (sys.executable, "/nowhere/solver.py")})
    record, _ = solved(missing, "")
    assert record.status == "failed"
    assert "No such file" in record.error


def test_an_error_of_our_own_ends_the_job_and_the_solver(settings):
    class FullDisk(MemoryStore):
        def keep_roster(self, *_):
            raise OSError("the disk is full")

    record, _ = solved(settings, "seconds=30 rosters=1", store=FullDisk())
    assert record.status == "failed"
    assert "the disk is full" in record.error
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_a_database_that_fails_while_the_solver_works_ends_the_solver(settings):
    class LostDatabase(MemoryStore):
        def note(self, *_):
            raise OSError("the database is gone")

    record, _ = solved(settings, "seconds=30 rosters=1", store=LostDatabase())
    assert "the database is gone" in record.error


class Away(MemoryStore):
    """A store whose database is away for some calls of each kind."""

    def __init__(self, **calls):
        super().__init__()
        self.left = calls

    def _or_away(self, kind):
        self.left[kind] = self.left.get(kind, 0) - 1
        if self.left[kind] >= 0:
            raise StoreUnavailableError("the server is gone")

    def begin(self, *arguments, **more):
        self._or_away("begin")
        return super().begin(*arguments, **more)

    def note(self, *arguments):
        self._or_away("note")
        return super().note(*arguments)

    def keep_roster(self, *arguments):
        self._or_away("keep_roster")
        super().keep_roster(*arguments)

    def finish(self, *arguments):
        self._or_away("finish")
        return super().finish(*arguments)


@pytest.mark.parametrize("call", ["begin", "note", "keep_roster", "finish"])
def test_a_database_that_is_away_for_a_while_costs_nothing(settings, monkeypatch, call):
    monkeypatch.setattr("service.jobs.patience.PATIENCE_SECONDS", (0.01,))
    store = Away(**{call: 3})
    record, roster = solved(settings, "seconds=1 rosters=2", store=store)
    assert (record.status, record.cost, record.attempts) == ("completed", 90.0, 1)
    assert b'"total":90.0' in roster
    assert store.left[call] < 0


def test_a_roster_that_could_not_be_kept_at_once_is_kept_later(settings):
    store = Away(keep_roster=2)
    record, roster = solved(settings, "seconds=1 rosters=1 crash=103", store=store)
    assert record.status == "failed"
    assert b'"total":100.0' in roster


def test_verdicts_without_a_roster_are_answers(settings):
    record, roster = solved(settings, "rosters=0 verdict=infeasible")
    assert (record.status, record.verdict, record.cost) == ("completed", "infeasible", None)
    assert b'"infeasible"' in roster


def test_a_run_that_is_called_off_leaves_no_process_and_the_job_as_it_was(settings):
    store, job = MemoryStore(), a_job("seconds=30 rosters=1")
    store.add(job, lambda within, new: None, key_hours=1)

    async def call_off():
        task = asyncio.create_task(run(job.id, store, settings))
        while not store.roster_of("north", job.id):
            await asyncio.sleep(0.02)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return task.cancelled()

    assert asyncio.run(call_off())
    assert store.get("north", job.id).status == "running"
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@pytest.mark.skipif(sys.platform != "linux", reason="nice as Linux has it")
@pytest.mark.parametrize("nice", [0, 3, 19])
def test_a_solver_is_so_much_nicer_than_the_service(nice):
    says = "import os; print(os.getpriority(os.PRIO_PROCESS, 0), *open('/proc/self/autogroup').read().split()[-1:])"

    async def said():
        # It waits for the end of its input, so that it looks when everything has been set.
        command = (sys.executable, "-c", f"import sys; sys.stdin.read(); {says}")
        child = await SolverChild.start(command, b"", nice=nice)
        line = await child._process.stdout.readline()
        await child.end()
        return line.split()

    own = os.getpriority(os.PRIO_PROCESS, 0)
    found, *session = map(int, asyncio.run(said()))
    assert found == min(19, own + nice)
    of_own = int((Path("/proc/self/autogroup").read_text().split() or ["0"])[-1]) if session else 0
    assert session in ([], [min(19, of_own + nice)] if nice else [0])


@pytest.mark.parametrize(("text", "nice"), [("/autogroup-7 nice 0\n", 0), ("/autogroup-7 nice -5\n", -5), ("", 0)])
def test_the_niceness_of_a_session_is_read_also_where_there_is_none(monkeypatch, text, nice):
    monkeypatch.setattr(Path, "read_text", lambda _: text)
    assert _nice_of_session() == nice


def test_a_job_that_has_ended_is_not_run_again(settings):
    store, job = MemoryStore(), a_job()
    store.add(job, lambda within, new: None, key_hours=1)
    store.request_cancel("north", job.id)
    asyncio.run(run(job.id, store, settings))
    assert store.get("north", job.id).attempts == 0

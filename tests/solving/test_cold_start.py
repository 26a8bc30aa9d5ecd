"""A machine that has never run the kernels: they are compiled once, and the time limit begins after that."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import solver.kernels
from schemas.job import COMPILING, Progress
from schemas.request import RosterRequest
from solver.kernels import cache_folder, fingerprint, ready
from solver.kernels.warm import PARTS, TINY
from solver.solve import Listener, solve, wait_for_kernels
from solver.watch import Watch


@pytest.fixture
def cold(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder without kernels in place of the real one."""
    monkeypatch.setattr(ready, "cache_folder", lambda: tmp_path)
    return tmp_path


def compiles(monkeypatch: pytest.MonkeyPatch, program: str) -> list[str]:
    """Lets a short program run in place of each part's; gives the parts as they begin."""
    parts: list[str] = []

    def begin(part: str) -> subprocess.Popen[bytes]:
        parts.append(part)
        return subprocess.Popen([sys.executable, "-c", program])

    monkeypatch.setattr(ready, "_compile", begin)
    return parts


@pytest.mark.usefixtures("cold")
def test_the_time_limit_begins_when_the_kernels_are_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    compiles(monkeypatch, "import time; time.sleep(2)")
    told: list[Progress] = []
    watch = Watch(1.9)
    wait_for_kernels(watch, Listener(progress=told.append))
    assert not watch.over()
    assert told
    assert all(progress.phase.startswith(COMPILING) for progress in told)


def test_kernels_are_compiled_once(cold: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = compiles(monkeypatch, "")
    assert not ready.ready()
    assert ready.make_ready()
    assert ready.ready()
    assert sorted(parts) == sorted(PARTS)
    told: list[Progress] = []
    solve(RosterRequest.model_validate(TINY), seconds=1.0, listener=Listener(progress=told.append))
    assert not any(progress.phase.startswith(COMPILING) for progress in told)
    assert len(parts) == len(PARTS)


@pytest.mark.usefixtures("cold")
def test_what_failed_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    compiles(monkeypatch, "import sys; sys.exit(1)")
    assert not ready.make_ready()
    assert not ready.ready()


@pytest.mark.usefixtures("cold")
def test_whoever_stops_a_solve_does_not_wait_for_kernels(monkeypatch: pytest.MonkeyPatch) -> None:
    compiles(monkeypatch, "import time; time.sleep(600)")
    began = time.monotonic()
    roster = solve(RosterRequest.model_validate(TINY), seconds=1.0, stop=lambda: time.monotonic() > began + 0.2)
    assert roster.verdict == "undecided"
    assert not ready.ready()


def a_folder(monkeypatch: pytest.MonkeyPatch, writable: Callable[[Path], bool], spare: Path, named: Path) -> Path:
    """The folder that is chosen when only some can be written."""
    monkeypatch.setenv("STINT_KERNEL_CACHE", str(named))
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(spare))
    monkeypatch.setattr(solver.kernels, "_writable", writable)
    return cache_folder.__wrapped__()


def test_kernels_lie_where_the_setting_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = a_folder(monkeypatch, lambda _: True, tmp_path / "spare", tmp_path / "named")
    assert folder == tmp_path / "named" / fingerprint()


def test_kernels_that_an_image_brings_are_used_where_nothing_may_be_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    brought = tmp_path / "named" / fingerprint()
    brought.mkdir(parents=True)
    (brought / "a kernel").write_text("compiled")
    folder = a_folder(monkeypatch, lambda _: False, tmp_path / "spare", tmp_path / "named")
    assert folder.is_relative_to(tmp_path / "spare")
    assert (folder / "a kernel").read_text() == "compiled"


def test_a_place_below_a_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert not solver.kernels._writable(tmp_path / "file" / "folder")
    assert solver.kernels._writable(tmp_path / "folder")

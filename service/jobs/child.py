"""One solver process: fed a request, read event by event, told to stop, and ended for sure."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import sys
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from pathlib import Path

from service.jobs.solver_events import SolverEvent, events_in

READ_AHEAD = 1024 * 1024
"""Bytes of a solver's output that may wait to be read; then the solver waits."""

FED_AT_ONCE = 1024 * 1024
"""Bytes of a request that are written at once."""

PIPE_SECONDS = 1.0
"""Time for the pipes of a dead process to close; they stay open only if it started something that left its group."""

OUT_OF_MEMORY = ("MemoryError", "bad_alloc", "out of memory", "annot allocate memory")
"""What a process says that asked for more memory than it may have: Python, C++, the solver itself, the system."""

MIB = 1024 * 1024

LEAST_URGENT = 19
"""The nicest that a process can be."""


class SolverChild:
    """A running solver. Whoever starts one ends it with `end`, in a `finally`."""

    def __init__(self, process: asyncio.subprocess.Process, request: bytes) -> None:
        self._process = process
        self._said: deque[str] = deque(maxlen=20)
        self._feeding = asyncio.create_task(self._feed(request))
        self._listening = asyncio.create_task(self._listen())

    @classmethod
    async def start(
        cls, command: Sequence[str], request: bytes, *, memory_mb: int | None = None, nice: int = 0
    ) -> SolverChild:
        """Start the solver on a request, in a process group of its own, which a terminal's Ctrl-C does not reach.

        With `memory_mb` it gets no more memory than that, and whatever it starts gets no more either. So much nicer
        than this process it leaves the processors to others.
        """
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=READ_AHEAD,
            start_new_session=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},  # it imports what we import
        )
        with suppress(ProcessLookupError):  # it may be gone already
            _restrain(process.pid, memory_mb, nice)
        return cls(process, request)

    @property
    def process_id(self) -> int:
        """The id of the process."""
        return self._process.pid

    @property
    def gone(self) -> bool:
        """Whether the process has ended."""
        return self._process.returncode is not None

    def events(self, *, packing: bool = False) -> AsyncIterator[SolverEvent]:
        """What the solver says, line by line, to the end of its output; with `packing` large rosters are packed."""
        assert self._process.stdout is not None
        return events_in(self._process.stdout, packing=packing)

    def stop(self) -> None:
        """Ask for the best roster so far."""
        with suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the process and whatever it started, at once; also what is left of a process that has ended."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    async def end(self) -> int:
        """Make sure that the process is gone and its pipes closed, whatever happened before; gives its exit status."""
        self.kill()
        status = await self._process.wait()
        rest = {self._feeding, self._listening, asyncio.create_task(self._drain())}
        _, stuck = await asyncio.wait(rest, timeout=PIPE_SECONDS)
        for task in stuck:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)
        return status

    async def exit_status(self) -> int:
        """Wait for the process to end by itself; negative is the number of the signal that ended it."""
        status = await self._process.wait()
        await self._listening
        return status

    def last_words(self) -> str:
        """The last thing the solver wrote to its standard error, which is where a crash leaves its reason."""
        return self._said[-1] if self._said else ""

    def lacked_memory(self) -> bool:
        """Whether the solver said that it was refused memory."""
        return any(sign in line for line in self._said for sign in OUT_OF_MEMORY)

    async def _feed(self, request: bytes) -> None:
        assert self._process.stdin is not None
        with suppress(BrokenPipeError, ConnectionResetError):  # it ended before it had read all
            for at in range(0, len(request), FED_AT_ONCE):
                self._process.stdin.write(request[at : at + FED_AT_ONCE])
                await self._process.stdin.drain()
        self._process.stdin.close()

    async def _drain(self) -> None:
        assert self._process.stdout is not None
        while await self._process.stdout.read(READ_AHEAD):
            pass

    async def _listen(self) -> None:
        assert self._process.stderr is not None
        while line := await self._process.stderr.readline():
            if text := line.decode(errors="replace").strip():
                self._said.append(text)


def _restrain(process_id: int, memory_mb: int | None, nice: int) -> None:
    """Bound the memory of a process, make it yield, and make it the first that the system ends when memory runs out.

    Counted is what a process may write to (RLIMIT_DATA): its address space, which the libraries of a solver reserve by
    the gigabyte, says little of what it takes.
    """
    if nice:
        os.setpriority(os.PRIO_PROCESS, process_id, min(LEAST_URGENT, os.getpriority(os.PRIO_PROCESS, 0) + nice))
        with suppress(OSError):  # Linux that shares processors among sessions first (CONFIG_SCHED_AUTOGROUP)
            Path(f"/proc/{process_id}/autogroup").write_text(str(min(LEAST_URGENT, _nice_of_session() + nice)))
    if memory_mb is not None:
        most = memory_mb * MIB
        resource.prlimit(process_id, resource.RLIMIT_DATA, (most, most))
    with suppress(OSError):  # where /proc is not ours to write, the system chooses by itself
        Path(f"/proc/{process_id}/oom_score_adj").write_text("1000")


def _nice_of_session() -> int:
    """How nice the session of this process is, as `/autogroup-7 nice 0` says it; the first session says nothing."""
    return int((Path("/proc/self/autogroup").read_text().split() or ["0"])[-1])


def without_memory(memory_mb: int) -> str:
    """A sentence on a solver that needed more memory than it may have."""
    return (
        f"The solver needed more memory than the {memory_mb:,} MiB that it may have. Maybe STINT_SOLVER_MEMORY_MB can "
        "be raised, or fewer solves run at once."
    )


def how_it_ended(status: int, last_words: str) -> str:
    """A sentence on a solver that ended without an answer."""
    if status == -signal.SIGKILL:
        return "The solver process was killed. Maybe the machine ran out of memory."
    if status < 0:
        return f"The solver process crashed with {signal.Signals(-status).name}. {last_words}".rstrip()
    return f"The solver process ended without an answer, with exit status {status}. {last_words}".rstrip()

"""Speaks the solver's protocol and does what the request's name asks for, such as `seconds=3 rosters=2 crash=9`.

seconds  how long it works          rosters  how many rosters it meets, each 10 cheaper, from 100
verdict  of the final roster        crash    ends with this exit status instead of an answer
deaf     ignores SIGTERM            spill    leaves a child behind that keeps its output open
noise    writes a line that is no event            eat      takes so many MiB of memory after its rosters
nobody   answers with the roster in which nobody works, at its true cost, as parts have to that are to be made one
kernels  how long it says first that it compiles the kernels
ahead    tells of a cost lower by this than the roster's, as a solver does between two rosters
"""

import ctypes
import json
import os
import signal
import subprocess
import sys
import time


def write(text, stream=sys.stdout):
    stream.write(text + "\n")
    stream.flush()


def say(**event):
    write(json.dumps(event))


def roster(cost, verdict, status):
    return {
        "name": "fake", "status": status, "verdict": verdict, "lower_bound": 50.0,
        "gap_percent": None if cost is None else round(100 * (cost - 50) / cost, 4),
        "cost": None if cost is None else {"total": cost}, "schedules": [],
    }  # fmt: skip


def nobody_works(request):
    """The roster without any shift, with the cost that the judge sees."""
    from schemas.roster import Roster
    from solver.reading import read_request
    from solver.verify import judge

    read = read_request(request)
    empty = Roster(schedules=tuple({"agent_id": agent.id} for agent in read.agents))
    cost = judge(read, empty).cost
    told = {"verdict": "feasible", "cost": cost, "lower_bound": cost.total / 2, "gap_percent": 50.0}
    return empty.model_copy(update=told).model_dump(mode="json", exclude_none=True)


def explanation(question):
    """One agent of the request, and who made it."""
    agent = {"agent_id": "A001", "path": "/agents/0", "work_plan_id": "short", "shifts": 1, "paid_minutes": 210}
    said = f"The verdict was {(question['roster'] or {}).get('verdict')}; process {os.getpid()}."
    return {
        "text": said, "infeasible_agents": [], "short_intervals": [], "messages": [],
        "agents": [{**agent, "rules": [], "preferences": [], "text": "Ann has 1 shift."}],
    }  # fmt: skip


def main():
    if sys.argv[1:] == ["explanation"]:
        say(event="final", answer=explanation(json.load(sys.stdin)))
        return
    if sys.argv[1:]:  # an errand, which is none of a fake's business
        from solver.__main__ import main as run_errand

        sys.exit(run_errand())
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # dies with its parent, as the solver does
    request = json.load(sys.stdin)
    wishes = dict(word.split("=") for word in request.get("name", "").split() if "=" in word)
    told = []
    signal.signal(signal.SIGTERM, signal.SIG_IGN if "deaf" in wishes else lambda *_: told.append(True))
    ready = time.monotonic() + float(wishes.get("kernels", 0))
    while time.monotonic() < ready:
        say(
            event="progress",
            progress={"seconds": 0.0, "phase": "compiling the solver's kernels, once on this machine (1 s)"},
        )
        time.sleep(0.05)
    began = time.monotonic()
    seconds, rosters = float(wishes.get("seconds", 0.1)), int(wishes.get("rosters", 1))
    if "noise" in wishes:
        write("Warning: something of no interest")
    cost = None
    for number in range(rosters):
        cost = 100.0 - 10 * number
        figures = {"seconds": 0.1 * number, "cost": cost, "bound": 50.0, "gap_percent": 1.0, "phase": "search"}
        say(event="progress", progress=figures)
        say(event="roster", roster=roster(cost, "feasible", "running"))
    if "ahead" in wishes:
        figures = {
            "seconds": 1.0,
            "cost": cost - float(wishes["ahead"]),
            "bound": 50.0,
            "gap_percent": 0.1,
            "phase": "search",
        }
        say(event="progress", progress=figures)
    if "eat" in wishes:
        eaten = [bytearray(1024 * 1024) for _ in range(int(wishes["eat"]))]
        write(f"ate {len(eaten)}", sys.stderr)
    if "spill" in wishes:
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    while time.monotonic() - began < seconds and not told:
        time.sleep(0.02)
    if "crash" in wishes:
        write("it broke", sys.stderr)
        number = int(wishes["crash"])
        os.kill(os.getpid(), number) if number < 64 else os._exit(number)
    if "nobody" in wishes:
        say(event="final", roster=nobody_works(request))
        return
    say(event="final", roster=roster(cost, wishes.get("verdict", "feasible"), "completed"))


main()

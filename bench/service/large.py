"""A request of 5,000 agents, four weeks and quarters of an hour: accepted, validated, stored, served in every format.

The solver is one that answers at once with a roster of that size, because what is measured is the service.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import httpx2

from bench.service.house import CHECKOUT, Caller, house
from bench.service.speed import memory_mb
from solver.example import example_request

Json = dict[str, Any]

ANSWERING = (sys.executable, str(CHECKOUT / "bench/service/answering_solver.py"))
FORMATS = ("json", "csv", "csv-days", "ics", "xlsx")


def large(folder: Path, database_url: str, *, agents: int, days: int) -> Json:
    """Seconds, and the most memory that the service had until then, of each step."""
    request = example_request(agents=agents, days=days)
    raw = json.dumps(request).encode()
    settings = {"SOLVER_COMMAND": json.dumps(ANSWERING), "MAX_BODY_BYTES": 256 * 1024 * 1024}
    found: Json = {"agents": agents, "days": days, "request_mb": round(len(raw) / 1e6, 1)}
    with house(folder, database_url, **settings) as built:
        member = built.member("serve", "serve", "--port", "0").start().ready()
        assert member.process is not None
        process_id = member.process.pid
        client = httpx2.Client(base_url=member.address, timeout=600)
        headers = {"Content-Type": "application/json"}

        def timed(name: str, method: str, path: str, **more: Any) -> httpx2.Response:
            Path(f"/proc/{process_id}/clear_refs").write_text("5")  # the peak counts anew
            began = time.monotonic()
            size = 0
            with client.stream(method, path, **more) as answer:
                kept = []
                for piece in answer.iter_bytes():
                    size += len(piece)
                    kept.append(piece) if size < 1_000_000 else None
            assert answer.status_code < 300, (answer.status_code, kept)
            answer._content = b"".join(kept)
            found[name] = {
                "seconds": round(time.monotonic() - began, 2), "mb": round(size / 1e6, 1),
                "peak_memory_mb": memory_mb(process_id, "VmHWM"),
            }  # fmt: skip
            return answer

        timed("validate", "POST", "/v1/validations", content=raw, headers=headers)
        job_id = timed("submit", "POST", "/v1/rosters", content=raw, headers=headers).json()["id"]
        began = time.monotonic()
        job = Caller(member.address, patience_seconds=600).when(job_id, "completed", 600)
        found["solver_answered_and_roster_stored"] = {
            "seconds": round(time.monotonic() - began, 2), "peak_memory_mb": memory_mb(process_id, "VmHWM"),
            "cost": job["cost"],
        }  # fmt: skip
        timed("request", "GET", f"/v1/rosters/{job_id}/request")
        for form in FORMATS:
            timed(form, "GET", f"/v1/rosters/{job_id}/roster?format={form}")
        whose = request["agents"][0]["id"]
        timed("ics_of_one_agent", "GET", f"/v1/rosters/{job_id}/roster?format=ics&agent_id={whose}")
        found["memory_mb_at_the_end"] = memory_mb(process_id)
    return found

"""Large requests in parts over two workers: against the same request whole on one, and while workers are killed."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from bench.service.chaos import chaos
from bench.service.house import Caller, house
from bench.service.speed import SOLVER
from solver.example import example_request

Json = dict[str, Any]


def separate_sites(agents: int, sites: int, seconds: float) -> Json:
    """A request of sites that share nobody: each a planning group with an equal share of the agents."""
    request = example_request(agents=agents, days=7, groups=sites)
    names = [group["id"] for group in request["planning_groups"]]
    for row, agent in enumerate(request["agents"]):
        agent["skills"] = [{"planning_group_id": names[row % sites]}]
    return request | {"options": {"time_limit_seconds": seconds}}


def idle_sites(agents: int, sites: int) -> Json:
    """The same, of agents of whom none has to work: a roster without any shift is one, and quickly judged."""
    request = separate_sites(agents, sites, 60)
    for plan in request["work_plans"]:
        plan["rules"] = []
    return request


def killed(folder: Path, database_url: str, *, jobs: int, seed: int, agents: int = 12, sites: int = 3) -> Json:
    """Divided jobs while workers and the API are killed: what became of them, and whether each is one whole roster."""
    found = chaos(
        folder,
        database_url,
        jobs=jobs,
        seed=seed,
        request=idle_sites(agents, sites),
        wishes="nobody=1 rosters=0",
        look=lambda caller, ids: {"whole": sum(_is_whole(caller, job_id, agents, sites) for job_id in ids)},
        divide_from_agents=agents,
        least_agents_of_a_part=1,
    )
    return found | {"agents": agents, "parts_of_each": sites}


def _is_whole(caller: Caller, job_id: str, agents: int, sites: int) -> bool:
    """Whether the job has each part once, done, and one roster of all agents that costs what they cost."""
    job = caller.job(job_id)
    roster = caller.get(f"/v1/rosters/{job_id}/roster").json()
    scheduled = [schedule["agent_id"] for schedule in roster["schedules"]]
    return (
        [part["status"] for part in job["parts"]] == ["completed"] * sites
        and sum(part["agents"] for part in job["parts"]) == agents == len(scheduled) == len(set(scheduled))
        and abs(sum(part["cost"] for part in job["parts"]) - roster["cost"]["total"]) < 0.001 * sites
    )


def parts(folder: Path, database_url: str, *, agents: int, seconds: float) -> Json:
    """Cost, bound and seconds of both ways."""
    request = separate_sites(agents, 2, seconds)
    found: Json = {"agents": agents, "time_limit_seconds": seconds}
    for way, workers, divide_from in (("in_parts_on_two_workers", 2, agents), ("whole_on_one_worker", 1, 10 * agents)):
        settings = {"SOLVER_COMMAND": SOLVER, "CONCURRENT_SOLVES": 1, "DIVIDE_FROM_AGENTS": divide_from}
        with house(folder, database_url, **settings) as built:
            built.upgrade()
            for number in range(workers):
                built.member(f"{way}-{number}", "worker").start().ready()
            caller = Caller(built.member("api", "api", "--port", "0").start().ready().address)
            began = time.monotonic()
            job_id = caller.submit(way, request=request)
            job = caller.when(job_id, "completed", 6 * seconds)
            found[way] = {
                "seconds": round(time.monotonic() - began, 1), "verdict": job["verdict"], "cost": job["cost"],
                "bound": job["lower_bound"], "gap_percent": job["gap_percent"],
                "parts": [(part["agents"], part["cost"], part["lower_bound"]) for part in job["parts"]],
            }  # fmt: skip
    return found

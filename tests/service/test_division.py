"""Large requests in parts: alike in memory, on SQLite and on Postgres."""

import asyncio
import json
from functools import partial

import pytest

from service.adapters.memory import MemoryEngine, MemoryStore
from service.jobs.job import Ending, NewJob, new_id
from service.jobs.run import run
from service.jobs.submit import cancel, erase
from solver.example import example_request
from tests.service.conftest import in_memory, on_database
from tests.service.helpers import ended, until

NOTHING = partial(lambda within, new: None)


def centres(*names, seconds=5, **options):
    """A request of contact centres that share nothing; each has a planning group, agents and a work plan of its own."""
    whole = {**example_request(agents=4, days=2), "agents": [], "planning_groups": [], "requirements": []}
    whole |= {"work_plans": [], "options": {"time_limit_seconds": seconds, **options}}
    for number, name in enumerate(names):
        one = json.loads(json.dumps(example_request(agents=4, days=2, seed=number + 1)))
        [group] = one["planning_groups"]
        whole["planning_groups"].append({**group, "id": name})
        whole["requirements"] += [{**series, "planning_group_id": name} for series in one["requirements"]]
        known = {plan["id"] for plan in whole["work_plans"]}
        whole["work_plans"] += [plan for plan in one["work_plans"] if plan["id"] not in known]
        skills = [{"planning_group_id": name}]
        whole["agents"] += [{**agent, "id": f"{name}-{agent['id']}", "skills": skills} for agent in one["agents"]]
    return whole


def a_large_job(request, name="whole"):
    raw = json.dumps({**request, "name": name}).encode()
    seconds = request["options"]["time_limit_seconds"]
    return NewJob(new_id(), "north", name, raw, seconds, agents=len(request["agents"]))


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def backend(request):
    settings = request.getfixturevalue("postgres_settings" if request.param == "postgres" else "settings")
    small = settings.model_copy(update={"divide_from_agents": 8, "least_agents_of_a_part": 1})
    with (in_memory if request.param == "memory" else on_database)(small) as backend:
        yield backend


def submitted(backend, request, name="whole"):
    return backend.store.add(a_large_job(request, name), backend.engine.submit, key_hours=1)


def test_a_large_request_becomes_parts_that_callers_see_with_it(backend):
    """The fake solver answers alike for every part; that its rosters are none of these agents' is found when joined."""
    job = submitted(backend, centres("voice", "chat"))
    record = ended(backend, job)
    parts = backend.store.parts_of("north", job.id)
    assert [part.name for part in parts] == ["Part 1 of 2: chat", "Part 2 of 2: voice"]
    assert [(part.agents, part.status, part.attempts) for part in parts] == [(4, "completed", 1)] * 2
    assert backend.store.parts_of("south", job.id) == []
    assert [found.id for found in backend.store.page("north", status=None, limit=9, before=None)] == [job.id]
    assert all(backend.store.get("north", part.id) is None for part in parts)
    assert record.status == "failed"
    assert "parts could not be made one" in record.error


def test_a_small_request_and_one_that_is_tied_together_stay_whole(backend):
    tied = centres("voice", "chat")
    tied["agents"][0]["skills"] = [{"planning_group_id": "voice"}, {"planning_group_id": "chat"}]
    small = centres("voice", "chat")
    small["agents"] = small["agents"][:2] + small["agents"][4:6]
    for request in (tied, small):
        job = submitted(backend, request)
        assert ended(backend, job).status == "completed"
        assert backend.store.parts_of("north", job.id) == []


def test_a_cancel_reaches_the_parts_that_run_and_those_that_wait(backend):
    job = submitted(backend, centres("a", "b", "c", "d"), "seconds=30 rosters=1")
    running = until(lambda: [p for p in backend.store.parts_of("north", job.id) if p.status == "running"])
    assert 1 <= len(running) <= 2
    cancel(job.id, backend.store, backend.engine, tenant="north")
    assert ended(backend, job).status == "cancelled"
    assert {part.status for part in backend.store.parts_of("north", job.id)} == {"cancelled"}


def test_an_erased_job_takes_its_parts_along(backend):
    job = submitted(backend, centres("a", "b", "c"), "seconds=30 rosters=1")
    parts = until(lambda: backend.store.parts_of("north", job.id))
    until(lambda: any(part.status == "running" for part in backend.store.parts_of("north", job.id)))
    erase(job.id, backend.store, backend.engine, tenant="north")
    assert backend.store.parts_of("north", job.id) == []
    assert all(backend.store.roster_of("north", part.id) is None for part in parts)
    after = submitted(backend, {**centres("a"), "agents": centres("a")["agents"]})
    assert ended(backend, after).status == "completed"


def test_a_part_that_fails_fails_the_whole_with_its_reason(backend):
    job = submitted(backend, centres("a", "b"), "rosters=0 crash=103")
    record = ended(backend, job)
    assert record.status == "failed"
    assert record.error.startswith("Part 1 of 2: a failed. The solver process ended without an answer")


def divided(store, *names):
    job = a_large_job(centres(*names))
    store.add(job, NOTHING, key_hours=1)
    attempt = store.begin(job.id, max_attempts=3)
    parts = [
        NewJob(new_id(), "north", f"part {name}", b"{}", 5, agents=4, parent_id=job.id, part=number)
        for number, name in enumerate(names, start=1)
    ]
    assert store.divide(job.id, attempt.number, parts, NOTHING)
    return job, parts


def test_a_divided_job_is_not_begun_again_and_ends_with_its_last_part(store):
    job, (first, second) = divided(store, "a", "b")
    assert store.begin(job.id, max_attempts=3) is None
    assert store.get("north", job.id).status == "running"
    for part, cost in ((first, 100.0), (second, 50.0)):
        assert store.to_join(job.id, max_attempts=3) is None
        attempt = store.begin(part.id, max_attempts=3)
        assert attempt.is_part
        store.note(part.id, 1, {"seconds": 1.0, "cost": cost, "bound": cost / 2, "gap_percent": 50.0})
        store.finish(part.id, 1, Ending("completed", b"{}", "feasible", cost, cost / 2, 50.0))
    whole = store.to_join(second.id, max_attempts=3)
    assert (whole.job_id, whole.number, whole.rosters) == (job.id, 1, (b"{}", b"{}"))
    assert [part.cost for part in whole.parts] == [100.0, 50.0]
    assert store.finish(job.id, whole.number, Ending("completed", b"joined", "feasible", 150.0, 75.0, 50.0))
    assert store.to_join(first.id, max_attempts=3) is None
    assert store.roster_of("north", job.id) == b"joined"


def test_a_job_is_seen_with_its_parts_in_their_order_by_its_tenant_alone(store):
    alone = a_large_job(centres("a"))
    store.add(alone, NOTHING, key_hours=1)
    job, parts = divided(store, "c", "a", "b")
    own, found = store.with_parts("north", job.id)
    assert own == store.get("north", job.id)
    assert [part.id for part in found] == [part.id for part in parts]
    assert found == store.parts_of("north", job.id)
    assert store.with_parts("north", alone.id) == (store.get("north", alone.id), [])
    assert (
        store.with_parts("south", job.id)
        is store.with_parts("north", parts[0].id)
        is store.with_parts("north", new_id())
        is None
    )


def test_joining_that_never_comes_to_an_end_is_given_up(store):
    job, (only,) = divided(store, "a")
    store.begin(only.id, max_attempts=3)
    store.finish(only.id, 1, Ending("completed", b"{}", "feasible", 1.0, 1.0, 0.0))
    assert [store.to_join(only.id, max_attempts=2) is None for _ in range(3)] == [False, False, True]
    assert store.get("north", job.id).status == "failed"


def test_an_attempt_that_was_overtaken_divides_nothing(store):
    job = a_large_job(centres("a", "b"))
    store.add(job, NOTHING, key_hours=1)
    for _ in range(2):
        store.begin(job.id, max_attempts=3)
    part = NewJob(new_id(), "north", "part", b"{}", 5, parent_id=job.id, part=1)
    assert not store.divide(job.id, 1, [part], NOTHING)
    assert store.parts_of("north", job.id) == []


def test_the_whole_shows_sums_of_its_parts(store):
    job, (first, second) = divided(store, "a", "b")
    for part in (first, second):
        store.begin(part.id, max_attempts=3)
    store.note(first.id, 1, {"seconds": 1.0, "cost": 100.0, "bound": 60.0, "gap_percent": 40.0})
    assert store.get("north", job.id).progress["cost"] is None, "the other has none yet"
    events = store.get("north", job.id).last_event
    store.note(second.id, 1, {"seconds": 1.0, "cost": 50.0, "bound": 30.0, "gap_percent": 40.0})
    assert store.get("north", job.id).last_event == events, "not twice in a second"


def test_a_tenants_webhooks_hear_of_the_whole_and_not_of_its_parts(store):
    _, (only,) = divided(store, "a")
    store.begin(only.id, max_attempts=3)
    assert store.finish(only.id, 1, Ending("completed", b"{}", "feasible", 1.0, 1.0, 0.0))
    assert store.request_cancel("north", only.id) is None
    assert store.erase("north", only.id) is None


@pytest.mark.slow
def test_the_solver_itself_makes_one_roster_of_two_parts(settings):
    real = settings.model_copy(
        update={
            "solver_command": type(settings)().solver_command, "divide_from_agents": 8, "least_agents_of_a_part": 1,
        }
    )  # fmt: skip
    store = MemoryStore()
    engine = MemoryEngine(lambda job_id: run(job_id, store, real, engine), concurrent_solves=2)
    engine.start()
    try:
        job = a_large_job(centres("voice", "chat", seconds=150, target_gap_percent=90))
        store.add(job, engine.submit, key_hours=1)
        record = until(lambda: (found := store.get("north", job.id)).ended and found, seconds=170)
    finally:
        engine.stop()
    assert (record.status, record.error) == ("completed", None)
    parts = store.parts_of("north", job.id)
    assert record.cost == pytest.approx(sum(part.cost for part in parts), abs=0.001)
    assert record.lower_bound == pytest.approx(sum(part.lower_bound for part in parts), abs=0.001)
    roster = json.loads(store.roster_of("north", job.id))
    assert len(roster["schedules"]) == 8
    assert any(message["code"] == "solved_in_parts" for message in roster["messages"])


def test_no_part_runs_where_nothing_can_be_enqueued(settings):
    """Without an engine a large job is solved whole."""
    store, job = MemoryStore(), a_large_job(centres("a", "b"))
    store.add(job, NOTHING, key_hours=1)
    asyncio.run(run(job.id, store, settings.model_copy(update={"divide_from_agents": 2})))
    assert (store.get("north", job.id).status, store.parts_of("north", job.id)) == ("completed", [])

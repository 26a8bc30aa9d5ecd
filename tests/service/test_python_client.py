"""The Python client against the real application on a real socket, with the fake solver behind it."""

import asyncio
import copy
import json
from pathlib import Path

import pytest

from service.api.samples import REQUEST, ROSTER
from stint.client import AsyncStint, NotFoundError, RefusedError, Stint, UnreachableError
from tests.service.api_client import served
from tests.service.conftest import in_memory

ROOT = Path(__file__).parents[2]
UNKNOWN = "01M85P9S0QT0M2GY21X9SSQQGZ"


@pytest.fixture(scope="module")
def url(module_settings):
    with served(module_settings, in_memory) as client:
        yield str(client.base_url)


@pytest.fixture
def stint(url):
    with Stint(url) as client:
        yield client


def asking(name=""):
    return {**copy.deepcopy(REQUEST), "name": name}


def test_a_request_is_submitted_followed_and_taken_away(stint):
    job = stint.submit(asking("seconds=0.3 rosters=2"))
    kinds = [event.kind for event in stint.follow(job.id)]
    assert "progress" in kinds
    assert kinds[-1] == "status"
    ended = stint.wait(job.id, seconds=10)
    assert ended.status == "completed"
    assert stint.roster(job.id).cost.total == ended.cost == 90
    assert stint.download(job.id, "csv").startswith(b"\xef\xbb\xbf") or b"," in stint.download(job.id, "csv")
    assert stint.request(job.id)["name"] == "seconds=0.3 rosters=2"


def test_a_priority_is_passed_on(stint):
    assert stint.submit(asking("later"), priority=6).priority == 6


def test_the_same_key_makes_one_job(stint):
    one, other = (stint.submit(asking("once"), idempotency_key="only-once") for _ in range(2))
    assert one.id == other.id


def test_solve_gives_the_roster(stint):
    assert stint.solve(asking("rosters=1"), seconds=20).cost.total == 100


def test_jobs_are_listed_page_after_page(stint):
    made = {stint.submit(asking(f"page {number}")).id for number in range(5)}
    assert made <= {job.id for job in stint.jobs(limit=2)}


def test_a_job_is_cancelled_and_erased(stint):
    job = stint.submit(asking("seconds=30"))
    stint.cancel(job.id)
    assert stint.wait(job.id, seconds=20).status == "cancelled"
    stint.erase(job.id)
    with pytest.raises(NotFoundError):
        stint.job(job.id)


def test_faults_come_with_their_places(stint):
    with pytest.raises(RefusedError) as refused:
        stint.submit({**asking(), "agents": [{"id": "A"}]})
    assert "/agents/0/work_plan_id" in {fault.pointer for fault in refused.value.faults}


def test_validation_and_evaluation_do_not_solve(stint):
    assert stint.validate(REQUEST).valid
    assert stint.evaluate(REQUEST, {"schedules": ROSTER["schedules"]}).violations == ()
    assert stint.rules().rules


def test_what_is_not_there_is_said(stint):
    with pytest.raises(NotFoundError):
        stint.roster(UNKNOWN)
    with pytest.raises(NotFoundError):
        list(stint.follow(UNKNOWN))


def test_a_service_that_is_not_there_is_given_up():
    with Stint("http://127.0.0.1:9", tries=2) as nobody, pytest.raises(UnreachableError):
        nobody.rules()


def test_the_async_client_does_the_same(url):
    async def use():
        async with AsyncStint(url) as stint:
            job = await stint.submit(asking("seconds=0.3 rosters=2"))
            kinds = [event.kind async for event in stint.follow(job.id)]
            ended = await stint.wait(job.id, seconds=10)
            roster = await stint.roster(job.id)
            listed = [one.id async for one in stint.jobs(limit=3)]
            with pytest.raises(NotFoundError):
                await stint.job(UNKNOWN)
            return kinds, ended, roster, job.id in listed, await stint.validate(REQUEST)

    kinds, ended, roster, listed, validation = asyncio.run(use())
    assert kinds[-1] == "status"
    assert ended.status == "completed"
    assert roster.cost.total == 90
    assert listed
    assert validation.valid


def test_the_how_to_does_what_it_says(url, tmp_path, monkeypatch, capsys):
    """The page's own program, against this service, with a request that the fake solver takes."""
    page = (ROOT / "docs/how-to/call-the-service.md").read_text(encoding="utf-8")
    program = page.split("```python\n")[1].split("```")[0].replace("http://127.0.0.1:8000", url)
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples/small.json").write_text(json.dumps(asking("rosters=2")))
    monkeypatch.chdir(tmp_path)
    exec(compile(program, "call-the-service.md", "exec"), {})
    assert "90.0 50.0" in capsys.readouterr().out
    assert (tmp_path / "week.xlsx").stat().st_size > 0

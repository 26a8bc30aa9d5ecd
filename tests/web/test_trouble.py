"""What goes wrong is told; the planner's work is kept; the page goes on when it can."""

import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager

import httpx2
import pytest

from service.access.keys import new_key
from service.settings import Settings
from tests.service.api_client import served
from tests.service.conftest import in_memory
from tests.service.helpers import until
from tests.web.centre import a_request
from tests.web.conftest import QUICK_SOLVER, a_file, point


def test_a_job_that_is_not_there_or_of_another_tenant_is_told(page, service):
    page.goto(f"{service.base_url}#/jobs/01JDQ5F3K9S0W1M2N3P4Q5R6S7")
    told = page.locator("[role=alert]")
    told.wait_for()
    assert "another tenant" in told.inner_text()
    page.get_by_role("link", name="Jobs").first.click()
    page.locator(".list").wait_for()


@contextmanager
def a_service(port, folder):
    """A service in a process of its own, on a database that outlives it."""
    environment = os.environ | {
        "STINT_DATABASE_URL": f"sqlite:///{folder}/stint.sqlite",
        "STINT_SOLVER_COMMAND": json.dumps(QUICK_SOLVER),
        "STINT_LOOK_SECONDS": "0.05",
        "STINT_BEAT_SECONDS": "1",
        "STINT_EXECUTOR_ID": "one",
    }
    command = [sys.executable, "-m", "service.cli", "serve", "--port", str(port)]
    process = subprocess.Popen(
        command, env=environment, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        until(lambda: answers(port), seconds=60)
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def answers(port):
    try:
        return httpx2.get(f"http://127.0.0.1:{port}/healthz", timeout=1).is_success
    except httpx2.HTTPError:
        return False


@pytest.mark.slow
def test_a_service_that_stops_mid_solve_is_told_and_the_page_goes_on_with_it(new_page, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with a_service(port, tmp_path):
        page = new_page(f"http://127.0.0.1:{port}")
        page.locator("#file").set_input_files(a_file("request.json", a_request("seconds=8 rosters=2")))
        page.locator("#solve").click()
        page.locator(".gantt canvas").wait_for()
    page.locator('[data-notice="away"]').wait_for()
    assert page.locator(".gantt canvas").is_visible()
    with a_service(port, tmp_path):
        page.locator('[data-notice="away"]').wait_for(state="detached", timeout=60_000)
        page.locator("#status.completed").wait_for(timeout=60_000)
        page.locator('[data-figure="violations"] dd', has_text="0").wait_for()


def test_a_request_that_nobody_answered_is_kept_and_sent_once(page, service):
    page.locator("#file").set_input_files(a_file("request.json", a_request("Sent in a bad moment")))
    page.locator("#solve").wait_for()
    page.route("**/v1/rosters", lambda route: (route.fetch(), route.abort()))  # it arrives, and the answer is lost
    page.locator("#solve").click()
    page.locator("#notice", has_text="does not answer").wait_for()
    page.unroute("**/v1/rosters")
    page.locator("#solve").click()
    page.locator("#status.completed").wait_for()
    jobs = service.get("/v1/rosters").json()["jobs"]
    assert sum(job["name"] == "Sent in a bad moment" for job in jobs) == 1


def test_changes_that_could_not_be_judged_are_kept_and_judged_later(opened):
    opened.route("**/v1/evaluations", lambda route: route.abort())
    opened.locator(".gantt").focus()
    opened.keyboard.press("ArrowDown")
    opened.keyboard.press("Alt+ArrowRight")
    opened.locator('[data-notice="changed"]').wait_for()
    opened.unroute("**/v1/evaluations")
    opened.locator(".gantt").focus()
    opened.keyboard.press("Alt+ArrowRight")
    opened.locator('[data-notice="changed"]').wait_for(state="detached")
    opened.mouse.click(*point(opened, 0, 10.5))
    assert opened.locator(".pieces .when").first.inner_text() == "08:30–09:30"


@pytest.fixture
def house():
    """A service that asks for keys, and a key of each of two tenants."""
    texts = {}

    @contextmanager
    def with_keys(settings):
        with in_memory(settings) as backend:
            for tenant in ("north", "south"):
                key, texts[tenant] = new_key(tenant, "page", ("read", "submit"))
                backend.keys.add(key)
            yield backend

    settings = Settings(solver_command=QUICK_SOLVER, look_seconds=0.05)
    with served(settings, with_keys, loopback=False) as client:
        yield str(client.base_url), texts


def show_key(page, text):
    page.locator("dialog #key").fill(text)
    page.locator("dialog button.primary").click()


def test_the_page_asks_for_a_key_keeps_it_for_the_tab_alone_and_follows_events_with_it(new_page, house):
    address, keys = house
    page = new_page(address)
    page.locator("#file").set_input_files(a_file("request.json", a_request("seconds=2 rosters=2")))
    show_key(page, "stint_of_nobody")
    page.locator("dialog", has_text="did not accept").wait_for()
    show_key(page, keys["north"])
    page.locator("#solve").click()
    page.locator("#status.completed").wait_for()
    assert page.evaluate("sessionStorage.getItem('stint.key')") == keys["north"]
    assert keys["north"] not in page.evaluate("JSON.stringify(localStorage)")
    page.locator("#take-away summary").click()
    with page.expect_download() as taken:
        page.locator("#take-csv").click()
    assert taken.value.path().stat().st_size > 100
    job = page.url
    page.get_by_role("button", name="Forget the API key").click()
    show_key(page, keys["south"])
    page.locator("[role=alert]", has_text="another tenant").wait_for()
    assert page.url == job

"""A service over a solver that answers at once, and a real Chromium that looks at it."""

import json
import os
import shutil
import sys
from pathlib import Path
from urllib.parse import urljoin

import pytest

from service.settings import Settings
from tests.service.api_client import served
from tests.service.conftest import in_memory
from tests.service.helpers import until
from tests.web.centre import a_request

HERE = Path(__file__).parent
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUICK_SOLVER = (sys.executable, str(HERE / "quick_solver.py"))


@pytest.fixture(scope="session")
def browser():
    if CHROMIUM is None:
        pytest.skip("No Chromium is installed: the page is not tried. Maybe `apt-get install chromium` helps.")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # Whoever is root, as in a container, has no sandbox; a container's shared memory is small.
        arguments = ["--disable-dev-shm-usage", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def service():
    with served(Settings(solver_command=QUICK_SOLVER, look_seconds=0.05, concurrent_solves=2), in_memory) as client:
        yield client


@pytest.fixture
def new_page(browser):
    """Makes pages of a size, in a language, and so on; none may ask another host than its own or meet an error."""
    contexts = []

    def make(address, **more):
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 720}, "locale": "en-GB", **more})
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.asked, page.errors = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda message: page.errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.goto(address)
        contexts.append((context, page, address))
        return page

    yield make
    for context, page, address in contexts:
        own = urljoin(address, "/")
        assert [url for url in page.asked if not url.startswith((own, "data:", "blob:"))] == [], "it left the machine"
        # A browser notes every answer of 400 and above as an error; what is wrong with those, the page tells itself.
        assert [error for error in page.errors if "Failed to load resource" not in error] == []
        context.close()


@pytest.fixture
def page(new_page, service):
    return new_page(str(service.base_url))


@pytest.fixture(scope="session")
def solved(service):
    """Makes jobs that have ended; gives their id."""

    def make(**more):
        job = service.post("/v1/rosters", json=a_request(**more)).json()
        return until(lambda: service.get(f"/v1/rosters/{job['id']}").json()["finished_at"] and job["id"])

    return make


@pytest.fixture(scope="session")
def ended_job(solved):
    """A job of the small centre that has its roster; nobody changes it."""
    return solved()


@pytest.fixture
def opened(page, service, ended_job):
    """A page on which a job of the small centre is open."""
    page.goto(f"{service.base_url}#/jobs/{ended_job}")
    page.locator("#status.completed").wait_for()
    page.locator(".gantt canvas").wait_for()
    return page


def a_file(name, content):
    """A file as a person chooses it."""
    text = content if isinstance(content, str) else json.dumps(content, indent=1)
    kind = "application/json" if name.endswith(".json") else "text/csv"
    return {"name": name, "mimeType": kind, "buffer": text.encode()}


def figure(page, name):
    """A figure above the board, such as the cost."""
    return page.locator(f'[data-figure="{name}"] dd').inner_text()


def point(page, row, hour, day=0, days=2):
    """Where on the screen the hour of a day is in a row of the Gantt; the whole period is in view."""
    box = page.locator(".gantt").bounding_box()
    names, head, height = 170, 34, 22
    width = page.locator(".gantt").evaluate("box => box.clientWidth") - names
    return box["x"] + names + width * (24 * day + hour) / (24 * days), box["y"] + head + height * row + height / 2

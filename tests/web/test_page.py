"""The planner's page in a real Chromium, served by the service over the real solver."""

import json
import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "service"))

from api_client import served
from conftest import in_memory

from service.settings import Settings

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="No Chromium is installed: the page is not tried.")


@pytest.fixture(scope="module")
def address():
    with served(Settings(look_seconds=0.05), in_memory) as client:
        yield str(client.base_url)


@pytest.fixture
def page(address):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.asked, page.errors = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda message: page.errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.goto(address)
        yield page
        browser.close()


def test_keys_alone_lead_from_the_example_to_a_roster_in_hand(page, address, tmp_path):
    page.locator("#example").press("Enter")
    page.locator("#solve:enabled").wait_for()
    page.locator("#seconds").fill("12")
    page.locator("#solve").press("Enter")
    page.locator("#status", has_text="completed, ").wait_for(timeout=40_000)
    page.locator("#gantt canvas").wait_for()
    assert page.locator("#table").locator("td").count() >= 4
    with page.expect_download() as taken:
        page.locator("#download").press("Enter")
    taken.value.save_as(tmp_path / "roster.json")
    assert json.loads((tmp_path / "roster.json").read_text())["schedules"]
    # A first cost may be told a moment before its roster is kept: that 404 is no fault of the page.
    assert [error for error in page.errors if "404" not in error] == []
    assert all(url.startswith((address, "data:", "blob:")) for url in page.asked)


def test_a_wrong_file_is_told_and_the_request_chosen_before_is_kept(page):
    page.locator("#example").click()
    page.locator("#solve:enabled").wait_for()
    page.locator("#file").set_input_files({"name": "x.json", "mimeType": "application/json", "buffer": b"{no"})
    page.locator("#faults li", has_text="x.json is no request in JSON").wait_for()
    assert page.locator("#solve").is_enabled()

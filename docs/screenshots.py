"""Takes the pictures of the planner's page that the docs show: `python -m docs.screenshots`.

Needs a Chromium. Solves one of the page's examples with the real solver, which takes a minute or two, and photographs
every view at two sizes, a desk's and a phone's.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from bench.service.here import served

FOLDER = Path(__file__).parent / "screenshots"
PORT = 8765
ADDRESS = f"http://127.0.0.1:{PORT}"
SIZES: dict[str, dict[str, Any]] = {
    "desk": {"viewport": {"width": 1280, "height": 720}},
    "phone": {"viewport": {"width": 390, "height": 780}, "is_mobile": True, "has_touch": True},
}
WRONG = '{\n "name": "Week 49",\n "time_zone": "Europe/Talinn",\n "planning_groups": []\n}\n'


def solved(page: Page, seconds: int) -> str:
    """The address of a job that was solved from the start view."""
    page.goto(ADDRESS)
    page.locator(".example").last.click()
    page.locator("#seconds").fill(str(seconds))
    page.locator("#solve").click()
    page.locator("#status.completed").wait_for(timeout=300_000)
    return page.url


def interval(page: Page) -> None:
    """Choose the interval of the coverage table that is shortest."""
    page.locator("#as-table").click()
    rows = page.locator("#coverage-table tbody tr")
    texts = rows.locator("td:nth-child(4)").all_inner_texts()
    nets = [float(text.replace(",", "")) for text in texts]
    rows.nth(nets.index(min(nets))).locator("button").click()
    page.locator("#as-table").click()
    page.locator("#reasons").wait_for()
    page.locator(".causes").first.wait_for(timeout=60_000)


def agent(page: Page) -> None:
    """Choose an agent's shift by keys."""
    page.locator(".gantt").focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowRight"):  # the second agent is on leave
        page.keyboard.press(key)


def changed(page: Page) -> None:
    """Move a shift, and look at the changes."""
    agent(page)
    for _ in range(4):
        page.keyboard.press("Alt+ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("l")
    page.locator(".figures:not(.judging) .figure small").first.wait_for()
    page.locator("#tab-changes").click()


def wrong(page: Page) -> None:
    """Choose a file with faults."""
    file = {"name": "week-49.json", "mimeType": "application/json", "buffer": WRONG.encode()}
    page.locator("#file").set_input_files(files=[file])  # type: ignore[list-item]
    page.locator(".fault").first.wait_for()


def example(page: Page) -> None:
    """Choose an example."""
    page.locator(".example").nth(1).click()
    page.locator("#solve").wait_for()
    page.locator("#chosen details").wait_for()


def views(job: str, other: str) -> dict[str, tuple[str, Callable[[Page], None]]]:
    """What is photographed: the address and what is done there."""

    def press(selector: str) -> Callable[[Page], None]:
        return lambda page: page.locator(selector).first.click()

    ids = "/".join(address.rpartition("/")[2] for address in (job, other))
    return {
        "start": ("#/start", example),
        "faults": ("#/start", wrong),
        "solving": (job, press("#tab-solving")),
        "roster": (job, press("#tab-cost")),
        "day": (job, press("#day-view")),
        "table": (job, press("#as-table")),
        "why-interval": (job, interval),
        "why-agent": (job, agent),
        "changes": (job, changed),
        "take-away": (job, press("#take-away summary")),
        "jobs": ("#/jobs", lambda page: page.locator(".list tbody a").first.wait_for()),
        "compare": (f"#/compare/{ids}", lambda page: page.locator("#figures").wait_for()),
    }


def photograph(page: Page, name: str, address: str, act: Callable[[Page], None]) -> None:
    """One view, as a picture."""
    page.goto("about:blank")
    page.goto(address if address.startswith("http") else f"{ADDRESS}/{address}")
    if "/jobs/" in address:
        page.locator("#status.completed").wait_for()
        page.locator(".gantt canvas").wait_for()
    act(page)
    page.wait_for_timeout(700)  # the curve is drawn a moment later
    if page.viewport_size and page.viewport_size["width"] < 700 and name.startswith(("why", "changes", "solving")):
        page.locator(".panel").scroll_into_view_if_needed()
        page.locator(".panel").evaluate("panel => panel.scrollIntoView()")
    page.screenshot(path=FOLDER / f"{name}.png")
    page.evaluate("sessionStorage.clear()")


def main() -> None:
    """Take all pictures."""
    browser_file = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser_file is None:
        sys.exit("No pictures were taken: that needs a Chromium.")
    with tempfile.TemporaryDirectory() as folder, served(Path(folder), PORT), sync_playwright() as playwright:
        arguments = ["--disable-dev-shm-usage", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        browser = playwright.chromium.launch(executable_path=browser_file, args=arguments)
        page = browser.new_page(viewport={"width": 1280, "height": 720}, locale="en-GB")
        job, other = (solved(page, seconds) for seconds in (60, 40))
        for size, options in SIZES.items():
            for name, (address, act) in views(job, other).items():
                page = browser.new_context(locale="en-GB", **options).new_page()
                photograph(page, f"{name}-{size}", address, act)
                page.context.close()
        page = browser.new_context(locale="vi", color_scheme="dark", **SIZES["desk"]).new_page()
        photograph(page, "dark-vietnamese-desk", job, agent)
        browser.close()


if __name__ == "__main__":
    main()

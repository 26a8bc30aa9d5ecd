"""How the planner's page bears up: time to draw, smoothness of scrolling, bytes sent, memory under live events.

    python -m bench.page --agents 120 --agents 1000 --minutes 10

Needs a Chromium. The rosters come from the solver that the page's tests use, which does not search, because it is the
page that is measured.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated, Any

import httpx2
import typer
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from bench.service.here import served
from solver.example import example_request

QUICK_SOLVER = (sys.executable, str(Path(__file__).parent.parent / "tests" / "web" / "quick_solver.py"))
PORT = 8766
ADDRESS = f"http://127.0.0.1:{PORT}"
FRAMES = 120

SCROLL = """frames => new Promise(done => {
    const box = document.querySelector(".gantt");
    const times = [];
    let last = performance.now();
    const step = now => {
        times.push(now - last);
        last = now;
        box.scrollTop += 66;
        box.scrollLeft += 3;
        if (times.length < frames) requestAnimationFrame(step); else done(times.slice(1));
    };
    requestAnimationFrame(step);
})"""
"""Scrolls three rows a frame and gives the milliseconds between frames."""


def submitted(agents: int, name: str, *, wait: bool) -> str:
    """A job of so many agents and seven days; the solver reads its orders in the name."""
    request = example_request(agents=agents, days=7, groups=3, seed=1) | {"name": name}
    request["options"] = {"time_limit_seconds": 3600}
    job = httpx2.post(f"{ADDRESS}/v1/rosters", json=request, timeout=120).json()["id"]
    while wait and httpx2.get(f"{ADDRESS}/v1/rosters/{job}").json()["finished_at"] is None:
        time.sleep(0.2)
    return str(job)


def drawn(browser: Browser, job: str) -> dict[str, Any]:
    """Opens a roster in a browser that has seen nothing yet, and measures."""
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    sent = bytes_of(page)
    began = time.monotonic()
    page.goto(f"{ADDRESS}/#/jobs/{job}")
    page.locator(".gantt canvas").wait_for(timeout=120_000)
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    opened = time.monotonic() - began
    frames = page.evaluate(SCROLL, FRAMES)
    own = sum(size for url, size in sent.items() if "/v1/" not in url)
    data = {url.rpartition("/")[2]: size for url, size in sent.items() if "/v1/" in url}
    page.close()
    return {
        "seconds to the drawn roster": round(opened, 2),
        "frame while scrolling, median ms": round(statistics.median(frames), 1),
        "frame while scrolling, 95th percentile ms": round(sorted(frames)[int(0.95 * len(frames))], 1),
        "bytes of the page": own,
        "bytes of the roster": data.get("roster", 0),
        "bytes of the request": data.get("request", 0),
    }


def bytes_of(page: Page) -> dict[str, int]:
    """Bytes on the wire by address, filled as they come."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    urls: dict[str, str] = {}
    sent: dict[str, int] = {}
    session.on("Network.responseReceived", lambda event: urls.update({event["requestId"]: event["response"]["url"]}))
    session.on(
        "Network.loadingFinished",
        lambda event: sent.update({urls.get(event["requestId"], "?"): int(event["encodedDataLength"])}),
    )
    return sent


def heap(session: CDPSession) -> float:
    """Megabytes of JavaScript's memory that are in use after a collection."""
    session.send("HeapProfiler.collectGarbage")
    return round(float(session.send("Runtime.getHeapUsage")["usedSize"]) / 1e6, 1)


def lived(browser: Browser, minutes: float) -> list[float]:
    """Memory at each minute of a solve that meets a better roster every second."""
    seconds = round(60 * minutes) + 30
    job = submitted(120, f"seconds={seconds} rosters={seconds}", wait=False)
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.goto(f"{ADDRESS}/#/jobs/{job}")
    page.locator(".gantt canvas").wait_for(timeout=120_000)
    session = page.context.new_cdp_session(page)
    found = [heap(session)]
    for _ in range(round(minutes)):
        page.wait_for_timeout(60_000)
        found.append(heap(session))
    events = page.locator("#status").inner_text()
    httpx2.post(f"{ADDRESS}/v1/rosters/{job}/cancel")
    page.close()
    typer.echo(f"  (the job then: {events})", err=True)
    return found


def main(
    agents: Annotated[list[int] | None, typer.Option(help="Agents of a roster that is drawn.")] = None,
    minutes: Annotated[float, typer.Option(help="Minutes of live events; 0 for none.")] = 0,
) -> None:
    """Measure, and print a line of JSON for each thing measured."""
    browser_file = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser_file is None:
        sys.exit("Nothing was measured: that needs a Chromium.")
    arguments = ["--disable-dev-shm-usage", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder), PORT, solver_command=QUICK_SOLVER),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=browser_file, args=arguments)
        for number in agents or []:
            job = submitted(number, "rosters=1", wait=True)
            typer.echo(json.dumps({"agents": number, "days": 7, **drawn(browser, job)}))
        if minutes:
            typer.echo(json.dumps({"minutes": minutes, "megabytes by minute": lived(browser, minutes)}))
        browser.close()


if __name__ == "__main__":
    typer.run(main)

"""Solving: the curve, the first roster at once, better ones in its place, stopping."""

from tests.web.centre import a_request
from tests.web.conftest import figure


def open_job(page, service, name):
    job = service.post("/v1/rosters", json=a_request(name)).json()
    page.goto(f"{service.base_url}#/jobs/{job['id']}")
    return job["id"]


def test_the_first_roster_is_there_while_the_solve_goes_on_and_improves_in_place(page, service):
    open_job(page, service, "seconds=5 rosters=3")
    page.locator("#as-table").click()
    page.locator("#status.running").wait_for()
    without = page.locator("#roster-table td[colspan]")
    without.nth(3).wait_for()  # two of the six work
    assert without.count() == 4
    first = figure(page, "cost")
    page.locator("#status.completed").wait_for()
    without.first.wait_for(state="detached")
    assert figure(page, "cost") != first


def test_the_curve_has_a_table_with_cost_bound_and_gap(page, service):
    open_job(page, service, "seconds=1 rosters=2")
    page.locator("#status.completed").wait_for()
    page.locator("#tab-solving").click()
    page.locator(".curve canvas").wait_for()
    page.get_by_text("The same as a table").click()
    row = page.locator(".solving tbody tr").first
    row.wait_for()
    cells = row.locator("td").all_inner_texts()
    assert cells[1].startswith("€")
    assert cells[2].startswith("€")
    assert cells[3].endswith("%")


def test_a_stopped_solve_keeps_its_best_roster(page, service):
    open_job(page, service, "seconds=60 rosters=2")
    page.locator(".gantt canvas").wait_for()
    page.locator("#stop").click()
    page.locator("#status.cancelled").wait_for()
    assert page.locator("#stop").count() == 0
    assert figure(page, "cost").startswith("€")


def test_a_failed_solve_says_why(page, service):
    open_job(page, service, "crash=3")
    page.locator('[data-notice="failed"]').wait_for(timeout=30_000)
    assert "exit status 3" in page.locator('[data-notice="failed"]').inner_text()

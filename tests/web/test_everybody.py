"""For everybody: by keys alone, for screen readers, in three languages, light and dark, on a phone."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.web.centre import a_request
from tests.web.conftest import a_file

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def serious_faults(page):
    """What axe-core finds of impact serious or critical: rule and where."""
    found = Axe().run(page).response["violations"]
    return [
        (one["id"], one["help"], [node["html"][:160] for node in one["nodes"]][:5])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


def tab_to(page, selector, most=80):
    """Press Tab until what the selector means has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is not reached with Tab")


def test_keys_alone_lead_from_the_start_to_a_roster_in_hand(page):
    page.locator(".example").first.wait_for()
    tab_to(page, ".example")
    page.keyboard.press("Enter")
    page.locator("#solve").wait_for()
    tab_to(page, "#seconds")
    page.keyboard.press("Control+a")
    page.keyboard.type("5")
    tab_to(page, "#solve")
    page.keyboard.press("Enter")
    page.locator("#status.completed").wait_for()
    page.locator(".gantt canvas").wait_for()
    tab_to(page, "#take-away summary")
    page.keyboard.press("Enter")
    tab_to(page, "#take-json")
    with page.expect_download() as taken:
        page.keyboard.press("Enter")
    assert json.loads(taken.value.path().read_text())["schedules"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_view_has_a_serious_fault_of_access(new_page, service, ended_job, theme):
    address = str(service.base_url)
    page = new_page(address, color_scheme=theme, bypass_csp=True)  # axe-core is put into the page
    page.locator("#file").set_input_files(a_file("wrong.json", {**a_request(), "interval_minutes": 7}))
    page.locator(".fault").wait_for()
    assert serious_faults(page) == []
    page.goto(f"{address}#/jobs/{ended_job}")
    page.locator(".gantt canvas").wait_for()
    for tab in ("solving", "cost", "findings", "changes"):
        page.locator(f"#tab-{tab}").click()
        assert serious_faults(page) == [], tab
    page.locator(".gantt").focus()
    page.keyboard.press("ArrowDown")
    page.locator(".meters").wait_for()
    assert serious_faults(page) == [], "why"
    page.locator("#as-table").click()
    page.locator("#take-away summary").click()
    assert serious_faults(page) == [], "table and menu"
    page.goto(f"{address}#/jobs")
    page.locator(f"#job-{ended_job}").wait_for()
    assert serious_faults(page) == [], "jobs"
    page.goto(f"{address}#/compare/{ended_job}/{ended_job}")
    page.locator("#figures").wait_for()
    assert serious_faults(page) == [], "compare"


@pytest.mark.parametrize(
    ("language", "title", "stop", "day", "number"),
    [("et", "Koosta graafik", "Kulu", "E", "€"), ("vi", "Lập lịch làm việc", "Chi phí", "Th", "€")],
)
def test_the_page_speaks_the_language_of_the_browser(new_page, service, ended_job, language, title, stop, day, number):
    page = new_page(str(service.base_url), locale=language)
    page.get_by_role("heading", name=title).wait_for()
    assert page.locator("html").get_attribute("lang") == language
    page.goto(f"{service.base_url}#/jobs/{ended_job}")
    page.locator(".gantt canvas").wait_for()
    figure = page.locator('[data-figure="cost"]')
    assert figure.locator("dt").inner_text() == stop
    assert figure.locator("dd").inner_text().rstrip().endswith(number)  # both write the amount first
    page.locator("#as-table").click()
    assert page.locator("#roster-table tbody td").first.inner_text().startswith(day)


def test_a_language_that_is_chosen_is_kept(page, service):
    page.get_by_label("Language").select_option("et")
    page.get_by_role("heading", name="Koosta graafik").wait_for()
    page.reload()
    page.get_by_role("heading", name="Koosta graafik").wait_for()


def test_light_and_dark_follow_the_system_and_the_choice(new_page, service):
    page = new_page(str(service.base_url), color_scheme="dark")
    page.locator(".brand").wait_for()
    background = "() => getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(background)
    page.get_by_label("Colours").select_option("light")
    assert page.evaluate(background) != dark
    page.reload()
    page.locator(".brand").wait_for()
    assert page.evaluate(background) != dark


def test_a_phone_shows_the_roster_without_scrolling_sideways(new_page, service, ended_job):
    page = new_page(f"{service.base_url}#/jobs/{ended_job}", **PHONE)
    page.locator(".gantt canvas").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.locator("#take-away summary").click()
    menu = page.locator("#take-away ul").bounding_box()
    assert menu["x"] >= 0
    assert menu["x"] + menu["width"] <= PHONE["viewport"]["width"]
    page.locator("#take-away summary").click()
    box = page.locator(".gantt").bounding_box()
    page.touchscreen.tap(box["x"] + 40, box["y"] + 34 + 11)  # the first name
    page.locator("#panel-body h3", has_text="Ann").wait_for()
    for view in ("start", "jobs"):
        page.goto(f"{service.base_url}#/{view}")
        page.locator("h1").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), view

"""Take away: files in every format, a print, a link."""

import io
import json

import pytest
from openpyxl import load_workbook

from tests.web.conftest import point


def taken(page, item):
    page.locator("#take-away summary").click()
    with page.expect_download() as download:
        page.locator(f"#take-{item}").click()
    return download.value.suggested_filename, download.value.path().read_bytes()


def test_json_is_the_roster(opened, service):
    name, content = taken(opened, "json")
    assert name.endswith(".json")
    assert len(json.loads(content)["schedules"]) == 6


@pytest.mark.parametrize(("item", "lines"), [("csv", 6 * 2 * 3 + 1), ("csv-days", 6 * 2 + 1)])
def test_csv_has_its_lines(opened, item, lines):
    name, content = taken(opened, item)
    assert name.endswith(".csv")
    assert len(content.decode("utf-8-sig").strip().splitlines()) == lines


def test_xlsx_opens(opened):
    name, content = taken(opened, "xlsx")
    assert name == "Two-days.xlsx"
    assert load_workbook(io.BytesIO(content)).sheetnames


def test_a_calendar_of_everybody_and_of_the_agent_that_is_chosen(opened):
    _, everybody = taken(opened, "ics")
    opened.mouse.click(*point(opened, 0, 10.5))
    _, of_ann = taken(opened, "ics-agent")
    assert everybody.count(b"BEGIN:VEVENT") > of_ann.count(b"BEGIN:VEVENT") > 0


def test_the_changed_roster_can_be_taken_too(opened):
    opened.locator(".gantt").focus()
    opened.keyboard.press("ArrowDown")
    opened.keyboard.press("Alt+ArrowRight")
    opened.locator("#tab-changes .badge").wait_for()
    _, content = taken(opened, "changed")
    (ann,) = (one for one in json.loads(content)["schedules"] if one["agent_id"] == "A0")
    assert ann["shifts"][0]["start"] == "2026-11-30T08:15:00+02:00"


def test_on_paper_there_is_a_table_of_the_week_and_nothing_else(opened):
    opened.evaluate("window.print = () => {}")
    opened.locator("#take-away summary").click()
    opened.locator("#take-print").click()
    opened.emulate_media(media="print")
    assert opened.locator("#print table tbody tr").count() == 6
    assert opened.locator("#print").is_visible()
    assert not opened.locator("main").is_visible()
    assert "08:00–12:00" in opened.locator("#print tbody tr").first.inner_text()


def test_the_link_leads_to_the_job(opened, service, ended_job):
    opened.locator("#take-away summary").click()
    opened.locator("#take-link").click()
    told = opened.locator('[data-notice="link"] code').inner_text()
    assert told == f"{str(service.base_url).rstrip('/')}/#/jobs/{ended_job}"

"""Roster: Gantt and coverage on one axis, choices, tooltips, and tables that say the same."""

import re

from tests.web.conftest import a_file, point


def names(page):
    return page.locator("#roster-table th[scope=row] button").all_inner_texts()


def test_the_table_says_what_the_drawing_shows(opened):
    opened.locator("#as-table").click()
    assert names(opened) == ["Ann", "Ben", "Cleo", "Dan", "Eve", "Finn"]
    row = opened.locator("#roster-table tbody tr").first.locator("td").all_inner_texts()
    assert row[0].replace(",", "") == "Mon 30 Nov"  # browsers differ in the comma
    assert row[1:] == ["08:00", "12:00", "4 h", "Voice", "break 09:00–09:15"]
    heights = [table.bounding_box()["height"] for table in opened.locator(".board .tables .scroller").all()]
    assert min(heights) > 100  # neither of the two tables is pressed away by the other
    first = opened.locator("#coverage-table tbody tr").first
    assert first.locator("td").nth(0).inner_text() == "2"


def test_group_work_plan_agent_and_order_choose_the_rows(opened):
    opened.locator("#as-table").click()
    opened.locator("#by-group").select_option("chat")
    assert names(opened) == ["Ben", "Dan", "Finn"]
    assert opened.locator("#row-count").inner_text() == "3 of 6"
    opened.locator("#by-group").select_option("")
    opened.locator("#by-agent").fill("e")
    assert names(opened) == ["Ben", "Cleo", "Eve"]
    opened.locator("#by-agent").fill("")
    opened.locator("#by-sort").select_option("start")
    assert names(opened) == ["Ann", "Finn", "Ben", "Cleo", "Dan", "Eve"]
    opened.locator("#by-plan").select_option("short")
    assert len(names(opened)) == 6


def test_pointing_at_a_shift_tells_its_facts(opened):
    opened.mouse.move(*point(opened, 0, 8.5))
    opened.locator("#tip").wait_for()
    text = opened.locator("#tip").inner_text()
    assert "Ann" in text
    assert "08:00–12:00" in text
    assert "Voice · 08:00–09:00" in text
    opened.mouse.move(*point(opened, 0, 9.1))
    assert "break · 09:00–09:15 · paid" in opened.locator("#tip").inner_text()


def test_pointing_at_the_coverage_tells_required_and_scheduled(opened):
    box = opened.locator(".coverage").bounding_box()
    opened.mouse.move(point(opened, 0, 8.6)[0], box["y"] + 60)
    opened.locator("#tip", has_text="2 required, 3 scheduled").wait_for()


def test_a_day_a_week_and_zoom_change_what_is_in_view(opened):
    width = "() => document.querySelector('.extent').clientWidth"
    week = opened.evaluate(width)
    opened.locator("#day-view").click()
    day = opened.evaluate(width)
    assert day > 1.7 * week
    opened.locator("#later").click()
    assert opened.evaluate("() => document.querySelector('.gantt').scrollLeft") > 0
    opened.locator("#zoom-in").click()
    assert opened.evaluate(width) > day
    opened.locator("#week-view").click()
    assert abs(opened.evaluate(width) - week) < 3


def test_only_what_is_in_view_is_on_the_canvas(page, service, solved):
    page.goto(f"{service.base_url}#/jobs/{solved(agents=300, groups=('voice',))}")
    page.locator("#row-count", has_text="300 of 300").wait_for()
    page.locator(".gantt").evaluate("box => box.scrollTo(0, 150 * 22)")
    canvas = page.locator(".gantt canvas").evaluate("canvas => canvas.getBoundingClientRect().height")
    assert canvas <= page.locator(".gantt").evaluate("box => box.clientHeight")
    page.mouse.move(*point(page, 0, 10.1))
    page.locator("#tip", has_text=re.compile(r"Agent 0\d\d\d")).wait_for()


def test_cost_stands_by_part_and_the_legend_names_what_is_drawn(opened):
    opened.locator("#tab-cost").click()
    parts = opened.locator(".costs th").all_inner_texts()
    assert parts == ["Regular pay", "Overtime pay", "Understaffing", "Overstaffing", "Preferences", "Rules", "Total"]
    legend = opened.locator(".legend").inner_text()
    assert all(word in legend for word in ("Voice", "Chat", "break", "short", "over", "required"))


def test_volumes_give_the_predicted_service_by_interval_and_day(opened):
    starts = [f"2026-11-30T{hour:02d}:{minute:02d}" for hour in range(8, 14) for minute in (0, 15, 30, 45)]
    work = {
        "time_zone": "Europe/Tallinn",
        "interval_minutes": 15,
        "planning_groups": [
            {
                "id": "voice",
                "service_goal": {"percent": 80, "within_seconds": 20},
                "intervals": [{"start": start, "volume": 2, "aht_seconds": 180} for start in starts],
            }
        ],
    }
    opened.locator("#tab-cost").click()
    opened.locator("#work-file").set_input_files(a_file("work.json", work))
    opened.locator("#service-table tbody tr").first.wait_for()
    opened.locator('[data-figure="service"] dd', has_text="%").wait_for()
    opened.locator("#by-group").select_option("voice")
    opened.locator("#as-table").click()
    assert opened.locator("#coverage-table thead th").last.inner_text() == "Service"
    assert opened.locator("#coverage-table tbody tr").first.locator("td").last.inner_text().endswith("%")
    opened.locator("#work-file").set_input_files(a_file("work.json", {"volumes": 3}))
    opened.locator(".service [role=alert]", has_text="could not be used").wait_for()

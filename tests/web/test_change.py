"""Change: drag, drop, lock; judged at once; undone; solved again around it, with what changed marked."""

import re

from tests.web.conftest import figure, point


def drag(page, start, hours, days=2):
    x, y = start
    width = page.locator(".gantt").evaluate("box => box.clientWidth") - 170
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + width * hours / (24 * days), y, steps=6)
    page.mouse.up()


def shifts(page, agent):
    """Start, end and breaks of an agent's shifts, as the table has them."""
    page.locator("#as-table").click()
    rows = page.locator("#roster-table tbody tr").filter(has_text=agent)
    found = [row.locator("td").all_inner_texts() for row in rows.all()]
    page.locator("#as-table").click()
    return [(cells[1], cells[2], cells[5]) for cells in found]


def judged(page, count):
    page.locator("#tab-changes .badge", has_text=str(count)).wait_for()
    page.locator(".figures:not(.judging)").wait_for()


def test_a_dragged_shift_is_moved_and_judged_at_once(opened, service):
    before = figure(opened, "cost")
    drag(opened, point(opened, 0, 10.5), 1)
    judged(opened, 1)
    assert shifts(opened, "Ann")[0] == ("09:00", "13:00", "break 10:00–10:15")
    assert figure(opened, "cost") != before
    assert re.search(r"[+−]€", figure(opened, "cost"))


def test_a_dragged_break_moves_within_its_shift_and_the_queue_gives_way(opened):
    drag(opened, point(opened, 0, 9.12), 1)
    judged(opened, 1)
    assert shifts(opened, "Ann")[0] == ("08:00", "12:00", "break 10:00–10:15")
    opened.mouse.click(*point(opened, 0, 10.7))
    pieces = opened.locator(".pieces .when").all_inner_texts()
    assert pieces == ["08:00–10:00", "10:00–10:15", "10:15–12:00"]
    assert figure(opened, "violations") == "0"


def test_a_break_where_it_may_not_be_is_a_violation_that_is_named(opened):
    drag(opened, point(opened, 0, 9.12), 2.25)  # latest allowed: 2 h 45 min after the start
    judged(opened, 1)
    opened.locator('[data-figure="violations"] .bad').wait_for()
    opened.locator("#tab-findings").click()
    opened.locator(".findings.broken .finding", has_text="Ann").first.wait_for()


def test_undo_goes_back_step_by_step(opened):
    before = figure(opened, "cost")
    drag(opened, point(opened, 0, 10.5), 1)
    drag(opened, point(opened, 1, 11.5), 1)
    judged(opened, 2)
    opened.locator("#tab-changes").click()
    opened.locator("#undo").click()
    judged(opened, 1)
    assert shifts(opened, "Ben")[0][0] == "08:30"
    assert shifts(opened, "Ann")[0][0] == "09:00"
    opened.locator("#undo").click()
    opened.locator("#undo").wait_for(state="detached")
    assert figure(opened, "cost") == before


def test_changes_outlast_a_reload(opened):
    drag(opened, point(opened, 0, 10.5), 1)
    judged(opened, 1)
    opened.reload()
    opened.locator(".gantt canvas").wait_for()
    judged(opened, 1)
    assert shifts(opened, "Ann")[0][0] == "09:00"


def test_solved_again_changes_stay_who_is_out_is_out_and_what_changed_is_marked(opened, service):
    drag(opened, point(opened, 0, 10.5), 1)  # Ann's Monday an hour later
    opened.mouse.click(*point(opened, 2, 11.5))  # lock Cleo's Monday
    opened.locator("#lock").click()
    opened.mouse.click(*point(opened, 3, 11.5))
    opened.locator("#drop-shift").click()  # Dan is ill on Monday
    opened.mouse.click(*point(opened, 5, 10.5))
    opened.locator("#drop-agent").click()  # Finn left
    judged(opened, 4)
    before = opened.url
    opened.locator("#again").click()
    opened.wait_for_url(lambda url: "against=" in url and url != before)
    opened.locator("#status.completed").wait_for()
    job = re.search(r"jobs/(\w+)", opened.url)[1]
    request = service.get(f"/v1/rosters/{job}/request").json()
    ann, ben, cleo, dan, eve = request["agents"]
    assert [pin["start"] for pin in ann["pinned_shifts"]] == ["2026-11-30T09:00:00+02:00"]
    assert [pin["start"] for pin in cleo["pinned_shifts"]] == ["2026-11-30T09:00:00+02:00"]
    assert [off["start"] for off in dan["time_off"]] == ["2026-11-30T00:00"]
    assert not ben.get("pinned_shifts")
    assert not eve.get("pinned_shifts")
    roster = service.get(f"/v1/rosters/{job}/roster").json()
    assert roster["violations"] == []
    opened.locator("#tab-changes").click()
    marked = opened.locator("#panel-body .finding").all_inner_texts()
    assert sum("Ann" in text for text in marked) == 1
    assert any("Dan" in text and "no shift" in text for text in marked)
    assert not any("Cleo" in text for text in marked)  # locked, and as before


def test_everything_that_dragging_does_keys_do_too(opened):
    opened.locator(".gantt").focus()
    opened.keyboard.press("ArrowDown")  # Ann's first shift
    opened.keyboard.press("Alt+ArrowRight")
    judged(opened, 1)
    opened.keyboard.press("l")
    opened.keyboard.press("ArrowDown")
    opened.keyboard.press("Delete")
    judged(opened, 3)
    assert shifts(opened, "Ann")[0][:2] == ("08:15", "12:15")
    assert len(shifts(opened, "Ben")) == 1
    opened.locator(".gantt").focus()
    opened.keyboard.press("u")
    judged(opened, 2)
    assert len(shifts(opened, "Ben")) == 2

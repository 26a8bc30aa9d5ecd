"""Understand: why an interval is short, how an agent stands, and what was found leads to its place."""

from tests.web.conftest import point


def choose_interval(page, hour):
    box = page.locator(".coverage").bounding_box()
    page.mouse.click(point(page, 0, hour)[0], box["y"] + 60)


def test_a_click_on_an_interval_tells_where_everybody_is(opened):
    opened.locator("#by-group").select_option("voice")
    choose_interval(opened, 9.05)  # Ann, who began at 8, rests from 9 to 9:15; Cleo and Eve are there
    reasons = opened.locator("#reasons summary")
    reasons.first.wait_for()
    texts = reasons.all_inner_texts()
    assert any("1 are on a break" in text for text in texts)
    counts = [int(text.split()[0]) for text in texts]
    assert sum(counts) == 3  # everybody who serves the planning group, once


def test_the_service_says_what_keeps_agents_from_a_short_interval(opened):
    opened.locator("#by-group").select_option("voice")
    choose_interval(opened, 13.5)  # two are required, and Eve alone is there
    cause = opened.locator(".causes li").first
    cause.wait_for(timeout=60_000)
    assert opened.locator("#panel-body .lead").first.inner_text()


def test_the_service_says_how_near_an_agent_is_to_each_limit(opened):
    opened.mouse.click(*point(opened, 0, 10.5))
    told = opened.locator(".told summary")
    told.wait_for(timeout=60_000)
    told.click()
    opened.locator(".margins li", has_text="Paid hours").wait_for()


def test_a_reason_leads_to_the_agent(opened):
    opened.locator("#by-group").select_option("voice")
    choose_interval(opened, 9.05)
    pause = opened.locator("#reasons details", has_text="on a break")
    pause.locator("summary").click()
    pause.get_by_role("button", name="Ann").click()
    assert opened.locator("#panel-body h3").last.inner_text() == "Ann"


def test_an_agent_has_hours_rules_near_their_limit_and_preferences(opened):
    x, y = point(opened, 0, 0)
    opened.mouse.click(x - 100, y)  # on the name
    body = opened.locator("#panel-body")
    body.get_by_text("8 h paid in 2 shifts").wait_for()
    near = body.locator(".meters .near").first
    assert "Paid hours" in near.inner_text()  # 8 of 8 hours a week
    assert "Preferences: 0 of 1 met" in body.inner_text()


def test_what_was_found_leads_to_its_place(page, service, solved):
    # Ann may not work on Monday at all, and this solver does not look.
    request = {"name": "breaks a rule"}
    job = solved(**request, agents=3)
    page.goto(f"{service.base_url}#/jobs/{job}")
    page.locator(".gantt canvas").wait_for()
    page.mouse.click(*point(page, 0, 10.5))
    page.locator("#tab-why").click()
    later = page.get_by_role("button", name="shift: 15 min later")
    later.click()
    page.locator("#tab-changes .badge", has_text="1").wait_for()
    for _ in range(9):
        later.click()
    page.locator('[data-figure="violations"] .bad').wait_for()
    page.locator("#by-agent").fill("Ben")  # hides Ann
    page.locator("#tab-findings").click()
    page.locator(".findings.broken .finding", has_text="Ann").first.click()
    assert page.locator("#panel-body h3").last.inner_text() == "Ann"
    assert page.locator("#row-count").inner_text() == "3 of 3"


def test_a_message_leads_to_the_agent_that_it_is_about(opened):
    opened.locator("#tab-findings").click()
    opened.get_by_role("button", name="A message on Ann.").click()
    assert opened.locator("#panel-body h3").last.inner_text() == "Ann"

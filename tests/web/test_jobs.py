"""Jobs: the list, and two rosters of one request side by side."""


def test_the_list_shows_state_cost_and_gap_and_leads_to_the_job(page, service, solved):
    job = solved(name="On the list")
    page.goto(f"{service.base_url}#/jobs")
    row = page.locator("tr", has=page.locator(f"#job-{job}"))
    row.wait_for()
    cells = row.locator("td").all_inner_texts()
    assert "Completed" in cells[1]
    assert cells[2] not in ("", "–")
    assert cells[3].endswith("%")
    page.locator(f"#job-{job}").click()
    page.locator("#status.completed").wait_for()
    assert page.locator("#name").inner_text() == "On the list"


def test_two_rosters_stand_side_by_side_with_their_differences(page, service, solved):
    few, many = solved(name="rosters=1", agents=4), solved(name="rosters=1 again", agents=6)
    page.goto(f"{service.base_url}#/jobs")
    page.locator(f"#job-choose-{few}").check()
    assert page.locator("#compare").is_disabled()
    page.locator(f"#job-choose-{many}").check()
    page.locator("#compare").click()
    page.locator("#figures").wait_for()
    total = page.locator("#figures tbody tr").first.locator("td").all_inner_texts()
    assert total[0] != total[1]
    assert total[2][0] in "+−"
    assert page.locator(".side .gantt canvas").count() == 2
    page.get_by_text("4 shifts differ", exact=True).click()  # the two of Eve and the two of Finn
    assert page.locator("#differences tbody tr").count() == 4
    page.locator("#only").check()


def test_rosters_of_different_work_are_told_apart(page, service, solved):
    a, b = solved(name="one day", days=1), solved(name="two days", days=2)
    page.goto(f"{service.base_url}#/compare/{a}/{b}")
    page.locator(".notice.warning").wait_for()


def test_an_erased_job_is_gone(page, service, solved):
    job = solved(name="To be erased")
    page.goto(f"{service.base_url}#/jobs")
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator(f"#job-erase-{job}").click()
    page.locator(f"#job-{job}").wait_for(state="detached")
    assert service.get(f"/v1/rosters/{job}").status_code == 404

"""Start: a request from files or an example, and what is wrong with it."""

import json

from tests.web.centre import a_request
from tests.web.conftest import a_file

REQUIRED = """planning_group,start,required
voice,2026-11-30 08:00,1
voice,2026-11-30 08:30,2
voice,2026-11-30 09:00,2,
chat,2026-11-30 08:00,0.5
"""
AGENTS = """id;name;planning_groups;hourly_cost;hours_per_week;days;available_from;available_to
A1;Ann;voice|chat:0,8;20,5;40;mon tue wed;07:00;20:00
A2;Ben;voice;18;20;;;
"""


def choose(page, *files):
    page.locator("#file").set_input_files(list(files))


def saved_request(page):
    with page.expect_download() as taken:
        page.get_by_role("button", name="Save the request").click()
    return json.loads(taken.value.path().read_text())


def test_an_example_is_ready_to_solve(page):
    page.locator(".example").first.click()
    page.locator("#solve").wait_for()
    assert page.locator("#chosen h2").inner_text() == "Support, Monday"
    assert page.locator("#seconds").input_value() == "10"


def test_a_dropped_request_is_solved_with_the_options_beside_it(page, service):
    text = json.dumps(a_request())
    page.locator("#drop").wait_for()
    page.evaluate(
        """text => {
            const files = new DataTransfer();
            files.items.add(new File([text], "two-days.json", { type: "application/json" }));
            const drop = new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true });
            document.querySelector("#drop").dispatchEvent(drop);
        }""",
        text,
    )
    page.locator("#seconds").fill("7")
    page.locator("#gap").fill("1.5")
    page.locator("#solve").click()
    page.locator("#status.completed").wait_for()
    job = page.url.rpartition("/")[2]
    options = service.get(f"/v1/rosters/{job}/request").json()["options"]
    assert (options["time_limit_seconds"], options["target_gap_percent"]) == (7, 1.5)


def test_a_fault_stands_beside_its_place_with_the_cure(page):
    wrong = a_request()
    wrong["agents"][3]["work_plan_id"] = "shrot"
    text = json.dumps(wrong, indent=1)
    line = text[: text.index("shrot")].count("\n") + 1
    choose(page, a_file("wrong.json", text))
    fault = page.locator(".fault").first
    fault.wait_for()
    assert f"wrong.json, line {line}" in fault.locator(".place").inner_text()
    assert "shrot" in fault.locator(".what").inner_text()
    assert "Expected" in fault.locator(".cure").inner_text()
    assert "shrot" in fault.locator(".source mark").inner_text()


def test_a_file_that_is_no_json_is_told_and_the_request_before_is_kept(page):
    choose(page, a_file("good.json", a_request()))
    page.locator("#solve").wait_for()
    choose(page, a_file("bad.json", '{\n "name": "x",\n "agents": [1, 2\n}'))
    page.locator(".fault").wait_for()
    assert "bad.json, line 4" in page.locator(".place").inner_text()
    assert page.locator("#solve").is_enabled()
    assert page.locator("#chosen h2").inner_text() == "Two days"


def test_two_tables_become_a_request_and_what_is_assumed_is_shown(page):
    choose(page, a_file("agents.csv", AGENTS))
    page.locator(".tables .missing").wait_for()
    choose(page, a_file("need.csv", REQUIRED))
    page.locator("#solve").wait_for()
    assert page.locator(".fault").count() == 0
    page.locator("#assumed-time_zone").fill("Europe/Tallinn")
    page.locator("#assumed-time_zone").press("Tab")
    request = saved_request(page)
    assert request["time_zone"] == "Europe/Tallinn"
    assert request["interval_minutes"] == 30
    assert [
        (series["planning_group_id"], series["start"], series["required"]) for series in request["requirements"]
    ] == [
        ("chat", "2026-11-30T08:00", [0.5]),
        ("voice", "2026-11-30T08:00", [1, 2, 2]),
    ]
    ann, ben = request["agents"]
    assert ann["hourly_cost"] == 20.5
    assert ann["skills"] == [
        {"planning_group_id": "voice", "proficiency": 1},
        {"planning_group_id": "chat", "proficiency": 0.8},
    ]
    assert ann["availability"] == [{"days": ["mon", "tue", "wed"], "from": "07:00", "to": "20:00"}]
    limits = {plan["id"]: plan["rules"][0]["max"] for plan in request["work_plans"]}
    assert limits == {ann["work_plan_id"]: 2400, ben["work_plan_id"]: 1200}


def test_a_table_with_a_column_a_group_is_read_too(page):
    choose(page, a_file("need.csv", "date,time,voice,chat\n2026-11-30,08:00,1,2\n2026-11-30,08:15,3,0\n"))
    choose(page, a_file("agents.csv", "id\nA1\n"))
    page.locator("#solve").wait_for()
    request = saved_request(page)
    assert {s["planning_group_id"]: s["required"] for s in request["requirements"]} == {"voice": [1, 3], "chat": [2, 0]}
    assert request["agents"][0]["skills"] == []


def test_faults_of_tables_name_file_line_and_cure(page):
    choose(page, a_file("need.csv", REQUIRED.replace("2026-11-30 08:30", "tomorrow")))
    choose(page, a_file("agents.csv", AGENTS.replace("A2", "A1").replace("voice|chat", "vioce|chat")))
    page.locator(".fault").nth(2).wait_for()
    places = page.locator(".fault .place").all_inner_texts()
    assert places == ["need.csv, line 3", "agents.csv, line 2", "agents.csv, line 3"]
    assert "tomorrow" in page.locator(".fault .what").first.inner_text()
    assert "chat, voice" in page.locator(".fault .cure").nth(1).inner_text().replace("voice, chat", "chat, voice")


def test_a_table_of_something_else_is_told(page):
    choose(page, a_file("sales.csv", "month,revenue\nMay,4\n"))
    page.locator(".fault").wait_for()
    assert "month, revenue" in page.locator(".what").inner_text()
    assert page.locator("#solve").count() == 0

"""Planned against actual, by hand: two agents, two hours, and what goes wrong."""

import io
import json
from html.parser import HTMLParser

import openpyxl
import pytest
from typer.testing import CliRunner

from schemas.fault import RequestRefused
from service.cli import app
from service.exports.reports import written
from solver.reading.report import actuals_from_csv, read_report, states_from_csv, teams_from_csv
from solver.report.report import report

HOURS = ("2026-01-05T09:00", "2026-01-05T10:00")
DAY = "2026-01-05"


def shift(*activities, day=DAY):
    """Activities as (category, from, to); the break is paid."""
    parts = [
        {"category": kind, "start": f"{day}T{first}+00:00", "end": f"{day}T{last}+00:00"}
        | ({"paid": True} if kind == "break" else {})
        for kind, first, last in activities
    ]
    return {"date": day, "start": parts[0]["start"], "end": parts[-1]["end"], "activities": parts}


def state(agent, kind, first, last, day=DAY):
    return {"agent_id": agent, "category": kind, "start": f"{day}T{first}", "end": f"{day}T{last}"}


def a_roster(*shifts):
    return {"schedules": [{"agent_id": "ann", "shifts": list(shifts)}]}


def plan(**more):
    """Ann and Bob on queue from nine to eleven, Ann with a break; ten calls an hour planned and come."""
    queue = ("on_queue", "09:00", "11:00")
    ann = shift(("on_queue", "09:00", "10:00"), ("break", "10:00", "10:15"), ("on_queue", "10:15", "11:00"))
    return {
        "request": {
            "name": "Support",
            "time_zone": "UTC",
            "interval_minutes": 15,
            "planning_period": {"start_date": DAY, "days": 1},
            "planning_groups": [{"id": "voice", "name": "Voice"}],
            "work_plans": [{"id": "plan"}],
            "agents": [
                {"id": name, "name": name, "work_plan_id": "plan", "hourly_cost": 20} for name in ("ann", "bob")
            ],
        },
        "roster": {"schedules": [{"agent_id": "ann", "shifts": [ann]}, {"agent_id": "bob", "shifts": [shift(queue)]}]},
        "work": {
            "interval_minutes": 60,
            "service_goal": {"percent": 80, "within_seconds": 20},
            "intervals": [{"start": hour, "volume": 10, "aht_seconds": 180} for hour in HOURS],
        },
        "actuals": [
            {"start": hour, "volume": 10, "aht_seconds": 180, "answered_in_goal": 8, "abandoned": 1} for hour in HOURS
        ],
        "states": [
            state("ann", "on_queue", "09:00", "10:00"),
            state("ann", "break", "10:00", "10:15"),
            state("ann", "on_queue", "10:15", "11:00"),
            state("bob", "on_queue", "09:00", "11:00"),
        ],
    } | more


def ask(**more):
    return report(read_report(plan(**more)))


def refused(**more):
    with pytest.raises(RequestRefused) as wrong:
        read_report(plan(**more))
    return {fault.pointer: fault.text for fault in wrong.value.faults}


def test_all_went_as_planned():
    answer = ask()
    whole = answer.period
    assert (whole.volume_planned, whole.volume, whole.volume_error_percent) == (20, 20, 0)
    assert (whole.service_level_percent, whole.abandonment_percent) == (80, 10)
    assert (whole.scheduled_hours, whole.present_hours) == (3.75, 3.75)
    assert set(whole.causes.model_dump().values()) == {0}
    assert (answer.everybody.adherence_percent, answer.everybody.conformance_percent) == (100, 100)
    assert answer.everybody.shrinkage_planned_percent == pytest.approx(100 * 15 / 240, abs=0.01)
    assert (answer.cost.planned, answer.cost.missed, answer.cost.per_contact) == (80, 0, 4)
    assert answer.messages == ()


def test_causes_add_up_to_the_difference():
    actuals = [
        {"start": HOURS[0], "volume": 40, "aht_seconds": 180, "answered_in_goal": 20},
        {"start": HOURS[1], "volume": 10, "aht_seconds": 600, "answered_in_goal": 5},
    ]
    states = [state("ann", "on_queue", "09:00", "10:30")]  # through the break, gone early; Bob does not come
    answer = ask(actuals=actuals, states=states)
    first, second = answer.planning_groups[0].intervals
    assert first.causes.volume < 0
    assert first.causes.handle_time == 0
    assert second.causes.volume == 0
    assert second.causes.handle_time < 0
    whole = answer.period
    assert whole.causes.absence == -2
    assert whole.causes.adherence == 0.25 - 0.5
    moved = whole.net_hours - whole.net_planned_hours
    assert sum(whole.causes.model_dump().values()) == pytest.approx(moved, abs=1e-6)
    ann, bob = answer.agents
    assert (bob.shifts_missed, bob.attendance_percent) == (1, 0)
    assert (ann.left_early_minutes, ann.adherence_percent) == (30, 62.5)
    assert answer.cost.missed == 40


def test_late_early_and_extra_minutes():
    states = [state("ann", "on_queue", "09:12:40", "10:00"), state("bob", "on_queue", "09:00", "11:20")]
    ann, bob = ask(states=states).agents
    assert (ann.late_minutes, ann.left_early_minutes) == (13, 60)
    assert (bob.extra_minutes, bob.on_queue_minutes) == (20, 140)
    assert bob.conformance_percent == pytest.approx(100 * 140 / 120, abs=0.01)


def test_who_is_away_is_not_there():
    states = [state("ann", "unavailable", "09:00", "11:00"), state("bob", "training", "09:00", "11:00")]
    ann, bob = ask(states=states).agents
    assert (ann.shifts_missed, bob.shifts_missed) == (1, 0)
    assert (bob.attendance_percent, bob.adherence_percent) == (100, 0)


def test_the_forecast_is_measured_by_the_interval():
    actuals = [{"start": HOURS[0], "volume": 15}, {"start": HOURS[1], "volume": 5}]
    answer = ask(actuals=actuals)
    assert (answer.period.volume_error_percent, answer.period.volume_bias_percent) == (50, 0)
    assert answer.period.service_level_percent is None
    assert {message.code for message in answer.messages} == {"no_handle_time"}


def test_holes_and_what_was_not_planned_are_told():
    answer = ask(
        actuals=[
            {"start": HOURS[1], "volume": 5, "aht_seconds": 180},
            {"start": "2026-01-05T12:00", "volume": 3, "aht_seconds": 100},
        ]
    )
    told = {message.code: message.text for message in answer.messages}
    assert "from 2026-01-05 09:00 to 2026-01-05 10:00" in told["hole"]
    assert "1 intervals" in told["not_planned"]
    assert answer.period.volume_planned == 10


def test_without_states_nothing_is_said_of_presence():
    answer = ask(states=[])
    assert (answer.everybody, answer.period.present_hours, answer.period.causes) == (None, None, None)
    assert [message.code for message in answer.messages] == ["no_states"]


def test_teams_strengths_and_trends():
    teams = [
        {"id": "north", "name": "North", "agent_ids": ["ann"]},
        {"id": "south", "name": "South", "agent_ids": ["bob"]},
    ]
    handled = [
        {"agent_id": "ann", "contacts": 50, "handle_seconds": 8000},
        {"agent_id": "bob", "contacts": 50, "handle_seconds": 10000},
    ]
    answer = ask(teams=teams, handled=handled)
    of_teams = {one.team_id: one.against_all_percent for one in answer.strengths if one.agent_id is None}
    assert of_teams == {"north": pytest.approx(-11.11, abs=0.01), "south": pytest.approx(11.11, abs=0.01)}
    assert [(one.team_id, one.adherence_percent) for one in answer.trends] == [
        (None, 100),
        ("north", 100),
        ("south", 100),
    ]
    assert [team.name for team in answer.teams] == ["North", "South"]


def test_of_few_contacts_nothing_is_said():
    assert ask(handled=[{"agent_id": "ann", "contacts": 19, "handle_seconds": 19}]).strengths == ()


def test_weeks_begin_when_the_request_says():
    later = "2026-01-12T09:00"
    work = plan()["work"] | {"intervals": [{"start": at, "volume": 10, "aht_seconds": 180} for at in (*HOURS, later)]}
    actuals = [{"start": at, "volume": 10, "aht_seconds": 180} for at in (*HOURS, later)]
    answer = ask(work=work, actuals=actuals)
    assert [str(week.start_date) for week in answer.weeks] == ["2026-01-05", "2026-01-12"]
    assert [week.volume for week in answer.weeks] == [20, 10]


@pytest.mark.parametrize(
    ("more", "pointer", "told"),
    [
        (
            {"states": [state("ann", "on_queue", "09:00", "10:00"), state("ann", "break", "09:59:30", "10:15")]},
            "/states/1/start",
            "to 2026-01-05T10:00",
        ),
        ({"states": [state("eve", "on_queue", "09:00", "10:00")]}, "/states/0/agent_id", "no agent 'eve'"),
        ({"states": [state("ann", "on_queue", "10:00", "09:00")]}, "/states/0/end", "not after its start"),
        ({"states": [state("ann", "lunch", "10:00", "11:00")]}, "/states/0/category", "on_queue"),
        (
            {
                "states": [
                    {"agent_id": "ann", "category": "break", "start": "2026-01-05T09:00", "end": "2026-01-07T09:00"}
                ]
            },
            "/states/0/end",
            "48.0 hours",
        ),
        ({"actuals": []}, "/actuals", "no actuals"),
        ({"actuals": [{"start": HOURS[0], "volume": -1}]}, "/actuals/0/volume", "greater than or equal to 0"),
        ({"actuals": [{"start": HOURS[0]}]}, "/actuals/0/volume", "missing"),
        ({"actuals": [{"start": HOURS[0], "volume": 1, "aht_seconds": 0}]}, "/actuals/0/aht_seconds", "greater than 0"),
        ({"actuals": [{"start": HOURS[0], "volume": 1}] * 2}, "/actuals/1/start", "there twice"),
        ({"actuals": [{"start": "2026-01-05T09:30", "volume": 1}]}, "/actuals/0/start", "grid"),
        ({"actuals": [{"start": HOURS[0], "volume": 1, "abandoned": 2}]}, "/actuals/0/abandoned", "more than the 1"),
        (
            {"actuals": [{"start": HOURS[0], "volume": 1, "planning_group_id": "chat"}]},
            "/actuals/0/planning_group_id",
            "no planning group",
        ),
        ({"handled": [{"agent_id": "eve", "contacts": 1, "handle_seconds": 1}]}, "/handled/0/agent_id", "no agent"),
        (
            {"handled": [{"agent_id": "ann", "contacts": 24, "handle_seconds": 5e-324}]},
            "/handled/0/handle_seconds",
            "greater than or equal to",
        ),
        (
            {"teams": [{"id": "n", "agent_ids": ["ann"]}, {"id": "s", "agent_ids": ["ann"]}]},
            "/teams/1/agent_ids/0",
            "in the teams",
        ),
        ({"teams": [{"id": "n", "agent_ids": ["eve"]}]}, "/teams/0/agent_ids/0", "no agent"),
        ({"states": [state("ann", "on_queue", "09:00", "10:00", day="2026-03-05")]}, "/states/0/start", "far from"),
        (
            {"roster": a_roster(shift(("on_queue", "11:00", "09:00")))},
            "/roster/schedules/0/shifts/0/start",
            "no stretch",
        ),
        (
            {"roster": a_roster(shift(("on_queue", "09:00", "11:00"), day="2199-01-05"))},
            "/roster/schedules/0/shifts/0/start",
            "no stretch",
        ),
        (
            {"roster": a_roster(shift(("on_queue", "09:00", "13:00"), ("break", "08:00", "11:00")))},
            "/roster/schedules/0/shifts/0/activities/0/start",
            "not within its shift",
        ),
        ({"work": {}}, "/work/intervals", "no interval"),
        ({"roster": {}}, "/roster/schedules", "missing"),
    ],
)
def test_what_is_refused_is_named_with_its_place(more, pointer, told):
    assert told in refused(**more)[pointer]


class Page(HTMLParser):
    """What a page loads from elsewhere, and whether its tags are closed."""

    def __init__(self, text):
        super().__init__()
        self.loads, self.open, self.tags = [], [], set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.loads += [value for name, value in attrs if name in ("src", "href", "data", "action")]
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_startendtag(self, tag, attrs):
        self.tags.add(tag)


@pytest.mark.parametrize("audience", ["client", "team"])
def test_the_page_holds_all_it_needs(audience):
    names = plan()["request"] | {"name": "<script>alert(1)</script>"}
    text = written(ask(audience=audience, request=names), "html").decode()
    page = Page(text)
    assert page.loads == []
    assert page.open == []
    assert "script" not in page.tags
    assert "svg" in page.tags
    assert "url(" not in text
    assert "default-src 'none'" in text
    assert "80.0 % were answered within 20 seconds, as agreed." in text


def test_the_clients_page_names_no_agent():
    teams = [{"id": "north", "name": "North", "agent_ids": ["ann"]}]
    client, team = (written(ask(audience=who, teams=teams), "html").decode() for who in ("client", "team"))
    assert "North" in team
    assert ">ann<" in team
    assert "North" not in client
    assert ">ann<" not in client


def test_the_table_and_the_workbook_hold_the_figures():
    answer = ask(teams=[{"id": "north", "name": "=1+1", "agent_ids": ["ann"]}])
    lines = written(answer, "csv").decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert lines[1].startswith("voice,2026-01-05T09:00:00+00:00,10.0,10.0,")
    book = openpyxl.load_workbook(io.BytesIO(written(answer, "xlsx")))
    assert book.sheetnames == ["Planning groups", "Days", "Weeks", "Intervals", "Teams", "Agents", "Cost"]
    assert book["Teams"]["A3"].value == "=1+1"
    assert book["Teams"]["A3"].data_type == "s"
    assert book["Days"]["A2"].value == "voice"


def test_the_command_reads_tables_and_writes_a_page(tmp_path):
    whole = plan()
    for name in ("request", "roster", "work"):
        (tmp_path / f"{name}.json").write_text(json.dumps(whole[name]))
    (tmp_path / "actuals.csv").write_text(f"start,volume,answered_in_goal\n{HOURS[0]},10,9\n{HOURS[1]},10,\n")
    (tmp_path / "states.csv").write_text(f"agent_id,category,start,end\nann,on_queue,{HOURS[0]}:20,{HOURS[1]}\n")
    (tmp_path / "teams.csv").write_text("team_id,agent_id\nnorth,ann\nnorth,bob\n")
    files = [str(tmp_path / name) for name in ("request.json", "roster.json", "work.json", "actuals.csv")]
    states, teams, out = (str(tmp_path / name) for name in ("states.csv", "teams.csv", "report.html"))
    done = CliRunner().invoke(app, ["report", *files, "--states", states, "--teams", teams, "-o", out, "--for-team"])
    assert done.exit_code == 0, done.output
    assert "<svg" in (tmp_path / "report.html").read_text()
    (tmp_path / "states.csv").write_text(f"agent_id,category,start,end\neve,on_queue,{HOURS[0]},{HOURS[1]}\n")
    done = CliRunner().invoke(app, ["report", *files, "--states", states])
    assert done.exit_code == 2
    assert "states.csv#/0/agent_id: There is no agent 'eve'" in done.stderr


def test_tables_with_faults_are_refused_at_their_line():
    with pytest.raises(RequestRefused) as wrong:
        actuals_from_csv("start,volume\n2026-01-05T09:00,many\n")
    assert wrong.value.faults[0].text == "Line 2: volume is 'many', not a number."
    with pytest.raises(RequestRefused):
        states_from_csv("agent,category,start,end\n")
    assert teams_from_csv("team_id,team_name,agent_id\nn,North,ann\nn,,bob\n") == [
        {"id": "n", "name": "North", "agent_ids": ["ann", "bob"]}
    ]


def test_more_work_than_agents_that_are_looked_at_ends_too():
    answer = ask(actuals=[{"start": HOURS[0], "volume": 9_000_000, "aht_seconds": 900_000}])
    assert answer.planning_groups[0].intervals[0].required_hours == 100_000


def test_a_planning_group_without_planned_work_may_have_actuals():
    work = {"interval_minutes": 60, "planning_groups": [{"id": "voice"}]}
    goal = {"service_goal": {"percent": 80, "within_seconds": 20}}
    answer = ask(work=work | goal)
    assert (answer.period.volume_planned, answer.period.volume) == (0, 20)

"""Why intervals are short: by hand, and every cause held against the judge, who tries every shift there is."""

from datetime import datetime, timedelta

import pytest

from solver.explain import explain
from solver.reading import read_request, read_roster
from solver.verify import judge
from tests.explain.conftest import shift


def run_at(explanation, moment, group="calls"):
    """The run that has the interval, and the place of the interval in it."""
    at = datetime.fromisoformat(f"{moment}+00:00")
    (run,) = [r for r in explanation.short_intervals if r.planning_group_id == group and r.start <= at < r.end]
    return run, (at - run.start) // timedelta(minutes=30)


def causes_at(explanation, moment, group="calls"):
    """By agent what keeps it away then; the causes of an interval that is short."""
    run, place = run_at(explanation, moment, group)
    return {agent: cause for cause in run.causes if cause.agents[place] for agent in cause.agent_ids}


@pytest.mark.parametrize(
    ("moment", "found"),
    [
        (
            "2026-03-02T09:00",  # ann is on her break
            {
                "ann": ("on_break", ()), "ben": ("needed_elsewhere", ()), "cat": ("lacks_skill", ()),
                "eve": ("time_off", ()), "gus": ("pinned", ()), "hal": ("costs_more", ()), "dan": ("costs_more", ()),
                "fay": ("improves", ()),
            },
        ),
        (
            "2026-03-02T14:00",
            {
                "ann": ("needed_elsewhere", ()), "ben": ("needed_elsewhere", ()), "cat": ("lacks_skill", ()),
                "dan": ("unavailable", ()), "eve": ("time_off", ()), "gus": ("pinned", ()), "hal": ("costs_more", ()),
                "fay": ("no_shift", ()),
            },
        ),
        (
            "2026-03-03T08:00",
            {
                "ann": ("rules", ("days_worked",)), "ben": ("rules", ("days_worked",)), "cat": ("lacks_skill", ()),
                "dan": ("unavailable", ()), "eve": ("costs_more", ()),
                "gus": ("rules", ("days_worked", "minimum_rest")), "hal": ("costs_more", ()), "fay": ("improves", ()),
            },
        ),
    ],
)  # fmt: skip
def test_each_agent_has_its_cause(both, moment, found):
    told = causes_at(explain(*both), moment)
    assert {agent: (cause.code, cause.rules) for agent, cause in told.items()} == found


def test_a_run_is_told_in_a_sentence(both):
    first = explain(*both).short_intervals[0]
    assert (first.start.isoformat(), first.end.isoformat()) == (
        "2026-03-02T08:00:00+00:00",
        "2026-03-02T10:00:00+00:00",
    )
    assert (first.scheduled, first.short_hours, first.cost) == ((1, 1, 0, 1), 4.5, 135.0)
    assert first.text.startswith("calls lacks up to 3 of 3 on Mon 02 Mar from 08:00 to 10:00: ")
    assert "; 1 agent has a pinned shift on that day; and 2 more causes." in first.text
    assert [cause.agents for cause in first.causes if cause.code == "on_break"] == [(0, 0, 1, 0)]


def test_the_runs_carry_all_of_the_understaffing(both):
    explanation = explain(*both)
    assert sum(run.cost for run in explanation.short_intervals) == explanation.cost.understaffing
    assert sum(run.short_hours for run in explanation.short_intervals) == explanation.short_hours


def every_shift(day, plan):
    """All shifts of the day that the work plan knows, with every place of the break."""
    if plan == "mornings":
        return [shift(8, 10, day=day)]
    days = [shift(start, start + 4, day=day, pause=start + p / 2) for start in (8, 10, 12) for p in range(2, 6)]
    return [*days, shift(18, 26, day=day, name="late")]


def test_the_judge_finds_the_same_when_it_tries_every_shift(both, centre, roster):
    """The least price of all allowed shifts in place of the agent's own, and rules where none is allowed."""
    request, made = both
    explanation = explain(request, made)
    before = judge(request, made)
    plans = {agent["id"]: agent["work_plan_id"] for agent in centre["agents"]}
    seen = set()
    for moment in ("2026-03-02T08:30", "2026-03-02T09:00", "2026-03-02T13:30", "2026-03-02T15:30", "2026-03-03T10:00"):
        at = datetime.fromisoformat(f"{moment}+00:00")
        for agent, cause in causes_at(explanation, moment).items():
            if cause.code not in ("rules", "improves", "costs_more", "needed_elsewhere"):
                continue
            there = [one for one in every_shift(at.day, plans[agent]) if covers(one, at)]
            verdicts = [tried(request, roster, agent, one) for one in there]
            allowed = [judged for judged in verdicts if not judged.violations]
            assert bool(allowed) == (cause.code != "rules")
            seen.add(cause.code)
            if not allowed:
                broken = {violation.code for judged in verdicts for violation in judged.violations}
                assert set(cause.rules) <= broken
                continue
            least = min(judged.cost.total for judged in allowed) - before.cost.total
            assert least >= cause.extra_cost - 0.005, (moment, agent)
            if len(cause.agent_ids) == 1 and set(cause.agents) == {1}:
                run, _ = run_at(explanation, moment)
                times = [run.start + k * timedelta(minutes=30) for k in range(len(cause.agents))]
                there = [one for one in every_shift(at.day, plans[agent]) if any(covers(one, time) for time in times)]
                judged = [one for one in (tried(request, roster, agent, one) for one in there) if not one.violations]
                least = min(one.cost.total for one in judged) - before.cost.total
                assert least == pytest.approx(cause.extra_cost, abs=0.01), (moment, agent)
                seen.add(f"{cause.code} to the cent")
    assert {"rules", "improves to the cent", "costs_more", "needed_elsewhere"} <= seen


def covers(one, at):
    """On queue or on a break: where the break lies is not what keeps a shift from covering a time."""
    return datetime.fromisoformat(one["start"]) <= at < datetime.fromisoformat(one["end"])


def tried(request, roster, agent, one):
    """The judge's word on the roster with this shift in place of the agent's own of that day."""
    schedules = {schedule["agent_id"]: list(schedule["shifts"]) for schedule in roster["schedules"]}
    others = [other for other in schedules.get(agent, []) if other["date"] != one["date"]]
    schedules[agent] = [*others, one]
    changed = [{"agent_id": name, "shifts": shifts} for name, shifts in schedules.items()]
    return judge(request, read_roster({"schedules": changed}))


def test_nobody_serves_the_group(centre):
    centre["agents"] = [{**agent, "skills": [{"planning_group_id": "mail"}]} for agent in centre["agents"][:3]]
    explanation = explain_json(centre, {"schedules": []})
    run = explanation.short_intervals[0]
    assert [cause.code for cause in run.causes] == ["lacks_skill"]
    assert run.text.endswith("no agent serves this planning group.")


def test_no_requirement_is_no_short_interval(centre, roster):
    centre["requirements"] = []
    explanation = explain_json(centre, roster)
    assert explanation.short_intervals == ()
    assert "No interval is short." in explanation.text


def test_a_roster_that_breaks_rules_is_explained_all_the_same(centre, roster):
    roster["schedules"][0]["shifts"].append(shift(8, 12, day=3, pause=9))
    explanation = explain_json(centre, roster)
    ann = next(agent for agent in explanation.agents if agent.agent_id == "ann")
    assert (ann.rules[0].rule, ann.rules[0].state, ann.rules[0].slack) == ("days_worked", "broken", -1)


def test_work_at_another_group_is_told(centre, roster):
    centre["agents"][0]["skills"] = [{"planning_group_id": "mail"}, {"planning_group_id": "calls"}]
    roster["schedules"][0]["shifts"] = [shift(8, 12, pause=9, group="mail")]
    assert causes_at(explain_json(centre, roster), "2026-03-02T08:00")["ann"].code == "other_group"


def test_without_a_roster_what_nobody_could_cover_is_told(centre):
    centre["requirements"][0]["required"] = [4] * 16
    explanation = explain_json(centre, None)
    late = causes_at(explanation, "2026-03-02T14:00")
    assert {agent: cause.code for agent, cause in late.items()} == {
        "ann": "can_come", "ben": "can_come", "cat": "lacks_skill", "dan": "unavailable", "eve": "time_off",
        "fay": "no_shift", "gus": "pinned",
    } | {"hal": "can_come"}  # fmt: skip
    assert "short even if everybody came" in explanation.text


def explain_json(centre, roster):
    return explain(read_request(centre), None if roster is None else read_roster(roster))


def without_rules(both, moment):
    return {agent: cause.code for agent, cause in causes_at(explain(*both), moment).items()}


@pytest.mark.parametrize(
    ("rule", "held", "says"),
    [
        ({"kind": "seats", "max": 1}, {"ben", "hal", "dan", "fay"}, "a seat where all are taken (seats)"),
        ({"kind": "seats", "max": 1, "cost_per_hour": 5}, {"ben", "hal", "dan", "fay"}, "(seats)"),
        ({"kind": "seats", "max": 8}, set(), ""),
        ({"kind": "never_together", "agent_ids": ["ann", "hal"]}, {"hal"}, "apart from (never_together)"),
        ({"kind": "never_together", "agent_ids": ["fay", "hal"]}, set(), ""),
        ({"kind": "same_shifts", "agent_ids": ["dan", "hal"]}, {"dan", "hal"}, "their team (same_shifts)"),
        ({"kind": "on_duty", "cost_per_hour": 9}, set(), ""),
    ],
)
def test_rules_of_all_together_keep_those_away_who_could_come(both, rule, held, says):
    request, roster = both
    before = without_rules(both, "2026-03-02T09:00")
    ruled = read_request(request.model_dump(mode="json", by_alias=True) | {"roster_rules": [rule]})
    told = causes_at(explain(ruled, roster), "2026-03-02T09:00")
    assert {agent for agent, cause in told.items() if cause.code == "roster_rules"} == held
    assert {agent: cause.code for agent, cause in told.items() if agent not in held} == {
        agent: code for agent, code in before.items() if agent not in held
    }
    for agent in held:
        assert told[agent].rules == (rule["kind"],)
        assert says in told[agent].text

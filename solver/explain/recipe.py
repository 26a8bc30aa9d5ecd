"""The explanation: each step of it a line."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from schemas.explanation import AgentExplanation, Explanation, InfeasibleAgent, ShortIntervals
from schemas.request import RosterRequest
from schemas.roster import Message, Roster
from solver.compile import Model, compile_request
from solver.compile.conflicts import Conflicts, name_of, told
from solver.compile.recipe import clocks_of
from solver.compile.trial import likeness
from solver.explain import words
from solver.explain.agents import explained
from solver.explain.cures import Cures
from solver.explain.moves import Mover
from solver.explain.short import Slots, causes_of, short_intervals
from solver.explain.standing import path_of, stand
from solver.explain.worth import Worth
from solver.verify import judge

MOST_CURED = 20
"""Agents without a roster for whom cures are looked for, those that are alike counted once."""

MOST_SHORT = 2000
"""Runs of short intervals that are told, the dearest of them."""


def explain(
    request: RosterRequest, roster: Roster | None = None, stop: Callable[[], bool] = lambda: False
) -> Explanation:
    """Why a roster is as it is; without one, why there is none, or which intervals nobody could cover.

    Args:
        request: a request that `read_request` let through.
        roster: any roster of it; what it claims of itself is taken for its verdict and bound alone.
        stop: says when the time is up; cures that were not found by then are left out.
    """
    model = compile_request(request)
    if roster is None or roster.verdict in ("infeasible", "undecided"):
        return _without_roster(request, model, stop)
    standing = stand(request, roster)
    causes = causes_of(standing, Slots.of(standing), Mover(standing), Worth.at(standing, model))
    short, messages = _dearest(short_intervals(causes))
    agents = tuple(explained(request, person) for person in standing.people)
    return _told(request, roster, short, agents, messages)


def _told(
    request: RosterRequest,
    roster: Roster,
    short: tuple[ShortIntervals, ...],
    agents: tuple[AgentExplanation, ...],
    messages: tuple[Message, ...],
) -> Explanation:
    judgement = judge(request, roster)
    return Explanation(
        verdict=roster.verdict,
        text=words.of_roster(judgement, roster, short, agents, request.currency),
        cost=judgement.cost,
        lower_bound=roster.lower_bound,
        short_hours=judgement.statistics.short_hours,
        short_intervals=short,
        agents=agents,
        messages=messages,
    )


def _dearest(short: list[ShortIntervals]) -> tuple[tuple[ShortIntervals, ...], tuple[Message, ...]]:
    """The runs that are told, and a message where not all are."""
    if len(short) <= MOST_SHORT:
        return tuple(short), ()
    least = sorted((run.cost for run in short), reverse=True)[MOST_SHORT - 1]
    kept = tuple(run for run in short if run.cost >= least)[:MOST_SHORT]
    text = f"{len(short) - len(kept)} short intervals that cost least are left out."
    return kept, (Message(code="left_out", severity="info", text=text),)


def _without_roster(request: RosterRequest, model: Model, stop: Callable[[], bool]) -> Explanation:
    """Agents for whom there is no roster; where there are none, the intervals that nobody could cover."""
    infeasible, messages = _infeasible(request, model, stop)
    if infeasible:
        text = words.of_infeasible(sum(1 + len(one.like_it) for one in infeasible), len(request.agents))
        return Explanation(verdict="infeasible", text=text, infeasible_agents=infeasible, messages=messages)
    nobody = Roster(schedules=())
    standing = stand(request, nobody)
    causes = causes_of(standing, Slots.of(standing), Mover(standing), None)
    short, messages = _dearest(short_intervals(causes.within_reach()))
    return Explanation(text=words.of_reach(short), short_intervals=short, messages=messages)


def _infeasible(
    request: RosterRequest, model: Model, stop: Callable[[], bool]
) -> tuple[tuple[InfeasibleAgent, ...], tuple[Message, ...]]:
    """Every agent without a roster, those that are alike told once."""
    _, calendars, grid = clocks_of(request)
    without = {conflict.agent_id for conflict in model.infeasible}
    plans = {plan.id: number for number, plan in enumerate(request.work_plans)}
    alike: dict[Hashable, list[int]] = {}
    for row, agent in enumerate(request.agents):
        if agent.id in without:
            alike.setdefault(likeness(agent, request.work_plans[plans[agent.work_plan_id]]), []).append(row)
    desk = Conflicts(grid, request.as_of)
    found = []
    for number, rows in enumerate(alike.values()):
        agent = request.agents[rows[0]]
        plan = request.work_plans[plans[agent.work_plan_id]]
        trials = desk.trials(calendars[agent.time_zone or request.time_zone])
        parts = desk.parts(agent, plan, trials.calendar)
        cures = (
            Cures((agent, plan), path_of(agent, rows[0]), plans[plan.id], trials, stop).of(parts)
            if number < MOST_CURED
            else ()
        )
        names = tuple(name_of(part) for part in parts)
        found.append(
            InfeasibleAgent(
                agent_id=agent.id,
                path=path_of(agent, rows[0]),
                conflict=names,
                cures=cures,
                like_it=tuple(request.agents[row].id for row in rows[1:]),
                text=words.of_conflict(told(agent, plan, names).text, cures),
            )
        )
    if len(alike) <= MOST_CURED:
        return tuple(found), ()
    text = f"Cures were looked for with the first {MOST_CURED} agents alone."
    return tuple(found), (Message(code="left_out", severity="info", text=text),)

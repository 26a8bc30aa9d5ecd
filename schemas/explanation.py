"""Why a roster is as it is: short intervals and their causes, agents' binding rules, conflicts and their cures."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Schema
from schemas.request import Day, Listed
from schemas.roster import Cost, Instant, Message, Verdict

CauseCode = Literal[
    "lacks_skill",
    "no_shift",
    "unavailable",
    "time_off",
    "pinned",
    "overlap",
    "rules",
    "roster_rules",
    "on_break",
    "on_meal",
    "off_queue",
    "other_group",
    "costs_more",
    "needed_elsewhere",
    "improves",
    "can_come",
]
MarginState = Literal["broken", "at_limit", "near", "free", "kept"]


class Cause(Schema):
    """What keeps some agents from covering an interval that is short; each agent is counted under one cause.

    `lacks_skill`: they do not serve the planning group. `no_shift`: no shift of their work plan covers the time.
    `unavailable`, `time_off`, `pinned`: every shift that does lies outside their availability, in their time off, or on
    a day with a pinned shift. `overlap`: it would be at the same time as another shift of theirs. `rules`: it would
    break these hard rules. `roster_rules`: one more of them on site would break these rules of all agents together, or
    have to pay for them. `on_break`, `on_meal`, `off_queue`: they are in a shift, and not on queue. `other_group`:
    they are on queue for another planning group. `costs_more`: a shift on their day off would cost more than it saves.
    `needed_elsewhere`: they work at other hours of the day, and the move would cost more than it saves. `improves`: it
    would make the roster cheaper, which is therefore not the best yet. `can_come`: without a roster, they could come.
    """

    code: CauseCode
    rules: Annotated[tuple[str, ...], Listed] = Field(
        default=(), description="With `rules` and `roster_rules`: their kinds."
    )
    agents: Annotated[tuple[int, ...], Listed] = Field(description="Agents it holds for, in each of the intervals.")
    agent_ids: Annotated[tuple[str, ...], Listed] = Field(description="Some of them, the first ones of the request.")
    work_plan_ids: Annotated[tuple[str, ...], Listed] = Field(description="Their work plans, the most frequent first.")
    extra_cost: float | None = Field(
        default=None,
        description="What it would add to the roster's cost to have one of them come, at least; negative: save.",
    )
    text: str


class ShortIntervals(Schema):
    """Intervals in a row in which a planning group is short for the same causes.

    The same are the codes, but for those of agents that are at work; a cause may hold for nobody in some of them.
    """

    planning_group_id: str
    start: Instant
    end: Instant
    required: Annotated[tuple[float, ...], Listed]
    scheduled: Annotated[tuple[float, ...], Listed]
    short_hours: float = Field(description="Hours of agents that are missing.")
    cost: float = Field(description="What the understaffing costs.")
    causes: Annotated[tuple[Cause, ...], Listed] = Field(description="Those that hold for most agents come first.")
    text: str


class RuleMargin(Schema):
    """How near an agent's shifts come to a limit of a rule, where they come nearest."""

    rule: str = Field(description="Kind of the rule.")
    path: str = Field(description="JSON Pointer of the rule in the request.")
    state: MarginState = Field(
        description="`broken`: beyond the limit of a rule with a cost. `near`: within a tenth of it. `kept`: no number."
    )
    which: Literal["least", "most", "never"]
    value: int
    limit: int
    slack: int = Field(description="Units to spare; negative when broken.")
    unit: str
    date: Day | None = None
    text: str


class PreferenceOutcome(Schema):
    """Whether a preference is met, and what it costs where it is not."""

    path: str = Field(description="JSON Pointer of the preference in the request.")
    kind: Literal["avoid", "prefer"]
    met: bool
    cost: float
    text: str


class AgentExplanation(Schema):
    """What binds an agent, and what became of its wishes."""

    agent_id: str
    path: str = Field(description="JSON Pointer of the agent in the request.")
    work_plan_id: str
    shifts: int
    paid_minutes: int = Field(description="Paid time off included.")
    rules: Annotated[tuple[RuleMargin, ...], Listed] = Field(description="The tightest first.")
    preferences: Annotated[tuple[PreferenceOutcome, ...], Listed] = ()
    text: str


class Change(Schema):
    """One thing made less strict."""

    path: str = Field(description="JSON Pointer of what would be changed.")
    found: str
    cure: str = Field(description="What it would have to be.")
    text: str


class Cure(Schema):
    """Changes that together give the agent a roster; each is as small as it can be."""

    changes: Annotated[tuple[Change, ...], Listed]
    text: str


class InfeasibleAgent(Schema):
    """An agent for whom there is no allowed roster at all, the smallest conflict, and what would cure it."""

    agent_id: str
    path: str = Field(description="JSON Pointer of the agent in the request.")
    conflict: Annotated[tuple[str, ...], Listed] = Field(
        description="The fewest of its rules and dates that cannot all hold; with any one of them gone the rest can."
    )
    cures: Annotated[tuple[Cure, ...], Listed] = Field(description="One change alone before two, the smallest first.")
    like_it: Annotated[tuple[str, ...], Listed] = Field(default=(), description="Agents with the very same conflict.")
    text: str


class Explanation(Schema):
    """Why a roster is as it is, or why there is none."""

    verdict: Verdict | None = None
    text: str = Field(description="The whole in a sentence or two.")
    cost: Cost | None = None
    lower_bound: float | None = None
    short_hours: float = Field(default=0, description="Hours of agents that are missing in all short intervals.")
    short_intervals: Annotated[tuple[ShortIntervals, ...], Listed] = Field(
        default=(), description="By planning group and time."
    )
    agents: Annotated[tuple[AgentExplanation, ...], Listed] = Field(default=(), description="In the request's order.")
    infeasible_agents: Annotated[tuple[InfeasibleAgent, ...], Listed] = ()
    messages: Annotated[tuple[Message, ...], Listed] = ()

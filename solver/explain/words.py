"""The sentences of an explanation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from schemas.explanation import AgentExplanation, Cause, CauseCode, Cure, PreferenceOutcome, RuleMargin, ShortIntervals
from schemas.request import Preference
from schemas.roster import Roster
from schemas.roster_rule import RosterRule
from schemas.rule import Rule
from solver.roster_rules import CountRule, SameShifts
from solver.rules.base import Margin, TourRule, many
from solver.verify import Judgement

MILLI = 1000
MOST_TOLD = 4
"""Causes that a sentence tells; the list has all."""

DOES: dict[CauseCode, str] = {
    "lacks_skill": "do not serve this planning group",
    "no_shift": "have no shift in their work plan that covers this time",
    "unavailable": "are not available for a shift that covers it",
    "time_off": "have time off",
    "pinned": "have a pinned shift on that day",
    "overlap": "would be in two shifts at once",
    "on_break": "are on a break",
    "on_meal": "are at their meal",
    "off_queue": "are in a meeting, a training or other work off queue",
    "other_group": "serve another planning group",
    "costs_more": "could come on a day off, for {extra} {currency} more than it saves",
    "needed_elsewhere": "work at other hours, and moving one costs {extra} {currency} more than it saves",
    "improves": "could cover it and save {saved} {currency}: the roster is not the best yet",
    "can_come": "could come",
}


def of_cause(code: CauseCode, rules: tuple[str, ...], agents: Sequence[int], extra: float | None, currency: str) -> str:
    """How many agents do what: 12 to 14 agents have used up their hours."""
    does = " and ".join(hinders(kind) for kind in rules) if code in ("rules", "roster_rules") else DOES[code]
    money = {"extra": f"{max(0.0, extra or 0.0):,.2f}", "saved": f"{-(extra or 0.0):,.2f}", "currency": currency}
    does = does.format(**money)
    return f"{_agents(agents)} {_of_one(does) if max(agents) == 1 else does}"


def hinders(kind: str) -> str:
    """What agents have that the rule keeps from a shift."""
    rule = Rule.book.get(kind) or RosterRule.book[kind]
    assert issubclass(rule, (TourRule, CountRule, SameShifts))
    return f"{rule.hinders} ({kind})"


OF_ONE = {"have": "has", "are": "is", "do": "does", "serve": "serves", "work": "works"}


def _of_one(does: str) -> str:
    """What one agent does: has used up its hours and has no working day left."""
    parts = (part.partition(" ") for part in does.split(" and "))
    one = " and ".join(f"{OF_ONE.get(verb, verb)}{space}{rest}" for verb, space, rest in parts)
    return one.replace(" their ", " its ")


def _agents(counts: Sequence[int]) -> str:
    low, high = min(counts), max(counts)
    number = f"{low}" if low == high else f"{low} to {high}" if low else f"up to {high}"
    return f"{number} agent{'' if high == 1 else 's'}"


def of_short(
    group: str,
    start: datetime,
    end: datetime,
    missing: NDArray[np.int64],
    need: NDArray[np.int64],
    causes: Sequence[Cause],
) -> str:
    """When a group is short of how many, and why."""
    until = f"{end:%H:%M}" if end.date() == start.date() else f"{end:%a %d %b %H:%M}"
    most = int(missing.argmax())
    short = f"{missing[most] / MILLI:g} of {need[most] / MILLI:g}"
    amount = short if int(missing.min()) == int(missing.max()) else f"up to {short}"
    told = [cause.text for cause in causes if cause.code != "lacks_skill"]
    rest = len(told) - MOST_TOLD
    why = "; ".join(told[:MOST_TOLD]) + (
        f"; and {rest} more causes" if rest > 1 else f"; {told[-1]}" if rest == 1 else ""
    )
    nobody = (
        "no agent serves this planning group" if not causes or all(c.code == "lacks_skill" for c in causes) else why
    )
    return (
        f"{group} lacks {amount} on {start:%a %d %b} from {start:%H:%M} to {until}: {nobody or 'all agents are on it'}."
    )


def of_margin(kind: str, margin: Margin) -> str:
    """How near a limit is: paid_minutes: 2340 of at most 2400 paid minutes, up to 2026-12-06; 60 to spare."""
    if margin.which == "never":
        return f"{kind}: {many(margin.value, margin.unit) if margin.value else f'no {margin.unit}'}."
    where = "" if margin.day is None else f", up to {margin.day.date}"
    least = f"at {margin.which} {many(margin.limit, margin.unit)}"
    amount = f"{margin.value} of {least}" if margin.which == "most" else f"{margin.value}, and {least} are asked for"
    left = (
        f"{margin.slack} to spare"
        if margin.slack > 0
        else "at the limit"
        if margin.slack == 0
        else f"{-margin.slack} beyond"
    )
    return f"{kind}: {amount}{where}; {left}."


def of_preference(preference: Preference, met: bool, cost: float) -> str:
    """What was wished and what came of it."""
    wish = "Would rather not work" if preference.kind == "avoid" else "Would rather work"
    which = f" {' or '.join(preference.shift_ids)}" if preference.shift_ids else ""
    outcome = "met" if met else f"missed, at a price of {cost:,.2f}"
    return f"{wish}{which} from {preference.start} to {preference.end}: {outcome}."


def of_agent(who: str, shifts: int, paid: int, rules: Sequence[RuleMargin], wishes: Sequence[PreferenceOutcome]) -> str:
    """Hours, what binds, and wishes."""
    hours = f"{paid / 60:,.2f}".rstrip("0").rstrip(".")
    binding = [told.rule for told in rules if told.state in ("broken", "at_limit")]
    near = [told.rule for told in rules if told.state == "near"]
    parts = [f"{who} has {many(shifts, 'shift')} and {hours} paid hours"]
    if binding:
        parts.append(f"at the limit: {', '.join(dict.fromkeys(binding))}")
    if near:
        parts.append(f"near it: {', '.join(dict.fromkeys(near))}")
    if wishes:
        parts.append(f"{sum(wish.met for wish in wishes)} of {many(len(wishes), 'preference')} met")
    return "; ".join(parts) + "."


MOST_CURES = 3
"""Cures that a sentence tells; the list has all."""

PARTS = {
    "regular_pay": "pay",
    "overtime_pay": "overtime pay",
    "understaffing": "agents missing",
    "overstaffing": "agents too many",
    "preferences": "wishes missed",
    "rules": "rules with a cost",
}


def of_conflict(conflict: str, cures: Sequence[Cure]) -> str:
    """A conflict and its first cures."""
    if not cures:
        return conflict
    told = [cure.text[:1].lower() + cure.text[1:].removesuffix(".") for cure in cures[:MOST_CURES]]
    sentence, _, _ = conflict.partition(" Maybe ")
    return f"{sentence} A cure: {'; or '.join(told)}."


def of_infeasible(agents: int, of: int) -> str:
    """How many have no roster."""
    verb = "has" if agents == 1 else "have"
    return f"{agents} of {many(of, 'agent')} {verb} no allowed roster, so there is none at all."


def of_reach(short: Sequence[ShortIntervals]) -> str:
    """What nobody could cover."""
    if not short:
        return "Every agent has an allowed roster, and enough agents could come in every interval."
    hours = sum(run.short_hours for run in short)
    return (
        f"Every agent has an allowed roster, but {hours:,.2f} hours are short even if everybody came who is available."
    )


def of_roster(
    judgement: Judgement,
    roster: Roster,
    short: Sequence[ShortIntervals],
    agents: Sequence[AgentExplanation],
    currency: str,
) -> str:
    """What the cost consists of, how far it may be from the best, and what is short or binds."""
    cost = judgement.cost
    parts = sorted(((getattr(cost, name), words) for name, words in PARTS.items()), reverse=True)
    money = ", ".join(f"{amount:,.2f} {words}" for amount, words in parts if amount)
    told = f"The roster costs {cost.total:,.2f} {currency}: {money or 'nothing'}."
    if roster.verdict == "optimal":
        told += " No roster costs less."
    elif roster.lower_bound is not None and cost.total:
        told += f" No roster costs less than {roster.lower_bound:,.2f}."
    if short:
        hours = judgement.statistics.short_hours
        told += f" It is short of {hours:,.2f} agent hours, in {len(short)} stretches."
    else:
        told += " No interval is short."
    bound = sum(any(rule.state in ("broken", "at_limit") for rule in agent.rules) for agent in agents)
    return f"{told} Of {many(len(agents), 'agent')}, {bound} are at the limit of a rule."

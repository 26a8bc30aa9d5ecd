"""Rules of the roster as a whole: counts of agents, minute by minute where they change, and what they break."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby, pairwise
from typing import NamedTuple

from schemas.money import ticks, ticks_per_hour_to_minute
from schemas.request import Agent, RosterRequest
from solver.roster_rules import CountRule, SameShifts, ShiftKinds
from solver.verify.bill import Bill
from solver.verify.calendar import Calendar, local_time
from solver.verify.findings import Findings, Seen

AWAY = ("break", "meal")


class ShiftKind(NamedTuple):
    """What makes a shift one of a kind."""

    starts_at: int  # minutes past midnight
    minutes: int
    breaks: tuple[tuple[int, int], ...]  # minutes from the shift's start to the edges of what is not on queue


@dataclass
class Counts:
    """For each rule of the request, by how much the count changes at which UTC minute."""

    request: RosterRequest
    calendar: Calendar
    kinds: set[ShiftKind] = field(default_factory=set)  # of the shifts seen
    worked: dict[int, dict[str, Seen]] = field(default_factory=lambda: defaultdict(dict))  # by day and agent
    changes: dict[int, dict[int, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))

    def add(self, agent: Agent, seen: Seen) -> None:
        """Counts a shift."""
        clock = local_time(seen.start, self.calendar.zone)
        breaks = [(p.start - seen.start, p.end - seen.start) for p in seen.pieces if p.activity.category != "on_queue"]
        self.kinds.add(ShiftKind(60 * clock.hour + clock.minute, seen.end - seen.start, tuple(sorted(breaks))))
        self.worked[seen.day.index][agent.id] = seen
        for number, rule in enumerate(self.request.roster_rules):
            if not isinstance(rule, CountRule) or not rule.counts(agent):
                continue
            if rule.where == "on_site":
                spans = [(seen.start, seen.end)]
            elif rule.where == "away":
                spans = [(p.start, p.end) for p in seen.pieces if p.activity.category in AWAY]
            else:
                spans = [(p.start, p.end) for p in seen.pieces if p.on_queue]
            for start, end in spans:
                self.changes[number][start] += 1
                self.changes[number][end] -= 1

    def charge(self, bill: Bill, broken: Findings, priced: Findings) -> None:
        """Bills what priced rules cost, and writes down every stretch in which a rule is broken."""
        for number, rule in enumerate(self.request.roster_rules):
            if isinstance(rule, ShiftKinds):
                self._charge_kinds(rule, number, bill, broken if rule.cost is None else priced)
            if isinstance(rule, SameShifts):
                self._charge_teams(rule, number, bill, broken if rule.cost is None else priced)
            if not isinstance(rule, CountRule):
                continue
            for start, end, most, units in self._stretches(rule, self.changes[number]):
                if rule.cost_per_hour is not None:
                    bill.rules += units * ticks_per_hour_to_minute(rule.cost_per_hour)
                text = rule.sentence.format(
                    number=most,
                    limit=rule.limit,
                    names=", ".join(rule.agent_ids),
                    start=self._told(start),
                    end=self._told(end),
                )
                findings = broken if rule.cost_per_hour is None else priced
                findings.note(rule.kind, text, path=f"/roster_rules/{number}")

    def _charge_kinds(self, rule: ShiftKinds, number: int, bill: Bill, findings: Findings) -> None:
        """Bills kinds of shifts beyond the most, and writes them down."""
        kinds = len(self.kinds if rule.tell_breaks_apart else {kind[:2] for kind in self.kinds})
        beyond = rule.units(kinds)
        if beyond:
            bill.rules += beyond * ticks(rule.cost or Decimal(0))
            text = f"{kinds} kinds of shifts are worked; the most is {rule.max}."
            findings.note(rule.kind, text, path=f"/roster_rules/{number}")

    def _charge_teams(self, rule: SameShifts, number: int, bill: Bill, findings: Findings) -> None:
        """Bills every day on which those who come and go together do not, and writes it down."""
        team = [agent for agent in self.request.agents if rule.ties(agent)]
        for index, day in enumerate(self.calendar.days):
            shifts = [(agent, self.worked[index].get(agent.id)) for agent in team]
            units = rule.units(None if seen is None else (seen.start, seen.end) for _, seen in shifts)
            if units:
                bill.rules += units * ticks(rule.cost or Decimal(0))
                who = ", ".join(f"{agent.name or agent.id} ({self._span(seen)})" for agent, seen in shifts)
                text = rule.sentence.format(who=who, day=day.date)
                findings.note(rule.kind, text, path=f"/roster_rules/{number}")

    def _span(self, seen: Seen | None) -> str:
        """A shift as a planner reads it."""
        if seen is None:
            return "off"
        clocks = (local_time(minute, self.calendar.zone) for minute in (seen.start, seen.end))
        return " to ".join(f"{clock:%H:%M}" for clock in clocks)

    def _stretches(self, rule: CountRule, changes: dict[int, int]) -> list[tuple[int, int, int, int]]:
        """Start, end, worst count and agent-minutes of each stretch in which the rule is broken without a pause."""
        asked = self._asked(rule)
        edges = sorted({*changes, *(edge for span in asked for edge in span)})
        count, pieces = 0, []
        for start, end in pairwise(edges):
            count += changes.get(start, 0)
            due = rule.always or any(a <= start and end <= b for a, b in asked)
            pieces.append((start, end, count, rule.units(count) if due else 0))
        found = []
        for bad, run in groupby(pieces, key=lambda piece: piece[3] > 0):
            if bad:
                own = list(run)
                worst = max(own, key=lambda piece: piece[3])
                found.append((own[0][0], own[-1][1], worst[2], sum((end - start) * u for start, end, _, u in own)))
        return found

    def _asked(self, rule: CountRule) -> list[tuple[int, int]]:
        """The stretches in which somebody is required whom the rule goes by."""
        if rule.always:
            return []
        step = self.request.interval_minutes
        spans = set()
        for series in self.request.requirements:
            if rule.asked_by(series.planning_group_id):
                first = series.start.utc_minute(self.calendar.zone)
                spans |= {
                    (first + n * step, first + (n + 1) * step)
                    for n, heads in enumerate(series.required_milliheads)
                    if heads
                }
        joined: list[tuple[int, int]] = []
        for start, end in sorted(spans):
            if joined and start == joined[-1][1]:
                joined[-1] = (joined[-1][0], end)
            else:
                joined.append((start, end))
        return joined

    def _told(self, minute: int) -> str:
        return f"{local_time(minute, self.calendar.zone):%Y-%m-%d %H:%M}"

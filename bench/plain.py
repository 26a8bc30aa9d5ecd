"""The plain way: one CP-SAT model of everything, for comparison; `python -m bench.plain` speaks the solver's lines.

For each agent and day a Boolean per way to work (shift definition, start, length), for each activity a Boolean per
slot at which it may begin, linear rules over them, hours short and over per planning group and interval.
Agents with several skills have a Boolean per slot and group. Stints may be of any length, which only makes it easier.
"""

from __future__ import annotations

import json
import math
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from ortools.sat.python import cp_model

Json = dict[str, Any]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONG_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
TICKS = 600_000_000  # of money in a unit of currency: one head for one minute at any price is a whole number
FAR = 48 * 60


class TimeIsUpError(Exception):
    """The model was not even written down in the time."""


class NotInThisModelError(Exception):
    """The request asks for what this model leaves out."""


@dataclass(frozen=True)
class Variant:
    """A shift definition together with the activities that are due at some of its lengths."""

    definition: Json
    due: tuple[int, ...]  # index in the definition's list

    @property
    def activities(self) -> list[Json]:
        return [self.definition["activities"][n] for n in self.due]


@dataclass(frozen=True)
class Way:
    """A way to work a day: slots counted from the beginning of the period."""

    variant: int
    start: int
    end: int
    paid: int  # minutes
    var: cp_model.IntVar


@dataclass
class AgentDay:
    """The variables of one agent's day."""

    ways: list[Way] = field(default_factory=list)
    worked: cp_model.IntVar | None = None
    begins: dict[tuple[int, int], cp_model.IntVar] = field(default_factory=dict)  # kind of activity, slot


class Plain:
    """The model of a request."""

    def __init__(self, request: Json, deadline: float) -> None:
        self.request = request
        self.deadline = deadline
        self.model = cp_model.CpModel()
        self.step = int(request.get("interval_minutes", 15))
        self.zone = ZoneInfo(request["time_zone"])
        self.first = date.fromisoformat(request["planning_period"]["start_date"])
        self.days = int(request["planning_period"]["days"])
        self.dates = [self.first + timedelta(days=n) for n in range(self.days)]
        self.origin = _utc_minute(self.first, 0, self.zone)[0]
        self.slots = (_utc_minute(self.first + timedelta(days=self.days), 0, self.zone)[0] - self.origin) // self.step
        self.groups = [group["id"] for group in request["planning_groups"]]
        self.plans = {plan["id"]: plan for plan in request["work_plans"]}
        self.variants = {plan["id"]: list(_variants(plan)) for plan in request["work_plans"]}
        self.kinds: dict[tuple[Any, ...], int] = {}
        self.kind_minutes: list[int] = []
        self.agent_days: list[list[AgentDay]] = []
        self.serving: dict[tuple[int, int, str], cp_model.IntVar] = {}  # agent, slot, group
        self.cost: list[tuple[cp_model.IntVar, int]] = []  # ticks of each variable
        self.constant = 0  # ticks
        self.level: dict[tuple[str, int], list[tuple[Any, int]]] = defaultdict(
            list
        )  # group, slot: expression, milliheads

    def build(self) -> None:
        """Write the whole model down."""
        for number, agent in enumerate(self.request["agents"]):
            if time.monotonic() > self.deadline:
                raise TimeIsUpError
            self._agent(number, agent)
        self._coverage()
        shrink = math.gcd(self.constant, *(ticks for _, ticks in self.cost)) or 1
        self.unit = Fraction(shrink, TICKS)
        self.model.minimize(_weighted((ticks // shrink, var) for var, ticks in self.cost) + self.constant // shrink)

    # An agent.

    def _agent(self, number: int, agent: Json) -> None:
        if agent.get("pinned_shifts"):
            raise NotInThisModelError("pinned shifts")
        if agent.get("work_plan_shift_ids"):
            raise NotInThisModelError("shifts of one agent")
        if any("cost" in wish for wish in agent.get("preferences", [])):
            raise NotInThisModelError("wishes for whole shifts")
        zone = ZoneInfo(agent.get("time_zone") or self.request["time_zone"])
        days = [self._agent_day(agent, day, zone) for day in self.dates]
        self.agent_days.append(days)
        for wish in agent.get("preferences", []):
            if wish["kind"] == "prefer":
                minutes = self._minute_of(wish["end"]) - self._minute_of(wish["start"])
                self.constant += _ticks(wish["cost_per_hour"]) * 1000 * minutes
        for rule in self.plans[agent["work_plan_id"]].get("rules", []):
            self._rule(rule, agent, days, zone)
        self._minimum_rest({"minutes": 0}, agent, days, zone)  # nobody is in two shifts at once
        skills = agent.get("skills") or [{"planning_group_id": group} for group in self.groups]
        for slot, heads in self._on_queue(days):
            self._serve(number, slot, heads, skills)

    def _agent_day(self, agent: Json, day: date, zone: ZoneInfo) -> AgentDay:
        out = AgentDay()
        free = self._free(agent, day, zone)
        variants = self.variants[agent["work_plan_id"]]
        for number, variant in enumerate(variants):
            for start, end in self._spans(variant.definition, day, zone):
                length = (end - start) * self.step
                due = _due(variant.definition, length)
                if due != variant.due or not any(low <= start and end <= high for low, high in free):
                    continue
                if not due and not _within(length, variant.definition.get("contiguous_work_minutes")):
                    continue
                paid = length - sum(a["minutes"] for a in variant.activities if not a["paid"])
                out.ways.append(Way(number, start, end, paid, self.model.new_bool_var("")))
        out.worked = self.model.new_bool_var("")
        self.model.add(_total(way.var for way in out.ways) == out.worked)
        self._place_activities(out, variants, day, zone)
        for way in out.ways:
            self.cost.append((way.var, _ticks(agent.get("hourly_cost", 0)) * 1000 * way.paid))
            self._prefer(agent, way)
        return out

    def _spans(self, definition: Json, day: date, zone: ZoneInfo) -> Iterator[tuple[int, int]]:
        """Start and end slots that the definition's windows and lengths allow on the day."""
        if WEEKDAYS[day.weekday()] not in definition.get("days", WEEKDAYS):
            return
        window, lengths = definition["start"], definition["length_minutes"]
        stop = definition.get("stop") or {}
        for clock in range(
            _minutes(window["earliest"]), _minutes(window["latest"]) + 1, window.get("increment_minutes", self.step)
        ):
            at, exists = _utc_minute(day, clock, zone)
            if not exists:
                continue
            for length in range(lengths["min"], lengths["max"] + 1, lengths.get("increment", self.step)):
                wall = _clock_at(at + length, day, zone)
                if _minutes(stop.get("earliest", "00:00")) <= wall <= _minutes(stop.get("latest", "48:00")):
                    yield self._slot(at), self._slot(at + length)

    def _free(self, agent: Json, day: date, zone: ZoneInfo) -> list[tuple[int, int]]:
        """Stretches of slots in which a shift of the day may lie: availability joined, less time off."""
        around = [day + timedelta(days=n) for n in (-2, -1, 0, 1, 2)]
        windows = [
            (self._at(one, window["from"], zone), self._at(one, window["to"], zone))
            for one in around
            for window in agent.get("availability") or [{"days": WEEKDAYS, "from": "00:00", "to": "24:00"}]
            if WEEKDAYS[one.weekday()] in window["days"]
        ]
        free: list[tuple[int, int]] = []
        for low, high in sorted(windows):
            if free and low <= free[-1][1]:
                free[-1] = (free[-1][0], max(free[-1][1], high))
            else:
                free.append((low, high))
        for off in agent.get("time_off", []):
            start, end = self._moment(off["start"]), self._moment(off["end"])
            free = [
                part
                for low, high in free
                for part in ((low, min(high, start)), (max(low, end), high))
                if part[0] < part[1]
            ]
        return free

    def _place_activities(self, out: AgentDay, variants: list[Variant], day: date, zone: ZoneInfo) -> None:
        allowed: dict[tuple[int, int], list[cp_model.IntVar]] = defaultdict(list)
        of_variant: dict[int, list[Way]] = defaultdict(list)
        for way in out.ways:
            of_variant[way.variant].append(way)
            for activity in variants[way.variant].activities:
                kind = self._kind(activity)
                for slot in self._slots_of(activity, way, day, zone):
                    allowed[kind, slot].append(way.var)
        out.begins = {key: self.model.new_bool_var("") for key in allowed}
        for key, ways in allowed.items():
            self.model.add(out.begins[key] <= _total(ways))
        begins_of: dict[int, list[tuple[int, cp_model.IntVar]]] = defaultdict(list)
        for (kind, slot), var in out.begins.items():
            begins_of[kind].append((slot, var))
        for kind in {self._kind(a) for v in of_variant for a in variants[v].activities}:
            ways_due = [
                way.var for way in out.ways if kind in {self._kind(a) for a in variants[way.variant].activities}
            ]
            self.model.add(_total(var for _, var in begins_of[kind]) == _total(ways_due))
        for number, ways_of in of_variant.items():
            self._order(variants[number], ways_of, begins_of)

    def _order(
        self, variant: Variant, ways: list[Way], begins_of: dict[int, list[tuple[int, cp_model.IntVar]]]
    ) -> None:
        """Activities in their order, with the bounds on the work between them."""
        activities = variant.activities
        if not activities:
            return
        if variant.definition.get("activity_order", "listed") != "listed" and len(activities) > 1:
            raise NotInThisModelError("activities in any order")
        chosen = self.model.new_bool_var("")
        self.model.add(_total(way.var for way in ways) == chosen)
        starts = [_weighted(begins_of[self._kind(a)]) for a in activities]
        lengths = [a["minutes"] // self.step for a in activities]
        edges = [_weighted((way.start, way.var) for way in ways), _weighted((way.end, way.var) for way in ways)]
        work = variant.definition.get("contiguous_work_minutes")
        gap = variant.definition.get("activity_gap_minutes")
        ends = [start + length for start, length in zip(starts, lengths, strict=True)]
        self._bound(starts[0] - edges[0], work, chosen)
        self._bound(edges[1] - ends[-1], work, chosen)
        for end, start in zip(ends, starts[1:], strict=False):
            self._bound(start - end, work, chosen)
            self._bound(start - end, gap, chosen)

    def _bound(self, slots: Any, bounds: Json | None, chosen: cp_model.IntVar) -> None:
        low, high = _range(bounds)
        self.model.add(slots >= -(-low // self.step)).only_enforce_if(chosen)
        if high < FAR:
            self.model.add(slots <= high // self.step).only_enforce_if(chosen)

    def _slots_of(self, activity: Json, way: Way, day: date, zone: ZoneInfo) -> Iterator[int]:
        length = activity["minutes"] // self.step
        after, before = _range(activity.get("after_shift_start")), _range(activity.get("before_shift_end"))
        clock = activity.get("clock")
        for slot in range(way.start, way.end - length + 1):
            if not after[0] <= (slot - way.start) * self.step <= after[1]:
                continue
            if not before[0] <= (way.end - slot - length) * self.step <= before[1]:
                continue
            if clock:
                wall = _clock_at(self.origin + slot * self.step, day, zone)
                if not _minutes(clock.get("earliest", "00:00")) <= wall <= _minutes(clock.get("latest", "48:00")):
                    continue
            yield slot

    def _prefer(self, agent: Json, way: Way) -> None:
        for wish in agent.get("preferences", []):
            low, high = (self._minute_of(wish[edge]) - self.origin for edge in ("start", "end"))
            inside = max(0, min(way.end * self.step, high) - max(way.start * self.step, low))
            ticks = _ticks(wish["cost_per_hour"]) * 1000 * inside
            self.cost.append((way.var, ticks if wish["kind"] == "avoid" else -ticks))

    # Rules.

    def _rule(self, rule: Json, agent: Json, days: list[AgentDay], zone: ZoneInfo) -> None:
        if rule.get("cost") is not None:
            raise NotInThisModelError(f"a priced {rule['kind']}")
        fulfil = getattr(self, f"_{rule['kind']}", None)
        if fulfil is None:
            raise NotInThisModelError(rule["kind"])
        fulfil(rule, agent, days, zone)

    def _paid_minutes(self, rule: Json, agent: Json, days: list[AgentDay], zone: ZoneInfo) -> None:
        credit = self._credits(agent)
        for span, complete, history in self._spans_of_days(rule["per"], agent, "paid_minutes"):
            minutes = _total(way.paid * way.var for n in span for way in days[n].ways)
            known = history + sum(credit[n] for n in span)
            self._within(minutes, known, rule, complete)

    def _days_worked(self, rule: Json, agent: Json, days: list[AgentDay], zone: ZoneInfo) -> None:
        for span, complete, history in self._spans_of_days(rule["per"], agent, "days_worked"):
            self._within(_total(days[n].worked for n in span), history, rule, complete)

    def _minimum_rest(self, rule: Json, agent: Json, days: list[AgentDay], zone: ZoneInfo) -> None:
        rest = -(-rule["minutes"] // self.step)
        for before, after in pairwise(days):
            for end in sorted({way.end for way in before.ways}):
                late = [way.var for way in before.ways if way.end >= end]
                early = [way.var for way in after.ways if way.start < end + rest]
                if early:
                    self.model.add(_total(late) + _total(early) <= 1)
        last = agent.get("history", {}).get("last_shift_end")
        for day in days if last else []:
            for way in day.ways:
                if (way.start - self._moment(last)) * self.step < rule["minutes"]:
                    self.model.add(way.var == 0)

    def _consecutive_days(self, rule: Json, agent: Json, days: list[AgentDay], zone: ZoneInfo) -> None:
        if "min" in rule:
            raise NotInThisModelError("a least run of days")
        most = rule["max"]
        known = [1] * min(most, agent.get("history", {}).get("consecutive_days_worked", 0))
        worked = [*known, *(day.worked for day in days)]
        for n in range(len(worked) - most):
            self.model.add(_total(worked[n : n + most + 1]) <= most)

    def _consecutive_days_off(self, rule: Json, agent: Json, days: list[AgentDay], zone: ZoneInfo) -> None:
        if "max" in rule:
            raise NotInThisModelError("a longest run of days off")
        history = agent.get("history", {})
        worked: list[Any] = [day.worked for day in days]
        if history.get("consecutive_days_worked"):
            worked = [1, *worked]
        elif history.get("consecutive_days_off"):
            worked = [1, *([0] * history["consecutive_days_off"]), *worked]
        for length in range(1, rule["min"]):
            for n in range(len(worked) - length - 1):
                off = worked[n + 1 : n + 1 + length]
                self.model.add(worked[n] + worked[n + length + 1] - _total(off) <= 1)

    def _weekends_worked(self, rule: Json, agent: Json, days: list[AgentDay], zone: ZoneInfo) -> None:
        if rule.get("whole"):
            raise NotInThisModelError("whole weekends")
        if self.dates[0].weekday() == 6 and agent.get("history", {}).get("consecutive_days_worked"):
            raise NotInThisModelError("a weekend that began before the period")
        weekends: dict[tuple[int, int], list[Any]] = defaultdict(list)
        for day, variables in zip(self.dates, days, strict=True):
            if day.weekday() >= 5:
                weekends[day.isocalendar()[:2]].append(variables.worked)
        worked = []
        for one in weekends.values():
            worked.append(self.model.new_bool_var(""))
            for day_worked in one:
                self.model.add(worked[-1] >= day_worked)
        known = agent.get("history", {}).get("weekends_worked", 0)
        self.model.add(_total(worked) <= max(0, rule["max"] - known))

    def _overtime(self, rule: Json, agent: Json, days: list[AgentDay], zone: ZoneInfo) -> None:
        rate = Decimal(str(rule["rate_multiplier"])) - 1
        for span, _, history in self._spans_of_days(rule["per"], agent, "paid_minutes"):
            minutes = _total(way.paid * way.var for n in span for way in days[n].ways)
            over = self.model.new_int_var(0, 24 * 60 * len(span), "")
            self.model.add(over >= minutes + history - max(history, rule["over_minutes"]))
            self.cost.append((over, int(rate * _ticks(agent.get("hourly_cost", 0)) * 1000)))

    def _within(self, amount: Any, known: int, rule: Json, complete: bool) -> None:
        if rule.get("max") is not None:
            self.model.add(amount <= max(0, rule["max"] - known))
        if rule.get("min") is not None and complete:
            self.model.add(amount >= rule["min"] - known)

    def _spans_of_days(self, per: str, agent: Json, what: str) -> Iterator[tuple[list[int], bool, int]]:
        """Days that a bound adds up, whether all of them are known by the end, and what history brings."""
        history = agent.get("history", {})
        if per == "period":
            yield list(range(self.days)), True, history.get(f"{what}_in_period", 0)
        elif per == "day":
            yield from (([n], True, 0) for n in range(self.days))
        else:
            begins = LONG_DAYS.index(self.request.get("week_starts_on", "monday"))
            weeks: dict[int, list[int]] = defaultdict(list)
            for n, day in enumerate(self.dates):
                weeks[(day.toordinal() - 1 - begins) // 7].append(n)
            for number, span in enumerate(weeks.values()):
                ends = (self.dates[span[-1]].weekday() + 1) % 7 == begins
                yield span, ends, history.get(f"{what}_in_week", 0) if number == 0 else 0

    def _credits(self, agent: Json) -> list[int]:
        """Paid minutes of time off, on the first day that each touches."""
        credit = [0] * self.days
        zone = ZoneInfo(agent.get("time_zone") or self.request["time_zone"])
        for off in agent.get("time_off", []):
            start, end = self._moment(off["start"]), self._moment(off["end"])
            touched = (
                n
                for n, day in enumerate(self.dates)
                if start < self._at(day, "24:00", zone) and end > self._at(day, "00:00", zone)
            )
            credit[next(touched, 0)] += off.get("paid_minutes", 0)
        return credit

    # Coverage.

    def _on_queue(self, days: list[AgentDay]) -> Iterator[tuple[int, Any]]:
        """For each slot of the period in which the agent may work, whether they are on queue."""
        terms: dict[int, list[tuple[int, cp_model.IntVar]]] = defaultdict(list)
        for day in days:
            for way in day.ways:
                for slot in range(way.start, way.end):
                    terms[slot].append((1, way.var))
            for (kind, start), var in day.begins.items():
                for slot in range(start, start + self.kind_minutes[kind] // self.step):
                    terms[slot].append((-1, var))
        for slot in sorted(terms):
            yield slot, _weighted(terms[slot])

    def _serve(self, number: int, slot: int, heads: Any, skills: list[Json]) -> None:
        if len(skills) == 1:
            self.level[skills[0]["planning_group_id"], slot].append(
                (heads, _milliheads(skills[0].get("proficiency", 1)))
            )
            return
        for skill in skills:
            group = skill["planning_group_id"]
            self.serving[number, slot, group] = self.model.new_bool_var("")
            self.level[group, slot].append(
                (self.serving[number, slot, group], _milliheads(skill.get("proficiency", 1)))
            )
        self.model.add(_total(self.serving[number, slot, s["planning_group_id"]] for s in skills) == heads)

    def _coverage(self) -> None:
        required: dict[tuple[str, int], int] = defaultdict(int)
        least = {group["id"]: group.get("minimum_staff", 0) for group in self.request["planning_groups"]}
        for series in self.request.get("requirements", []):
            start = self._moment(series["start"])
            for n, heads in enumerate(series["required"]):
                group = series["planning_group_id"]
                required[group, start + n] = max(_milliheads(heads), 1000 * least[group] * (heads > 0))
        for group in self.request["planning_groups"]:
            # On queue before or after the period is one too many.
            outside = {slot for name, slot in self.level if name == group["id"]}
            for slot in sorted({*range(self.slots), *outside}):
                self._price(group, self.level[group["id"], slot], slot, required[group["id"], slot])

    def _price(self, group: Json, level: list[tuple[Any, int]], slot: int, required: int) -> None:
        under = self._steps(group, "understaffing", 120, slot)
        over = self._steps(group, "overstaffing", 8, slot)
        shrink = math.gcd(required, *(milliheads for _, milliheads in level), *under, *over) or 1
        need = required // shrink
        heads = _total(expression * (milliheads // shrink) for expression, milliheads in level)
        short = self._stairs(under, need, shrink)
        surplus = self._stairs(over, sum(milliheads for _, milliheads in level) // shrink, shrink)
        self.model.add(heads + _total(short) - _total(surplus) == need)

    def _stairs(self, steps: dict[int, int], most: int, shrink: int) -> list[cp_model.IntVar]:
        """A variable for each step of a price list: how much lies between its depth and the next."""
        depths = [depth // shrink for depth in sorted(steps)]
        stairs = []
        for depth, below, price in zip(depths, [*depths[1:], most], (steps[d] for d in sorted(steps)), strict=True):
            stairs.append(self.model.new_int_var(0, max(0, min(below, most) - depth), ""))
            self.cost.append((stairs[-1], price * shrink * self.step))
        return stairs

    def _steps(self, group: Json, side: str, usual: int, slot: int) -> dict[int, int]:
        """Ticks a minute for a thousandth of a head beyond each depth (in thousandths), as they are in the slot."""
        steps = {0: _ticks(group.get(f"{side}_cost_per_hour", usual))}
        at = self.origin + slot * self.step
        for price in group.get("prices", []):
            if price["side"] == side and any(low <= at < high for low, high in self._held(price)):
                steps[_milliheads(price.get("beyond", 0))] = _ticks(price["cost_per_hour"])
        return steps

    def _held(self, price: Json) -> Iterator[tuple[int, int]]:
        for n in range(-5, self.days + 5):
            day = self.first + timedelta(days=n)
            if WEEKDAYS[day.weekday()] in price.get("days", WEEKDAYS):
                yield (
                    _utc_minute(day, _minutes(price.get("from", "00:00")), self.zone)[0],
                    _utc_minute(day, _minutes(price.get("to", "24:00")), self.zone)[0],
                )

    # The answer.

    def schedules(self, solver: cp_model.CpSolver) -> list[Json]:
        """Every agent's shifts in the form of a roster."""
        return [
            self._schedule(number, agent, days, solver)
            for number, (agent, days) in enumerate(zip(self.request["agents"], self.agent_days, strict=True))
        ]

    def _schedule(self, number: int, agent: Json, days: list[AgentDay], solver: cp_model.CpSolver) -> Json:
        zone = ZoneInfo(agent.get("time_zone") or self.request["time_zone"])
        shifts = [
            self._shift(number, agent, day, way, variables, solver, zone)
            for day, variables in zip(self.dates, days, strict=True)
            for way in variables.ways
            if solver.boolean_value(way.var)
        ]
        paid = sum(shift["paid_minutes"] for shift in shifts) + sum(self._credits(agent))
        return {"agent_id": agent["id"], "paid_minutes": paid, "shifts": shifts}

    def _shift(
        self,
        number: int,
        agent: Json,
        day: date,
        way: Way,
        variables: AgentDay,
        solver: cp_model.CpSolver,
        zone: ZoneInfo,
    ) -> Json:
        variant = self.variants[agent["work_plan_id"]][way.variant]
        taken = {kind: slot for (kind, slot), var in variables.begins.items() if solver.boolean_value(var)}
        pauses = [
            (taken[self._kind(a)], taken[self._kind(a)] + a["minutes"] // self.step, a) for a in variant.activities
        ]
        activities: list[Json] = []
        at = way.start
        for start, end, activity in [*pauses, (way.end, way.end, None)]:
            for first, last, group in self._stints(number, agent, at, start, solver):
                activities.append(
                    {"category": "on_queue", "planning_group_id": group}
                    | {"start": self._text(first, zone), "end": self._text(last, zone)}
                )
            if activity:
                activities.append(
                    {"category": activity["category"], "id": activity["id"], "paid": activity["paid"]}
                    | {"start": self._text(start, zone), "end": self._text(end, zone)}
                )
            at = end
        return {
            "date": day.isoformat(),
            "work_plan_shift_id": variant.definition["id"],
            "start": self._text(way.start, zone),
            "end": self._text(way.end, zone),
            "paid_minutes": way.paid,
            "activities": activities,
        }

    def _stints(
        self, number: int, agent: Json, start: int, end: int, solver: cp_model.CpSolver
    ) -> Iterator[tuple[int, int, str]]:
        """Stretches on one planning group within a stretch on queue."""
        groups = [skill["planning_group_id"] for skill in agent.get("skills") or []] or self.groups
        chosen: list[str] = []
        for slot in range(start, end):
            serving = (
                g
                for g in groups
                if (number, slot, g) in self.serving and solver.boolean_value(self.serving[number, slot, g])
            )
            chosen.append(next(serving, chosen[-1] if chosen else groups[0]))
        first = start
        for slot in range(start + 1, end + 1):
            if slot == end or chosen[slot - start] != chosen[first - start]:
                yield first, slot, chosen[first - start]
                first = slot

    # Time and names.

    def _kind(self, activity: Json) -> int:
        """Activities of the same name and length are the same to the model, whatever shift they belong to."""
        key = (activity["id"], activity["category"], activity["minutes"])
        if key not in self.kinds:
            self.kinds[key] = len(self.kinds)
            self.kind_minutes.append(activity["minutes"])
        return self.kinds[key]

    def _slot(self, utc_minute: int) -> int:
        return (utc_minute - self.origin) // self.step

    def _at(self, day: date, clock: str, zone: ZoneInfo) -> int:
        return self._slot(_utc_minute(day, _minutes(clock), zone)[0])

    def _moment(self, text: str) -> int:
        return self._slot(self._minute_of(text))

    def _minute_of(self, text: str) -> int:
        moment = datetime.fromisoformat(text)
        return _minute(moment if moment.tzinfo else moment.replace(tzinfo=self.zone))

    def _text(self, slot: int, zone: ZoneInfo) -> str:
        return datetime.fromtimestamp((self.origin + slot * self.step) * 60, zone).isoformat()


def _variants(plan: Json) -> Iterator[Variant]:
    for definition in plan["shifts"]:
        definition.setdefault("activities", [])
        lengths = definition["length_minutes"]
        seen = {_due(definition, n) for n in range(lengths["min"], lengths["max"] + 1, lengths.get("increment", 5))}
        yield from (Variant(definition, due) for due in sorted(seen))


def _due(definition: Json, length: int) -> tuple[int, ...]:
    return tuple(
        n for n, activity in enumerate(definition["activities"]) if _within(length, activity.get("when_length_minutes"))
    )


def _within(minutes: int, bounds: Json | None) -> bool:
    low, high = _range(bounds)
    return low <= minutes <= high


def _range(bounds: Json | None) -> tuple[int, int]:
    given = bounds or {}
    high = given.get("max")
    return given.get("min") or 0, FAR if high is None else high


def _total(terms: Iterable[Any]) -> Any:
    return cp_model.LinearExpr.sum(list(terms))


def _weighted(terms: Iterable[tuple[int, cp_model.IntVar]]) -> Any:
    pairs = list(terms)
    return cp_model.LinearExpr.weighted_sum([var for _, var in pairs], [weight for weight, _ in pairs])


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return 60 * int(hours) + int(minutes)


def _minute(moment: datetime) -> int:
    return int(moment.timestamp()) // 60


def _utc_minute(day: date, clock: int, zone: ZoneInfo) -> tuple[int, bool]:
    """UTC minute of a wall clock time, and whether that time exists on the day."""
    wall = datetime.combine(day, datetime.min.time()) + timedelta(minutes=clock)
    at = _minute(wall.replace(tzinfo=zone))
    return at, datetime.fromtimestamp(at * 60, zone).replace(tzinfo=None) == wall


def _clock_at(utc_minute: int, day: date, zone: ZoneInfo) -> int:
    """Wall clock at an instant, in minutes past the day's midnight."""
    wall = datetime.fromtimestamp(utc_minute * 60, zone).replace(tzinfo=None)
    return int((wall - datetime.combine(day, datetime.min.time())).total_seconds()) // 60


def _ticks(price: float) -> int:
    """Price of an hour in ten-thousandths: of a thousandth of a head for a minute, in ticks."""
    return int(Decimal(str(price)) * 10_000)


def _milliheads(heads: float) -> int:
    return round(Decimal(str(heads)) * 1000)


class _Teller(cp_model.CpSolverSolutionCallback):
    """Says on a line what has been found."""

    def __init__(self, plain: Plain, began: float) -> None:
        super().__init__()
        self.plain, self.began = plain, began

    def on_solution_callback(self) -> None:
        cost, bound = (
            round(float(Fraction(round(v)) * self.plain.unit), 4)
            for v in (self.objective_value, self.best_objective_bound)
        )
        _say("progress", progress={"seconds": time.monotonic() - self.began, "cost": cost, "bound": bound})


def _say(event: str, **rest: Any) -> None:
    print(json.dumps({"event": event} | rest), flush=True)


def solve(request: Json, began: float) -> Json:
    """Build the model and solve it on two workers, in the request's time limit, building included."""
    seconds = request["options"]["time_limit_seconds"]
    plain = Plain(request, began + seconds)
    try:
        plain.build()
    except TimeIsUpError:
        return _answer("undecided", time.monotonic() - began)
    built = time.monotonic() - began
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 2
    solver.parameters.random_seed = request["options"].get("seed", 1)
    solver.parameters.max_time_in_seconds = max(0.1, seconds - built)
    status = solver.solve(plain.model, _Teller(plain, began))
    verdicts = {cp_model.OPTIMAL: "optimal", cp_model.FEASIBLE: "feasible", cp_model.INFEASIBLE: "infeasible"}
    verdict = verdicts.get(status, "undecided")
    bound = math.floor(solver.best_objective_bound) * plain.unit if verdict != "infeasible" else None
    if verdict not in ("optimal", "feasible"):
        return _answer(verdict, built, bound=bound)
    cost = round(solver.objective_value) * plain.unit
    return _answer(verdict, built, cost=cost, bound=bound, schedules=plain.schedules(solver))


def _answer(
    verdict: str, built: float, *, cost: Fraction | None = None, bound: Fraction | None = None, schedules: Any = ()
) -> Json:
    gap = None if cost is None or bound is None else float(100 * (cost - bound) / cost) if cost else 0.0
    return {
        "status": "completed",
        "verdict": verdict,
        "cost": None if cost is None else {"total": round(float(cost), 4)},
        "lower_bound": None if bound is None else math.floor(bound * 10_000) / 10_000,
        "gap_percent": gap,
        "schedules": schedules,
        "statistics": {"compile_seconds": round(built, 3)},
    }


def main() -> int:
    """Read a request from standard input and write lines to standard output."""
    began = time.monotonic()
    try:
        _say("final", roster=solve(json.load(sys.stdin), began))
    except NotInThisModelError as missing:
        _say("failed", error=f"The plain model has no {missing}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

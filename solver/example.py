"""A contact centre to try Stint with: realistic in shape, invented in every detail, the same for the same seed.

Calls come with the shape of a day and of a week; Erlang C turns them into agents needed, 80 % answered within 20 s.
The volume is chosen so that the staff roughly fits: what is required is what the contracts hold, less breaks and time
off. A good roster still has a few hours short, some over, and a little overtime.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from solver.staffing.erlang import agents_for_service_level
from solver.staffing.load import offered_load

Json = dict[str, Any]
Forecast = list[list[list[tuple[datetime, float]]]]  # calls by planning group, day and open interval

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
GROUPS = (  # id, name, share of the calls, mean handle time, how much later than usual its day runs
    ("care", "Customer care", 1.0, 270, 0.0),
    ("tech", "Technical support", 0.7, 420, 0.8),
    ("billing", "Billing", 0.5, 320, -0.6),
    ("sales", "Sales", 0.4, 360, 1.2),
    ("claims", "Claims", 0.35, 480, -0.3),
    ("orders", "Orders", 0.3, 240, 0.5),
    ("partners", "Partner line", 0.25, 380, -1.0),
    ("retention", "Retention", 0.2, 540, 0.3),
)
WEEK_SHAPE = (1.14, 1.03, 1.0, 0.98, 0.95, 0.5, 0.36)  # Monday is the busiest day
DAY_PEAKS = ((10.5, 1.9, 1.0), (14.8, 2.3, 0.85), (19.0, 2.0, 0.35))  # clock, width, height
OPEN = ((7, 22),) * 5 + ((8, 20), (9, 18))  # hours of Monday to Sunday, where the centre closes at night
FILL = 1.0  # required hours per hour that contracts hold, breaks and time off taken out
FIRST_NAMES = (
    "Ada Aino Albert Alma Anders Andra Anna Anton Armas Astrid Beata Birgit Boris Carla Clara Daina Daniel Diana Edgar "
    "Elena Elias Elsa Emil Emma Erik Eva Felix Freya Georg Greta Hanna Helmi Henrik Hugo Ida Igor Ilze Inga Ivan Jakob "
    "Jana Jonas Julia Kaarel Karin Katrin Klara Lars Laura Leena Leo Liina Linda Lukas Madis Maja Mara Maria Marta "
    "Martin Mia Mihkel Mikael Milda Nadia Nils Nora Olga Oskar Otto Paula Peeter Petra Priit Rasmus Rita Roman Rosa "
    "Ruta Saara Sander Signe Silvia Simon Sofia Sten Sven Taavi Tanel Tarmo Teresa Tiina Tomas Toomas Urve Vera Viktor "
    "Vilma Wanda Zane"
)
INITIALS = "ABDEGHIJKLMNOPRSTUV"


@dataclass(frozen=True)
class Contract:
    """A kind of work plan: what the generator has to know of it."""

    id: str
    name: str
    weight: float  # how common it is among the staff
    weekly_minutes: int
    slack: tuple[int, int]  # paid minutes of a week may lie so far below and above
    paid_lengths: tuple[int, int]  # paid minutes of a shift
    has_meal: bool
    days: int  # most days of a week
    hourly_cost: tuple[float, float]


FULL_TIME = Contract("full-time", "Full time, 40 h", 0.55, 2400, (120, 240), (450, 570), True, 5, (17.0, 23.0))
PART_TIME = Contract("part-time", "Part time, 30 h", 0.25, 1800, (180, 60), (330, 420), True, 5, (16.0, 21.0))
SHORT_TIME = Contract("short-time", "Part time, 20 h", 0.20, 1200, (120, 120), (240, 300), False, 5, (15.0, 19.0))
NIGHTS = Contract("nights", "Nights, 36 h", 0.0, 2160, (180, 120), (450, 570), True, 5, (20.0, 26.0))


@dataclass(frozen=True)
class Centre:
    """The frame in which calls come and agents work."""

    start: date
    days: int
    zone: ZoneInfo
    interval: int  # minutes
    night: bool
    groups: int

    @property
    def dates(self) -> list[date]:
        return [self.start + timedelta(days=n) for n in range(self.days)]

    @property
    def break_minutes(self) -> int:
        """Length of a paid break on the grid; 0 where the grid is too coarse for one."""
        return {5: 15, 10: 10, 15: 15}.get(self.interval, 0)

    @property
    def meal_minutes(self) -> int:
        return max(30, self.interval)

    @property
    def step(self) -> int:
        """Minutes between two starts of a shift, and between two lengths."""
        return max(30, self.interval)

    def open_hours(self, day: date) -> tuple[int, int]:
        return (0, 24) if self.night else OPEN[day.weekday()]

    def working_hours(self) -> tuple[int, int]:
        """Hours between which shifts other than night shifts lie."""
        return (6, 23) if self.night else (7, 22)

    def instants(self, day: date) -> list[datetime]:
        """Starts of the day's open intervals in UTC: 92 or 100 quarter-hours where the clock changes."""
        opens, closes = self.open_hours(day)
        if self.night and day == self.start:
            opens = self.working_hours()[0]  # the night before belongs to the roster before
        first = _utc(day, opens, self.zone)
        minutes = int((_utc(day, closes, self.zone) - first).total_seconds()) // 60
        return [first + timedelta(minutes=m) for m in range(0, minutes, self.interval)]


def example_request(
    *,
    agents: int = 100,
    days: int = 7,
    groups: int = 1,
    seed: int = 1,
    start_date: date | str | None = None,
    time_zone: str = "Europe/Tallinn",
    interval_minutes: int = 15,
    night: bool = False,
    service_goal: Json | None = None,
) -> Json:
    """Give the request of an invented contact centre, as JSON; the same arguments give the same request.

    With `night` it is open around the clock and some of the staff work nights; otherwise from 07:00 to 22:00.
    With `service_goal` every planning group has this goal, and the calls stand in `volumes` in place of requirements.
    Raises ValueError for fewer than 1 agent or day, and for planning groups other than 1 to 8.
    """
    _refuse_outside("agents", agents, 1, 100_000)
    _refuse_outside("days", days, 1, 366)
    _refuse_outside("groups", groups, 1, len(GROUPS))
    start = date.fromisoformat(start_date) if isinstance(start_date, str) else start_date or date(2026, 11, 30)
    centre = Centre(start, days, ZoneInfo(time_zone), interval_minutes, night, groups)
    staff = _staff(centre, agents, Random(f"{seed}/staff"))
    forecast = _forecast(centre, Random(f"{seed}/calls"))
    scale = _volume_that_fits(centre, forecast, sum(_productive_hours(centre, agent) for agent in staff))
    if service_goal is None:
        demand = {"requirements": list(_requirements(centre, forecast, scale))}
    else:
        demand = {"volumes": list(_volumes(centre, forecast, scale))}
    return {
        "name": f"Example: {agents} agents, {days} days, {groups} planning group{'s' * (groups > 1)}",
        "time_zone": time_zone,
        "week_starts_on": "monday",
        "planning_period": {"start_date": start.isoformat(), "days": days},
        "interval_minutes": interval_minutes,
        "currency": "EUR",
        "planning_groups": [
            _planning_group(centre, number) | ({"service_goal": service_goal} if service_goal else {})
            for number in range(groups)
        ],
        **demand,
        "work_plans": [_work_plan(centre, contract) for contract in _contracts(centre)],
        "agents": staff,
        "options": {"time_limit_seconds": 60, "target_gap_percent": 0.5, "seed": seed},
    }


def as_text(value: Any, *, width: int = 120, indent: int = 0, used: int = 0) -> str:
    """JSON for people: what fits on a line stands on one, and long rows of numbers are filled like text."""
    flat = json.dumps(value, ensure_ascii=False)
    if indent + used + len(flat) < width or not isinstance(value, (dict, list)) or not value:
        return flat
    inner = indent + 2
    if isinstance(value, dict):
        names = {key: f"{json.dumps(key, ensure_ascii=False)}: " for key in value}
        parts = [name + as_text(value[key], width=width, indent=inner, used=len(name)) for key, name in names.items()]
    elif all(isinstance(item, (int, float)) for item in value):
        parts = list(_filled([json.dumps(item) for item in value], width - inner))
    else:
        parts = [as_text(item, width=width, indent=inner) for item in value]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    lines = ",\n".join(" " * inner + part for part in parts)
    return f"{opening}\n{lines}\n{' ' * indent}{closing}"


# Calls and requirements.


def _forecast(centre: Centre, random: Random) -> Forecast:
    """Shape of the calls: about one call in each of the busiest intervals of the first group, before it is scaled."""
    forecast = []
    for _, _, share, _, lateness in GROUPS[: centre.groups]:
        weekdays = [factor * random.uniform(0.93, 1.07) for factor in WEEK_SHAPE]
        group = []
        for day in centre.dates:
            level = share * weekdays[day.weekday()] * random.gauss(1, 0.03)
            shape = [(at, _busyness(centre, at, lateness)) for at in centre.instants(day)]
            group.append([(at, level * busy * random.gauss(1, 0.03)) for at, busy in shape])
        forecast.append(group)
    return forecast


def _busyness(centre: Centre, at: datetime, lateness: float) -> float:
    wall = at.astimezone(centre.zone)
    hour = wall.hour + wall.minute / 60
    peaks = (height * math.exp(-(((hour - peak - lateness) / width) ** 2)) for peak, width, height in DAY_PEAKS)
    return 0.07 + sum(peaks)


def _volumes(centre: Centre, forecast: Forecast, scale: float) -> Iterator[Json]:
    for (group_id, _, _, aht, _), days in zip(GROUPS, forecast, strict=False):
        for day in days:
            opens = day[0][0].astimezone(centre.zone).replace(tzinfo=None)
            yield {
                "planning_group_id": group_id,
                "start": opens.isoformat(timespec="minutes"),
                "volume": [round(scale * calls) for _, calls in day],
                "aht_seconds": aht,
            }


def _requirements(centre: Centre, forecast: Forecast, scale: float) -> Iterator[Json]:
    for series in _volumes(centre, forecast, scale):
        yield {
            "planning_group_id": series["planning_group_id"],
            "start": series["start"],
            "required": [_agents_needed(calls, series["aht_seconds"], centre.interval) for calls in series["volume"]],
        }


@cache
def _agents_needed(calls: int, aht: int, interval: int) -> int:
    load = offered_load(calls, aht, interval)
    return agents_for_service_level(load, aht_seconds=aht, within_seconds=20, goal=0.8)


def _volume_that_fits(centre: Centre, forecast: Forecast, hours: float) -> float:
    """Scale of the forecast at which the required hours come nearest below what the staff can give."""
    if not hours:
        return 0.0
    calls = [(group[3], [c for day in days for _, c in day]) for group, days in zip(GROUPS, forecast, strict=False)]

    def too_much(scale: float) -> bool:
        heads = sum(_agents_needed(round(scale * c), aht, centre.interval) for aht, volumes in calls for c in volumes)
        return heads * centre.interval / 60 >= FILL * hours

    low, high = 0.0, 1.0
    while not too_much(high):
        low, high = high, 2 * high
    while high - low > 0.002 * high:
        middle = (low + high) / 2
        low, high = (low, middle) if too_much(middle) else (middle, high)
    return low


def _planning_group(centre: Centre, number: int) -> Json:
    group_id, name, *_ = GROUPS[number]
    group: Json = {
        "id": group_id,
        "name": name,
        "understaffing_cost_per_hour": 120,
        "overstaffing_cost_per_hour": 8,
    }
    return group | ({"minimum_staff": 2} if centre.night and number == 0 else {})


# Work plans.


def _contracts(centre: Centre) -> list[Contract]:
    return [FULL_TIME, PART_TIME, SHORT_TIME] + [NIGHTS] * centre.night


def _work_plan(centre: Centre, contract: Contract) -> Json:
    below, above = contract.slack
    longest = contract.weekly_minutes + above
    rules: list[Json] = [
        {"kind": "paid_minutes", "per": "week", "min": contract.weekly_minutes - below, "max": longest},
        {"kind": "days_worked", "per": "week", "max": contract.days},
        {"kind": "minimum_rest", "minutes": 660},
        {"kind": "consecutive_days", "max": 5 if contract is NIGHTS else 6},
    ]
    if contract is NIGHTS:
        rules.append({"kind": "consecutive_days_off", "min": 2})
    if contract is FULL_TIME:
        rules.append(
            {"kind": "overtime", "per": "week", "over_minutes": contract.weekly_minutes, "rate_multiplier": 1.5}
        )
        if centre.days >= 14:
            rules.append({"kind": "weekends_worked", "max": (centre.days // 7 + 1) // 2})
    return {"id": contract.id, "name": contract.name, "shifts": [_shift(centre, contract)], "rules": rules}


def _shift(centre: Centre, contract: Contract) -> Json:
    """The contract's shift: starts on half hours, two paid breaks around a meal, or one break without one."""
    meal = centre.meal_minutes if contract.has_meal else 0
    shortest, longest = (_whole(minutes + meal, centre.step) for minutes in contract.paid_lengths)
    opens, closes = (21, 33) if contract is NIGHTS else centre.working_hours()
    latest = "23:00" if contract is NIGHTS else _clock(closes * 60 - shortest)
    shift: Json = {
        "id": "night" if contract is NIGHTS else "day",
        "start": {"earliest": _clock(opens * 60), "latest": latest, "increment_minutes": centre.step},
        "stop": {"latest": _clock(closes * 60)},
        "length_minutes": {"min": shortest, "max": longest, "increment": centre.step},
        "contiguous_work_minutes": {"min": 60, "max": 240 if centre.break_minutes else 330},
        "activities": _activities(centre, contract),
    }
    return shift


def _activities(centre: Centre, contract: Contract) -> list[Json]:
    pause = {"category": "break", "minutes": centre.break_minutes, "paid": True}
    meal = {"id": "meal", "category": "meal", "minutes": centre.meal_minutes, "paid": False}
    window = {"after_shift_start": {"min": 120 if contract is PART_TIME else 180, "max": 300}}
    if not contract.has_meal:
        activities = [{"id": "break"} | pause | {"after_shift_start": {"min": 60}, "before_shift_end": {"min": 60}}]
    elif contract is PART_TIME:
        activities = [
            meal | window,
            {"id": "break"} | pause | {"before_shift_end": {"min": 60, "max": 150}},
        ]
    else:
        activities = [
            {"id": "break-1"} | pause | {"after_shift_start": {"min": 60, "max": 180}},
            meal | window,
            {"id": "break-2"} | pause | {"before_shift_end": {"min": 60, "max": 180}},
        ]
    return [activity for activity in activities if activity["minutes"]]


# Agents.


def _staff(centre: Centre, agents: int, random: Random) -> list[Json]:
    contracts = _contracts(centre)
    nights = max(1, round(0.14 * agents)) if centre.night else 0
    named = set[str]()
    return [
        _agent(
            centre,
            f"A{number + 1:0{max(3, len(str(agents)))}}",
            _name(random, named),
            NIGHTS if number < nights else random.choices(contracts, [c.weight for c in contracts])[0],
            random,
        )
        for number in range(agents)
    ]


def _agent(centre: Centre, agent_id: str, name: str, contract: Contract, random: Random) -> Json:
    availability = _availability(centre, contract, random)
    agent: Json = {
        "id": agent_id,
        "name": name,
        "work_plan_id": contract.id,
        "hourly_cost": round(random.uniform(*contract.hourly_cost), 2),
        "skills": _skills(centre, random),
        "availability": availability,
    }
    own = {
        "time_off": _time_off(centre, contract, availability, random),
        "preferences": _preferences(centre, contract, random),
        "history": _history(centre, contract, availability, random),
    }
    return agent | {key: value for key, value in own.items() if value}


def _name(random: Random, named: set[str]) -> str:
    """A first name and an initial, or as many more initials as make it the only one."""
    name = f"{random.choice(FIRST_NAMES.split())} {random.choice(INITIALS)}."
    while name in named:
        name += f" {random.choice(INITIALS)}."
    named.add(name)
    return name


def _skills(centre: Centre, random: Random) -> list[Json]:
    """One to three planning groups, the busier ones more often; a second or third one may be served less fluently."""
    wanted = min(centre.groups, random.choices([1, 2, 3], [0.4, 0.4, 0.2])[0])
    chosen: list[str] = []
    while len(chosen) < wanted:
        group_id = random.choices([g[0] for g in GROUPS], [g[2] * (n < centre.groups) for n, g in enumerate(GROUPS)])[0]
        if group_id not in chosen:
            chosen.append(group_id)
    fluency = [1.0] + [random.choice([1.0, 1.0, 0.8]) for _ in chosen[1:]]
    return [{"planning_group_id": g, "proficiency": p} for g, p in zip(chosen, fluency, strict=True)]


def _availability(centre: Centre, contract: Contract, random: Random) -> list[Json]:
    """Days and hours in which the contract fits: whole days, early or late halves, one day cut short."""
    if contract is NIGHTS:
        days = random.choice([WEEKDAYS, WEEKDAYS, WEEKDAYS[:4] + WEEKDAYS[5:], WEEKDAYS[1:]])
        return [{"days": list(days), "from": "20:00", "to": "34:00"}]
    opens, closes = centre.working_hours()
    room = {FULL_TIME.id: 11, PART_TIME.id: 8, SHORT_TIME.id: 6}[contract.id]
    starts, ends = random.choice(
        [(opens, closes), (opens, closes), (opens, opens + room), (closes - room, closes), (opens + 1, closes - 2)]
    )
    days = random.choices(
        [WEEKDAYS, WEEKDAYS[:5], WEEKDAYS[:6], WEEKDAYS[1:], WEEKDAYS[:2] + WEEKDAYS[3:]], [4, 3, 1, 1, 1]
    )[0]
    whole = {"days": list(days), "from": _clock(starts * 60), "to": _clock(ends * 60)}
    if len(days) < 6 or random.random() > 0.3:
        return [whole]
    cut = random.choice(days[:5])
    short = {"days": [cut], "from": _clock(starts * 60), "to": _clock((starts + room - 1) * 60)}
    return [whole | {"days": [day for day in days if day != cut]}, short]


def _time_off(centre: Centre, contract: Contract, availability: list[Json], random: Random) -> list[Json]:
    """Now and then a day, seldom a whole week, paid as a day or a week of the contract."""
    days_off = []
    own = {day for window in availability for day in window["days"]}
    for monday in (day for day in centre.dates if day.weekday() == 0 and (day - centre.start).days + 7 <= centre.days):
        luck = random.random()
        number = random.randrange(5)
        if luck < 0.02:
            first, length, paid = monday, 7, contract.weekly_minutes
        elif luck < 0.10 and WEEKDAYS[number] in own and contract is not NIGHTS:
            first, length, paid = monday + timedelta(days=number), 1, contract.weekly_minutes // 5
        else:
            continue
        days_off.append({"start": _moment(first), "end": _moment(first + timedelta(days=length)), "paid_minutes": paid})
    return days_off


def _preferences(centre: Centre, contract: Contract, random: Random) -> list[Json]:
    """A free evening or morning wished for, or hours one would like to work."""
    if contract is NIGHTS or random.random() > 0.25:
        return []
    day = random.choice(centre.dates)
    opens, closes = centre.working_hours()
    kind, starts, ends = random.choice(
        [("avoid", 17, closes), ("avoid", opens, 10), ("prefer", 9, 12), ("prefer", 14, 17)]
    )
    window = {"start": _moment(day, starts), "end": _moment(day, ends)}
    return [window | {"kind": kind, "cost_per_hour": random.choice([2, 3, 5])}]


def _history(centre: Centre, contract: Contract, availability: list[Json], random: Random) -> Json:
    """What was worked before the period: of a week under way its share, and perhaps the days just before."""
    into_week = centre.start.weekday()
    worked = min(into_week, contract.days)
    history: Json = {}
    if worked:
        paid = contract.weekly_minutes * worked // contract.days
        history = {"paid_minutes_in_week": paid, "days_worked_in_week": worked}
    elif len({day for window in availability for day in window["days"]}) < 7 or random.random() < 0.5:
        return {}
    before = centre.start - timedelta(days=1)
    if into_week == 0 or worked == into_week:
        streak = worked or random.choice([1, 2])
        end = _clock_on(before, availability, contract)
        history |= {"last_shift_end": end, "consecutive_days_worked": streak}
    return history


def _clock_on(day: date, availability: list[Json], contract: Contract) -> str:
    """When a shift of that day ended: at the end of the agent's hours, but not so late that the next day is lost."""
    last = max((w["to"] for w in availability if WEEKDAYS[day.weekday()] in w["days"]), default="16:00")
    hour = 30 if contract is NIGHTS else min(int(last[:2]), 20)
    return _moment(day + timedelta(days=hour // 24), hour % 24)


def _productive_hours(centre: Centre, agent: Json) -> float:
    """Hours on queue that an agent's contract holds in the period, paid breaks and time off taken out."""
    contract = next(c for c in _contracts(centre) if c.id == agent["work_plan_id"])
    credited: int = sum(off["paid_minutes"] for off in agent.get("time_off", []))
    paid = contract.weekly_minutes * centre.days / 7 - credited
    breaks = centre.break_minutes * (2 if contract in (FULL_TIME, NIGHTS) else 1)
    return max(0.0, paid) / 60 * (1 - breaks / (sum(contract.paid_lengths) / 2))


# Small things.


def _refuse_outside(name: str, number: int, low: int, high: int) -> None:
    if not low <= number <= high:
        raise ValueError(f"{name} is {number}; {low} to {high} are possible.")


def _filled(words: list[str], width: int) -> Iterator[str]:
    line = ""
    for word in words:
        if line and len(line) + 2 + len(word) >= width:
            yield line
            line = word
        else:
            line = f"{line}, {word}" if line else word
    yield line


def _utc(day: date, hour: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day + timedelta(days=hour // 24), time(hour % 24), zone).astimezone(UTC)


def _moment(day: date, hour: int = 0) -> str:
    return f"{day.isoformat()}T{hour:02}:00"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _whole(minutes: int, step: int) -> int:
    return minutes // step * step

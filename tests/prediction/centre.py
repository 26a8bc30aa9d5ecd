"""A small centre whose agents sit on queue all day, and the work that comes."""

from datetime import date, datetime, timedelta

START = datetime(2026, 1, 5)


def a_request(*agents, groups=("voice",), hours=24):
    """Agents by name with the planning groups that they know."""
    return {
        "time_zone": "UTC",
        "interval_minutes": 60,
        "planning_period": {"start_date": "2026-01-05", "days": (hours + 23) // 24},
        "planning_groups": [{"id": group} for group in groups],
        "work_plans": [{"id": "plan"}],
        "agents": [
            {
                "id": name,
                "work_plan_id": "plan",
                "skills": [{"planning_group_id": one} | extra for one, extra in skills],
            }
            for name, skills in agents
        ],
    }


def agent(name, *groups, **extra):
    return name, [(group, extra) for group in groups or ("voice",)]


def a_roster(*stretches):
    """Stretches on queue as (agent, group, first hour, last hour)."""
    schedules = {}
    for name, group, first, last in stretches:
        start, end = (f"{START + timedelta(hours=hour):%Y-%m-%dT%H:%M}+00:00" for hour in (first, last))
        activity = {"category": "on_queue", "planning_group_id": group, "start": start, "end": end}
        shift = {"date": str(date(2026, 1, 5)), "start": start, "end": end, "activities": [activity]}
        schedules.setdefault(name, []).append(shift)
    return {"schedules": [{"agent_id": name, "shifts": shifts} for name, shifts in schedules.items()]}


def work(hours, volume, aht=180, **goals):
    intervals = [
        {"start": f"{START + timedelta(hours=hour):%Y-%m-%dT%H:%M}", "volume": volume, "aht_seconds": aht}
        for hour in range(hours)
    ]
    return {"service_goal": {"percent": 80, "within_seconds": 20}, "intervals": intervals} | goals


def of_group(name, hours, volume, **goals):
    return {"id": name} | work(hours, volume, **goals)


def all_day(count, hours=24, group="voice"):
    """So many agents who know the group, and the stretches that they sit there."""
    names = [f"{group}{number}" for number in range(count)]
    return [agent(name, group) for name in names], [(name, group, 0, hours) for name in names]

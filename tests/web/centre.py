"""A contact centre of six agents and two days, small enough to know by heart."""

NAMES = ("Ann", "Ben", "Cleo", "Dan", "Eve", "Finn")


def a_request(name="Two days", *, days=2, agents=6, groups=("voice", "chat"), **more):
    """Shifts of four hours with a paid break of 15 minutes, two planning groups, a rule on hours, a wish of Ann's."""
    return {
        "name": name,
        "time_zone": "Europe/Tallinn",
        "planning_period": {"start_date": "2026-11-30", "days": days},
        "interval_minutes": 15,
        "planning_groups": [{"id": group, "name": group.title()} for group in groups],
        "requirements": [
            {"planning_group_id": group, "start": f"{day}T08:00", "required": [1] * 16 + [2] * 8}
            for group in groups
            for day in ("2026-11-30", "2026-12-01")[:days]
        ],
        "work_plans": [
            {
                "id": "short",
                "name": "Short shifts",
                "shifts": [
                    {
                        "id": "day",
                        "start": {"earliest": "08:00", "latest": "10:00", "increment_minutes": 15},
                        "length_minutes": {"min": 240, "max": 240},
                        "activities": [
                            {"id": "rest", "category": "break", "minutes": 15, "paid": True,
                             "after_shift_start": {"min": 60, "max": 165}},
                        ],
                    }
                ],
                "rules": [
                    {"kind": "paid_minutes", "per": "week", "max": 480},
                    {"kind": "minimum_rest", "minutes": 660},
                ],
            }
        ],
        "agents": [
            {
                "id": f"A{number}",
                "name": NAMES[number] if number < len(NAMES) else f"Agent {number:04d}",
                "work_plan_id": "short",
                "hourly_cost": 20,
                "skills": [{"planning_group_id": groups[number % len(groups)]}],
                "preferences": [
                    {"start": "2026-11-30T08:00", "end": "2026-11-30T09:00", "kind": "avoid", "cost_per_hour": 3}
                ] if number == 0 else [],
            }
            for number in range(agents)
        ],
        "options": {"time_limit_seconds": 20, "target_gap_percent": 0},
        **more,
    }  # fmt: skip

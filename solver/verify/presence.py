"""Whether an agent works only when it can: availability and time off."""

from __future__ import annotations

from solver.verify.calendar import local_time, open_hours
from solver.verify.findings import Case, Fault, Findings, Seen


def look_at_presence(case: Case, shifts: list[Seen], findings: Findings) -> None:
    """Every shift lies within the availability, adjacent windows joined, and clear of all time off."""
    if not shifts:
        return
    open_at = open_hours(case.agent.availability, case.calendar) if case.agent.availability else None
    away = [
        (off.start.utc_minute(case.calendar.written), off.end.utc_minute(case.calendar.written))
        for off in case.agent.time_off
    ]
    for seen in shifts:
        if open_at is not None and not any(start <= seen.start and seen.end <= end for start, end in open_at):
            text = f"the shift from {seen.shift.start:%H:%M} to {seen.shift.end:%H:%M} is not within the agent's availability."
            findings.on_shift(case, seen, Fault("availability", text))
        for start, end in away:
            if start < seen.end and seen.start < end:
                text = f"the agent has time off from {_told(case, start)} to {_told(case, end)}, and a shift in it."
                findings.on_shift(case, seen, Fault("time_off", text))


def _told(case: Case, minute: int) -> str:
    return f"{local_time(minute, case.calendar.zone):%Y-%m-%d %H:%M}"

"""A report as one HTML page that holds all it needs: no script, no picture, no request to anywhere.

The client's page speaks of calls, waiting and staff as clients do, and names no agent. The team's page goes on with
attendance, team by team and agent by agent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from schemas.report import Attendance, Report, ReportGroup, ReportSpan, Strength
from service.exports.drawing import COLOURS, Series, bars, lines

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #222; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { margin-bottom: 0; } h2 { margin-top: 2.5rem; border-bottom: 2px solid #0072B2; }
.lead { font-size: 1.15rem; } .cards { display: flex; flex-wrap: wrap; gap: 1rem; }
.card { border: 1px solid #ccc; border-radius: 6px; padding: .6rem 1rem; min-width: 9rem; }
.card b { display: block; font-size: 1.5rem; } .good b { color: #006b4f; } .bad b { color: #a33b00; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; } th, td { padding: .25rem .6rem; text-align: right; }
th { border-bottom: 2px solid #888; } tr + tr td { border-top: 1px solid #ddd; }
th:first-child, td:first-child { text-align: left; } figure { margin: 1.5rem 0; } figcaption { font-weight: 600; }
svg text { font: 11px system-ui, sans-serif; fill: #444; } .key { margin-right: 1.2rem; white-space: nowrap; }
.note { color: #555; font-size: .9rem; } @media print { body { margin: 0; max-width: none; } }
"""


def page(report: Report) -> bytes:
    """The whole page."""
    parts = [
        "<!doctype html>",
        f'<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        '<meta name="viewport" content="width=device-width">',
        f"<title>{escape(report.title or 'Report')}</title><style>{STYLE}</style></head><body>",
        *_head(report),
        *(part for group in report.planning_groups for part in _group(group)),
        *_staff(report),
        *(_team(report) if report.audience == "team" else ()),
        *_notes(report),
        "</body></html>",
    ]
    return "\n".join(parts).encode()


def _head(report: Report) -> Iterator[str]:
    yield f"<h1>{escape(report.title or 'Report')}</h1>"
    if report.days:
        first, last = report.days[0].date, report.days[-1].date
        yield f"<p class='note'>{first:%d %B %Y}{'' if first == last else f' to {last:%d %B %Y}'}</p>"
    yield f"<p class='lead'>{escape(' '.join(_summary(report)))}</p>"


def _summary(report: Report) -> Iterator[str]:
    """The whole in a few sentences."""
    whole = report.period
    yield f"{whole.volume:,.0f} contacts came; {whole.volume_planned:,.0f} had been expected."
    for group in report.planning_groups:
        level = group.period.service_level_percent
        if level is not None and group.goal_percent is not None and group.within_seconds is not None:
            kept = "as agreed" if level >= group.goal_percent else f"short of the {group.goal_percent:g} % agreed"
            yield f"{group.name}: {level:.1f} % were answered within {group.within_seconds:g} seconds, {kept}."
    if whole.causes is not None and whole.net_hours is not None:
        yield _why(whole)


def _why(whole: ReportSpan) -> str:
    """What moved staffing most."""
    assert whole.causes is not None
    assert whole.net_hours is not None
    words = {
        "volume": ("more contacts than expected", "fewer contacts than expected"),
        "handle_time": ("contacts that took longer than expected", "contacts that took less time than expected"),
        "absence": ("shifts that could not be worked", "shifts worked on top"),
        "adherence": ("time away from the line", "extra time on the line"),
    }
    moved = whole.net_hours - whole.net_planned_hours
    name, hours = max(whole.causes.model_dump().items(), key=lambda item: abs(item[1]))
    if abs(moved) < 1 or abs(hours) < 1:
        return "Staffing was as planned."
    more = "fewer" if moved < 0 else "more"
    return f"{abs(moved):,.0f} {more} staff hours were free than planned, above all through {words[name][hours > 0]}."


def _group(group: ReportGroup) -> Iterator[str]:
    yield f"<h2>{escape(group.name)}</h2>"
    yield f"<div class='cards'>{''.join(_cards(group))}</div>"
    spans = group.days if len(group.days) > 1 else group.intervals
    labels = (
        [f"{one.date:%d %b}" for one in group.days]
        if len(group.days) > 1
        else [i.start[11:16] for i in group.intervals]
    )
    yield lines(
        "Contacts expected and received",
        labels,
        [
            Series("expected", [one.volume_planned for one in spans], COLOURS[4], dashed=True),
            Series("received", [one.volume for one in spans], COLOURS[0]),
        ],
    )
    levels: list[Series] = []
    if any(one.service_level_percent is not None for one in spans):
        levels.append(Series("answered in time", [one.service_level_percent for one in spans], COLOURS[2]))
    if group.goal_percent is not None and levels:
        levels.append(Series("agreed", [group.goal_percent] * len(labels), COLOURS[1], dashed=True))
        yield lines(f"Answered within {group.within_seconds:g} seconds", labels, levels, " %", most=100)
    yield _span_table(group)


def _cards(group: ReportGroup) -> Iterator[str]:
    whole = group.period
    level = whole.service_level_percent
    if level is not None:
        kept = "" if group.goal_percent is None else (" good" if level >= group.goal_percent else " bad")
        within = "" if group.within_seconds is None else f" within {group.within_seconds:g} s"
        yield f"<div class='card{kept}'><b>{level:.1f} %</b>answered{within}</div>"
    if whole.abandonment_percent is not None:
        yield f"<div class='card'><b>{whole.abandonment_percent:.1f} %</b>gave up waiting</div>"
    yield f"<div class='card'><b>{whole.volume:,.0f}</b>contacts received</div>"
    if whole.aht_seconds is not None:
        yield f"<div class='card'><b>{whole.aht_seconds:.0f} s</b>a contact took</div>"
    if whole.volume_error_percent is not None:
        yield f"<div class='card'><b>{whole.volume_error_percent:.1f} %</b>off the forecast</div>"


def _span_table(group: ReportGroup) -> str:
    rows: list[tuple[str, ReportSpan]] = [(f"{one.date:%a %d %b}", one) for one in group.days]
    if len(group.weeks) > 1:
        rows += [(f"Week of {one.start_date:%d %b}", one) for one in group.weeks]
    rows.append(("All", group.period))
    heads = (
        "",
        "Expected",
        "Received",
        "Answered in time",
        "Gave up",
        "Seconds each",
        "Staff hours needed",
        "Staff hours there",
    )
    return _table(
        heads,
        (
            (
                name,
                f"{one.volume_planned:,.0f}",
                f"{one.volume:,.0f}",
                _percent(one.service_level_percent),
                _percent(one.abandonment_percent),
                _number(one.aht_seconds),
                f"{one.required_hours:,.1f}",
                _number(one.present_hours, 1),
            )
            for name, one in rows
        ),
    )


def _staff(report: Report) -> Iterator[str]:
    yield "<h2>Staff</h2>"
    labels = [f"{one.date:%d %b}" for one in report.days]
    series = [
        Series("needed for what came", [one.required_hours for one in report.days], COLOURS[1]),
        Series("planned", [one.scheduled_hours for one in report.days], COLOURS[4]),
    ]
    if report.everybody is not None:
        series.append(Series("on the line", [one.present_hours for one in report.days], COLOURS[0]))
    yield bars("Staff hours a day", labels, series, " h")
    if report.period.causes is not None:
        names = {
            "volume": "contacts",
            "handle_time": "time each took",
            "absence": "absence",
            "adherence": "time on the line",
        }
        yield bars(
            "Why fewer or more staff hours were free than planned",
            labels,
            [
                Series(
                    word, [None if one.causes is None else getattr(one.causes, name) for one in report.days], COLOURS[n]
                )
                for n, (name, word) in enumerate(names.items())
            ],
            " h",
        )
    cost = report.cost
    if cost.per_contact is not None and cost.planned and report.audience == "team":
        yield (
            f"<p>Pay planned: {cost.planned:,.2f} {escape(report.currency)}; of shifts not worked {cost.missed:,.2f}, "
            f"of extra time {cost.extra:,.2f}; {cost.per_contact:,.2f} a contact.</p>"
        )


def _team(report: Report) -> Iterator[str]:
    if report.everybody is None:
        return
    yield "<h2>Attendance</h2>"
    rows: list[tuple[str, Attendance]] = [("Everybody", report.everybody)]
    rows += [(team.name, team) for team in report.teams]
    yield _attendance(rows)
    weeks = sorted({one.start_date for one in report.trends})
    if len(weeks) > 1:
        names = {team.team_id: team.name for team in report.teams}
        parties = list(dict.fromkeys(one.team_id for one in report.trends))
        adherence = {(one.team_id, one.start_date): one.adherence_percent for one in report.trends}
        yield lines(
            "Time spent as scheduled, week by week",
            [f"{week:%d %b}" for week in weeks],
            [
                Series(
                    "everybody" if party is None else names[party],
                    [adherence.get((party, week)) for week in weeks],
                    COLOURS[number % len(COLOURS)],
                    dashed=party is None,
                )
                for number, party in enumerate(parties)
            ],
            " %",
        )
    if report.strengths:
        yield "<h2>Who does well where</h2>"
        yield _strengths(report)
    yield "<h2>Agents</h2>"
    yield _attendance([(agent.name, agent) for agent in report.agents])


def _attendance(rows: Sequence[tuple[str, Attendance]]) -> str:
    heads = (
        "", "Shifts", "Missed", "As scheduled", "On queue of scheduled", "Attended", "Late min", "Left early min",
        "Extra min", "Shrinkage planned", "Shrinkage",
    )  # fmt: skip
    return _table(
        heads,
        (
            (
                name,
                f"{one.shifts:,}",
                f"{one.shifts_missed:,}",
                _percent(one.adherence_percent),
                _percent(one.conformance_percent),
                _percent(one.attendance_percent),
                f"{one.late_minutes:,}",
                f"{one.left_early_minutes:,}",
                f"{one.extra_minutes:,}",
                _percent(one.shrinkage_planned_percent),
                _percent(one.shrinkage_percent),
            )
            for name, one in rows
        ),
    )


def _strengths(report: Report) -> str:
    agents = {agent.agent_id: agent.name for agent in report.agents}
    teams = {team.team_id: team.name for team in report.teams}
    groups = {group.id: group.name for group in report.planning_groups}

    def who(one: Strength) -> str:
        return agents.get(one.agent_id, one.agent_id) if one.agent_id else teams.get(one.team_id or "", "")

    ordered = sorted(
        report.strengths, key=lambda one: (one.planning_group_id, one.agent_id is not None, one.aht_seconds)
    )
    return _table(
        ("", "Work", "Contacts", "Seconds each", "Against all"),
        (
            (
                who(one),
                groups.get(one.planning_group_id, one.planning_group_id),
                f"{one.contacts:,}",
                f"{one.aht_seconds:.0f}",
                f"{one.against_all_percent:+.1f} %",
            )
            for one in ordered
        ),
    )


def _notes(report: Report) -> Iterator[str]:
    if report.messages:
        yield "<h2>Notes</h2>"
        yield from (f"<p class='note'>{escape(message.text)}</p>" for message in report.messages)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f"<th scope='col'>{escape(cell)}</th>" for cell in heads)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f} %"


def _number(value: float | None, digits: int = 0) -> str:
    return "–" if value is None else f"{value:,.{digits}f}"

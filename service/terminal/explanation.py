"""An explanation on the terminal: what is short and why, who is at a limit, what cures a conflict."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from schemas.explanation import AgentExplanation, Explanation, InfeasibleAgent, RuleMargin, ShortIntervals

MOST_SHORT = 10
MOST_CONFLICTS = 10
STATES = {"broken": "red", "at_limit": "yellow", "near": "yellow", "free": "green", "kept": "dim"}


def show_explanation(console: Console, explanation: Explanation, agent_id: str | None = None) -> None:
    """Print the whole in short, or what is told of one agent."""
    if agent_id is not None:
        _show_agent(console, explanation, agent_id)
        return
    console.print(Text(explanation.text, style="bold"))
    dearest = sorted(explanation.short_intervals, key=lambda run: (-run.cost, run.start))
    for run in dearest[:MOST_SHORT]:
        _show_short(console, run)
    _more(console, len(dearest) - MOST_SHORT, "short stretches that cost less")
    for conflict in explanation.infeasible_agents[:MOST_CONFLICTS]:
        _show_conflict(console, conflict)
    _more(console, len(explanation.infeasible_agents) - MOST_CONFLICTS, "agents without a roster")
    if explanation.agents:
        console.print()
        console.print(_limits(explanation.agents))
    for message in explanation.messages:
        console.print(Text(message.text, style="dim"))


def _show_short(console: Console, run: ShortIntervals) -> None:
    until = f"{run.end:%H:%M}"
    missing = max(need - there for need, there in zip(run.required, run.scheduled, strict=True))
    console.print()
    console.print(
        Text(f"{run.planning_group_id}, {run.start:%a %d %b %H:%M} to {until}", style="bold").append(
            f": {missing:g} of {max(run.required):g} missing, {run.cost:,.2f}", style="red not bold"
        )
    )
    for cause in run.causes:
        console.print(Text(f"  {cause.text}"))


def _show_conflict(console: Console, conflict: InfeasibleAgent) -> None:
    console.print()
    text = conflict.text.partition(" A cure: ")[0]
    console.print(Text(text, style="red"))
    if conflict.like_it:
        console.print(f"  and so for {len(conflict.like_it)} more: {', '.join(conflict.like_it[:5])}", markup=False)
    for cure in conflict.cures:
        console.print(Text(f"  {cure.text}", style="green"))


def _show_agent(console: Console, explanation: Explanation, agent_id: str) -> None:
    for agent in explanation.agents:
        if agent.agent_id == agent_id:
            console.print(Text(agent.text, style="bold"))
            for rule in agent.rules:
                console.print(Text(f"  {rule.text}", style=STATES[rule.state]))
            for wish in agent.preferences:
                console.print(Text(f"  {wish.text}", style="green" if wish.met else "red"))
    for conflict in explanation.infeasible_agents:
        if agent_id in (conflict.agent_id, *conflict.like_it):
            _show_conflict(console, conflict)


def _limits(agents: tuple[AgentExplanation, ...]) -> Table:
    """How many agents are at, near or beyond the limit of each rule."""
    table = Table("Rule", box=None)
    for head in ("broken", "at the limit", "near", "free"):
        table.add_column(head, justify="right")
    counts: dict[str, dict[str, int]] = {}
    for agent in agents:
        tightest: dict[str, RuleMargin] = {}
        for rule in agent.rules:  # the tightest first
            tightest.setdefault(rule.rule, rule)
        for kind, rule in tightest.items():
            row = counts.setdefault(kind, {})
            row[rule.state] = row.get(rule.state, 0) + 1
    for kind, row in sorted(counts.items()):
        table.add_row(kind, *(str(row.get(state, 0)) for state in ("broken", "at_limit", "near", "free")))
    return table


def _more(console: Console, count: int, what: str) -> None:
    if count > 0:
        console.print(f"… and {count:,} more {what}")

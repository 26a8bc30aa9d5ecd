"""`stint example`: a realistic request to try things with."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from service.commands.common import STANDARD_OUTPUT, OutputFile, write


def example(
    agents: Annotated[int, typer.Option(min=1, max=20_000, help="Agents.")] = 40,
    days: Annotated[int, typer.Option(min=1, max=366, help="Days to plan.")] = 7,
    groups: Annotated[int, typer.Option(min=1, max=8, help="Planning groups.")] = 1,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same contact centre.")] = 1,
    start: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day; a Monday if none.")] = None,
    night: Annotated[bool, typer.Option("--night", help="Open around the clock.")] = False,
    output: OutputFile = None,
) -> None:
    """Write a realistic request to try things with."""
    from solver.example import as_text, example_request

    first = start.date() if start else None
    request = example_request(agents=agents, days=days, groups=groups, seed=seed, start_date=first, night=night)
    write(as_text(request) + "\n", output or STANDARD_OUTPUT)

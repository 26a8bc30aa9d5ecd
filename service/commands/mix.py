"""`stint mix`: how many of which contract."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from service.commands.common import OutputFile, errand_on, show_or_write


def mix(
    request: Annotated[Path, typer.Argument(metavar="MIX.json", help="A roster request and the contracts on offer.")],
    output: OutputFile = None,
) -> None:
    """How many people on which contract do the work at least cost, with the roster that shows it and a proved bound."""
    from schemas.mix import WorkPlanMix
    from service.terminal.mix import show_mix

    answer = errand_on("mix", request)
    show_or_write(answer, output, lambda console: show_mix(console, WorkPlanMix.model_validate(answer)))

"""`stint capacity`: whom to hire when."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from service.commands.common import OutputFile, errand_on, show_or_write


def capacity(
    request: Annotated[Path, typer.Argument(metavar="CAPACITY.json", help="Weeks of work, staff, terms of hiring.")],
    output: OutputFile = None,
) -> None:
    """Weeks of work and people to hires at least cost, and what other service goals would cost."""
    from schemas.capacity import CapacityPlan
    from service.terminal.capacity import show_capacity

    answer = errand_on("capacity", request)
    show_or_write(answer, output, lambda console: show_capacity(console, CapacityPlan.model_validate(answer)))

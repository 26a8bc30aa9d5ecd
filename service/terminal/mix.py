"""A mix of contracts on the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from schemas.mix import WorkPlanMix


def show_mix(console: Console, mix: WorkPlanMix) -> None:
    """How many of each contract, and what that costs."""
    table = Table("Contract", box=None)
    table.add_column("Agents", justify="right")
    table.add_column("Paid hours", justify="right")
    for one in mix.contracts:
        table.add_row(one.contract_id, str(one.agents), f"{one.paid_hours:,.2f}")
    console.print(table)
    if mix.cost is None:
        console.print("No mix was found within the time.")
    else:
        console.print(f"{mix.cost.total:,.2f} in all, of which {mix.employment_cost:,.2f} for employment.")
    if mix.lower_bound is not None:
        console.print(f"No mix costs less than {mix.lower_bound:,.2f} (gap {mix.gap_percent or 0:.2f} %).")
    for message in mix.messages:
        console.print(message.text, markup=False)

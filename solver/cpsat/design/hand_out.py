"""From numbers to people: the ways of each day handed out to agents of whom nothing is asked but to be there once."""

from __future__ import annotations

import numpy as np

from solver.compile.model import Plan
from solver.cpsat.design.numbers import Counts
from solver.cpsat.design.ways import Ways, written


def hand_out(ways: Ways, counts: Counts) -> Plan | None:
    """Hands the shifts of each day to agents who are done with the last one; None where there are too few agents.

    The earliest shift goes to whoever has been free the longest: if any way of handing out a day works, this does.
    """
    model = ways.model
    plan, free = Plan.empty(model), np.zeros(len(model.agents), np.int64)
    for number, crew in enumerate(ways.crews):
        agents = np.array(crew.agents)
        for day in range(model.days):
            mine = [way for way in counts if ways.crew[way] == number and ways.day[way] == day]
            worked = [way for way in sorted(mine, key=lambda way: int(ways.start[way])) for _ in range(counts[way])]
            resting = agents[np.argsort(free[agents], kind="stable")].tolist()
            if len(worked) > len(resting):
                return None
            for agent, way in zip(resting, worked, strict=False):
                start = int(ways.start[way])
                if free[agent] > start:
                    return None
                shift, starts = written(ways, way, plan.starts.shape[2])
                free[agent] = start + int(model.shifts.length[shift])
                plan.shift[agent, day] = shift
                plan.starts[agent, day] = starts
    return plan

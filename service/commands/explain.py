"""`stint explain`: why a roster is as it is, or why there is none."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from service.commands.common import (
    BROKEN,
    DONE,
    FOUND_WANTING,
    WRONG_INPUT,
    OutputFile,
    RequestFile,
    check_writable,
    console_on,
    end,
    end_with,
    read,
    read_request_of,
    read_roster_of,
    write,
)


def explain(
    request: RequestFile,
    roster: Annotated[Path | None, typer.Argument(metavar="[ROSTER.json]", help="A roster for the request.")] = None,
    agent_id: Annotated[str | None, typer.Option("--agent", help="Tell of this agent.")] = None,
    output: OutputFile = None,
) -> None:
    """Tell why a roster is as it is: short intervals and their causes, agents at their limits.

    Without a roster: which agents have none and what would cure that, or which intervals nobody could cover.
    """
    import asyncio
    import json

    from schemas.explanation import Explanation
    from service.jobs.errands import answered
    from service.jobs.errors import ServiceError
    from service.settings import Settings
    from service.terminal.explanation import show_explanation

    raw = read(request)
    wanted = read_request_of(request, raw)
    if agent_id is not None and all(agent.id != agent_id for agent in wanted.agents):
        end(WRONG_INPUT, f"{request} has no agent {agent_id!r}.")
    made = b"null" if roster is None else read_roster_of(roster).model_dump_json().encode()
    check_writable(output)
    question = b'{"request":' + raw + b',"roster":' + made + b"}"
    try:
        answer = asyncio.run(answered("explanation", question, Settings()))
    except ServiceError as error:
        end(BROKEN, error.detail)
    explanation = Explanation.model_validate(answer)
    if output is not None:
        write(json.dumps(answer, ensure_ascii=False) + "\n", output)
    else:
        show_explanation(console_on(sys.stdout), explanation, agent_id)
    end_with(FOUND_WANTING if explanation.infeasible_agents else DONE)

"""Writes the pages of docs/reference that are made from the code: `make docs`. A test fails when one is stale."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import typer
from pydantic import BaseModel

import solver.roster_rules
import solver.rules  # noqa: F401  # fills the book of rules
from schemas.capacity import CapacityPlan, CapacityRequest
from schemas.explanation import Explanation
from schemas.forecast import Forecast, ForecastRequest
from schemas.prediction import Prediction, PredictionRequest
from schemas.report import Report, ReportRequest
from schemas.request import RosterRequest
from schemas.roster import Roster
from schemas.roster_rule import RosterRule
from schemas.rule import Rule
from schemas.staffing import Staffing, StaffingRequest
from service.cli import app
from service.settings import Settings

Json = dict[str, Any]
REFERENCE = Path(__file__).parent / "reference"


def request_page() -> str:
    """Every field of a request and of a roster."""
    return _schemas_page("The request and the roster", ("Request", RosterRequest), ("Roster", Roster))


def capacity_page() -> str:
    """Every field of a capacity request and of its plan."""
    return _schemas_page("Capacity plans", ("Request", CapacityRequest), ("Plan", CapacityPlan))


def explanation_page() -> str:
    """Every field of an explanation."""
    return _schemas_page("Explanations", ("Explanation", Explanation))


def staffing_page() -> str:
    """Every field of a staffing request and of its answer."""
    return _schemas_page("Staffing", ("Request", StaffingRequest), ("Answer", Staffing))


def forecasts_page() -> str:
    """Every field of a forecast request and of its answer."""
    return _schemas_page("Forecasts", ("Request", ForecastRequest), ("Forecast", Forecast))


def predictions_page() -> str:
    """Every field of a prediction request and of its answer, but those of the request, the roster and the work."""
    models = ("Request", PredictionRequest), ("Prediction", Prediction)
    return _schemas_page("Predicted service", *models, elsewhere=ELSEWHERE)


def reports_page() -> str:
    """Every field of a report request and of its answer, but those of the request, the roster and the work."""
    return _schemas_page("Reports", ("Request", ReportRequest), ("Report", Report), elsewhere=ELSEWHERE)


ELSEWHERE = {
    "request-and-roster.md": (RosterRequest, Roster),
    "staffing.md": (StaffingRequest,),
}
"""Pages that tell of models, and of all within them, that other pages need not tell of again."""


def _schemas_page(
    name: str,
    *models: tuple[str, type[BaseModel]],
    elsewhere: Mapping[str, tuple[type[BaseModel], ...]] = MappingProxyType({}),
) -> str:
    """Every field of what goes in and comes out."""
    told = {
        part
        for others in elsewhere.values()
        for other in others
        for part in (other.__name__, *other.model_json_schema().get("$defs", {}))
    }
    lines = [
        f"# {name}",
        "",
        "An unknown field is refused, so that a misspelt one is not ignored.",
        "Bounds of a field stand behind its type.",
        "",
    ]
    lines += [
        f"{', '.join(other.__name__ for other in others)}: see [{page}]({page})." for page, others in elsewhere.items()
    ]
    lines += [""] if elsewhere else []
    for title, model in models:
        schema = model.model_json_schema(mode="validation")
        lines += [f"## {title}", "", *_object(schema)]
        for part_name, part in sorted(schema.get("$defs", {}).items()):
            if part.get("type") == "object" and part_name not in told:
                lines += [f"### {part_name}", "", *_object(part)]
    return "\n".join(lines).rstrip() + "\n"


def rules_page() -> str:
    """Every rule with its fields."""
    lines = [
        "# Rules",
        "",
        "A work plan's `rules` are objects told apart by `kind`.",
        "A rule is hard; with a `cost` it may be broken, and each unit of breach costs so much.",
        "`GET /v1/rules` gives the same list with each rule's JSON Schema.",
        "",
    ]
    for kind, rule in sorted(Rule.book.items()):
        schema = rule.model_json_schema(mode="validation")
        lines += [f"## {kind}", "", *_object(schema, without=("kind",)), f"```json\n{_example(rule)}\n```", ""]
    lines += [
        "# Rules of the roster",
        "",
        "A request's `roster_rules` are about all agents together.",
        "A rule is hard; with a `cost_per_hour` it may be broken, and each agent too many or too few costs so much.",
        "",
    ]
    for kind, roster_rule in sorted(RosterRule.book.items()):
        schema = roster_rule.model_json_schema(mode="validation")
        lines += [f"## {kind}", "", *_object(schema, without=("kind",))]
    return "\n".join(lines).rstrip() + "\n"


def settings_page() -> str:
    """Every setting of the service."""
    lines = [
        "# Settings",
        "",
        "Each is an environment variable, or a key of `stint.toml` in the working directory, there in lower case and",
        "without the prefix. The environment wins.",
        "",
        "| variable | default | meaning |",
        "|---|---|---|",
    ]
    for name, field in Settings.model_fields.items():
        shown = "none" if field.default is None else f"`{field.default}`"
        default = "by the machine" if field.default_factory or name == "solver_command" else shown
        lines.append(f"| `STINT_{name.upper()}` | {default} | {field.description} |")
    return "\n".join(lines) + "\n"


def command_line_page() -> str:
    """Every command with its arguments and options."""
    command: Any = typer.main.get_command(app)
    lines = ["# The command line", "", command.help or "", "", command.epilog or "", ""]
    context = command.context_class(command, info_name="stint")
    for name in command.list_commands(context):
        lines += _command(command.get_command(context, name), name, context)
    return "\n".join(lines).rstrip() + "\n"


def _command(command: Any, name: str, parent: Any) -> Iterator[str]:
    """The description of a command, or of each command of a group."""
    context = command.context_class(command, info_name=name, parent=parent)
    if hasattr(command, "list_commands"):
        for inner in command.list_commands(context):
            yield from _command(command.get_command(context, inner), inner, context)
        return
    path = context.command_path
    usage = " ".join([path, *command.collect_usage_pieces(context)])
    yield from (f"## {path}", "", inspect.cleandoc(command.help or ""), "", f"```\n{usage}\n```", "")
    records = [record for parameter in command.params if (record := parameter.get_help_record(context))]
    if records:
        yield from ("| | |", "|---|---|", *(f"| `{left}` | {right} |" for left, right in records), "")


PAGES: dict[str, Callable[[], str]] = {
    "request-and-roster.md": request_page,
    "staffing.md": staffing_page,
    "forecasts.md": forecasts_page,
    "predictions.md": predictions_page,
    "reports.md": reports_page,
    "capacity.md": capacity_page,
    "explanation.md": explanation_page,
    "rules.md": rules_page,
    "settings.md": settings_page,
    "command-line.md": command_line_page,
}


def _object(schema: Json, without: tuple[str, ...] = ()) -> Iterator[str]:
    """The description of an object and a table of its fields."""
    yield from (inspect.cleandoc(schema.get("description", "")), "")
    fields = {name: field for name, field in schema.get("properties", {}).items() if name not in without}
    if not fields:
        return
    yield from ("| field | type | default | meaning |", "|---|---|---|---|")
    for name, field in fields.items():
        default = "required" if name in schema.get("required", []) else _default(field)
        meaning = field.get("description", "").replace("\n", " ")
        yield f"| `{name}` | {_type(field)} | {default} | {meaning} |"
    yield ""


def _type(field: Json) -> str:
    """What may stand in a field, in words."""
    if "$ref" in field:
        return str(field["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in field:
        return " or ".join(_type(part) for part in field["anyOf"] if part.get("type") != "null")
    if "enum" in field:
        return ", ".join(f"`{json.dumps(value)}`" for value in field["enum"])
    if "const" in field:
        return f"`{json.dumps(field['const'])}`"
    if field.get("type") == "array":
        return f"list of {_type(field.get('items', {}))}"
    return f"{field.get('type', 'any')}{_bounds(field)}"


def _bounds(field: Json) -> str:
    words = {
        "minimum": "at least {}",
        "exclusiveMinimum": "above {}",
        "maximum": "at most {}",
        "exclusiveMaximum": "below {}",
        "format": "{}",
        "pattern": "`{}`",
    }
    said = [text.format(field[key]) for key, text in words.items() if key in field]
    return f" ({', '.join(said)})" if said else ""


def _default(field: Json) -> str:
    default = field.get("default")
    if isinstance(default, dict):
        return "its own defaults"
    return "none" if default in (None, "", []) else f"`{json.dumps(default)}`"


def _example(rule: type[BaseModel]) -> str:
    """The rule as it would stand in a request, from the examples of its fields."""
    given = {"kind": rule.model_fields["kind"].default}
    given |= {name: field.examples[0] for name, field in rule.model_fields.items() if field.examples and name != "cost"}
    return json.dumps(given)


def main() -> None:
    """Write every generated page."""
    for name, page in PAGES.items():
        (REFERENCE / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()

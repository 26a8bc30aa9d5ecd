"""What every rule of a work plan has in common; the rules themselves are the solver's rule book."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field, SerializeAsAny, WithJsonSchema

from schemas.base import Schema
from schemas.money import Amount


class Rule(Schema):
    """A rule of an agent's tour, told apart by `kind`; hard unless it has a `cost`, the price of one unit of breach."""

    book: ClassVar[dict[str, type[Rule]]] = {}
    """Every rule there is, by kind; a rule enters it by being defined."""

    kind: str = Field(description="Which rule it is.")
    cost: Amount | None = Field(
        default=None, description="Price of one unit of breach; without it the rule is hard.", examples=[5]
    )

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        kind = cls.model_fields["kind"].default
        if isinstance(kind, str):
            Rule.book[kind] = cls


def _by_kind(value: object) -> object:
    """Reads a rule as the one that its kind names."""
    if isinstance(value, Rule):
        return value
    if not isinstance(value, dict) or not isinstance(value.get("kind"), str):
        raise ValueError("a rule is an object with a kind")
    rule = Rule.book.get(value["kind"])
    if rule is None:
        raise ValueError(f"there is no rule of kind {value['kind']!r}; there are {', '.join(sorted(Rule.book))}")
    return rule.model_validate(value)


AnyRule = Annotated[
    SerializeAsAny[Rule],
    BeforeValidator(_by_kind),
    WithJsonSchema({"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}}}),
]

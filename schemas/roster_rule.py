"""What every rule of the roster as a whole has in common; the rules themselves are the solver's book of them."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field, SerializeAsAny, WithJsonSchema

from schemas.base import Schema


class RosterRule(Schema):
    """A rule of all agents together, told apart by `kind`; hard unless it has a price."""

    book: ClassVar[dict[str, type[RosterRule]]] = {}
    """Every rule there is, by kind; a rule enters it by being defined."""

    kind: str = Field(description="Which rule it is.")

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        field = cls.model_fields.get("kind")
        if field is not None and isinstance(field.default, str):
            RosterRule.book[field.default] = cls


def _by_kind(value: object) -> object:
    """Reads a rule as the one that its kind names."""
    if isinstance(value, RosterRule):
        return value
    if not isinstance(value, dict) or not isinstance(value.get("kind"), str):
        raise ValueError("a rule is an object with a kind")
    rule = RosterRule.book.get(value["kind"])
    if rule is None:
        known = ", ".join(sorted(RosterRule.book))
        raise ValueError(f"there is no rule of the roster of kind {value['kind']!r}; there are {known}")
    return rule.model_validate(value)


AnyRosterRule = Annotated[
    SerializeAsAny[RosterRule],
    BeforeValidator(_by_kind),
    WithJsonSchema({"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}}}),
]

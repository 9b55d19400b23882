"""What a value of the graph reads as, by its schema, so that no noun is known here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from graphql import GraphQLEnumType, GraphQLField, get_named_type

from api.page import wording
from api.page.query import can_be_hedged, type_of
from api.page.wording import DisplayValue, Item, Named
from schema.build import build
from schema.graph.catalog import ColumnField, catalog
from schema.model.field_names import field_names as field_constants
from schema.model.fields import Relation, Value
from schema.model.noun import Link
from schema.model.registry import nouns

VALUES = {"PartialDate": wording.date, "Quantity": wording.quantity, "Money": wording.money}


def field_of(type: str, name: str) -> GraphQLField | None:
    """A field as the graph declares it."""
    kind = build()._schema.type_map.get(type)  # noqa: SLF001  # Strawberry has no other way in
    fields: Mapping[str, GraphQLField] = getattr(kind, "fields", {})
    return fields.get(name)


def field_names(type: str) -> list[str]:
    """The names of all fields of a type."""
    kind = build()._schema.type_map.get(type)  # noqa: SLF001  # Strawberry has no other way in
    return [*getattr(kind, "fields", {})]


def with_fields(value: Any) -> Any:
    """A part of an answer in which fields are named as types name them, and not as constants."""
    if isinstance(value, list):
        return [with_fields(each) for each in value]
    if not isinstance(value, dict):
        return value
    found = {key: with_fields(each) for key, each in value.items()}
    names = field_constants().__members__
    for key in ("field", "elementField"):
        if found.get(key) in names:
            found[key] = names[found[key]].value
    return found


def described(type: str, name: str | None = None) -> str:
    """What the graph says of a type, or of one of its fields."""
    kind = build()._schema.type_map.get(type)  # noqa: SLF001  # as above
    said = field_of(type, name) if name else kind
    return getattr(said, "description", None) or ""


def display_value(type: str, name: str, value: Any) -> DisplayValue:
    """One value of a field, as the graph or the JSON of a claim gives it."""
    declared = catalog.get(type, {}).get(name)
    if isinstance(value, Mapping):
        if isinstance(declared, Value):
            return VALUES[declared.kind.__name__](value)
        return reference(value) if "id" in value else DisplayValue(_pairs(value))
    if isinstance(value, list):
        return DisplayValue(", ".join(display_value(type, name, each).text for each in value))
    if isinstance(value, bool):
        return DisplayValue("Yes" if value else "No")
    if not isinstance(value, str):
        return DisplayValue(str(value))
    return _text(type, name, value)


def _text(type: str, name: str, value: str) -> DisplayValue:
    declared, field = catalog.get(type, {}).get(name), field_of(type, name)
    kind = get_named_type(field.type) if field else None
    if isinstance(kind, GraphQLEnumType):
        member = kind.values.get(value)
        return DisplayValue(wording.choice(value), (member.description or "",) if member else ())
    if kind is not None and kind.name == "DateTime":
        return DisplayValue(wording.instant(value))
    if field and not isinstance(declared, ColumnField) and type_of(value):
        return DisplayValue(value, id=value)
    if name.startswith("stated"):
        return DisplayValue("", stated=value)
    return DisplayValue(wording.language(value)) if _is_code(type, name) else wording.text(value)


def _is_code(type: str, name: str) -> bool:
    """Whether a field holds the code of a language or a script."""
    declared = catalog.get(type, {}).get(name)
    if not isinstance(declared, ColumnField) or type not in nouns():
        return False
    extra = nouns()[type].model_fields[declared.column].json_schema_extra
    return isinstance(extra, dict) and extra.get("iso") in ("language", "script")


def _pairs(value: Mapping[str, Any]) -> str:
    return "; ".join(f"{wording.label(key)}: {part}" for key, part in value.items())


def reference(record: Mapping[str, Any]) -> DisplayValue:
    """A record that is pointed at."""
    sure = wording.hedge(record.get("factuality"))
    return DisplayValue(record.get("title") or record["id"], id=record["id"], hedge=sure)


def hedges(record: Mapping[str, Any]) -> dict[str, str | None]:
    """The fields of a record, or of a part of one, whose values are not asserted, with the words.

    What is hedged of its parts stands beside these.
    """
    key = "elementField" if is_link(record["__typename"]) else "field"
    return {
        each[key]: wording.hedge(each["factuality"])
        for each in (record.get("hedges") or {}).get("nodes", ())
        if key == "elementField" or each["element"] is None
    }


def hedged(value: DisplayValue, hedge: str | None) -> DisplayValue:
    """A value with the words for how sure it is not, beside those that it has."""
    words = ", ".join(dict.fromkeys(filter(None, (value.hedge, hedge))))
    return replace(value, hedge=words or None)


def facts(
    type: str,
    value: Mapping[str, Any],
    left_out: frozenset[str],
    unsure: Mapping[str, str | None] | None = None,
) -> tuple[Named, ...]:
    """What an object says, but for what is left out or holds nothing."""
    unsure = unsure or {}
    return tuple(
        Named(
            wording.label(name),
            hedged(replace(display_value(type, name, part), notes=()), unsure.get(name)),
        )
        for name, part in value.items()
        if part is not None and name not in left_out
    )


APART = frozenset({"__typename", "id", "title", "titleOrigin"})


def item(record: Mapping[str, Any], owner: str, left_out: frozenset[str] = frozenset()) -> Item:
    """One entry of a list on the page of its owner, which it need not name again.

    A link leads to its other end, and beside that to its own page.
    """
    type, unsure, own_hedge = record["__typename"], hedges(record), None
    if can_be_hedged(type):
        own_hedge = wording.hedge(record.get("factuality"))
        left_out |= {"factuality", "hedges"}
    pointing = {name: value for name, value in record.items() if isinstance(value, Mapping)}
    own = {name for name, value in pointing.items() if value.get("id") == owner}
    other = next((name for name in pointing if name not in own and _joins(type, name)), None)
    rest = APART | own | left_out
    if other:
        head = hedged(reference(record[other]), own_hedge)
        return Item(head, facts(type, record, rest | {other}, unsure), record["id"])
    title = record.get("title") or record.get("exact") or record["id"]
    same = (title, title.upper().replace(" ", "_"))
    repeated = {name for name, value in record.items() if value in same}
    head = DisplayValue(
        title,
        id=record["id"],
        language=record.get("language") if repeated else None,
        hedge=own_hedge,
    )
    return Item(head, facts(type, record, rest | repeated, unsure))


def is_link(type: str) -> bool:
    """Whether a type is a part of a record, with no evidence but that of its record."""
    return type in nouns() and issubclass(nouns()[type], Link)


def _joins(type: str, name: str) -> bool:
    """Whether a field is one of the two ends of a link."""
    declared = catalog[type].get(name)
    return is_link(type) and isinstance(declared, Relation) and declared.required

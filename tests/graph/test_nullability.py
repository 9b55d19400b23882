"""What can be null, and how fields are named: rules of our own where a linter's are too wide."""

from __future__ import annotations

import pytest
from graphql import (
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    build_schema,
    get_named_type,
    is_list_type,
    is_specified_scalar_type,
)

from schema.model.field_names import field_names
from schema.model.registry import nouns
from schema.planning.joins import claimed_fields
from tests.support.checkout import CONTRACT

SCHEMA = build_schema(CONTRACT.read_text("utf-8"))
COMPOSITE = {
    name: type
    for name, type in SCHEMA.type_map.items()
    if isinstance(type, GraphQLObjectType | GraphQLInterfaceType) and not name.startswith("__")
}
OF_ALL_RECORDS = {("Source", "sources")}
"""A field that every record has, though it begins as one record's type is called."""


def test_connections_are_never_null_and_what_a_root_field_looks_up_may_be() -> None:
    for owner, type in COMPOSITE.items():
        for name, field in type.fields.items():
            named = get_named_type(field.type).name
            if named.endswith("Connection"):
                assert isinstance(field.type, GraphQLNonNull), f"{owner}.{name}"
            elif owner == "Query" and not is_list_type(getattr(field.type, "of_type", None)):
                assert not isinstance(field.type, GraphQLNonNull), f"{owner}.{name}"


def test_no_field_repeats_the_name_of_its_type() -> None:
    repeating = {
        (owner, name)
        for owner, type in COMPOSITE.items()
        for name in type.fields
        if name.lower().startswith(owner.lower())
    }
    assert repeating <= OF_ALL_RECORDS


def test_no_number_reads_as_a_list() -> None:
    """A number of things is called `…Count`, and not as the things are."""
    plural = {
        f"{owner}.{name}"
        for owner, type in COMPOSITE.items()
        for name, field in type.fields.items()
        if str(field.type).rstrip("!") == "Int" and name.endswith("s")
    }
    assert plural == set()


def test_every_scalar_of_our_own_is_specified() -> None:
    own = [
        type
        for type in SCHEMA.type_map.values()
        if isinstance(type, GraphQLScalarType) and not is_specified_scalar_type(type)
    ]
    assert {type.name for type in own} >= {"JSON", "Date", "DateTime", "Decimal", "CslItem"}
    for type in own:
        assert (type.specified_by_url or "").startswith("https://"), type.name
        assert type.description, type.name


def test_the_schema_says_what_it_is() -> None:
    assert (SCHEMA.description or "").startswith("Pactbook: ")


def test_no_text_holds_json_or_the_name_of_a_field() -> None:
    texts = {
        f"{owner}.{name}"
        for owner, type in COMPOSITE.items()
        for name, field in type.fields.items()
        if get_named_type(field.type).name == "String"
    }
    assert not {each for each in texts if each.lower().endswith(("field", "noun"))}
    assert not {each for each in texts if "JSON" in _described(each)}


def _described(coordinate: str) -> str:
    owner, _, name = coordinate.partition(".")
    return COMPOSITE[owner].fields[name].description or ""


@pytest.mark.parametrize("owner", sorted(nouns()))
def test_every_field_that_can_be_claimed_has_its_constant(owner: str) -> None:
    if "claims" in COMPOSITE[owner].fields:
        missing = claimed_fields(owner) - {name.value for name in field_names()}
        assert missing <= {"titleOrigin", "coveredBy", "noun", "mainDate", "findings"}

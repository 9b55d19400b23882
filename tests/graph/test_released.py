"""The graph keeps what its last release has: what leaves it was deprecated in that release."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    REMOVE,
    DocumentNode,
    EnumTypeDefinitionNode,
    EnumValueDefinitionNode,
    FieldDefinitionNode,
    GraphQLAbstractType,
    GraphQLNamedType,
    GraphQLSchema,
    InputObjectTypeDefinitionNode,
    InputValueDefinitionNode,
    InterfaceTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    TypeDefinitionNode,
    Visitor,
    build_ast_schema,
    build_schema,
    find_breaking_changes,
    get_named_type,
    is_abstract_type,
    is_specified_scalar_type,
    parse,
    print_schema,
    visit,
)
from hypothesis import given
from hypothesis import strategies as st

from schema.build import build
from schema.graph.deprecations import DEPRECATED, deprecate
from schema.graph.sdl import sdl
from tests.support.checkout import CONTRACT

RELEASED = Path(__file__).with_name("released.graphql")
CURE = """\
What a release has leaves the graph only after a release in which it is `@deprecated`. Put it back,
name it in `schema/graph/deprecations.py`, and take it out after the next release. Whoever releases
renews what is compared here: `pactbook schema tests/graph/released.graphql`.
"""


class _Undeprecated(Visitor):
    """Leaves out what is deprecated."""

    def enter(
        self,
        node: FieldDefinitionNode | InputValueDefinitionNode | EnumValueDefinitionNode,
        *_: object,
    ) -> object:
        directives = getattr(node, "directives", None) or ()
        return REMOVE if any(each.name.value == "deprecated" for each in directives) else None


def promised(released: str) -> GraphQLSchema:
    """What a release has, without what is deprecated and what only that leads to."""
    document: DocumentNode = visit(parse(released), _Undeprecated())
    reached = {type.name for type in _reached(build_ast_schema(document, assume_valid=True))}
    kept = tuple(
        part
        for part in document.definitions
        if not isinstance(part, TypeDefinitionNode) or part.name.value in reached
    )
    return build_ast_schema(DocumentNode(definitions=kept), assume_valid=True)


def _reached(schema: GraphQLSchema) -> set[GraphQLNamedType]:
    """The types that anything leads to from the root."""
    assert schema.query_type is not None
    found: set[GraphQLNamedType] = set()
    pending: list[GraphQLNamedType] = [schema.query_type]
    while pending:
        type = pending.pop()
        if type not in found:
            found.add(type)
            pending += _next(schema, type)
    return found


def _next(schema: GraphQLSchema, type: GraphQLNamedType) -> Iterator[GraphQLNamedType]:
    """The types that one type leads to."""
    for field in getattr(type, "fields", {}).values():
        yield get_named_type(field.type)
        yield from (get_named_type(each.type) for each in getattr(field, "args", {}).values())
    yield from getattr(type, "interfaces", ())
    if is_abstract_type(type):
        abstract: GraphQLAbstractType = type
        yield from schema.get_possible_types(abstract)


def broken(released: str, now: str) -> list[str]:
    """What breaks who uses what a release has and does not deprecate."""
    changes = find_breaking_changes(promised(released), build_schema(now, assume_valid=True))
    return [f"{change.type.name}: {change.description}" for change in changes]


def test_the_graph_keeps_what_the_last_release_has() -> None:
    found = broken(RELEASED.read_text("utf-8"), CONTRACT.read_text("utf-8"))
    assert not found, "\n".join([*found, CURE])


SMALL = """
type Query { old(at: Int, when: When): Thing! new: Other all(where: Where): [Thing!]! }
type Thing { id: ID! size: Int! form: Form }
type Other { id: ID! form: Form }
enum Form { ROUND FLAT }
enum When { NOW THEN }
input Where { id: ID size: Int }
"""


@pytest.mark.parametrize(
    ("kept", "changed", "finding"),
    [
        (" size: Int! form", " form", "FIELD_REMOVED: Field Thing.size was removed."),
        ("size: Int! form", "size: Int form", "FIELD_CHANGED_KIND: Field Thing.size changed type"),
        (
            "size: Int! form",
            "size: String! form",
            "FIELD_CHANGED_KIND: Field Thing.size changed type",
        ),
        ("at: Int, ", "", "ARG_REMOVED: Argument Query.old(at:) was removed."),
        ("at: Int, ", "at: Int!, ", "ARG_CHANGED_KIND: Argument Query.old(at:) has changed type"),
        ("at: Int, ", "at: Int, to: Int!, ", "REQUIRED_ARG_ADDED: "),
        ("ROUND FLAT", "ROUND", "VALUE_REMOVED_FROM_ENUM: Enum value Form.FLAT was removed."),
        ("{ id: ID size: Int }", "{ id: ID }", "FIELD_REMOVED: Field Where.size was removed."),
        ("new: Other ", "", "FIELD_REMOVED: Field Query.new was removed."),
    ],
)
def test_what_breaks_clients_is_found(kept: str, changed: str, finding: str) -> None:
    assert kept in SMALL
    found = broken(SMALL, SMALL.replace(kept, changed))
    assert any(each.startswith(finding) for each in found), found


def test_what_only_adds_breaks_nobody() -> None:
    more = SMALL.replace("at: Int,", "at: Int, to: Int,").replace("FLAT", "FLAT BENT")
    assert broken(SMALL, more + "type More { id: ID! }") == []


def test_what_a_release_has_deprecated_may_go_with_what_it_alone_leads_to() -> None:
    gone = SMALL.replace("new: Other ", "").replace("type Other { id: ID! form: Form }\n", "")
    assert len(broken(SMALL, gone)) == 2
    told = SMALL.replace("new: Other", 'new: Other @deprecated(reason: "Ask for `all`.")')
    assert broken(told, gone) == []


@given(st.data())
def test_following_the_message_takes_any_field_out(data: st.DataObject) -> None:
    document = parse(SMALL)
    owners = [
        part
        for part in document.definitions
        if isinstance(
            part,
            ObjectTypeDefinitionNode
            | InterfaceTypeDefinitionNode
            | InputObjectTypeDefinitionNode
            | EnumTypeDefinitionNode,
        )
    ]
    owner: Any = data.draw(st.sampled_from(owners))
    members = owner.values if isinstance(owner, EnumTypeDefinitionNode) else owner.fields
    coordinate = f"{owner.name.value}.{data.draw(st.sampled_from(members or ())).name.value}"
    schema = build_schema(SMALL)
    deprecate(schema, {coordinate: "It goes."})
    told = print_schema(schema)
    gone = "\n".join(line for line in told.splitlines() if "@deprecated" not in line)
    assert told.count("@deprecated") == 1
    assert broken(SMALL, gone)
    assert broken(told, gone) == []


def test_what_is_deprecated_says_so_in_the_contract(monkeypatch: pytest.MonkeyPatch) -> None:
    core = build()._schema
    field = core.type_map["Agreement"].fields["purpose"]  # type: ignore[attr-defined]  # an object
    monkeypatch.setattr(field, "deprecation_reason", None)
    deprecate(core, {"Agreement.purpose": "Use `label`."})
    assert '  purpose: String @deprecated(reason: "Use `label`.")\n' in sdl(build())


@pytest.mark.parametrize("coordinate", ["Agreement.nothing", "Agreement", "AgreementKind.PIE"])
def test_only_what_there_is_can_be_deprecated(coordinate: str) -> None:
    with pytest.raises(KeyError, match=coordinate):
        deprecate(build_schema(CONTRACT.read_text("utf-8")), {coordinate: "It goes."})


def test_every_deprecation_says_what_to_use() -> None:
    assert all(reason.strip() for reason in DEPRECATED.values())


def test_the_release_is_compared_without_types_of_its_own() -> None:
    kept = promised(CONTRACT.read_text("utf-8"))
    whole = build_schema(CONTRACT.read_text("utf-8"))
    own = {name for name, type in whole.type_map.items() if not is_specified_scalar_type(type)}
    assert {name for name in own if not name.startswith("__")} <= kept.type_map.keys()

"""The columns of a noun's file, made from its declaration and from the graph."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_required_argument,
)

from api.files.column import JSON_TYPE, TEXT, Column, Node, datatype_of, described
from schema.graph.catalog import catalog, plural
from schema.model.fields import Id, Permalink, Relation, RoleRelation, Value
from schema.model.noun import Link, Record, camel, snake
from schema.model.reflection import link_lists
from schema.model.registry import nouns
from schema.planning.joins import UNCLAIMED

REASON, HEDGES = "reason", "hedges"
REASONS = ("NOT_STATED", "WITHHELD", "UNKNOWN", "NOT_APPLICABLE")
UNKNOWNS = "unknowns"
PAGE_INFO = "pageInfo { hasNextPage endCursor }"


@cache
def lists(schema: GraphQLSchema) -> dict[str, str]:
    """The noun of each list that the graph's root has of records, by the name of the list."""
    root = schema.query_type
    assert root is not None
    names = (*nouns(), *(["Edition"] if "Edition" in catalog else []))
    known = {plural(name): name for name in names}
    return {list: name for list, name in known.items() if list in root.fields}


@cache
def columns(schema: GraphQLSchema, name: str) -> dict[str, Column]:
    """Every column of a type by its name, in the order of a file."""
    kind = schema.type_map[name]
    assert isinstance(kind, GraphQLObjectType)
    found: dict[str, Column] = {}
    for field in catalog[name]:
        for column in _of_field(schema, name, field, kind.fields[field]):
            assert column.name not in found
            found[column.name] = column
    return found


def _of_field(
    schema: GraphQLSchema, name: str, field: str, shown: GraphQLField
) -> Iterator[Column]:
    """The columns that show one field, with the reason why it is empty."""
    declared = catalog[name][field]
    column = snake(field)
    if field == HEDGES:
        yield _hedges(name)
    elif isinstance(declared, Value):
        yield from _value(schema, field, shown)
    elif isinstance(declared, Relation):
        if declared.single:
            yield from _reference(schema, field, shown)
        elif _is_part(name, field, declared):
            yield from _listed(field, declared, shown)
        else:
            return
    elif is_leaf_type(get_named_type(shown.type)):
        if is_list_type(shown.type) or any(map(is_required_argument, shown.args.values())):
            return
        datatype, choices = datatype_of(get_named_type(shown.type))  # type: ignore[arg-type]  # a leaf
        yield Column(
            column,
            column,
            (field, ""),
            partial(_plain, field),
            "anyURI" if isinstance(declared, Permalink) else datatype,
            described(shown.description, get_named_type(shown.type)),
            choices,
            is_required=is_non_null_type(shown.type),
            is_id=isinstance(declared, Id),
            is_address=isinstance(declared, Permalink),
            is_usual=column not in _long(name),
        )
    if _has_reason(name, field, declared, shown):
        yield _reason(name, field)


def _long(name: str) -> frozenset[str]:
    """The columns of a noun that hold whole documents."""
    unsearched = nouns()[name].unsearched if name in nouns() else frozenset()
    return unsearched & {"text"}


def _is_part(name: str, field: str, relation: Relation) -> bool:
    """Whether a list is short by nature: the roles and the parts that a dossier gives a record."""
    parts = {camel(part) for part, _, _ in link_lists(nouns()[name])} if name in nouns() else ()
    return field in parts and not relation.paged


def _plain(field: str, node: Node) -> Any:
    return node[field]


def _inside(field: str, part: str, node: Node) -> Any:
    value = node[field]
    return None if value is None else value[part]


def _value(schema: GraphQLSchema, field: str, shown: GraphQLField) -> Iterator[Column]:
    """A column for each part of a value object."""
    kind = get_named_type(shown.type)
    assert isinstance(kind, GraphQLObjectType)
    for part, inner in kind.fields.items():
        if part == "id":
            continue
        leaf = get_named_type(inner.type)
        selected, datatype = part, JSON_TYPE
        choices: tuple[str, ...] = ()
        if isinstance(leaf, GraphQLObjectType):
            selected = f"{part} {{ {' '.join(leaf.fields)} }}"
        else:
            datatype, choices = datatype_of(leaf)
        yield Column(
            f"{snake(field)}_{snake(part)}",
            snake(field),
            (field, selected),
            partial(_inside, field, part),
            datatype,
            f"{shown.description} {described(inner.description, leaf)}",
            choices,
        )


def _reference(schema: GraphQLSchema, field: str, shown: GraphQLField) -> Iterator[Column]:
    """The id and the title of the record that is pointed at; of an edition its number."""
    target: Any = get_named_type(shown.type)
    is_required = is_non_null_type(shown.type)
    parts = [part for part in ("id", "title") if part in target.fields]
    if "title" not in parts:
        parts = [part for part in ("number",) if part in target.fields]
    for part in parts:
        leaf = target.fields[part]
        datatype, _ = datatype_of(get_named_type(leaf.type))
        yield Column(
            f"{snake(field)}_{part}",
            snake(field),
            (field, part),
            partial(_inside, field, part),
            datatype,
            f"{shown.description} {'Its' if part != 'id' else 'By its'} {part}.",
            is_required=is_required,
            is_id=part == "id",
            target=target.name if part == "id" else None,
        )


def _listed(field: str, relation: Relation, shown: GraphQLField) -> Iterator[Column]:
    """The ids and the titles of a short list; of a role those who have it."""
    is_role = isinstance(relation, RoleRelation)
    target = relation.target
    # States have hundreds of names.
    is_many = nouns()[target].is_name
    for part in ("id", "title"):
        yield Column(
            f"{snake(field)}_{part}",
            snake(field),
            (field, f"actor {{ {part} }}" if is_role else part),
            partial(_all_actors if is_role else _all, field, part),
            TEXT,
            f"{shown.description} The {part}s{' of the actors' if is_role else ''}, in one order.",
            is_list=True,
            is_required=True,
            is_id=part == "id",
            is_usual=is_role or (part == "title" and not is_many),
            target=None if part != "id" else "Actor" if is_role else target,
        )


def _all(field: str, part: str, node: Node) -> list[Any]:
    return [each[part] for each in node[field]]


def _all_actors(field: str, part: str, node: Node) -> list[Any]:
    return [each["actor"][part] for each in node[field]]


def _has_reason(name: str, field: str, declared: Any, shown: GraphQLField) -> bool:
    """Whether a field can be empty for a reason that a source gives."""
    noun = nouns().get(name)
    if noun is None or not noun.explained or UNKNOWNS not in catalog[name]:
        return False
    if field in UNCLAIMED or isinstance(declared, Id | Permalink):
        return False
    if isinstance(declared, Relation) and not declared.single:
        return snake(field) not in Record.declared.relations
    return not is_non_null_type(shown.type)


def _evidence(field: str, extra: str) -> tuple[str, str]:
    """What is selected of the claims that a field leads to."""
    return f"{field}(first: $evidence)", f"{PAGE_INFO} nodes {{ field elementField {extra} }}"


def _claims(name: str, field: str) -> Callable[[Node], Iterator[tuple[str, Node]]]:
    """The claims that a field leads to, each with the column of the record that it is about.

    What is claimed of the parts of a record is in the files of these.
    """
    is_part = name in nouns() and issubclass(nouns()[name], Link)
    place = "elementField" if is_part else "field"

    def claims(node: Node) -> Iterator[tuple[str, Node]]:
        for claim in node[field]["nodes"]:
            about = claim[place] if is_part or claim["elementField"] is None else None
            if about is not None:
                yield about.lower(), claim

    return claims


def _reason(name: str, field: str) -> Column:
    claims, column = _claims(name, UNKNOWNS), snake(field)

    def value(node: Node) -> str | None:
        return next((claim["status"] for about, claim in claims(node) if about == column), None)

    return Column(
        f"{column}_{REASON}",
        column,
        _evidence(UNKNOWNS, "status"),
        value,
        TEXT,
        f"Why `{column}` is empty, as its source has it: it was read and does not say, it will not "
        "say, it says that nobody knows, or the field has no meaning here. Empty where there is a "
        "value, or where no source was read for it.",
        REASONS,
        continued=UNKNOWNS,
    )


def _hedges(name: str) -> Column:
    claims = _claims(name, HEDGES)

    def value(node: Node) -> list[str]:
        return sorted({f"{about}={claim['factuality']}" for about, claim in claims(node)})

    return Column(
        HEDGES,
        HEDGES,
        _evidence(HEDGES, "factuality"),
        value,
        TEXT,
        "Its values that no source vouches for as a fact, each as `field=FACTUALITY`, such as "
        "`quantity=PLANNED`: reported, alleged, planned or possible only.",
        is_list=True,
        is_required=True,
        continued=HEDGES,
    )

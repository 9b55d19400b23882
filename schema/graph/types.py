"""From nouns to the graph: each noun's columns, values and relations become one GraphQL type."""

from __future__ import annotations

import inspect
from typing import Any, get_type_hints

import strawberry
from graphql import GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema

from schema.graph.arguments import Arguments, argument, paging, with_signature
from schema.graph.catalog import INTERFACES, ColumnField, FieldError, TypedObject, catalog, types
from schema.graph.declare import (
    WHERE,
    Fact,
    ResolvedField,
    ViewField,
    extensions,
    keeping_where,
    listed,
    shown_fields,
    views,
)
from schema.graph.values import declare_values
from schema.model.editions import Edition
from schema.model.fields import Id, Permalink, Relation, Template
from schema.model.noun import Derived, Titled, Versioned, camel
from schema.model.reflection import plain_columns
from schema.model.registry import nouns
from schema.model.values import list_of


def _answer(arguments: Arguments) -> Any:
    """A resolver that gives what the reader found, and has used these arguments for."""

    def resolve(root: Any, info: strawberry.Info, **given: Any) -> Any:
        value = root.values[info.path.key]
        if isinstance(value, FieldError):
            raise value.error
        return value

    return with_signature(resolve, arguments)


def tell_page_sizes(schema: GraphQLSchema, default: int, ceiling: int) -> None:
    """Has the arguments of connections say how many a page holds."""
    for type in schema.type_map.values():
        if not isinstance(type, GraphQLObjectType | GraphQLInterfaceType):
            continue
        for field in type.fields.values():
            for given in field.args.values():
                declared = given.extensions.get("strawberry-definition")
                if declared is not None and declared.metadata.get("is_page_size"):
                    words = declared.description
                    given.description = words.format(default=default, ceiling=ceiling)


def _empty_type(name: str, *bases: Any) -> Any:
    graph_type = type(name, bases, {"__module__": __name__})
    types[name] = graph_type
    return graph_type


def _add_field(
    graph_type: Any, name: str, kind: Any, description: str, arguments: Arguments | None = None
) -> None:
    """Gives a type a field that the reader answers."""
    graph_type.__annotations__ = {**inspect.get_annotations(graph_type), name: kind}
    resolver = _answer(arguments or {})
    field = strawberry.field(resolver=resolver, graphql_type=kind, description=description)
    setattr(graph_type, name, field)


def _type_check(name: str) -> Any:
    def is_type_of(value: Any, info: Any) -> bool:
        return isinstance(value, TypedObject) and value.type == name

    return staticmethod(is_type_of)


def _add_columns_and_relations(
    graph_type: Any, name: str, noun: Any, columns: dict[str, tuple[Any, str]]
) -> None:
    """Gives a type its fields and enters them in the catalog."""
    fields = catalog.setdefault(name, {})
    for column, (kind, description) in columns.items():
        _add_field(graph_type, column, kind, description)
        fields[camel(column)] = Id() if column == "id" else ColumnField(column)
    for key, value in noun.declared.values.items():
        _add_field(graph_type, key, value.kind | None, value.description)
        fields[camel(key)] = value
    for key, relation in noun.declared.relations.items():
        if key == "sources" and (noun in INTERFACES or name == relation.target):
            continue  # in `Source` it would repeat the type's name, so the interface lacks it
        fields[camel(key)] = relation
        _add_field(graph_type, key, *_relation(relation))
    _add_extensions(graph_type, name, [base.__name__ for base in inspect.getmro(noun)])


def _add_extensions(graph_type: Any, name: str, targets: list[str]) -> None:
    """Gives a type the fields that machinery works out for it."""
    for target in targets:
        for key, declared in extensions.get(target, {}).items():
            _add_field(graph_type, key, declared.kind(), declared.description, declared.arguments())
            catalog[name][camel(key)] = ViewField(key, declared, "", False, False)


def _relation(relation: Relation) -> tuple[Any, str, Arguments]:
    """The type, the description and the arguments of a field that follows a relation."""
    arguments: Arguments = {
        narrow.name: (argument(narrow.kind | None, narrow.description), strawberry.UNSET)
        for narrow in relation.narrow
    }
    if relation.paged:
        arguments |= paging("records")
        kind: Any = types[f"{relation.target}Connection"]
    elif relation.required:
        kind = types[relation.target]
    elif relation.single:
        kind = types[relation.target] | None
    else:
        kind = list_of(types[relation.target])
    return kind, relation.description, arguments


def _public(noun: type[Versioned]) -> dict[str, tuple[Any, str]]:
    return {
        name: (strawberry.ID if name == "id" else info.annotation, info.description or "")
        for name, info in plain_columns(noun).items()
    }


def _page_info() -> None:
    info = types["PageInfo"]
    _add_field(info, "has_next_page", bool, "Whether more records follow.")
    _add_field(info, "has_previous_page", bool, "Whether records come before.")
    _add_field(
        info,
        "start_cursor",
        str | None,
        "The cursor of the first record here; null on an empty page.",
    )
    _add_field(
        info, "end_cursor", str | None, "The cursor of the last record here; null on an empty page."
    )
    strawberry.type(info, description="Whether a list goes on, and from where.")


def _lists() -> dict[str, str]:
    """Everything that has a connection, with what its lists are called."""
    return {name: f"{name} records" for name in [*nouns(), "Edition"]} | listed


def _is_page(name: str) -> bool:
    """Whether a view adds fields to the connection of another."""
    return name.endswith("Connection") and name.removesuffix("Connection") in listed


def _add_view_fields(name: str, view: type[Any]) -> None:
    """Gives the type of a view its fields and enters them in the catalog."""
    fields = catalog.setdefault(name, {})
    hints = get_type_hints(view)
    for field, shown in shown_fields(view).items():
        declared = shown.declared
        arguments: Arguments = {}
        if isinstance(declared, ResolvedField):
            kind, arguments = declared.kind(), declared.arguments()
        elif isinstance(declared, Fact):
            kind = hints[field]
        else:
            kind = types[shown.target]
            kind = list_of(kind) if shown.is_list else kind
            kind = kind | None if shown.is_nullable else kind
        _add_field(types[name], field, kind, declared.description, arguments)
        fields[camel(field)] = shown
    _add_extensions(types[name], name, [WHERE] if name in keeping_where else [])


def _connection(name: str, plural: str) -> None:
    node = types[name]
    edge, page = types[f"{name}Edge"], types[f"{name}Connection"]
    _add_field(edge, "node", node, "The record.")
    _add_field(edge, "cursor", str, "Where the record stands in the list.")
    strawberry.type(edge, description=f"One record of a list, with its cursor: {name}.")
    _add_field(page, "edges", list_of(edge), "The records with their cursors.")
    _add_field(page, "nodes", list_of(node), "The records.")
    _add_field(page, "page_info", types["PageInfo"], "Whether there is more, and where to go on.")
    _add_field(
        page,
        "total_count",
        int,
        "How many there are in all, under the same `where`; counted only when asked.",
    )
    if name in nouns():
        catalog.setdefault(page.__name__, {})
        _add_extensions(page, page.__name__, ["Connection"])
    strawberry.type(page, description=f"A page of {plural}.")


def build_types() -> None:
    """Makes every type of the graph, once."""
    if types:
        return
    declare_values()
    node = _empty_type("Node")
    _add_field(node, "id", strawberry.ID, Titled.model_fields["id"].description or "")
    strawberry.interface(node, description="Anything with a global id.")
    _empty_type("Record", node)
    _empty_type("Link", node)
    _empty_type("Actor", types["Record"])
    for name, noun in nouns().items():
        shared = next((kind for kind in INTERFACES if issubclass(noun, kind)), None)
        _empty_type(name, types[shared.__name__] if shared else node)
    for name in ("Edition", "Conflict", "Revision"):
        _empty_type(name, node)
    _empty_type("PageInfo")
    alone = [name for name in views if not _is_page(name)]
    for name in alone:
        _empty_type(name, *([node] if name in listed else []))
    for name in _lists():
        _empty_type(f"{name}Edge")
        _empty_type(f"{name}Connection")
    _page_info()
    _nouns()
    for name, view in views.items():
        _add_view_fields(name, view)
        if name in alone:
            _finish(name, view)
    for name, called in _lists().items():
        _connection(name, called)


def _nouns() -> None:
    """Gives the types of the nouns, and of what is read off them, their fields."""
    for kind in INTERFACES[::-1]:
        name = kind.__name__
        _add_columns_and_relations(types[name], name, kind, _public(kind))
        _add_url(types[name], name)
        strawberry.interface(types[name], description=inspect.getdoc(kind))
    for name, noun in nouns().items():
        _add_columns_and_relations(types[name], name, noun, _public(noun))
        if issubclass(noun, Titled):
            _add_url(types[name], name)
        _finish(name, noun)
    edition: Any = Edition
    columns = _described(edition)
    columns.pop("idempotency_key")
    _add_columns_and_relations(types["Edition"], "Edition", edition, columns)
    catalog["Edition"]["id"] = Template("edition/{number}", ("number",))
    _finish("Edition", edition)
    for name, derived in Derived.kinds.items():
        _add_columns_and_relations(types[name], name, derived, derived.columns)
        catalog[name]["id"] = derived.id
        _finish(name, derived)


def _finish(name: str, noun: Any) -> None:
    types[name].is_type_of = _type_check(name)
    strawberry.type(types[name], description=inspect.getdoc(noun))


def _described(noun: Any) -> dict[str, tuple[Any, str]]:
    return {
        name: (info.annotation, info.description or "") for name, info in noun.model_fields.items()
    }


def _add_url(graph_type: Any, name: str) -> None:
    _add_field(
        graph_type,
        "url",
        str,
        "The permalink of the record, as of the edition that its id carries.",
    )
    catalog[name]["url"] = Permalink()

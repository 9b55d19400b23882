"""From nouns to the graph: each noun's columns, values and relations become one GraphQL type."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any, get_type_hints

import strawberry
from graphql import GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema

from schema.graph.arguments import Arguments, optional_argument, paging, with_signature
from schema.graph.catalog import INTERFACES, ColumnField, FieldError, TypedObject, catalog, types
from schema.graph.declare import (
    WHERE,
    PlainField,
    ResolvedField,
    ViewField,
    extensions,
    keeping_where,
    listed,
    shown_fields,
    views,
)
from schema.graph.values import declare_values, graph_kind
from schema.model.editions import Edition
from schema.model.fields import FirstValue, Id, Permalink, Relation, Template
from schema.model.noun import Derived, Record, Titled, camel
from schema.model.record_choices import record_noun
from schema.model.reflection import plain_columns, shown_kind
from schema.model.registry import nouns
from schema.model.values import PartialDate, list_of
from schema.nouns.actor import Actor

Columns = dict[str, tuple[Any, str]]
"""Fields without arguments by name, each with its type and its description."""


def _resolver(arguments: Arguments) -> Any:
    """A resolver that gives what the executor has read, with these arguments."""

    def resolve(root: Any, info: strawberry.Info, **_: Any) -> Any:
        value = root.values[info.path.key]
        if isinstance(value, FieldError):
            raise value.error
        return value

    return with_signature(resolve, arguments)


def tell_page_sizes(schema: GraphQLSchema, default: int, ceiling: int) -> None:
    """Writes how many a page holds into what the arguments of connections say."""
    for type in schema.type_map.values():
        if not isinstance(type, GraphQLObjectType | GraphQLInterfaceType):
            continue
        for field in type.fields.values():
            for argument in field.args.values():
                declared = argument.extensions.get("strawberry-definition")
                if declared is not None and declared.metadata.get("is_page_size"):
                    template = declared.description
                    argument.description = template.format(default=default, ceiling=ceiling)


def _empty_type(name: str, *bases: Any) -> Any:
    graph_type = type(name, bases, {"__module__": __name__})
    types[name] = graph_type
    return graph_type


def _add_field(
    graph_type: Any, name: str, kind: Any, description: str, arguments: Arguments | None = None
) -> None:
    """Gives a type a field that the reader answers."""
    kind = graph_kind(kind)
    graph_type.__annotations__ = {**inspect.get_annotations(graph_type), name: kind}
    resolver = _resolver(arguments or {})
    field = strawberry.field(resolver=resolver, graphql_type=kind, description=description)
    setattr(graph_type, name, field)


def _add_fields(graph_type: Any, fields: Columns) -> None:
    """Gives a type fields without arguments."""
    for name, (kind, description) in fields.items():
        _add_field(graph_type, name, kind, description)


_MAIN_DATE = (
    "The date that places it in time, such as the day an agreement was signed: of its dates the "
    "first that has bounds, else the first there is; null for what has none."
)
_URL = "The permalink of the record, as of the edition that its id carries."


def _add_columns_and_relations(graph_type: Any, name: str, noun: Any, columns: Columns) -> None:
    """Gives a type the fields of a noun and enters them in the catalog."""
    fields = catalog.setdefault(name, {})
    _add_fields(graph_type, columns)
    for column in columns:
        fields[camel(column)] = Id() if column == "id" else ColumnField(column)
    for key, value in noun.declared.values.items():
        _add_field(graph_type, key, value.kind | None, value.description)
        fields[camel(key)] = value
    for key, relation in noun.declared.relations.items():
        fields[camel(key)] = relation
        _add_field(graph_type, key, *_relation(relation))
    _add_extensions(graph_type, name, [base.__name__ for base in inspect.getmro(noun)])
    if issubclass(noun, Record):
        _add_field(graph_type, "noun", record_noun(), "The noun that the record is of.")
        _add_field(graph_type, "main_date", PartialDate | None, _MAIN_DATE)
        fields["noun"] = Template(name.upper(), ())
        fields["mainDate"] = FirstValue(noun.dated_by)
    if issubclass(noun, Titled):
        _add_field(graph_type, "url", str, _URL)
        fields["url"] = Permalink()


def _add_extensions(graph_type: Any, name: str, targets: list[str]) -> None:
    """Gives a type the fields that `add_field` has added to one of the targets."""
    for target in targets:
        for key, declared in extensions.get(target, {}).items():
            _add_field(graph_type, key, declared.kind(), declared.description, declared.arguments())
            catalog[name][camel(key)] = ViewField(key, declared, "", False, False)


def _relation(relation: Relation) -> tuple[Any, str, Arguments]:
    """The type, the description and the arguments of a field that follows a relation."""
    arguments: Arguments = {
        narrow.name: optional_argument(graph_kind(narrow.kind), narrow.description)
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


def _columns(model_fields: Mapping[str, Any]) -> Columns:
    return {
        name: (strawberry.ID if name == "id" else shown_kind(info), info.description or "")
        for name, info in model_fields.items()
    }


def _page_info() -> None:
    info = types["PageInfo"]
    start = "The cursor of the first record here; null on an empty page."
    end = "The cursor of the last record here; null on an empty page."
    _add_fields(
        info,
        {
            "has_next_page": (bool, "Whether more records follow."),
            "has_previous_page": (bool, "Whether records come before."),
            "start_cursor": (str | None, start),
            "end_cursor": (str | None, end),
        },
    )
    strawberry.type(info, description="Whether a list goes on, and from where.")


def _list_titles() -> dict[str, str]:
    """Everything that has a connection, with what its lists are called."""
    records = [*nouns(), Actor.__name__, "Edition", *Derived.kinds]
    return {name: f"{name} records" for name in records} | listed


def _extends_connection(name: str) -> bool:
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
        elif isinstance(declared, PlainField):
            kind = hints[field]
        else:
            kind = list_of(types[shown.target]) if shown.is_list else types[shown.target]
            kind = kind | None if shown.is_nullable else kind
        _add_field(types[name], field, kind, declared.description, arguments)
        fields[camel(field)] = shown
    _add_extensions(types[name], name, [WHERE] if name in keeping_where else [])


def _connection(name: str, title: str) -> None:
    node = types[name]
    edge, page = types[f"{name}Edge"], types[f"{name}Connection"]
    _add_fields(
        edge,
        {"node": (node, "The record."), "cursor": (str, "Where the record stands in the list.")},
    )
    strawberry.type(edge, description=f"One record of a list, with its cursor: {name}.")
    total = "How many there are in all, under the same `where`; counted only when asked."
    _add_fields(
        page,
        {
            "edges": (list_of(edge), "The records with their cursors."),
            "nodes": (list_of(node), "The records."),
            "page_info": (types["PageInfo"], "Whether there is more, and where to go on."),
            "total_count": (int, total),
        },
    )
    if name in nouns():
        catalog.setdefault(page.__name__, {})
        _add_extensions(page, page.__name__, ["Connection"])
    strawberry.type(page, description=f"A page of {title}.")


def build_types() -> None:
    """Makes every type of the graph, once."""
    if types:
        return
    declare_values()
    node = _empty_type("Node")
    _add_field(node, "id", strawberry.ID, Titled.model_fields["id"].description or "")
    strawberry.interface(
        node,
        description="What `node` and `nodes` find by its id: one id, one content, one type.",
    )
    _empty_type("Record", node)
    _empty_type("Link", node)
    _empty_type("Actor", types["Record"])
    for name, noun in nouns().items():
        interface = next((kind for kind in INTERFACES if issubclass(noun, kind)), None)
        _empty_type(name, types[interface.__name__] if interface else node)
    for name in ("Edition", "Conflict", "Revision"):
        _empty_type(name, node)
    _empty_type("PageInfo")
    whole = [name for name in views if not _extends_connection(name)]
    for name in whole:
        _empty_type(name, *([node] if name in listed else []))
    for name in _list_titles():
        _empty_type(f"{name}Edge")
        _empty_type(f"{name}Connection")
    _page_info()
    _nouns()
    for name, view in views.items():
        _add_view_fields(name, view)
        if name in whole:
            _finish(name, view)
    for name, title in _list_titles().items():
        _connection(name, title)


def _nouns() -> None:
    """Gives the types of nouns, of editions and of what is derived from claims their fields."""
    for kind in INTERFACES[::-1]:
        name = kind.__name__
        _add_columns_and_relations(types[name], name, kind, _columns(plain_columns(kind)))
        strawberry.interface(types[name], description=inspect.getdoc(kind))
    for name, noun in nouns().items():
        _add_columns_and_relations(types[name], name, noun, _columns(plain_columns(noun)))
        _finish(name, noun)
    columns = _columns(Edition.model_fields)
    del columns["idempotency_key"]
    _add_columns_and_relations(types["Edition"], "Edition", Edition, columns)
    catalog["Edition"]["id"] = Template("edition/{number}", ("number",))
    _finish("Edition", Edition)
    for name, derived in Derived.kinds.items():
        _add_columns_and_relations(types[name], name, derived, derived.columns)
        catalog[name]["id"] = derived.id
        _finish(name, derived)


def _finish(name: str, declaration: type[Any]) -> None:
    """Makes a type with all its fields one of Strawberry's, described as its declaration is."""

    def is_type_of(value: Any, info: Any) -> bool:
        return isinstance(value, TypedObject) and value.type == name

    types[name].is_type_of = staticmethod(is_type_of)
    strawberry.type(types[name], description=inspect.getdoc(declaration))

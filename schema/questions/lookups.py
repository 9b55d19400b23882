"""Root fields that find nouns: by id or key, in lists, and editions."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
import strawberry

from schema.errors import InputError
from schema.execution.executor import Executor, RowLookup
from schema.execution.nodes import nodes_of
from schema.execution.pages import noun_connection
from schema.execution.root import AS_OF, root
from schema.filtering.conditions import disjoint_conditions
from schema.filtering.input_types import input_type, optional
from schema.filtering.inputs import where_input
from schema.filtering.ordering import OrderDirection, order_input
from schema.graph.arguments import argument, needed, optional_argument, paging
from schema.graph.catalog import plural, types
from schema.model.bounds import by_argument
from schema.model.editions import valid
from schema.model.ids import unqualified
from schema.model.noun import Titled, Versioned, cached_per_model
from schema.model.registry import nouns, prefix_of, table_named, table_with
from schema.model.traits import Trait
from schema.model.values import list_of
from schema.storage.statement import then

NODES_CEILING = 100

NODE_ARGUMENT = argument(
    strawberry.ID,
    "The id, such as `official/jacek-siewiera`, or `official/jacek-siewiera@2` as of edition 2.",
)


@strawberry.input(description="A code or number in another data set.")
class IdentifierKey:
    scheme: str = strawberry.field(description="The data set, such as `ISO 3166-1 alpha-3`.")
    value: str = strawberry.field(description="The code, such as `KOR`.")


@cached_per_model
def key_input(noun: type[Versioned]) -> type:
    """The input that names one record of a noun."""
    name, prefix = noun.__name__, prefix_of(noun)
    ids = f"Its id, such as `{prefix}/…`, or `{prefix}/…@2` as of edition 2."
    return input_type(
        f"{name}By",
        f"Which {name}: just one of these keys.",
        {
            "id": optional(strawberry.ID, ids),
            "slug": optional(str, "Its id without the noun before the slash."),
            "identifier": optional(IdentifierKey, "A code it has in another data set."),
        },
        one_of=True,
    )


def _lookup(noun: type[Versioned]) -> Any:
    """The root field for one record of a noun."""
    name = noun.__name__

    async def answer(reader: Executor, arguments: dict[str, Any]) -> Any:
        return await reader.one(lambda: lookup(reader))

    def lookup(reader: Executor) -> RowLookup:
        by = reader.root.arguments["by"]
        table = table_named(name)
        pair = by.get("identifier")
        if pair:
            codes = table_with(Trait.IDENTIFIER).alias()
            is_same = sa.and_(codes.c.scheme == pair["scheme"], codes.c.value == pair["value"])
            owners = sa.select(codes.c.record_id).where(is_same, valid(codes, reader.edition))
            return RowLookup(name, (table.c.id.in_(owners),))
        id = by["id"] if "id" in by else then(by["slug"], lambda slug: f"{prefix_of(noun)}/{slug}")
        if reader.as_of is not None:
            id = then(id, unqualified)
        return RowLookup(name, (table.c.id == id,), is_key=True)

    arguments = {
        "by": needed(argument(key_input(noun), "The key of the record.")),
        "as_of": AS_OF,
    }
    text = f"One {name} by its key; null when there is none."
    field = name[0].lower() + name[1:]
    return root(field, types[name] | None, text, arguments, answer, is_found=True)


def _listing(noun: type[Versioned]) -> Any:
    """The root field for the records of a noun, page by page."""
    name = noun.__name__

    async def answer(reader: Executor, arguments: dict[str, Any]) -> Any:
        return await noun_connection(reader, name, conditions, arguments)

    def conditions(table: sa.FromClause, arguments: dict[str, Any], as_of: Any) -> Any:
        return disjoint_conditions(noun, table, arguments.get("where"), as_of)

    order = "In which order; by id when left out, which also breaks ties."
    arguments = {
        "where": optional_argument(where_input(noun), "Which of them; all when left out."),
        "order_by": optional_argument(list_of(order_input(noun)), order),
        **paging("records"),
        "as_of": AS_OF,
    }
    text = f"The {name} records, page by page."
    return root(plural(name), types[f"{name}Connection"], text, arguments, answer)


async def _node(reader: Executor, arguments: dict[str, Any]) -> Any:
    [node] = await nodes_of(reader, [arguments["id"]])
    return node


async def _nodes(reader: Executor, arguments: dict[str, Any]) -> Any:
    ids = arguments["ids"]
    if len(ids) > NODES_CEILING:
        raise InputError(f"{len(ids)} ids are too many. Ask for at most {NODES_CEILING} at a time.")
    return await nodes_of(reader, ids)


async def _edition(reader: Executor, arguments: dict[str, Any]) -> Any:
    def lookup() -> RowLookup:
        number = reader.root.arguments["number"]
        return RowLookup("Edition", (table_named("Edition").c.number == number,), is_key=True)

    return await reader.one(lookup)


async def _editions(reader: Executor, arguments: dict[str, Any]) -> Any:
    return await noun_connection(reader, "Edition", lambda *_: [sa.true()], arguments)


def fields() -> dict[str, Any]:
    """The root fields that find one record, many, or anything by its id, and the editions."""
    node = types["Node"] | None
    ids = argument(list_of(strawberry.ID), f"At most {NODES_CEILING} ids.")
    root_fields: dict[str, Any] = {
        "node": root(
            "node",
            node,
            "Anything by its id, as of the edition that the id carries; null when there is none.",
            {"id": needed(NODE_ARGUMENT)},
            _node,
            is_found=True,
        ),
        "nodes": root(
            "nodes",
            list_of(node),
            "Many things by their ids, in the same order, each as of the edition that its id "
            "carries; null for those that do not exist.",
            {"ids": needed(ids)},
            _nodes,
            by_argument("ids", NODES_CEILING),
        ),
        "edition": root(
            "edition",
            types["Edition"] | None,
            "One edition by its number; null when there is none.",
            {"number": needed(argument(int, "The number, such as `1`."))},
            _edition,
            is_found=True,
        ),
        "editions": root(
            "editions",
            types["EditionConnection"],
            "The editions, in the order of publication.",
            {
                "direction": (
                    argument(OrderDirection, "Oldest first, or newest first."),
                    OrderDirection.ASC,
                ),
                **paging("editions"),
                "as_of": AS_OF,
            },
            _editions,
        ),
    }
    for noun in nouns().values():
        if issubclass(noun, Titled):
            root_fields[f"one_{noun.__name__}"] = _lookup(noun)
            root_fields[f"many_{noun.__name__}"] = _listing(noun)
    return root_fields

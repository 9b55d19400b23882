"""What is used of libraries beside their public API: each test fails where one changes.

Where it does, look whether there is a public way by now, and else follow the change.
"""

from __future__ import annotations

import asyncio
import copy
import re
from typing import Any

import pytest
import sqlalchemy as sa
import strawberry
from graphql import FieldNode, GraphQLError, GraphQLSchema, OperationDefinitionNode
from sqlalchemy.sql import visitors
from strawberry.extensions import SchemaExtension

from tests.support.import_graph import MODULES

USED = {
    *("_traverse_internals", "_schema", "_raw_info", "_provided_operation_name"),
}
"""The private names of libraries that are used, each tested below."""
GENERATED = {"schema.planning.projection"}
"""Where code is generated, because it is twice as fast."""


@strawberry.type
class Query:
    @strawberry.field
    def asked(self, info: strawberry.Info) -> str:
        raw = info._raw_info
        assert isinstance(raw.schema, GraphQLSchema)
        assert isinstance(raw.operation, OperationDefinitionNode)
        assert raw.fragments.keys() == {"asked"}
        assert isinstance(raw.field_nodes[0], FieldNode)
        given: Any = raw.variable_values
        assert getattr(given, "coerced", given) == {"a": 1}
        return raw.field_nodes[0].name.value

    @strawberry.field
    def known(self, a: int) -> int:
        return a

    @strawberry.field
    def fails(self) -> str:
        raise LookupError


SCHEMA = strawberry.Schema(Query)


def ran(schema: strawberry.Schema, query: str, name: str | None = None) -> Any:
    return asyncio.run(schema.execute(query, operation_name=name))


def sources() -> dict[str, str]:
    """The texts of our modules, by their names."""
    return {
        name: path.read_text()
        for name, path in MODULES.items()
        if name.partition(".")[0] in ("api", "schema", "alembic")
    }


def test_every_private_name_that_is_used_is_tested_here() -> None:
    marked = re.compile(r"\.(_[a-z]\w+)\b[^\n#]*# (?:noqa: SLF001|type: ignore\[attr)")
    imported = re.compile(r"^\s*(?:from|import) \w+(?:\.\w+)*\.(_\w+)", re.MULTILINE)
    found = [*map(marked.findall, sources().values()), *map(imported.findall, sources().values())]
    assert {name for names in found for name in names} <= USED


def test_code_is_generated_in_one_place() -> None:
    called = re.compile(r"(?<![\w.])(?:eval|exec)\(")
    assert {name for name, text in sources().items() if called.search(text)} == GENERATED


def test_sqlalchemy_goes_through_what_a_select_of_ours_holds() -> None:
    """So that what binds, copies and caches it sees the other statement too."""

    class Either(sa.Select[Any]):
        inherit_cache = True
        other: sa.Select[Any]
        _traverse_internals = [  # noqa: RUF012
            *sa.Select._traverse_internals,
            ("other", visitors.InternalTraversal.dp_clauseelement),
        ]

    either = Either(sa.literal(1))
    either.other = sa.select(sa.literal("held"))
    values = [e.value for e in visitors.iterate(either) if isinstance(e, sa.BindParameter)]
    assert set(values) == {1, "held"}
    one, another = either._generate_cache_key(), either.where(sa.false())._generate_cache_key()
    assert one is not None
    assert one != another


def test_strawberry_holds_the_schema_of_graphql_core() -> None:
    assert isinstance(SCHEMA._schema, GraphQLSchema)


def test_strawberry_hands_resolvers_the_info_of_graphql_core() -> None:
    query = "query ($a: Int = 1) { ...asked again: known(a: $a) } fragment asked on Query { asked }"
    answer = ran(SCHEMA, query)
    assert answer.data == {"asked": "asked", "again": 1}, answer.errors


@pytest.mark.parametrize("name", [None, "B"])
def test_strawberry_knows_whether_an_operation_was_named(name: str | None) -> None:
    told: list[str | None] = []

    class Noting(SchemaExtension):
        def on_operation(self) -> Any:
            told.append(self.execution_context._provided_operation_name)
            yield

    schema = strawberry.Schema(Query, extensions=[Noting])
    ran(schema, "query A { known(a: 1) } query B { known(a: 2) }", name)
    assert told == [name]


def test_a_copy_of_a_schema_tells_errors_in_its_own_way(caplog: pytest.LogCaptureFixture) -> None:
    told: list[GraphQLError] = []
    served = copy.copy(SCHEMA)
    served.process_errors = lambda errors, execution_context=None: told.extend(errors)  # type: ignore[method-assign]  # of this copy alone
    ran(served, "{ fails }")
    assert [str(error.path) for error in told] == ["['fails']"]
    ran(SCHEMA, "{ fails }")
    assert len(told) == 1
    assert len(caplog.records) == 1

"""The root of the graph: one by key, many by where, any by id, at any edition."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import strawberry
from strawberry.schema.config import StrawberryConfig

from schema.evidence import (
    citation,
    coverage,
    coverage_field,
    lineage,
    positions,
    progress,
    source_passages,
)
from schema.execution.compiled_read import CompiledRead
from schema.execution.context import EditionRead
from schema.filtering.page import PageSize
from schema.graph.catalog import types
from schema.graph.declare import scalars
from schema.graph.deprecations import deprecate
from schema.graph.semantic_nullability import describe_levels
from schema.graph.types import build_types, tell_page_sizes
from schema.graph.validation import Validation, declare_one_of
from schema.history import feed, refetch
from schema.model.registry import nouns
from schema.questions import lookups, network, relationship, statistics, timeline
from schema.search import name_search, search

QUESTIONS: tuple[Callable[[], dict[str, Any]], ...] = (
    lookups.fields,
    timeline.fields,
    statistics.fields,
    network.fields,
    relationship.fields,
    coverage.fields,
    feed.fields,
    search.fields,
    name_search.fields,
)
"""What gives the root fields of each question."""
DESCRIPTION = """\
Pactbook: who agreed, bought, said, decided and met with whom in defence, and where it is written.

Ask for one record by its key, for many by `where`, for anything by its id with `node`. Every record
shows under `claims` which source gives which value, in which words; a field that is null has its
reason under `unknowns`. Nothing is overwritten: `asOf` reads what was known at any edition, and an
id that carries one, such as `party/poland@2`, is read there again.

Lists are Relay connections. No name is taken away without `@deprecated` in a release before.
"""
"""What the schema says of itself."""
EXTENDED_BY = (citation, coverage_field, lineage, positions, progress, refetch, source_passages)
"""What gives nouns, conflicts and answers more fields, or finds them again, by being imported."""


@cache
def query_type() -> type:
    """The root of the graph, made once a process."""
    build_types()
    fields: dict[str, Any] = {}
    for question in QUESTIONS:
        fields |= question()
    described = "Who agreed, bought, said, decided and met with whom, and where it is written."
    return strawberry.type(type("Query", (), fields), description=described)


def build(sizes: PageSize | None = None) -> strawberry.Schema:
    """The schema of the graph, made once a process for pages of these sizes."""
    return _built(sizes or PageSize())


@cache
def _built(sizes: PageSize) -> strawberry.Schema:
    built = strawberry.Schema(
        query=query_type(),
        types=[types[name] for name in nouns()],
        extensions=[Validation, EditionRead, CompiledRead],
        config=StrawberryConfig(scalar_map=scalars),
    )
    built._schema.description = DESCRIPTION  # noqa: SLF001  # Strawberry has no other way in
    deprecate(built._schema)  # noqa: SLF001  # as above
    declare_one_of(built._schema)  # noqa: SLF001  # Strawberry has no other way in
    describe_levels(built._schema)  # noqa: SLF001  # as above
    tell_page_sizes(built._schema, sizes.default, sizes.ceiling)  # noqa: SLF001  # as above
    return built

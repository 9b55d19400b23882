"""Search: one question over all texts of all nouns, ranked alike on both databases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
import strawberry

from schema.errors import InputError
from schema.execution.derived import DerivedRelation, derived_connection
from schema.execution.executor import Executor
from schema.execution.nodes import finders
from schema.execution.root import AS_OF, root
from schema.execution.views import to_objects
from schema.filtering.keyset import OrderKey
from schema.filtering.record_where import matching_records, record_where
from schema.graph.arguments import argument, needed, paging
from schema.graph.catalog import TypedObject, types
from schema.graph.declare import resolved, view
from schema.model.editions import valid
from schema.model.ids import QUESTION
from schema.model.record_choices import record_noun, record_nouns
from schema.model.values import list_of
from schema.planning.selection import SelectedField
from schema.search.facets import SearchResult
from schema.search.hits import SearchHit, hits_of, searched
from schema.search.ranking import Narrowing, scores
from schema.search.terms import parse_terms
from schema.storage.sql import key_in
from schema.storage.statement import KEYS


async def _facets(
    reader: Executor, items: Sequence[Any], selected: SelectedField, arguments: dict[str, Any]
) -> list[TypedObject]:
    results = [connection.result for connection in items]
    return await to_objects(reader, "SearchStatistics", results, selected)


@view(keeps_where=True)
class SearchHitConnection:
    """What a page of hits says of the whole result."""

    facets: Any = resolved(
        lambda: types["SearchStatistics"], "The whole result, counted by what it is.", _facets
    )
    where: Any = None
    result: SearchResult


def _narrowing(arguments: dict[str, Any], as_of: Any) -> Narrowing:
    """Which records a search may find: of these nouns, and that the `where` matches."""
    where, choices = arguments.get("where"), arguments.get("nouns")
    names = set(record_nouns())
    if choices is not None:
        names = {str(getattr(noun, "value", noun)) for noun in choices}
    selects = [
        sa.select(table.c.id).where(valid(table, as_of), condition)
        for name, _, table, condition in matching_records(where, as_of)
        if name in names
    ]

    def narrowing(hits: sa.FromClause) -> sa.ColumnElement[bool]:
        if where:
            return hits.c.record_id.in_(sa.union_all(*selects)) if selects else sa.false()
        if choices is not None:
            return hits.c.noun.in_([record_nouns()[name].__name__ for name in sorted(names)])
        return sa.true()

    return narrowing


async def _search(reader: Executor, arguments: dict[str, Any]) -> Any:
    """One page of hits.

    Whatever the data, it takes one statement for the page, one for what makes the scores, one for
    each noun that records and nodes are of, one for the total and one for each facet.
    """
    text, terms = arguments["text"], parse_terms(arguments["text"])
    count = len(terms)

    def scored_records() -> sa.Select[Any, Any, int]:
        return scores(count, reader.edition, _narrowing(reader.root.arguments, reader.edition))

    def select() -> tuple[sa.Select[*tuple[Any, ...]], list[OrderKey]]:
        records = scored_records().subquery()
        score = OrderKey("SCORE", records.c.score, descending=True)
        return sa.select(records), [score, OrderKey("ID", records.c.record_id, descending=False)]

    result = SearchResult(scored_records, terms)
    relation = DerivedRelation(
        "SearchHit",
        select,
        lambda rows: hits_of(rows, text, terms),
        purpose=count,
        whole=SearchHitConnection(where=arguments.get("where"), result=result),
    )
    return await derived_connection(reader, relation, reader.root, arguments, terms=terms)


async def _hits(reader: Executor, ids: Sequence[str], selected: SelectedField) -> dict[str, Any]:
    """Hits by their ids: one statement a search, beside what is selected of them."""
    by_search: dict[str, list[str]] = defaultdict(list)
    for id in ids:
        hit, _, search = id.partition(QUESTION)
        by_search[search].append(hit.partition("/")[2])
    found: list[SearchHit] = []
    for search, records in by_search.items():
        try:
            text = searched(search)
            terms = parse_terms(text)
        except InputError:
            continue  # nothing has such an id
        count = len(terms)

        def scored(count: int = count) -> sa.Select[Any, Any, int]:
            return scores(count, reader.edition, lambda hits: key_in(hits.c.record_id, KEYS))

        rows = await reader.rows(("refetched hits", count), scored, records, terms=terms)
        found += hits_of(rows, text, terms)
    objects = await to_objects(reader, "SearchHit", found, selected)
    return {str(hit.id): each for hit, each in zip(found, objects, strict=True)}


finders["search-hit"] = _hits


def fields() -> dict[str, Any]:
    """The root field `search`."""
    text = (
        "The words to find, at most 200 characters: all of them, in any texts of one record or in "
        "the names of those who take part in it. "
        'A word finds those that begin with it; `"words in quotation marks"` are found as they '
        "stand. Case, accents, marks and British or American spelling make no difference."
    )
    arguments = {
        "text": needed(argument(str, text)),
        "nouns": (
            argument(list_of(record_noun()) | None, "Of these nouns; all when left out."),
            strawberry.UNSET,
        ),
        "where": (
            argument(record_where() | None, "Among these records; all when left out."),
            strawberry.UNSET,
        ),
        **paging("hits"),
        "as_of": AS_OF,
    }
    description = "The records in whose texts these words stand, the best first."
    kind = types["SearchHitConnection"]
    return {"search": root("search", kind, description, arguments, _search)}

"""Search: one question over all texts of all nouns, ranked alike on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
import strawberry

from schema.execution.derived import DerivedRelation, derived_connection
from schema.execution.executor import Executor
from schema.execution.root import AS_OF, root
from schema.execution.views import to_lists, to_objects
from schema.filtering.keyset import OrderKey
from schema.filtering.record_where import matching_records, record_noun, record_nouns, record_where
from schema.graph.arguments import argument, needed, paging
from schema.graph.catalog import types
from schema.graph.declare import nested, plain, reference, resolved, view
from schema.indexing.documents import Place, utf16
from schema.model.bounds import UNCOUNTED, at_most
from schema.model.editions import valid
from schema.model.values import list_of
from schema.planning.selection import SelectedField
from schema.search.facets import Counted
from schema.search.ranking import POINTS, WHOLE, Narrowing, best_texts, scores
from schema.search.terms import TERMS_CEILING, Term, excerpt, highlight, parse_terms


@view()
class HighlightRange:
    """Where searched words stand, half-open, counted from the start of the whole field's value."""

    start: int = plain("Where they begin, in Unicode code points from the start of the value.")
    end: int = plain("Where they end: `value[start:end]` is what was found.")
    start_utf16: int = plain("Where they begin in UTF-16 units, as browsers count.")
    end_utf16: int = plain("Where they end in UTF-16 units.")


@view()
class Snippet:
    """A part of a text in which words of a search stand."""

    id: strawberry.ID = plain("Where it stands, and for which search.")
    node: str = reference("Node", "What the text is of: the record, a part of it, a passage.")
    field: str = plain("The field of the node that holds the text, such as `title` or `exact`.")
    place: Place = plain("Where the text stands.")
    text: str = plain(
        "About 200 characters of the text around the first words found; more only where these are "
        "longer."
    )
    start: int = plain("Where the snippet begins in the field's value, in Unicode code points.")
    start_utf16: int = plain("Where the snippet begins in the field's value, in UTF-16 units.")
    highlights: list[HighlightRange] = nested(
        "Where words of the search stand inside the snippet, counted from the start of the "
        "field's value: take `start` off for the place in the snippet.",
        bound=UNCOUNTED,
    )


@view()
class ScoredWord:
    """What one word or phrase of a search adds to a score: the most that any text gives for it."""

    id: strawberry.ID = plain("Which word, of which search, in which record.")
    word: str = plain("The word or phrase as it was searched for.")
    points: int = plain("What it adds to the score.")
    is_whole: bool = plain("Whether it was met as whole words, which counts double.")
    place: Place = plain("Where the text stands that it was met in.")
    field: str = plain("The field that holds the text.")
    node: str = reference("Node", "What the text is of: the record, a part of it, a passage.")
    text: str = plain("What was met, as it stands in the text.")


@dataclass
class _MatchCache:
    """The best text for each word of a search in each record of a page, read once."""

    terms: list[Term]
    text: str
    records: list[str]
    found: dict[str, list[Any]] | None = None

    async def of(self, reader: Executor, record: str) -> list[Any]:
        """The rows of the index for one record, in the order of the words."""
        if self.found is None:
            self.found = {id: [] for id in self.records}
            count = len(self.terms)
            rows = await reader.rows(
                ("best texts", count),
                lambda: best_texts(count, reader.edition),
                self.records,
                terms=self.terms,
            )
            for row in rows:
                self.found[row["record_id"]].append(row)
        return self.found[record]


def _noun(name: str) -> Any:
    return record_noun()[name.upper()]


async def _nouns(
    reader: Executor, items: Sequence[Any], selected: SelectedField, arguments: dict[str, Any]
) -> Sequence[Any]:
    return [_noun(hit.noun_name) for hit in items]


async def _scored_by(
    reader: Executor, items: Sequence[Any], selected: SelectedField, arguments: dict[str, Any]
) -> Sequence[Any]:
    found: list[list[ScoredWord]] = []
    for hit in items:
        rows = await hit.met.of(reader, hit.record)
        found.append([_scored_word(hit, row) for row in rows])
    return await to_lists(reader, "ScoredWord", found, selected)


async def _snippets(
    reader: Executor, items: Sequence[Any], selected: SelectedField, arguments: dict[str, Any]
) -> Sequence[Any]:
    found: list[list[Snippet]] = []
    for hit in items:
        rows = await hit.met.of(reader, hit.record)
        texts = {row["number"]: row for row in rows}
        found.append([_snippet(hit, row) for row in texts.values()])
    return await to_lists(reader, "Snippet", found, selected)


def _scored_word(hit: Any, row: Any) -> ScoredWord:
    term = hit.met.terms[row["term"]]
    [(start, end), *_] = highlight([term], row["text"])
    return ScoredWord(
        id=strawberry.ID(f"{hit.id}#{row['term']}"),
        word=term.word,
        points=row["points"],
        is_whole=row["points"] == WHOLE * POINTS[row["place"]],
        place=row["place"],
        field=row["field"],
        node=row["node_id"],
        text=row["text"][start:end],
    )


def _snippet(hit: Any, row: Any) -> Snippet:
    text, before, wide = row["text"], row["start"], row["start_utf16"]
    spans = highlight(hit.met.terms, text)
    start, end = excerpt(text, spans)
    return Snippet(
        id=strawberry.ID(f"{row['node_id']}#{row['field']}@{before}?{hit.id.partition('?')[2]}"),
        node=row["node_id"],
        field=row["field"],
        place=row["place"],
        text=text[start:end],
        start=before + start,
        start_utf16=wide + utf16(text[:start]),
        highlights=[
            HighlightRange(
                start=before + here,
                end=before + there,
                start_utf16=wide + utf16(text[:here]),
                end_utf16=wide + utf16(text[:there]),
            )
            for here, there in spans
            if start <= here and there <= end
        ],
    )


@view(listed_as="hits of a search, the best first")
class SearchHit:
    """A record that a search found, with what found it."""

    id: strawberry.ID = plain("The record and the search, such as `party/poland?search=pol`.")
    record: str = reference("Record", "The record that was found.")
    noun: Any = resolved(record_noun, "The noun of the record.", _nouns)
    score: int = plain(
        "The sum of what its words count: for each word the most that any text of the record "
        "gives. A name gives 14, a title 12, another text of the record 6, a text of a part 4, a "
        "passage 2, the text of a source 1; whole words give twice as much."
    )
    scored_by: Any = resolved(
        lambda: list_of(types["ScoredWord"]),
        "What makes the score: for each word the text that gives most.",
        _scored_by,
        bound=at_most(TERMS_CEILING),
    )
    snippets: Any = resolved(
        lambda: list_of(types["Snippet"]),
        "The texts that make the score, each once, with what was found in them.",
        _snippets,
        bound=at_most(TERMS_CEILING),
    )


@dataclass(kw_only=True)
class _Hit(SearchHit):
    """A hit with what its answers are worked out from."""

    noun_name: str
    met: _MatchCache = field(repr=False)


async def _facets(
    reader: Executor, items: Sequence[Any], selected: SelectedField, arguments: dict[str, Any]
) -> Sequence[Any]:
    return await to_objects(reader, "SearchStatistics", [item.counted for item in items], selected)


@view(keeps_where=True)
class SearchHitConnection:
    """What a page of hits says of the whole result."""

    facets: Any = resolved(
        lambda: types["SearchStatistics"], "The whole result, counted by what it is.", _facets
    )
    where: Any = None


@dataclass(kw_only=True)
class _Whole(SearchHitConnection):
    counted: Counted


def _among(given: dict[str, Any], as_of: Any) -> Narrowing:
    """Which records a search may find: of these nouns, and that the `where` chooses."""
    names = {str(getattr(noun, "value", noun)) for noun in given.get("nouns") or record_nouns()}
    if given.get("nouns") is not None and not given["nouns"]:
        names = set()
    selects = [
        sa.select(table.c.id).where(valid(table, as_of), condition)
        for name, _, table, condition in matching_records(given.get("where"), as_of)
        if name in names
    ]

    def among(hits: sa.FromClause) -> sa.ColumnElement[bool]:
        if given.get("where"):
            return hits.c.record_id.in_(sa.union_all(*selects)) if selects else sa.false()
        if given.get("nouns") is not None:
            return hits.c.noun.in_([record_nouns()[name].__name__ for name in sorted(names)])
        return sa.true()

    return among


def _keys(found: sa.FromClause) -> list[OrderKey]:
    """The order of hits: the best first, by id where they are alike."""
    return [
        OrderKey("SCORE", found.c.score, descending=True),
        OrderKey("ID", found.c.record_id, descending=False),
    ]


async def _answer(reader: Executor, given: dict[str, Any]) -> Any:
    """One page of hits.

    Whatever the data, it takes one statement for the page, one for what makes the scores, one for
    each noun that records and nodes are of, one for the total and one for each facet.
    """
    terms = parse_terms(given["text"])
    count = len(terms)

    def scored() -> sa.Select[Any, Any, int]:
        arguments = reader.root.arguments
        return scores(count, reader.edition, _among(arguments, reader.edition))

    def select() -> tuple[sa.Select[*tuple[Any, ...]], list[OrderKey]]:
        hits = scored().subquery()
        return sa.select(hits), _keys(hits)

    def views(rows: Sequence[dict[str, Any]]) -> list[_Hit]:
        met = _MatchCache(terms, given["text"], [row["record_id"] for row in rows])
        query = f"search={quote(given['text'])}"
        return [
            _Hit(
                id=strawberry.ID(f"{row['record_id']}?{query}"),
                record=row["record_id"],
                score=row["score"],
                noun_name=row["noun"],
                met=met,
            )
            for row in rows
        ]

    whole = _Whole(counted=Counted(scored, terms), where=given.get("where"))
    relation = DerivedRelation("SearchHit", select, views, purpose=count, whole=whole)
    return await derived_connection(reader, relation, reader.root, given, terms=terms)


def fields() -> dict[str, Any]:
    """The root field `search`."""
    text = (
        "The words to find, at most 200 characters: all of them, in any texts of one record. "
        'A word finds those that begin with it; `"words in quotation marks"` are found as they '
        "stand. Case, accents and marks make no difference."
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
    described = "The records in whose texts these words stand, the best first."
    kind = types["SearchHitConnection"] | None
    return {"search": root("search", kind, described, arguments, _answer)}

"""Hits: a record that a search found, what makes its score, and snippets of its texts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

import strawberry

from schema.errors import InputError
from schema.execution.executor import Executor
from schema.execution.views import to_lists
from schema.graph.catalog import TypedObject, types
from schema.graph.declare import nested, plain, reference, resolved, view
from schema.indexing.documents import Place, utf16
from schema.model.bounds import at_most, uncounted
from schema.model.field_names import field_names
from schema.model.ids import QUESTION
from schema.model.record_choices import record_noun
from schema.model.values import list_of
from schema.planning.selection import SelectedField, check_texts
from schema.search.ranking import POINTS, WHOLE, best_texts
from schema.search.terms import TERMS_CEILING, Term, excerpt, highlight

_NODE = (
    "What the text is of: the record, a part of it, a passage, or who takes part in it or a name "
    "of theirs."
)


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
    node: str = reference("Node", _NODE)
    field: field_names() = plain(  # type: ignore[valid-type]  # made at run time
        "The field of the node that holds the text, such as `TITLE` or `EXACT`."
    )
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
        bound=uncounted("The words of one snippet."),
    )


@view()
class ScoredWord:
    """What one word or phrase of a search adds to a score: the most that any text gives for it."""

    id: strawberry.ID = plain("Which word, of which search, in which record.")
    word: str = plain("The word or phrase as it was searched for.")
    score: int = plain("What it adds to the score.")
    is_whole: bool = plain("Whether it was met as whole words, which counts double.")
    is_entire: bool = plain(
        "Whether the name, title or code that it was met in is all that was searched for, which "
        "counts most."
    )
    place: Place = plain("Where the text stands that it was met in.")
    field: field_names() = plain("The field that holds the text.")  # type: ignore[valid-type]  # as above
    node: str = reference("Node", _NODE)
    text: str = plain("What was met, as it stands in the text.")


@dataclass
class _BestTexts:
    """For each record of a page the text that gives most for each word of a search, read once."""

    terms: list[Term]
    records: list[str]
    rows: dict[str, list[Any]] | None = None

    async def of(self, reader: Executor, record: str) -> list[Any]:
        """The rows of the index for one record, in the order of the words."""
        if self.rows is None:
            self.rows = {id: [] for id in self.records}
            count = len(self.terms)
            rows = await reader.rows(
                ("best texts", count),
                lambda: best_texts(count, reader.edition),
                self.records,
                terms=self.terms,
            )
            for row in rows:
                self.rows[row["record_id"]].append(row)
        return self.rows[record]


def _texts_field(
    name: str, description: str, views: Callable[[SearchHit, Sequence[Any]], list[Any]]
) -> Any:
    """A field with views of one type, made of the best texts of a hit."""

    async def answer(
        reader: Executor, items: Sequence[Any], selected: SelectedField, arguments: dict[str, Any]
    ) -> list[list[TypedObject]]:
        lists = [views(hit, await hit.texts.of(reader, hit.record)) for hit in items]
        return await to_lists(reader, name, lists, selected)

    return resolved(
        lambda: list_of(types[name]),
        description,
        answer,
        bound=at_most(TERMS_CEILING, reason="One for each word of the question."),
    )


def _scored_word(hit: SearchHit, row: Any) -> ScoredWord:
    term = hit.texts.terms[row["term"]]
    [(start, end), *_] = highlight([term], row["text"])
    return ScoredWord(
        id=strawberry.ID(f"scored-word/{hit.record}?{hit.search}#{row['term']}"),
        word=term.word,
        score=row["points"],
        is_whole=row["points"] >= WHOLE * POINTS[row["place"]],
        is_entire=row["points"] > WHOLE * POINTS[row["place"]],
        place=row["place"],
        field=row["field"],
        node=row["node_id"],
        text=row["text"][start:end],
    )


def _snippets(hit: SearchHit, rows: Sequence[Any]) -> list[Snippet]:
    texts = {row["number"]: row for row in rows}
    return [_snippet(hit, row) for row in texts.values()]


def _snippet(hit: SearchHit, row: Any) -> Snippet:
    text, offset, offset_utf16 = row["text"], row["start"], row["start_utf16"]
    spans = highlight(hit.texts.terms, text)
    start, end = excerpt(text, spans)
    searched = hit.search
    if row["place"] is Place.PARTICIPANT:
        searched += f"&of={hit.record}"  # the same text is shown for the actor itself
    return Snippet(
        id=strawberry.ID(f"snippet/{row['node_id']}#{row['field']}@{offset}?{searched}"),
        node=row["node_id"],
        field=row["field"],
        place=row["place"],
        text=text[start:end],
        start=offset + start,
        start_utf16=offset_utf16 + utf16(text[:start]),
        highlights=[
            HighlightRange(
                start=offset + first,
                end=offset + last,
                start_utf16=offset_utf16 + utf16(text[:first]),
                end_utf16=offset_utf16 + utf16(text[:last]),
            )
            for first, last in spans
            if start <= first and last <= end
        ],
    )


@view(listed_as="hits of a search, the best first")
class SearchHit:
    """A record that a search found, with what found it."""

    id: strawberry.ID = plain(
        "The record and the search, such as `search-hit/party/poland?search=pol`."
    )
    record: str = reference("Record", "The record that was found.")
    noun: record_noun() = plain("The noun of the record.")  # type: ignore[valid-type]  # made at run time
    score: int = plain(
        "The sum of what its words count: for each word the most that any text of the record "
        "gives. A name gives 14, a title 12, another text of the record 6, a text of a part 4, a "
        "passage 2, the text of a source and a name of who takes part 1; whole words give twice as "
        "much, a name or title that is all that was searched for four times, and such a code 60."
    )
    scored_by: Any = _texts_field(
        "ScoredWord",
        "What makes the score: for each word the text that gives most.",
        lambda hit, rows: [_scored_word(hit, row) for row in rows],
    )
    snippets: Any = _texts_field(
        "Snippet",
        "The texts that make the score, each once, with what was found in them.",
        _snippets,
    )
    texts: _BestTexts

    @property
    def search(self) -> str:
        """What was searched for, as its id has it."""
        return self.id.partition(QUESTION)[2]


def searched(search: str) -> str:
    """The text of a search, of the end of an id; InputError where there is none."""
    try:
        text = unquote(search.removeprefix("search="), errors="strict")
    except UnicodeDecodeError as error:
        raise InputError("The search is no text.") from error
    check_texts(text)
    return text


def hits_of(rows: Sequence[dict[str, Any]], text: str, terms: list[Term]) -> list[SearchHit]:
    """The hits of a page, of the rows of `scores`."""
    texts = _BestTexts(terms, [row["record_id"] for row in rows])
    search = f"search={quote(text)}"
    return [
        SearchHit(
            id=strawberry.ID(f"search-hit/{row['record_id']}{QUESTION}{search}"),
            record=row["record_id"],
            noun=record_noun()[row["noun"].upper()],
            score=row["score"],
            texts=texts,
        )
        for row in rows
    ]

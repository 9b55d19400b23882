"""Search documents: the table, and the texts of a record that can be found."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, cast

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from schema.indexing.fulltext import APART, KEY, WORD
from schema.indexing.name_keys import name_keys
from schema.indexing.tokenizer import Word, encoded, tokenize
from schema.model.choices import Choice, described
from schema.model.noun import Link, Record, Versioned, cached_per_model, camel
from schema.model.reflection import plain_columns
from schema.model.registry import Row, known
from schema.model.traits import Trait
from schema.model.values import CodepointText, stored_choice, unwrap_optional
from schema.nouns.actor import Actor

CHUNK = 256
"""How many words one row holds: PostgreSQL keeps 256 places of a word, and 16 383 in all."""


PHRASE_CEILING = 32
"""How many words a phrase may have; chunks overlap by as many, so that none is ever cut."""


@described("Where a text stands that a search looks at.")
class Place(Choice):
    TITLE = ("TITLE", "The title of the record.")
    NAME = ("NAME", "One of its names.")
    TEXT = ("TEXT", "Another text of the record itself.")
    PART = ("PART", "A text of one of its parts, such as an item or a milestone.")
    PASSAGE = ("PASSAGE", "The exact words of a source that a claim about it rests on.")
    SOURCE_TEXT = ("SOURCE_TEXT", "The whole text of a source, where it may be shown.")
    PARTICIPANT = ("PARTICIPANT", "A name of a party or official that takes part in the record.")


KEPT = [place for place in Place if place is not Place.PARTICIPANT]
"""The places of the index's texts; names are kept with their actor, and found through its parts."""


class SearchDoc(SQLModel, table=True):
    """A text of one version of one row, or a chunk of a long one; derived from the rows alone."""

    __tablename__ = "search_doc"  # pyright: ignore[reportAssignmentType]  # as SQLModel has it
    __table_args__ = (
        sa.CheckConstraint(sa.column("place").in_([place.value for place in KEPT]), name="place"),
    )

    number: int | None = Field(
        default=None,
        primary_key=True,
        sa_type=cast(Any, sa.BigInteger().with_variant(sa.Integer(), "sqlite")),
    )
    record_id: str = Field(sa_type=CodepointText, index=True)
    node_id: str = Field(sa_type=CodepointText, index=True)
    noun: str = Field(sa_type=CodepointText)
    place: Place = Field(sa_type=stored_choice(Place))
    field: str = Field(sa_type=CodepointText)
    start: int = Field(sa_type=sa.BigInteger)
    start_utf16: int = Field(sa_type=sa.BigInteger)
    text: str = Field(sa_type=CodepointText)
    tok: str = Field(sa_type=CodepointText)
    since: int = Field(sa_type=sa.BigInteger)
    until: int | None = Field(default=None, sa_type=sa.BigInteger)


docs: sa.Table = SearchDoc.__table__  # type: ignore[attr-defined]  # set by SQLModel


@cached_per_model
def indexed_columns(noun: type[Versioned]) -> dict[str, Place]:
    """The columns of a noun that the search looks at, each with its place."""
    if noun.trait is Trait.PASSAGE:
        return {"exact": Place.PASSAGE}
    if not issubclass(noun, Record | Link):
        return {}
    places: dict[str, Place] = {}
    for name, info in plain_columns(noun).items():
        extra: Any = info.json_schema_extra or {}
        if unwrap_optional(info.annotation) is not str or name == "id" or "iso" in extra:
            continue
        if name not in noun.unsearched | noun.codes:
            places[name] = _place(noun, name)
    if "is_text_public" in noun.model_fields:
        places["text"] = Place.SOURCE_TEXT
    return places


def _place(noun: type[Versioned], column: str) -> Place:
    if issubclass(noun, Link):
        return Place.NAME if noun.is_name else Place.PART
    if column == "title":
        return Place.TITLE
    return Place.NAME if issubclass(noun, Actor) and column == "name" else Place.TEXT


def _texts(noun: type[Versioned], row: Row) -> Iterator[tuple[str, Place, str]]:
    """The texts of a row that the search looks at: column, place and text."""
    for column, place in indexed_columns(noun).items():
        text = row.get(column)
        if not text or (place is Place.SOURCE_TEXT and row["is_text_public"] is False):
            continue
        composed = getattr(row.get("title_origin"), "value", row.get("title_origin")) == "COMPOSED"
        if column == "title" and issubclass(noun, Link) and composed:
            continue  # made from the parts that are looked at themselves
        yield column, place, text


def docs_of(noun: type[Versioned], rows: Iterable[Row], owners: dict[str, str]) -> Iterator[Row]:
    """The index's rows for rows of a noun; owners name the record of each claim."""
    key = noun.parent_key if not issubclass(noun, Record) else "id"
    for row in rows:
        for column, place, text in _texts(noun, row):
            record = row[key or "id"]
            if place is Place.PASSAGE:
                record = owners.get(record)
            if record is None:
                continue  # a passage of no claim, which `pactbook check` finds elsewhere
            owner = known(record)
            about = {
                "record_id": record,
                "node_id": row["id"],
                "noun": owner.__name__,
                "place": place,
                "field": camel(column),
                "since": row["since"],
                "until": row["until"],
            }
            is_named = place in (Place.TITLE, Place.NAME) and issubclass(owner, Actor)
            for start, wide, chunk, tok in chunks(text, named=is_named):
                yield {**about, "start": start, "start_utf16": wide, "text": chunk, "tok": tok}


Chunk = tuple[int, int, str, str]
"""A piece of a text: where it starts, in UTF-16 units too, its characters, its tokens."""


@lru_cache(4096)
def chunks(text: str, *, named: bool) -> Sequence[Chunk]:
    """A text in pieces that the databases can keep; many languages share a name."""
    plain, joined = tokenize(text)
    if len(plain) <= CHUNK:
        return [(0, 0, text, _token_text(plain, joined, sorted(name_keys(text)) if named else ()))]
    pieces: list[Chunk] = []
    wide = start = 0
    for first in range(0, len(plain) - PHRASE_CEILING, CHUNK - PHRASE_CEILING):
        window = plain[first : first + CHUNK]
        begins = window[0].start if first else 0
        ends = window[-1].end if first + CHUNK < len(plain) else len(text)
        wide, start = wide + utf16(text[start:begins]), begins
        near = joined[
            bisect_left(joined, begins, key=_start) : bisect_left(joined, ends, key=_start)
        ]
        inside = [word for word in near if word.end <= ends]
        pieces.append((begins, wide, text[begins:ends], _token_text(window, inside, ())))
    return pieces


def _start(word: Word) -> int:
    return word.start


def utf16(text: str) -> int:
    """The length of a text as browsers count it."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _token_text(plain: list[Word], joined: list[Word], keys: Iterable[str]) -> str:
    """Tokens as the databases keep them: words in order, joined forms apart, then keys."""
    tokens = [WORD + word.token for word in plain]
    for word in joined:
        tokens += (APART, WORD + word.token)
    tokens += [KEY + key for key in keys]
    return encoded(" ".join(tokens))

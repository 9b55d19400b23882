"""Hidden texts: which rows hold words of one, and what may be shown of them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from schema.indexing.folding import folded
from schema.model.noun import Record, Versioned
from schema.model.reflection import owner_column
from schema.model.registry import Row, known, noun_with, nouns, table_of
from schema.model.traits import Trait
from schema.nouns.claim import Claim, Passage
from schema.publishing.originals import originals, restored
from schema.publishing.quotation import Quotation, Span, shortened
from schema.storage.sql import key_in

CUT = "…"
"""What ends words that go on."""
EVIDENCE = (Claim, Passage)
"""The nouns whose rows are of one source each."""

Found = tuple[type[Versioned], Row, Mapping[Any, Any]]
"""A version of a row: its noun, the row with all its words, and as it is shown now."""


def texts_of(noun: type[Versioned]) -> list[str]:
    """The columns of a noun that hold words."""
    return [
        column.name
        for column in table_of(noun).columns
        if isinstance(column.type, sa.Text) and not column.foreign_keys and column.name != "folded"
    ]


class HiddenText:
    """The text of a source whose licence may hide it, and all rows that hold words of it."""

    def __init__(self, connection: sa.Connection, source: str, rule: Quotation) -> None:
        self.connection, self.source, self.rule = connection, source, rule
        self.words = originals(connection, source=source)
        noun = noun_with(Trait.SOURCE)
        found = self._rows(noun, table_of(noun).c.id == source)
        self.versions = sorted(found, key=lambda version: int(version[1]["since"]))
        """Those of the source itself, in order."""
        self.is_hidden = self.versions[-1][1]["is_text_public"] is False
        """By its newest version, which decides for all."""
        texts = (row["text"] for _, row, _ in self.versions)
        self.texts = list(dict.fromkeys(text for text in texts if text))
        self._elsewhere: dict[str, set[str]] = {}

    def _rows(self, noun: type[Versioned], *tests: sa.ColumnElement[bool]) -> list[Found]:
        """All versions of rows that pass some tests."""
        query = sa.select(table_of(noun)).where(*tests)
        rows = self.connection.execute(query).mappings()
        return [(noun, restored(row, self.words), row) for row in rows]

    @cached_property
    def claims(self) -> list[Found]:
        """What is claimed on its words."""
        return self._rows(Claim, table_of(Claim).c.source_id == self.source)

    @cached_property
    def passages(self) -> list[Found]:
        """What is quoted of it."""
        return self._rows(Passage, table_of(Passage).c.source_id == self.source)

    def rows(self, ids: Collection[str] | None) -> Iterator[Found]:
        """Every version of a row that may hold its words; with ids, of these rows and records."""
        if ids is None or self.source in ids:
            yield from self.versions
        for found in [*self.claims, *self.passages]:
            noun, row, _ = found
            if ids is None or row["id"] in ids or row[owner_column(noun)] in ids:
                yield found
        yield from self._records(ids)

    def _records(self, ids: Collection[str] | None) -> Iterator[Found]:
        """The records that it speaks of, and their parts, where they hold more than a quotation."""
        records = sorted({row["record_id"] for _, row, _ in self.claims} - {self.source})
        taken = sorted({id for id, _ in self.words if known(id) not in EVIDENCE} - {self.source})
        for noun in nouns().values():
            if noun in EVIDENCE:
                continue
            table = table_of(noun)
            owner = table.c.id if issubclass(noun, Record) else table.c[owner_column(noun)]
            long = [sa.func.length(table.c[name]) > self.rule.characters for name in texts_of(noun)]
            about = sa.and_(key_in(owner, records), sa.or_(sa.false(), *long))
            tests = [sa.or_(about, key_in(table.c.id, taken))]
            if ids is not None:
                some = sorted(ids)
                tests.append(sa.or_(key_in(table.c.id, some), key_in(owner, some)))
            yield from self._rows(noun, *tests)

    def shown(self, noun: type[Versioned], row: Row) -> Row:
        """A row as readers may see it."""
        shown = dict(row)
        if row["id"] == self.source and (self.is_hidden or row["is_text_public"] is False):
            shown["text"] = None
        if self.is_hidden and noun is Passage:
            exact = shortened(row["exact"], self.longest)
            shown |= {"exact": exact, "prefix": "", "suffix": "", "is_cut": exact != row["exact"]}
        elif self.is_hidden:
            shown |= self._shown_words(noun, row)
        if "folded" in row and shown != row:
            shown["folded"] = folded(noun, shown)
        return shown

    def _shown_words(self, noun: type[Versioned], row: Row) -> Row:
        """The words of a claim or of a record that are cut."""
        cut: Row = {}
        for name in texts_of(noun):
            words, length = row[name], self.rule.characters
            if noun is Claim and name == "stated":
                length = self.longest
            if words is None or len(words) <= length or (name == "text" and "sha256" in row):
                continue
            if noun is Claim and name == "value":
                cut[name] = self._shown_value(words)
            elif self._contains(words, length) and not self._is_given_elsewhere(noun, row, words):
                cut[name] = self._cut(words, length)
        return cut

    def _shown_value(self, value: str) -> str:
        def shown(part: Any) -> Any:
            if isinstance(part, dict):
                return {key: shown(each) for key, each in part.items()}
            if isinstance(part, list):
                return [shown(each) for each in part]
            is_long = isinstance(part, str) and self._contains(part, self.rule.characters)
            return self._cut(part, self.rule.characters) if is_long else part

        read = json.loads(value)
        made = shown(read)
        if made == read:
            return value
        return json.dumps(made, ensure_ascii=False, separators=(",", ":"))

    def _cut(self, words: str, length: int) -> str:
        return shortened(words, length) + CUT

    def _contains(self, words: str, length: int) -> bool:
        """Whether more of the text stands in some words than may be quoted in one piece."""
        pieces = (words[start : start + length + 1] for start in range(len(words) - length))
        return any(piece in text for piece in pieces for text in self.texts)

    def _is_given_elsewhere(self, noun: type[Versioned], row: Row, words: str) -> bool:
        """Whether a source whose text may be shown gives a record the same words."""
        if noun in EVIDENCE:
            return False
        owner = row["id"] if issubclass(noun, Record) else row[owner_column(noun)]
        return words in self._shown_elsewhere(owner)

    def _shown_elsewhere(self, record: str) -> set[str]:
        """All words that sources whose text may be shown give a record."""
        if record not in self._elsewhere:
            claims, sources = table_of(Claim), table_of(noun_with(Trait.SOURCE))
            hidden = sa.select(sources.c.id).where(sources.c.is_text_public.is_(False))
            query = sa.select(claims.c.value).where(
                claims.c.record_id == record,
                claims.c.value.is_not(None),
                claims.c.source_id.not_in(hidden),
            )
            values = self.connection.execute(query.distinct()).scalars()
            self._elsewhere[record] = {each for value in values for each in _words(value)}
        return self._elsewhere[record]

    @cached_property
    def longest(self) -> int:
        """How many characters a quotation of it may have, by all that was ever quoted of it."""
        spans: dict[str, set[Span]] = defaultdict(set)
        quoted: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for _, row, _ in self.passages:
            text = self._text_at(row["since"])
            spans[text].add((row["start"], row["end"]))
            quoted[text, row["claim_id"]].append(row)
        for _, row, _ in self.claims:
            if row["stated"]:
                text = self._text_at(row["since"])
                start = _place(row["stated"], quoted.get((text, row["id"]), ()), text)
                if start >= 0:
                    spans[text].add((start, start + len(row["stated"])))
        return self.rule.longest((len(text), spans[text]) for text in self.texts)

    def _text_at(self, edition: int) -> str:
        """The text of an edition."""
        held = [row["text"] for _, row, _ in self.versions if row["since"] <= edition]
        return str(held[-1] or "") if held else ""


def _place(words: str, passages: Sequence[Row], text: str) -> int:
    """Where words stand in a text, first of all in the passages of their claim; -1 if nowhere."""
    for passage in passages:
        inside = str(passage["exact"]).find(words)
        if inside >= 0:
            return int(passage["start"]) + inside
    return text.find(words)


def _words(value: str) -> Iterator[str]:
    """All texts in a value that is written as JSON."""
    waiting = [json.loads(value)]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            yield part
        elif isinstance(part, dict | list):
            waiting += part.values() if isinstance(part, dict) else part

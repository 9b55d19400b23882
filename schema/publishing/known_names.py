"""Known names: what records are called, by what is published and by a source's own coding."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from schema.dossiers.states import names_of
from schema.model.editions import valid
from schema.model.noun import Versioned, cached_per_model, camel
from schema.model.reflection import link_lists, plain_columns, references
from schema.model.registry import Row, known, noun_of, nouns, table_of
from schema.model.values import CodepointText
from schema.publishing.rows import current_of_any
from schema.reading.naming import Called
from schema.storage.sql import key_in


@dataclass(frozen=True)
class Quoted:
    """A claim with the words that it quotes, whether it is published or about to be."""

    id: str
    record_id: str
    field: str | None
    element_id: str | None
    element_field: str | None
    value: Any
    stated: str | None
    status: str
    origin: str | None
    basis: str | None
    factuality: str | None
    quotes: tuple[str, ...]

    @property
    def target(self) -> str:
        """The row that it is about."""
        return self.element_id or self.record_id

    @property
    def place(self) -> str | None:
        """The field of that row; None for the row itself."""
        return self.element_field if self.element_id else self.field

    def pointed(self) -> Iterator[str]:
        """The records that its value leads to."""
        noun = known(self.target)
        if isinstance(self.value, dict):
            keys = _leading(_lists(noun).get(self.place or "", noun))
            yield from (part for key, part in self.value.items() if key in keys and part)
        elif isinstance(self.value, str) and self.place in _leading(noun):
            yield self.value


@cached_per_model
def _lists(noun: type[Versioned]) -> dict[str, type[Versioned]]:
    """The links of a noun by the field that lists them, as the graph names it."""
    return {camel(name): link for name, link, _ in link_lists(noun)}


@cached_per_model
def _leading(noun: type[Versioned]) -> frozenset[str]:
    """The fields of a noun that lead to records, as the graph names them."""
    return frozenset(map(camel, references(noun)))


class PublishedNames:
    """What the database knows of records: their texts and their names."""

    def __init__(self, connection: sa.Connection, ids: Iterable[str]) -> None:
        wanted = sorted({id for id in ids if noun_of(id) is not None})
        self.rows = current_of_any(connection, wanted)
        self.names: dict[str, set[str]] = defaultdict(set)
        self.imported: dict[str, set[str]] = defaultdict(set)
        for noun in nouns().values():
            if noun.is_name:
                self._read(connection, noun, [id for id in wanted if _is_named(known(id))])

    def _read(self, connection: sa.Connection, noun: type[Versioned], ids: list[str]) -> None:
        table = table_of(noun)
        owner = table.c[str(noun.parent_key)]
        query = sa.select(owner, table.c.text, table.c.kind, table.c.covered_by_id).where(
            valid(table, None), key_in(owner, ids)
        )
        for record, text, kind, covered in connection.execute(query):
            if kind is None or kind.value not in noun.passing:
                (self.imported if covered else self.names)[record].add(text)


@cached_per_model
def _is_named(noun: type[Versioned]) -> bool:
    """Whether its records have names of their own."""
    return any(link.is_name for link in _lists(noun).values())


@cached_per_model
def _texts(noun: type[Versioned]) -> list[str]:
    """The columns of a noun that hold words."""
    table = table_of(noun)
    return [
        name
        for name in plain_columns(noun)
        if isinstance(table.c[name].type, type(CodepointText))
        and name not in noun.unsearched | noun.evident | {"id"}
    ]


class SourceNames:
    """What records are called for one source: by what is published, and by its own claims."""

    def __init__(self, published: PublishedNames, claims: Iterable[Quoted]) -> None:
        self.published = published
        self.claims: dict[str, list[Quoted]] = defaultdict(list)
        self.parts: dict[str, list[Quoted]] = defaultdict(list)
        for claim in claims:
            self.claims[claim.target].append(claim)
            if claim.element_id:
                self.parts[claim.record_id].append(claim)
        self.known: dict[str, Called] = {}

    def called(self, id: str) -> Called:
        """What a record or a part of one is called."""
        if id not in self.known:
            self.known[id] = self._called(id)
        return self.known[id]

    def _called(self, id: str) -> Called:
        noun = noun_of(id)
        called = Called()
        if noun is None:
            return called
        row = self.published.rows.get(id, {})
        texts = {name: str(row[name]) for name in _texts(noun) if row.get(name)}
        claimed = list(self._claimed(noun, id))
        called.is_actor, called.is_person = _is_named(noun), noun.is_person
        state = names_of(id)
        called.state = state.slug if state else None
        titles = [text for name, text in [*texts.items(), *claimed] if name in ("title", "name")]
        others = [
            text for name, text in [*texts.items(), *claimed] if name not in ("title", "name")
        ]
        called.names.update(titles, others if called.is_actor else ())
        called.about.update(others)
        called.names |= self.published.names[id]
        (called.foreign if state else called.names).update(self.published.imported[id])
        if state:
            called.foreign.update(each.text for each in state.names if each.language is None)
        self._add_parts(id, noun, called, row)
        return called

    def _claimed(self, noun: type[Versioned], id: str) -> Iterator[tuple[str, str]]:
        """The texts that the source's own claims give it, by field."""
        for claim in self.claims[id]:
            if isinstance(claim.value, str) and claim.place not in _leading(noun):
                yield str(claim.place), claim.value
            elif isinstance(claim.value, dict):
                for key, part in claim.value.items():
                    if isinstance(part, str) and "/" not in part:
                        yield key, part

    def _add_parts(self, id: str, noun: type[Versioned], called: Called, row: Row) -> None:
        """What is said of its parts: names of its own, and who takes part in it."""
        for claim in self.parts[id]:
            link = known(claim.target)
            if link.is_name and isinstance(claim.value, Mapping) and "text" in claim.value:
                called.names.add(claim.value["text"])
            elif not called.is_actor:
                for other in claim.pointed():
                    noun_there = noun_of(other)  # None for what is refused as no id
                    if noun_there and _is_named(noun_there):
                        called.about |= self.called(other).names
        if noun.parent_key:
            owners = {claim.record_id for claim in self.claims[id]}
            owners |= {str(row[noun.parent_key])} if row else set()
            for owner in sorted(owners):
                parent = self.called(owner)
                called.about |= parent.names | parent.about

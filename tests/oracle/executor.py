"""Answers of the oracle: graphql-core executes, and each resolver knows one object."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLResolveInfo,
    execute_sync,
    parse,
    validate,
)

from schema.errors import InputError, UnknownEditionError
from schema.graph.catalog import plural
from schema.model.noun import Record
from schema.model.registry import nouns, prefix_of
from tests.oracle.conditions import test_of
from tests.oracle.evidence import WORKED, Worked
from tests.oracle.graph import graph
from tests.oracle.objects import Thing, Things, edition_of
from tests.oracle.pages import edition_in, size_of
from tests.oracle.rows import Rows, valid


@dataclass
class Told:
    """An answer of the oracle."""

    data: dict[str, Any] | None
    errors: list[GraphQLError]
    edition: int | None


@dataclass
class _Run:
    """What one operation has read."""

    edition: int | None = None


@dataclass
class Oracle:
    """The record in memory, and what it answers."""

    rows: Rows
    selected: set[tuple[str, str]] = field(default_factory=set)
    """Every field that anybody asked for so far, by the type that answered it."""

    @cached_property
    def things(self) -> Things:
        """The objects of the record."""
        return Things(self.rows)

    def answer(self, query: str, variables: Mapping[str, Any], *, is_valid: bool = False) -> Told:
        """What the specification says is the answer; to check an operation takes longest."""
        try:
            document = parse(query)
        except GraphQLError as error:
            return Told(None, [error], None)
        wrong = [] if is_valid else validate(graph(), document)
        return Told(None, wrong, None) if wrong else self.execute(document, variables)

    def execute(self, document: DocumentNode, variables: Mapping[str, Any]) -> Told:
        """The answer to a valid operation."""
        run = _Run()
        result = execute_sync(
            graph(),
            document,
            context_value=run,
            variable_values=dict(variables),
            field_resolver=self._resolve,
            type_resolver=lambda value, info, kind: value.type,
        )
        return Told(result.data, result.errors or [], run.edition)

    def _resolve(self, source: Any, info: GraphQLResolveInfo[_Run], **arguments: Any) -> Any:
        kind, name = info.parent_type.name, info.field_name
        self.selected.add((kind, name))
        _check_texts(arguments)
        if kind == "Query":
            return self._root(name, arguments, info.context)
        if not isinstance(source, Thing):
            held = source[name]
            return held(arguments) if callable(held) else held
        worked = _worked(kind, name)
        if worked is not None:
            return worked(self.things, source, arguments)
        return self.things.field(source, name, arguments)

    def _root(self, name: str, given: dict[str, Any], run: _Run) -> Any:
        if name in ("node", "nodes"):
            return self._by_ids(name, given, run)
        as_of = self._edition(given.get("asOf"), given.get("after") or given.get("before"))
        id = _key(name, given.get("by", {}))
        meant, carried = edition_of(id) if id else (None, None)
        if carried is not None and as_of not in (None, carried):
            raise InputError(
                f"The id '{given['by'].get('id') or given['by']['slug']}' is of edition {carried}, "
                f"`asOf` asks for {as_of}. Leave `asOf` out, or the edition out of the id."
            )
        if carried is not None and carried <= self.rows.newest:
            as_of, id = carried, meant
        number = self.rows.newest if as_of is None else as_of
        run.edition = max(run.edition or 0, number)
        if name == "edition":
            return self.things.one("Edition", "number", given["number"], as_of)
        if name == "editions":
            rows = valid("Edition", self.rows.of["Edition"], as_of)
            falls = given["direction"] == "DESC"
            return self.things.page(name, "Edition", rows, given, as_of, falls)
        noun, many = ROOTS[name]
        if not many:
            return self._lookup(noun, id, given["by"], as_of)
        size_of(given)
        test = test_of(self.rows, noun, given.get("where"), as_of)
        rows = [row for row in valid(noun, self.rows.of[noun], as_of) if test(row)]
        return self.things.page(name, noun, rows, given, as_of, given.get("orderBy"))

    def _by_ids(self, name: str, given: dict[str, Any], run: _Run) -> Any:
        """What ids name, each at the edition that it carries."""
        ids = [given["id"]] if name == "node" else given["ids"]
        if len(ids) > 100:
            raise InputError(f"{len(ids)} ids are too many. Ask for at most 100 at a time.")
        found: list[Thing | None] = []
        read = set[int]()
        for id in ids:
            meant, edition = edition_of(id)
            known = edition is None or edition <= self.rows.newest
            found.append(self.things.by_id(meant, edition) if known else None)
            read.add(edition if edition and known else self.rows.newest)
        run.edition = max(run.edition or 0, *(read or {self.rows.newest}))
        return found[0] if name == "node" else found

    def _lookup(
        self, noun: str, id: str | None, by: Mapping[str, Any], as_of: int | None
    ) -> Thing | None:
        if "identifier" in by:
            key = by["identifier"]
            codes = valid("Identifier", self.rows.by("Identifier", "value", key["value"]), as_of)
            owners = {code["record_id"] for code in codes if code["scheme"] == key["scheme"]}
            found = (self.things.one(noun, "id", owner, as_of) for owner in sorted(owners))
            return next(filter(None, found), None)
        return self.things.one(noun, "id", id, as_of)

    def _edition(self, as_of: Mapping[str, Any] | None, cursor: str | None) -> int | None:
        """The edition that a root field reads; None reads the newest."""
        number = self._asked(as_of or {})
        carried = edition_in(cursor) if cursor else None
        if carried is None:
            return number
        if number is not None and number != carried:
            raise InputError(
                f"The cursor goes on reading edition {carried}, `asOf` asks for {number}. "
                "Leave `asOf` out, or start again without the cursor."
            )
        return self._asked({"edition": carried})

    def _asked(self, as_of: Mapping[str, Any]) -> int | None:
        if as_of.get("edition") is not None:
            number = int(as_of["edition"])
            if not 1 <= number <= self.rows.newest:
                raise UnknownEditionError(number, self.rows.newest)
            return number
        instant = as_of.get("instant")
        if instant is None:
            return None
        if instant.tzinfo is None:
            instant = instant.replace(tzinfo=datetime.UTC)
        try:
            instant = instant.astimezone(datetime.UTC)
        except OverflowError as error:
            raise InputError(
                f"`asOf` cannot read the instant {instant.isoformat()}. "
                "In UTC it must lie in the years 1 to 9999."
            ) from error
        published = (number for told, number in self.rows.instants if told <= instant)
        return max(published, default=0)


def _key(name: str, by: Mapping[str, Any]) -> str | None:
    """The id that a lookup names a record by, if it is one."""
    if "slug" in by:
        return f"{prefix_of(nouns()[ROOTS[name][0]])}/{by['slug']}"
    id = by.get("id")
    return None if id is None else str(id)


def _worked(kind: str, name: str) -> Worked | None:
    noun = nouns().get(kind)
    is_record = noun is not None and issubclass(noun, Record)
    return WORKED.get((kind, name)) or (WORKED.get(("Record", name)) if is_record else None)


ROOTS = {
    root: (name, many)
    for name in nouns()
    for root, many in ((name[0].lower() + name[1:], False), (plural(name), True))
}
"""The root fields of the nouns: the noun, and whether it is its list."""


def _check_texts(given: Any) -> None:
    """Refuses what one of the databases cannot keep."""
    if isinstance(given, str):
        if "\x00" in given:
            raise InputError("A text holds the character U+0000. Leave it out.")
        if any("\ud800" <= letter <= "\udfff" for letter in given):
            raise InputError("A text holds half of a surrogate pair. Leave it out.")
    elif isinstance(given, dict | list):
        for value in given.values() if isinstance(given, dict) else given:
            _check_texts(value)

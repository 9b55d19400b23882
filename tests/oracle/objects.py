"""Objects of the record, each answering one field at a time from rows in memory."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import schema
from schema.errors import UnknownFieldError
from schema.model.fields import ModelFields, Relation, Value
from schema.model.noun import Record, camel
from schema.model.registry import nouns, nouns_of, prefixes
from schema.model.values import value_fields
from tests.oracle.graph import graph
from tests.oracle.pages import Step, page, steps_of, steps_of_relation
from tests.oracle.rows import Row, Rows, is_valid, valid
from tests.support.databases import BASE_URL

SPECIAL = {"Edition": "Edition", "Conflict": "Claim"}
"""What is no noun, and the table it is read off; a revision is read off its record's."""
UNCLAIMED = frozenset(
    {
        *("id", "url", "edition", "history", "factuality"),
        *("claims", "hedges", "unknowns", "conflicts"),
        *("changes", "citation", "lineage", "lineageCount", "passages", "progress"),
        *("noun", "mainDate"),
    }
)
"""Fields of which no source says anything."""


def shown(id: str, as_of: int | None) -> str:
    """An id as an answer shows it: the edition stands behind the record, before its field."""
    record, mark, field = id.partition("#")
    return id if as_of is None else f"{record}@{as_of}{mark}{field}"


def edition_of(id: str) -> tuple[str, int | None]:
    """What an id means, and the edition that it is to be read at."""
    meant, mark, number = id.rpartition("@")
    plain = number.isascii() and number.isdigit() and len(number) < 10 and number[0] != "0"
    return (meant, int(number)) if mark and meant and plain else (id, None)


@dataclass(frozen=True)
class Thing:
    """One object of the graph: its type, its row, and the edition it is read at."""

    type: str
    row: Row
    noun: str
    as_of: int | None

    def column(self, name: str) -> Any:
        """A column as a reader may see it."""
        held = self.row[name]
        if self.noun == "Source" and name == "text" and self.row["is_text_public"] is False:
            return None
        if name == "until" and None not in (held, self.as_of) and held > self.as_of:
            return None
        return held


def is_record(type: str) -> bool:
    """Whether a type is a noun of which there are records."""
    return type in nouns() and issubclass(nouns()[type], Record)


@cache
def declared(type: str) -> dict[str, Relation | Value]:
    """What a type declares beside its columns, by the names of the graph."""
    other: dict[str, Any] = {
        "Edition": schema.Edition,
        "Conflict": schema.Conflict,
        "Revision": schema.Revision,
    }
    kind = other[type] if type in other else nouns()[type]
    declaration: ModelFields = kind.declared
    found: dict[str, Relation | Value] = {}
    for name, value in declaration.values.items():
        found[camel(name)] = value
    for name, relation in declaration.relations.items():
        found[camel(name)] = relation
    return found


@cache
def columns(type: str) -> dict[str, str]:
    """The columns behind the other fields of a type."""
    names = {"Edition": ["number", "published_at", "author", "summary", "mark"]}
    names |= {"Conflict": ["field", "element_field"], "Revision": ["title"]}
    found = names[type] if type in names else list(nouns()[type].model_fields)
    return {camel(name): name for name in found}


class Things:
    """What the rows in memory give for each field of each object."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows

    def by_id(self, id: str, as_of: int | None, target: str = "Versioned") -> Thing | None:
        """The thing with an id, if it is of a noun that the target stands for."""
        prefix, _, rest = id.partition("/")
        if prefix == "edition" and target == "Versioned":
            plain = rest.isascii() and rest.isdigit() and len(rest) < 10 and rest == str(int(rest))
            return self.one("Edition", "number", int(rest), as_of) if plain else None
        noun = prefixes().get(prefix)
        if noun is None or noun.__name__ not in nouns_of(target):
            return None
        return self.one(noun.__name__, "id", id, as_of)

    def one(self, noun: str, column: str, value: Any, as_of: int | None) -> Thing | None:
        """The only row with a value in a column."""
        found = valid(noun, self.rows.by(noun, column, value), as_of)
        return Thing(noun, found[0], noun, as_of) if found else None

    def field(self, thing: Thing, name: str, arguments: Mapping[str, Any]) -> Any:
        """The value of a field."""
        if name == "id":
            return self._id(thing)
        if name == "url":
            then = "" if thing.as_of is None else f"?edition={thing.as_of}"
            return f"{BASE_URL}/{thing.row['id']}{then}"
        found = declared(thing.type).get(name)
        if isinstance(found, Value):
            return self._value(thing, name, found)
        if isinstance(found, Relation):
            return self._related(thing, name, found, arguments)
        if name == "noun" and is_record(thing.type):
            return thing.type.upper()
        if name == "mainDate" and is_record(thing.type):
            return self._main_date(thing)
        held = thing.column(columns(thing.type)[name])
        return json.loads(held) if (thing.type, name) == ("Claim", "value") and held else held

    def _id(self, thing: Thing) -> str:
        row = thing.row
        if thing.type == "Edition":
            return f"edition/{row['number']}"
        if thing.type == "Conflict":
            return shown(f"conflict/{row['conflict_key']}", thing.as_of)
        version = f"revision/{row['id']}/{row['since']}"
        return shown(version if thing.type == "Revision" else row["id"], thing.as_of)

    def _main_date(self, thing: Thing) -> dict[str, Any] | None:
        """The first of its dates that has bounds, else the first there is."""
        values = {camel(name): value for name, value in nouns()[thing.type].declared.values.items()}
        dates = map(camel, nouns()[thing.type].dated_by)
        found = filter(None, [self._value(thing, name, values[name]) for name in dates])
        return min(found, key=lambda date: not (date["earliest"] or date["latest"]), default=None)

    def _value(self, thing: Thing, name: str, value: Value) -> dict[str, Any] | None:
        [column] = [key for key in nouns()[thing.type].declared.values if camel(key) == name]
        held = {
            camel(part): thing.row[value.column(column, part)] for part in value_fields(value.kind)
        }
        if all(part is None for part in held.values()):
            return None
        if isinstance(held.get("others"), str):
            held["others"] = json.loads(held["others"])
        return {"id": shown(f"{thing.row['id']}#{name}", thing.as_of), **held}

    def _related(
        self, thing: Thing, name: str, relation: Relation, arguments: Mapping[str, Any]
    ) -> Any:
        key, as_of, target = thing.column(relation.key), thing.as_of, relation.target
        if target in ("Record", "Link", "Actor"):
            return None if key is None else self.by_id(key, as_of, target)
        noun = thing.noun if target == "Revision" else SPECIAL.get(target, target)
        found = self._reached(noun, relation, key, as_of)
        for column, wanted in relation.where:
            among = wanted if isinstance(wanted, tuple) else (wanted,)
            found = [row for row in found if row[column] in among]
        for column in relation.present:
            found = [row for row in found if row[column] is not None]
        found = self._narrowed(thing.type, relation, found, arguments)
        if relation.paged:
            steps = steps_of_relation(noun, relation.order)
            return connection(
                name, steps, found, arguments, as_of, lambda row: Thing(target, row, noun, as_of)
            )
        if target != "Edition":
            for step in reversed(relation.order):
                _sort(found, step.removeprefix("-"), falls=step.startswith("-"))
        made = [Thing(target, row, noun, as_of) for row in found]
        if relation.single:
            return made[0] if made else None
        return made

    def _reached(self, noun: str, relation: Relation, key: Any, as_of: int | None) -> list[Row]:
        """The rows that a relation leads to, before anything narrows them."""
        if key is None:
            return []
        if relation.every_version:
            rows = self.rows.by(noun, relation.by, key)
            return [row for row in rows if as_of is None or row["since"] <= as_of]
        if relation.through is None:
            return valid(noun, self.rows.by(noun, relation.by, key), as_of)
        link, near, far = relation.through
        ends = {row[far] for row in valid(link, self.rows.by(link, near, key), as_of)}
        return [
            row
            for end in sorted(end for end in ends if end is not None)
            for row in self.rows.by(noun, relation.by, end)
            if is_valid(noun, row, as_of)
        ]

    def _narrowed(
        self, type: str, relation: Relation, found: list[Row], arguments: Mapping[str, Any]
    ) -> list[Row]:
        for narrow in relation.narrow:
            value = arguments.get(camel(narrow.name))
            if value is None or value is False:
                continue
            wanted = None if narrow.kind is bool else value
            choices = set(getattr(graph().type_map[type], "fields", ())) - UNCLAIMED
            if narrow.kind is not bool and value not in choices:
                names: Any = graph().type_map["FieldName"]
                values = names.values
                known = [key for key, each in values.items() if each.value in choices]
                [name] = [key for key, each in values.items() if each.value == value]
                raise UnknownFieldError(type, name, known)
            found = [row for row in found if row[narrow.column] == wanted]
        return found

    def page(
        self,
        field: str,
        noun: str,
        found: list[Row],
        arguments: Mapping[str, Any],
        as_of: int | None,
        order: Any = None,
    ) -> dict[str, Any]:
        """A page of a root list."""
        return connection(
            field,
            steps_of(noun, order),
            found,
            arguments,
            as_of,
            lambda row: Thing(noun, row, noun, as_of),
        )


def connection(
    field: str,
    steps: Sequence[Step],
    found: list[Row],
    arguments: Mapping[str, Any],
    as_of: int | None,
    made: Callable[[Row], Any],
) -> dict[str, Any]:
    """A connection, of nodes that are made of rows."""
    cut = page(field, steps, found, arguments, as_of)
    nodes = [made(row) for row in cut.pop("rows")]
    cursors = cut.pop("cursors")
    edges = [{"node": node, "cursor": cursor} for node, cursor in zip(nodes, cursors, strict=True)]
    return {**cut, "nodes": nodes, "edges": edges}


def _sort(rows: list[Row], column: str, *, falls: bool) -> None:
    """In place and stable, nulls first."""
    rows.sort(key=lambda row: (row[column] is not None, row[column] or 0), reverse=falls)

"""Generated operations: valid by construction, and as tangled as GraphQL allows.

Each response key stands for one field with one set of arguments and one type in the whole
operation, so that selections merge wherever they meet: the same field twice, under aliases, in
inline and named fragments on the type itself, on its interfaces and on what implements it, with
@skip and @include. Values come from a stock of real ones; any part of them may be a variable.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from graphql import (
    GraphQLBoolean,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    Undefined,
    build_schema,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
)

from tests.oracle.arguments import PAGED, Stock, noun_named
from tests.oracle.executor import ROOTS, Oracle
from tests.oracle.graph import covered
from tests.oracle.objects import edition_of
from tests.oracle.pages import steps_of
from tests.oracle.reachable_fields import Composite, overlapping
from tests.oracle.variables import Variables

DEPTH = 6
"""How deep fields stand in one another, those of connections not counted."""
ROWS = 150
"""How many objects a selection may be asked of, as far as can be told."""
PLUMBING = ("nodes", "edges", "node", "pageInfo")
LIKELY = ("node", "nodes", "agreements", "decisions", "events", "procurements", "statements")
"""Root fields that are drawn more often than others."""
ALIASES = ("id", "title", "name", "nodes", "node", "data", "field", "values")
"""Response keys that a reader takes for fields."""


@cache
def schema() -> GraphQLSchema:
    """What operations are generated for."""
    return build_schema(covered())


@dataclass(frozen=True)
class Fragment:
    """A named fragment: on which type, and how much its selection multiplies."""

    name: str
    on: Composite
    text: str
    growth: int


@dataclass(frozen=True)
class Place:
    """Where a selection stands: how deep, and of how many objects it may be asked."""

    depth: int = 0
    rows: int = 1


class Operation:
    """One operation while it is being written."""

    def __init__(self, oracle: Oracle, seed: int) -> None:
        self.random = Random(seed)
        self.oracle = oracle
        self.stock = Stock(oracle, self.random)
        self.values = Variables(self.random)
        self.keys: dict[str, tuple[str, str, str]] = {}
        self.given: dict[tuple[str, str], list[str]] = {}
        self.fragments: list[Fragment] = []
        self.budget = self.random.choice([1, 2, 3, 4, 6, 9])
        self.room = self.random.choice([12, 18, 24, 32, 44])
        self.edition: int | None = None
        self.likely: str | None = None
        self.most = 1

    def written(self) -> tuple[str, dict[str, Any]]:
        """The text of the operation and its variables."""
        query = schema().query_type
        assert query is not None
        body = self.selection(query, Place())
        declared = ", ".join(f"${name}: {kind}" for name, kind in self.values.declared.items())
        head = f"query Asked({declared}) " if declared else self.random.choice(["", "query "])
        parts = [f"{head}{body}"]
        parts += [f"fragment {each.name} on {each.on.name} {each.text}" for each in self.fragments]
        self.random.shuffle(parts)
        return "\n".join(parts), self.values.given

    def selection(self, kind: Composite, place: Place) -> str:
        """What is asked of objects of a type."""
        count = self.random.choice([1, 1, 2, 3] if not place.depth else [1, 2, 3, 4, 5])
        parts = [self._part(kind, place) for _ in range(count) if self.room > 0]
        return f"{{ {' '.join(part for part in parts if part) or '__typename'} }}"

    def _part(self, kind: Composite, place: Place) -> str:
        draw = self.random.random()
        self.room -= 1
        if draw < 0.06:
            return f"{self._key('__typename', '', 'String!')}__typename{self._directives()}"
        if draw < 0.16 and place.depth < DEPTH:
            on = self._condition(kind)
            inner = self.selection(on or kind, Place(place.depth, place.rows))
            return f"...{f' on {on.name}' if on else ''}{self._directives()} {inner}"
        if draw < 0.24 and place.depth < DEPTH:
            return self._spread(kind, place)
        return self._field(kind, place)

    def _condition(self, kind: Composite) -> Composite | None:
        """A type that a fragment may be on here."""
        if self.random.random() < 0.3:
            return None if self.random.random() < 0.5 else kind
        return self._near(kind)

    def _near(self, kind: Composite) -> Composite:
        """A type that objects here may be of; of a node, one that its id speaks for."""
        likely = schema().type_map.get(self.likely or "")
        if kind.name == "Node" and isinstance(likely, GraphQLObjectType):
            return self.random.choice(fitting(likely))
        return self.random.choice(fitting(kind))

    def _spread(self, kind: Composite, place: Place) -> str:
        known = [
            each
            for each in self.fragments
            if each.on in fitting(kind) and each.growth * place.rows <= ROWS
        ]
        if known and self.random.random() < 0.5:
            return f"...{self.random.choice(known).name}{self._directives()}"
        on = self._near(kind)
        before, self.most = self.most, place.rows
        text = self.selection(on, place)
        growth, self.most = self.most // place.rows, max(self.most, before)
        fragment = Fragment(f"F{len(self.fragments)}", on, text, growth)
        self.fragments.append(fragment)
        return f"...{fragment.name}{self._directives()}"

    def _field(self, kind: Composite, place: Place) -> str:
        name = self._chosen(kind, place)
        if name is None:
            return ""
        field = kind.fields[name]
        arguments, size = self._arguments(kind, name, field)
        key = self._key(name, arguments, str(field.type))
        start = f"{key}{name}{arguments}{self._directives()}"
        inner = get_named_type(field.type)
        if is_leaf_type(inner):
            return start
        assert isinstance(inner, GraphQLObjectType | GraphQLInterfaceType)
        rows = place.rows * size
        self.most = max(self.most, rows)
        deeper = 0 if name in PLUMBING else 1
        self.room += 1 - deeper  # what only leads to records takes no room from them
        return f"{start} {self.selection(inner, Place(place.depth + deeper, rows))}"

    def _chosen(self, kind: Composite, place: Place) -> str | None:
        """The name of a field that may be asked here."""
        fields = kind.fields
        leaves = [
            name for name, field in fields.items() if is_leaf_type(get_named_type(field.type))
        ]
        others = [name for name in fields if name not in leaves]
        if kind.name == "Query":
            return str(self.random.choice([*others, *LIKELY, *LIKELY]))
        plumbing = [name for name in others if name in PLUMBING]
        if plumbing and self.random.random() < 0.85:
            return str(self.random.choice(plumbing))
        cheap = self.budget <= 0 or self.room <= 0 or place.depth >= DEPTH or place.rows * 3 > ROWS
        values = [name for name in others if str(fields[name].type) in VALUES]
        more = ["conflicts"] * 3 if "conflicts" in others else []
        others = values if cheap else [*others, *more]
        if others and (not leaves or self.random.random() < 0.45):
            self.budget -= 1
            return str(self.random.choice(others))
        return str(self.random.choice(leaves)) if leaves else None

    def _arguments(self, kind: Composite, name: str, field: GraphQLField) -> tuple[str, int]:
        """The arguments of a field, and how many objects it gives, about."""
        is_list = isinstance(get_nullable_type(field.type), GraphQLList)
        size = 4 if is_list and name not in PLUMBING else 1
        if not field.args:
            return "", size
        used = self.given.setdefault((kind.name, name), [])
        if used and self.random.random() < 0.3:
            return self.random.choice(used), 4
        given = self._root(name) if kind.name == "Query" else self._nested(kind, name, field)
        size = max(size, min(int(given.get("first") or given.get("last") or 1), 4))
        parts = [
            f"{key}: {self._literal(field, key, value)}"
            for key, value in given.items()
            if key in field.args
        ]
        self.random.shuffle(parts)
        text = f"({', '.join(parts)})" if parts else ""
        used.append(text)
        return text, size

    def _literal(self, field: GraphQLField, key: str, value: Any) -> str:
        argument = field.args[key]
        has_default = argument.default_value is not Undefined
        return self.values.literal(argument.type, value, has_default=has_default)

    def _root(self, name: str) -> dict[str, Any]:
        """The arguments of a root field; what stands below it is read at its edition."""
        stock, given = self.stock, dict[str, Any]()
        if name not in ("edition", "node", "nodes") and stock.one_in(4):
            given["asOf"] = stock.as_of()
        number = given.get("asOf", {}).get("edition")
        self.edition = number
        noun, many = ROOTS.get(name, (None, False))
        if noun is not None and not many:
            return given | {"by": stock.by(noun)}
        if noun is None and name != "editions":
            argument = {"node": "id", "nodes": "ids", "edition": "number"}[name]
            given[argument] = stock.value(argument, "Query")
            ids = given.get("ids", [given.get("id")]) or [None]
            likely = self.random.choice(ids)
            self.likely, self.edition = noun_named(likely), edition_of(likely or "")[1]
            return given
        if noun is not None and stock.one_in(2):
            given["where"] = stock.where(noun)
        if noun is not None and stock.one_in(3):
            given["orderBy"] = stock.order(noun)
        order: Any = given.get("orderBy")
        if noun is None and stock.one_in(2):
            given["direction"] = self.random.choice(["ASC", "DESC"])
            order = given["direction"] == "DESC"
        steps = steps_of(noun or "Edition", order)
        given |= stock.page(name, steps, noun or "Edition", number)
        return given

    def _nested(self, kind: Composite, name: str, field: GraphQLField) -> dict[str, Any]:
        """The arguments of a field of an object."""
        given = {}
        if "first" in field.args:
            given = self.stock.nested_page(kind.name, name, self.edition)
        for argument, declared in field.args.items():
            if argument in PAGED:
                continue
            needed = isinstance(declared.type, GraphQLNonNull)
            optional = declared.default_value is not Undefined or not needed
            if optional and not self.stock.one_in(3):
                continue
            if argument == "style":
                given[argument] = self.random.choice(["APA", "BIBTEX", "CHICAGO", "MLA"])
            else:
                given[argument] = self.stock.value(argument, kind.name)
        return given

    def _key(self, name: str, arguments: str, kind: str) -> str:
        """The alias, if any, of a field; each key means the same wherever it stands."""
        wanted = (name, arguments, kind)
        known = [key for key, meant in self.keys.items() if meant == wanted]
        if known and self.random.random() < 0.7:
            key = self.random.choice(known)
        else:
            key = name if self.random.random() < 0.75 else self.random.choice(ALIASES)
            if self.keys.setdefault(key, wanted) != wanted:
                key = f"{name.strip('_')[0]}{len(self.keys)}"
                self.keys[key] = wanted
        return "" if key == name else f"{key}: "

    def _directives(self) -> str:
        draw = self.random.random()
        if draw > 0.08:
            return ""
        names = ["skip", "include"] if draw < 0.02 else [self.random.choice(["skip", "include"])]
        made = ""
        for name in names:
            value = self.random.random() < (0.3 if name == "skip" else 0.7)
            literal = self.values.literal(GraphQLNonNull(GraphQLBoolean), value)
            made += f" @{name}(if: {literal})"
        return made


VALUES = ("PartialDate", "Quantity", "Money")
"""Composite types that cost nothing."""


@cache
def fitting(kind: Composite) -> list[Composite]:
    """The types that a fragment may be on where a type stands."""
    return overlapping(schema(), kind)


def operation(oracle: Oracle, seed: int) -> tuple[str, dict[str, Any]]:
    """The operation of a number, the same each time."""
    return Operation(oracle, seed).written()

"""What generated operations ask with: ids, words, cursors and editions that the record holds."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import cache
from random import Random
from typing import Any

from graphql import GraphQLEnumType, GraphQLInputObjectType, get_named_type

from schema.model.field_names import constant
from schema.model.fields import Relation
from schema.model.registry import nouns, prefixes
from tests.oracle.conditions import columns_of
from tests.oracle.executor import Oracle
from tests.oracle.graph import graph
from tests.oracle.objects import SPECIAL, declared
from tests.oracle.pages import Step, cursor_of, order_names, steps_of_relation
from tests.oracle.rows import Row, Rows

JUNK_IDS = ["", "/", "party", "party/nobody", "record/party/poland", "🕊/🕊", "edition/01"]
JUNK_IDS += ["@", "@2", "party/poland@", "party/poland@0", "party/poland@02", "party/poland@2@2"]
JUNK_IDS += ["party/poland@²", "party/poland@1000000000", "party/poland\n@2", "x\x00"]
JUNK_CURSORS = ["", "x", "W10", "WyJhZ3JlZW1lbnRzOklEKyIsWyJhIl0sbnVsbF0", "ü"]
PAGED = ("first", "after", "last", "before")
LIKE = {"Record": "Agreement", "Actor": "Party", "Link": "Item"}
"""A noun that has the lists of an interface."""
MISTAKES = 0.015
"""How often a value is one that cannot be used."""


class Stock:
    """Draws values for arguments."""

    def __init__(self, oracle: Oracle, random: Random) -> None:
        self.oracle, self.random = oracle, random
        self.rows = oracle.rows
        self.newest = oracle.rows.newest

    def errs(self) -> bool:
        """Whether to make a mistake now."""
        return self.random.random() < MISTAKES

    def one_in(self, count: int) -> bool:
        """Yes once in so many times."""
        return self.random.randrange(count) == 0

    def row(self, noun: str) -> Row:
        """Some version of some record; often one that was amended, or that is disputed."""
        told: list[Row] = []
        if self.one_in(3):
            told = self.random.choice([disputed, amended])(self.rows).get(noun, [])
        return self.random.choice(told or self.rows.of[noun])

    def id(self, noun: str | None = None) -> str:
        """An id of a noun, or of any; now and then of nothing."""
        if self.random.random() < 0.04:
            return self.random.choice(JUNK_IDS[:-1] if not self.errs() else JUNK_IDS)
        if noun is None and self.one_in(8):
            return f"edition/{self.random.randint(0, self.newest + 1)}"
        noun = noun or self.random.choice(list(nouns()))
        return self.read_id(self.row(noun)["id"])

    def read_id(self, id: str) -> str:
        """An id as some answer may have shown it: now and then as of an edition."""
        return f"{id}@{self.random.randint(1, self.newest + 1)}" if self.one_in(5) else id

    def by(self, noun: str) -> dict[str, Any]:
        """The key of a record."""
        kind = self.random.random()
        if kind < (0.3 if noun == "Party" else 0.03):
            code = self.row("Identifier")
            return {"identifier": {"scheme": code["scheme"], "value": code["value"]}}
        id = self.id(noun)
        return {"id": id} if kind < 0.6 else {"slug": id.partition("/")[2]}

    def as_of(self) -> dict[str, Any]:
        """An edition, or an instant near the publication of one."""
        if self.one_in(3):
            _, number = self.random.choice(self.rows.instants)
            [told] = [instant for instant, each in self.rows.instants if each == number]
            told += datetime.timedelta(minutes=self.random.choice([-30, 0, 30]))
            zone = self.random.choice(["Z", "+00:00", ""])
            if self.errs():
                return {"instant": "0001-01-01T00:00:00+10:00"}
            return {"instant": told.replace(tzinfo=None).isoformat() + zone}
        if self.errs():
            return {"edition": self.random.choice([0, -1, self.newest + 1])}
        lately = self.random.choice([1, 2, self.newest - 2])
        return {"edition": self.random.randint(lately, self.newest)}

    def page(
        self, field: str, steps: list[Step], noun: str | None, edition: int | None
    ) -> dict[str, Any]:
        """The arguments of a page: small, forward or backward, from the start or a cursor."""
        size: Any = self.random.choice(
            [1, 1, 2, 2, 2, 3, 3, 3, 4, 5] if not self.one_in(15) else [0]
        )
        cursor: str | None = None
        if noun is not None and self.one_in(5):
            carried = self.random.choice([edition, None])
            cursor = cursor_of(field, steps, self.row(noun), carried)
            if self.errs():
                cursor = self.random.choice([*JUNK_CURSORS, f"{cursor}=", cursor[:-1]])
        if self.errs():
            size = self.random.choice([-1, 101, None])
        backward = self.one_in(4)
        if self.errs():
            return {"first": size, "last": 1, "after": cursor, "before": cursor}
        names = ("last", "before") if backward else ("first", "after")
        found = {names[0]: size, names[1]: cursor}
        if cursor is None and not self.one_in(10):
            del found[names[1]]
        return found

    def nested_page(self, type: str, field: str, edition: int | None) -> dict[str, Any]:
        """The same for a list of an object."""
        owner = LIKE.get(type, type)
        relation = declared(owner).get(field) if owner in {*nouns(), *SPECIAL, "Revision"} else None
        if isinstance(relation, Relation):
            target = owner if relation.target == "Revision" else relation.target
            noun = SPECIAL.get(target, target)
            return self.page(field, steps_of_relation(noun, relation.order), noun, edition)
        if field == "passages":
            steps = steps_of_relation("Passage", ("start", "end", "id"))
            return self.page(field, steps, "Passage", edition)
        if field == "changes":
            step = Step("EDITION", lambda row: row["edition"], falls=True, kind=int)
            return self.page(field, [step], "Change", edition)
        return self.page(field, [], None, edition)

    def order(self, noun: str) -> list[dict[str, Any]]:
        """One or two steps of an order."""
        names = order_names(noun)
        made: list[dict[str, Any]] = []
        for _ in range(self.random.choice([0, 1, 1, 1, 2, 2])):
            made.append({"field": self.random.choice(names)})
            if self.one_in(2):
                made[-1]["direction"] = self.random.choice(["ASC", "DESC"])
        return made

    def where(self, noun: str, depth: int = 0) -> dict[str, Any]:
        """Conditions that some row of the noun meets, most of the time."""
        kind = graph().type_map[f"{noun}Where"]
        assert isinstance(kind, GraphQLInputObjectType)
        row, made = self.row(noun), dict[str, Any]()
        names = self.random.sample(list(kind.fields), self.random.choice([0, 1, 1, 1, 2, 3]))
        if "involves" in kind.fields and self.one_in(3):
            names = ["involves", *names[2:]]
        for name in names:
            given: Any
            if name in ("and", "or", "not"):
                if depth > 1:
                    continue
                inner = [self.where(noun, depth + 1) for _ in range(self.random.randint(0, 2))]
                given = self.where(noun, depth + 1) if name == "not" else inner
            else:
                given = self._condition(noun, name, kind, row)
            made[name] = given if not self.one_in(25) else None
        return made

    def _condition(self, noun: str, name: str, kind: GraphQLInputObjectType, row: Row) -> Any:
        random = self.random
        if name == "text":
            words = str(row["folded"]).split() or ["a"]
            return " ".join(word[:5] for word in random.sample(words, min(len(words), 2)))
        if name == "claimedBy":
            return self.id("Source")
        if name in ("involves", "covered"):
            count = random.choice([0, 1, 1, 1, 1, 2])
            return [self._involved(name) for _ in range(count)]
        inner = get_named_type(kind.fields[name].type)
        assert isinstance(inner, GraphQLInputObjectType)
        if inner.name.endswith("Span") and name not in columns_of(nouns()[noun]):
            return self._span(noun, name, inner.name)
        return self._match(columns_of(nouns()[noun])[name], inner, row)

    def _involved(self, name: str) -> dict[str, Any]:
        random = self.random
        made: dict[str, Any] = {"actor": self.read_id(self.row("Involvement")["actor_id"])}
        if self.one_in(2):
            member = self.row(random.choice(["Official", "Party"]))
            made["actor"] = member["state_id"] or made["actor"]
        if self.one_in(5) and name == "involves":
            made["role"] = [self.row("Involvement")["role"] for _ in range(random.randint(0, 3))]
        if not self.one_in(3):
            made["through"] = random.choice([True, True, True, False, None])
        return made

    def _span(self, noun: str, name: str, kind: str) -> dict[str, Any]:
        random, made = self.random, dict[str, Any]()
        for key in random.sample(["from", "until", "isKnown", "isStated"], random.randint(0, 2)):
            if key.startswith("is"):
                made[key] = random.choice([True, False])
            elif kind == "DateSpan":
                year, month = random.choice([1953, 2022, 2024, 2024, 2025]), random.randint(1, 12)
                made[key] = f"{year}-{month:02}-15"
            elif kind == "MoneySpan":
                made[key] = random.choice(["0", "5000000.5", "5999999.999", "6000000000", "1e30"])
                if self.errs():
                    made[key] = "NaN"
            else:
                made[key] = random.choice([-1, 0, 12, 200, 3000, 2**31 - 1])
        if kind == "MoneySpan" and self.one_in(2):
            made["currency"] = random.choice(["USD", "EUR", "usd"])
        return made

    def _match(self, column: str, kind: GraphQLInputObjectType, row: Row) -> dict[str, Any]:
        random, made, held = self.random, dict[str, Any](), row[column]
        operators = random.sample(list(kind.fields), random.choice([1, 1, 1, 2]))
        for operator in ["isKnown"] if held is None and not self.one_in(6) else operators:
            named = get_named_type(kind.fields[operator].type)
            value: Any = held
            if operator in ("isKnown", "isStated"):
                value = (held is not None) is not self.one_in(6)
            elif held is None and isinstance(named, GraphQLEnumType):
                value = random.choice(list(named.values))
            elif held is None:
                value = {"Boolean": True, "Int": 1}.get(named.name, "a")
            elif named.name == "FieldName":
                value = constant(held)
            elif operator in ("contains", "startsWith"):
                start = 0 if operator == "startsWith" else random.randrange(len(held) + 1)
                value = held[start : start + random.randint(0, 9)]
            elif named.name == "ID":
                value = self.read_id(held)
            if operator == "in":
                value = [value] * random.randint(0, 2)
            made[operator] = value
        return made

    def value(self, name: str, owner: str) -> Any:
        """The value of an argument that stands alone."""
        random = self.random
        if name == "ids":
            count = 101 if self.errs() else random.randint(0, 5)
            return [self.id() for _ in range(count)]
        if name == "id":
            return self.id()
        if name == "records":
            count = 101 if self.errs() else random.randint(0, 3)
            return [self.read_id(self.row("Claim")["record_id"]) for _ in range(count)]
        if name == "number":
            return random.randint(0, self.newest + 1)
        if name in ("start", "end"):
            return -1 if self.errs() else random.choice([0, 50, 500, 2000])
        if name == "field":
            named: Any = graph().type_map["FieldName"]
            is_any = self.errs()
            return random.choice([*named.values]) if is_any else constant(self._field(owner))
        return random.choice([True, False, None])

    def _field(self, owner: str) -> str:
        kind: Any = graph().type_map[owner]
        common: Mapping[str, Any] = kind.fields
        column = "field"
        if owner == "Link" or (owner in nouns() and "Link" in str(kind.interfaces)):
            column = "element_field"
        held = {row[column] for row in self.rows.of["Claim"]} & common.keys()
        return str(self.random.choice(sorted(held or {"title"})))


@cache
def disputed(rows: Rows) -> dict[str, list[Row]]:
    """The rows of each noun of which sources say different things."""
    ids = {
        claim[column]
        for claim in rows.of["Claim"]
        if claim["conflict_key"] is not None
        for column in ("id", "record_id", "element_id")
    }
    return {noun: [row for row in rows.of[noun] if row["id"] in ids] for noun in nouns()}


@cache
def amended(rows: Rows) -> dict[str, list[Row]]:
    """The rows of each noun that stand in several versions."""
    return {
        noun: [row for row in rows.of[noun] if len(rows.by(noun, "id", row["id"])) > 1]
        for noun in nouns()
    }


def noun_named(id: str | None) -> str | None:
    """The type of what has an id."""
    prefix = (id or "").partition("/")[0]
    found = prefixes().get(prefix)
    if found is None:
        return "Edition" if prefix == "edition" else None
    return found.__name__

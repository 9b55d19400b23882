"""The circle of an actor: itself, and everybody it stands for, at an edition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles

from schema.model.editions import Edition, valid, varies
from schema.model.noun import Versioned
from schema.model.registry import noun_with, nouns, table_of
from schema.model.traits import Trait, name_with
from schema.model.values import CodepointText
from schema.storage.sql import key_in


def memberships() -> Iterator[sa.Select[*tuple[Any, ...]]]:
    """Who belonged to whom, as the nouns declare it: a member, its owner, since and until when."""
    for noun in nouns().values():
        for member, owner in noun.belongs:
            table = table_of(noun).alias()
            yield sa.select(
                table.c[member].label("member"),
                table.c[owner].label("owner"),
                table.c.since,
                table.c.until,
            ).where(table.c[owner].is_not(None), table.c[member].is_not(None))


def members_of(actor: Any, as_of: Any) -> sa.Select[*tuple[Any, ...]]:
    """The ids of an actor's circle: a state stands for its institutions, officials and companies.

    An institution stands for its parts and for those who hold a post at it; a person for nobody.
    As of a column, it is the circle at the edition of the row that is looked at.
    """
    start = sa.literal(actor, CodepointText).label("id")
    if varies(as_of):
        editions = Edition.__table__  # type: ignore[attr-defined]  # set by SQLModel
        base = sa.select(start, editions.c.number.label("edition")).cte(recursive=True)
        circle = _circle(base, base.c.edition)
        return sa.select(circle.c.id).where(circle.c.edition == as_of).correlate(as_of.table)
    return sa.select(_circle(sa.select(start).cte(recursive=True), as_of).c.id)


def _circle(base: sa.CTE, as_of: Any) -> sa.Subquery:
    """The circle that begins with `base`: the parties, one in another, and who belongs to them.

    Only a party owns, so only parties are gone through step by step; each way of belonging has
    its own index.
    """
    parties = base.union(_step(base, [way for way in _ways() if way.is_party], as_of))
    selects: list[Any] = [sa.select(*parties.c)]
    for way in _ways():
        if way.is_party:
            continue
        table = table_of(way.noun).alias()
        members = sa.select(table.c[way.member].label("id"), *_edition(parties))
        members = members.where(table.c[way.member].is_not(None))
        if varies(as_of):
            owned = sa.and_(table.c[way.owner] == parties.c.id, valid(table, parties.c.edition))
            selects.append(members.join_from(parties, table, owned))
        else:
            owned = key_in(table.c[way.owner], sa.select(parties.c.id))
            selects.append(members.where(owned, valid(table, as_of)))
    return sa.union(*selects).subquery()


class _Way(NamedTuple):
    """A way of belonging: the noun that says so, and its columns of the member and the owner."""

    noun: type[Versioned]
    member: str
    owner: str

    @property
    def is_party(self) -> bool:
        """Whether its members are parties, to whom others may belong in turn."""
        if self.member == "id":
            return self.noun is noun_with(Trait.PARTY)
        relations = self.noun.declared.relations.values()
        [target] = [each.target for each in relations if each.key == self.member]
        return target == name_with(Trait.PARTY)

    @property
    def is_link(self) -> bool:
        """Whether links say so, of which a party may have several."""
        return self.is_party and self.member != "id"


def _ways() -> list[_Way]:
    return [_Way(noun, *pair) for noun in nouns().values() for pair in noun.belongs]


def _edition(parties: sa.CTE) -> list[sa.ColumnElement[Any]]:
    """The column of the edition, where circles of several editions are selected at once."""
    return [parties.c.edition] if "edition" in parties.c else []


def groups_among(actors: Any, as_of: Any) -> sa.Select[*tuple[Any, ...]]:
    """Those of some actors that belong to states by a link, which may be several: groups."""
    tables = [(table_of(way.noun).alias(), way) for way in _ways() if way.is_link]
    members = [
        sa.select(table.c[way.member].label("id")).where(
            key_in(table.c[way.member], actors), valid(table, as_of)
        )
        for table, way in tables
    ]
    groups = sa.union(*members).subquery()
    return sa.select(groups.c.id).order_by(groups.c.id)


def circle_sizes(
    actors: Sequence[str] | None, *, ever: bool = False
) -> sa.Select[*tuple[Any, ...]]:
    """How many belong to each actor, step by step: now, or in any edition."""
    pairs, is_valid = _pairs(ever)
    direct = sa.select(pairs.c.owner, pairs.c.member).where(is_valid)
    if actors is not None:
        direct = direct.where(key_in(pairs.c.owner, actors))
    base = direct.cte(recursive=True)
    further = sa.select(base.c.owner, pairs.c.member).where(is_valid)
    circles = base.union(further.join_from(base, pairs, pairs.c.owner == base.c.member))
    return sa.select(circles.c.owner, sa.func.count()).group_by(circles.c.owner)


def owners_of(actors: Sequence[str]) -> sa.Select[*tuple[Any, ...]]:
    """All that actors belong to now, step by step, and themselves."""
    pairs, is_valid = _pairs(ever=False)
    parties = sa.select(pairs.c.owner.label("id")).where(key_in(pairs.c.owner, actors))
    base = parties.cte(recursive=True)
    further = sa.select(pairs.c.owner).where(is_valid)
    owners = base.union(further.join_from(base, pairs, pairs.c.member == base.c.id))
    return sa.select(owners.c.id)


def _pairs(ever: bool) -> tuple[sa.Subquery, sa.ColumnElement[bool]]:
    """All memberships, and whether one counts: now, or in any edition."""
    pairs = sa.union_all(*memberships()).subquery()
    return pairs, sa.true() if ever else valid(pairs, None)


class _Step(sa.Select[Any]):
    """From parties to those that belong to one of them, in any of several ways.

    SQLite uses the index of each way only where each is a part of the recursion; PostgreSQL takes
    no recursion of several parts, and looks all ways up for each party.
    """

    inherit_cache = True
    on_sqlite: sa.CompoundSelect[*tuple[Any, ...]]
    _traverse_internals = [  # noqa: RUF012  # as SQLAlchemy has it
        *sa.Select._traverse_internals,  # noqa: SLF001  # the same
        ("on_sqlite", sa.sql.visitors.InternalTraversal.dp_clauseelement),
    ]


@compiles(_Step)
def _compile(element: _Step, compiler: Any, **options: Any) -> str:
    return str(compiler.visit_select(element, **options))


@compiles(_Step, "sqlite")
def _compile_on_sqlite(element: _Step, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.on_sqlite, **options))


def _step(base: sa.CTE, ways: Sequence[_Way], as_of: Any) -> _Step:
    joined, found = [], []
    for way in ways:
        table = table_of(way.noun).alias()
        owned = sa.and_(table.c[way.owner] == base.c.id, valid(table, as_of))
        member = table.c[way.member].label("id")
        joined.append(sa.select(member, *_edition(base)).join_from(base, table, owned))
        found.append(sa.select(member).where(owned).correlate(base))
    members = sa.union_all(*found).lateral()
    step = _Step(members.c.id, *_edition(base)).join_from(base, members, sa.true())
    step.on_sqlite = sa.union(*joined)
    return step

"""The circle of an actor: itself, and everybody it stands for, at an edition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles

from schema.model.editions import Edition, valid, varies
from schema.model.registry import nouns, table_of, table_with
from schema.model.traits import Trait
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
    party = table_with(Trait.PARTY)
    belongs = [(table_of(noun), *pair) for noun in nouns().values() for pair in noun.belongs]
    parties = base.union(
        _step(base, [owner for table, _, owner in belongs if table is party], as_of)
    )
    selects: list[Any] = [sa.select(*parties.c)]
    for declared, member, owner in belongs:
        if declared is party:
            continue
        table = declared.alias()
        members = sa.select(table.c[member].label("id"), *_edition(parties))
        members = members.where(table.c[member].is_not(None))
        if varies(as_of):
            owned = sa.and_(table.c[owner] == parties.c.id, valid(table, parties.c.edition))
            selects.append(members.join_from(parties, table, owned))
        else:
            owned = key_in(table.c[owner], sa.select(parties.c.id))
            selects.append(members.where(owned, valid(table, as_of)))
    return sa.union(*selects).subquery()


def _edition(parties: sa.CTE) -> list[sa.ColumnElement[Any]]:
    """The column of the edition, where circles of several editions are selected at once."""
    return [parties.c.edition] if "edition" in parties.c else []


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
    """From parties to those that one of them owns, by any of several columns.

    SQLite uses the index of each column only where each is a part of the recursion; PostgreSQL
    takes no recursion of several parts, and compares all columns at once.
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


def _step(base: sa.CTE, owners: Sequence[str], as_of: Any) -> _Step:
    party = table_with(Trait.PARTY).alias()
    owned = [party.c[owner] == base.c.id for owner in owners]
    columns, is_valid = [party.c.id, *_edition(base)], valid(party, as_of)
    step = _Step(*columns).join_from(base, party, sa.or_(*owned)).where(is_valid)
    step.on_sqlite = sa.union(
        *(sa.select(*columns).join_from(base, party, each).where(is_valid) for each in owned)
    )
    return step

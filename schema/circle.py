"""The circle of an actor: itself, and everybody it stands for, at an edition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles

from schema.edition import Edition, valid, varies
from schema.noun import nouns, table_of
from schema.value import Words


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


def circle(actor: Any, as_of: Any) -> sa.Select[*tuple[Any, ...]]:
    """The ids of an actor's circle: a state stands for its institutions, officials and companies.

    An institution stands for its parts and for those who hold a post at it; a person for nobody.
    As of a column, it is the circle at the edition of the row that is looked at.
    """
    start = sa.literal(actor, Words).label("id")
    if varies(as_of):
        editions = Edition.__table__  # type: ignore[attr-defined]  # set by SQLModel
        base = sa.select(start, editions.c.number.label("edition")).cte(recursive=True)
        whole = base.union(_members(base, base.c.edition, base.c.edition))
        return sa.select(whole.c.id).where(whole.c.edition == as_of).correlate(as_of.table)
    base = sa.select(start).cte(recursive=True)
    whole = base.union(_members(base, as_of))
    return sa.select(whole.c.id)


class _Members(sa.Select[Any]):
    """Who belongs to some owners directly, each way of belonging looked up by its own index.

    PostgreSQL is asked way by way for each owner; SQLite, which knows no LATERAL and would read a
    union of all memberships from end to end, for each owner and way.
    """

    inherit_cache = True
    on_sqlite: sa.Select[Any]
    _traverse_internals = [  # noqa: RUF012  # as SQLAlchemy has it
        *sa.Select._traverse_internals,  # noqa: SLF001  # the same
        ("on_sqlite", sa.sql.visitors.InternalTraversal.dp_clauseelement),
    ]


@compiles(_Members)
def _laterally(element: _Members, compiler: Any, **options: Any) -> str:
    return str(compiler.visit_select(element, **options))


@compiles(_Members, "sqlite")
def _joined(element: _Members, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.on_sqlite, **options))


def _members(owners: sa.CTE, as_of: Any, *more: sa.ColumnElement[Any]) -> _Members:
    """The members of the owners, at an edition, and with what else is known of the owners."""
    belongs = [(table_of(noun), *pair) for noun in nouns().values() for pair in noun.belongs]
    arms: list[sa.Select[Any]] = []
    for named, member, owner in belongs:
        table = named.alias()
        is_member = sa.and_(table.c[owner] == owners.c.id, table.c[member].is_not(None))
        arm = sa.select(table.c[member].label("member")).where(is_member, valid(table, as_of))
        arms.append(arm.correlate(owners))
    each = sa.union_all(*arms).lateral()
    found = _Members(each.c.member, *more).select_from(owners.join(each, sa.true()))
    found.on_sqlite = _by_owner_and_way(owners, belongs, as_of, more)
    return found


def _by_owner_and_way(
    owners: sa.CTE, belongs: Sequence[tuple[Any, ...]], as_of: Any, more: Sequence[Any]
) -> Any:
    ways = sa.union_all(
        *(sa.select(sa.literal(number).label("way")) for number in range(len(belongs)))
    ).subquery()
    joined: sa.FromClause = owners.join(ways, sa.true())
    found: list[sa.ColumnElement[Any]] = []
    for number, (named, member, owner) in enumerate(belongs):
        table = named.alias()
        is_owner = table.c[owner] == sa.case((ways.c.way == number, owners.c.id))
        joined = joined.outerjoin(table, sa.and_(is_owner, valid(table, as_of)))
        found.append(table.c[member])
    each = sa.func.coalesce(*found)
    members: Any = sa.select(each.label("member"), *more).select_from(joined)
    return members.where(each.is_not(None))

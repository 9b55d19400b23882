"""Fan-out: the owners with the most rows of each list, which bound what a query can return."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

from schema.filtering.membership import circle_sizes, owners_of
from schema.model.bounds import Figure
from schema.model.changelog import change_log
from schema.model.editions import valid
from schema.model.fanout import CIRCLES, MOST, fanout, figures
from schema.model.ids import prefix
from schema.model.registry import table_of
from schema.model.values import CodepointText
from schema.publishing.rows import RowChange
from schema.storage.engine import matches
from schema.storage.sql import key_in


def refresh(connection: sa.Connection, changes: Sequence[RowChange], number: int) -> None:
    """Raises the figures to what an edition makes of them; it and its log are written."""
    rows: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for noun, _, after in changes:
        if after is not None:
            rows[table_of(noun).name].append(after)
    logged = sa.select(change_log.c.record_id).where(change_log.c.edition == number)
    rows[change_log.name] += map(dict, connection.execute(logged).mappings())
    together: dict[tuple[str, str | None, bool], list[Figure]] = defaultdict(list)
    for figure in figures().values():
        if figure.table in rows:
            together[figure.table, figure.by, figure.every_version].append(figure)
    counted: dict[str, dict[str, int]] = defaultdict(dict)
    for (table, by, _), counts in together.items():
        owners = {row[by] for row in rows[table]} - {None} if by else {""}
        if owners:
            for owner, *numbers in connection.execute(_current(counts, sorted(owners))):
                for figure, count in zip(counts, numbers, strict=True):
                    if count:
                        counted[figure.name][owner] = count
    counted[CIRCLES.name] = _circles(connection, changes)
    _raise(connection, counted)


def _circles(connection: sa.Connection, changes: Sequence[RowChange]) -> dict[str, int]:
    """How many belong now to those that an edition gave somebody, and to all above them."""
    owners = {
        after[owner] for noun, _, after in changes if after is not None for _, owner in noun.belongs
    } - {None}
    if not owners:
        return {}
    heads = sorted(connection.execute(owners_of(sorted(owners))).scalars())
    return {owner: int(count) for owner, count in connection.execute(circle_sizes(heads))}


def _current(counts: Sequence[Figure], owners: Sequence[str]) -> sa.Select[*tuple[Any, ...]]:
    """How many rows some owners have now: figures of one table and column, by one statement."""
    table, owner, by = _owned(counts[0])
    query = sa.select(owner, *(_count(figure, table) for figure in counts))
    if "until" in table.c and not counts[0].every_version:
        query = query.where(valid(table, None))
    return query if by is None else query.where(key_in(by, owners)).group_by(by)


def _owned(figure: Figure) -> tuple[sa.Table, sa.ColumnElement[str], sa.Column[Any] | None]:
    """The table of a figure, who owns its rows, and the column that says so."""
    table = SQLModel.metadata.tables[figure.table]
    by = None if figure.by is None else table.c[figure.by]
    owner = sa.literal("", CodepointText) if by is None else by
    return table, owner.label("owner"), by


def _tests(figure: Figure, table: sa.Table) -> list[sa.ColumnElement[bool]]:
    """Which rows count."""
    equal = [matches(table.c[column], value) for column, value in figure.where]
    return equal + [table.c[column].is_not(None) for column in figure.present]


def _count(figure: Figure, table: sa.Table) -> sa.ColumnElement[int]:
    each = sa.literal_column("1") if figure.distinct is None else table.c[figure.distinct]
    tests = _tests(figure, table)
    counted = sa.case((sa.and_(*tests), each)) if tests else each
    number = sa.func.count(counted if figure.distinct is None else counted.distinct())
    return number - sa.func.count(table.c.id.distinct()) if figure.amending else number


def _raise(connection: sa.Connection, counted: Mapping[str, Mapping[str, int]]) -> None:
    """Enters counts where they are larger than what is kept; no figure ever falls.

    So it holds for every edition. Who is not kept never had more than the last who is.
    """
    kept: dict[str, dict[str, int]] = defaultdict(dict)
    query = sa.select(fanout).where(key_in(fanout.c.figure, sorted(counted)))
    for figure, owner, count in connection.execute(query):
        kept[figure][owner] = count
    replaced: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    for figure, counts in counted.items():
        largest = kept[figure]
        raised = {id: count for id, count in counts.items() if count > largest.get(id, 0)}
        most = _largest((largest | raised).items()) if raised else largest
        replaced += [{"of": figure, "id": id} for id in largest if most.get(id) != largest[id]]
        rows += _rows(figure, {id: most[id] for id in raised if id in most})
    if replaced:
        same = (fanout.c.figure == sa.bindparam("of"), fanout.c.owner == sa.bindparam("id"))
        connection.execute(sa.delete(fanout).where(*same), replaced)
    if rows:
        connection.execute(sa.insert(fanout), rows)


def _rows(figure: str, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    return [{"figure": figure, "owner": id, "count": count} for id, count in counts.items()]


def _largest(counts: Iterable[tuple[str, int]]) -> dict[str, int]:
    """The owners with the most, so many of each noun."""
    heaps: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for owner, count in counts:
        heap = heaps[prefix(owner)]
        if len(heap) < MOST:
            heapq.heappush(heap, (count, owner))
        elif count > heap[0][0]:
            heapq.heapreplace(heap, (count, owner))
    return {owner: count for heap in heaps.values() for count, owner in heap}


def rebuild(connection: sa.Connection) -> None:
    """Writes all figures again, as the tables hold them."""
    connection.execute(sa.delete(fanout))
    for figure in figures().values():
        # Who ever belonged to a circle counts: at which edition it was largest is dear to find.
        peaks = circle_sizes(None, ever=True) if figure is CIRCLES else _peaks(figure)
        if rows := _rows(figure.name, _most(connection, peaks)):
            connection.execute(sa.insert(fanout), rows)


def shortfalls(connection: sa.Connection, counts: dict[str, int]) -> Iterator[str]:
    """Where a figure is smaller than what the tables hold; a larger one bounds as well."""
    kept: dict[tuple[str, str], list[int]] = defaultdict(list)
    query = sa.select(fanout.c.figure, fanout.c.owner, fanout.c.count)
    for name, owner, count in connection.execute(query):
        kept[name, prefix(owner)].append(count)
    counts["figures"] = len(figures())
    for name, figure in figures().items():
        most = _most(connection, circle_sizes(None) if figure is CIRCLES else _peaks(figure))
        bounds = {noun: iter(sorted(kept[name, noun], reverse=True)) for noun in map(prefix, most)}
        for owner, count in sorted(most.items(), key=lambda each: (-each[1], each[0])):
            bound = next(bounds[prefix(owner)], 0)
            if bound < count:
                yield (
                    f"{owner or figure.table}: the figure {name} says {bound} at most, the tables "
                    f"hold {count}."
                )


def _most(connection: sa.Connection, rows: sa.Select[*tuple[Any, ...]]) -> dict[str, int]:
    counted = connection.execute(rows)
    return _largest((owner, int(count)) for owner, count in counted if count)


def _peaks(figure: Figure) -> sa.Select[*tuple[Any, ...]]:
    """The most that each owner had in any edition: rows come and go, and are added up."""
    table, owner, by = _owned(figure)
    tests = _tests(figure, table) + ([] if by is None else [by.is_not(None)])
    if figure.every_version or "until" not in table.c:
        every = sa.select(owner, _count(figure, table)).where(*tests)
        return every if by is None else every.group_by(by)
    counted = table.c[figure.distinct or "id"].label("counted")
    came = sa.select(owner, counted, table.c.since.label("at"), _step(1)).where(*tests)
    went = sa.select(owner, counted, table.c.until.label("at"), _step(-1))
    went = went.where(*tests, table.c.until.is_not(None))
    steps: sa.Subquery = sa.union_all(came, went).subquery()
    if figure.distinct:
        # What is counted comes with the first of its rows, and goes with the last.
        steps = _added(steps, steps.c.owner, steps.c.counted).subquery()
        after, before = steps.c.held > 0, steps.c.held - steps.c.step > 0
        change = sa.case((after, 1), else_=0) - sa.case((before, 1), else_=0)
        steps = sa.select(steps.c.owner, steps.c.at, change.label("step")).subquery()
    held = _added(steps, steps.c.owner).subquery()
    return sa.select(held.c.owner, sa.func.max(held.c.held)).group_by(held.c.owner)


def _step(by: int) -> sa.ColumnElement[int]:
    return sa.literal_column(str(by), sa.Integer).label("step")


def _added(steps: sa.Subquery, *keys: sa.ColumnElement[Any]) -> sa.Select[*tuple[Any, ...]]:
    """The steps of each edition together, with what is held after them."""
    each = (
        sa.select(*keys, steps.c.at, sa.func.sum(steps.c.step).label("step"))
        .group_by(*keys, steps.c.at)
        .subquery()
    )
    of = [each.c[key.name] for key in keys]
    held = sa.func.sum(each.c.step).over(partition_by=of, order_by=each.c.at)
    return sa.select(*of, each.c.at, each.c.step, held.label("held"))

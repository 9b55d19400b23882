"""The feed: what changed since an edition, and in what two editions differ, page by page."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import sqlalchemy as sa
import strawberry

from schema.across import chosen, record_where
from schema.change import ChangeKind, change_log
from schema.changes import Change, logged
from schema.connection import Key, OrderDirection
from schema.context import newest_at
from schema.edition import Edition, valid
from schema.errors import UnknownEditionError
from schema.graph import argument, needed, paging, types
from schema.noun import prefix_of
from schema.root import AS_OF, root
from schema.showing import Keyset, Listing, connection, needs_items
from schema.value import list_of

if TYPE_CHECKING:
    from schema.reader import Reader


@strawberry.input(
    one_of=True, description="What was looked at last: an edition, or the newest at an instant."
)
class Since:
    edition: int | None = strawberry.field(
        default=strawberry.UNSET, description="The number of an edition; 0 is before the first."
    )
    instant: datetime.datetime | None = strawberry.field(
        default=strawberry.UNSET,
        description="An instant with its zone, such as `2024-11-01T12:00:00Z`.",
    )


async def _newest(reader: Reader) -> int:
    """The number of the edition that is read."""
    if reader.as_of is not None:
        return reader.as_of
    number = Edition.__table__.c.number  # type: ignore[attr-defined]  # set by SQLModel
    return (await reader.connection.execute(sa.select(sa.func.max(number)))).scalar() or 0


def _published(number: int, newest: int) -> int:
    """A number from 0 to that of the edition read; UnknownEditionError for another."""
    if not 0 <= number <= newest:
        raise UnknownEditionError(number, newest)
    return number


def _holds(
    where: dict[str, Any] | None, entry: sa.FromClause, ends: Sequence[sa.ColumnElement[int]]
) -> list[sa.ColumnElement[bool]]:
    """The entries whose records a `where` finds at one of two editions at least."""
    if where is None:
        return []
    found: list[sa.ColumnElement[bool]] = []
    for end in ends:
        seen = sa.select(change_log.c.edition, change_log.c.record_id, end.label("at")).subquery()
        for _, noun, table, condition in chosen(where, seen.c.at):
            here = sa.and_(table.c.id == seen.c.record_id, valid(table, seen.c.at))
            same = (
                sa.select(sa.literal(1))
                .select_from(seen.join(table, here))
                .where(
                    seen.c.edition == entry.c.edition,
                    seen.c.record_id == entry.c.record_id,
                    condition,
                )
                .correlate(entry)
            )
            found.append(sa.and_(entry.c.noun == prefix_of(noun), same.exists()))
    return [sa.or_(sa.false(), *found)]


async def _page(
    reader: Reader,
    query: sa.Select[*tuple[Any, ...]],
    keyset: Keyset,
    make: Callable[[Any], Change],
) -> Any:
    """A page of changes; one statement reads it, and one counts all, when asked."""

    async def total() -> int:
        count = sa.select(sa.func.count()).select_from(query.subquery())
        return int((await reader.connection.execute(count)).scalar_one())

    rows: Sequence[Any] = []
    if needs_items(reader, "Change", reader.asked.root):
        rows = (await reader.connection.execute(keyset.cut(query))).mappings().all()
    kept, cursors, more = keyset.taken(rows)
    listing = Listing([make(row) for row in kept], cursors, keyset.page, more, total)
    return await connection(reader, "Change", listing, reader.asked.root)


async def _feed(reader: Reader, given: dict[str, Any]) -> Any:
    """The feed: its statements are as many for one change as for a page of them."""
    newest, since = await _newest(reader), given["since"]
    if since.get("edition") is not None:
        start = _published(since["edition"], newest)
    else:
        start = await newest_at(reader.connection, since["instant"], "since")
    log, kinds = change_log.alias(), given.get("kinds")
    query = sa.select(log).where(log.c.edition > start, log.c.edition <= newest)
    if kinds is not None:
        query = query.where(log.c.kind.in_([ChangeKind(getattr(k, "value", k)) for k in kinds]))
    number = change_log.c.edition
    query = query.where(*_holds(given.get("where"), log, (number - 1, number)))
    down = given["direction"] is OrderDirection.DESC
    keys = [Key("EDITION", log.c.edition, down), Key("ID", log.c.record_id, down)]
    return await _page(reader, query, Keyset.of(reader, "changes", keys, given), logged)


async def _difference(reader: Reader, given: dict[str, Any]) -> Any:
    """Two editions compared: as many statements for one record as for a page of them."""
    newest = await _newest(reader)
    start, end = (_published(given[name], newest) for name in ("from", "to"))
    log = change_log.alias()
    between = (log.c.edition > min(start, end), log.c.edition <= max(start, end))
    query = sa.select(log.c.record_id, sa.func.max(log.c.edition).label("edition"))
    query = query.where(*between).group_by(log.c.record_id)
    if given.get("of") is not None:
        query = query.where(log.c.record_id == given["of"])
    ends = [sa.literal(number, sa.BigInteger) for number in (start, end)]
    query = query.where(*_holds(given.get("where"), log, ends))
    scope, keys = f"difference:{start}:{end}", [Key("ID", log.c.record_id, False)]

    def make(row: Any) -> Change:
        id = row["record_id"]
        return Change(
            id=strawberry.ID(f"{id}@{start}..{end}"),
            edition=f"edition/{row['edition']}",
            record=id,
            record_id=strawberry.ID(id),
            compared_from=start,
            compared_to=end,
        )

    return await _page(reader, query, Keyset.of(reader, scope, keys, given), make)


def fields() -> dict[str, Any]:
    """The root fields on change."""
    where = (
        argument(
            record_where() | None,
            "Of which records, as they were just before or just after; all when left out.",
        ),
        strawberry.UNSET,
    )
    direction = argument(OrderDirection, "Oldest first, or newest first.")
    kinds = argument(list_of(ChangeKind) | None, "Of these kinds only.")
    start = Annotated[
        int,
        strawberry.argument(
            name="from",
            description="The edition to compare from, such as `1`; 0 is before the first.",
        ),
    ]
    end = argument(int, "The edition to compare with; it may be the older one.")
    of = argument(strawberry.ID | None, "Of this record only; an id nobody has finds nothing.")
    return {
        "changes": root(
            "changes",
            types["ChangeConnection"] | None,
            "What changed after an edition, edition by edition, and then by the ids of records.",
            {
                "since": needed(argument(Since, "Changes of later editions than this.")),
                "where": where,
                "kinds": (kinds, strawberry.UNSET),
                "direction": (direction, OrderDirection.ASC),
                **paging("changes"),
                "as_of": AS_OF,
            },
            _feed,
        ),
        "difference": root(
            "difference",
            types["ChangeConnection"] | None,
            "In what two editions differ, record by record, whatever happened between them.",
            {
                "from_": needed(start),
                "to": needed(end),
                "of": (of, strawberry.UNSET),
                "where": where,
                **paging("changes"),
                "as_of": AS_OF,
            },
            _difference,
        ),
    }

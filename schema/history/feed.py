"""The feed: what changed since an edition, and in what two editions differ, page by page."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
import strawberry

from schema.errors import UnknownEditionError
from schema.execution.context import newest_at
from schema.execution.derived import DerivedRelation, derived_connection
from schema.execution.root import AS_OF, root
from schema.filtering.input_types import option
from schema.filtering.keyset import OrderKey
from schema.filtering.ordering import OrderDirection
from schema.filtering.record_where import matching_records, record_where
from schema.graph.arguments import argument, needed, optional_argument, paging
from schema.graph.catalog import types
from schema.history.changes import Change, logged
from schema.model.changelog import ChangeKind, change_log
from schema.model.editions import valid
from schema.model.registry import prefix_of
from schema.model.values import list_of
from schema.storage.statement import bound_parameter, given

if TYPE_CHECKING:
    from schema.execution.executor import Executor


@strawberry.input(
    one_of=True, description="What was looked at last: an edition, or the newest at an instant."
)
class Since:
    edition: int | None = option("The number of an edition; 0 is before the first.")
    instant: datetime.datetime | None = option(
        "An instant with its zone, such as `2024-11-01T12:00:00Z`."
    )


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
        for _, noun, table, condition in matching_records(where, seen.c.at):
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


LOG = change_log.alias()


def _late(name: str) -> sa.ColumnElement[int]:
    """A number that is given when a statement runs."""
    return bound_parameter(given(name), sa.BigInteger())


async def _feed(reader: Executor, asked: dict[str, Any]) -> Any:
    """The feed: its statements are as many for one change as for a page of them."""
    newest, since = reader.number, asked["since"]
    if since.get("edition") is not None:
        start = _published(since["edition"], newest)
    else:
        start = await newest_at(reader.snapshot, since["instant"], "since")

    def query() -> sa.Select[*tuple[Any, ...]]:
        told, number = reader.root.arguments, change_log.c.edition
        found = sa.select(LOG).where(LOG.c.edition > _late("start"), LOG.c.edition <= _late("end"))
        if told.get("kinds") is not None:
            kinds = [ChangeKind(getattr(kind, "value", kind)) for kind in told["kinds"]]
            found = found.where(LOG.c.kind.in_(kinds))
        return found.where(*_holds(told.get("where"), LOG, (number - 1, number)))

    down = asked["direction"] is OrderDirection.DESC
    keys = [OrderKey("EDITION", LOG.c.edition, down), OrderKey("ID", LOG.c.record_id, down)]
    relation = DerivedRelation(
        "Change", lambda: (query(), keys), lambda rows: [logged(row) for row in rows]
    )
    return await derived_connection(reader, relation, reader.root, asked, start=start, end=newest)


async def _difference(reader: Executor, asked: dict[str, Any]) -> Any:
    """Two editions compared: as many statements for one record as for a page of them."""
    newest = reader.number
    start, end = (_published(asked[name], newest) for name in ("from", "to"))

    def query() -> sa.Select[*tuple[Any, ...]]:
        told = reader.root.arguments
        found = sa.select(LOG.c.record_id, sa.func.max(LOG.c.edition).label("edition"))
        found = found.where(LOG.c.edition > _late("least"), LOG.c.edition <= _late("most"))
        if told.get("of") is not None:
            found = found.where(
                LOG.c.record_id == bound_parameter(told["of"], LOG.c.record_id.type)
            )
        ends = (_late("start"), _late("end"))
        return found.where(*_holds(told.get("where"), LOG, ends)).group_by(LOG.c.record_id)

    def make(row: Any) -> Change:
        id = row["record_id"]
        return Change(
            id=strawberry.ID(f"change/{id}/{start}..{end}"),
            edition=f"edition/{row['edition']}",
            record=id,
            record_id=strawberry.ID(id),
            compared_from=start,
            compared_to=end,
        )

    late = {"start": start, "end": end, "least": min(start, end), "most": max(start, end)}
    relation = DerivedRelation(
        "Change",
        lambda: (query(), [OrderKey("ID", LOG.c.record_id, False)]),
        lambda rows: [make(row) for row in rows],
        scope=f"difference:{start}:{end}",
    )
    return await derived_connection(reader, relation, reader.root, asked, **late)


def fields() -> dict[str, Any]:
    """The root fields on change."""
    where = optional_argument(
        record_where(),
        "Of which records, as they were just before or just after; all when left out.",
    )
    direction = argument(OrderDirection, "Oldest first, or newest first.")
    kinds = optional_argument(list_of(ChangeKind), "Of these kinds only.")
    start = argument(
        int, "The edition to compare from, such as `1`; 0 is before the first.", name="from"
    )
    end = argument(int, "The edition to compare with; it may be the older one.")
    of = optional_argument(strawberry.ID, "Of this record only; an id nobody has finds nothing.")
    return {
        "changes": root(
            "changes",
            types["ChangeConnection"] | None,
            "What changed after an edition, edition by edition, and then by the ids of records.",
            {
                "since": needed(argument(Since, "Changes of later editions than this.")),
                "where": where,
                "kinds": kinds,
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
                "of": of,
                "where": where,
                **paging("changes"),
                "as_of": AS_OF,
            },
            _difference,
        ),
    }

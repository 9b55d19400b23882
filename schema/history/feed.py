"""The feed: what changed since an edition, and in what two editions differ, page by page."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
import strawberry

from schema.errors import InputError, UnknownEditionError
from schema.execution.context import newest_at
from schema.execution.derived import DerivedRelation, derived_connection
from schema.execution.executor import Executor
from schema.execution.root import AS_OF, root
from schema.filtering.input_types import option
from schema.filtering.keyset import OrderKey
from schema.filtering.ordering import OrderDirection
from schema.filtering.record_where import matching_records, record_where
from schema.graph.arguments import argument, needed, optional_argument, paging
from schema.graph.catalog import types
from schema.history.changes import change_between, changes_of_entries
from schema.model.changelog import ChangeKind, change_log
from schema.model.editions import valid
from schema.model.registry import prefix_of
from schema.model.values import list_of
from schema.storage.statement import bound_parameter, given, members

ABOUT_CEILING = 20
"""How many records a feed may be about, each of which is looked for by every noun."""


@strawberry.input(
    one_of=True, description="What was looked at last: an edition, or the newest at an instant."
)
class Since:
    edition: int | None = option("The number of an edition; 0 is before the first.")
    instant: datetime.datetime | None = option(
        "An instant with its zone, such as `2024-11-01T12:00:00Z`."
    )


def _checked_edition(number: int, newest: int) -> int:
    """An edition, or 0; UnknownEditionError beyond the one that is read."""
    if not 0 <= number <= newest:
        raise UnknownEditionError(number, newest)
    return number


def _where_conditions(
    where: dict[str, Any] | None, entry: sa.FromClause, ends: Sequence[sa.ColumnElement[int]]
) -> list[sa.ColumnElement[bool]]:
    """The entries whose records a `where` matches at one of two editions at least."""
    if where is None:
        return []
    matches: list[sa.ColumnElement[bool]] = []
    for end in ends:
        log = sa.select(change_log.c.edition, change_log.c.record_id, end.label("at")).subquery()
        same_entry = (log.c.edition == entry.c.edition, log.c.record_id == entry.c.record_id)
        for _, noun, table, condition in matching_records(where, log.c.at):
            version = sa.and_(table.c.id == log.c.record_id, valid(table, log.c.at))
            match = (
                sa.select(sa.literal(1))
                .select_from(log.join(table, version))
                .where(*same_entry, condition)
                .correlate(entry)
            )
            matches.append(sa.and_(entry.c.noun == prefix_of(noun), match.exists()))
    return [sa.or_(sa.false(), *matches)]


LOG = change_log.alias()


def _about_conditions(
    about: Any, ends: Sequence[sa.ColumnElement[int]]
) -> list[sa.ColumnElement[bool]]:
    """The entries of some records, and of those in which they have a part at either edition."""
    if about is None:
        return []
    ids = members(about)
    own = [LOG.c.record_id == bound_parameter(id, LOG.c.record_id.type) for id in ids]
    parts = [_where_conditions({"involves": [{"actor": id}]}, LOG, ends) for id in ids]
    return [sa.or_(sa.false(), *own, *(sa.and_(*part) for part in parts))]


def _edition(name: str) -> sa.ColumnElement[int]:
    """The parameter of a statement that holds the number of an edition."""
    return bound_parameter(given(name), sa.BigInteger())


async def _changes(reader: Executor, arguments: dict[str, Any]) -> Any:
    """The feed: its statements are as many for one change as for a page of them."""
    newest, since = reader.number, arguments["since"]
    about = arguments.get("about") or ()
    if len(about) > ABOUT_CEILING:
        raise InputError(f"`about` names {len(about)} records. Name at most {ABOUT_CEILING}.")
    if since.get("edition") is not None:
        start = _checked_edition(since["edition"], newest)
    else:
        start = await newest_at(reader.snapshot, since["instant"], "since")

    def query() -> sa.Select[*tuple[Any, ...]]:
        parameters, number = reader.root.arguments, change_log.c.edition
        entries = sa.select(LOG).where(
            LOG.c.edition > _edition("start"), LOG.c.edition <= _edition("end")
        )
        if parameters.get("kinds") is not None:
            kinds = [ChangeKind(getattr(kind, "value", kind)) for kind in parameters["kinds"]]
            entries = entries.where(LOG.c.kind.in_(kinds))
        ends = (number - 1, number)
        conditions = _where_conditions(parameters.get("where"), LOG, ends)
        return entries.where(*conditions, *_about_conditions(parameters.get("about"), ends))

    down = arguments["direction"] is OrderDirection.DESC
    keys = [OrderKey("EDITION", LOG.c.edition, down), OrderKey("ID", LOG.c.record_id, down)]
    relation = DerivedRelation("Change", lambda: (query(), keys), changes_of_entries)
    return await derived_connection(
        reader, relation, reader.root, arguments, start=start, end=newest
    )


async def _difference(reader: Executor, arguments: dict[str, Any]) -> Any:
    """Two editions compared: as many statements for one record as for a page of them."""
    newest = reader.number
    start, end = (_checked_edition(arguments[name], newest) for name in ("from", "to"))

    def query() -> sa.Select[*tuple[Any, ...]]:
        parameters = reader.root.arguments
        records = sa.select(LOG.c.record_id, sa.func.max(LOG.c.edition).label("edition"))
        records = records.where(
            LOG.c.edition > _edition("least"), LOG.c.edition <= _edition("most")
        )
        if parameters.get("of") is not None:
            id = bound_parameter(parameters["of"], LOG.c.record_id.type)
            records = records.where(LOG.c.record_id == id)
        ends = (_edition("start"), _edition("end"))
        matches = _where_conditions(parameters.get("where"), LOG, ends)
        return records.where(*matches).group_by(LOG.c.record_id)

    bindings = {"start": start, "end": end, "least": min(start, end), "most": max(start, end)}
    relation = DerivedRelation(
        "Change",
        lambda: (query(), [OrderKey("ID", LOG.c.record_id, False)]),
        lambda rows: [change_between(row, start, end) for row in rows],
        scope=f"difference:{start}:{end}",
    )
    return await derived_connection(reader, relation, reader.root, arguments, **bindings)


def fields() -> dict[str, Any]:
    """The root fields on change."""
    where = "Of which records, as they were just before or just after; all when left out."
    shared = {
        "where": optional_argument(record_where(), where),
        **paging("changes"),
        "as_of": AS_OF,
    }
    direction = argument(OrderDirection, "Oldest first, or newest first.")
    kinds = optional_argument(list_of(ChangeKind), "Of these kinds only.")
    about = optional_argument(
        list_of(strawberry.ID),
        f"Of these records, and of those in which they have a part; at most {ABOUT_CEILING}.",
    )
    start = argument(
        int, "The edition to compare from, such as `1`; 0 is before the first.", name="from"
    )
    end = argument(int, "The edition to compare with; it may be the older one.")
    of = optional_argument(strawberry.ID, "Of this record only; an id nobody has finds nothing.")
    return {
        "changes": root(
            "changes",
            types["ChangeConnection"],
            "What changed after an edition, edition by edition, and then by the ids of records.",
            {
                "since": needed(argument(Since, "Changes of later editions than this.")),
                "kinds": kinds,
                "about": about,
                "direction": (direction, OrderDirection.ASC),
                **shared,
            },
            _changes,
        ),
        "difference": root(
            "difference",
            types["ChangeConnection"],
            "In what two editions differ, record by record, whatever happened between them.",
            {
                "from_": needed(start),
                "to": needed(end),
                "of": of,
                **shared,
            },
            _difference,
        ),
    }

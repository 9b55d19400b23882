"""The site map: the page of every record that there is, with the day it last changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

import sqlalchemy as sa

from schema.execution.context import Context
from schema.model.changelog import ChangeKind, change_log
from schema.model.editions import editions
from schema.storage.statement import Bindings, MappedStatement, bound_parameter, given

SIZE = 50_000
"""How many addresses one file may have, by the protocol."""
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def _present() -> sa.Select[*tuple[Any, ...]]:
    """The records that there are, each with the last edition that changed it."""
    last = (
        sa.select(change_log.c.record_id, sa.func.max(change_log.c.edition).label("edition"))
        .group_by(change_log.c.record_id)
        .subquery()
    )
    is_last = sa.and_(
        change_log.c.record_id == last.c.record_id, change_log.c.edition == last.c.edition
    )
    return (
        sa.select(change_log.c.record_id.label("id"), editions.c.published_at.label("changed"))
        .select_from(last)
        .join(change_log, is_last)
        .join(editions, editions.c.number == last.c.edition)
        .where(change_log.c.kind != ChangeKind.RETRACTED)
    )


@cache
def _statements() -> tuple[sa.Select[Any], sa.Select[Any]]:
    """What counts the records, and what reads so many of them from a place on."""
    count = sa.select(sa.func.count().label("number")).select_from(_present().subquery())
    limit, offset = (bound_parameter(given(name), sa.Integer()) for name in ("size", "start"))
    return count, _present().order_by(change_log.c.record_id).limit(limit).offset(offset)


async def _rows(context: Context, select: Any, **values: int) -> list[dict[str, Any]]:
    async with context.lock:
        snapshot = await context.waiting()
        statement = MappedStatement(select, snapshot.dialect)
        found = await snapshot.fetch(statement, statement.filled(Bindings({}, given=values)))
    return statement.named(found)


async def site_map(context: Context, page: int | None, size: int) -> bytes | None:
    """The map, or one file of a long one; an index where that is all there is to one.

    None where there is no such file.
    """
    count, some = _statements()
    [row] = await _rows(context, count)
    files = max(1, -(-row["number"] // size))
    base = context.base_url
    if page is None and files > 1:
        return _index(f"{base}/sitemap-{number}.xml" for number in range(1, files + 1))
    if page is not None and not 1 <= page <= files:
        return None
    start = ((page or 1) - 1) * size
    return _urls(base, await _rows(context, some, size=size, start=start))


def _urls(base: str, records: Sequence[dict[str, Any]]) -> bytes:
    rows = [
        f"<url><loc>{escape(base)}/{escape(record['id'])}</loc>"
        f"<lastmod>{record['changed'].date().isoformat()}</lastmod></url>\n"
        for record in records
    ]
    return _file("urlset", rows)


def _index(addresses: Iterable[str]) -> bytes:
    rows = [f"<sitemap><loc>{escape(address)}</loc></sitemap>\n" for address in addresses]
    return _file("sitemapindex", rows)


def _file(name: str, rows: Iterable[str]) -> bytes:
    return f'{HEAD}<{name} xmlns="{NAMESPACE}">\n{"".join(rows)}</{name}>\n'.encode()

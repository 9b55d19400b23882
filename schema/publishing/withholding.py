"""Withholding: what the licence of a source hides leaves the tables that are read, and is kept.

Readers, filters, orders and the search all read the same rows, so that none of them can tell what
is not in these. What is taken out stands in the table `withheld`, from where publishing and
`pactbook check` put it back (`schema.publishing.originals`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from schema.indexing.index import reindex
from schema.model.editions import edition_counter, editions, new_mark
from schema.model.noun import Versioned
from schema.model.registry import Row, table_of, table_with
from schema.model.traits import Trait
from schema.model.withheld import quotation_rule, withheld
from schema.nouns.claim import Claim
from schema.publishing.hidden_text import HiddenText, texts_of
from schema.publishing.quotation import Quotation
from schema.publishing.rows import RowChange
from schema.storage.sql import key_in

sources = table_with(Trait.SOURCE)


@dataclass
class Revised:
    """Versions of rows of one noun that are to show something else than they do."""

    shown: list[Row] = field(default_factory=list)
    cells: list[Row] = field(default_factory=list)


def withhold_published(
    connection: sa.Connection, source: str, changes: Sequence[RowChange]
) -> None:
    """Takes out what may not be shown of the source that was published, and of what others wrote.

    The rows of a record that another source has amended were written anew, with all their words.
    """
    concerned = _concerned(connection)
    if not concerned:
        return
    rule = rule_of(connection)
    if source in concerned:
        _withhold(connection, source, rule)
    others = sorted(concerned - {source})
    ids = sorted({(after or before or {})["id"] for _, before, after in changes})
    claims = table_of(Claim)
    about = sa.or_(key_in(claims.c.record_id, ids), key_in(claims.c.id, ids))
    query = sa.select(claims.c.source_id).where(key_in(claims.c.source_id, others), about)
    for other in sorted(set(connection.execute(query.distinct()).scalars())) if others else ():
        _withhold(connection, other, rule, {*ids})


def apply(connection: sa.Connection, rule: Quotation) -> None:
    """Has all rows show what a rule lets them; what servers have kept of them is no longer true."""
    if stored_rule(connection) == rule:
        return
    changed = [_withhold(connection, source, rule) for source in sorted(_concerned(connection))]
    connection.execute(sa.delete(quotation_rule))
    row = {"id": 1, "characters": rule.characters, "share": rule.share}
    connection.execute(sa.insert(quotation_rule), row)
    if any(changed):
        newest = sa.select(edition_counter.c.number).scalar_subquery()
        marked = sa.update(editions).where(editions.c.number == newest).values(mark=new_mark())
        connection.execute(marked)
        if connection.dialect.name == "postgresql":
            # Its driver is heavy, and idle on SQLite.
            from schema.storage.freshness_postgresql import await_leases_released  # noqa: PLC0415

            await_leases_released(connection)


def stored_rule(connection: sa.Connection) -> Quotation | None:
    """The rule that was last applied."""
    query = sa.select(quotation_rule.c.characters, quotation_rule.c.share)
    row = connection.execute(query).first()
    return None if row is None else Quotation(*row)


def rule_of(connection: sa.Connection) -> Quotation:
    """The rule that holds."""
    return stored_rule(connection) or Quotation()


def verify_withheld(connection: sa.Connection, counts: dict[str, int]) -> Iterator[str]:
    """What shows more of a hidden text than may be quoted, or less."""
    rule = rule_of(connection)
    for source in sorted(_concerned(connection)):
        for noun, revised in _revised(connection, source, rule, None).items():
            for row in revised.shown:
                yield (
                    f"{row['id']}: the {noun.__name__.lower()} of edition {row['since']} shows "
                    f"other words of {source} than its licence lets be quoted."
                )
    counts["withheld texts"] = connection.execute(
        sa.select(sa.func.count()).select_from(withheld)
    ).scalar_one()


def _concerned(connection: sa.Connection) -> set[str]:
    """The sources that were hidden in any edition, and those of which something is withheld."""
    hidden = sa.select(sources.c.id).where(sources.c.is_text_public.is_(False))
    taken = sa.select(withheld.c.source_id)
    return set(connection.execute(sa.union(hidden, taken)).scalars())


def _withhold(
    connection: sa.Connection, source: str, rule: Quotation, ids: Collection[str] | None = None
) -> bool:
    """Has the rows that hold words of a source show what may be shown; whether any did not."""
    changed = _revised(connection, source, rule, ids)
    for noun, revised in changed.items():
        table = table_of(noun)
        at = [{"at_id": row["id"], "at_since": row["since"]} for row in revised.shown]
        version: tuple[Any, Any] = (sa.bindparam("at_id"), sa.bindparam("at_since"))
        of_version = withheld.c.node_id == version[0], withheld.c.since == version[1]
        gone = sa.delete(withheld).where(*of_version, withheld.c.source_id == source)
        connection.execute(gone, at)
        names = _written(noun)
        values: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in names}
        written = sa.update(table).where(table.c.id == version[0], table.c.since == version[1])
        new = [{f"new_{name}": row[name] for name in names} for row in revised.shown]
        rows = [key | row for key, row in zip(at, new, strict=True)]
        connection.execute(written.values(values), rows)
        if revised.cells:
            connection.execute(sa.insert(withheld), revised.cells)
        reindex(connection, noun, revised.shown)
    return bool(changed)


def _written(noun: type[Versioned]) -> list[str]:
    """The columns that are written where something of a row is withheld."""
    own = table_of(noun).c
    derived = [name for name in ("folded", "is_cut") if name in own]
    return [name for name in texts_of(noun) if name != "id"] + derived


def _revised(
    connection: sa.Connection, source: str, rule: Quotation, ids: Collection[str] | None
) -> dict[type[Versioned], Revised]:
    """The versions that show something else than they may, by their nouns."""
    text = HiddenText(connection, source, rule)
    found: dict[type[Versioned], Revised] = defaultdict(Revised)
    for noun, whole, stored in text.rows(ids):
        shown = text.shown(noun, whole)
        if all(shown[name] == stored[name] for name in _written(noun)):
            continue
        found[noun].shown.append(shown)
        version = {"noun": table_of(noun).name, "node_id": whole["id"], "since": whole["since"]}
        found[noun].cells += [
            {**version, "field": name, "source_id": source, "words": whole[name]}
            for name in texts_of(noun)
            if whole[name] != shown[name]
        ]
    return found

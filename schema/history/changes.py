"""Changes: what became of a record in an edition, as the graph shows it wherever it is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
import strawberry

from schema.execution.derived import (
    DerivedRelation,
    derived_connections,
)
from schema.execution.executor import Executor
from schema.execution.views import to_lists, to_objects
from schema.filtering.keyset import OrderKey
from schema.graph.arguments import argument, paging
from schema.graph.catalog import TypedObject, types
from schema.graph.declare import ResolvedField, add_field, plain, reference, resolved, view
from schema.history import versions
from schema.history.diff import FieldChange, compared, diff_row, field_changes
from schema.history.versions import at, span_of
from schema.model.bounds import Bound, at_most, figures, page_of, term
from schema.model.changelog import ChangeKind, change_log
from schema.model.fanout import CHANGES, parts_amended, parts_ever
from schema.model.record_choices import record_noun
from schema.model.registry import known, nouns
from schema.model.values import list_of
from schema.planning.selection import SelectedField
from schema.storage.sql import key_in
from schema.storage.statement import KEYS


async def _noun(reader: Executor, items: Any, selected: SelectedField, arguments: Any) -> list[Any]:
    return [record_noun()[known(item.record_id).__name__.upper()] for item in items]


async def _title(
    reader: Executor, items: Any, selected: SelectedField, arguments: Any
) -> list[str]:
    """The title it has, else the one it had, else the last before; one statement a noun."""
    by_record = await versions.versions(reader, (item.record_id for item in items))
    titles: list[str] = []
    for item in items:
        rows, ends = by_record[item.record_id], (item.compared_to, item.compared_from)
        past = [row for row in rows if row["since"] <= max(ends)]
        row = next((row for end in ends if (row := at(rows, end))), past[-1])
        titles.append(row["title"])
    return titles


async def _kind(
    reader: Executor, items: Any, selected: SelectedField, arguments: Any
) -> list[ChangeKind]:
    """As the log says; of two editions at most one statement a noun and evidence, twice over."""
    compared_items = [item for item in items if item.kind is None]
    if compared_items:
        by_record = await versions.versions(reader, (item.record_id for item in compared_items))
        spans = {item.id: span_of(item) for item in compared_items}
        fields = await field_changes(reader, spans)
        amended = {spans[id] for id, changes in fields.items() if changes}
        for read in (versions.claims, versions.passages):
            deltas = await read(reader, [*spans.values()])
            amended |= {span for span, delta in deltas.items() if delta.differs}
        for item in compared_items:
            before, after = (
                at(by_record[item.record_id], end) for end in (item.compared_from, item.compared_to)
            )
            if bool(before) != bool(after):
                item.kind = ChangeKind.ADDED if after else ChangeKind.RETRACTED
            else:
                is_amended = before and span_of(item) in amended
                item.kind = ChangeKind.AMENDED if is_amended else ChangeKind.REVERTED
    return [item.kind for item in items]


async def _fields(
    reader: Executor, items: Any, selected: SelectedField, arguments: Any
) -> list[list[TypedObject]]:
    spans = {item.id: span_of(item) for item in items}
    by_change = await field_changes(reader, spans, with_parts=arguments["ofParts"])
    lists = [by_change[item.id] for item in items]
    return await to_lists(reader, "FieldChange", lists, selected)


def _fields_bound() -> Bound:
    """All fields of a record, each part once, and all fields of those parts that were amended."""
    most = {name: len(compared(noun)) for name, noun in nouns().items()}
    terms = [term(figure) for figure in parts_ever().values()]
    terms += [term(figure, times=most[name]) for name, figure in parts_amended().items()]
    return figures(
        *terms,
        number=max(most.values()),
        only_if="ofParts",
        is_shared=True,
        reason="What one edition changed of one record.",
    )


def _evidence_count(name: str, description: str) -> Any:
    """A count of what became of the evidence; one statement counts all of them."""

    async def answer(
        reader: Executor, items: Any, selected: SelectedField, arguments: Any
    ) -> list[int]:
        if any(getattr(item, name) is None for item in items):
            counts = await versions.evidence(reader, [span_of(item) for item in items])
            for item in items:
                vars(item).update(vars(counts[span_of(item)]))
        return [getattr(item, name) for item in items]

    return resolved(lambda: int, description, answer)


_OF_PARTS = "Also what differs in its parts, which can be very many."


@view(listed_as="changes")
class Change:
    """What became of one record in one edition, or from one edition to another."""

    id: strawberry.ID = plain(
        "The record and the edition, `change/<record>/<edition>`; of two editions "
        "`change/<record>/<from>..<to>`."
    )
    kind: ChangeKind | None = resolved(lambda: ChangeKind, "What became of the record.", _kind)
    edition: str = reference(
        "Edition", "The edition that changed it; between two editions, the last that did."
    )
    record: str | None = reference(
        "Record", "The record as it stands at the edition that is read; null when it does not."
    )
    record_id: strawberry.ID = plain("The id of the record, even of one that was retracted.")
    noun: Any = resolved(record_noun, "The noun of the record.", _noun)
    title: str | None = resolved(
        lambda: str, "The title it was given, or that it had when it was retracted.", _title
    )
    compared_from: int = plain("The edition that `before` tells of; 0 is before the first.")
    compared_to: int = plain("The edition that `after` tells of.")
    fields: list[FieldChange] | None = resolved(
        lambda: list_of(types["FieldChange"]),
        "What differs: its own fields first, then its parts by their ids.",
        _fields,
        lambda: {"of_parts": (argument(bool, _OF_PARTS), True)},
        bound=_fields_bound(),
    )
    added_claim_count: int | None = _evidence_count(
        "added_claim_count", "How many claims about it were added."
    )
    retracted_claim_count: int | None = _evidence_count(
        "retracted_claim_count", "How many claims about it were retracted."
    )
    arisen_conflict_count: int | None = _evidence_count(
        "arisen_conflict_count", "In how many fields sources began to differ."
    )
    settled_conflict_count: int | None = _evidence_count(
        "settled_conflict_count", "In how many fields sources ceased to differ."
    )


@view()
class ChangeCount:
    """How many records an edition changed."""

    added: int = plain("How many it added.")
    amended: int = plain("How many it amended.")
    retracted: int = plain("How many it retracted.")


def change_between(row: Any, start: int, end: int) -> Change:
    """The change of a record from one edition to another; its kind is not known yet."""
    id = row["record_id"]
    return Change(
        id=strawberry.ID(f"change/{id}/{start}..{end}"),
        edition=f"edition/{row['edition']}",
        record=id,
        record_id=strawberry.ID(id),
        compared_from=start,
        compared_to=end,
    )


def change_of_entry(row: Any) -> Change:
    """The change that an entry of the log tells of."""
    number = row["edition"]
    change = change_between(row, number - 1, number)
    change.id = strawberry.ID(f"change/{change.record_id}/{number}")
    change.kind = ChangeKind(row["kind"])
    return change


def changes_of_entries(rows: Sequence[Any]) -> list[Change]:
    """The changes that entries of the log tell of."""
    return [change_of_entry(row) for row in rows]


def log_entries(reader: Executor, log: sa.FromClause = change_log) -> sa.Select[*tuple[Any, ...]]:
    """The entries of the records that a run has as its KEYS, in no order."""
    query = sa.select(log).where(key_in(log.c.record_id, KEYS))
    if reader.as_of is not None:
        query = query.where(log.c.edition <= reader.edition)
    return query


async def _changes_of_records(
    reader: Executor, items: Any, selected: SelectedField, arguments: Any
) -> list[Any]:
    """The entries of many records, newest first; one statement for all pages."""
    log = change_log.alias()

    def entries() -> tuple[sa.Select[*tuple[Any, ...]], list[OrderKey]]:
        return log_entries(reader, log), [OrderKey("EDITION", log.c.edition, descending=True)]

    relation = DerivedRelation("Change", entries, changes_of_entries, owner=log.c.record_id)
    ids = [item["id"] for item in items]
    return await derived_connections(reader, relation, selected, arguments, ids)


async def _changes_of_revisions(
    reader: Executor, items: Any, selected: SelectedField, arguments: Any
) -> Any:
    """What each version changed of its row; one statement a noun."""
    spans = [(item["id"], item["since"] - 1, item["since"]) for item in items]
    deltas = await versions.own(reader, spans)
    lists: list[list[FieldChange]] = []
    for span in spans:
        id, _, number = span
        before, after = deltas[span].before.get(id), deltas[span].after.get(id)
        lists.append([*diff_row(known(id), before, after, f"revision/{id}/{number}")])
    return await to_lists(reader, "FieldChange", lists, selected)


async def _change_counts(
    reader: Executor, items: Any, selected: SelectedField, arguments: Any
) -> list[TypedObject]:
    """How many records each edition changed; one statement for all."""
    log, numbers = change_log, [item["number"] for item in items]

    def counted() -> sa.Select[*tuple[Any, ...]]:
        query = sa.select(log.c.edition, log.c.kind, sa.func.count().label("count"))
        return query.where(key_in(log.c.edition, KEYS)).group_by(log.c.edition, log.c.kind)

    counts: Counter[tuple[int, ChangeKind]] = Counter()
    for row in await reader.rows("log counts", counted, numbers):
        counts[row["edition"], row["kind"]] = row["count"]
    views = [
        ChangeCount(
            added=counts[number, ChangeKind.ADDED],
            amended=counts[number, ChangeKind.AMENDED],
            retracted=counts[number, ChangeKind.RETRACTED],
        )
        for number in numbers
    ]
    return await to_objects(reader, "ChangeCount", views, selected)


add_field(
    "Record",
    "changes",
    ResolvedField(
        "Every edition that changed it, its parts or its evidence, newest first.",
        lambda: types["ChangeConnection"],
        _changes_of_records,
        lambda: paging("changes"),
        bound=page_of(term(CHANGES), is_owned=True),
    ),
)
add_field(
    "Revision",
    "changed",
    ResolvedField(
        "What this version changed of the one before it; of parts and evidence, see `changes`.",
        lambda: list_of(types["FieldChange"]),
        _changes_of_revisions,
        bound=at_most(
            max(len(compared(noun)) for noun in nouns().values()),
            is_owned=True,
            reason="The fields of one row.",
        ),
    ),
)
add_field(
    "Edition",
    "change_counts",
    ResolvedField("How many records it changed.", lambda: types["ChangeCount"], _change_counts),
)

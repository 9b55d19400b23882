"""Changes: what became of a record in an edition, as the graph shows it wherever it is asked."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
import strawberry

from schema.execution.views import to_lists, to_objects
from schema.filtering.record_where import record_noun
from schema.graph.arguments import argument
from schema.graph.catalog import TypedObject, types
from schema.graph.declare import ResolvedField, add_field, plain, reference, resolved, view
from schema.history import versions
from schema.history.diff import FieldChange, compared, diff_row, field_changes
from schema.history.versions import at, span_of
from schema.model.bounds import Bound, at_most, figures, term
from schema.model.changelog import ChangeKind, change_log
from schema.model.fanout import CHANGES, parts_amended, parts_ever
from schema.model.registry import known, nouns
from schema.model.values import list_of
from schema.planning.selection import SelectedField
from schema.storage.sql import key_in
from schema.storage.statement import KEYS

if TYPE_CHECKING:
    from schema.execution.executor import Executor


async def _noun(reader: Executor, items: Any, selected: SelectedField, given: Any) -> list[Any]:
    return [record_noun()[known(item.record_id).__name__.upper()] for item in items]


async def _title(reader: Executor, items: Any, selected: SelectedField, given: Any) -> list[str]:
    """The title it has, else the one it had, else the last before; one statement a noun."""
    found = await versions.versions(reader, (item.record_id for item in items))
    titles: list[str] = []
    for item in items:
        rows, ends = found[item.record_id], (item.compared_to, item.compared_from)
        past = [row for row in rows if row["since"] <= max(ends)]
        row = next((row for end in ends if (row := at(rows, end))), past[-1])
        titles.append(row["title"])
    return titles


async def _kind(
    reader: Executor, items: Any, selected: SelectedField, given: Any
) -> list[ChangeKind]:
    """As the log says; of two editions at most one statement a noun and evidence, twice over."""
    open = [item for item in items if item.kind is None]
    if open:
        found = await versions.versions(reader, (item.record_id for item in open))
        spans = {span_of(item): item.id for item in open}
        differing = {span for span, told in (await field_changes(reader, spans)).items() if told}
        for read in (versions.claims, versions.passages):
            differing |= {
                span for span, told in (await read(reader, [*spans])).items() if told.differs
            }
        for item in open:
            was, remains = (
                at(found[item.record_id], end) for end in (item.compared_from, item.compared_to)
            )
            if was and remains:
                same = span_of(item) not in differing
                item.kind = ChangeKind.REVERTED if same else ChangeKind.AMENDED
            elif was or remains:
                item.kind = ChangeKind.ADDED if remains else ChangeKind.RETRACTED
            else:
                item.kind = ChangeKind.REVERTED
    return [item.kind for item in items]


async def _fields(
    reader: Executor, items: Any, selected: SelectedField, given: Any
) -> list[list[TypedObject]]:
    spans = {span_of(item): item.id for item in items}
    found = await field_changes(reader, spans, with_parts=given["ofParts"])
    return await to_lists(reader, "FieldChange", [found[span_of(item)] for item in items], selected)


def _of_fields() -> Bound:
    """All fields of a record, each part once, and all fields of those parts that were amended."""
    most = {name: len(compared(noun)) for name, noun in nouns().items()}
    terms = [term(figure) for figure in parts_ever().values()]
    terms += [term(figure, times=most[name]) for name, figure in parts_amended().items()]
    return figures(*terms, number=max(most.values()), only_if="ofParts", is_shared=True)


def _evidence(name: str) -> Any:
    """A count of what became of the evidence; one statement counts all of them."""

    async def answer(
        reader: Executor, items: Any, selected: SelectedField, given: Any
    ) -> list[int]:
        if any(getattr(item, name) is None for item in items):
            found = await versions.evidence(reader, [span_of(item) for item in items])
            for item in items:
                vars(item).update(vars(found[span_of(item)]))
        return [getattr(item, name) for item in items]

    return answer


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
        lambda: {
            "of_parts": (
                argument(bool, "Also what differs in its parts, which can be very many."),
                True,
            )
        },
        bound=_of_fields(),
    )
    claims_added: int | None = resolved(
        lambda: int, "How many claims about it were added.", _evidence("claims_added")
    )
    claims_retracted: int | None = resolved(
        lambda: int, "How many claims about it were retracted.", _evidence("claims_retracted")
    )
    conflicts_arisen: int | None = resolved(
        lambda: int, "In how many fields sources began to differ.", _evidence("conflicts_arisen")
    )
    conflicts_settled: int | None = resolved(
        lambda: int,
        "In how many fields sources ceased to differ.",
        _evidence("conflicts_settled"),
    )


@view()
class ChangeCount:
    """How many records an edition changed."""

    added: int = plain("How many it added.")
    amended: int = plain("How many it amended.")
    retracted: int = plain("How many it retracted.")


def logged(row: Any) -> Change:
    """An entry of the log as the graph shows it."""
    number, id = row["edition"], row["record_id"]
    made = Change(
        id=strawberry.ID(f"change/{id}/{number}"),
        edition=f"edition/{number}",
        record=id,
        record_id=strawberry.ID(id),
        compared_from=number - 1,
        compared_to=number,
    )
    made.kind = ChangeKind(row["kind"])
    return made


async def _of_records(
    reader: Executor, items: Any, selected: SelectedField, given: Any
) -> list[list[TypedObject]]:
    """The entries of many records, newest first; one statement for all."""
    log = change_log

    def build() -> sa.Select[*tuple[Any, ...]]:
        query = sa.select(log).where(key_in(log.c.record_id, KEYS))
        if reader.as_of is not None:
            query = query.where(log.c.edition <= reader.edition)
        return query.order_by(log.c.record_id, log.c.edition.desc())

    found: dict[str, list[Change]] = defaultdict(list)
    for row in await reader.rows("log", build, [item["id"] for item in items]):
        found[row["record_id"]].append(logged(row))
    lists = [found[item["id"]] for item in items]
    return await to_lists(reader, "Change", lists, selected)


async def _of_revisions(reader: Executor, items: Any, selected: SelectedField, given: Any) -> Any:
    """What each version changed of its row; one statement a noun."""
    spans = [(item["id"], item["since"] - 1, item["since"]) for item in items]
    found = await versions.own(reader, spans)
    lists: list[list[FieldChange]] = []
    for span in spans:
        id, _, number = span
        before, after = found[span].before.get(id), found[span].after.get(id)
        lists.append([*diff_row(known(id), before, after, f"revision/{id}/{number}")])
    return await to_lists(reader, "FieldChange", lists, selected)


async def _counts(
    reader: Executor, items: Any, selected: SelectedField, given: Any
) -> list[TypedObject]:
    """How many records each edition changed; one statement for all."""
    log, numbers = change_log, [item["number"] for item in items]

    def build() -> sa.Select[*tuple[Any, ...]]:
        query = sa.select(log.c.edition, log.c.kind, sa.func.count().label("count"))
        return query.where(key_in(log.c.edition, KEYS)).group_by(log.c.edition, log.c.kind)

    found: Counter[tuple[int, ChangeKind]] = Counter()
    for row in await reader.rows("log counts", build, numbers):
        found[row["edition"], row["kind"]] = row["count"]
    counts = [
        ChangeCount(
            added=found[number, ChangeKind.ADDED],
            amended=found[number, ChangeKind.AMENDED],
            retracted=found[number, ChangeKind.RETRACTED],
        )
        for number in numbers
    ]
    return await to_objects(reader, "ChangeCount", counts, selected)


add_field(
    "Record",
    "changes",
    ResolvedField(
        "Every edition that changed it, its parts or its evidence, newest first.",
        lambda: list_of(types["Change"]),
        _of_records,
        bound=figures(term(CHANGES), is_owned=True),
    ),
)
add_field(
    "Revision",
    "changed",
    ResolvedField(
        "What this version changed of the one before it; of parts and evidence, see `changes`.",
        lambda: list_of(types["FieldChange"]),
        _of_revisions,
        bound=at_most(max(len(compared(noun)) for noun in nouns().values()), is_owned=True),
    ),
)
add_field(
    "Edition",
    "change_counts",
    ResolvedField("How many records it changed.", lambda: types["ChangeCount"], _counts),
)

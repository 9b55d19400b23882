"""Differences: what two versions of a record say differently, field by field and part by part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import strawberry

from schema.graph.catalog import plural
from schema.graph.declare import plain, view
from schema.history import versions
from schema.history.readable import _json, _plain, readable
from schema.history.versions import EditionRange, Row, RowDelta
from schema.model.changelog import ChangeKind
from schema.model.noun import Record, Versioned, cached_per_model, camel
from schema.model.reflection import link_lists, plain_columns, references
from schema.model.registry import known
from schema.model.values import value_fields

if TYPE_CHECKING:
    from schema.execution.executor import Executor


@view()
class FieldChange:
    """What became of one field of a record, or of one part of it, from one edition to another."""

    id: strawberry.ID = plain(
        "The change or the version, and the field after `#`: `change/<record>/<edition>#<field>`, "
        "or, of a part, `change/<record>/<edition>#<element>` and `.<field>`."
    )
    field: str = plain("The field of the record, as the graph names it: `quantity`, `buyers` …")
    element: strawberry.ID | None = plain(
        "The part that it is about, such as one of the buyers; null for a field of the record."
    )
    element_field: str | None = plain(
        "The field of that part; null when the part as a whole was added or retracted."
    )
    kind: ChangeKind = plain("ADDED where nothing stood, RETRACTED where nothing stands.")
    before: str | None = plain("What stood there, to be read; a record by its id.")
    after: str | None = plain("What stands there, to be read; a record by its id.")
    before_value: str | None = plain(
        "What stood there, in JSON: a value object as an object, a record by its id, a part as "
        "an object of its fields."
    )
    after_value: str | None = plain("What stands there, in JSON in the same way.")


@cached_per_model
def compared(noun: type[Versioned]) -> dict[str, Any]:
    """The fields that are compared, by their names in the graph, each read off a row."""
    hidden = {"id", "title_origin"} | (set() if issubclass(noun, Record) else {"title"})
    found: dict[str, Any] = {}
    for name in plain_columns(noun):
        if name not in hidden:
            found[camel(name)] = _column(name)
    for name, value in noun.declared.values.items():
        found[camel(name)] = _composed(
            {camel(part): value.column(name, part) for part in value_fields(value.kind)}
        )
    for name, relation in references(noun).items():
        found[camel(name)] = _column(relation.key)
    return found


def _column(name: str) -> Any:
    return lambda row: _plain(row[name])


def _composed(columns: dict[str, str]) -> Any:
    def compose(row: Row) -> Any:
        made = {part: _plain(row[column]) for part, column in columns.items()}
        return made if any(part is not None for part in made.values()) else None

    return compose


def diff_row(
    noun: type[Versioned],
    before: Row | None,
    after: Row | None,
    change: str,
    field: str | None = None,
    element: str | None = None,
) -> Iterator[FieldChange]:
    """The fields in which two versions of a row differ; `field` is the part's place, if it is one.

    A version that is not there holds nothing.
    """
    for name, value in compared(noun).items():
        old = None if before is None else value(before)
        new = None if after is None else value(after)
        if old != new:
            place = f"{element}.{name}" if element else name
            yield _told(
                f"{change}#{place}",
                (field or name, element, name if element else None),
                (old, readable(old)),
                (new, readable(new)),
            )


def _told(
    id: str,
    place: tuple[str, str | None, str | None],
    before: tuple[Any, str | None],
    after: tuple[Any, str | None],
) -> FieldChange:
    (old, was), (new, remains) = before, after
    kind = ChangeKind.AMENDED
    if old is None or new is None:
        kind = ChangeKind.ADDED if old is None else ChangeKind.RETRACTED
    field, element, element_field = place
    return FieldChange(
        id=strawberry.ID(id),
        field=field,
        element=None if element is None else strawberry.ID(element),
        element_field=element_field,
        kind=kind,
        before=was,
        after=remains,
        before_value=_json(old),
        after_value=_json(new),
    )


def part_changes(
    record: type[Versioned], noun: type[Versioned], standing: RowDelta, change: str
) -> Iterator[FieldChange]:
    """The parts of one noun that were added, retracted or amended."""
    for id in standing.ids:
        before, after = standing.before.get(id), standing.after.get(id)
        row = after or before
        assert row is not None
        field = _place(record, noun, row)
        if before is not None and after is not None:
            yield from diff_row(noun, before, after, change, field, id)
        else:
            yield _told(
                f"{change}#{id}", (field, id, None), _whole(noun, before), _whole(noun, after)
            )


def _place(record: type[Versioned], noun: type[Versioned], row: Row) -> str:
    """The field of a record under which the graph shows a part."""
    role = _plain(row.get("role"))
    for field, link, of_role in link_lists(record):
        if link is noun and of_role in (None, role):
            return camel(field)
    return plural(noun.__name__)


def _whole(noun: type[Versioned], row: Row | None) -> tuple[Any, str | None]:
    """A part as a whole: its fields, and its title."""
    if row is None:
        return None, None
    return {name: value(row) for name, value in compared(noun).items()}, row["title"]


async def field_changes(
    reader: Executor, names: Mapping[EditionRange, str], *, with_parts: bool = True
) -> dict[EditionRange, list[FieldChange]]:
    """What differs in each record, under the name of its change; at most one statement a noun."""
    spans = list(names)
    found: dict[EditionRange, list[FieldChange]] = {}
    for span, standing in (await versions.own(reader, spans)).items():
        before, after = standing.before.get(span[0]), standing.after.get(span[0])
        found[span] = [*diff_row(known(span[0]), before, after, names[span])]
    for noun, by_span in await versions.parts(reader, spans) if with_parts else ():
        for span, standing in by_span.items():
            found[span] += part_changes(known(span[0]), noun, standing, names[span])
    for changes in found.values():
        changes.sort(key=lambda change: str(change.element or ""))
    return found

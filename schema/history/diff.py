"""Differences: what two versions of a record say differently, field by field and part by part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import strawberry

from schema.execution.executor import Executor
from schema.graph.catalog import plural
from schema.graph.declare import plain, view
from schema.graph.values import JSON
from schema.history import versions
from schema.history.readable import plain_value, readable
from schema.history.versions import EditionRange, Row, RowDelta
from schema.model.changelog import ChangeKind
from schema.model.factuality import Factuality
from schema.model.field_names import field_names
from schema.model.noun import Record, Versioned, cached_per_model, camel
from schema.model.reflection import link_lists, plain_columns, references
from schema.model.registry import known
from schema.model.values import value_fields


@view()
class FieldChange:
    """What became of one field of a record, or of one part of it, from one edition to another."""

    id: strawberry.ID = plain(
        "The change or the version, and the field after `#`: "
        "`field-change/change/<record>/<edition>#<field>`, or, of a part, `…#<element>.<field>`."
    )
    field: field_names() = plain("The field of the record: `QUANTITY`, `BUYERS` …")  # type: ignore[valid-type]  # made at run time
    element: strawberry.ID | None = plain(
        "The part that it is about, such as one of the buyers; null for a field of the record."
    )
    element_field: field_names() | None = plain(  # type: ignore[valid-type]  # made at run time
        "The field of that part; null when the part as a whole was added or retracted."
    )
    kind: ChangeKind = plain("ADDED where nothing stood, RETRACTED where nothing stands.")
    before: str | None = plain("What stood there, to be read; a record by its id.")
    after: str | None = plain("What stands there, to be read; a record by its id.")
    before_value: JSON | None = plain(
        "What stood there, to be computed with: a value object as an object, a record by its id, "
        "a part as an object of its fields."
    )
    after_value: JSON | None = plain("What stands there, in the same way.")


@cached_per_model
def compared(noun: type[Versioned]) -> dict[str, Any]:
    """The fields that are compared by their names in the graph, each with its value of a row."""
    hidden = {"id", "title_origin"} | (set() if issubclass(noun, Record) else {"title"})
    values = {
        camel(name): _value_object(
            {camel(part): value.column(name, part) for part in value_fields(value.kind)}
        )
        for name, value in noun.declared.values.items()
    }
    return (
        {camel(name): _column(name) for name in plain_columns(noun) if name not in hidden}
        | values
        | {camel(name): _column(relation.key) for name, relation in references(noun).items()}
    )


def _column(name: str) -> Any:
    return lambda row: plain_value(row[name])


def _value_object(columns: dict[str, str]) -> Any:
    def value(row: Row) -> Any:
        parts = {part: plain_value(row[column]) for part, column in columns.items()}
        return parts if any(part is not None for part in parts.values()) else None

    return value


def diff_row(
    noun: type[Versioned],
    before: Row | None,
    after: Row | None,
    change: str,
    field: str | None = None,
    element: str | None = None,
) -> Iterator[FieldChange]:
    """The fields in which two versions of a row differ; a version that is None holds nothing.

    Of a part, `field` is that of the record under which it stands, and `element` its id.
    """
    for name, value in compared(noun).items():
        old = None if before is None else value(before)
        new = None if after is None else value(after)
        is_alone = before is None or after is None
        if old != new and not _is_implied(name, old or new, is_alone=is_alone):
            place = f"{element}.{name}" if element else name
            yield _field_change(
                f"{change}#{place}",
                (field or name, element, name if element else None),
                (old, readable(old)),
                (new, readable(new)),
            )


def _is_implied(name: str, value: Any, *, is_alone: bool) -> bool:
    """Whether what is new, or is gone, is asserted, as most is."""
    return is_alone and (name, value) == ("factuality", Factuality.ASSERTED.value)


def _field_change(
    id: str,
    place: tuple[str, str | None, str | None],
    before: tuple[Any, str | None],
    after: tuple[Any, str | None],
) -> FieldChange:
    """A change of a place from one value to another, each with its text."""
    (old, old_text), (new, new_text) = before, after
    kind = ChangeKind.AMENDED
    if old is None or new is None:
        kind = ChangeKind.ADDED if old is None else ChangeKind.RETRACTED
    field, element, element_field = place
    return FieldChange(
        id=strawberry.ID(f"field-change/{id}"),
        field=field,
        element=None if element is None else strawberry.ID(element),
        element_field=element_field,
        kind=kind,
        before=old_text,
        after=new_text,
        before_value=old,
        after_value=new,
    )


def part_changes(
    record: type[Versioned], noun: type[Versioned], delta: RowDelta, change: str
) -> Iterator[FieldChange]:
    """The parts of one noun that were added, retracted or amended."""
    for id in delta.ids:
        before, after = delta.before.get(id), delta.after.get(id)
        row = after or before
        assert row is not None
        field = _part_field(record, noun, row)
        if before is not None and after is not None:
            yield from diff_row(noun, before, after, change, field, id)
        else:
            place = (field, id, None)
            yield _field_change(f"{change}#{id}", place, _whole(noun, before), _whole(noun, after))


def _part_field(record: type[Versioned], noun: type[Versioned], row: Row) -> str:
    """The field of a record under which the graph shows a part."""
    role = plain_value(row.get("role"))
    for field, link, of_role in link_lists(record):
        if link is noun and of_role in (None, role):
            return camel(field)
    return plural(noun.__name__)


def _whole(noun: type[Versioned], row: Row | None) -> tuple[Any, str | None]:
    """A part as a whole: its fields, and its title."""
    if row is None:
        return None, None
    values = {name: value(row) for name, value in compared(noun).items()}
    explicit = {
        name: value for name, value in values.items() if not _is_implied(name, value, is_alone=True)
    }
    return explicit, row["title"]


async def field_changes(
    reader: Executor, spans: Mapping[str, EditionRange], *, with_parts: bool = True
) -> dict[str, list[FieldChange]]:
    """What differs in each record, by the id of its change; at most one statement a noun."""
    ranges = [*dict.fromkeys(spans.values())]
    own = await versions.own(reader, ranges)
    parts = await versions.parts(reader, ranges) if with_parts else []
    by_change: dict[str, list[FieldChange]] = {}
    for change, span in spans.items():
        id, delta = span[0], own[span]
        changes = [*diff_row(known(id), delta.before.get(id), delta.after.get(id), change)]
        for noun, deltas in parts:
            changes += part_changes(known(id), noun, deltas[span], change)
        by_change[change] = sorted(changes, key=lambda each: str(each.element or ""))
    return by_change

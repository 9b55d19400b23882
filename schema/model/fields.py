"""How a noun declares its columns, value objects and relations: as data, described."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any, cast

import sqlalchemy as sa
from sqlmodel import Field

from schema.model.traits import Trait, name_with
from schema.model.values import (
    CodepointText,
    Money,
    PartialDate,
    Quantity,
    ValueObject,
    stored_choice,
)


class FieldNameText(sa.Text):
    """Text that names a field, such as `signedOn`; the graph shows it as one of `FieldName`."""


class JsonText(sa.Text):
    """Text that holds a value in JSON, which the graph shows as such."""


def by_codepoint(kind: sa.Text) -> Any:
    """A text that both databases order by code point."""
    return kind.with_variant(sa.Text(collation="C"), "postgresql")


def words(description: str) -> Any:
    """A column of text, ordered by code point on both databases."""
    return Field(default=None, description=description, sa_type=CodepointText)


def field_name(description: str) -> Any:
    """A column that holds the name of a field, as the graph writes it."""
    return Field(default=None, description=description, sa_type=by_codepoint(FieldNameText()))


def json_text(description: str) -> Any:
    """A column that holds a value in JSON, which the graph shows as such."""
    return Field(default=None, description=description, sa_type=by_codepoint(JsonText()))


def code(standard: str, description: str) -> Any:
    """A column that holds a code of an ISO standard, one of `iso.STANDARDS`."""
    return Field(
        default=None,
        description=description,
        sa_type=CodepointText,
        schema_extra={"json_schema_extra": {"iso": standard}},
    )


def choice(choices: type[Enum], description: str) -> Any:
    """A column that holds one of a closed list."""
    return Field(default=None, description=description, sa_type=stored_choice(choices))


def flag(description: str, *, phrases_if_true: str = "", phrases_if_false: str = "") -> Any:
    """A column that is yes, no or not known, with the words by which sources say either."""
    words = {"phrases_if_true": phrases_if_true, "phrases_if_false": phrases_if_false}
    return Field(default=None, description=description, schema_extra={"json_schema_extra": words})


def number(description: str) -> Any:
    """A column of whole numbers."""
    return Field(default=None, description=description, sa_type=sa.BigInteger)


@dataclass(frozen=True)
class Value:
    """A value object, kept in one column a part."""

    kind: ValueObject
    description: str

    def column(self, name: str, part: str) -> str:
        """The column that keeps a part of the value object called name."""
        return f"{name}_{part}"


@dataclass(frozen=True)
class FirstValue:
    """Of several value objects of a noun the first that has bounds, else the first there is."""

    names: tuple[str, ...]
    kind: ValueObject = PartialDate


@dataclass(frozen=True)
class Template:
    """A field that is text made from columns, the same at every edition."""

    form: str
    columns: tuple[str, ...] = ("id",)


@dataclass(frozen=True)
class Id(Template):
    """A global id, which carries the edition where one is read that the question names."""

    form: str = "{id}"
    names_field: bool = False
    """Whether a field stands in it, behind `#`."""


@dataclass(frozen=True)
class Permalink(Template):
    """An address, which leads to the edition where one is read that the question names."""

    form: str = "{base}/{id}"


@dataclass(frozen=True)
class RelationArgument:
    """An argument of a relation: a field that a column must name, or yes for one that is null."""

    name: str
    column: str
    kind: type
    description: str


@dataclass(frozen=True)
class Relation:
    """How a noun reaches others: which rows of the target belong to which row of its own."""

    leads_to: str | Trait
    """The target: a noun by its name or its trait, or an interface of nouns."""
    description: str
    by: str
    """The column of the target that must equal `key`."""
    key: str = "id"
    """The column of the noun itself whose values are looked up."""
    single: bool = False
    """At most one row answers, and the field is nullable."""
    required: bool = False
    """Exactly one row answers."""
    bounded: str = ""
    """Why the list never grows with the record; without a reason it is a connection."""
    indexed: bool = False
    """An owner may have so many rows that pages are cut from an index, which ends in the id."""
    where: tuple[tuple[str, Any], ...] = ()
    """Columns of the target that must equal these values, or one of a tuple of them."""
    present: tuple[str, ...] = ()
    """Columns of the target that must not be null."""
    narrow: tuple[RelationArgument, ...] = ()
    """Arguments of the field that take fewer rows."""
    order: tuple[str, ...] = ("id",)
    every_version: bool = False
    """All versions of the rows, not only the valid one."""
    linked_by: tuple[Trait, str, str] | None = None
    """A link between: its noun, its column that equals `key`, its column that equals `by`."""

    @property
    def paged(self) -> bool:
        """Whether it is a connection: what may grow with the record is one."""
        return not (self.single or self.required or self.bounded)

    @cached_property
    def target(self) -> str:
        """The name of what it leads to, once the nouns are declared."""
        return name_with(self.leads_to) if isinstance(self.leads_to, Trait) else self.leads_to

    @cached_property
    def through(self) -> tuple[str, str, str] | None:
        """The link between, with the name of its noun."""
        return (name_with(self.linked_by[0]), *self.linked_by[1:]) if self.linked_by else None


@dataclass(frozen=True)
class RoleRelation(Relation):
    """The involvements of one role, a field of the record they belong to."""

    role: str = ""


def partial_date(description: str) -> PartialDate | None:
    """A date as a source gives it, with bounds where there are any."""
    return cast("PartialDate | None", Value(PartialDate, description))


def quantity(description: str) -> Quantity | None:
    """A number of things as a source gives it."""
    return cast("Quantity | None", Value(Quantity, description))


def money(description: str) -> Money | None:
    """A sum of money as a source gives it."""
    return cast("Money | None", Value(Money, description))


def reference(target: str, description: str, *, required: bool = False) -> Any:
    """Another record; kept as its id in a private column, shown as the record."""
    return Relation(target, description, by="id", key="", single=True, required=required)


def children(
    target: str | Trait, by: str, description: str, *, order: Iterable[str] = ("id",), **more: Any
) -> Any:
    """The records whose column `by` names this one."""
    return Relation(target, description, by=by, order=(*order,), **more)


def role(role: str, description: str) -> Any:
    """The involvements of one role: who took part as what, with the evidence of it."""
    return RoleRelation(
        Trait.INVOLVEMENT,
        description,
        by="record_id",
        where=(("role", role),),
        bounded="Those who have one role in one record.",
        role=role,
    )


@dataclass
class ModelFields:
    """What a noun declares beside its plain columns, in the order it declares it."""

    values: dict[str, Value] = field(default_factory=dict)
    relations: dict[str, Relation] = field(default_factory=dict)

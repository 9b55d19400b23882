"""The metaclass of nouns: makes columns of what they declare, and gives each table its checks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from pydantic import create_model
from sqlmodel import Field, SQLModel
from sqlmodel.main import SQLModelMetaclass

from schema.model.fields import ModelFields, Relation, Value
from schema.model.traits import noun_names
from schema.model.values import CodepointText, part_descriptions, stored_type, value_fields

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
versioned_classes: dict[str, Any] = {}
"""Every class with a versioned table, by its name; it enters itself when it is declared."""


class NounMeta(SQLModelMetaclass):
    """Turns declared values and references into columns, and gives each table its keys."""

    def __new__(
        mcs, name: str, bases: tuple[type[Any], ...], namespace: dict[str, Any], **kwargs: Any
    ) -> Any:
        declared = ModelFields()
        for base in bases:
            inherited = getattr(base, "declared", ModelFields())
            declared.values |= inherited.values
            declared.relations |= inherited.relations
        columns: dict[str, Any] = {}
        for key, value in list(namespace.items()):
            if isinstance(value, Value):
                declared.values[key] = value
                columns |= _part_columns(key, value)
            elif isinstance(value, Relation):
                declared.relations[key] = value if value.key else replace(value, key=f"{key}_id")
                columns |= {} if value.key else {f"{key}_id": _reference_column(value)}
            else:
                continue
            del namespace[key]
        if columns:
            parent = next(base for base in bases if issubclass(base, SQLModel))
            mixin = create_model(f"{name}Columns", __base__=parent, **columns)
            bases = tuple(mixin if base is parent else base for base in bases)
        return super().__new__(mcs, name, bases, {**namespace, "declared": declared}, **kwargs)

    def __init__(
        cls, name: str, bases: tuple[type[Any], ...], namespace: dict[str, Any], **kwargs: Any
    ) -> None:
        super().__init__(name, bases, namespace, **kwargs)
        if (trait := namespace.get("trait")) is not None:
            noun_names[trait] = name
        table = getattr(cls, "__table__", None)
        if table is not None and "until" in table.c:
            versioned_classes[name] = cls
            for column in table.columns:
                if isinstance(column.type, sa.Enum):
                    sa.CheckConstraint(column.in_(column.type.enums), name=column.name)


def _part_columns(name: str, value: Value) -> dict[str, Any]:
    """The columns of a value object, one a part."""
    descriptions = part_descriptions(value.kind)
    return {
        value.column(name, part): (
            annotation,
            Field(
                default=None,
                description=f"{value.description} {descriptions[part]}",
                sa_type=stored_type(annotation),
            ),
        )
        for part, annotation in value_fields(value.kind).items()
    }


def _reference_column(relation: Relation) -> tuple[Any, Any]:
    """The column that keeps the id of the record that a reference leads to."""
    return (
        str if relation.required else str | None,
        Field(
            default=... if relation.required else None,
            description=relation.description,
            foreign_key="record.id",
            sa_type=CodepointText,
        ),
    )

"""Editions: each write publishes one, and one predicate reads any of them."""

from __future__ import annotations

import datetime
import secrets
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction
from sqlmodel import Field, SQLModel

from schema.model.fields import ModelFields
from schema.model.metaclass import NounMeta
from schema.model.values import CodepointText


class Identity(SQLModel, table=True):
    """Every id that was ever given out; ids are never reused."""

    __tablename__ = "record"  # pyright: ignore[reportAssignmentType]  # as SQLModel has it

    id: str = Field(primary_key=True, sa_type=CodepointText)
    noun: str = Field(sa_type=CodepointText)


class EditionCounter(SQLModel, table=True):
    """The one row that numbers editions; holding its lock is the right to publish."""

    __tablename__ = "edition_counter"  # pyright: ignore[reportAssignmentType]  # as SQLModel has it
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)

    id: int = Field(default=1, primary_key=True, sa_type=sa.BigInteger)
    number: int = Field(default=0, sa_type=sa.BigInteger)


def new_mark() -> str:
    """64 random bits, which tell an edition from another one of the same number."""
    return secrets.token_hex(8)


class Edition(SQLModel, table=True, metaclass=NounMeta):
    """One publication: everything that one dossier, import or edit changed, at once."""

    declared: ClassVar[ModelFields]
    model_config = {"arbitrary_types_allowed": True}

    number: int = Field(
        primary_key=True,
        sa_type=sa.BigInteger,
        sa_column_kwargs={"autoincrement": False},
        description="The number of the edition: 1, 2, 3 … in the order of publication.",
    )
    published_at: datetime.datetime = Field(description="The instant of publication, in UTC.")
    author: str = Field(sa_type=CodepointText, description="Who published it.")
    summary: str = Field(sa_type=CodepointText, description="What it publishes, in one line.")
    idempotency_key: str = Field(
        sa_type=CodepointText,
        description="The fingerprint of what was published; the same thing is never published "
        "twice in a row.",
    )
    mark: str = Field(
        sa_type=CodepointText,
        sa_column_kwargs={"default": new_mark},
        description="Random characters, such as `8f14e45fceea167a`. Another mark under the same "
        "number is another edition: the database was restored, and what was kept of the later "
        "editions is no longer true.",
    )


identities: sa.Table = Identity.__table__  # type: ignore[attr-defined]  # set by SQLModel
edition_counter: sa.Table = EditionCounter.__table__  # type: ignore[attr-defined]  # as above
editions: sa.Table = Edition.__table__  # type: ignore[attr-defined]  # as above


def newest_edition() -> sa.ColumnElement[Any]:
    """The number of the newest edition, as a column of any statement."""
    return sa.select(sa.func.max(editions.c.number)).scalar_subquery()


class _Likely(GenericFunction[bool]):
    """A test that most rows pass; else SQLite takes it for one that an index should begin with."""

    type = sa.Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> _Likely:
        """Itself: as an unknown boolean it would be written `… = 1`."""
        return self


@compiles(_Likely)
def _compile_likely(element: _Likely, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.clauses, **options))


@compiles(_Likely, "sqlite")
def _compile_likely_for_sqlite(element: _Likely, compiler: Any, **options: Any) -> str:
    return f"likely({compiler.process(element.clauses, **options)})"


def varies(as_of: Any) -> bool:
    """Whether the edition is another one for each row that is looked at, and no parameter."""
    return isinstance(as_of, sa.ColumnElement) and not isinstance(as_of, sa.BindParameter)


def valid(
    table: sa.FromClause, as_of: int | sa.ColumnElement[int] | None
) -> sa.ColumnElement[bool]:
    """The rows of a versioned table that are valid now (None) or as of an edition.

    The edition may be a column, for a question that looks at many editions at once.
    """
    if as_of is None:
        return table.c.until.is_(None)
    return sa.and_(
        _Likely(table.c.since <= as_of), sa.or_(table.c.until.is_(None), table.c.until > as_of)
    )

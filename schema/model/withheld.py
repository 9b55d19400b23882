"""Withheld words: what the licence of a source hides, kept apart from the tables that are read."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from schema.model.values import CodepointText


class Withheld(SQLModel, table=True):
    """One text of one version of a row as its source has it; the row holds what may be shown."""

    noun: str = Field(sa_type=CodepointText)
    """The table of the row."""
    node_id: str = Field(primary_key=True, sa_type=CodepointText)
    since: int = Field(primary_key=True, sa_type=sa.BigInteger)
    field: str = Field(primary_key=True, sa_type=CodepointText)
    """The column."""
    source_id: str = Field(sa_type=CodepointText, index=True)
    """The source whose words they are."""
    words: str = Field(sa_type=CodepointText)


class QuotationRule(SQLModel, table=True):
    """The one row that says how much of a hidden text may be quoted."""

    __tablename__ = "quotation_rule"  # pyright: ignore[reportAssignmentType]  # as SQLModel has it
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)

    id: int = Field(default=1, primary_key=True, sa_type=sa.BigInteger)
    characters: int = Field(sa_type=sa.BigInteger)
    share: int = Field(sa_type=sa.BigInteger)


withheld: sa.Table = Withheld.__table__  # type: ignore[attr-defined]  # set by SQLModel
quotation_rule: sa.Table = QuotationRule.__table__  # type: ignore[attr-defined]  # as above

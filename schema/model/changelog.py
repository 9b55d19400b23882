"""The change log: what each edition did to each record."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from schema.model.choices import Choice, described
from schema.model.values import CodepointText, stored_choice


@described("What became of a record, or of one of its fields.")
class ChangeKind(Choice):
    ADDED = ("ADDED", "It was not there before.")
    AMENDED = ("AMENDED", "It was there before and after, and something of it differs.")
    RETRACTED = ("RETRACTED", "It is there no more.")
    REVERTED = (
        "REVERTED",
        (
            "It was changed and changed back, so that nothing differs; "
            "only a `difference` of two editions says so."
        ),
    )


class ChangeEntry(SQLModel, table=True):
    """One record that an edition touched: its row, its parts, or what is claimed of it."""

    __tablename__ = "change"  # pyright: ignore[reportAssignmentType]  # as SQLModel has it
    __table_args__ = (sa.CheckConstraint("kind IN ('ADDED', 'AMENDED', 'RETRACTED')", name="kind"),)

    edition: int = Field(primary_key=True, foreign_key="edition.number", sa_type=sa.BigInteger)
    record_id: str = Field(
        primary_key=True, foreign_key="record.id", sa_type=CodepointText, index=True
    )
    noun: str = Field(sa_type=CodepointText)
    kind: ChangeKind = Field(sa_type=stored_choice(ChangeKind))


change_log: sa.Table = ChangeEntry.__table__  # type: ignore[attr-defined]  # set by SQLModel

"""Editions tell which records they changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

Words = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "change",
        sa.Column("edition", sa.BigInteger(), nullable=False),
        sa.Column("record_id", Words, nullable=False),
        sa.Column("noun", Words, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.CheckConstraint(
            "kind IN ('ADDED', 'AMENDED', 'RETRACTED')", name=op.f("ck_change_kind")
        ),
        sa.ForeignKeyConstraint(["edition"], ["edition.number"], name=op.f("fk_change_edition")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_change_record_id")),
        sa.PrimaryKeyConstraint("edition", "record_id", name=op.f("pk_change")),
    )
    op.create_index(op.f("ix_change_record_id"), "change", ["record_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_change_record_id"), "change")
    op.drop_table("change")

"""Editions number every write, and ids are given out once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

Words = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "edition",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author", Words, nullable=False),
        sa.Column("summary", Words, nullable=False),
        sa.Column("idempotency_key", Words, nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_edition")),
    )
    op.create_table(
        "edition_counter",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_edition_counter_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_counter")),
    )
    op.create_table(
        "record",
        sa.Column("id", Words, nullable=False),
        sa.Column("noun", Words, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record")),
    )
    op.bulk_insert(
        sa.table(
            "edition_counter",
            sa.column("id", sa.BigInteger()),
            sa.column("number", sa.BigInteger()),
        ),
        [{"id": 1, "number": 0}],
    )


def downgrade() -> None:
    op.drop_table("record")
    op.drop_table("edition_counter")
    op.drop_table("edition")

"""Editions bear a mark, so that one is told from another of the same number."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

Words = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("edition", sa.Column("mark", Words))
    editions = sa.table("edition", sa.column("number", sa.BigInteger()), sa.column("mark", Words))
    connection = op.get_bind()
    for number in connection.execute(sa.select(editions.c.number)).scalars().all():
        connection.execute(
            sa.update(editions).where(editions.c.number == number).values(mark=secrets.token_hex(8))
        )
    with op.batch_alter_table("edition") as batch:
        batch.alter_column("mark", existing_type=Words, nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("edition") as batch:
        batch.drop_column("mark")

"""Lists are bounded by figures: the owners with the most rows of each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

Words = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "fanout",
        sa.Column("figure", Words, nullable=False),
        sa.Column("owner", Words, nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("figure", "owner", name=op.f("pk_fanout")),
    )


def downgrade() -> None:
    op.drop_table("fanout")

"""Claims tell of which time they speak."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

Words = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("claim", sa.Column("point_in_time", Words, nullable=True))
    op.create_index(
        "ix_claim_point_in_time_id", "claim", [sa.text("substr(point_in_time, 1, 60)"), "id"]
    )


def downgrade() -> None:
    op.drop_index("ix_claim_point_in_time_id", "claim")
    op.drop_column("claim", "point_in_time")

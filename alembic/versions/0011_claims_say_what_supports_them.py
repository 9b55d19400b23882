"""Claims say whether the words that they quote carry their value."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

COLUMN = """ALTER TABLE claim ADD COLUMN support VARCHAR(40)
    CONSTRAINT ck_claim_support CHECK (support IN ('SUPPORTED', 'BASIS_GIVEN', 'UNSUPPORTED'))"""
"""Both databases add a column with its check; batch mode would lose the table's indexes."""


def upgrade() -> None:
    op.execute(sa.text(COLUMN))
    op.create_index("ix_claim_support_id", "claim", ["support", "id"])


def downgrade() -> None:
    op.drop_index("ix_claim_support_id", "claim")
    op.drop_column("claim", "support")

"""Names are found by what they read like: the index is made again, with the keys of names."""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM search_doc")  # an empty index is filled again after migrating


def downgrade() -> None:
    op.execute("DELETE FROM search_doc")

"""Words are cut and folded anew: silent characters and spellings make no difference.

The index of words is emptied; what migrates then makes it again, and with it all folded texts, in
batches and in the same transaction.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(sa.text("INSERT INTO search_fts (search_fts) VALUES ('delete-all')"))
    op.execute(sa.text("DELETE FROM search_doc"))


def downgrade() -> None:
    upgrade()

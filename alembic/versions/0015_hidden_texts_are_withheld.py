"""What a licence hides is withheld: readable rows hold short quotations, the rest stands apart."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

Words = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "withheld",
        sa.Column("noun", Words, nullable=False),
        sa.Column("node_id", Words, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("field", Words, nullable=False),
        sa.Column("source_id", Words, nullable=False),
        sa.Column("words", Words, nullable=False),
        sa.PrimaryKeyConstraint("node_id", "since", "field", name=op.f("pk_withheld")),
    )
    op.create_index(op.f("ix_withheld_source_id"), "withheld", ["source_id"])
    op.create_table(
        "quotation_rule",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("characters", sa.BigInteger(), nullable=False),
        sa.Column("share", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_quotation_rule_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotation_rule")),
    )
    op.add_column(
        "passage", sa.Column("is_cut", sa.Boolean(), nullable=False, server_default=sa.false())
    )


def downgrade() -> None:
    connection = op.get_bind()
    cells = sa.text("SELECT DISTINCT noun, field FROM withheld ORDER BY noun, field")
    rows = connection.execute(cells).all()
    for noun, field in rows:
        of_row = (
            f"withheld.node_id = {noun}.id AND withheld.since = {noun}.since "
            f"AND withheld.field = '{field}'"
        )
        words = f"SELECT words FROM withheld WHERE {of_row}"  # noqa: S608  # our own names
        restored = f"UPDATE {noun} SET {field} = ({words}) WHERE EXISTS ({words})"  # noqa: S608  # the same
        op.execute(sa.text(restored))
    if rows:
        # The index of words lacks what is shown again; empty, it is made anew.
        if connection.dialect.name == "sqlite":
            op.execute(sa.text("INSERT INTO search_fts (search_fts) VALUES ('delete-all')"))
        op.execute(sa.text("DELETE FROM search_doc"))
    op.drop_column("passage", "is_cut")
    op.drop_table("quotation_rule")
    op.drop_index(op.f("ix_withheld_source_id"), "withheld")
    op.drop_table("withheld")

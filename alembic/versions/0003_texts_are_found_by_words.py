"""Texts are found by their words, in an index that each database keeps in its own way."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

Words = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "search_doc",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("record_id", Words, nullable=False),
        sa.Column("node_id", Words, nullable=False),
        sa.Column("noun", Words, nullable=False),
        sa.Column("place", sa.String(40), nullable=False),
        sa.Column("field", Words, nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("start_utf16", sa.BigInteger(), nullable=False),
        sa.Column("text", Words, nullable=False),
        sa.Column("tok", Words, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "place IN ('TITLE', 'NAME', 'TEXT', 'PART', 'PASSAGE', 'SOURCE_TEXT')",
            name=op.f("ck_search_doc_place"),
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_search_doc")),
    )
    op.create_index(op.f("ix_search_doc_record_id"), "search_doc", ["record_id"])
    op.create_index(op.f("ix_search_doc_node_id"), "search_doc", ["node_id"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE search_fts USING fts5 "
            "(tok, content='search_doc', content_rowid='number', tokenize='ascii')"
        )
    else:
        op.execute(
            "CREATE INDEX search_fts ON search_doc "
            "USING gin (to_tsvector('simple'::regconfig, tok))"
        )


def downgrade() -> None:
    kind = "TABLE" if op.get_bind().dialect.name == "sqlite" else "INDEX"
    op.execute(f"DROP {kind} search_fts")
    op.drop_table("search_doc")

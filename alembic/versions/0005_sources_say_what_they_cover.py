"""Sources say what they cover: a period, a scope in words, and parties."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

Words = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
ROLES = (
    "PARTY",
    "SIGNATORY",
    "BUYER",
    "SUPPLIER",
    "MANUFACTURER",
    "FUNDER",
    "END_USER",
    "SPEAKER",
    "ATTRIBUTED_SOURCE",
    "TARGET",
    "AUDIENCE",
    "AFFECTED",
    "PARTICIPANT",
    "VISITOR",
    "HOST",
    "BODY",
    "ORIGIN",
    "DESTINATION",
    "DECIDER",
    "BENEFICIARY",
)
PRECISIONS = ("DAY", "MONTH", "SEASON", "YEAR", "DECADE", "INTERVAL")
COLUMNS = (
    ("scope", Words),
    ("covers_stated", Words),
    ("covers_edtf", Words),
    ("covers_earliest", sa.Date()),
    ("covers_latest", sa.Date()),
    ("covers_precision", sa.String(40)),
)

FORGET = (
    """DELETE FROM passage WHERE claim_id IN (
        SELECT id FROM claim
        WHERE record_id LIKE 'source/%' AND field IN ('scope', 'covers', 'covered')
    )""",
    "DELETE FROM claim WHERE record_id LIKE 'source/%' AND field IN ('scope', 'covers', 'covered')",
    "DELETE FROM involvement WHERE role = 'COVERED'",
)
"""What the tables cannot hold any more, in the order of what points at what."""


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def _roles(roles: tuple[str, ...]) -> None:
    with op.batch_alter_table("involvement") as batch:
        batch.drop_constraint(op.f("ck_involvement_role"), type_="check")
        batch.create_check_constraint(op.f("ck_involvement_role"), sa.text(_one_of("role", roles)))


def upgrade() -> None:
    with op.batch_alter_table("source") as batch:
        for name, kind in COLUMNS:
            batch.add_column(sa.Column(name, kind, nullable=True))
        batch.create_check_constraint(
            op.f("ck_source_covers_precision"), sa.text(_one_of("covers_precision", PRECISIONS))
        )
    _roles((*ROLES, "COVERED"))


def downgrade() -> None:
    for statement in FORGET:
        op.execute(sa.text(statement))
    # The index of words holds what is forgotten here; empty, it is made anew.
    if op.get_bind().dialect.name == "sqlite":
        op.execute(sa.text("INSERT INTO search_fts (search_fts) VALUES ('delete-all')"))
    op.execute(sa.text("DELETE FROM search_doc"))
    _roles(ROLES)
    with op.batch_alter_table("source") as batch:
        batch.drop_constraint(op.f("ck_source_covers_precision"), type_="check")
        for name, _ in reversed(COLUMNS):
            batch.drop_column(name)

"""Records, and their parts, tell how sure it is that they exist, and which values are not.

What the claims say is set for the rows alone that a hedge or a denial speaks of, of each version as
its claims were when it ended.
"""

# ruff: noqa: S608  # all that is put together stands in this file

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

RECORDS = [
    "agreement",
    "decision",
    "event",
    "official",
    "party",
    "procurement",
    "source",
    "statement",
    "tenure",
]
LINKS = [
    "classification",
    "delivery",
    "evaluation",
    "identifier",
    "involvement",
    "item",
    "milestone",
    "name",
    "verbatim_span",
]
STRENGTH = ("ASSERTED", "REPORTED", "ALLEGED", "PLANNED", "HYPOTHETICAL", "DENIED")
"""What a row can be, the surest first."""
INVOLVED = "record_id role until actor_id id"
CHECKED = ("ASSERTED", "REPORTED", "ALLEGED", "HYPOTHETICAL", "PLANNED", "DENIED")
RANK = " ".join(f"WHEN '{name}' THEN {rank}" for rank, name in enumerate(STRENGTH))
NAMED = " ".join(f"WHEN {rank} THEN '{name}'" for rank, name in enumerate(STRENGTH))


def _of(table: str, claim: str) -> tuple[str, str]:
    """Which claims are about a row itself as it last stood, and the field that they are about."""
    if table in RECORDS:
        owner, field = f"{claim}.record_id = t.id AND {claim}.element_id IS NULL", "field"
    else:
        owner, field = f"{claim}.element_id = t.id", "element_field"
    return f"{owner} AND {_is_valid(claim)}", f"{claim}.{field}"


def _is_valid(claim: str) -> str:
    return (
        f"(t.until IS NULL OR {claim}.since < t.until) "
        f"AND ({claim}.until IS NULL OR {claim}.until >= t.until)"
    )


def _factuality(table: str) -> str:
    """The strongest claim that it exists, else that says anything of it, else a denial."""
    about, field = _of(table, "c")
    denied, whole = _of(table, "d")
    denial = f"SELECT 5 FROM claim d WHERE {denied} AND {whole} IS NULL AND d.factuality = 'DENIED'"
    given = f"c.status IN ('KNOWN', 'VAGUE') AND c.factuality != 'DENIED' AND {about}"
    strongest = f"SELECT min(CASE c.factuality {RANK} END) FROM claim c WHERE {given}"
    owner = "record_id" if table in RECORDS else "element_id"
    is_whole = f"{field} IS NULL"
    is_part = f"{field} != 'title' AND NOT EXISTS ({denial} AND d.source_id = c.source_id)"
    if table == "statement":  # as a whole it is what it tells, and not whether it was told
        is_whole = f"({is_whole} OR ({is_part}))"
    return f"""UPDATE {table} AS t SET factuality = CASE coalesce(
            ({strongest} AND {is_whole}),
            ({strongest} AND {is_part}),
            ({denial} LIMIT 1),
            0
        ) {NAMED} END
        WHERE t.id IN (SELECT {owner} FROM claim WHERE factuality != 'ASSERTED')"""


def _covered(table: str) -> str:
    """The rows of data sets stand for the parts that have no claims of their own."""
    return f"""UPDATE {table} AS t SET factuality = coalesce(
            (SELECT c.factuality FROM claim c WHERE c.id = t.covered_by_id AND {_is_valid("c")}),
            'ASSERTED'
        )
        WHERE t.covered_by_id IN (SELECT id FROM claim WHERE factuality != 'ASSERTED')"""


def _hedged_fields(table: str, is_sqlite: bool) -> str:
    """The fields whose values are neither asserted nor reported, in their order."""
    about, field = _of(table, "c")
    owner = "record_id" if table in RECORDS else "element_id"
    unconfirmed = "is_accepted AND factuality NOT IN ('ASSERTED', 'REPORTED')"
    parts = f"FROM claim c WHERE {unconfirmed} AND {field} IS NOT NULL AND {about}"
    if is_sqlite:
        joined = f"SELECT group_concat(name, ' ') FROM (SELECT {field} AS name {parts} ORDER BY 1)"
    else:
        joined = f"SELECT string_agg({field}, ' ' ORDER BY {field}) {parts}"
    return f"""UPDATE {table} AS t SET hedged_fields = ' ' || ({joined}) || ' '
        WHERE t.id IN (SELECT {owner} FROM claim WHERE {unconfirmed})"""


def _involvements(before: str, after: str) -> None:
    """Ties are found in the index alone, and now ask how sure they are."""
    op.drop_index(f"ix_involvement_{before.replace(' ', '_')}", "involvement")
    names = after.split()
    op.create_index(f"ix_involvement_{'_'.join(names)}", "involvement", names)


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in (*RECORDS, *LINKS):
        # A check of a column, unlike one of a table, comes with it on SQLite too.
        op.execute(
            sa.text(
                f"ALTER TABLE {table} ADD COLUMN factuality VARCHAR(40) DEFAULT 'ASSERTED' "
                f"NOT NULL CONSTRAINT ck_{table}_factuality CHECK (factuality IN {CHECKED})"
            )
        )
        op.add_column(table, sa.Column("hedged_fields", sa.String(), nullable=True))
        op.execute(sa.text(_factuality(table)))
        if table in LINKS:
            op.execute(sa.text(_covered(table)))
        op.execute(sa.text(_hedged_fields(table, is_sqlite)))
        op.create_index(f"ix_{table}_factuality_id", table, ["factuality", "id"])
    _involvements(INVOLVED, f"{INVOLVED} factuality")
    # The figures of the new lists are counted with all others, where there are none.
    op.execute(sa.text("DELETE FROM fanout"))


def downgrade() -> None:
    _involvements(f"{INVOLVED} factuality", INVOLVED)
    for table in (*RECORDS, *LINKS):
        op.drop_index(f"ix_{table}_factuality_id", table)
        op.drop_column(table, "hedged_fields")
        op.drop_column(table, "factuality")
    op.execute(sa.text("DELETE FROM fanout"))

"""Parties have members, several states and lifetimes."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

Words = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
PRECISIONS = ("DAY", "MONTH", "SEASON", "YEAR", "DECADE", "CENTURY", "INTERVAL", "SET")
FACTUALITIES = ("ASSERTED", "REPORTED", "ALLEGED", "HYPOTHETICAL", "PLANNED", "DENIED")
LINKS = {
    "affiliation": ("party_id", "state_id"),
    "membership": ("party_id", "member_id"),
    "succession": ("party_id", "successor_id"),
}
"""The new tables, with their references beside that to the claim of a row."""
PAGED = ("ix_affiliation_state_id", "ix_membership_party_id", "ix_membership_member_id")
"""The indexes of lists that have pages."""
DATES = {"membership": ("started_on", "ended_on"), "party": ("existed_from", "existed_until")}
FORGET = (
    """DELETE FROM passage WHERE claim_id IN (
        SELECT id FROM claim WHERE record_id LIKE 'party/%' AND field IN
        ('existedFrom', 'existedUntil', 'affiliations', 'members', 'successors')
    )""",
    """DELETE FROM claim WHERE record_id LIKE 'party/%' AND field IN
    ('existedFrom', 'existedUntil', 'affiliations', 'members', 'successors')""",
)
"""What the tables cannot hold any more, in the order of what points at what."""


def _date(name: str) -> list[sa.Column[object]]:
    """The columns of a date, without the check of its precision."""
    return [
        sa.Column(f"{name}_stated", Words, nullable=True),
        sa.Column(f"{name}_edtf", Words, nullable=True),
        sa.Column(f"{name}_earliest", sa.Date(), nullable=True),
        sa.Column(f"{name}_latest", sa.Date(), nullable=True),
        sa.Column(f"{name}_is_approximate", sa.Boolean(), nullable=True),
        sa.Column(f"{name}_is_uncertain", sa.Boolean(), nullable=True),
        sa.Column(f"{name}_precision", sa.String(40), nullable=True),
    ]


def _is_precision(name: str) -> str:
    return f"{name}_precision IN ({', '.join(map(repr, PRECISIONS))})"


def _create_link(table: str, references: tuple[str, ...]) -> None:
    """A table of links, with its keys, checks and the indexes that every one has."""
    dates = DATES.get(table, ())
    keys = ("covered_by_id", "id", *references)
    op.create_table(
        table,
        sa.Column("id", Words, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("title", Words, nullable=False),
        sa.Column("title_origin", sa.String(40), nullable=False),
        sa.Column("folded", Words, nullable=False),
        sa.Column("factuality", sa.String(40), server_default="ASSERTED", nullable=False),
        sa.Column("hedged_fields", sa.String(), nullable=True),
        *(column for name in dates for column in _date(name)),
        *(sa.Column(name, Words, nullable=False) for name in references),
        sa.Column("covered_by_id", Words, nullable=True),
        *(
            sa.CheckConstraint(_is_precision(name), name=op.f(f"ck_{table}_{name}_precision"))
            for name in dates
        ),
        sa.CheckConstraint(
            "title_origin IN ('STATED', 'COMPOSED')", name=op.f(f"ck_{table}_title_origin")
        ),
        sa.CheckConstraint(
            f"factuality IN ({', '.join(map(repr, FACTUALITIES))})",
            name=op.f(f"ck_{table}_factuality"),
        ),
        *(
            sa.ForeignKeyConstraint([name], ["record.id"], name=op.f(f"fk_{table}_{name}"))
            for name in keys
        ),
        *(
            sa.ForeignKeyConstraint([name], ["edition.number"], name=op.f(f"fk_{table}_{name}"))
            for name in ("since", "until")
        ),
        sa.PrimaryKeyConstraint("id", "since", name=op.f(f"pk_{table}")),
    )
    for name in (*references, "covered_by_id"):
        index = f"ix_{table}_{name}"
        is_paged = index in PAGED
        op.create_index(f"{index}_id" if is_paged else index, table, [name, *["id"] * is_paged])
    op.create_index(f"ix_{table}_since_id", table, ["since", "id"])
    op.create_index(f"ix_{table}_factuality_id", table, ["factuality", "id"])
    op.create_index(f"ix_{table}_title_id", table, [sa.text("substr(title, 1, 60)"), "id"])
    op.create_index(f"ix_{table}_title_origin_id", table, ["title_origin", "id"])
    current = sa.text("until IS NULL")
    op.create_index(
        f"uq_{table}_current",
        table,
        ["id"],
        unique=True,
        sqlite_where=current,
        postgresql_where=current,
    )


def _create_date_indexes(table: str, name: str) -> None:
    """The five indexes of a date: by its bounds, what lasts, and both orders."""
    earliest, latest = f"{name}_earliest", f"{name}_latest"
    first, last = "'0001-01-01'", "'9999-12-31'"
    if op.get_bind().dialect.name == "postgresql":
        first, last = f"{first}::date", f"{last}::date"
    begin = f"CASE WHEN ({latest} IS NULL) THEN {earliest} ELSE coalesce({earliest}, {first}) END"
    end = f"CASE WHEN ({earliest} IS NULL) THEN {latest} ELSE coalesce({latest}, {last}) END"
    lasts = sa.text(f"{begin} != {end}")
    op.create_index(f"ix_{table}_{name}_begin", table, [sa.text(f"({begin})")])
    op.create_index(f"ix_{table}_{name}_end", table, [sa.text(f"({end})")])
    op.create_index(
        f"ix_{table}_{name}_falling", table, [sa.text(f"coalesce({earliest}, {first})"), "id"]
    )
    op.create_index(
        f"ix_{table}_{name}_lasting",
        table,
        [sa.text(f"({end})"), sa.text(f"({begin})")],
        sqlite_where=lasts,
        postgresql_where=lasts,
    )
    op.create_index(
        f"ix_{table}_{name}_rising", table, [sa.text(f"coalesce({earliest}, {last})"), "id"]
    )


def _add_lifetimes() -> None:
    """The dates of parties; the check stands with its column, so that SQLite copies no table."""
    for name in DATES["party"]:
        *plain, precision = _date(name)
        for column in plain:
            op.add_column("party", column)
        check = f"CONSTRAINT ck_party_{precision.name} CHECK ({_is_precision(name)})"
        op.execute(sa.text(f"ALTER TABLE party ADD COLUMN {precision.name} VARCHAR(40) {check}"))


def _forget_lifetimes() -> None:
    """Takes the lifetimes out of what rows of data sets say of parties."""
    claims = sa.table(
        "claim", *(sa.column(name, Words) for name in ("id", "record_id", "field", "value"))
    )
    is_row = sa.and_(
        claims.c.record_id.startswith("party/"),
        claims.c.field.is_(None),
        claims.c.value.contains('"existed'),
    )
    connection = op.get_bind()
    rows = connection.execute(sa.select(claims.c.id, claims.c.value).where(is_row)).all()
    for id, value in rows:
        kept = json.loads(value)
        for name in ("existedFrom", "existedUntil"):
            kept.pop(name, None)
        text = json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        connection.execute(
            sa.update(claims).where(claims.c.id == id, claims.c.value == value).values(value=text)
        )


def upgrade() -> None:
    for table, references in LINKS.items():
        _create_link(table, references)
    _add_lifetimes()
    for table, names in DATES.items():
        for name in names:
            _create_date_indexes(table, name)
    # The new lists have figures too; where there are none, all are counted again.
    op.execute(sa.text("DELETE FROM fanout"))


def downgrade() -> None:
    for statement in FORGET:
        op.execute(sa.text(statement))
    _forget_lifetimes()
    # The index of words holds what is forgotten here; empty, it is made anew.
    if op.get_bind().dialect.name == "sqlite":
        op.execute(sa.text("INSERT INTO search_fts (search_fts) VALUES ('delete-all')"))
    op.execute(sa.text("DELETE FROM search_doc"))
    for name in DATES["party"]:
        for index in ("begin", "end", "falling", "lasting", "rising"):
            op.drop_index(f"ix_party_{name}_{index}", "party")
        for column in reversed(_date(name)):
            op.drop_column("party", str(column.name))
    for table in reversed(LINKS):
        op.drop_table(table)
    op.execute(sa.text("DELETE FROM fanout"))

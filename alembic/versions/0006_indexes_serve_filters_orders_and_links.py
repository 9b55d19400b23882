"""Filters, orders and links are served by indexes.

A text is indexed by its first 60 characters, a bound with its open end filled in, as the statements
of the graph name them. SQLAlchemy reads no indexes on expressions back from SQLite: a later
migration that makes one of these tables anew in batch mode must make them anew as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BEFORE = {
    "agreement": "amends_id",
    "claim": "conflict_key element_id record_id source_id",
    "classification": "covered_by_id record_id",
    "decision": "trigger_id",
    "delivery": "covered_by_id item_id procurement_id",
    "evaluation": "covered_by_id record_id",
    "event": "agreement_id decision_id part_of_id same_as_candidate_id",
    "identifier": "covered_by_id record_id scheme value",
    "involvement": "actor_id covered_by_id record_id",
    "item": "covered_by_id part_of_id procurement_id",
    "milestone": "covered_by_id record_id",
    "name": "covered_by_id record_id text",
    "official": "state_id",
    "party": "parent_id state_id",
    "passage": "claim_id source_id",
    "procurement": "agreement_id",
    "source": "derived_from_id sha256",
    "statement": "agreement_id decision_id event_id",
    "tenure": "official_id party_id",
    "verbatim_span": "covered_by_id statement_id",
}
"""The columns that had an index of their own, by table."""
LINKS = {
    "agreement": ["amends_id id"],
    "claim": [
        "conflict_key",
        "element_id id",
        "record_id source_id",
        "source_id element_id",
        "source_id id",
        "source_id record_id",
    ],
    "classification": ["covered_by_id", "record_id"],
    "decision": ["trigger_id id"],
    "delivery": ["covered_by_id", "item_id id", "procurement_id"],
    "evaluation": ["covered_by_id", "record_id"],
    "event": ["agreement_id id", "decision_id id", "part_of_id id", "same_as_candidate_id id"],
    "identifier": ["covered_by_id", "record_id", "value scheme"],
    "involvement": ["actor_id id", "actor_id record_id role", "covered_by_id", "record_id"],
    "item": ["covered_by_id", "part_of_id id", "procurement_id"],
    "milestone": ["covered_by_id", "record_id"],
    "name": ["covered_by_id", "record_id"],
    "official": ["state_id id"],
    "party": ["parent_id id", "state_id id"],
    "passage": ["claim_id", "source_id"],
    "procurement": ["agreement_id id"],
    "source": ["derived_from_id id"],
    "statement": ["agreement_id id", "decision_id id", "event_id id"],
    "tenure": ["official_id id", "party_id id"],
    "verbatim_span": ["covered_by_id", "statement_id"],
}
"""The columns that links and filters of other nouns look at, by table."""
OPTIONAL = {("claim", "source_id element_id"): "element_id IS NOT NULL"}
"""Links that few rows have, so that the index leaves the others out."""
TEXTS = {
    "agreement": "title label instrument_title sector purpose",
    "claim": "title field element_field stated value basis accepted_by conflict_key",
    "classification": "title scheme version code label source_words",
    "decision": "title label content condition reason",
    "delivery": "title",
    "evaluation": "title text",
    "event": "title subtype rank topic outcome duration place chair size",
    "identifier": "title scheme value",
    "involvement": "title stated_as",
    "item": "title label label_hedge designation category",
    "milestone": "title",
    "name": "title text language script",
    "official": "title name name_order description",
    "party": "title name description",
    "procurement": "title label designation category purpose contracting_authority",
    "source": "title publisher author address language scope licence sha256 file",
    "statement": "title text topic hedge attribution original_language full_text",
    "tenure": "title post",
    "verbatim_span": "title text",
}
CHOICES = {
    "agreement": "title_origin kind status is_binding",
    "claim": "title_origin status origin factuality is_accepted is_preferred",
    "classification": "title_origin",
    "decision": "title_origin kind stage",
    "delivery": "title_origin",
    "evaluation": "title_origin",
    "event": "title_origin kind",
    "identifier": "title_origin",
    "involvement": "title_origin role",
    "item": "title_origin is_label_quoted",
    "milestone": "title_origin stage",
    "name": "title_origin kind",
    "official": "title_origin",
    "party": "title_origin kind",
    "procurement": "title_origin stage is_government_to_government",
    "source": "title_origin is_text_public reliability credibility",
    "statement": "title_origin act mode",
    "tenure": "title_origin is_acting",
    "verbatim_span": "title_origin",
}
VALUES = {
    "agreement": {"signed_on": "days", "in_force_on": "days", "ended_on": "days"},
    "decision": {"value": "money", "announced_on": "days", "decided_on": "days"},
    "delivery": {"delivered_on": "days", "delivered": "numbers"},
    "event": {"happened_on": "days", "ended_on": "days"},
    "item": {"ordered": "numbers"},
    "milestone": {"reached_on": "days"},
    "procurement": {
        "quantity": "numbers",
        "value": "money",
        "ordered_on": "days",
        "delivered_on": "days",
    },
    "source": {"published_on": "days", "covers": "days"},
    "statement": {"made_on": "days"},
    "tenure": {"started_on": "days", "ended_on": "days"},
}


def _indexes() -> Iterator[tuple[str, str, list[Any], str | None]]:
    """Name, table, columns and condition of each."""
    for table, sequences in LINKS.items():
        for columns in sequences:
            name = f"ix_{table}_{columns.replace(' ', '_')}"
            yield name, table, columns.split(), OPTIONAL.get((table, columns))
    for table, columns in TEXTS.items():
        yield f"ix_{table}_since_id", table, ["since", "id"], None
        for column in columns.split():
            begun = sa.text(f"substr({column}, 1, 60)")
            yield f"ix_{table}_{column}_id", table, [begun, "id"], None
    for table, columns in CHOICES.items():
        for column in columns.split():
            yield f"ix_{table}_{column}_id", table, [column, "id"], None
    for table, values in VALUES.items():
        for value, kind in values.items():
            yield from _bounds(table, value, kind)


def _bounds(table: str, value: str, kind: str) -> Iterator[tuple[str, str, list[Any], str | None]]:
    if kind == "days":
        low, high, least, most = "earliest", "latest", "'0001-01-01'", "'9999-12-31'"
    else:
        low, high, least, most = "minimum", "maximum", str(-(2**62)), str(2**62)
    low, high = f"{value}_{low}", f"{value}_{high}"
    rising, falling = f"coalesce({low}, {most})", f"coalesce({low}, {least})"
    begin = f"(CASE WHEN ({high} IS NULL) THEN {low} ELSE {falling} END)"
    end = f"(CASE WHEN ({low} IS NULL) THEN {high} ELSE coalesce({high}, {most}) END)"
    yield f"ix_{table}_{value}_rising", table, [sa.text(rising), "id"], None
    yield f"ix_{table}_{value}_falling", table, [sa.text(falling), "id"], None
    yield f"ix_{table}_{value}_begin", table, [sa.text(begin)], None
    yield f"ix_{table}_{value}_end", table, [sa.text(end)], None
    if kind == "money":
        yield f"ix_{table}_{value}_currency", table, [f"{value}_currency", "id"], None


def upgrade() -> None:
    for table, names in BEFORE.items():
        for name in names.split():
            op.drop_index(f"ix_{table}_{name}", table)
    for name, table, columns, where in _indexes():
        told = None if where is None else sa.text(where)
        op.create_index(name, table, columns, sqlite_where=told, postgresql_where=told)


def downgrade() -> None:
    for name, table, _, _ in _indexes():
        op.drop_index(name, table)
    for table, names in BEFORE.items():
        for name in names.split():
            op.create_index(f"ix_{table}_{name}", table, [name])

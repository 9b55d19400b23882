"""Nouns and their links stand in versioned tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

Words = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "agreement",
        sa.Column("id", Words, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("title", Words, nullable=False),
        sa.Column("title_origin", sa.String(40), nullable=False),
        sa.Column("folded", Words, nullable=False),
        sa.Column("signed_on_stated", Words, nullable=True),
        sa.Column("signed_on_edtf", Words, nullable=True),
        sa.Column("signed_on_earliest", sa.Date(), nullable=True),
        sa.Column("signed_on_latest", sa.Date(), nullable=True),
        sa.Column("signed_on_precision", sa.String(40), nullable=True),
        sa.Column("in_force_on_stated", Words, nullable=True),
        sa.Column("in_force_on_edtf", Words, nullable=True),
        sa.Column("in_force_on_earliest", sa.Date(), nullable=True),
        sa.Column("in_force_on_latest", sa.Date(), nullable=True),
        sa.Column("in_force_on_precision", sa.String(40), nullable=True),
        sa.Column("ended_on_stated", Words, nullable=True),
        sa.Column("ended_on_edtf", Words, nullable=True),
        sa.Column("ended_on_earliest", sa.Date(), nullable=True),
        sa.Column("ended_on_latest", sa.Date(), nullable=True),
        sa.Column("ended_on_precision", sa.String(40), nullable=True),
        sa.Column("amends_id", Words, nullable=True),
        sa.Column("kind", sa.String(40), nullable=True),
        sa.Column("status", sa.String(40), nullable=True),
        sa.Column("label", Words, nullable=True),
        sa.Column("instrument_title", Words, nullable=True),
        sa.Column("sector", Words, nullable=True),
        sa.Column("purpose", Words, nullable=True),
        sa.Column("is_binding", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "ended_on_precision IN ('DAY', 'MONTH', 'SEASON', 'YEAR', 'DECADE', 'INTERVAL')",
            name=op.f("ck_agreement_ended_on_precision"),
        ),
        sa.CheckConstraint(
            "in_force_on_precision IN ('DAY', 'MONTH', 'SEASON', 'YEAR', 'DECADE', 'INTERVAL')",
            name=op.f("ck_agreement_in_force_on_precision"),
        ),
        sa.CheckConstraint(
            "kind IN ('TREATY', 'DEFENCE_COOPERATION_AGREEMENT', 'MEMORANDUM', 'CONTRACT', 'JOINT_STATEMENT', 'POLITICAL_COMMITMENT')",
            name=op.f("ck_agreement_kind"),
        ),
        sa.CheckConstraint(
            "signed_on_precision IN ('DAY', 'MONTH', 'SEASON', 'YEAR', 'DECADE', 'INTERVAL')",
            name=op.f("ck_agreement_signed_on_precision"),
        ),
        sa.CheckConstraint(
            "status IN ('NEGOTIATED', 'SIGNED', 'IN_FORCE', 'REAFFIRMED', 'SUSPENDED', 'ENDED')",
            name=op.f("ck_agreement_status"),
        ),
        sa.CheckConstraint(
            "title_origin IN ('STATED', 'COMPOSED')", name=op.f("ck_agreement_title_origin")
        ),
        sa.ForeignKeyConstraint(["amends_id"], ["record.id"], name=op.f("fk_agreement_amends_id")),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_agreement_id")),
        sa.ForeignKeyConstraint(["since"], ["edition.number"], name=op.f("fk_agreement_since")),
        sa.ForeignKeyConstraint(["until"], ["edition.number"], name=op.f("fk_agreement_until")),
        sa.PrimaryKeyConstraint("id", "since", name=op.f("pk_agreement")),
    )
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agreement_amends_id"), ["amends_id"], unique=False)
        batch_op.create_index(
            "uq_agreement_current",
            ["id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )

    op.create_table(
        "claim",
        sa.Column("id", Words, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("title", Words, nullable=False),
        sa.Column("title_origin", sa.String(40), nullable=False),
        sa.Column("folded", Words, nullable=False),
        sa.Column("record_id", Words, nullable=False),
        sa.Column("element_id", Words, nullable=True),
        sa.Column("source_id", Words, nullable=False),
        sa.Column("field", Words, nullable=True),
        sa.Column("element_field", Words, nullable=True),
        sa.Column("stated", Words, nullable=True),
        sa.Column("value", Words, nullable=True),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("origin", sa.String(40), nullable=True),
        sa.Column("basis", Words, nullable=True),
        sa.Column("factuality", sa.String(40), nullable=True),
        sa.Column("is_accepted", sa.Boolean(), nullable=False),
        sa.Column("accepted_by", Words, nullable=True),
        sa.Column("is_preferred", sa.Boolean(), nullable=False),
        sa.Column("conflict_key", Words, nullable=True),
        sa.CheckConstraint(
            "factuality IN ('ASSERTED', 'REPORTED', 'ALLEGED', 'HYPOTHETICAL', 'PLANNED', 'DENIED')",
            name=op.f("ck_claim_factuality"),
        ),
        sa.CheckConstraint(
            "origin IN ('STATED', 'INFERRED', 'EXTERNAL', 'IMPORTED')", name=op.f("ck_claim_origin")
        ),
        sa.CheckConstraint(
            "status IN ('KNOWN', 'VAGUE', 'NOT_STATED', 'WITHHELD', 'UNKNOWN', 'NOT_APPLICABLE')",
            name=op.f("ck_claim_status"),
        ),
        sa.CheckConstraint(
            "title_origin IN ('STATED', 'COMPOSED')", name=op.f("ck_claim_title_origin")
        ),
        sa.ForeignKeyConstraint(["element_id"], ["record.id"], name=op.f("fk_claim_element_id")),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_claim_id")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_claim_record_id")),
        sa.ForeignKeyConstraint(["since"], ["edition.number"], name=op.f("fk_claim_since")),
        sa.ForeignKeyConstraint(["source_id"], ["record.id"], name=op.f("fk_claim_source_id")),
        sa.ForeignKeyConstraint(["until"], ["edition.number"], name=op.f("fk_claim_until")),
        sa.PrimaryKeyConstraint("id", "since", name=op.f("pk_claim")),
    )
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_claim_conflict_key"), ["conflict_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_claim_element_id"), ["element_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_claim_record_id"), ["record_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_claim_source_id"), ["source_id"], unique=False)
        batch_op.create_index(
            "uq_claim_current",
            ["id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )

    op.create_table(
        "classification",
        sa.Column("id", Words, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("title", Words, nullable=False),
        sa.Column("title_origin", sa.String(40), nullable=False),
        sa.Column("folded", Words, nullable=False),
        sa.Column("record_id", Words, nullable=False),
        sa.Column("covered_by_id", Words, nullable=True),
        sa.Column("scheme", Words, nullable=False),
        sa.Column("version", Words, nullable=True),
        sa.Column("code", Words, nullable=False),
        sa.Column("label", Words, nullable=True),
        sa.Column("source_words", Words, nullable=True),
        sa.CheckConstraint(
            "title_origin IN ('STATED', 'COMPOSED')", name=op.f("ck_classification_title_origin")
        ),
        sa.ForeignKeyConstraint(
            ["covered_by_id"], ["record.id"], name=op.f("fk_classification_covered_by_id")
        ),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_classification_id")),
        sa.ForeignKeyConstraint(
            ["record_id"], ["record.id"], name=op.f("fk_classification_record_id")
        ),
        sa.ForeignKeyConstraint(
            ["since"], ["edition.number"], name=op.f("fk_classification_since")
        ),
        sa.ForeignKeyConstraint(
            ["until"], ["edition.number"], name=op.f("fk_classification_until")
        ),
        sa.PrimaryKeyConstraint("id", "since", name=op.f("pk_classification")),
    )
    with op.batch_alter_table("classification", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_classification_covered_by_id"), ["covered_by_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_classification_record_id"), ["record_id"], unique=False
        )
        batch_op.create_index(
            "uq_classification_current",
            ["id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )

    op.create_table(
        "decision",
        sa.Column("id", Words, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("title", Words, nullable=False),
        sa.Column("title_origin", sa.String(40), nullable=False),
        sa.Column("folded", Words, nullable=False),
        sa.Column("value_stated", Words, nullable=True),
        sa.Column("value_minimum", sa.BigInteger(), nullable=True),
        sa.Column("value_maximum", sa.BigInteger(), nullable=True),
        sa.Column("value_currency", Words, nullable=True),
        sa.Column("value_scope", sa.String(40), nullable=True),
        sa.Column("announced_on_stated", Words, nullable=True),
        sa.Column("announced_on_edtf", Words, nullable=True),
        sa.Column("announced_on_earliest", sa.Date(), nullable=True),
        sa.Column("announced_on_latest", sa.Date(), nullable=True),
        sa.Column("announced_on_precision", sa.String(40), nullable=True),
        sa.Column("decided_on_stated", Words, nullable=True),
        sa.Column("decided_on_edtf", Words, nullable=True),
        sa.Column("decided_on_earliest", sa.Date(), nullable=True),
        sa.Column("decided_on_latest", sa.Date(), nullable=True),
        sa.Column("decided_on_precision", sa.String(40), nullable=True),
        sa.Column("trigger_id", Words, nullable=True),
        sa.Column("kind", sa.String(40), nullable=True),
        sa.Column("stage", sa.String(40), nullable=True),
        sa.Column("label", Words, nullable=True),
        sa.Column("content", Words, nullable=True),
        sa.Column("condition", Words, nullable=True),
        sa.Column("reason", Words, nullable=True),
        sa.CheckConstraint(
            "announced_on_precision IN ('DAY', 'MONTH', 'SEASON', 'YEAR', 'DECADE', 'INTERVAL')",
            name=op.f("ck_decision_announced_on_precision"),
        ),
        sa.CheckConstraint(
            "decided_on_precision IN ('DAY', 'MONTH', 'SEASON', 'YEAR', 'DECADE', 'INTERVAL')",
            name=op.f("ck_decision_decided_on_precision"),
        ),
        sa.CheckConstraint(
            "kind IN ('AID', 'COUNTERMEASURE', 'SANCTION', 'DEPLOYMENT')",
            name=op.f("ck_decision_kind"),
        ),
        sa.CheckConstraint(
            "stage IN ('MENTIONED', 'UNDER_CONSIDERATION', 'REQUESTED', 'NOTIFIED', 'APPROVED', 'COMMITTED', 'ALLOCATED', 'SIGNED', 'IN_PRODUCTION', 'PARTLY_DELIVERED', 'DELIVERED', 'SUSPENDED', 'CANCELLED')",
            name=op.f("ck_decision_stage"),
        ),
        sa.CheckConstraint(
            "title_origin IN ('STATED', 'COMPOSED')", name=op.f("ck_decision_title_origin")
        ),
        sa.CheckConstraint(
            "value_scope IN ('TOTAL', 'UNIT', 'SHARED')", name=op.f("ck_decision_value_scope")
        ),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_decision_id")),
        sa.ForeignKeyConstraint(["since"], ["edition.number"], name=op.f("fk_decision_since")),
        sa.ForeignKeyConstraint(["trigger_id"], ["record.id"], name=op.f("fk_decision_trigger_id")),
        sa.ForeignKeyConstraint(["until"], ["edition.number"], name=op.f("fk_decision_until")),
        sa.PrimaryKeyConstraint("id", "since", name=op.f("pk_decision")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_trigger_id"), ["trigger_id"], unique=False)
        batch_op.create_index(
            "uq_decision_current",
            ["id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )

    op.create_table(
        "delivery",
        sa.Column("id", Words, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("title", Words, nullable=False),
        sa.Column("title_origin", sa.String(40), nullable=False),
        sa.Column("folded", Words, nullable=False),
        sa.Column("delivered_on_stated", Words, nullable=True),
        sa.Column("delivered_on_edtf", Words, nullable=True),
        sa.Column("delivered_on_earliest", sa.Date(), nullable=True),
        sa.Column("delivered_on_latest", sa.Date(), nullable=True),
        sa.Column("delivered_on_precision", sa.String(40), nullable=True),
        sa.Column("delivered_stated", Words, nullable=True),
        sa.Column("delivered_minimum", sa.BigInteger(), nullable=True),
        sa.Column("delivered_maximum", sa.BigInteger(), nullable=True),
        sa.Column("delivered_certainty", sa.String(40), nullable=True),
        sa.Column("procurement_id", Words, nullable=False),
        sa.Column("item_id", Words, nullable=True),
        sa.Column("covered_by_id", Words, nullable=True),
        sa.CheckConstraint(
            "delivered_certainty IN ('EXACT', 'ESTIMATE', 'AT_LEAST', 'AT_MOST', 'RANGE')",
            name=op.f("ck_delivery_delivered_certainty"),
        ),
        sa.CheckConstraint(
            "delivered_on_precision IN ('DAY', 'MONTH', 'SEASON', 'YEAR', 'DECADE', 'INTERVAL')",
            name=op.f("ck_delivery_delivered_on_precision"),
        ),
        sa.CheckConstraint(
            "title_origin IN ('STATED', 'COMPOSED')", name=op.f("ck_delivery_title_origin")
        ),
        sa.ForeignKeyConstraint(
            ["covered_by_id"], ["record.id"], name=op.f("fk_delivery_covered_by_id")
        ),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_delivery_id")),
        sa.ForeignKeyConstraint(["item_id"], ["record.id"], name=op.f("fk_delivery_item_id")),
        sa.ForeignKeyConstraint(
            ["procurement_id"], ["record.id"], name=op.f("fk_delivery_procurement_id")
        ),
        sa.ForeignKeyConstraint(["since"], ["edition.number"], name=op.f("fk_delivery_since")),
        sa.ForeignKeyConstraint(["until"], ["edition.number"], name=op.f("fk_delivery_until")),
        sa.PrimaryKeyConstraint("id", "since", name=op.f("pk_delivery")),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_delivery_covered_by_id"), ["covered_by_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_delivery_item_id"), ["item_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_delivery_procurement_id"), ["procurement_id"], unique=False
        )
        batch_op.create_index(
            "uq_delivery_current",
            ["id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )

    op.create_table(
        "evaluation",
        sa.Column("id", Words, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("title", Words, nullable=False),
        sa.Column("title_origin", sa.String(40), nullable=False),
        sa.Column("folded", Words, nullable=False),
        sa.Column("record_id", Words, nullable=False),
        sa.Column("covered_by_id", Words, nullable=True),
        sa.Column("text", Words, nullable=False),
        sa.CheckConstraint(
            "title_origin IN ('STATED', 'COMPOSED')", name=op.f("ck_evaluation_title_origin")
        ),
        sa.ForeignKeyConstraint(
            ["covered_by_id"], ["record.id"], name=op.f("fk_evaluation_covered_by_id")
        ),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_evaluation_id")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_evaluation_record_id")),
        sa.ForeignKeyConstraint(["since"], ["edition.number"], name=op.f("fk_evaluation_since")),
        sa.ForeignKeyConstraint(["until"], ["edition.number"], name=op.f("fk_evaluation_until")),
        sa.PrimaryKeyConstraint("id", "since", name=op.f("pk_evaluation")),
    )
    with op.batch_alter_table("evaluation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_evaluation_covered_by_id"), ["covered_by_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_evaluation_record_id"), ["record_id"], unique=False)
        batch_op.create_index(
            "uq_evaluation_current",
            ["id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )

    op.create_table(
        "event",
        sa.Column("id", Words, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("title", Words, nullable=False),
        sa.Column("title_origin", sa.String(40), nullable=False),
        sa.Column("folded", Words, nullable=False),
        sa.Column("happened_on_stated", Words, nullable=True),
        sa.Column("happened_on_edtf", Words, nullable=True),
        sa.Column("happened_on_earliest", sa.Date(), nullable=True),
        sa.Column("happened_on_latest", sa.Date(), nullable=True),
        sa.Column("happened_on_precision", sa.String(40), nullable=True),
        sa.Column("ended_on_stated", Words, nullable=True),
        sa.Column("ended_on_edtf", Words, nullable=True),
        sa.Column("ended_on_earliest", sa.Date(), nullable=True),
        sa.Column("ended_on_latest", sa.Date(), nullable=True),
        sa.Column("ended_on_precision", sa.String(40), nullable=True),
        sa.Column("part_of_id", Words, nullable=True),
        sa.Column("same_as_candidate_id", Words, nullable=True),
        sa.Column("agreement_id", Words, nullable=True),
        sa.Column("decision_id", Words, nullable=True),
        sa.Column("kind", sa.String(40), nullable=True),
        sa.Column("subtype", Words, nullable=True),
        sa.Column("rank", Words, nullable=True),
        sa.Column("topic", Words, nullable=True),
        sa.Column("outcome", Words, nullable=True),
        sa.Column("duration", Words, nullable=True),
        sa.Column("place", Words, nullable=True),
        sa.Column("chair", Words, nullable=True),
        sa.Column("size", Words, nullable=True),
        sa.CheckConstraint(
            "ended_on_precision IN ('DAY', 'MONTH', 'SEASON', 'YEAR', 'DECADE', 'INTERVAL')",
            name=op.f("ck_event_ended_on_precision"),
        ),
        sa.CheckConstraint(
            "happened_on_precision IN ('DAY', 'MONTH', 'SEASON', 'YEAR', 'DECADE', 'INTERVAL')",
            name=op.f("ck_event_happened_on_precision"),
        ),
        sa.CheckConstraint(
            "kind IN ('VISIT', 'MEETING', 'SIGNING', 'EXERCISE', 'ANNOUNCEMENT', 'DEPLOYMENT', 'COOPERATION', 'ARMED_CONFLICT')",
            name=op.f("ck_event_kind"),
        ),
        sa.CheckConstraint(
            "title_origin IN ('STATED', 'COMPOSED')", name=op.f("ck_event_title_origin")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["record.id"], name=op.f("fk_event_agreement_id")
        ),
        sa.ForeignKeyConstraint(["decision_id"], ["record.id"], name=op.f("fk_event_decision_id")),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_event_id")),
        sa.ForeignKeyConstraint(["part_of_id"], ["record.id"], name=op.f("fk_event_part_of_id")),
        sa.ForeignKeyConstraint(
            ["same_as_candidate_id"], ["record.id"], name=op.f("fk_event_same_as_candidate_id")
        ),
        sa.ForeignKeyConstraint(["since"], ["edition.number"], name=op.f("fk_event_since")),
        sa.ForeignKeyConstraint(["until"], ["edition.number"], name=op.f("fk_event_until")),
        sa.PrimaryKeyConstraint("id", "since", name=op.f("pk_event")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_event_decision_id"), ["decision_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_event_part_of_id"), ["part_of_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_event_same_as_candidate_id"), ["same_as_candidate_id"], unique=False
        )
        batch_op.create_index(
            "uq_event_current",
            ["id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )

    op.create_table(
        "identifier",
        sa.Column("id", Words, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("title", Words, nullable=False),
        sa.Column("title_origin", sa.String(40), nullable=False),
        sa.Column("folded", Words, nullable=False),
        sa.Column("record_id", Words, nullable=False),
        sa.Column("covered_by_id", Words, nullable=True),
        sa.Column("scheme", Words, nullable=False),
        sa.Column("value", Words, nullable=False),
        sa.CheckConstraint(
            "title_origin IN ('STATED', 'COMPOSED')", name=op.f("ck_identifier_title_origin")
        ),
        sa.ForeignKeyConstraint(
            ["covered_by_id"], ["record.id"], name=op.f("fk_identifier_covered_by_id")
        ),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_identifier_id")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_identifier_record_id")),
        sa.ForeignKeyConstraint(["since"], ["edition.number"], name=op.f("fk_identifier_since")),
        sa.ForeignKeyConstraint(["until"], ["edition.number"], name=op.f("fk_identifier_until")),
        sa.PrimaryKeyConstraint("id", "since", name=op.f("pk_identifier")),
    )
    with op.batch_alter_table("identifier", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_identifier_covered_by_id"), ["covered_by_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_identifier_record_id"), ["record_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_identifier_scheme"), ["scheme"], unique=False)
        batch_op.create_index(batch_op.f("ix_identifier_value"), ["value"], unique=False)
        batch_op.create_index(
            "uq_identifier_current",
            ["id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )

    op.create_table(
        "involvement",
        sa.Column("id", Words, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("title", Words, nullable=False),
        sa.Column("title_origin", sa.String(40), nullable=False),
        sa.Column("folded", Words, nullable=False),
        sa.Column("record_id", Words, nullable=False),
        sa.Column("actor_id", Words, nullable=False),
        sa.Column("covered_by_id", Words, nullable=True),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("stated_as", Words, nullable=True),
        sa.CheckConstraint(
            "role IN ('PARTY', 'SIGNATORY', 'BUYER', 'SUPPLIER', 'MANUFACTURER', 'FUNDER', 'END_USER', 'SPEAKER', 'ATTRIBUTED_SOURCE', 'TARGET', 'AUDIENCE', 'AFFECTED', 'PARTICIPANT', 'VISITOR', 'HOST', 'BODY', 'ORIGIN', 'DESTINATION', 'DECIDER', 'BENEFICIARY')",
            name=op.f("ck_involvement_role"),
        ),
        sa.CheckConstraint(
            "title_origin IN ('STATED', 'COMPOSED')", name=op.f("ck_involvement_title_origin")
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["record.id"], name=op.f("fk_involvement_actor_id")),
        sa.ForeignKeyConstraint(
            ["covered_by_id"], ["record.id"], name=op.f("fk_involvement_covered_by_id")
        ),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_involvement_id")),
        sa.ForeignKeyConstraint(
            ["record_id"], ["record.id"], name=op.f("fk_involvement_record_id")
        ),
        sa.ForeignKeyConstraint(["since"], ["edition.number"], name=op.f("fk_involvement_since")),
        sa.ForeignKeyConstraint(["until"], ["edition.number"], name=op.f("fk_involvement_until")),
        sa.PrimaryKeyConstraint("id", "since", name=op.f("pk_involvement")),
    )
    with op.batch_alter_table("involvement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_involvement_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_involvement_covered_by_id"), ["covered_by_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_involvement_record_id"), ["record_id"], unique=False)
        batch_op.create_index(
            "uq_involvement_current",
            ["id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )

    op.create_table(
        "item",
        sa.Column("id", Words, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("title", Words, nullable=False),
        sa.Column("title_origin", sa.String(40), nullable=False),
        sa.Column("folded", Words, nullable=False),
        sa.Column("ordered_stated", Words, nullable=True),
        sa.Column("ordered_minimum", sa.BigInteger(), nullable=True),
        sa.Column("ordered_maximum", sa.BigInteger(), nullable=True),
        sa.Column("ordered_certainty", sa.String(40), nullable=True),
        sa.Column("procurement_id", Words, nullable=False),
        sa.Column("part_of_id", Words, nullable=True),
        sa.Column("covered_by_id", Words, nullable=True),
        sa.Column("label", Words, nullable=True),
        sa.Column("label_hedge", Words, nullable=True),
        sa.Column("is_label_quoted", sa.Boolean(), nullable=True),
        sa.Column("designation", Words, nullable=True),
        sa.Column("category", Words, nullable=True),
        sa.CheckConstraint(
            "ordered_certainty IN ('EXACT', 'ESTIMATE', 'AT_LEAST', 'AT_MOST', 'RANGE')",
            name=op.f("ck_item_ordered_certainty"),
        ),
        sa.CheckConstraint(
            "title_origin IN ('STATED', 'COMPOSED')", name=op.f("ck_item_title_origin")
        ),
        sa.ForeignKeyConstraint(
            ["covered_by_id"], ["record.id"], name=op.f("fk_item_covered_by_id")
        ),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_item_id")),
        sa.ForeignKeyConstraint(["part_of_id"], ["record.id"], name=op.f("fk_item_part_of_id")),
        sa.ForeignKeyConstraint(
            ["procurement_id"], ["record.id"], name=op.f("fk_item_procurement_id")
        ),
        sa.ForeignKeyConstraint(["since"], ["edition.number"], name=op.f("fk_item_since")),
        sa.ForeignKeyConstraint(["until"], ["edition.number"], name=op.f("fk_item_until")),
        sa.PrimaryKeyConstraint("id", "since", name=op.f("pk_item")),
    )
    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_covered_by_id"), ["covered_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_item_part_of_id"), ["part_of_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_item_procurement_id"), ["procurement_id"], unique=False
        )
        batch_op.create_index(
            "uq_item_current",
            ["id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )

    op.create_table(
        "milestone",
        sa.Column("id", Words, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("title", Words, nullable=False),
        sa.Column("title_origin", sa.String(40), nullable=False),
        sa.Column("folded", Words, nullable=False),
        sa.Column("reached_on_stated", Words, nullable=True),
        sa.Column("reached_on_edtf", Words, nullable=True),
        sa.Column("reached_on_earliest", sa.Date(), nullable=True),
        sa.Column("reached_on_latest", sa.Date(), nullable=True),
        sa.Column("reached_on_precision", sa.String(40), nullable=True),
        sa.Column("record_id", Words, nullable=False),
        sa.Column("covered_by_id", Words, nullable=True),
        sa.Column("stage", sa.String(40), nullable=False),
        sa.CheckConstraint(
            "reached_on_precision IN ('DAY', 'MONTH', 'SEASON', 'YEAR', 'DECADE', 'INTERVAL')",
            name=op.f("ck_milestone_reached_on_precision"),
        ),
        sa.CheckConstraint(
            "stage IN ('MENTIONED', 'UNDER_CONSIDERATION', 'REQUESTED', 'NOTIFIED', 'APPROVED', 'COMMITTED', 'ALLOCATED', 'SIGNED', 'IN_PRODUCTION', 'PARTLY_DELIVERED', 'DELIVERED', 'SUSPENDED', 'CANCELLED')",
            name=op.f("ck_milestone_stage"),
        ),
        sa.CheckConstraint(
            "title_origin IN ('STATED', 'COMPOSED')", name=op.f("ck_milestone_title_origin")
        ),
        sa.ForeignKeyConstraint(
            ["covered_by_id"], ["record.id"], name=op.f("fk_milestone_covered_by_id")
        ),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_milestone_id")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_milestone_record_id")),
        sa.ForeignKeyConstraint(["since"], ["edition.number"], name=op.f("fk_milestone_since")),
        sa.ForeignKeyConstraint(["until"], ["edition.number"], name=op.f("fk_milestone_until")),
        sa.PrimaryKeyConstraint("id", "since", name=op.f("pk_milestone")),
    )
    with op.batch_alter_table("milestone", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_milestone_covered_by_id"), ["covered_by_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_milestone_record_id"), ["record_id"], unique=False)
        batch_op.create_index(
            "uq_milestone_current",
            ["id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )

    op.create_table(
        "name",
        sa.Column("id", Words, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("title", Words, nullable=False),
        sa.Column("title_origin", sa.String(40), nullable=False),
        sa.Column("folded", Words, nullable=False),
        sa.Column("record_id", Words, nullable=False),
        sa.Column("covered_by_id", Words, nullable=True),
        sa.Column("text", Words, nullable=False),
        sa.Column("language", Words, nullable=True),
        sa.Column("script", Words, nullable=True),
        sa.Column("kind", sa.String(40), nullable=True),
        sa.CheckConstraint(
            "kind IN ('OFFICIAL', 'COMMON', 'ALIAS', 'ADJECTIVE', 'REFERENCE')",
            name=op.f("ck_name_kind"),
        ),
        sa.CheckConstraint(
            "title_origin IN ('STATED', 'COMPOSED')", name=op.f("ck_name_title_origin")
        ),
        sa.ForeignKeyConstraint(
            ["covered_by_id"], ["record.id"], name=op.f("fk_name_covered_by_id")
        ),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_name_id")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_name_record_id")),
        sa.ForeignKeyConstraint(["since"], ["edition.number"], name=op.f("fk_name_since")),
        sa.ForeignKeyConstraint(["until"], ["edition.number"], name=op.f("fk_name_until")),
        sa.PrimaryKeyConstraint("id", "since", name=op.f("pk_name")),
    )
    with op.batch_alter_table("name", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_name_covered_by_id"), ["covered_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_name_record_id"), ["record_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_name_text"), ["text"], unique=False)
        batch_op.create_index(
            "uq_name_current",
            ["id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )

    op.create_table(
        "official",
        sa.Column("id", Words, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("title", Words, nullable=False),
        sa.Column("title_origin", sa.String(40), nullable=False),
        sa.Column("folded", Words, nullable=False),
        sa.Column("state_id", Words, nullable=True),
        sa.Column("name", Words, nullable=True),
        sa.Column("name_order", Words, nullable=True),
        sa.Column("description", Words, nullable=True),
        sa.CheckConstraint(
            "title_origin IN ('STATED', 'COMPOSED')", name=op.f("ck_official_title_origin")
        ),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_official_id")),
        sa.ForeignKeyConstraint(["since"], ["edition.number"], name=op.f("fk_official_since")),
        sa.ForeignKeyConstraint(["state_id"], ["record.id"], name=op.f("fk_official_state_id")),
        sa.ForeignKeyConstraint(["until"], ["edition.number"], name=op.f("fk_official_until")),
        sa.PrimaryKeyConstraint("id", "since", name=op.f("pk_official")),
    )
    with op.batch_alter_table("official", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_official_state_id"), ["state_id"], unique=False)
        batch_op.create_index(
            "uq_official_current",
            ["id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )

    op.create_table(
        "party",
        sa.Column("id", Words, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("title", Words, nullable=False),
        sa.Column("title_origin", sa.String(40), nullable=False),
        sa.Column("folded", Words, nullable=False),
        sa.Column("state_id", Words, nullable=True),
        sa.Column("name", Words, nullable=True),
        sa.Column("parent_id", Words, nullable=True),
        sa.Column("kind", sa.String(40), nullable=True),
        sa.Column("description", Words, nullable=True),
        sa.CheckConstraint(
            "kind IN ('STATE', 'INSTITUTION', 'ARMED_FORCE', 'COMPANY', 'ALLIANCE', 'COLLECTIVE', 'NON_STATE', 'UNKNOWN')",
            name=op.f("ck_party_kind"),
        ),
        sa.CheckConstraint(
            "title_origin IN ('STATED', 'COMPOSED')", name=op.f("ck_party_title_origin")
        ),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_party_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["record.id"], name=op.f("fk_party_parent_id")),
        sa.ForeignKeyConstraint(["since"], ["edition.number"], name=op.f("fk_party_since")),
        sa.ForeignKeyConstraint(["state_id"], ["record.id"], name=op.f("fk_party_state_id")),
        sa.ForeignKeyConstraint(["until"], ["edition.number"], name=op.f("fk_party_until")),
        sa.PrimaryKeyConstraint("id", "since", name=op.f("pk_party")),
    )
    with op.batch_alter_table("party", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_party_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_party_state_id"), ["state_id"], unique=False)
        batch_op.create_index(
            "uq_party_current",
            ["id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )

    op.create_table(
        "passage",
        sa.Column("id", Words, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("claim_id", Words, nullable=False),
        sa.Column("source_id", Words, nullable=False),
        sa.Column("exact", Words, nullable=False),
        sa.Column("prefix", Words, nullable=False),
        sa.Column("suffix", Words, nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("end", sa.BigInteger(), nullable=False),
        sa.Column("start_utf16", sa.BigInteger(), nullable=False),
        sa.Column("end_utf16", sa.BigInteger(), nullable=False),
        sa.Column("is_in_heading", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["record.id"], name=op.f("fk_passage_claim_id")),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_passage_id")),
        sa.ForeignKeyConstraint(["since"], ["edition.number"], name=op.f("fk_passage_since")),
        sa.ForeignKeyConstraint(["source_id"], ["record.id"], name=op.f("fk_passage_source_id")),
        sa.ForeignKeyConstraint(["until"], ["edition.number"], name=op.f("fk_passage_until")),
        sa.PrimaryKeyConstraint("id", "since", name=op.f("pk_passage")),
    )
    with op.batch_alter_table("passage", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passage_claim_id"), ["claim_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_passage_source_id"), ["source_id"], unique=False)
        batch_op.create_index(
            "uq_passage_current",
            ["id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )

    op.create_table(
        "procurement",
        sa.Column("id", Words, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("title", Words, nullable=False),
        sa.Column("title_origin", sa.String(40), nullable=False),
        sa.Column("folded", Words, nullable=False),
        sa.Column("quantity_stated", Words, nullable=True),
        sa.Column("quantity_minimum", sa.BigInteger(), nullable=True),
        sa.Column("quantity_maximum", sa.BigInteger(), nullable=True),
        sa.Column("quantity_certainty", sa.String(40), nullable=True),
        sa.Column("value_stated", Words, nullable=True),
        sa.Column("value_minimum", sa.BigInteger(), nullable=True),
        sa.Column("value_maximum", sa.BigInteger(), nullable=True),
        sa.Column("value_currency", Words, nullable=True),
        sa.Column("value_scope", sa.String(40), nullable=True),
        sa.Column("ordered_on_stated", Words, nullable=True),
        sa.Column("ordered_on_edtf", Words, nullable=True),
        sa.Column("ordered_on_earliest", sa.Date(), nullable=True),
        sa.Column("ordered_on_latest", sa.Date(), nullable=True),
        sa.Column("ordered_on_precision", sa.String(40), nullable=True),
        sa.Column("delivered_on_stated", Words, nullable=True),
        sa.Column("delivered_on_edtf", Words, nullable=True),
        sa.Column("delivered_on_earliest", sa.Date(), nullable=True),
        sa.Column("delivered_on_latest", sa.Date(), nullable=True),
        sa.Column("delivered_on_precision", sa.String(40), nullable=True),
        sa.Column("agreement_id", Words, nullable=True),
        sa.Column("stage", sa.String(40), nullable=True),
        sa.Column("label", Words, nullable=True),
        sa.Column("designation", Words, nullable=True),
        sa.Column("category", Words, nullable=True),
        sa.Column("purpose", Words, nullable=True),
        sa.Column("contracting_authority", Words, nullable=True),
        sa.Column("is_government_to_government", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "delivered_on_precision IN ('DAY', 'MONTH', 'SEASON', 'YEAR', 'DECADE', 'INTERVAL')",
            name=op.f("ck_procurement_delivered_on_precision"),
        ),
        sa.CheckConstraint(
            "ordered_on_precision IN ('DAY', 'MONTH', 'SEASON', 'YEAR', 'DECADE', 'INTERVAL')",
            name=op.f("ck_procurement_ordered_on_precision"),
        ),
        sa.CheckConstraint(
            "quantity_certainty IN ('EXACT', 'ESTIMATE', 'AT_LEAST', 'AT_MOST', 'RANGE')",
            name=op.f("ck_procurement_quantity_certainty"),
        ),
        sa.CheckConstraint(
            "stage IN ('MENTIONED', 'UNDER_CONSIDERATION', 'REQUESTED', 'NOTIFIED', 'APPROVED', 'COMMITTED', 'ALLOCATED', 'SIGNED', 'IN_PRODUCTION', 'PARTLY_DELIVERED', 'DELIVERED', 'SUSPENDED', 'CANCELLED')",
            name=op.f("ck_procurement_stage"),
        ),
        sa.CheckConstraint(
            "title_origin IN ('STATED', 'COMPOSED')", name=op.f("ck_procurement_title_origin")
        ),
        sa.CheckConstraint(
            "value_scope IN ('TOTAL', 'UNIT', 'SHARED')", name=op.f("ck_procurement_value_scope")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["record.id"], name=op.f("fk_procurement_agreement_id")
        ),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_procurement_id")),
        sa.ForeignKeyConstraint(["since"], ["edition.number"], name=op.f("fk_procurement_since")),
        sa.ForeignKeyConstraint(["until"], ["edition.number"], name=op.f("fk_procurement_until")),
        sa.PrimaryKeyConstraint("id", "since", name=op.f("pk_procurement")),
    )
    with op.batch_alter_table("procurement", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_procurement_agreement_id"), ["agreement_id"], unique=False
        )
        batch_op.create_index(
            "uq_procurement_current",
            ["id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )

    op.create_table(
        "source",
        sa.Column("id", Words, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("title", Words, nullable=False),
        sa.Column("title_origin", sa.String(40), nullable=False),
        sa.Column("folded", Words, nullable=False),
        sa.Column("published_on_stated", Words, nullable=True),
        sa.Column("published_on_edtf", Words, nullable=True),
        sa.Column("published_on_earliest", sa.Date(), nullable=True),
        sa.Column("published_on_latest", sa.Date(), nullable=True),
        sa.Column("published_on_precision", sa.String(40), nullable=True),
        sa.Column("derived_from_id", Words, nullable=True),
        sa.Column("publisher", Words, nullable=True),
        sa.Column("author", Words, nullable=True),
        sa.Column("address", Words, nullable=True),
        sa.Column("language", Words, nullable=True),
        sa.Column("licence", Words, nullable=True),
        sa.Column("is_text_public", sa.Boolean(), nullable=True),
        sa.Column("reliability", sa.String(40), nullable=True),
        sa.Column("credibility", sa.String(40), nullable=True),
        sa.Column("text", Words, nullable=True),
        sa.Column("sha256", Words, nullable=True),
        sa.Column("file", Words, nullable=True),
        sa.CheckConstraint(
            "credibility IN ('CONFIRMED', 'PROBABLE', 'POSSIBLE', 'DOUBTFUL', 'IMPROBABLE', 'UNJUDGED')",
            name=op.f("ck_source_credibility"),
        ),
        sa.CheckConstraint(
            "published_on_precision IN ('DAY', 'MONTH', 'SEASON', 'YEAR', 'DECADE', 'INTERVAL')",
            name=op.f("ck_source_published_on_precision"),
        ),
        sa.CheckConstraint(
            "reliability IN ('A', 'B', 'C', 'D', 'E', 'F')", name=op.f("ck_source_reliability")
        ),
        sa.CheckConstraint(
            "title_origin IN ('STATED', 'COMPOSED')", name=op.f("ck_source_title_origin")
        ),
        sa.ForeignKeyConstraint(
            ["derived_from_id"], ["record.id"], name=op.f("fk_source_derived_from_id")
        ),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_source_id")),
        sa.ForeignKeyConstraint(["since"], ["edition.number"], name=op.f("fk_source_since")),
        sa.ForeignKeyConstraint(["until"], ["edition.number"], name=op.f("fk_source_until")),
        sa.PrimaryKeyConstraint("id", "since", name=op.f("pk_source")),
    )
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_source_derived_from_id"), ["derived_from_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_source_sha256"), ["sha256"], unique=False)
        batch_op.create_index(
            "uq_source_current",
            ["id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )

    op.create_table(
        "statement",
        sa.Column("id", Words, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("title", Words, nullable=False),
        sa.Column("title_origin", sa.String(40), nullable=False),
        sa.Column("folded", Words, nullable=False),
        sa.Column("made_on_stated", Words, nullable=True),
        sa.Column("made_on_edtf", Words, nullable=True),
        sa.Column("made_on_earliest", sa.Date(), nullable=True),
        sa.Column("made_on_latest", sa.Date(), nullable=True),
        sa.Column("made_on_precision", sa.String(40), nullable=True),
        sa.Column("event_id", Words, nullable=True),
        sa.Column("agreement_id", Words, nullable=True),
        sa.Column("decision_id", Words, nullable=True),
        sa.Column("act", sa.String(40), nullable=True),
        sa.Column("mode", sa.String(40), nullable=True),
        sa.Column("text", Words, nullable=True),
        sa.Column("topic", Words, nullable=True),
        sa.Column("hedge", Words, nullable=True),
        sa.Column("attribution", Words, nullable=True),
        sa.Column("original_language", Words, nullable=True),
        sa.Column("full_text", Words, nullable=True),
        sa.CheckConstraint(
            "act IN ('ANNOUNCE', 'EXPRESS_CONCERN', 'CONDEMN', 'ACCUSE', 'COMMIT', 'REAFFIRM', 'REPORT', 'DENY', 'PRAISE', 'DEMAND')",
            name=op.f("ck_statement_act"),
        ),
        sa.CheckConstraint(
            "made_on_precision IN ('DAY', 'MONTH', 'SEASON', 'YEAR', 'DECADE', 'INTERVAL')",
            name=op.f("ck_statement_made_on_precision"),
        ),
        sa.CheckConstraint(
            "mode IN ('VERBATIM', 'PARAPHRASE', 'MIXED')", name=op.f("ck_statement_mode")
        ),
        sa.CheckConstraint(
            "title_origin IN ('STATED', 'COMPOSED')", name=op.f("ck_statement_title_origin")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["record.id"], name=op.f("fk_statement_agreement_id")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["record.id"], name=op.f("fk_statement_decision_id")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["record.id"], name=op.f("fk_statement_event_id")),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_statement_id")),
        sa.ForeignKeyConstraint(["since"], ["edition.number"], name=op.f("fk_statement_since")),
        sa.ForeignKeyConstraint(["until"], ["edition.number"], name=op.f("fk_statement_until")),
        sa.PrimaryKeyConstraint("id", "since", name=op.f("pk_statement")),
    )
    with op.batch_alter_table("statement", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_statement_agreement_id"), ["agreement_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_statement_decision_id"), ["decision_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_statement_event_id"), ["event_id"], unique=False)
        batch_op.create_index(
            "uq_statement_current",
            ["id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )

    op.create_table(
        "tenure",
        sa.Column("id", Words, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("title", Words, nullable=False),
        sa.Column("title_origin", sa.String(40), nullable=False),
        sa.Column("folded", Words, nullable=False),
        sa.Column("started_on_stated", Words, nullable=True),
        sa.Column("started_on_edtf", Words, nullable=True),
        sa.Column("started_on_earliest", sa.Date(), nullable=True),
        sa.Column("started_on_latest", sa.Date(), nullable=True),
        sa.Column("started_on_precision", sa.String(40), nullable=True),
        sa.Column("ended_on_stated", Words, nullable=True),
        sa.Column("ended_on_edtf", Words, nullable=True),
        sa.Column("ended_on_earliest", sa.Date(), nullable=True),
        sa.Column("ended_on_latest", sa.Date(), nullable=True),
        sa.Column("ended_on_precision", sa.String(40), nullable=True),
        sa.Column("official_id", Words, nullable=True),
        sa.Column("party_id", Words, nullable=True),
        sa.Column("post", Words, nullable=True),
        sa.Column("is_acting", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "ended_on_precision IN ('DAY', 'MONTH', 'SEASON', 'YEAR', 'DECADE', 'INTERVAL')",
            name=op.f("ck_tenure_ended_on_precision"),
        ),
        sa.CheckConstraint(
            "started_on_precision IN ('DAY', 'MONTH', 'SEASON', 'YEAR', 'DECADE', 'INTERVAL')",
            name=op.f("ck_tenure_started_on_precision"),
        ),
        sa.CheckConstraint(
            "title_origin IN ('STATED', 'COMPOSED')", name=op.f("ck_tenure_title_origin")
        ),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_tenure_id")),
        sa.ForeignKeyConstraint(["official_id"], ["record.id"], name=op.f("fk_tenure_official_id")),
        sa.ForeignKeyConstraint(["party_id"], ["record.id"], name=op.f("fk_tenure_party_id")),
        sa.ForeignKeyConstraint(["since"], ["edition.number"], name=op.f("fk_tenure_since")),
        sa.ForeignKeyConstraint(["until"], ["edition.number"], name=op.f("fk_tenure_until")),
        sa.PrimaryKeyConstraint("id", "since", name=op.f("pk_tenure")),
    )
    with op.batch_alter_table("tenure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tenure_official_id"), ["official_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tenure_party_id"), ["party_id"], unique=False)
        batch_op.create_index(
            "uq_tenure_current",
            ["id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )

    op.create_table(
        "verbatim_span",
        sa.Column("id", Words, nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("title", Words, nullable=False),
        sa.Column("title_origin", sa.String(40), nullable=False),
        sa.Column("folded", Words, nullable=False),
        sa.Column("statement_id", Words, nullable=False),
        sa.Column("covered_by_id", Words, nullable=True),
        sa.Column("text", Words, nullable=False),
        sa.CheckConstraint(
            "title_origin IN ('STATED', 'COMPOSED')", name=op.f("ck_verbatim_span_title_origin")
        ),
        sa.ForeignKeyConstraint(
            ["covered_by_id"], ["record.id"], name=op.f("fk_verbatim_span_covered_by_id")
        ),
        sa.ForeignKeyConstraint(["id"], ["record.id"], name=op.f("fk_verbatim_span_id")),
        sa.ForeignKeyConstraint(["since"], ["edition.number"], name=op.f("fk_verbatim_span_since")),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["record.id"], name=op.f("fk_verbatim_span_statement_id")
        ),
        sa.ForeignKeyConstraint(["until"], ["edition.number"], name=op.f("fk_verbatim_span_until")),
        sa.PrimaryKeyConstraint("id", "since", name=op.f("pk_verbatim_span")),
    )
    with op.batch_alter_table("verbatim_span", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_verbatim_span_covered_by_id"), ["covered_by_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_verbatim_span_statement_id"), ["statement_id"], unique=False
        )
        batch_op.create_index(
            "uq_verbatim_span_current",
            ["id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("verbatim_span", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_verbatim_span_current",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_verbatim_span_statement_id"))
        batch_op.drop_index(batch_op.f("ix_verbatim_span_covered_by_id"))

    op.drop_table("verbatim_span")
    with op.batch_alter_table("tenure", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_tenure_current",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_tenure_party_id"))
        batch_op.drop_index(batch_op.f("ix_tenure_official_id"))

    op.drop_table("tenure")
    with op.batch_alter_table("statement", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_statement_current",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_statement_event_id"))
        batch_op.drop_index(batch_op.f("ix_statement_decision_id"))
        batch_op.drop_index(batch_op.f("ix_statement_agreement_id"))

    op.drop_table("statement")
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_source_current",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_source_sha256"))
        batch_op.drop_index(batch_op.f("ix_source_derived_from_id"))

    op.drop_table("source")
    with op.batch_alter_table("procurement", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_procurement_current",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_procurement_agreement_id"))

    op.drop_table("procurement")
    with op.batch_alter_table("passage", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_passage_current",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_passage_source_id"))
        batch_op.drop_index(batch_op.f("ix_passage_claim_id"))

    op.drop_table("passage")
    with op.batch_alter_table("party", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_party_current",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_party_state_id"))
        batch_op.drop_index(batch_op.f("ix_party_parent_id"))

    op.drop_table("party")
    with op.batch_alter_table("official", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_official_current",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_official_state_id"))

    op.drop_table("official")
    with op.batch_alter_table("name", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_name_current",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_name_text"))
        batch_op.drop_index(batch_op.f("ix_name_record_id"))
        batch_op.drop_index(batch_op.f("ix_name_covered_by_id"))

    op.drop_table("name")
    with op.batch_alter_table("milestone", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_milestone_current",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_milestone_record_id"))
        batch_op.drop_index(batch_op.f("ix_milestone_covered_by_id"))

    op.drop_table("milestone")
    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_item_current",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_item_procurement_id"))
        batch_op.drop_index(batch_op.f("ix_item_part_of_id"))
        batch_op.drop_index(batch_op.f("ix_item_covered_by_id"))

    op.drop_table("item")
    with op.batch_alter_table("involvement", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_involvement_current",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_involvement_record_id"))
        batch_op.drop_index(batch_op.f("ix_involvement_covered_by_id"))
        batch_op.drop_index(batch_op.f("ix_involvement_actor_id"))

    op.drop_table("involvement")
    with op.batch_alter_table("identifier", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_identifier_current",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_identifier_value"))
        batch_op.drop_index(batch_op.f("ix_identifier_scheme"))
        batch_op.drop_index(batch_op.f("ix_identifier_record_id"))
        batch_op.drop_index(batch_op.f("ix_identifier_covered_by_id"))

    op.drop_table("identifier")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_event_current",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_event_same_as_candidate_id"))
        batch_op.drop_index(batch_op.f("ix_event_part_of_id"))
        batch_op.drop_index(batch_op.f("ix_event_decision_id"))
        batch_op.drop_index(batch_op.f("ix_event_agreement_id"))

    op.drop_table("event")
    with op.batch_alter_table("evaluation", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_evaluation_current",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_evaluation_record_id"))
        batch_op.drop_index(batch_op.f("ix_evaluation_covered_by_id"))

    op.drop_table("evaluation")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_delivery_current",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_delivery_procurement_id"))
        batch_op.drop_index(batch_op.f("ix_delivery_item_id"))
        batch_op.drop_index(batch_op.f("ix_delivery_covered_by_id"))

    op.drop_table("delivery")
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_decision_current",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_decision_trigger_id"))

    op.drop_table("decision")
    with op.batch_alter_table("classification", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_classification_current",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_classification_record_id"))
        batch_op.drop_index(batch_op.f("ix_classification_covered_by_id"))

    op.drop_table("classification")
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_claim_current",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_claim_source_id"))
        batch_op.drop_index(batch_op.f("ix_claim_record_id"))
        batch_op.drop_index(batch_op.f("ix_claim_element_id"))
        batch_op.drop_index(batch_op.f("ix_claim_conflict_key"))

    op.drop_table("claim")
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_agreement_current",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_agreement_amends_id"))

    op.drop_table("agreement")

"""Statement: words on the record."""

from __future__ import annotations

from enum import Enum

import strawberry

from schema.model.fields import children, choice, code, partial_date, reference, role, words
from schema.model.noun import Record


@strawberry.enum(description="What a speaker does with words.")
class SpeechAct(Enum):
    ANNOUNCE = strawberry.enum_value("ANNOUNCE", description="Makes something known.")
    EXPRESS_CONCERN = strawberry.enum_value("EXPRESS_CONCERN", description="Voices a worry.")
    CONDEMN = strawberry.enum_value("CONDEMN", description="Condemns.")
    ACCUSE = strawberry.enum_value("ACCUSE", description="Accuses or characterises.")
    COMMIT = strawberry.enum_value("COMMIT", description="Promises or decides.")
    REAFFIRM = strawberry.enum_value("REAFFIRM", description="Confirms what was promised before.")
    REPORT = strawberry.enum_value("REPORT", description="Reports or warns of something.")
    DENY = strawberry.enum_value("DENY", description="Denies.")
    PRAISE = strawberry.enum_value("PRAISE", description="Praises or supports.")
    DEMAND = strawberry.enum_value("DEMAND", description="Demands or asks.")


@strawberry.enum(description="How the source renders the words.")
class StatementMode(Enum):
    VERBATIM = strawberry.enum_value("VERBATIM", description="Quoted to the letter.")
    PARAPHRASE = strawberry.enum_value("PARAPHRASE", description="In the source's own words.")
    MIXED = strawberry.enum_value("MIXED", description="A paraphrase with quoted fragments.")


class Statement(Record, table=True):
    """Words on the record: who said what of whom, how, and by whose account."""

    dated_by = ("made_on",)
    placed_by = ("event",)
    happens = has_participants = True

    act: SpeechAct | None = choice(SpeechAct, "What the speaker does with the words.")
    mode: StatementMode | None = choice(StatementMode, "How the source renders the words.")
    text: str | None = words("The sentence or clause of the source that reports it.")
    topic: str | None = words("What it is about.")
    hedge: str | None = words("Words that weaken it, such as `may` or `reportedly`.")
    attribution: str | None = words("The source's words that say by whose account it is known.")
    made_on = partial_date("When it was made.")
    original_language: str | None = code(
        "language", "The language it was made in, ISO 639, such as `ko`."
    )
    full_text: str | None = words("The whole text of what was said or issued.")

    event = reference("Event", "The event at which it was made.")
    agreement = reference("Agreement", "The agreement it speaks of.")
    decision = reference("Decision", "The decision it makes known.")
    speakers = role("SPEAKER", "Who said it.")
    attributed_sources = role("ATTRIBUTED_SOURCE", "Who is named as the origin of the report.")
    targets = role("TARGET", "Whom it is about.")
    audiences = role("AUDIENCE", "Whom it addresses.")
    affected = role("AFFECTED", "Whom it names as affected or threatened.")
    verbatim_spans = children("VerbatimSpan", "statement_id", "The speaker's own words inside it.")
    involvements = children("Involvement", "record_id", "Everybody in it, and as what.")

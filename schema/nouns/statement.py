"""Statement: words on the record."""

from __future__ import annotations

from schema.model.choices import Choice, described
from schema.model.fields import children, choice, code, partial_date, reference, role, words
from schema.model.noun import Record


@described("What a speaker does with words.")
class SpeechAct(Choice):
    ANNOUNCE = (
        "ANNOUNCE",
        "Makes something known.",
        "announce, announcement, declare, say, tell, state, unveil, reveal",
    )
    EXPRESS_CONCERN = (
        "EXPRESS_CONCERN",
        "Voices a worry.",
        (
            "concern, worry, apprehensive, apprehension, fear, alarm, anxious, anxiety, uneasy, "
            "wary, unease"
        ),
    )
    CONDEMN = (
        "CONDEMN",
        "Condemns.",
        "condemn, condemnation, denounce, decry, deplore, criticise, criticize",
    )
    ACCUSE = (
        "ACCUSE",
        "Accuses or characterises.",
        "accuse, accusation, characterise, characterize, blame, allege, brand, label, charge",
    )
    COMMIT = (
        "COMMIT",
        "Promises or decides.",
        "commit, commitment, pledge, promise, vow, agree, decide, undertake",
    )
    REAFFIRM = (
        "REAFFIRM",
        "Confirms what was promised before.",
        "reaffirm, reaffirmation, reiterate, confirm, renew, affirm",
    )
    REPORT = (
        "REPORT",
        "Reports or warns of something.",
        "report, warn, warning, say, tell, attention, inform, reveal, find, note, alert",
    )
    DENY = (
        "DENY",
        "Denies.",
        "deny, denial, reject, dismiss, refute, decline",
    )
    PRAISE = (
        "PRAISE",
        "Praises or supports.",
        "praise, welcome, laud, hail, commend, applaud, thank, compliment",
    )
    DEMAND = (
        "DEMAND",
        "Demands or asks.",
        "demand, ask, urge, call on, request, insist, appeal, call for",
    )


@described("How the source renders the words.")
class StatementMode(Choice):
    VERBATIM = (
        "VERBATIM",
        "Quoted to the letter.",
        "“”",
    )
    PARAPHRASE = ("PARAPHRASE", "In the source's own words.")
    MIXED = (
        "MIXED",
        "A paraphrase with quoted fragments.",
        "“”",
    )


class Statement(Record, table=True):
    """Words on the record: who said what of whom, how, and by whose account."""

    dated_by = ("made_on",)
    placed_by = ("event",)
    happens = has_participants = is_report = True
    schema_org = "CreativeWork"
    schema_org_properties = (
        ("full_text", "text"),
        ("made_on", "dateCreated"),
        ("original_language", "inLanguage"),
        ("speakers", "creator"),
        ("targets", "about"),
        ("audiences", "audience"),
    )

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
    verbatim_spans = children(
        "VerbatimSpan",
        "statement_id",
        "The speaker's own words inside it.",
        bounded="The quotations in one statement.",
    )
    involvements = children("Involvement", "record_id", "Everybody in it, and as what.")

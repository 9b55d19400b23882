"""Source: a document with its text, kept verbatim."""

from __future__ import annotations

from schema.model.choices import Choice, described
from schema.model.fields import children, choice, code, flag, partial_date, reference, role, words
from schema.model.noun import Record
from schema.model.traits import Trait


@described("How reliable a source is, as NATO grades it (AJP-2.1).")
class Reliability(Choice):
    A = ("A", "Completely reliable.")
    B = ("B", "Usually reliable.")
    C = ("C", "Fairly reliable.")
    D = ("D", "Not usually reliable.")
    E = ("E", "Unreliable.")
    F = ("F", "Its reliability cannot be judged.")


@described("How credible its information is, as NATO grades it (AJP-2.1).")
class Credibility(Choice):
    CONFIRMED = ("CONFIRMED", "1: confirmed by other sources.")
    PROBABLE = ("PROBABLE", "2: probably true.")
    POSSIBLE = ("POSSIBLE", "3: possibly true.")
    DOUBTFUL = ("DOUBTFUL", "4: doubtful.")
    IMPROBABLE = ("IMPROBABLE", "5: improbable.")
    UNJUDGED = ("UNJUDGED", "6: its truth cannot be judged.")


class Source(Record, table=True):
    """A document that claims rest on: a news article, a treaty text, a data set."""

    trait = Trait.SOURCE
    dated_by = ("published_on",)
    upward = ("derived_from_id",)
    evident = frozenset({"text", "sha256", "file"})
    optional = frozenset({"scope", "covers", "covered"})
    unsearched = frozenset({"folded", "text", "sha256", "file"})
    schema_org = "CreativeWork"
    schema_org_properties = (
        ("publisher", "publisher"),
        ("author", "author"),
        ("address", "url"),
        ("language", "inLanguage"),
        ("published_on", "datePublished"),
        ("licence", "license"),
        ("text", "text"),
        ("derived_from", "isBasedOn"),
    )

    publisher: str | None = words("Who published the document.")
    author: str | None = words("Who wrote it.")
    address: str | None = words("The web address it was published at.")
    language: str | None = code("language", "The language of the text, ISO 639, such as `en`.")
    published_on = partial_date("When it was published.")
    scope: str | None = words(
        "What it sets out to cover, in words, such as `transfers of major arms`; null where it "
        "does not."
    )
    covers = partial_date(
        "The period that it sets out to cover; null where it does not, as in a news article."
    )
    licence: str | None = words("The licence of the text, as an SPDX identifier or in words.")
    is_text_public: bool | None = flag(
        "Whether the licence lets the whole text be shown; once it does not, no edition shows more "
        "of it than short quotations."
    )
    reliability: Reliability | None = choice(Reliability, "How reliable the source is.")
    credibility: Credibility | None = choice(Credibility, "How credible its information is.")
    text: str | None = words("The text, verbatim; null where the licence forbids showing it.")
    sha256: str | None = words("The SHA-256 of the text in UTF-8, in hexadecimal.")
    file: str | None = words("The name of the file that the text came in.")

    derived_from = reference("Source", "The document that this one was made from.")
    covered = role("COVERED", "The parties that it sets out to cover; all where none is named.")
    findings = children(
        "Claim",
        "source_id",
        "Everything that is claimed on the words of this source.",
        indexed=True,
    )

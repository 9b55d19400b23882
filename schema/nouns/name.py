"""Name: what a record is called, in one language and script."""

from __future__ import annotations

from schema.model.choices import Choice, described
from schema.model.fields import choice, code, reference, words
from schema.model.noun import Link


@described("What sort of name it is.")
class NameKind(Choice):
    OFFICIAL = ("OFFICIAL", "The full formal name.")
    COMMON = ("COMMON", "The name in everyday use.")
    ALIAS = ("ALIAS", "Another name for the same record.")
    ADJECTIVE = ("ADJECTIVE", "The name as an adjective, such as `South Korean`.")
    REFERENCE = ("REFERENCE", "Words that point at it in one text, such as `the nation`.")


class Name(Link, table=True):
    """One name of a record; names alone never merge two records."""

    explained = False
    is_name = True
    passing = frozenset({"REFERENCE"})
    parent_key = "record_id"
    slug_from = ("language", "kind", "text")
    title_from = (("text",),)

    text: str = words("The name.")
    language: str | None = code("language", "Its language, ISO 639, such as `ko`.")
    script: str | None = code("script", "Its script, ISO 15924, such as `Hang`.")
    kind: NameKind | None = choice(NameKind, "What sort of name it is.")

    record = reference("Record", "The record that is called so.", required=True)
    covered_by = reference("Claim", "The row of a data set that gives it, where one does.")

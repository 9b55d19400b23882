"""Name: what a record is called, in one language and script."""

from __future__ import annotations

from enum import Enum

import strawberry

from schema.model.fields import choice, code, reference, words
from schema.model.noun import Link


@strawberry.enum(description="What sort of name it is.")
class NameKind(Enum):
    OFFICIAL = strawberry.enum_value("OFFICIAL", description="The full formal name.")
    COMMON = strawberry.enum_value("COMMON", description="The name in everyday use.")
    ALIAS = strawberry.enum_value("ALIAS", description="Another name for the same record.")
    ADJECTIVE = strawberry.enum_value(
        "ADJECTIVE", description="The name as an adjective, such as `South Korean`."
    )
    REFERENCE = strawberry.enum_value(
        "REFERENCE", description="Words that point at it in one text, such as `the nation`."
    )


class Name(Link, table=True):
    """One name of a record; names alone never merge two records."""

    explained = False
    is_name = True
    parent_key = "record_id"
    slug_from = ("language", "kind", "text")
    title_from = (("text",),)

    text: str = words("The name.")
    language: str | None = code("language", "Its language, ISO 639, such as `ko`.")
    script: str | None = code("script", "Its script, ISO 15924, such as `Hang`.")
    kind: NameKind | None = choice(NameKind, "What sort of name it is.")

    record = reference("Record", "The record that is called so.", required=True)
    covered_by = reference("Claim", "The row of a data set that gives it, where one does.")

"""The format of dossiers: models of their entries, made of what the nouns declare."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Literal, cast

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, create_model

from schema.dossiers.evidence import (
    VALUES,
    AnyQuote,
    Evidence,
    FieldClaim,
    Silence,
    Strict,
    claims_of,
    links_of,
)
from schema.dossiers.iso_codes import STANDARDS
from schema.model.noun import Record, Titled, Versioned, cached_per_model
from schema.model.reflection import link_lists, plain_columns, references
from schema.model.registry import noun_with, nouns, nouns_of, prefix_of
from schema.model.traits import Trait
from schema.model.values import unwrap_optional

SLUG = "[a-z0-9]+(-[a-z0-9]+)*"
"""What follows the slash in the id of a record."""


@cached_per_model
def coded_columns(noun: type[Versioned]) -> dict[str, tuple[Any, str]]:
    """The plain columns that a dossier can fill: type and description by name."""
    hidden = {"id", "title", "title_origin", "factuality"} | noun.evident
    return {
        name: (_kind(info), info.description or "")
        for name, info in plain_columns(noun).items()
        if name not in hidden
    }


def _kind(info: Any) -> Any:
    """The type of a column's values, with the ISO list that they are checked against."""
    kind = unwrap_optional(info.annotation)
    standard = (info.json_schema_extra or {}).get("iso")
    return Annotated[kind, AfterValidator(STANDARDS[standard])] if standard else kind


@cached_per_model
def coded_fields(noun: type[Versioned]) -> dict[str, tuple[Any, str]]:
    """The fields that sources speak of: type and description by name, in the order of claims."""
    return {
        **coded_columns(noun),
        **{name: (str, relation.description) for name, relation in references(noun).items()},
        **{
            name: (VALUES[value.kind], value.description)
            for name, value in noun.declared.values.items()
        },
    }


def _silence(given: Any) -> Any:
    """Why a row gives no value, where it says so."""
    return Silence(given) if isinstance(given, str) and given in Silence.__members__ else given


def _optional(kind: Any, description: str, **rules: Any) -> tuple[Any, Any]:
    """A field of a model that may be left out."""
    return kind | None, Field(default=None, description=description, **rules)


@cached_per_model
def entry_of(noun: type[Versioned], role: bool = False) -> type[Strict]:
    """The model of how a dossier writes one record of a noun, or one link of it."""
    is_link = noun.parent_key is not None
    fields: dict[str, Any] = {}
    for name, (kind, description) in coded_fields(noun).items():
        if role and name == "role":
            continue
        if noun.explained or not is_link:
            fields[name] = (claims_of(kind), Field(default=[], description=description))
        elif _is_needed(noun, name, kind):
            fields[name] = (kind, Field(description=description, examples=_examples(noun, name)))
        else:
            fields[name] = _optional(kind, description)
    if is_link:
        fields["key"] = _optional(str, "What its id ends in.", pattern=f"^{SLUG}$")
        fields["silence"] = _optional(Silence, "The reason why the list is empty.")
    else:
        fields["title"] = _optional(
            str | FieldClaim[str], "Its title: a quote, or words made from its parts."
        )
        fields["claims"] = (
            list[FieldClaim[Any]],
            Field(default=[], description="Claims about the record as a whole."),
        )
        row = create_model(
            f"{noun.__name__}Row",
            __base__=Strict,
            **cast(
                Any,
                {
                    name: _optional(Annotated[kind | Silence, BeforeValidator(_silence)], summary)
                    for name, (kind, summary) in coded_fields(noun).items()
                },
            ),
        )
        fields["imported"] = _optional(
            row,
            "Plain values that a row of a data set gives, or why it gives none; an empty one is "
            "NOT_STATED.",
        )
        fields["columns"] = (
            dict[str, str],
            Field(
                default={},
                description="The columns of the data set that the values of the row come from, by "
                "the fields that they fill.",
            ),
        )
        for name, link, of_role in link_lists(noun):
            if issubclass(link, Titled):
                fields[name] = (
                    links_of(entry_of(link, bool(of_role))),
                    Field(default=[], description=noun.declared.relations[name].description),
                )
    base: Any = Evidence if is_link else Strict
    name = f"{noun.__name__}{'In' if role else ''}Entry"
    model: Any = create_model(name, __base__=base, __doc__=noun.__doc__, **fields)
    return cast(type[Strict], model)


def _examples(noun: type[Versioned], name: str) -> list[str] | None:
    """How the ids are written that a field can hold; none for what is no reference."""
    if name not in references(noun):
        return None
    named = sorted(prefix_of(nouns()[each]) for each in nouns_of(references(noun)[name].target))
    return [f"{prefix}/…" for prefix in named]


def _is_needed(noun: type[Versioned], name: str, kind: Any) -> bool:
    """Whether a link without evidence for each of its fields needs this one."""
    column = noun.model_fields.get(name)
    return column is None or column.is_required() or column.annotation is kind


def coded() -> dict[str, type[Versioned]]:
    """The nouns a dossier codes as records, by the first part of their ids."""
    return {prefix_of(noun): noun for noun in nouns().values() if issubclass(noun, Record)}


@cache
def source_entry() -> type[BaseModel]:
    """The model of the part of a dossier that describes its document."""
    return create_model(
        "SourceEntryOfDossier",
        __base__=entry_of(noun_with(Trait.SOURCE)),
        id=(
            str,
            Field(
                pattern=f"^source/{SLUG}$",
                description="Its id, such as `source/yonhap-2024-10-24`.",
            ),
        ),
        file=_optional(str, "The file of the text, beside the YAML file."),
        text=_optional(
            Literal["WITHHELD"],
            "WITHHELD where the text cannot be had; then nothing is quoted from it.",
        ),
        sha256=_optional(str, "The SHA-256 of that file.", pattern="^[0-9a-f]{64}$"),
        headings=(
            list[AnyQuote],
            Field(default=[], description="The headings of the text, word for word."),
        ),
    )


def json_schema() -> dict[str, Any]:
    """The JSON Schema of `dossier.yaml`, for editors' tools."""
    definitions: dict[str, Any] = {}
    patterns: dict[str, Any] = {}
    for prefix, noun in coded().items():
        schema = entry_of(noun).model_json_schema(ref_template="#/$defs/{model}")
        definitions |= schema.pop("$defs", {})
        definitions[f"{noun.__name__}Entry"] = schema
        if noun.trait is not Trait.SOURCE:
            patterns[f"^{prefix}/{SLUG}$"] = {"$ref": f"#/$defs/{noun.__name__}Entry"}
    source = source_entry().model_json_schema(ref_template="#/$defs/{model}")
    definitions |= source.pop("$defs", {})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Pactbook dossier",
        "description": "One document and its coding.",
        "type": "object",
        "additionalProperties": False,
        "required": ["summary", "source"],
        "properties": {
            "summary": {
                "type": "string",
                "minLength": 1,
                "description": "What it publishes, in one line.",
            },
            "source": source,
            "records": {
                "type": "object",
                "patternProperties": patterns,
                "additionalProperties": False,
            },
        },
        "$defs": definitions,
    }

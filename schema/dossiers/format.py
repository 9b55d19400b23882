"""The dossier: one document and its coding, as an editor writes it down."""

from __future__ import annotations

from enum import Enum
from functools import cache
from typing import Annotated, Any, Generic, TypeVar, cast

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, create_model

from schema.dossiers.iso_codes import STANDARDS
from schema.errors import nearest
from schema.model.noun import Titled, Versioned, cached_per_model
from schema.model.reflection import link_lists, plain_columns, references
from schema.model.registry import nouns
from schema.model.values import (
    Certainty,
    Money,
    MoneyScope,
    PartialDate,
    Quantity,
    ValueObject,
    list_of,
    part_descriptions,
    unwrap_optional,
)
from schema.nouns.claim import SILENCES, ClaimOrigin, ClaimStatus, Factuality

T = TypeVar("T")
SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"


class Strict(BaseModel):
    """A part of a dossier, in which an unknown key is an error."""

    model_config = ConfigDict(extra="forbid")


class Quote(Strict):
    """Exact words of the document, with what stands around them when they occur twice."""

    exact: str = Field(min_length=1, description="The words, to the character.")
    prefix: str = Field(default="", description="Words right before them.")
    suffix: str = Field(default="", description="Words right after them.")


def _quote(given: Any) -> Any:
    return {"exact": given} if isinstance(given, str) else given


AnyQuote = Annotated[Quote, BeforeValidator(_quote, json_schema_input_type=str | Quote)]


class Evidence(Strict):
    """What a claim rests on."""

    stated: str | None = Field(
        default=None, description="The value in the source's words; the first quote by default."
    )
    quote: AnyQuote | None = Field(default=None, description="The passage it rests on.")
    quotes: list[AnyQuote] = Field(default=[], description="The passages, when several.")
    status: ClaimStatus = Field(default=ClaimStatus.KNOWN, description="What the source tells.")
    basis: str | None = Field(
        default=None, description="Why the coder reads it so; makes the origin INFERRED."
    )
    origin: ClaimOrigin | None = Field(
        default=None, description="STATED by default, INFERRED where there is a basis."
    )
    factuality: Factuality = Field(
        default=Factuality.ASSERTED, description="How far the source vouches for it."
    )
    preferred: bool = Field(
        default=False, description="The editor's choice among claims that contradict it."
    )

    @property
    def all_quotes(self) -> list[Quote]:
        """Every passage, wherever it was written."""
        return [*([self.quote] if self.quote else []), *self.quotes]


class FieldClaim(Evidence, Generic[T]):
    """What the document says of one field."""

    value: T | None = Field(
        default=None, description="The typed value; for texts the first quote by default."
    )


def _part(kind: ValueObject, name: str, **rules: Any) -> Any:
    """One part of a value object, told in the words of the graph."""
    return Field(default=None, description=part_descriptions(kind)[name], **rules)


class DateValue(Strict):
    """A date as stated, with its EDTF where something bounds it."""

    stated: str | None = _part(PartialDate, "stated")
    edtf: str | None = _part(PartialDate, "edtf")


class QuantityValue(Strict):
    """A number of things, exact or bounded."""

    stated: str | None = _part(Quantity, "stated")
    minimum: int | None = _part(Quantity, "minimum", ge=0, lt=2**31)
    maximum: int | None = _part(Quantity, "maximum", ge=0, lt=2**31)
    certainty: Certainty | None = _part(Quantity, "certainty")


class MoneyValue(Strict):
    """A sum of money in decimal text, exact or bounded."""

    stated: str | None = _part(Money, "stated")
    minimum: str | None = _part(Money, "minimum", pattern=r"^-?\d{1,15}(\.\d{1,2})?$")
    maximum: str | None = _part(Money, "maximum", pattern=r"^-?\d{1,15}(\.\d{1,2})?$")
    currency: Annotated[str, AfterValidator(STANDARDS["currency"])] | None = _part(
        Money, "currency"
    )
    scope: MoneyScope | None = _part(Money, "scope")


VALUES: dict[str, type[Strict]] = {
    "PartialDate": DateValue,
    "Quantity": QuantityValue,
    "Money": MoneyValue,
}
_choices: Any = Enum  # called as a function
Silence: Any = _choices("Silence", {status.value: status.value for status in SILENCES})


def _claims(given: Any) -> Any:
    """One claim, several, or a bare silence, as a list of claims."""
    if isinstance(given, str | int | bool):
        if given not in Silence.__members__:
            near = nearest(str(given), Silence.__members__)
            raise ValueError(
                f"'{given}' stands without evidence; write {{value: {given}, quote: …}}, or for "
                f"a null its reason{f', such as {near}' if near else ''}"
            )
        return [{"status": given}]
    return given if isinstance(given, list) else [given]


def claims_of(kind: Any) -> Any:
    """The type of a field that takes one claim, several, or a bare silence."""
    claim: Any = FieldClaim[kind]
    many = list_of(claim)
    written = Silence | claim | many
    return Annotated[many, BeforeValidator(_claims, json_schema_input_type=written)]


def links_of(entry: type[BaseModel]) -> Any:
    """The type of a field that takes a list of links, or a bare silence."""

    def links(given: Any) -> Any:
        if isinstance(given, str) and given in Silence.__members__:
            return [entry.model_construct(silence=Silence(given))]
        return given

    many = list_of(entry)
    return Annotated[many, BeforeValidator(links, json_schema_input_type=Silence | many)]


def columns(noun: type[Versioned]) -> dict[str, tuple[Any, str]]:
    """The plain columns that a dossier can fill: type and description by name."""
    hidden = {"id", "title", "title_origin"} | noun.evident
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
def entry_of(noun: type[Versioned], role: bool = False) -> type[Strict]:
    """The model of how a dossier writes one record of a noun, or one link of it."""
    fields: dict[str, Any] = {}
    is_link = noun.parent_key is not None
    plain = is_link and not noun.explained
    for name, (kind, description) in columns(noun).items():
        if role and name == "role":
            continue
        needed = noun.model_fields[name].is_required() or noun.model_fields[name].annotation is kind
        if plain:
            fields[name] = (
                kind if needed else kind | None,
                Field(default=... if needed else None, description=description),
            )
        else:
            fields[name] = (claims_of(kind), Field(default=[], description=description))
    for name, relation in references(noun).items():
        if plain:
            fields[name] = (str, Field(description=relation.description))
        else:
            fields[name] = (claims_of(str), Field(default=[], description=relation.description))
    for name, value in noun.declared.values.items():
        fields[name] = (
            claims_of(VALUES[value.kind.__name__]),
            Field(default=[], description=value.description),
        )
    if is_link:
        fields["key"] = (
            str | None,
            Field(default=None, pattern=SLUG, description="What its id ends in."),
        )
        fields["silence"] = (
            Silence | None,
            Field(default=None, description="The reason why the list is empty."),
        )
    else:
        fields["title"] = (
            str | FieldClaim[str] | None,
            Field(default=None, description="Its title: a quote, or words made from its parts."),
        )
        fields["claims"] = (
            list[FieldClaim[Any]],
            Field(default=[], description="Claims about the record as a whole."),
        )
        fields["imported"] = (
            _imported(noun) | None,
            Field(default=None, description="Plain values that a row of a data set gives."),
        )
        for name, link, of_role in link_lists(noun):
            if issubclass(link, Titled):
                fields[name] = (
                    links_of(entry_of(link, bool(of_role))),
                    Field(default=[], description=noun.declared.relations[name].description),
                )
    base: Any = Evidence if is_link else Strict
    name = f"{noun.__name__}{'In' if role else ''}Entry"
    made: Any = create_model(name, __base__=base, __doc__=noun.__doc__, **fields)
    return cast(type[Strict], made)


def _imported(noun: type[Versioned]) -> Any:
    fields: dict[str, Any] = {
        name: (kind | None, Field(default=None, description=text))
        for name, (kind, text) in columns(noun).items()
    }
    for name, relation in references(noun).items():
        fields[name] = (str | None, Field(default=None, description=relation.description))
    for name, value in noun.declared.values.items():
        fields[name] = (
            VALUES[value.kind.__name__] | None,
            Field(default=None, description=value.description),
        )
    return create_model(f"{noun.__name__}Row", __base__=Strict, **fields)


def coded() -> dict[str, type[Versioned]]:
    """The nouns a dossier codes as records, by the first part of their ids."""
    return {
        name.lower(): noun
        for name, noun in nouns().items()
        if noun.parent_key is None and name != "Claim"
    }


@cache
def source_entry() -> type[BaseModel]:
    """The model of the part of a dossier that describes its document."""
    return create_model(
        "SourceEntryOfDossier",
        __base__=entry_of(nouns()["Source"]),
        id=(
            str,
            Field(
                pattern=r"^source/[a-z0-9]+(-[a-z0-9]+)*$",
                description="Its id, such as `source/yonhap-2024-10-24`.",
            ),
        ),
        file=(str, Field(description="The file of the text, beside the YAML file.")),
        sha256=(
            str | None,
            Field(default=None, pattern="^[0-9a-f]{64}$", description="The SHA-256 of that file."),
        ),
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
        if prefix != "source":
            patterns[f"^{prefix}/{SLUG[1:]}"] = {"$ref": f"#/$defs/{noun.__name__}Entry"}
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

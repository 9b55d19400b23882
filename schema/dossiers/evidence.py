"""Evidence: how a dossier writes a claim, what the claim rests on, and its value."""

from __future__ import annotations

import math
import re
from enum import Enum
from functools import partial
from typing import Annotated, Any, Generic, TypeVar

from annotated_types import Len
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from schema.dossiers import examples
from schema.dossiers.iso_codes import STANDARDS
from schema.errors import nearest
from schema.model.canonical import canonical_number
from schema.model.factuality import Factuality
from schema.model.units import unit
from schema.model.values import (
    EQUIVALENTS,
    Certainty,
    EquivalentSum,
    Money,
    MoneyScope,
    PartialDate,
    Quantity,
    ValueObject,
    list_of,
    part_descriptions,
)
from schema.nouns.claim import SILENCES, ClaimOrigin, ClaimStatus

T = TypeVar("T")


def _whole(given: Any) -> Any:
    """A number of pieces; ValueError, with what would be right, for what pydantic would bend."""
    if isinstance(given, bool):
        raise ValueError(f"'{str(given).lower()}' is not a number; write it in digits")
    if isinstance(given, float) and not given.is_integer():
        raise ValueError(
            f"{given} is no number of pieces; for a measure write least: {given}, most: {given} "
            "and its unit, such as unit: km"
        )
    return given


def _decimal(given: Any) -> Any:
    """A decimal number as text; a number of YAML is one as long as it is exact."""
    if isinstance(given, bool):
        raise ValueError(f"'{str(given).lower()}' is not a number; write it in digits")
    if isinstance(given, float) and (not math.isfinite(given) or len(f"{given!r}") > 16):
        raise ValueError(f"{given!r} may not be exact; write it in quotation marks")
    if isinstance(given, int | float):
        given = canonical_number(repr(given))
    if isinstance(given, str) and not re.fullmatch(r"-?\d+(\.\d+)?", given, re.ASCII):
        if re.fullmatch(r"-?\d{1,3}([,_\s]\d{3})+(\.\d+)?", given, re.ASCII):
            digits = re.sub(r"[,_\s]", "", given)
            raise ValueError(f"'{given}' is not a number; write \"{digits}\"")
        raise ValueError(f"'{given}' is not a number; write it in digits, such as 1500 or 12.5")
    return given


UnitCode = Annotated[str, AfterValidator(unit)]
WholeNumber = Annotated[int, BeforeValidator(_whole)]
DecimalText = Annotated[str, BeforeValidator(_decimal, json_schema_input_type=str | float)]


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


def _edtf(text: str) -> str:
    """A date in EDTF; ValueError for what is none."""
    PartialDate.of(edtf=text)
    return text


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
    point_in_time: Annotated[str, AfterValidator(_edtf)] | None = Field(
        default=None,
        description="The time of which the source speaks here, in EDTF, where it is another than "
        "its publication.",
    )
    preferred: bool = Field(
        default=False, description="The editor's choice among claims that contradict it."
    )

    @property
    def all_quotes(self) -> list[Quote]:
        """Every passage, wherever it was written."""
        return [*([self.quote] if self.quote else []), *self.quotes]

    @property
    def first_words(self) -> str | None:
        """The words of its first passage."""
        return self.all_quotes[0].exact if self.all_quotes else None

    @property
    def is_silence(self) -> bool:
        """Whether it is the reason why there is no value."""
        return self.status in SILENCES

    @property
    def is_denial(self) -> bool:
        """Whether it says that something is not so."""
        return not self.is_silence and self.factuality is Factuality.DENIED

    @property
    def known_origin(self) -> ClaimOrigin:
        """How it comes from the source, as it is written or by what it rests on."""
        return self.origin or (ClaimOrigin.INFERRED if self.basis else ClaimOrigin.STATED)


class FieldClaim(Evidence, Generic[T]):
    """What the document says of one field."""

    value: T | None = Field(
        default=None, description="The typed value; for texts the first quote by default."
    )


def _part(kind: Any, name: str, **rules: Any) -> Any:
    """One part of a value object, in the words of the graph."""
    return Field(default=None, description=part_descriptions(kind)[name], **rules)


class DateValue(Strict):
    """A date as stated, with its EDTF where something bounds it."""

    stated: str | None = _part(PartialDate, "stated")
    edtf: str | None = _part(PartialDate, "edtf")


class QuantityValue(Strict):
    """A number of things, exact or bounded; a measure has a unit, and `least` and `most`."""

    stated: str | None = _part(Quantity, "stated")
    minimum: WholeNumber | None = _part(Quantity, "minimum", ge=0, lt=2**31)
    maximum: WholeNumber | None = _part(Quantity, "maximum", ge=0, lt=2**31)
    certainty: Certainty | None = _part(Quantity, "certainty")
    unit: UnitCode | None = _part(Quantity, "unit")
    least: DecimalText | None = _part(Quantity, "least")
    most: DecimalText | None = _part(Quantity, "most")
    floor: DecimalText | None = _part(Quantity, "floor")
    ceiling: DecimalText | None = _part(Quantity, "ceiling")


class EquivalentValue(Strict):
    """The same sum in another currency."""

    stated: str | None = _part(EquivalentSum, "stated")
    minimum: DecimalText | None = _part(EquivalentSum, "minimum")
    maximum: DecimalText | None = _part(EquivalentSum, "maximum")
    currency: Annotated[str, AfterValidator(STANDARDS["currency"])] = Field(
        description=part_descriptions(EquivalentSum)["currency"]
    )


class MoneyValue(Strict):
    """A sum of money, exact or bounded."""

    stated: str | None = _part(Money, "stated")
    minimum: DecimalText | None = _part(Money, "minimum")
    maximum: DecimalText | None = _part(Money, "maximum")
    currency: Annotated[str, AfterValidator(STANDARDS["currency"])] | None = _part(
        Money, "currency"
    )
    scope: MoneyScope | None = _part(Money, "scope")
    certainty: Certainty | None = _part(Money, "certainty")
    floor: DecimalText | None = _part(Money, "floor")
    ceiling: DecimalText | None = _part(Money, "ceiling")
    others: Annotated[list[EquivalentValue], Len(1, EQUIVALENTS)] | None = _part(Money, "others")
    share: str | None = _part(Money, "share", pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")


VALUES: dict[ValueObject, type[Strict]] = {
    PartialDate: DateValue,
    Quantity: QuantityValue,
    Money: MoneyValue,
}
"""How a dossier writes each value object."""
_choices: Any = Enum  # called as a function
Silence: Any = _choices("Silence", {status.value: status.value for status in SILENCES})


def _claims(kind: Any, given: Any) -> Any:
    """One claim, several, or a bare silence, as a list of claims."""
    reasons = ", ".join(Silence.__members__)
    if given is None:
        raise ValueError(f"it is empty; write {{value: …, quote: …}}, or why: {reasons}")
    if isinstance(given, list):
        return [_claim(kind, each) for each in given]
    if isinstance(given, str | int | float) and given in Silence.__members__:
        return [{"status": given}]
    return [_claim(kind, given)]


def _claim(kind: Any, given: Any) -> Any:
    """A claim that is written as one; ValueError for what stands without evidence."""
    if isinstance(given, str | int | float):
        reason = nearest(str(given), Silence.__members__)
        written = examples.claim(kind, given)
        raise ValueError(
            f"'{given}' stands without evidence; write {written}, or for a null its reason"
            + (f", such as {reason}" if reason else "")
        )
    return given


def claims_of(kind: Any) -> Any:
    """The type of a field that takes one claim, several, or a bare silence."""
    claim: Any = FieldClaim[kind]
    many = list_of(claim)
    written = Silence | claim | many
    claims = BeforeValidator(partial(_claims, kind), json_schema_input_type=written)
    return Annotated[many, claims]


def links_of(entry: type[BaseModel]) -> Any:
    """The type of a field that takes a list of links, or a bare silence."""

    def links(given: Any) -> Any:
        if isinstance(given, str) and given in Silence.__members__:
            return [entry.model_construct(silence=Silence(given))]
        return given

    many = list_of(entry)
    return Annotated[many, BeforeValidator(links, json_schema_input_type=Silence | many)]

"""What a noun is: a versioned table with a title, a history, and the evidence it rests on."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, ClassVar, TypeVar, cast

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from schema.model.choices import Choice, described
from schema.model.factuality import HEDGED, Factuality
from schema.model.fields import FieldNameText, ModelFields, RelationArgument, children
from schema.model.metaclass import NounMeta
from schema.model.traits import Trait
from schema.model.values import CodepointText, stored_choice


@described("Where the title of a record comes from.")
class TitleOrigin(Choice):
    STATED = ("STATED", "A source gives it in these words.")
    COMPOSED = ("COMPOSED", "Made from the record's parts, because no source gives one.")


F = TypeVar("F", bound=Callable[..., Any])


def cached_per_model(function: F) -> F:
    """Remembers what a function makes of a noun; type checkers take a model for unhashable."""
    return cast(F, cache(function))


def camel(name: str) -> str:
    """The name of a column as the graph writes it: `signed_on` is `signedOn`."""
    head, *tail = name.split("_")
    return head + "".join(part.title() for part in tail)


def snake(name: str) -> str:
    """The name of a column by that in the graph: `signedOn` is `signed_on`."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


class Versioned(SQLModel, metaclass=NounMeta):
    """A row that is valid from the edition that wrote it until the edition that replaced it."""

    model_config = {"defer_build": True}  # only what publishes validates
    declared: ClassVar[ModelFields]
    trait: ClassVar[Trait | None] = None
    """What the machinery knows it by."""
    slug_from: ClassVar[tuple[str, ...]] = ()
    """For a link: the columns whose values make its id under the record it belongs to."""
    unsearched: ClassVar[frozenset[str]] = frozenset({"folded"})
    """Texts that the search leaves out."""
    codes: ClassVar[frozenset[str]] = frozenset()
    """Texts that name a scheme and are no prose, which the search of words leaves out."""
    ascribed: ClassVar[frozenset[str]] = frozenset()
    """For a link: the columns that a coder ascribes, which no words of a source need to carry."""
    is_person: ClassVar[bool] = False
    """Its records are people, whom a surname alone names."""
    title_from: ClassVar[tuple[tuple[str, ...], ...]] = ()
    """For a link: the columns its title is made of, each with those that stand in for it."""
    parent_key: ClassVar[str | None] = None
    """For a link: the column that names the record it belongs to."""
    dated_by: ClassVar[tuple[str, ...]] = ()
    """The dates that place a record in time; the first that has bounds counts."""
    spans: ClassVar[tuple[tuple[str, str], ...]] = ()
    """Dates of which the first begins what the second ends."""
    progresses: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = ()
    """Choices whose values are rungs, in their order: a later one is progress and no conflict.

    Each with the rungs after which it may go on from any rung, such as `SUSPENDED`.
    """
    placed_by: ClassVar[tuple[str, ...]] = ()
    """Relations to records that share its day, which place it in time when it has no date."""
    happens: ClassVar[bool] = False
    """Its records are what actors do with each other: they tie actors, and make the timeline."""
    is_report: ClassVar[bool] = False
    """What is claimed of it as a whole is what it tells, and not whether it was told."""
    has_participants: ClassVar[bool] = False
    """Actors take part in its records; to be covered by a source is no part."""
    evident: ClassVar[frozenset[str]] = frozenset()
    """Columns that the file of a source fills by itself, without a claim."""
    is_name: ClassVar[bool] = False
    """For a link: its texts are names of the record it belongs to."""
    passing: ClassVar[frozenset[str]] = frozenset()
    """For such a link: the kinds of names that hold in the text of one source only."""
    belongs: ClassVar[tuple[tuple[str, str], ...]] = ()
    """Columns that say who belongs to whom: a member's, and that of the party that owns it."""
    upward: ClassVar[tuple[str, ...]] = ()
    """Columns that lead to what a record was made from, and so must never lead back to it."""
    found_by: ClassVar[tuple[tuple[str, ...], ...]] = ()
    """Columns by which questions find its rows, beside its own links, in the order of an index."""
    explained: ClassVar[bool] = True
    """Every null needs a claim that says why."""
    optional: ClassVar[frozenset[str]] = frozenset()
    """Fields that need no reason when they are empty, because most sources do not speak of them."""
    schema_org: ClassVar[str] = "Thing"
    """The type of schema.org that its records are, in linked data."""
    schema_org_properties: ClassVar[tuple[tuple[str, str], ...]] = ()
    """Fields that are properties of schema.org as well; of a role, its actors are."""

    id: str = Field(
        primary_key=True,
        foreign_key="record.id",
        sa_type=CodepointText,
        description="The permanent readable id, such as `party/poland`; read as of edition 2 "
        "`party/poland@2`.",
    )
    since: int = Field(
        primary_key=True,
        foreign_key="edition.number",
        sa_type=sa.BigInteger,
        description="The edition that wrote this row.",
    )
    until: int | None = Field(
        default=None,
        foreign_key="edition.number",
        sa_type=sa.BigInteger,
        description="The edition that replaced this row; null while it is current.",
    )


class Titled(Versioned):
    """Anything with a title, a place in the search and a history of its own."""

    title: str = Field(sa_type=CodepointText, description="A title that a list can show.")
    title_origin: TitleOrigin = Field(
        sa_type=stored_choice(TitleOrigin),
        description="Whether a source gives the title or it was made from the record's parts.",
    )
    folded: str = Field(
        default="",
        sa_type=CodepointText,
        description="The texts of the record, folded for search.",
    )

    edition = children(
        "Edition",
        "number",
        "The edition that wrote this as it stands.",
        key="since",
        single=True,
        required=True,
    )
    history = children(
        "Revision", "id", "Every version, newest first.", every_version=True, order=("-since",)
    )


def _factuality(description: str) -> Any:
    """The column that says how sure it is that a record, or a part of one, exists at all."""
    return Field(
        default=Factuality.ASSERTED,
        sa_type=stored_choice(Factuality),
        sa_column_kwargs={"server_default": "ASSERTED"},
        description=f"{description} The strongest that it rests on: of the claims that it exists, "
        "else of those that say anything of it; ASSERTED where none does.",
    )


def _hedged_fields() -> Any:
    """The column that names the fields whose values are not confirmed, for those who add them."""
    return Field(default=None, sa_type=sa.String)


def _evidence(owner: str, field: str) -> tuple[Any, Any, Any, Any]:
    """What leads to claims about a record or a link: all, the hedges, the unknowns, conflicts."""
    return (
        children(
            Trait.CLAIM,
            owner,
            "What each source says of it, with the exact words; of one field when named.",
            order=(field, "id"),
            narrow=(
                RelationArgument("field", field, FieldNameText, "Of one of its fields."),
                RelationArgument(
                    "as_whole", field, bool, "Only of the record as a whole, if true."
                ),
            ),
        ),
        children(
            Trait.CLAIM,
            owner,
            "What it holds that is not asserted: reported, alleged, planned or possible only. Each "
            "with its field, its `factuality` and the words; what no source vouches for as a fact "
            "is never shown without.",
            order=("field", "element_field", "id"),
            where=(("is_accepted", True), ("factuality", HEDGED)),
            present=(field,),
        ),
        children(
            Trait.CLAIM,
            owner,
            "The fields that hold nothing, each with the reason: not stated, withheld, unknown …",
            order=("field", "element_field", "id"),
            where=(
                ("is_accepted", True),
                ("status", ("NOT_STATED", "WITHHELD", "UNKNOWN", "NOT_APPLICABLE")),
            ),
        ),
        children(
            "Conflict",
            owner,
            "The fields of which sources say different things.",
            order=("field", "element_field", "id"),
            where=(("is_accepted", True),),
            present=("conflict_key",),
        ),
    )


class Record(Titled):
    """Anything the tracker knows, with a permanent id, a title and the evidence it rests on."""

    schema_org_properties: ClassVar[tuple[tuple[str, str], ...]] = (("identifiers", "identifier"),)

    factuality: Factuality = _factuality("How far sources vouch for it.")
    hedged_fields: str | None = _hedged_fields()

    claims, hedges, unknowns, conflicts = _evidence("record_id", "field")
    sources = children(
        Trait.SOURCE,
        "id",
        "The sources that say anything of it.",
        linked_by=(Trait.CLAIM, "record_id", "source_id"),
    )
    identifiers = children(
        Trait.IDENTIFIER,
        "record_id",
        "Codes and numbers it has in other data sets.",
        bounded="Those of the schemes there are.",
    )
    classifications = children(
        Trait.CLASSIFICATION,
        "record_id",
        "Where it stands in published schemes.",
        bounded="Those of the schemes there are.",
    )
    evaluations = children(
        Trait.EVALUATION,
        "record_id",
        "The judging words of a source's writer on it, kept apart from facts.",
    )


class Link(Titled):
    """A part of a record with something to say of itself: a role, a name, a line of goods …"""

    factuality: Factuality = _factuality("How far sources vouch for this part.")
    hedged_fields: str | None = _hedged_fields()

    claims, hedges, unknowns, conflicts = _evidence("element_id", "element_field")


class Derived:
    """A type of the graph that is read off nouns and has no table of its own."""

    kinds: ClassVar[dict[str, type[Derived]]] = {}
    """All of them, by their names in the graph."""
    declared: ClassVar[ModelFields]
    columns: ClassVar[dict[str, Any]]
    id: ClassVar[Any]

    def __init_subclass__(cls) -> None:
        """Adds it to those that the graph shows."""
        Derived.kinds[cls.__name__] = cls

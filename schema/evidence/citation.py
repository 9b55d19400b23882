"""Citation: how a record is cited as of the edition that was read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from enum import Enum
from typing import Any, NewType

import sqlalchemy as sa
import strawberry

from schema.evidence.citation_styles import (
    NAMED_SOURCES,
    Cited,
    Reference,
    apa,
    bibtex,
    chicago,
    csl_item,
    mla,
)
from schema.execution.executor import Executor
from schema.execution.views import to_objects
from schema.graph.arguments import argument, needed
from schema.graph.catalog import TypedObject, types
from schema.graph.declare import ResolvedField, add_field, plain, reference, scalars, view
from schema.model.registry import table_named, table_with
from schema.model.traits import Trait, name_with
from schema.model.values import PartialDate, value_fields
from schema.planning.selection import SelectedField
from schema.storage.sql import key_in
from schema.storage.statement import KEYS


@strawberry.enum(description="How a citation is written.")
class CitationStyle(Enum):
    CHICAGO = strawberry.enum_value(
        "CHICAGO", description="The Chicago Manual of Style, as an entry of a bibliography."
    )
    APA = strawberry.enum_value("APA", description="The American Psychological Association.")
    MLA = strawberry.enum_value("MLA", description="The Modern Language Association.")
    BIBTEX = strawberry.enum_value("BIBTEX", description="An entry of a BibTeX file.")


FORMATTERS = {
    CitationStyle.CHICAGO: chicago,
    CitationStyle.APA: apa,
    CitationStyle.MLA: mla,
    CitationStyle.BIBTEX: bibtex,
}


CslItem = NewType("CslItem", dict[str, Any])
scalars[CslItem] = strawberry.scalar(
    name="CslItem",
    description="An item of CSL-JSON: an object as the schema csl-data.json describes it, "
    "which reference managers and citation processors read.",
    serialize=lambda item: item,
    specified_by_url="https://resource.citationstyles.org/schema/v1.0/input/json/csl-data.json",
)


@view()
class Citation:
    """A record as a text cites it: what was read, of which edition, and what it rests on."""

    id: strawberry.ID = plain(
        "The record, the edition and the style, such as `citation/party/poland@2#apa`."
    )
    style: CitationStyle = plain("How it is written.")
    text: str = plain("The citation, ready to be copied.")
    csl: CslItem = plain("The same for reference managers, whatever the style.")
    permalink: str = plain("The record as of this edition; it shows the same for ever.")
    edition: str = reference("Edition", "The edition that was read: the newest without `asOf`.")


async def _citations(
    reader: Executor, records: Sequence[Any], selected: SelectedField, arguments: dict[str, Any]
) -> list[TypedObject]:
    """The citations of many records: two statements, and one for the edition if it is selected."""
    style = arguments["style"]
    number, published_at = await _edition(reader)
    by_record = await _references(reader, [record["id"] for record in records])
    citations = []
    for record in records:
        references, count = by_record[record["id"]]
        cited = Cited(
            id=record["id"],
            title=record["title"],
            edition=number,
            published_at=published_at,
            permalink=f"{reader.bindings.base}/{record['id']}?edition={number}",
            references=tuple(references),
            source_count=count,
        )
        citations.append(
            Citation(
                id=strawberry.ID(f"citation/{cited.id}@{number}#{style.name.lower()}"),
                style=style,
                text=FORMATTERS[style](cited),
                csl=CslItem(csl_item(cited)),
                permalink=cited.permalink,
                edition=f"edition/{number}",
            )
        )
    return await to_objects(reader, "Citation", citations, selected)


async def _edition(reader: Executor) -> tuple[int, Any]:
    """The edition that is being read, and when it was published."""

    def newest() -> sa.Select[*tuple[Any, ...]]:
        table = table_named("Edition")
        query = sa.select(table.c.number, table.c.published_at)
        query = query.where(reader.scope.valid("Edition", table))
        return query.order_by(table.c.number.desc()).limit(1)

    [row] = await reader.rows(("citation", "edition"), newest)
    return row["number"], row["published_at"]


async def _references(
    reader: Executor, ids: Sequence[str]
) -> dict[str, tuple[list[Reference], int]]:
    """The sources that make most claims of each record, and how many there are in all."""
    by_record: dict[str, tuple[list[Reference], int]] = defaultdict(lambda: ([], 0))
    for row in await reader.rows(("citation", "references"), lambda: _main_sources(reader), ids):
        parts = {part: row[f"published_on_{part}"] for part in value_fields(PartialDate)}
        date = PartialDate(**parts)
        references, _ = by_record[row["record_id"]]
        references.append(Reference(row["title"], row["author"], row["publisher"], date))
        by_record[row["record_id"]] = references, row["sources"]
    return by_record


def _main_sources(reader: Executor) -> sa.Select[*tuple[Any, ...]]:
    """The sources that make most claims of each record, the first few."""
    claims, sources = table_with(Trait.CLAIM).alias(), table_with(Trait.SOURCE).alias()
    rank = sa.func.row_number().over(
        partition_by=claims.c.record_id, order_by=(sa.func.count().desc(), claims.c.source_id)
    )
    counted = (
        sa.select(
            claims.c.record_id,
            claims.c.source_id,
            rank.label("place"),
            sa.func.count().over(partition_by=claims.c.record_id).label("sources"),
        )
        .where(key_in(claims.c.record_id, KEYS), reader.scope.valid(name_with(Trait.CLAIM), claims))
        .group_by(claims.c.record_id, claims.c.source_id)
        .subquery()
    )
    dates = [sources.c[f"published_on_{part}"] for part in value_fields(PartialDate)]
    columns = (sources.c.title, sources.c.author, sources.c.publisher, *dates)
    return (
        sa.select(counted.c.record_id, counted.c.sources, *columns)
        .join(sources, sources.c.id == counted.c.source_id)
        .where(
            counted.c.place <= NAMED_SOURCES, reader.scope.valid(name_with(Trait.SOURCE), sources)
        )
        .order_by(counted.c.record_id, counted.c.place)
    )


add_field(
    "Record",
    "citation",
    ResolvedField(
        "How the record is cited as of the edition that is read.",
        lambda: types["Citation"],
        _citations,
        lambda: {"style": needed(argument(CitationStyle, "How it is written."))},
        needs=("title",),
    ),
)

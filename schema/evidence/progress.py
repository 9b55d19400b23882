"""Progress: the rungs of a ladder that sources tell of, in the order of the times they speak of."""

from __future__ import annotations

import datetime
import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
import strawberry

from schema.execution.derived import BY_ID, Row, records_field, rising
from schema.execution.executor import Executor
from schema.execution.views import to_lists
from schema.graph.catalog import types
from schema.graph.declare import ResolvedField, add_field, plain, view
from schema.model.bounds import at_most, page_of, term
from schema.model.editions import valid
from schema.model.fanout import CLAIMED
from schema.model.noun import Versioned, camel
from schema.model.registry import noun_with, nouns, table_with
from schema.model.traits import Trait, name_with
from schema.model.values import PartialDate, list_of, unwrap_optional
from schema.nouns.claim import is_denied
from schema.planning.selection import SelectedField
from schema.storage.sql import key_in
from schema.storage.statement import KEYS


@view()
class ProgressStep:
    """One rung of a ladder, such as a stage, that sources say a record reached, or will reach."""

    id: strawberry.ID = plain(
        "The record and the rung, such as `progress-step/procurement/x#SIGNED`."
    )
    value: str = plain("The rung, such as `SIGNED`.")
    earliest: datetime.date | None = plain(
        "The first day of the first time of which a source speaks here; null where none is known."
    )
    latest: datetime.date | None = plain("The last day of that time.")
    is_accepted: bool = plain("Whether the record stands here.")
    claims: Any = records_field(
        name_with(Trait.CLAIM),
        "claims",
        "Who says so, in the order of the times of which they speak; how far each vouches for it "
        "stands in its `factuality`.",
        "claim_rows",
        [rising("begin"), rising("end"), BY_ID],
        page_of(term(CLAIMED), is_shared=True),
    )
    sources: Any = records_field(
        name_with(Trait.SOURCE),
        "sources",
        "Their sources.",
        "source_rows",
        [BY_ID],
        page_of(term(CLAIMED), is_shared=True),
    )
    claim_rows: Sequence[Row]
    source_rows: Sequence[Row]


async def _progress(
    reader: Executor, items: Sequence[Any], selected: SelectedField, arguments: dict[str, Any]
) -> Sequence[Any]:
    """The steps of each record, the first in time first; what has no time stands last."""
    ids = sorted({item["id"] for item in items})
    steps: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for row in await reader.rows("progress", lambda: _claims_of_ladders(reader.edition), ids):
        if not is_denied(row):
            steps[row["record_id"]][json.loads(row["value"])].append(row)
    lists: list[list[ProgressStep]] = []
    for item in items:
        rungs = [
            sorted(claims, key=lambda claim: (*_time(claim), claim["id"]))
            for claims in steps[item["id"]].values()
        ]
        rungs.sort(key=lambda claims: (*_time(claims[0]), claims[0]["id"]))
        lists.append([_step(claims) for claims in rungs])
    return await to_lists(reader, "ProgressStep", lists, selected)


def _step(claims: list[Any]) -> ProgressStep:
    first, value = claims[0], json.loads(claims[0]["value"])
    earliest, latest = _days(first)
    return ProgressStep(
        id=strawberry.ID(f"progress-step/{first['record_id']}#{value}"),
        value=value,
        earliest=earliest,
        latest=latest,
        is_accepted=any(claim["is_accepted"] for claim in claims),
        claim_rows=[_row(claim) for claim in claims],
        source_rows=[{"id": id} for id in sorted({claim["source_id"] for claim in claims})],
    )


def _row(claim: Any) -> Row:
    begin, end = map(str, _time(claim))
    return {"begin": begin, "end": end, "id": claim["id"]}


def _days(claim: Any) -> tuple[datetime.date | None, datetime.date | None]:
    """The time of which a claim speaks: its own, else when its source was published."""
    own = PartialDate.of(edtf=claim["point_in_time"])
    if own.earliest or own.latest:
        return own.earliest, own.latest
    return claim["earliest"], claim["latest"]


def _time(claim: Any) -> tuple[datetime.date, datetime.date]:
    earliest, latest = _days(claim)
    if earliest is None and latest is None:
        return datetime.date.max, datetime.date.max
    return earliest or datetime.date.min, latest or datetime.date.max


def _claims_of_ladders(edition: Any) -> sa.Select[*tuple[Any, ...]]:
    """The firm claims of the ladders of the records that are bound, and their sources' dates."""
    claims, source = table_with(Trait.CLAIM).alias(), noun_with(Trait.SOURCE)
    sources, date = table_with(Trait.SOURCE).alias(), source.dated_by[0]
    names = ("id", "record_id", "value", "factuality", "point_in_time", "is_accepted", "source_id")
    fields = {camel(name) for noun in nouns().values() for name, _ in noun.progresses}
    return (
        sa.select(
            *(claims.c[name] for name in names),
            sources.c[f"{date}_earliest"].label("earliest"),
            sources.c[f"{date}_latest"].label("latest"),
        )
        .join(sources, sa.and_(sources.c.id == claims.c.source_id, valid(sources, edition)))
        .where(valid(claims, edition), key_in(claims.c.record_id, KEYS))
        .where(claims.c.field.in_(sorted(fields)), claims.c.element_id.is_(None))
        .where(claims.c.status == "KNOWN")
    )


def _rungs(noun: type[Versioned]) -> int:
    """How many rungs the ladder of a noun has."""
    [(ladder, _)] = noun.progresses
    return len(unwrap_optional(noun.model_fields[ladder].annotation))


for _name, _noun in nouns().items():
    if _noun.progresses:
        add_field(
            _name,
            "progress",
            ResolvedField(
                f"How its `{camel(_noun.progresses[0][0])}` came about: each rung that a source "
                "tells of, in the order of the times of which the sources speak, with who says so. "
                "A later rung is progress and no conflict; what is denied is no step.",
                lambda: list_of(types["ProgressStep"]),
                _progress,
                bound=at_most(_rungs(_noun), is_owned=True, reason="The rungs of one ladder."),
            ),
        )

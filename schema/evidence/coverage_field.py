"""The coverage field: each answer can say whether what is not in it was looked for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from schema.evidence.coverage import Coverage, coverage_of
from schema.execution.executor import Executor
from schema.execution.views import to_objects
from schema.graph.catalog import TypedObject, types
from schema.graph.declare import WHERE, ResolvedField, add_field
from schema.model.noun import camel
from schema.model.registry import nouns, nouns_of, prefixes
from schema.planning.selection import SelectedField

_TELLS = (
    "Whether the sources that were read cover what is asked about: an empty answer inside of it "
    "means that nothing was found, outside of it that nobody looked. Two statements."
)


async def _of_answers(
    reader: Executor, items: Sequence[Any], selected: SelectedField, arguments: dict[str, Any]
) -> list[TypedObject | None]:
    """The coverage of what answers were asked about, each the same question only once."""
    known: dict[str, Coverage] = {}
    for item in items:
        key = json.dumps(item.where, default=str, sort_keys=True)
        if key not in known:
            known[key] = await coverage_of(reader, item.where)
    rows = await to_objects(reader, "Coverage", [*known.values()], selected)
    by_key = dict(zip(known, rows, strict=True))
    return [by_key[json.dumps(item.where, default=str, sort_keys=True)] for item in items]


@dataclass(frozen=True)
class _Asked:
    """What one list was asked about."""

    where: dict[str, Any]


async def _of_lists(
    reader: Executor, items: Sequence[Any], selected: SelectedField, arguments: dict[str, Any]
) -> list[TypedObject | None]:
    """The coverage of the lists of one noun."""
    asked = [
        _Asked(_about(item.noun, item.where) if item.owner is None else _of_owner(item.owner))
        for item in items
    ]
    return await _of_answers(reader, asked, selected, arguments)


def _of_owner(owner: str) -> dict[str, Any]:
    """What a list inside a record is about: the party or official it belongs to."""
    noun = prefixes().get(str(owner).partition("/")[0])
    is_actor = noun is not None and noun.__name__ in nouns_of("Actor")
    return {"involves": [{"actor": owner}]} if is_actor else {}


def _about(name: str, where: Mapping[str, Any] | None) -> dict[str, Any]:
    """The parties and the days in the `where` of one noun; what is in `or` and `not` is wider."""
    found: dict[str, Any] = {"involves": []}
    for key, given in (where or {}).items():
        if given is None:
            continue
        if key == "involves":
            found["involves"].append(given)
        elif key in map(camel, nouns()[name].dated_by):
            found["happened"] = given
        elif key == "and":
            inner = [_about(name, each) for each in given]
            found["involves"] += [match for each in inner for match in each.pop("involves")]
            for each in inner:
                found |= each
    return found


add_field(WHERE, "coverage", ResolvedField(_TELLS, lambda: types["Coverage"], _of_answers))
add_field("Connection", "coverage", ResolvedField(_TELLS, lambda: types["Coverage"], _of_lists))

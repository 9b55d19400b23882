"""The coverage field: each answer can say whether what is not in it was looked for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from schema.evidence.coverage import coverage_of
from schema.execution.executor import Executor
from schema.execution.views import to_objects
from schema.graph.catalog import TypedObject, types
from schema.graph.declare import WHERE, ResolvedField, add_field
from schema.model.noun import camel
from schema.model.registry import nouns, nouns_of, prefixes
from schema.planning.selection import SelectedField

_DESCRIPTION = (
    "Whether the sources that were read cover what is asked about: an empty answer inside of it "
    "means that nothing was found, outside of it that nobody looked. Two statements."
)


async def _of_answers(
    reader: Executor, items: Sequence[Any], selected: SelectedField, arguments: dict[str, Any]
) -> list[TypedObject | None]:
    """The coverage of what answers are about."""
    return await _coverages(reader, [item.where for item in items], selected)


async def _of_lists(
    reader: Executor, items: Sequence[Any], selected: SelectedField, arguments: dict[str, Any]
) -> list[TypedObject | None]:
    """The coverage of the lists of one noun."""
    wheres = [
        _list_where(item.noun, item.where) if item.owner is None else _owner_where(item.owner)
        for item in items
    ]
    return await _coverages(reader, wheres, selected)


async def _coverages(
    reader: Executor, wheres: Sequence[Mapping[str, Any] | None], selected: SelectedField
) -> list[TypedObject | None]:
    """The coverage of each `where`; equal ones are worked out once."""
    keys = [json.dumps(where, default=str, sort_keys=True) for where in wheres]
    coverages = {
        key: await coverage_of(reader, where)
        for key, where in dict(zip(keys, wheres, strict=True)).items()
    }
    objects = await to_objects(reader, "Coverage", [*coverages.values()], selected)
    by_key = dict(zip(coverages, objects, strict=True))
    return [by_key[key] for key in keys]


def _owner_where(owner: str) -> dict[str, Any]:
    """What a list inside a record is about: the party or official it belongs to."""
    noun = prefixes().get(str(owner).partition("/")[0])
    is_actor = noun is not None and noun.__name__ in nouns_of("Actor")
    return {"involves": [{"actor": owner}]} if is_actor else {}


def _list_where(name: str, where: Mapping[str, Any] | None) -> dict[str, Any]:
    """The parties and the days in the `where` of one noun; what is in `or` and `not` is wider."""
    scope: dict[str, Any] = {"involves": []}
    for key, test in (where or {}).items():
        if test is None:
            continue
        if key == "involves":
            scope["involves"] += test
        elif key in map(camel, nouns()[name].dated_by):
            scope["happened"] = test
        elif key == "and":
            for part in test:
                inner = _list_where(name, part)
                scope["involves"] += inner.pop("involves")
                scope |= inner
    return scope


add_field(WHERE, "coverage", ResolvedField(_DESCRIPTION, lambda: types["Coverage"], _of_answers))
add_field(
    "Connection", "coverage", ResolvedField(_DESCRIPTION, lambda: types["Coverage"], _of_lists)
)

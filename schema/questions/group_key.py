"""The keys of groups: what the records of a group of the statistics have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import strawberry

from schema.execution.views import ColumnarViews, SharedListColumn
from schema.graph.declare import plain, reference, view
from schema.questions.dimensions import Dimension, Grouping, Missing


@view()
class GroupKey:
    """What the records of a group have in common on one side."""

    id: strawberry.ID = plain("The side and the value, such as `group-key/YEAR:2024`.")
    by: Dimension = plain("The side.")
    value: str | None = plain(
        "The value: a year, a choice, a text, or the id of a party or source; null where missing."
    )
    missing: Missing | None = plain("Why there is no value; null where there is one.")
    record: str | None = reference("Record", "The party, official or source, for such sides.")


def keys_of(grouping: Grouping, keys: Sequence[tuple[Any, ...]]) -> SharedListColumn:
    """The keys of groups as views; those of one dimension and value are the same one."""
    dimensions: list[Dimension] = []
    texts: list[str] = []
    places: list[list[int]] = []
    for index, by in enumerate(grouping.by, 1):
        column = [key[index] for key in keys]
        place_of = {text: place for place, text in enumerate(dict.fromkeys(column), len(texts))}
        places.append([place_of[text] for text in column])
        dimensions += [by] * len(place_of)
        texts += place_of
    values = [text[1:] if text[0] == "=" else None for text in texts]
    views = ColumnarViews(
        texts,
        {
            "id": lambda: [
                f"group-key/{by.value}:{text[1:] if text[0] == '=' else '!' + text[1:]}"
                for by, text in zip(dimensions, texts, strict=True)
            ],
            "by": lambda: [by.value for by in dimensions],
            "value": lambda: values,
            "missing": lambda: [None if text[0] == "=" else text[1:] for text in texts],
            "record": lambda: [
                value if by in (Dimension.PARTY, Dimension.SOURCE) else None
                for by, value in zip(dimensions, values, strict=True)
            ],
        },
    )
    return SharedListColumn(views, [*zip(*places, strict=True)])

"""The data dictionary of a file: its columns as CSV on the Web has them (W3C, tabular metadata)."""

from __future__ import annotations

import inspect
from typing import Any

from api.files.column import TEXT, Column
from api.files.formats import IN_ITS_PLACE, SEPARATOR
from api.files.parameters import Question

MEDIA_TYPE = "application/csvm+json"
KEY = "id"
DIALECT = {
    "encoding": "utf-8",
    "delimiter": ",",
    "quoteChar": '"',
    "doubleQuote": True,
    "lineTerminators": ["\r\n"],
    "header": True,
    "headerRowCount": 1,
}
GUARDED = (
    "A text that a spreadsheet would run as a formula, for it begins with one of = + - @ or a "
    "control character, has a ' before it; `guard=false` gives texts as they are."
)


def dictionary(list: str, about: str, wanted: Question, address: str) -> dict[str, Any]:
    """What describes the file of a list at this address."""
    texts = [inspect.cleandoc(about), GUARDED if wanted.is_guarded else ""]
    table: dict[str, Any] = {"columns": [_column(column) for column in wanted.columns]}
    if any(column.name == KEY for column in wanted.columns):
        table |= {"primaryKey": KEY, "aboutUrl": "{+id}"}
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": address,
        "dc:title": list,
        "dc:description": " ".join(filter(None, texts)),
        "dialect": DIALECT,
        "tableSchema": table,
    }


def _column(column: Column) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": column.name,
        "titles": [column.name, column.name.replace("_", " ").capitalize()],
        "dc:description": column.description,
        "datatype": column.datatype,
        "required": column.is_required and not column.is_list,
        "null": "",
    }
    if column.choices:
        found["datatype"] = {"base": TEXT, "format": f"^({'|'.join(column.choices)})$"}
    if column.is_list:
        found["separator"] = SEPARATOR
        found["dc:description"] += (
            f" Between several stands {SEPARATOR}; in a text it is {IN_ITS_PLACE}."
        )
    return found

"""The formats of files: records as lines of CSV (RFC 4180) and of NDJSON."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from api.files.column import JSON_TYPE, Column, Node
from schema.model.ids import unqualified

SEPARATOR, IN_ITS_PLACE = "|", "¦"
"""What stands between the texts of one cell, and what is written where a text holds it."""
FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
"""How a text begins that a spreadsheet would run, or that one was marked by the same quote."""
ADDRESS_EDITION = re.compile(r"(@|\?edition=)[1-9][0-9]*$")


@dataclass(frozen=True)
class Form:
    """How the values of a file are written."""

    columns: Sequence[Column]
    is_guarded: bool = True
    """Whether a text that a spreadsheet would take for a formula has a quote before it."""
    has_editions: bool = False
    """Whether ids and permalinks carry the edition that was read."""


Encoder = Callable[[Form, Iterable[Node]], bytes]


@dataclass(frozen=True)
class Format:
    """One kind of file."""

    media_type: str
    encode: Encoder
    header: Callable[[Form], bytes]


def value_of(form: Form, column: Column, node: Node) -> Any:
    """A value of a record; without the edition in ids and permalinks, unless they carry it."""
    value = column.value(node)
    if value is None or form.has_editions:
        return value
    if column.is_id:
        return [*map(unqualified, value)] if column.is_list else unqualified(value)
    return ADDRESS_EDITION.sub("", value) if column.is_address else value


def _cell(form: Form, column: Column, node: Node) -> str | None:
    value = value_of(form, column, node)
    if value is None or value == []:
        return None
    if column.datatype == JSON_TYPE:
        return orjson.dumps(value).decode()
    if isinstance(value, bool):
        return "true" if value else "false"
    if column.is_list:
        value = SEPARATOR.join(each.replace(SEPARATOR, IN_ITS_PLACE) for each in value)
    text = str(value)
    return f"'{text}" if form.is_guarded and column.is_text and FORMULA.match(text) else text


def _written(rows: Iterable[Sequence[str | None]]) -> bytes:
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="\r\n").writerows(rows)
    return file.getvalue().encode()


def _csv_header(form: Form) -> bytes:
    return _written([[column.name for column in form.columns]])


def _csv(form: Form, nodes: Iterable[Node]) -> bytes:
    return _written([[_cell(form, column, node) for column in form.columns] for node in nodes])


def _ndjson(form: Form, nodes: Iterable[Node]) -> bytes:
    lines = []
    for node in nodes:
        values = {column.name: _json(form, column, node) for column in form.columns}
        lines.append(orjson.dumps(values, option=orjson.OPT_APPEND_NEWLINE))
    return b"".join(lines)


def _json(form: Form, column: Column, node: Node) -> Any:
    """A value as JSON has it; a decimal number is one, with all its digits."""
    value = value_of(form, column, node)
    return orjson.Fragment(value) if column.datatype == "decimal" and value else value


CSV = Format("text/csv; charset=utf-8; header=present", _csv, _csv_header)
NDJSON = Format("application/x-ndjson; charset=utf-8", _ndjson, lambda form: b"")
FORMATS = {"csv": CSV, "ndjson": NDJSON}
"""The formats by the ending of an address."""

"""The JSON Schema of dossiers: sound, described, and obeyed by what is published."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from api.cli import app
from api.database.seeding import SEED
from schema.dossiers.format import coded, json_schema
from schema.dossiers.yaml_source import parse
from tests.support.dossier_factory import Data, make

TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "null": type(None),
}
NOTES = {"title", "description", "default", "examples", "$defs", "$schema"}
"""Keywords that ask for nothing."""
ASKED: dict[str, Callable[[Any, Any], bool]] = {
    "type": lambda value, data: (
        isinstance(data, TYPES[value]) and not (value == "integer" and isinstance(data, bool))
    ),
    "enum": lambda value, data: data in value,
    "pattern": lambda value, data: not isinstance(data, str) or bool(re.search(value, data)),
    "minLength": lambda value, data: not isinstance(data, str) or len(data) >= value,
    "minimum": lambda value, data: not isinstance(data, int) or data >= value,
    "exclusiveMaximum": lambda value, data: not isinstance(data, int) or data < value,
    "required": lambda value, data: not isinstance(data, dict) or data.keys() >= set(value),
}
"""What a keyword asks of the data itself."""


def mistakes(schema: Data, data: Any, root: Data, at: str = "") -> Iterator[str]:
    """Where data disobeys a schema; a keyword that is not known here fails the test."""
    if "$ref" in schema:
        schema = root["$defs"][schema["$ref"].removeprefix("#/$defs/")]
    for keyword in schema.keys() - NOTES:
        if keyword in ASKED:
            if not ASKED[keyword](schema[keyword], data):
                yield f"{at}: {data!r} is not as {keyword} asks: {schema[keyword]}"
        elif keyword == "anyOf":
            told = [list(mistakes(choice, data, root, at)) for choice in schema[keyword]]
            yield from min(told, key=len)
        elif keyword == "items":
            for index, item in enumerate(data if isinstance(data, list) else []):
                yield from mistakes(schema[keyword], item, root, f"{at}[{index}]")
        else:
            assert keyword in ("properties", "patternProperties", "additionalProperties"), keyword
    if "additionalProperties" in schema and isinstance(data, dict):
        yield from inside(schema, data, root, at)


def inside(schema: Data, data: Data, root: Data, at: str) -> Iterator[str]:
    """The same for the parts of an object."""
    assert schema["additionalProperties"] is False
    named, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
    for name, part in data.items():
        wanted = [named[name]] if name in named else []
        wanted += [kind for pattern, kind in patterns.items() if re.search(pattern, name)]
        if not wanted:
            yield f"{at}: there is no {name}"
        for kind in wanted:
            yield from mistakes(kind, part, root, f"{at}.{name}")


def against(folder: Path) -> list[str]:
    """What the schema finds in a dossier."""
    data, findings = parse((folder / "dossier.yaml").read_text("utf-8"), "dossier.yaml")
    assert not findings
    schema = json_schema()
    return list(mistakes(schema, data, schema))


def test_the_seed_obeys_the_schema() -> None:
    assert against(SEED) == []


def test_a_dossier_of_every_part_obeys_the_schema(tmp_path: Path) -> None:
    assert against(make(tmp_path / "good", headings=["Alfa and Bravo Sign a Pact 🕊"])) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("summary: A pact", "sumary: A pact", "is not as required asks"),
        ("party/bravo:", "party/Bravo:", "there is no party/Bravo"),
        ("party/bravo:", "partei/bravo:", "there is no partei/bravo"),
        ("id: source/first", "id: first", "'first' is not as pattern asks"),
        ("value: TREATY", "value: TREATIE", "TREATIE"),
        ("name_order: NOT_STATED", "nmae_order: NOT_STATED", "there is no nmae_order"),
        ("name_order: NOT_STATED", "name_order: NOT_STATD", "NOT_STATD"),
        ("stated_as: Alfa", "stated: Alfa\n      statedas: x", "there is no statedas"),
    ],
)
def test_the_schema_finds_what_publishing_would_refuse(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    folder = make(tmp_path / "bad")
    text = (folder / "dossier.yaml").read_text("utf-8")
    assert old in text
    (folder / "dossier.yaml").write_text(text.replace(old, new, 1), "utf-8")
    found = against(folder)
    assert any(told in mistake for mistake in found), found


def test_every_reference_of_the_schema_is_defined_and_every_noun_is_in_it() -> None:
    schema = json_schema()
    used = set(re.findall(r'"#/\$defs/([^"]+)"', json.dumps(schema)))
    assert used <= schema["$defs"].keys()
    records = schema["properties"]["records"]["patternProperties"]
    assert {re.sub(r"\W.*", "", pattern[1:]) for pattern in records} == coded().keys() - {"source"}


def test_every_field_of_the_schema_is_described() -> None:
    schema = json_schema()
    silent = [
        f"{name}.{field}"
        for name, definition in [
            *schema["$defs"].items(),
            ("source", schema["properties"]["source"]),
        ]
        for field, part in definition.get("properties", {}).items()
        if not part.get("description")
    ]
    assert silent == []


def test_the_command_writes_the_schema(tmp_path: Path) -> None:
    shown = CliRunner().invoke(app, ["schema", "--dossier"])
    assert json.loads(shown.stdout) == json_schema()
    file = tmp_path / "dossier.schema.json"
    assert CliRunner().invoke(app, ["schema", "--dossier", str(file)]).exit_code == 0
    assert json.loads(file.read_text("utf-8")) == json_schema()

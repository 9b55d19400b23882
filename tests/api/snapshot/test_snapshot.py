"""Snapshots: whole, the same bytes each time, readable without the code, and verified offline."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from frictionless import Package, Schema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from api.cli import app
from api.files.columns import lists
from api.snapshot.tables import tables
from api.snapshot.verify import UNREADABLE, verify
from api.snapshot.write import descriptor_of, write
from schema.build import build
from schema.errors import InputError, UnknownEditionError
from schema.model.noun import Record
from schema.model.registry import nouns
from tests.support.contradicting_sources import SECOND, SEED_EDITION, SEED_SOURCE, publish_press
from tests.support.databases import Store, Stores
from tests.support.dossier_factory import make, record

SCHEMA = build()._schema
TABLES = tables(SCHEMA)


def silent(step: str, done: int, total: int) -> None:
    """Tells nobody of progress."""


def written(store: Store, file: Path, edition: int | None = None) -> Path:
    """A snapshot of a database."""
    write(store.url, file, edition, silent)
    return file


@pytest.fixture(scope="module")
def snapshot(press: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A snapshot of the press."""
    return written(press, tmp_path_factory.mktemp("snapshot") / "press.sqlite")


@pytest.fixture
def tiny(empty: Store, tmp_path: Path) -> Path:
    """A snapshot of one agreement."""
    empty.publish(make(tmp_path / "a", record("agreement/pact", "Pact")))
    return written(empty, tmp_path / "tiny.sqlite")


@pytest.fixture
def database(snapshot: Path) -> Iterator[sqlite3.Connection]:
    """The same, opened."""
    with closing(sqlite3.connect(snapshot)) as opened:
        yield opened


def of(database: sqlite3.Connection, query: str) -> list[Any]:
    """The rows of a query."""
    return [*database.execute(query)]


def test_every_noun_has_a_table_with_all_its_records(
    press: Store, database: sqlite3.Connection
) -> None:
    assert {*TABLES} == {*nouns(), "Edition"}
    for name, noun in lists(SCHEMA).items():
        total = press.ask(f"{{ {name} {{ totalCount }} }}")[name]["totalCount"]
        assert of(database, f'SELECT count(*) FROM "{TABLES[noun].name}"') == [(total,)]
    assert of(database, "PRAGMA foreign_key_check") == []
    dictionary = of(database, 'SELECT "table", "column" FROM dictionary WHERE "column" IS NOT NULL')
    assert dictionary == [
        (table.name, column.name) for table in TABLES.values() for column in table.columns
    ]


def test_an_analyst_reads_it_without_the_code(press: Store, database: sqlite3.Connection) -> None:
    deal = "procurement/south-korea-polish-drones"
    query = f'{{ procurement(by: {{id: "{deal}"}}) {{ title buyers {{ actor {{ title }} }} }} }}'
    read = press.ask(query)["procurement"]
    [row] = of(database, f"SELECT title, buyers FROM procurements_with_actors WHERE id = '{deal}'")
    assert row == (read["title"], " | ".join(each["actor"]["title"] for each in read["buyers"]))
    records = {name for name, noun in nouns().items() if issubclass(noun, Record)}
    assert {noun for [noun] in of(database, "SELECT DISTINCT noun FROM records")} <= records
    [[count]] = of(database, "SELECT count(*) FROM records")
    assert count == sum(
        of(database, f'SELECT count(*) FROM "{TABLES[noun].name}"')[0][0] for noun in records
    )
    words = of(
        database, f"SELECT exact, start, end FROM evidence WHERE source_id = '{SEED_SOURCE}'"
    )
    [[text]] = of(database, f"SELECT text FROM sources WHERE id = '{SEED_SOURCE}'")
    spans = [row for row in words if row[0] is not None]
    assert spans
    assert all(text[start:end] == exact for exact, start, end in spans)


def test_a_snapshot_is_a_data_package(snapshot: Path, database: sqlite3.Connection) -> None:
    [[inside]] = of(database, "SELECT value FROM snapshot WHERE key = 'datapackage.json'")
    beside = json.loads(descriptor_of(snapshot).read_text("utf-8"))
    for descriptor in (json.loads(inside), beside):
        assert Package.validate_descriptor(descriptor).valid
        for resource in descriptor["resources"]:
            assert Schema.validate_descriptor(resource["schema"]).valid
            [[rows]] = of(database, f'SELECT count(*) FROM "{resource["title"]}"')
            assert resource["rowCount"] == rows
    assert {resource["path"] for resource in beside["resources"]} == {snapshot.name}
    assert beside["version"] == "5"
    assert beside["licenses"]
    assert {source["title"] for source in beside["sources"]} == {
        title for [title] in of(database, "SELECT title FROM sources")
    }


def test_the_same_edition_is_the_same_file(small: Store, tmp_path: Path) -> None:
    first = written(small, tmp_path / "a.sqlite")
    small.publish(SECOND)
    again = written(small, tmp_path / "b.sqlite", SEED_EDITION)
    newer = written(small, tmp_path / "c.sqlite")
    assert first.read_bytes() == again.read_bytes()
    assert first.read_bytes() != newer.read_bytes()
    assert not verify(again).findings
    assert not verify(newer).findings


def test_both_databases_make_the_same_tables(both: tuple[Stores, Stores], tmp_path: Path) -> None:
    dumps = []
    for stores in both:
        store = stores.filled("press", publish_press, seeded=True)
        file = written(store, tmp_path / f"{stores.kind}.sqlite")
        with closing(sqlite3.connect(file)) as opened:
            mark = "UPDATE editions SET mark = ''", "DELETE FROM snapshot"
            for statement in mark:
                opened.execute(statement)
            dumps.append([*opened.iterdump()])
    assert dumps[0] == dumps[1]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_one_flipped_bit_anywhere_is_found(tiny: Path, data: st.DataObject) -> None:
    content = bytearray(tiny.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1) | st.integers(0, 200))
    content[place] ^= 1 << data.draw(st.integers(0, 7))
    damaged = tiny.with_name("damaged.sqlite")
    damaged.write_bytes(content)
    assert verify(damaged).findings
    damaged.write_bytes(content[:place])
    assert verify(damaged).findings
    damaged.write_bytes(bytes(content) + b"\0")
    assert verify(damaged).findings
    assert not verify(tiny).findings


def test_verifying_says_which_table_was_changed(tiny: Path) -> None:
    with closing(sqlite3.connect(tiny)) as opened, opened:
        opened.execute("UPDATE agreements SET title = 'Another'")
    found = verify(tiny).findings
    assert "The rows of `agreements` are not those that were written." in found
    assert any(line.startswith("Its bytes are not those that were sealed") for line in found)
    no = tiny.with_name("no.sqlite")
    no.write_text("Nothing of the kind.")
    assert verify(no).findings == [UNREADABLE]


def test_a_hidden_text_is_not_in_a_snapshot(empty: Store, tmp_path: Path) -> None:
    text = " ".join(f"zq{place}word" for place in range(120)) + "\n"
    quote = " ".join(text.split()[:3])
    label = {"value": "Pact", "quote": quote, "basis": "So the editor calls it."}
    entries = record("agreement/pact", "Pact", label=label)
    for name, is_public in (("a", True), ("b", False)):
        shown = {"value": is_public, "basis": "Its licence."}
        empty.publish(make(tmp_path / name, entries, text=text, is_text_public=shown))
    for edition in (1, 2):
        file = written(empty, tmp_path / f"{edition}.sqlite", edition)
        assert not verify(file).findings
        content = file.read_bytes().decode("latin-1")
        assert {word for word in text.split() if word in content} <= {*quote.split()}


def test_the_verbs_say_what_came_of_it(seed: Store, tmp_path: Path) -> None:
    file = tmp_path / "seed.sqlite"
    run = CliRunner().invoke
    made = run(app, ["snapshot", str(file), "--edition", "2", "--database", seed.url])
    assert made.exit_code == 0, made.output
    seal = made.output.split()[-1]
    verified = run(app, ["verify", str(file)])
    assert verified.exit_code == 0, verified.output
    assert verified.output.split()[-1] == seal
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    found = run(app, ["verify", str(file)])
    assert found.exit_code == 1
    assert "Its bytes are not those that were sealed" in found.output
    with pytest.raises(InputError, match=r"is there already\. Give another name"):
        written(seed, file)
    with pytest.raises(UnknownEditionError, match="Editions run from 1 to 2"):
        written(seed, tmp_path / "other.sqlite", 9)
    assert {each.name for each in tmp_path.iterdir()} == {"seed.sqlite", "seed.datapackage.json"}

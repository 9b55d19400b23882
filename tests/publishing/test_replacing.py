"""Replacing: no text is emptied or exchanged, and no record retracted, unless somebody says so."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app
from api.database.seeding import SEED, load
from schema.dossiers.reader import read_dossier
from schema.errors import ReplacementError
from schema.publishing.publish import Publication
from tests.oracle.small_record import states
from tests.support.databases import Store
from tests.support.dossier_factory import TEXT, line, make, pact, write


@pytest.mark.parametrize("text", ["", " \n\t\n", "\ufeff", "\ufeff\r\n…"])
def test_a_text_without_words_is_refused(empty: Store, tmp_path: Path, text: str) -> None:
    empty.publish(make(tmp_path))
    before = empty.dump()
    folder = make(tmp_path, {}, text=text)
    [finding] = read_dossier(folder).findings
    assert (finding.line, finding.field, f"{finding.wrong} {finding.right}") == (
        line(folder, "file: text.txt"),
        "source.file",
        "'text.txt' holds no words. Put the text of the document there.",
    )
    result = CliRunner().invoke(app, ["publish", str(folder), "--database", empty.url, "--replace"])
    assert (result.exit_code, empty.dump()) == (1, before)


def test_the_seed_with_an_emptied_text_is_refused_with_its_sum(tmp_path: Path) -> None:
    folder = write(tmp_path, (SEED / "dossier.yaml").read_text("utf-8"), "")
    (folder / "article.txt").write_bytes(b"")
    told = [(finding.field, finding.wrong) for finding in read_dossier(folder).findings]
    assert told == [
        ("source.file", "'article.txt' holds no words."),
        ("source.sha256", f"the text has {hashlib.sha256(b'').hexdigest()}."),
    ]


def test_another_text_and_retracted_records_need_leave(empty: Store, tmp_path: Path) -> None:
    empty.publish(make(tmp_path))
    before = empty.dump()
    records = pact()
    del records["official/anna-kowalska"]
    make(tmp_path, records, text="A mark.\n" + TEXT)
    arguments = ["publish", str(tmp_path), "--database", empty.url]
    result = CliRunner().invoke(app, arguments)
    assert isinstance(result.exception, ReplacementError)
    assert str(result.exception) == (
        "source/first is published with another text; publishing source/first would retract "
        "1 record: official/anna-kowalska. If that is meant, publish it with --replace."
    )
    assert (result.exit_code, empty.dump()) == (1, before)
    assert CliRunner().invoke(app, [*arguments, "--replace"]).exit_code == 0
    assert empty.ask('{ node(id: "official/anna-kowalska") { id } }') == {"node": None}
    assert not empty.check().findings


def test_many_retracted_records_are_counted_and_some_named(empty: Store, tmp_path: Path) -> None:
    records = pact()
    for number in range(12):
        records[f"official/o-{number:02}"] = records["official/anna-kowalska"]
    empty.publish(make(tmp_path, records))
    with pytest.raises(ReplacementError) as refused:
        empty.publish(make(tmp_path, {}), replace=False)
    assert len(refused.value.retracted) == 16
    assert not refused.value.is_other_text
    assert "would retract 16 records: agreement/alfa-bravo, official/anna-kowalska, " in str(
        refused.value
    )
    assert "official/o-07 and 6 more. If" in str(refused.value)


def test_claims_and_parts_are_amended_without_leave(empty: Store, tmp_path: Path) -> None:
    empty.publish(make(tmp_path))
    records = pact()
    records["agreement/alfa-bravo"]["label"] = "NOT_STATED"
    del records["agreement/alfa-bravo"]["parties"][1]
    del records["party/alfa"]["names"]
    done = empty.publish(make(tmp_path, records), replace=False)
    assert done.retracted > 0
    moved = make(tmp_path / "b", records, file="b.txt")
    (moved / "b.txt").write_text(TEXT, "utf-8")
    assert empty.publish(moved, replace=False).edition == 3, "the file's name is not the text"


def test_what_a_release_brings_replaces_what_an_older_one_brought(
    empty: Store, tmp_path: Path
) -> None:
    seed = read_dossier(SEED)
    records = {"party/alfa": pact()["party/alfa"]}
    empty.publish(make(tmp_path, records, source=seed.source_id))
    few = read_dossier(states(tmp_path / "states"))
    few.summary = "Five states"  # by which a release knows its own
    assert [done.edition for done in load(empty.url, "tester", states=few)] == [2, 3]
    assert empty.ask('{ node(id: "party/alfa") { id } }') == {"node": None}
    assert load(empty.url, "tester", states=few)[-1] == Publication(None)

"""Replacing: no text is emptied or exchanged, and no record retracted, unless somebody says so."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner, Result

from api.cli import app
from api.database.seeding import SEED, load
from schema.dossiers.reader import read_dossier
from schema.errors import ReplacementError
from schema.publishing.publish import Publication
from tests.oracle.small_record import states
from tests.support.databases import Store
from tests.support.dossier_factory import TEXT, Data, line, make, pact, record, write


@pytest.mark.parametrize("text", ["", " \n\t\n", "\ufeff", "\ufeff\r\n…"])
def test_a_text_without_words_is_refused(empty: Store, tmp_path: Path, text: str) -> None:
    empty.publish(make(tmp_path))
    before = empty.dump()
    folder = make(tmp_path, {}, text=text)
    [finding] = read_dossier(folder).findings
    assert (finding.line, finding.field, f"{finding.wrong} {finding.right}") == (
        line(folder, "file: text.txt"),
        "source.file",
        "'text.txt' holds no words. Put the text of the document there, or write `text: WITHHELD`.",
    )
    result = CliRunner().invoke(app, ["publish", str(folder), "--database", empty.url, "--replace"])
    assert (result.exit_code, empty.dump()) == (1, before)


def test_the_seed_with_an_emptied_text_is_refused_with_its_sum(tmp_path: Path) -> None:
    folder = write(tmp_path, (SEED / "dossier.yaml").read_text("utf-8"), "")
    (folder / "article.txt").write_bytes(b"")
    messages = [(finding.field, finding.wrong) for finding in read_dossier(folder).findings]
    assert messages == [
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


def test_what_nothing_takes_the_place_of_needs_leave(empty: Store, tmp_path: Path) -> None:
    empty.publish(make(tmp_path))
    before = empty.dump()
    records = pact()
    del records["agreement/alfa-bravo"]["parties"][1]
    records["agreement/alfa-bravo"]["parties"][0]["stated_as"] = "the Alfa"
    del records["official/anna-kowalska"]["claims"]
    with pytest.raises(ReplacementError) as refused:
        empty.publish(make(tmp_path, records), replace=False)
    assert str(refused.value) == (
        "publishing source/first would retract 1 part: "
        "involvement/agreement.alfa-bravo.party.party-bravo, and 1 claim: "
        "official/anna-kowalska. If that is meant, publish it with --replace."
    )
    assert empty.dump() == before
    assert empty.publish(make(tmp_path, records)).edition == 2
    assert not empty.check().findings


def test_claims_and_parts_are_amended_without_leave(empty: Store, tmp_path: Path) -> None:
    empty.publish(make(tmp_path))
    records = pact()
    records["agreement/alfa-bravo"]["label"] = "NOT_STATED"
    records["agreement/alfa-bravo"]["parties"][1]["stated_as"] = "the Bravo"
    done = empty.publish(make(tmp_path, records), replace=False)
    assert done.retracted > 0
    moved = make(tmp_path / "b", records, file="b.txt")
    (moved / "b.txt").write_text(TEXT, "utf-8")
    assert empty.publish(moved, replace=False).edition == 3, "the file's name is not the text"


def test_another_article_under_a_known_id_says_what_would_go(empty: Store, tmp_path: Path) -> None:
    empty.publish(make(tmp_path / "a"))
    other = record("party/charlie", "Charlie", name={"quote": "Charlie"})
    folder = make(tmp_path / "b", other, text="Charlie said nothing.\n")
    with pytest.raises(ReplacementError, match=r"another text; .* would retract 4 records: agree"):
        empty.publish(folder, replace=False)


def withheld(folder: Path, records: Data | None = None, text: str = "", **given: Any) -> Path:
    """A dossier of a source whose text cannot be had."""
    path = make(folder, records or {}, text=text, **given)
    described = yaml.safe_load((path / "dossier.yaml").read_text("utf-8"))
    described["source"] |= {"text": "WITHHELD", "file": given.get("file")}
    (path / "dossier.yaml").write_text(yaml.safe_dump(described, allow_unicode=True), "utf-8")
    return path


def test_a_source_may_say_that_its_text_is_withheld(empty: Store, tmp_path: Path) -> None:
    fields = {"value": "Alfa", "basis": "Its editor says so."}
    records = record("party/alfa", "Alfa", name=fields, kind={**fields, "value": "STATE"})
    empty.publish(withheld(tmp_path / "a", records))
    read = empty.ask(
        """{ source(by: {id: "source/first"}) { text sha256 file
        unknowns(first: 100) { nodes { field status } } }
        party(by: {id: "party/alfa"}) { name } }"""
    )
    assert (read["source"]["text"], read["source"]["sha256"], read["source"]["file"]) == (
        None,
        None,
        None,
    )
    assert {"field": "TEXT", "status": "WITHHELD"} in read["source"]["unknowns"]["nodes"]
    assert read["party"] == {"name": "Alfa"}
    assert not empty.check().findings
    assert empty.publish(withheld(tmp_path / "b", records, file="text.txt")).edition is None
    come = make(tmp_path / "c", records)
    assert empty.publish(come, replace=False).edition == 2, "a text that comes takes nothing away"
    assert not empty.check().findings
    with pytest.raises(ReplacementError, match="another text"):
        empty.publish(withheld(tmp_path / "d", records), replace=False)


def test_nothing_is_quoted_from_a_text_that_is_withheld(tmp_path: Path) -> None:
    name = {"quote": "Alfa"}
    folder = withheld(tmp_path / "a", record("party/alfa", "Alfa", name=name), headings=["Alfa"])
    messages = [
        f"{each.field}: {each.wrong} {each.right}" for each in read_dossier(folder).findings
    ]
    wrong = "'Alfa' is quoted from a text that is WITHHELD."
    right = "Give a basis in place of the quote, or the text."
    assert messages == [f"{field}: {wrong} {right}" for field in ("source.headings", "name")] or (
        messages == [f"{field}: {wrong} {right}" for field in ("name", "source.headings")]
    )
    folder = withheld(tmp_path / "b", text=TEXT, file="text.txt", sha256="0" * 64)
    assert [f"{each.wrong} {each.right}" for each in read_dossier(folder).findings] == [
        f"the text is WITHHELD, {wrong} {right}"
        for wrong, right in (
            ("and 'text.txt' holds words.", "Leave out `text: WITHHELD`, or the file."),
            ("so that nothing has this sum.", "Leave it out."),
        )
    ]
    missing = make(tmp_path / "c", {}, file=None)
    [finding] = read_dossier(missing).findings
    assert (finding.wrong, finding.right) == (
        "it is missing.",
        "Name the file of the text, or write `text: WITHHELD` where it cannot be had.",
    )


def test_another_sum_refuses_whatever_is_asked(empty: Store, tmp_path: Path) -> None:
    empty.publish(make(tmp_path / "a"))
    before = empty.dump()
    folder = make(tmp_path / "b", text=TEXT + "More.\n", sha256=hashlib.sha256(b"").hexdigest())
    for more in ([], ["--replace"], ["--dry-run"], ["--dry-run", "--replace"]):
        result = CliRunner().invoke(app, ["publish", str(folder), "--database", empty.url, *more])
        assert result.exit_code == 1
        assert "the text has" in str(result.exception)
    assert empty.dump() == before


def run(store: Store, folder: Path, *more: str) -> Result:
    return CliRunner().invoke(app, ["publish", str(folder), "--database", store.url, *more])


def test_a_dry_run_shows_every_difference_and_changes_nothing(empty: Store, tmp_path: Path) -> None:
    before = empty.dump()
    result = run(empty, make(tmp_path / "a"), "--dry-run")
    lines = result.output.splitlines()
    assert (result.exit_code, empty.dump()) == (0, before)
    assert "added agreement/alfa-bravo" in lines
    assert '  title: "Alfa and Bravo: a pact"' in lines
    assert re.fullmatch(
        r"source/first: edition 1 would be published; \d+ rows added, 0 amended, 0 retracted\.",
        lines[-1],
    )
    done = empty.publish(make(tmp_path / "a"))
    assert f"{done.added} rows added" in lines[-1]
    before = empty.dump()
    assert run(empty, tmp_path / "a", "--dry-run").output == (
        "source/first: nothing has changed, no edition to publish.\n"
    )
    records = pact()
    records["agreement/alfa-bravo"]["label"] = {"value": "the pact", "quote": "The pact"}
    del records["official/anna-kowalska"]
    make(tmp_path / "b", records)
    refused, shown = run(empty, tmp_path / "b", "--dry-run"), None
    shown = run(empty, tmp_path / "b", "--dry-run", "--replace")
    assert (refused.exit_code, shown.exit_code, empty.dump()) == (1, 0, before)
    assert isinstance(refused.exception, ReplacementError)
    assert refused.output == shown.output
    lines = shown.output.splitlines()
    assert [line for line in lines if line[0] != " "][:-1] == [
        "amended agreement/alfa-bravo",
        "retracted official/anna-kowalska",
    ]
    assert '  label: "a pact" → "the pact"' in lines
    assert any(re.match("  retracted claim/first.official.anna-kowalska.name", ln) for ln in lines)
    done = empty.publish(tmp_path / "b")
    assert lines[-1] == (
        f"source/first: edition 2 would be published; {done.added} rows added, "
        f"{done.amended} amended, {done.retracted} retracted."
    )


def test_a_dry_run_tells_what_is_wrong(empty: Store, tmp_path: Path) -> None:
    before = empty.dump()
    records = pact()
    del records["party/bravo"]
    result = run(empty, make(tmp_path, records), "--dry-run")
    assert (result.exit_code, empty.dump()) == (1, before)
    assert "there is no record 'party/bravo'" in str(result.exception)


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

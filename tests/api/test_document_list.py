"""`pactbook documents`: what it lists is served, what it refuses is told line by line."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from api import cli
from api.explorer.questions import questions
from api.http.listed_documents import ListedDocuments, digest_of

Run = Callable[..., tuple[int, str, str]]
GOOD = "query Good { parties { totalCount } }"
LIST = ("documents", "list")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """The exit of a command, and what it says and complains of."""

    def ran(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["pactbook", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    monkeypatch.setenv("PACTBOOK_LISTED_DOCUMENTS", str(tmp_path / "listed"))
    return ran


def listed(folder: Path) -> frozenset[str]:
    """The documents that a server would know."""
    return ListedDocuments(folder / "listed").digests


def test_a_folder_of_documents_is_listed_shown_and_removed(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "queries"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.graphql").write_text(GOOD)
    (folder / "deep" / "b.gql").write_text("{ editions { totalCount } }")
    (folder / "notes.txt").write_text("no document")
    code, said, _ = run("documents", "add", folder)
    assert code == 0
    assert said.splitlines() == [
        f"sha256:{digest_of(GOOD)}  {folder / 'a.graphql'}",
        f"sha256:{digest_of('{ editions { totalCount } }')}  {folder / 'deep' / 'b.gql'}",
    ]
    assert len(listed(tmp_path)) == 2
    assert run("documents", "add", folder)[0] == 0
    assert len(listed(tmp_path)) == 2
    _, said, _ = run(*LIST)
    assert f"sha256:{digest_of(GOOD)}  query Good" in said.splitlines()
    code, said, _ = run("documents", "remove", f"sha256:{digest_of(GOOD)}")
    assert (code, said) == (0, f"sha256:{digest_of(GOOD)}  removed\n")
    assert digest_of(GOOD) not in listed(tmp_path)


def test_the_manifests_of_compilers_are_listed(run: Run, tmp_path: Path) -> None:
    other = "query Other { editions { totalCount } }"
    plain = tmp_path / "persisted-documents.json"
    plain.write_text(json.dumps({digest_of(GOOD): GOOD}))
    assert run("documents", "add", plain)[0] == 0
    apollo = tmp_path / "persisted-query-manifest.json"
    operation = {"id": digest_of(other), "body": other, "name": "Other", "type": "query"}
    apollo.write_text(json.dumps({"format": "apollo-persisted-query-manifest", "version": 1,
                                  "operations": [operation]}))  # fmt: skip
    assert run("documents", "add", apollo)[0] == 0
    assert listed(tmp_path) == {digest_of(GOOD), digest_of(other)}


def test_the_questions_of_the_explorer_can_be_listed(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "questions"
    folder.mkdir()
    for question in questions():
        (folder / f"{question['id']}.graphql").write_text(question["query"])
    assert run("documents", "add", folder)[0] == 0
    assert len(listed(tmp_path)) == len(questions())


def test_nothing_is_listed_where_one_document_is_wrong(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "queries"
    folder.mkdir()
    (folder / "deep.graphql").write_text("{ parties " + "{ nodes { state " * 12 + "}" * 25)
    (folder / "good.graphql").write_text(GOOD)
    (folder / "latin.graphql").write_bytes(b"# \xe9\n{ __typename }")
    (folder / "md5.json").write_text(json.dumps({"0" * 32: GOOD}))
    (folder / "package.json").write_text('{"name": 1}')
    (folder / "parse.graphql").write_text("{")
    (folder / "rules.graphql").write_text("{ nothing }")
    code, said, wrong = run("documents", "add", folder)
    assert (code, said) == (1, "")
    first, *lines = wrong.splitlines()
    assert first == "No document is listed:"
    assert [line.removeprefix(f"{folder}/").partition(":")[0] for line in lines] == [
        *("deep.graphql", "latin.graphql", "md5.json"),
        *("package.json", "parse.graphql", "rules.graphql"),
    ]
    assert "Cannot query field 'nothing' on type 'Query'." in lines[-1]
    assert f"is not the SHA-256 of its document, sha256:{digest_of(GOOD)}" in lines[2]
    assert not listed(tmp_path)


def test_a_command_says_what_it_lacks(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, _, wrong = run("documents", "add", tmp_path / "nowhere")
    assert code == 1
    assert f"{tmp_path / 'nowhere'} is no folder and no file." in wrong
    (tmp_path / "empty").mkdir()
    code, _, wrong = run("documents", "add", tmp_path / "empty")
    assert (code, "has no document in a .graphql, .gql, .json file." in wrong) == (1, True)
    code, _, wrong = run("documents", "remove", "sha256:00")
    assert (code, wrong.splitlines()[0]) == (1, "00 is not listed.")
    monkeypatch.delenv("PACTBOOK_LISTED_DOCUMENTS")
    code, _, wrong = run(*LIST)
    assert (code, "--listed" in wrong) == (2, True)
    monkeypatch.setenv("PACTBOOK_LISTED_ONLY", "1")
    code, _, wrong = run(*LIST)
    assert (code, "PACTBOOK_LISTED_DOCUMENTS" in wrong) == (2, True)


def test_a_file_that_was_changed_by_hand_is_told(run: Run, tmp_path: Path) -> None:
    store = ListedDocuments(tmp_path / "listed")
    store.path(store.add(GOOD)).write_text("{ __typename }")
    _, said, _ = run(*LIST)
    assert said == (f"sha256:{digest_of(GOOD)}  is served no more: its file holds something else\n")

"""`pactbook explain`: the plans of queries, as the documents show them."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app, main
from tests.support.checkout import ROOT
from tests.support.databases import Store

DOCUMENT = (ROOT / "schema/planning/README.md").read_text("utf-8")
EXAMPLES = re.findall(r"```console\n\$ pactbook (.*?)\n(.*?)```", DOCUMENT, re.DOTALL)


def explained(store: Store, *arguments: str) -> str:
    """What the command prints."""
    environment = {"PACTBOOK_DATABASE_URL": store.url, "PACTBOOK_PAGE_CEILING": "500"}
    result = CliRunner().invoke(app, ["explain", *arguments], env=environment)
    assert result.exit_code == 0, result.exception
    return result.stdout


def test_the_documents_show_seven_plans() -> None:
    assert len(EXAMPLES) == 7


@pytest.mark.parametrize(("command", "plan"), EXAMPLES)
def test_a_plan_is_as_the_documents_show_it(seed: Store, command: str, plan: str) -> None:
    _, file, *others = shlex.split(command)
    assert explained(seed, str(ROOT / file), *others) == plan


def test_a_plan_tells_who_makes_which_part(seed: Store, tmp_path: Path) -> None:
    query = tmp_path / "query.graphql"
    query.write_text(
        "{ agreements(first: 3) { nodes { title parties { role } "
        "claims { nodes { passages { source { claims { nodes { edition { number } } } } } } } } } }"
    )
    lines = explained(seed, str(query), "--brief").splitlines()
    made = "    Agreement by Python: title; JSON by the database: parties; joined: claims"
    assert made in lines
    assert "        Claim by Python: joined: passages" in lines
    assert "            Passage as JSON by the database: source" in lines


def test_a_plan_shows_the_pages_of_questions(seed: Store, tmp_path: Path) -> None:
    query = tmp_path / "query.graphql"
    query.write_text("{ timeline(first: 2) { totalCount nodes { record { title } } } }")
    lines = explained(seed, str(query), "--brief").splitlines()
    assert "  page of TimelineEntry, as columns for Python: executed once, 3 rows" in lines
    assert "  total, as columns for Python: executed once, 1 rows" in lines


def test_a_plan_shows_statements_with_their_parameters(seed: Store) -> None:
    query = ROOT / "tests/benchmarks/queries/agreement.graphql"
    id = "agreement/poland-south-korea-drone-deal"
    plan = explained(seed, str(query), "--variables", json.dumps({"id": id}))
    assert "FROM agreement" in plan
    assert re.search(rf"parameter \d+: '{id}'", plan)
    assert re.search(r"rows of Agreement: executed once, 1 rows, \d+\.\d ms", plan)


@pytest.mark.parametrize(
    ("query", "others", "message"),
    [
        ("{ agreements { nodes { nonsense } } }", [], "Cannot query field 'nonsense'"),
        ("{ agreements {", [], "Syntax Error"),
        ("{ __schema { types { name } } }", [], "graphql-core answers this query"),
        ("query A { __typename } query B { __typename }", [], "Name one by --operation."),
        ("query A($n: Int!) { parties(first: $n) { nodes { id } } }", [], "'$n'"),
        ("query A($n: Int!) { parties(first: $n) { nodes { id } } }", ["--variables", "{"], "JSON"),
        ("{ parties(first: 0) { nodes { id } } }", ["--variables", "[]"], "no JSON object"),
        ("{ parties(first: -1) { nodes { id } } }", [], "first"),
    ],
)
def test_what_has_no_plan_is_refused_in_words(
    seed: Store,
    query: str,
    others: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "query.graphql"
    file.write_text(query)
    command = ["pactbook", "explain", str(file), *others, "--database", seed.url]
    monkeypatch.setattr("sys.argv", command)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    assert message in capsys.readouterr().err

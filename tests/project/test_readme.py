"""The READMEs keep their word: queries run, answers match, and what they name is there."""

from __future__ import annotations

import json
import re

import pytest

from schema.build import build
from tests.support.checkout import ROOT
from tests.support.databases import Store
from tests.support.import_graph import arrows, floors

READMES = {
    name: (ROOT / name).read_text("utf-8")
    for name in (
        "README.md",
        "api/README.md",
        "schema/README.md",
        "schema/history/README.md",
        "schema/planning/README.md",
        "schema/publishing/README.md",
        "schema/questions/README.md",
        "schema/search/README.md",
        "tests/benchmarks/README.md",
        "tests/clients/README.md",
    )
}
EXAMPLES = {
    f"{name} {number}": example
    for name, text in READMES.items()
    for number, example in enumerate(
        re.findall(r"```graphql\n(.*?)```\n\n```json\n(.*?)```", text, re.DOTALL)
    )
}
PATH = re.compile(r"`((?:schema|api|tests|alembic)/[\w./-]*)`")


def test_every_readme_is_read() -> None:
    folders = [ROOT, *(ROOT / top for top in ("api", "schema", "tests"))]
    found = {path for folder in folders for path in folder.glob("README.md")}
    found |= {path for folder in folders[1:] for path in folder.glob("*/README.md")}
    assert {str(path.relative_to(ROOT)) for path in found} == READMES.keys()


def test_the_readme_can_be_read_in_one_go() -> None:
    assert len(READMES["README.md"].splitlines()) <= 300


def test_the_readme_asks_three_questions() -> None:
    assert len([name for name in EXAMPLES if name.startswith("README.md")]) == 3
    assert len(EXAMPLES) == 6


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_query_of_a_readme_gives_its_answer(seed: Store, name: str) -> None:
    query, answer = EXAMPLES[name]
    assert seed.ask(query) == json.loads(answer)


@pytest.mark.parametrize("name", READMES)
def test_every_path_in_a_readme_is_there(name: str) -> None:
    assert [path for path in PATH.findall(READMES[name]) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("name", READMES)
def test_every_link_of_a_readme_leads_somewhere(name: str) -> None:
    broken = []
    for link in re.findall(r"\]\((?!https?:)(.*?)\)", READMES[name]):
        file, _, anchor = link.partition("#")
        target = ((ROOT / name).parent / file).resolve() if file else ROOT / name
        text = target.read_text("utf-8") if anchor and target.is_file() else ""
        titles = re.findall(r"^#+ (.*)", text.lower(), re.MULTILINE)
        if not target.exists() or (anchor and anchor.replace("-", " ") not in titles):
            broken.append(link)
    assert broken == []


def test_the_map_has_the_floors_that_the_imports_draw() -> None:
    drawn = READMES["schema/README.md"].partition("```text\n")[2].partition("```")[0]
    floors_drawn = [set(line.split()[1:]) for line in reversed(drawn.splitlines())]
    assert floors_drawn == [{*names} for names in floors(arrows())]


def test_every_decision_has_its_number_once() -> None:
    whole = "\n".join(READMES.values())
    numbers = [int(number) for number in re.findall(r"^\*\*(\d+)\. ", whole, re.MULTILINE)]
    assert sorted(numbers) == [*range(1, len(numbers) + 1)]


BETWEEN = '["party/poland", "party/south-korea"]'
QUESTIONS = {
    "relationship": f"{{ relationship(between: {BETWEEN}) {{ id }} }}",
    "timeline": "{ timeline { nodes { id } } }",
    "statistics": "{ statistics(by: [PARTY, YEAR]) { total { count } groups { keys { id } } } }",
    "network": "{ network { nodes { weight } edges { counts { count } } nodeCount edgeCount } }",
    "search": '{ search(text: "korea") { nodes { id score } } }',
    "namesLike": '{ namesLike(name: "siewiera") { score } }',
    "changes": "{ changes(since: {edition: 0}) { nodes { id kind } } }",
    "difference": "{ difference(from: 1, to: 2) { nodes { id } } }",
    "coverage": '{ coverage(where: {involves: [{actor: "party/poland"}]}) { verdict } }',
}
"""Each question that the table counts the statements of, without what adds more."""
NUMBERS = {"One": 1, "Two": 2, "Four": 4, "Six": 6, "Seven": 7}


def table() -> list[tuple[list[str], str]]:
    """The lines of the table: the fields that each speaks of, and their statements."""
    lines = READMES["schema/questions/README.md"].partition(
        "| field | what it answers | statements |"
    )[2]
    rows = [line.strip("| ").split(" | ") for line in lines.partition("\n\n")[0].splitlines()[2:]]
    return [(re.findall(r"`(\w+)\(", fields), statements) for fields, _, statements in rows]


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_takes_the_statements_that_are_told(seed: Store, name: str) -> None:
    taken = len(seed.answer(QUESTIONS[name]).statements) - 1  # which finds the newest edition
    [(fields, words)] = [line for line in table() if name in line[0]]
    each = words.split("; ")  # where the fields of a line differ
    told = each[min(fields.index(name), len(each) - 1)]
    assert int(told.partition(",")[0].split()[0]) == taken
    query = build()._schema.query_type
    assert query is not None
    in_graph = re.search(r"(\w+) statements?\b", query.fields[name].description or "")
    assert in_graph is None or NUMBERS[in_graph[1]] == taken


def test_every_question_of_the_table_is_counted() -> None:
    assert {name for fields, _ in table() for name in fields} == QUESTIONS.keys()

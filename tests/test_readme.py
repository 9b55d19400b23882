"""The README keeps its word: its queries run and give the answers it shows."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from schema.build import build
from tests.stores import Store

README = Path(__file__).parent.parent / "README.md"
EXAMPLES = re.findall(
    r"```graphql\n(.*?)```\n\n```json\n(.*?)```", README.read_text("utf-8"), re.DOTALL
)


def test_the_readme_asks_five_questions_and_what_changed() -> None:
    assert len(EXAMPLES) == 6


@pytest.mark.parametrize(("query", "answer"), EXAMPLES)
def test_a_query_of_the_readme_gives_its_answer(seed: Store, query: str, answer: str) -> None:
    assert seed.ask(query) == json.loads(answer)


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
"""Each question that the table of the README counts the statements of, without what adds more."""
NUMBERS = {"One": 1, "Two": 2, "Four": 4, "Six": 6}


def table() -> list[tuple[list[str], str]]:
    """The lines of the table: the fields that each speaks of, and their statements."""
    lines = README.read_text("utf-8").partition("| field | what it answers | statements |")[2]
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

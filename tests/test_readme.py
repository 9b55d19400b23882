"""The README keeps its word: its queries run and give the answers it shows."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

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

"""The chapter shows nothing but pieces of the files that the tests run."""

from __future__ import annotations

import re

import pytest

from tests.support.front_ends import CLIENTS

CHAPTER = (CLIENTS / "README.md").read_text("utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"\]\(([\w/.-]+\.(?:tsx?|json|py|toml))\)")
PLAIN = {"sh", "text"}
"""What is typed, and stands in no file."""


def pieces() -> list[tuple[str, str]]:
    """The pieces of code, each with the file that the text before it links to last."""
    found = []
    for block in BLOCK.finditer(CHAPTER):
        if block[1] not in PLAIN:
            linked = FILE.findall(CHAPTER[: block.start()])
            found.append((linked[-1] if linked else "", block[2]))
    return found


@pytest.mark.parametrize(("file", "piece"), pieces())
def test_a_piece_of_the_chapter_stands_in_its_file(file: str, piece: str) -> None:
    assert piece in (CLIENTS / file).read_text("utf-8")


def test_the_chapter_shows_every_client() -> None:
    shown = {file.partition("/")[0] for file, _ in pieces()}
    clients = {path.parent.name for path in CLIENTS.glob("*/*.[tp][sy]*")}
    assert clients - {"node_modules"} <= shown

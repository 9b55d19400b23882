"""Two hundred pairs of names, right and wrong ones, and how `namesLike` judges them.

`python -m tests.search.name_pairs` prints the table of schema/search/README.md, and the pairs that
are misjudged.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

from schema.search.name_distance import FLOOR, likeness

SEEN, UNSEEN = map(Path(__file__).with_name, ("name_pairs.tsv", "name_pairs_unseen.tsv"))
"""The two hundred, and those that were written and judged when the rules were made."""
LANGUAGES = {"ko": "Korean", "pl": "Polish", "uk": "Ukrainian", "zh": "Chinese", "": "all"}


class Pair(NamedTuple):
    """A name that is asked for and one that is recorded, and whether it should be given."""

    language: str
    query: str
    name: str
    verdict: str
    why: str

    @property
    def is_one(self) -> bool:
        """Whether they are one name."""
        return self.verdict == "same"

    @property
    def is_given(self) -> bool:
        """Whether `namesLike` gives the second to whoever asks for the first."""
        return likeness(self.query, self.name).score >= FLOOR


class Figures(NamedTuple):
    """How many pairs are judged right."""

    right: int
    wrong: int
    missed: int
    refused: int

    @property
    def precision(self) -> float:
        """Of what is given, the share that is right."""
        return self.right / (self.right + self.wrong)

    @property
    def recall(self) -> float:
        """Of what is right, the share that is given."""
        return self.right / (self.right + self.missed)


def pairs(file: Path = SEEN) -> list[Pair]:
    """The pairs in the order of the file."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [Pair(*row) for row in rows][1:]


def figures(language: str, file: Path = SEEN) -> Figures:
    """The figures of one language; of all where none is named."""
    judged = [(p.is_one, p.is_given) for p in pairs(file) if language in ("", p.language)]
    kinds = ((True, True), (False, True), (True, False), (False, False))
    return Figures(*map(judged.count, kinds))


def table() -> str:
    """The table of the README."""
    lines = [
        "| names | pairs | rightly given | wrongly given | missed | precision | recall |",
        "|---|---|---|---|---|---|---|",
    ]
    for language, called in LANGUAGES.items():
        found = figures(language)
        lines.append(
            f"| {called} | {sum(found)} | {found.right} | {found.wrong} | {found.missed} "
            f"| {found.precision:.2f} | {found.recall:.2f} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())  # noqa: T201  # what the command is for
    unseen = figures("", UNSEEN)
    print(f"unseen: {sum(unseen)}, precision {unseen.precision:.2f}, recall {unseen.recall:.2f}")  # noqa: T201
    for pair in (*pairs(), *pairs(UNSEEN)):
        if pair.is_one != pair.is_given:
            score = likeness(pair.query, pair.name).score
            print(f"{pair.query} / {pair.name}: {score:.2f}, but {pair.verdict} ({pair.why})")  # noqa: T201

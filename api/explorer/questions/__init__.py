"""The ready-made questions: one file each, opened by the question as a comment."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def questions() -> list[dict[str, str]]:
    """Every question with its query, in the order of the files' names."""
    return [_read(path) for path in sorted(Path(__file__).parent.glob("*.graphql"))]


def _read(path: Path) -> dict[str, str]:
    query = path.read_text(encoding="utf-8")
    words = []
    for line in query.splitlines():
        if not line.startswith("#"):
            break
        words.append(line.removeprefix("#").strip())
    return {"id": path.stem, "question": " ".join(words), "query": query}

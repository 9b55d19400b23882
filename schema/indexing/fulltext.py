"""Full-text queries: what a search asks of the index of words, for either database."""

from __future__ import annotations

from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import ColumnElement

from schema.indexing.tokenizer import encoded
from schema.storage.statement import Parameter

WORD, GRAM, APART = "t", "g", "s"
"""What tokens begin with: those of words, those of trigrams, and what no phrase runs over."""


class TokenPattern(NamedTuple):
    """Tokens that follow one another, and whether the last one may go on."""

    tokens: tuple[str, ...]
    goes_on: bool = False
    kind: str = WORD


class _Question(sa.types.TypeDecorator[Any]):
    """Atoms of which one at least must stand in a text."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> str:
        if dialect.name == "postgresql":
            return " | ".join(map(_postgresql, value))
        return " OR ".join(map(_sqlite, value))


def _sqlite(atom: TokenPattern) -> str:
    phrase = " ".join(atom.kind + encoded(token) for token in atom.tokens)
    return f'"{phrase}"' + (" *" if atom.goes_on else "")


def _postgresql(atom: TokenPattern) -> str:
    phrase = " <-> ".join(f"'{atom.kind}{encoded(token)}'" for token in atom.tokens)
    return f"({phrase}{':*' if atom.goes_on else ''})"


class _Matches(ColumnElement[bool]):
    """The index's rows that answer a question."""

    inherit_cache = True
    _traverse_internals = [  # noqa: RUF012  # as SQLAlchemy has it
        ("number", sa.sql.visitors.InternalTraversal.dp_clauseelement),
        ("tok", sa.sql.visitors.InternalTraversal.dp_clauseelement),
        ("question", sa.sql.visitors.InternalTraversal.dp_clauseelement),
    ]
    type = sa.Boolean()

    def __init__(
        self, number: ColumnElement[Any], tok: ColumnElement[Any], question: ColumnElement[Any]
    ) -> None:
        self.number, self.tok, self.question = number, tok, question

    def self_group(self, against: Any = None) -> _Matches:
        """Itself: as an unknown boolean it would be written `… = 1`, which no index serves."""
        return self


@compiles(_Matches, "sqlite")
def _in_sqlite(element: _Matches, compiler: Any, **options: Any) -> str:
    number, question = (
        compiler.process(part, **options) for part in (element.number, element.question)
    )
    found = f"SELECT rowid FROM search_fts WHERE search_fts MATCH {question}"  # noqa: S608  # compiled SQL
    return f"{number} IN ({found})"


@compiles(_Matches, "postgresql")
def _in_postgresql(element: _Matches, compiler: Any, **options: Any) -> str:
    tok, question = (compiler.process(part, **options) for part in (element.tok, element.question))
    return f"to_tsvector('simple'::regconfig, {tok}) @@ CAST({question} AS tsquery)"


def matches(docs: sa.FromClause, atoms: Parameter) -> ColumnElement[bool]:
    """The rows of the index in which one of the atoms stands."""
    question = sa.bindparam(None, atoms, type_=_Question(), unique=True)
    return _Matches(docs.c.number, docs.c.tok, question)

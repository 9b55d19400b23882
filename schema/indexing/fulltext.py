"""Full-text queries: what a search asks of the index of words, for either database."""

from __future__ import annotations

from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement

from schema.indexing.tokenizer import encoded
from schema.storage.statement import Parameter

WORD, KEY, APART = "t", "k", "s"
"""What tokens begin with: those of words, the keys of names, and what no phrase runs over."""


class TokenPattern(NamedTuple):
    """Tokens that follow one another, and whether the last one may go on."""

    tokens: tuple[str, ...]
    goes_on: bool = False
    kind: str = WORD


class _Query(sa.types.TypeDecorator[Any]):
    """Patterns of which one at least must match a text."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> str:
        if dialect.name == "postgresql":
            return " | ".join(map(_postgresql, value))
        return " OR ".join(map(_sqlite, value))


def _sqlite(pattern: TokenPattern) -> str:
    phrase = " ".join(pattern.kind + encoded(token) for token in pattern.tokens)
    return f'"{phrase}"' + (" *" if pattern.goes_on else "")


def _postgresql(pattern: TokenPattern) -> str:
    phrase = " <-> ".join(f"'{pattern.kind}{encoded(token)}'" for token in pattern.tokens)
    return f"({phrase}{':*' if pattern.goes_on else ''})"


class _Matches(FunctionElement[bool]):
    """The index's rows that a query finds: their number, their tokens, the query."""

    inherit_cache = True
    type = sa.Boolean()

    def self_group(self, against: Any = None) -> Any:
        """Itself: as an unknown boolean it would be written `… = 1`, which no index serves."""
        return self


@compiles(_Matches, "sqlite")
def _in_sqlite(element: _Matches, compiler: Any, **options: Any) -> str:
    number, _, query = (compiler.process(part, **options) for part in element.clauses)
    rows = f"SELECT rowid FROM search_fts WHERE search_fts MATCH {query}"  # noqa: S608  # compiled SQL
    return f"{number} IN ({rows})"


@compiles(_Matches, "postgresql")
def _in_postgresql(element: _Matches, compiler: Any, **options: Any) -> str:
    _, tok, query = (compiler.process(part, **options) for part in element.clauses)
    return f"to_tsvector('simple'::regconfig, {tok}) @@ CAST({query} AS tsquery)"


def matches(docs: sa.FromClause, patterns: Parameter) -> ColumnElement[bool]:
    """The rows of the index in which one of the patterns stands."""
    query = sa.bindparam(None, patterns, type_=_Query(), unique=True)
    return _Matches(docs.c.number, docs.c.tok, query)


def found_by(docs: sa.Table, patterns: Parameter) -> ColumnElement[bool]:
    """The same for rows that are found already, so that each database asks its index once."""
    found = docs.alias()
    return docs.c.number.in_(sa.select(found.c.number).where(matches(found, patterns)))

"""SQL that both databases have under one name: lists of keys, tests without an index, base64."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any, NoReturn

import orjson
import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement, GenericFunction

from schema.errors import NeedsGraphQLCoreError
from schema.model.field_names import constant
from schema.model.values import CodepointText
from schema.storage.statement import Parameter, bind, is_parameter


class KeyList(sa.types.TypeDecorator[list[str]]):
    """Many keys in one parameter: a JSON text on SQLite, an array on PostgreSQL."""

    impl = sa.Text
    cache_ok = True
    member: Any = sa.Text()

    def load_dialect_impl(self, dialect: sa.Dialect) -> Any:
        kind: Any = _array(self.member) if dialect.name == "postgresql" else sa.Text()
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> Any:
        """The keys as the database takes them."""
        if value is None or dialect.name == "postgresql":
            return value
        return orjson.dumps(list(value)).decode()


class NumberList(KeyList):
    """The same for numbers."""

    cache_ok = True
    member = sa.BigInteger()


def _array(kind: Any) -> Any:
    from sqlalchemy.dialects.postgresql import ARRAY  # noqa: PLC0415  # heavy, and idle on SQLite

    return ARRAY(kind)


class _KeyIn(FunctionElement[bool]):
    """`column IN keys`, in a statement whose text does not depend on how many there are."""

    inherit_cache = True
    type = sa.Boolean()

    def self_group(self, against: Any = None) -> _KeyIn:
        """Itself: as an unknown boolean it would be written `… = 1`, which no index serves."""
        return self


def _parts(element: _KeyIn, compiler: Any, options: dict[str, Any]) -> tuple[str, str, bool]:
    """The column, the keys, and whether the statement finds them itself."""
    column, keys = element.clauses
    texts = (compiler.process(part, **options) for part in (column, keys))
    return *texts, isinstance(keys, sa.ScalarSelect)


@compiles(_KeyIn, "sqlite")
def _sqlite_keys(element: _KeyIn, compiler: Any, **options: Any) -> str:
    column, keys, is_found = _parts(element, compiler, options)
    found = keys if is_found else f"(SELECT value FROM json_each({keys}))"  # noqa: S608  # compiled SQL
    return f"{column} IN {found}"


@compiles(_KeyIn, "postgresql")
def _postgresql_keys(element: _KeyIn, compiler: Any, **options: Any) -> str:
    # Of an array it does not guess that most rows match, as it does of a recursion.
    column, keys, is_found = _parts(element, compiler, options)
    return f"{column} = ANY (ARRAY{keys})" if is_found else f"{column} = ANY ({keys})"


Keys = Sequence[Any] | Parameter | sa.Select[Any]
"""Keys that are known, that are known when the statement runs, or that it finds itself."""


def key_in(column: ColumnElement[Any], keys: Keys) -> ColumnElement[bool]:
    """Rows whose column is one of the keys."""
    kind = KeyList() if isinstance(column.type, type(CodepointText)) else NumberList()
    if isinstance(keys, sa.Select):
        return _KeyIn(column, keys.scalar_subquery())
    given = keys if isinstance(keys, Parameter) else _together(list(keys))
    return _KeyIn(column, sa.bindparam(None, given, type_=kind, unique=True))


def _together(keys: list[Any]) -> Any:
    """Keys of which some may only be known when the statement runs."""
    return Parameter(lambda reading: bind(keys, reading)) if is_parameter(keys) else keys


class _Afterwards(GenericFunction[bool]):
    """A test that nothing is looked up by."""

    type = sa.Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> _Afterwards:
        """Itself: as an unknown boolean it would be written `… = 1`."""
        return self


@compiles(_Afterwards)
def _tested(element: _Afterwards, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.clauses, **options))


@compiles(_Afterwards, "sqlite")
def _tested_by_sqlite(element: _Afterwards, compiler: Any, **options: Any) -> str:
    return f"+{compiler.process(element.clauses, **options)}"


def not_indexed(*tests: ColumnElement[bool]) -> ColumnElement[bool]:
    """Tests of rows that others have found by an index.

    For the sake of such a test SQLite would read the whole table beforehand, to look up less.
    """
    return _Afterwards(sa.and_(*tests).self_group())


def base64url(text: bytes | str | None) -> str | None:
    """Base64 for addresses, without padding; PostgreSQL has its own, SQLite calls this."""
    if text is None:
        return None
    data = text.encode() if isinstance(text, str) else text
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def constant_or_none(field: str | None) -> str | None:
    """The name of a field as clients write it; PostgreSQL has its own, SQLite calls this."""
    return None if field is None else constant(field)


def unfit(value: object) -> NoReturn:
    """Ends a statement at a value that may not stand; PostgreSQL has its own, SQLite calls this."""
    raise NeedsGraphQLCoreError

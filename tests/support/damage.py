"""Damage to a database, done behind the back of what guards it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from schema.storage.engine import writer
from tests.support.databases import Store


@contextmanager
def unguarded(store: Store) -> Iterator[sa.Connection]:
    """A connection that writes without the database's own checks of references."""
    engine = writer(store.url)
    off = "PRAGMA foreign_keys=OFF" if store.is_sqlite else "SET session_replication_role = replica"
    try:
        with engine.connect() as connection:
            connection.connection.cursor().execute(off)
            with connection.begin():
                yield connection
    finally:
        engine.dispose()


def damage(store: Store, *statements: str) -> list[str]:
    """What check finds after these statements."""
    with unguarded(store) as connection:
        for statement in statements:
            # In an SQL text of SQLAlchemy's a colon would begin a parameter.
            assert connection.execute(sa.text(statement.replace(":", r"\:"))).rowcount, statement
    return store.check().findings


def change(store: Store, statement: str) -> None:
    """Changes a database beside all rules."""
    with store.connect() as connection, connection.begin():
        connection.execute(sa.text(statement))

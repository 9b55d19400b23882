"""Starting beside a publication: what is at the newest revision waits for nobody."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from api.database.migrate import migrate
from api.database.seeding import load
from schema.publishing.publish import lock_counter
from schema.storage.engine import connected
from tests.support.databases import Store
from tests.support.serve_process import answered, serving


@contextmanager
def publishing(store: Store) -> Iterator[sa.Connection]:
    """A publication that has its turn, has written, and goes on."""
    with connected(store.url, writes=True) as connection, connection.begin() as transaction:
        lock_counter(connection)
        connection.execute(sa.text("INSERT INTO record (id, noun) VALUES ('party/x', 'party')"))
        yield connection
        transaction.rollback()


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """What any engine executes."""
    found: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        found.append(statement)

    event.listen(sa.Engine, "before_cursor_execute", note)
    yield found
    event.remove(sa.Engine, "before_cursor_execute", note)


def test_a_server_starts_and_answers_while_somebody_publishes(seeded: Store) -> None:
    with publishing(seeded), serving(seeded.url) as (process, place):
        assert answered(process, place)["edition"] == 2
        process.terminate()
        assert process.wait() == 0


def test_starting_at_the_newest_revision_takes_no_lock(
    seeded: Store, statements: list[str]
) -> None:
    with publishing(seeded):
        statements.clear()
        migrate(seeded.url)
        assert [done.edition for done in load(seeded.url, "tester")] == [None]
    locks = ("IMMEDIATE", "FOR UPDATE", "advisory", "foreign_key_check", "INSERT", "UPDATE")
    assert statements
    assert [each for each in statements if any(word in each for word in locks)] == []


def test_what_is_made_of_editions_is_made_again_where_it_is_missing(small: Store) -> None:
    with small.connect() as connection, connection.begin():
        connection.execute(sa.text("DELETE FROM change"))
        connection.execute(sa.text("DELETE FROM search_doc"))
    assert small.check().findings
    migrate(small.url)
    assert small.check().findings == []

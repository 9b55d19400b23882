"""Completeness: which fields of a record need a value or a reason, and which are not coded."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from schema.model.noun import Versioned, camel
from schema.model.registry import prefix_of, table_of
from schema.nouns.claim import Claim


class RequiredFields:
    """The fields that a record must have a value or a reason in.

    A field is there from the first edition in which a source speaks of it, of whatever record.
    What was published before that edition is not coded in that field, and stays whole.
    """

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        self.introduced: dict[tuple[type[Versioned], str], int | None] = {}

    def among(
        self, noun: type[Versioned], id: str, since: int | None, names: Iterable[str]
    ) -> list[str]:
        """Which of the fields a record must speak of; since is of its row, None for a new one."""
        return [name for name in sorted(names) if self._is_required(noun, id, since, name)]

    def _is_required(self, noun: type[Versioned], id: str, since: int | None, name: str) -> bool:
        if since is None:
            return True
        if (noun, name) not in self.introduced:
            self.introduced[noun, name] = self._introduction(noun, name)
        introduced = self.introduced[noun, name]
        if introduced is None or since < introduced:
            return False
        table = table_of(noun)
        first = sa.select(sa.func.min(table.c.since)).where(table.c.id == id)
        return int(self.connection.execute(first).scalar_one()) >= introduced

    def _introduction(self, noun: type[Versioned], name: str) -> int | None:
        """The first edition in which a source speaks of a field."""
        claims, prefix = table_of(Claim), prefix_of(noun)
        query = sa.select(sa.func.min(claims.c.since))
        if noun.parent_key is None:
            target = claims.c.record_id
            query = query.where(claims.c.field == camel(name), claims.c.element_id.is_(None))
        else:
            target = claims.c.element_id
            query = query.where(claims.c.element_field == camel(name))
        is_of_noun = target >= f"{prefix}/", target < f"{prefix}0"  # the character after the slash
        return self.connection.execute(query.where(*is_of_noun)).scalar()

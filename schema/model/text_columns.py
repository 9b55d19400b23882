"""Text columns with a meaning of their own, which the graph shows as more than a text."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa


class FieldNameText(sa.Text):
    """A column that holds the name of a field, such as `signedOn`."""


class JsonText(sa.Text):
    """A column that holds a value in JSON."""


def by_codepoint(kind: sa.Text) -> Any:
    """Text that both databases order by code point."""
    return kind.with_variant(sa.Text(collation="C"), "postgresql")

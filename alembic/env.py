"""How Alembic runs here: on the connection it is handed, or on PACTBOOK_DATABASE_URL."""

from __future__ import annotations

import os
from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from sqlmodel import SQLModel

import schema
from schema.storage.engine import address, include_in_autogenerate

schema.declare_indexes()


def render_item(kind: str, item: Any, autogen_context: Any) -> str | Literal[False]:
    """Plain SQLAlchemy for the project's own types."""
    if kind != "type":
        return False
    if isinstance(item, sa.Enum):
        return f"sa.String({item.length})"
    name = type(item).__name__
    if name == "Text":
        return "Words"
    if name in ("Amount", "BigInteger"):
        return "sa.BigInteger()"
    if name in ("DateTime", "UTCDateTime"):
        return "sa.DateTime(timezone=True)"
    return False


def run(connection: sa.Connection) -> None:
    """Runs the migrations on a connection."""
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_item=render_item,
        include_name=include_in_autogenerate,
        render_as_batch=True,
        transactional_ddl=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine = sa.create_engine(address(os.environ["PACTBOOK_DATABASE_URL"]))
    with engine.begin() as own:
        run(own)

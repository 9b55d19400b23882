"""The application: the graph, the explorer, the pages and the health of the process, over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from api import explorer
from api.http import GraphQLView
from api.migrate import head, revision
from api.page import ReadablePages
from api.settings import Settings
from schema.connection import PageSize
from schema.context import Context
from schema.database import reader
from schema.dossier import json_schema
from schema.edition import Edition
from schema.query import build


def create_app(settings: Settings) -> Starlette:
    """The ASGI application of these settings."""
    engine = reader(settings.database_url)
    sizes = PageSize(settings.page_size, settings.page_ceiling)

    def context(request: Request) -> Context:
        return Context(engine, (settings.public_url or str(request.base_url)).rstrip("/"), sizes)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        await engine.dispose()

    async def health(request: Request) -> Response:
        return await _health(engine)

    readable = ReadablePages(build(), context, settings.operation_seconds)

    async def dossier_schema(request: Request) -> Response:
        return JSONResponse(json_schema(), media_type="application/schema+json")

    return Starlette(
        lifespan=lifespan,
        routes=[
            Route("/graphql", GraphQLView(build(), context, settings.limits)),
            Route("/health", health, methods=["GET"]),
            Route("/dossier.schema.json", dossier_schema, methods=["GET"]),
            *explorer.routes,
            readable.route,
        ],
    )


async def _health(engine: AsyncEngine) -> Response:
    """Whether the process answers, the database is migrated, and which edition is the newest."""
    editions: sa.Table = Edition.__table__  # type: ignore[attr-defined]  # set by SQLModel
    try:
        async with engine.connect() as connection:
            at = await connection.run_sync(revision)
            if at != head():
                return JSONResponse(
                    {"status": "not migrated", "revision": at, "wanted": head()}, 503
                )
            newest = (await connection.execute(sa.select(sa.func.max(editions.c.number)))).scalar()
    except SQLAlchemyError as error:
        return JSONResponse({"status": "no database", "why": type(error).__name__}, 503)
    return JSONResponse({"status": "ok", "revision": at, "edition": newest or 0})

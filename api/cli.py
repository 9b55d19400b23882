"""The `pactbook` command."""

from __future__ import annotations

import json
import os
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api import document_list, snapshot_commands
from api.console import Database, bar, err, out, settings_of, tell
from api.process import failures
from api.settings import Settings
from schema.errors import DatabaseFailedError, PactbookError
from schema.storage.engine import connected

if TYPE_CHECKING:
    from schema.dossiers.draft import Coding

app = typer.Typer(
    name="pactbook",
    help="Who agreed, bought, said, decided and met with whom, and where it is written.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode="markdown",
)
app.add_typer(document_list.app, name="documents")
Author = Annotated[str | None, typer.Option(help="Who publishes; PACTBOOK_AUTHOR when left out.")]

app.command()(snapshot_commands.snapshot)
app.command()(snapshot_commands.verify)


@app.command()
def serve(
    host: Annotated[
        str | None, typer.Option(help="The address to listen on; PACTBOOK_HOST.")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="The port; PACTBOOK_PORT; 0 takes a free one."),
    ] = None,
    database: Database = None,
    seed: Annotated[bool, typer.Option(help="Load the states and the seed article first.")] = True,
) -> None:
    """Migrates the database, loads the seed, and serves the graph and the explorer."""
    from api.database.migrate import migrate as run_migrations

    settings = settings_of(database_url=database, host=host, port=port)
    with _listener(settings.host, settings.port) as listener:
        with failures.reported(settings.database_url):
            run_migrations(settings.database_url, quotation=settings.quotation)
        if seed:
            _loaded(settings)
        _served(settings, listener)


def _loaded(settings: Settings) -> None:
    """Loads the seed; where nothing may be written, says that it is missing."""
    from api.database import seeding

    try:
        with failures.reported(settings.database_url), bar("Loading") as progress:
            seeding.load(settings.database_url, settings.author, progress)
    except DatabaseFailedError as error:
        if not error.is_read_only:
            raise
        err.print(
            "The database may only be read: it is served without the states and the seed article, "
            "which are not in it.",
            soft_wrap=True,
        )


def _served(settings: Settings, listener: socket.socket) -> None:
    """Serves, where the system allows it in the place of this process.

    What migrating and publishing takes of memory would otherwise be held for as long as it runs.
    """
    if os.name != "posix":  # pragma: no cover # Windows cannot put one process in another's place
        from api.process.server import serve as serve_here

        serve_here(settings, listener)
        return
    listener.set_inheritable(True)
    command = [sys.executable, "-P", "-m", "api.process.server", str(listener.fileno())]
    os.execve(command[0], command, os.environ | settings.environment)  # noqa: S606  # no shell


def _listener(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        err.print(
            f"[red]Port {port} on {host} cannot be used: {error.strerror}.[/red] "
            "Choose another with --port."
        )
        raise typer.Exit(1) from error
    return listener


@app.command()
def migrate(
    database: Database = None,
    to: Annotated[str, typer.Option(help="A revision, or `head`.")] = "head",
) -> None:
    """Brings the database to the revision this release needs."""
    from api.database.migrate import migrate as run_migrations

    settings = settings_of(database_url=database)
    with failures.reported(settings.database_url):
        run_migrations(settings.database_url, to, settings.quotation)
    out.print(f"The database is at {to}.")


@app.command()
def publish(
    path: Annotated[
        Path, typer.Argument(help="The dossier: a folder with a dossier.yaml and its text.")
    ],
    author: Author = None,
    database: Database = None,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Put another text in its place, and retract what is gone."),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show every difference, and change nothing.")
    ] = False,
) -> None:
    """Validates a dossier whole and publishes it as one edition, or names every error in it.

    It exits with 1 where it is refused, also with --dry-run.
    """
    from api.database import seeding
    from api.database.summary import summary
    from schema.dossiers.reader import read_dossier

    settings = settings_of(database_url=database, author=author)
    coding = read_dossier(path)
    if dry_run:
        _previewed(settings, coding, replace=replace)
        return
    with failures.reported(settings.database_url), bar("Publishing") as progress:
        done = seeding.publish_to(
            settings.database_url, coding, settings.author, progress, replace=replace
        )
    out.print(summary(done, coding.source_id), highlight=False, soft_wrap=True)


def _previewed(settings: Settings, coding: Coding, *, replace: bool) -> None:
    """Shows what publishing would do; an exit of 1 where it would be refused."""
    from api.database import seeding
    from api.database.summary import summary

    with failures.reported(settings.database_url):
        found = seeding.preview_of(settings.database_url, coding, settings.author)
    last = summary(found.publication, coding.source_id, is_done=False)
    for line in (*found.lines, last):
        out.print(line, highlight=False, markup=False, soft_wrap=True)
    if found.refusal and not replace:
        raise found.refusal


@app.command()
def load(author: Author = None, database: Database = None) -> None:
    """Loads the states of ISO 3166-1 and the seed article, where they are not loaded yet."""
    from api.database import seeding
    from api.database.summary import summary

    settings = settings_of(database_url=database, author=author)
    with failures.reported(settings.database_url), bar("Loading") as progress:
        for done in seeding.load(settings.database_url, settings.author, progress):
            out.print(summary(done, "load"), highlight=False, soft_wrap=True)


@app.command()
def check(database: Database = None) -> None:
    """Verifies the whole database again: passages, values, reasons, references, editions."""
    from api.database.revision import require
    from schema.publishing.verify import check as verified

    settings = settings_of(database_url=database)
    url = settings.database_url
    with failures.reported(url), bar("Checking") as progress, connected(url) as connection:
        require(connection)
        report = verified(connection, progress)
    for finding in report.findings:
        out.print(finding, highlight=False, markup=False, soft_wrap=True)
    counts = ", ".join(f"{number} {what}" for what, number in report.counts.items())
    out.print(f"Findings: {len(report.findings)} in {counts}.", highlight=False, soft_wrap=True)
    raise typer.Exit(1 if report.findings else 0)


@app.command()
def schema(
    file: Annotated[
        Path | None, typer.Argument(help="Where to write it; the screen when left out.")
    ] = None,
    dossier: Annotated[
        bool, typer.Option(help="The JSON Schema of dossiers in place of the graph's SDL.")
    ] = False,
) -> None:
    """Writes the graph's schema as SDL, or the JSON Schema of dossiers."""
    if dossier:
        from schema.dossiers.format import json_schema

        text = json.dumps(json_schema(), indent=2, ensure_ascii=False)
    else:
        from schema.build import build
        from schema.graph.sdl import sdl

        text = sdl(build()).rstrip("\n")
    if file is None:
        sys.stdout.write(text + "\n")
    else:
        file.write_text(text + "\n", "utf-8")


@app.command()
def explain(
    file: Annotated[Path, typer.Argument(help="A GraphQL document with a query.")],
    variables: Annotated[
        str | None, typer.Option(help="The query's variables, as a JSON object.")
    ] = None,
    operation: Annotated[
        str | None, typer.Option(help="Which operation, where the document has several.")
    ] = None,
    brief: Annotated[bool, typer.Option("--brief", help="Without SQL and times.")] = False,
    database: Database = None,
) -> None:
    """Runs a query once and shows its plan: statements, parameters, who makes which part."""
    from api.explain import explained

    settings = settings_of(database_url=database)
    with failures.reported(settings.database_url):
        lines = explained(settings, file, variables, operation, is_brief=brief)
    out.print("\n".join(lines), highlight=False, markup=False, soft_wrap=True)


def main() -> None:
    """Runs the command; an expected mistake is told in its own words."""
    try:
        app()
    except PactbookError as error:
        tell(str(error))
        sys.exit(1)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        tell(f"{where}{error.strerror or error}.")
        sys.exit(1)

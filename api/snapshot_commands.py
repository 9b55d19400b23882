"""The verbs of `pactbook` for snapshots."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.console import Database, bar, out, settings_of
from api.process import failures
from schema.storage.engine import connected


def snapshot(
    file: Annotated[Path, typer.Argument(help="The file to write, such as `pactbook.sqlite`.")],
    edition: Annotated[
        int | None, typer.Option(help="Which edition; the newest when left out.")
    ] = None,
    database: Database = None,
) -> None:
    """Writes one edition as one SQLite file for analysts, with its Data Package beside it."""
    from api.database.revision import require
    from api.snapshot.write import write

    url = settings_of(database_url=database).database_url
    with failures.reported(url), bar("Writing") as progress:
        with connected(url) as connection:
            require(connection)
        number, seal = write(url, file, edition, progress)
    out.print(f"Edition {number} is in {file}.", highlight=False, markup=False, soft_wrap=True)
    out.print(f"SHA-256 {seal}", highlight=False, soft_wrap=True)


def verify(
    file: Annotated[Path, typer.Argument(help="A file that `pactbook snapshot` has written.")],
) -> None:
    """Verifies a snapshot offline: every byte, the rows, the texts and the passages."""
    from api.snapshot.verify import verify as verified

    report = verified(file)
    for finding in report.findings:
        out.print(finding, highlight=False, markup=False, soft_wrap=True)
    if report.findings:
        raise typer.Exit(1)
    counted = f"Edition {report.edition}, {report.rows} rows, all as they were written."
    out.print(counted, highlight=False, soft_wrap=True)
    out.print(f"SHA-256 {report.seal}", highlight=False, soft_wrap=True)

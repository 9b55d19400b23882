"""What the verbs of `pactbook` share: the console, progress, the settings and the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from api.settings import Settings
from schema.errors import DatabaseAddressError
from schema.storage.engine import address

out, err = Console(), Console(stderr=True)

Database = Annotated[
    str | None,
    typer.Option(
        "--database",
        help="The database; PACTBOOK_DATABASE_URL or sqlite:///pactbook.db when left out.",
    ),
]


@contextmanager
def bar(what: str) -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar on the error output, which is silent where nobody watches."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    disable = not err.is_terminal
    with Progress(*columns, console=err, transient=True, disable=disable) as progress:
        task = progress.add_task(what, total=None)

        def tell(step: str, done: int, total: int) -> None:
            if done % 200 == 0 or done == total:
                progress.update(task, description=f"{what}: {step}", completed=done, total=total)

        yield tell


def settings_of(**given: Any) -> Settings:
    """The settings, with what a verb was given in their place; an exit of 2 for wrong ones."""
    try:
        settings = Settings.from_environment()
        known = {name: value for name, value in given.items() if value is not None}
        settings = replace(settings, **known)
        address(settings.database_url)
    except (ValueError, DatabaseAddressError) as error:
        tell(str(error))
        raise typer.Exit(2) from error
    return settings


def tell(line: str) -> None:
    """Tells what is wrong on the error output."""
    err.print(line, style="red", highlight=False, markup=False, soft_wrap=True)

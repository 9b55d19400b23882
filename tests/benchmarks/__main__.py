"""`make bench`: measures Pactbook beside what it could be; `--help` lists the choices."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeRemainingColumn,
)

from tests.benchmarks.beside import Comparison, beside, compared, memory, tell_beside
from tests.benchmarks.measure import SERVERS, in_process, measured, running
from tests.benchmarks.plot import draw
from tests.benchmarks.questions import TITLES, questions
from tests.benchmarks.report import Run, show, show_growth, show_questions, write
from tests.benchmarks.soak import show_soak, soak
from tests.benchmarks.store import Shelf

HERE = Path(__file__).parent
QUICK_SCALE = 0.01
VARIABLES = 32
WIDTH = 110
"""How many characters a table needs, where nobody says how many there are."""


class Database(Enum):
    """On which databases."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"
    BOTH = "both"


class Bench:
    """One run: its data, its progress and what it measured."""

    def __init__(self, data: Path, progress: Progress, kinds: list[str]) -> None:
        self.progress, self.kinds = progress, kinds
        self.shelf = Shelf(data, progress)

    @contextmanager
    def place(self, kind: str, scale: float) -> Iterator[str]:
        """The URL of a database with the world of a scale, as long as it is needed."""
        if kind == "sqlite":
            yield self.shelf.sqlite(scale)
        else:
            with self.shelf.server() as server:
                yield self.shelf.postgresql(server, scale)

    def run(
        self,
        kind: str,
        scale: float,
        names: list[str],
        servers: list[str],
        connections: list[int],
        seconds: float,
        rounds: int,
    ) -> Run:
        """Everything measured on one database."""
        with (
            tempfile.TemporaryDirectory(prefix="pactbook-bench-") as folder,
            self.place(kind, scale) as place,
        ):
            asked = questions(place, names, VARIABLES)
            total = rounds * len(asked) * len(connections) * len(servers)
            task = self.progress.add_task(f"{kind}, scale {scale:g}", total=total)
            alone = in_process(place, asked, seconds / 2)

            def step(what: str) -> None:
                self.progress.update(task, description=f"{kind}: {what}", advance=1)

            with running(place, servers, asked, Path(folder)) as started:
                cells = measured(
                    started,
                    asked,
                    connections,
                    seconds=seconds,
                    rounds=rounds,
                    folder=Path(folder),
                    step=step,
                )
                memory = {each.name: each.most_memory() for each in started}
            self.progress.remove_task(task)
        settings = {"seconds": seconds, "rounds": rounds, "variables": VARIABLES}
        return Run(kind, scale, cells, alone, memory, settings)

    def beside(
        self,
        other: Path,
        scale: float,
        names: list[str],
        connections: int,
        seconds: float,
        rounds: int,
    ) -> list[Comparison]:
        """This checkout beside another, on each database."""
        return [
            self._beside(other.resolve(), kind, scale, names, connections, seconds, rounds)
            for kind in self.kinds
        ]

    def _beside(
        self,
        other: Path,
        kind: str,
        scale: float,
        names: list[str],
        connections: int,
        seconds: float,
        rounds: int,
    ) -> Comparison:
        folder = self.shelf.folder
        with tempfile.TemporaryDirectory(prefix="pactbook-bench-") as place, ExitStack() as stack:
            address = None
            if kind == "postgresql":
                server = stack.enter_context(self.shelf.server())
                address = server.render_as_string(hide_password=False)
            task = self.progress.add_task(f"{kind}: filling", total=2 * rounds * len(names))

            def step(what: str) -> None:
                self.progress.update(task, description=f"{kind}: {what}", advance=1)

            both = stack.enter_context(beside(other, folder, address, scale, names, VARIABLES))
            ratios = compared(
                both, connections, seconds=seconds, rounds=rounds, folder=Path(place), step=step
            )
            self.progress.remove_task(task)
            return Comparison(kind, scale, connections, ratios, memory(both))

    def soak(self, kind: str, scale: float, names: list[str], requests: int) -> dict[str, Any]:
        """The memory of Pactbook over many requests."""
        with (
            tempfile.TemporaryDirectory(prefix="pactbook-bench-") as folder,
            self.place(kind, scale) as place,
        ):
            asked = questions(place, names, VARIABLES)
            task = self.progress.add_task(f"{kind}: many requests", total=requests)

            def step(done: int) -> None:
                self.progress.update(task, completed=done)

            found = soak(place, asked, requests, 16, Path(folder), step)
            self.progress.remove_task(task)
        return {"database": kind, "memory": found}


def growth(small: Run, large: Run) -> list[dict[str, Any]]:
    """How many times as long each question takes on the larger data set, one at a time."""
    told: list[dict[str, Any]] = []
    for question in dict.fromkeys(cell.question for cell in small.cells):
        row: dict[str, Any] = {"database": small.database, "question": question}
        for name in ("pactbook", "sql"):
            before, after = (run.rate(question, 1, name) for run in (small, large))
            row[name] = before / after if before and after else None
        told.append(row)
    return told


def numbers(text: str) -> list[int]:
    """A list of numbers with commas between."""
    return [int(part) for part in text.split(",")]


def chosen(text: str, known: list[str]) -> list[str]:
    """A list of names with commas between; BadParameter for one that is not known."""
    names = [part.strip() for part in text.split(",")] if text else known
    for name in names:
        if name not in known:
            message = f"'{name}' is none of {', '.join(known)}."
            raise typer.BadParameter(message)
    return names


def main(
    database: Annotated[Database, typer.Option(help="Which database.")] = Database.BOTH,
    scale: Annotated[float, typer.Option(help="How large the data set is; 10 is ten times.")] = 1,
    queries: Annotated[str, typer.Option(help=f"Some of {', '.join(TITLES)}.")] = "",
    servers: Annotated[str, typer.Option(help=f"Some of {', '.join(SERVERS)}.")] = "",
    connections: Annotated[str, typer.Option(help="How many at a time.")] = "1,16,64",
    seconds: Annotated[float, typer.Option(help="How long each server is asked at a time.")] = 2,
    rounds: Annotated[int, typer.Option(help="How often; medians are told.")] = 3,
    quick: Annotated[bool, typer.Option(help="Small data and short rounds: does it run?")] = False,
    scales: Annotated[bool, typer.Option(help="Compare this scale with ten times it.")] = False,
    million: Annotated[
        int, typer.Option(help="Send as many requests in place of that, and watch the memory.")
    ] = 0,
    other: Annotated[
        Path | None,
        typer.Option("--beside", help="Compare with another checkout that has its own .venv."),
    ] = None,
    tables: Annotated[
        Path | None, typer.Option("--markdown", help="The tables of --beside, as Markdown.")
    ] = None,
    data: Annotated[
        Path | None, typer.Option(help="Where the data are kept for the next run.")
    ] = None,
    output: Annotated[Path, typer.Option(help="The figures, as JSON.")] = HERE / "results.json",
    picture: Annotated[Path, typer.Option(help="The picture of them.")] = HERE / "results.svg",
) -> None:
    """Asks Pactbook, plain Strawberry, SQL by hand and a bare server the same seven questions."""
    console = Console()
    console.width = max(console.width, WIDTH)
    if quick:
        scale, seconds, rounds, connections = QUICK_SCALE, 0.2, 1, "1,4"
    names, servers_compared = chosen(queries, [*TITLES]), chosen(servers, [*SERVERS])
    kinds = ["sqlite", "postgresql"] if database is Database.BOTH else [database.value]
    counts = numbers(connections)
    data = data or Path(tempfile.gettempdir()) / "pactbook-bench"
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bench = Bench(data, progress, kinds)
        if million:
            soaked = [bench.soak(kind, scale, names, million) for kind in kinds]
            for each in soaked:
                show_soak(console, each["database"], each["memory"])
            write(output, [], soak=soaked)
            return
        if other is not None:
            count = counts[len(counts) // 2]
            found = bench.beside(other, scale, names, count, seconds, rounds)
            tell_beside(console, found, tables)
            return
        if scales:
            servers_compared, counts = ["pactbook", "sql"], [1]
        runs = [
            bench.run(kind, scale, names, servers_compared, counts, seconds, rounds)
            for kind in kinds
        ]
        grown: list[dict[str, Any]] = []
        if scales:
            larger = [
                bench.run(kind, scale * 10, names, servers_compared, counts, seconds, rounds)
                for kind in kinds
            ]
            pairs = zip(runs, larger, strict=True)
            grown = [row for small, large in pairs for row in growth(small, large)]
            runs += larger
    show_questions(console)
    for run in runs:
        show(console, run)
    if grown:
        show_growth(console, grown)
    write(output, runs, growth=grown)
    if not scales:
        draw(picture, runs, counts[len(counts) // 2])
    console.print(f"The figures are in {output}" + ("." if scales else f", drawn in {picture}."))


if __name__ == "__main__":
    typer.run(main)

"""This checkout beside another: both serve the same data, and take turns in short windows."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.benchmarks.measure import COMPARED, DifferentAnswersError, posted
from tests.benchmarks.processes import ROOT, Load, Running, interpreter, server

CASES = {"kept": "kept", "uncached": "pactbook"}
"""The server that each case asks, as `processes.command` names it."""
COLUMNS = ("question", *(f"{case}, {what}" for case in CASES for what in ("rate", "CPU")))
MEAN = "geometric mean"


@dataclass
class Served:
    """One checkout with a database that it filled, and its servers."""

    place: str
    bodies: dict[str, list[bytes]]
    """The requests of each question, as this checkout writes them."""
    started: dict[str, Running] = field(default_factory=dict[str, Running])


@dataclass(frozen=True)
class Ratio:
    """How many times another checkout's figures this one's are, of one question."""

    rate: float
    cpu: float
    """Processor time a request; nan where nobody tells, or the windows were too short."""


@dataclass
class Comparison:
    """What was measured on one database."""

    database: str
    scale: float
    connections: int
    ratios: dict[str, dict[str, Ratio]]
    """By question and case."""
    memory: dict[str, tuple[float | None, float | None]]
    """The most resident memory of each case's server, in MiB: here and there."""

    def rows(self) -> list[list[str]]:
        """The figures of the table, with their geometric means."""
        cells = {
            question: [number for case in CASES for number in (of[case].rate, of[case].cpu)]
            for question, of in self.ratios.items()
        }
        cells[MEAN] = [*map(_mean, zip(*cells.values(), strict=True))]
        return [[name, *(f"{number:.3f}" for number in each)] for name, each in cells.items()]

    def told_memory(self) -> str:
        """The resident memory, in a sentence."""
        told = (
            f"{case} {' and '.join('?' if each is None else f'{each:.0f}' for each in both)}"
            for case, both in self.memory.items()
        )
        return f"The most resident memory here and there, MiB: {', '.join(told)}."

    def title(self) -> str:
        """What the table shows."""
        return (
            f"{self.database}, scale {self.scale:g}, {self.connections} connections: "
            "this checkout ÷ the other"
        )


def served(
    checkout: Path, data: Path, address: str | None, scale: float, names: list[str], count: int
) -> Served:
    """A database that a checkout filled in a folder, or on a PostgreSQL, and what it is asked."""
    asked = {"data": str(data.resolve()), "server": address, "scale": scale}
    found = subprocess.run(
        [interpreter(checkout), "-P", Path(__file__).with_name("checkout.py")],
        input=json.dumps(asked | {"names": names, "count": count}) + "\n",
        cwd=checkout,
        env=os.environ | {"PYTHONPATH": str(checkout)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    told: dict[str, Any] = json.loads(found.stdout.splitlines()[-1])
    bodies = {name: [each.encode() for each in of] for name, of in told["bodies"].items()}
    return Served(told["place"], bodies)


@contextmanager
def beside(
    checkout: Path, data: Path, address: str | None, scale: float, names: list[str], count: int
) -> Iterator[tuple[Served, Served]]:
    """This checkout and another, serving, their answers compared."""
    with ExitStack() as stack:
        here, there = (
            served(each, data, address, scale, names, count) for each in (ROOT, checkout)
        )
        for each, folder in ((here, ROOT), (there, checkout)):
            for case, name in CASES.items():
                each.started[case] = stack.enter_context(server(name, each.place, folder))
        for question in names:
            both = zip(here.bodies[question], there.bodies[question], strict=True)
            for own, other in [*both][:COMPARED]:
                first = posted(here.started["uncached"].port, own).get("data")
                second = posted(there.started["uncached"].port, other).get("data")
                if first is None or json.dumps(first) != json.dumps(second):
                    raise DifferentAnswersError(question, own.decode(), "here", str(checkout))
        yield here, there


def compared(
    both: tuple[Served, Served],
    connections: int,
    *,
    seconds: float,
    rounds: int,
    folder: Path,
    step: Callable[[str], None] = lambda what: None,
) -> dict[str, dict[str, Ratio]]:
    """The medians of the ratios of neighbouring windows, by question and case.

    Who goes first changes with each round, so that neither has the better half of them.
    """
    found: dict[tuple[str, str], list[Ratio]] = defaultdict(list)
    with Load(folder) as load:
        files = [
            {name: load.bodies(f"{number}-{name}", of) for name, of in each.bodies.items()}
            for number, each in enumerate(both)
        ]
        for number in range(rounds):
            turns = (0, 1) if number % 2 == 0 else (1, 0)
            for question, bodies in both[0].bodies.items():
                for case in CASES:
                    step(f"{question}, {case}")
                    windows = {}
                    for turn in turns:
                        each, file = both[turn].started[case], files[turn][question]
                        if number == 0:
                            load.ask(each.port, file, 1, requests=len(bodies))
                        windows[turn] = _window(load, each, file, connections, seconds)
                    (rate, cpu), (other_rate, other_cpu) = windows[0], windows[1]
                    cost = cpu / other_cpu if other_cpu else float("nan")
                    found[question, case].append(Ratio(rate / other_rate, cost))
    return {
        question: {case: _middle(found[question, case]) for case in CASES}
        for question in both[0].bodies
    }


def memory(both: tuple[Served, Served]) -> dict[str, tuple[float | None, float | None]]:
    """The most resident memory of each case's server, here and there."""
    here, there = both
    return {
        case: (here.started[case].most_memory(), there.started[case].most_memory())
        for case in CASES
    }


def _window(
    load: Load, each: Running, bodies: str, connections: int, seconds: float
) -> tuple[float, float]:
    """Requests a second, and seconds of processor time a request."""
    before = each.cpu() or 0.0
    told = load.ask(each.port, bodies, connections, seconds=seconds)
    return told["rate"], ((each.cpu() or 0.0) - before) / told["requests"]


def _middle(ratios: Sequence[Ratio]) -> Ratio:
    return Ratio(
        statistics.median(each.rate for each in ratios),
        statistics.median(each.cpu for each in ratios),
    )


def _mean(numbers: Sequence[float]) -> float:
    return statistics.geometric_mean(numbers) if all(number > 0 for number in numbers) else 0.0


def tell_beside(console: Console, comparisons: Sequence[Comparison], path: Path | None) -> None:
    """The tables of all databases, in the terminal and, where a path is given, as Markdown."""
    for comparison in comparisons:
        _show(console, comparison)
    if path is not None:
        path.write_text("\n".join(map(markdown, comparisons)), "utf-8")


def _show(console: Console, comparison: Comparison) -> None:
    table = Table(title=comparison.title(), title_justify="left")
    for number, name in enumerate(COLUMNS):
        table.add_column(name, justify="right" if number else "left", no_wrap=True)
    for row in comparison.rows():
        if row[0] == MEAN:
            table.add_section()
        table.add_row(*row)
    console.print(table)
    console.print(comparison.told_memory(), highlight=False)


def markdown(comparison: Comparison) -> str:
    """The table of one database as Markdown has it."""
    rows = [COLUMNS, ("---", *["---:"] * (len(COLUMNS) - 1)), *comparison.rows()]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([comparison.title(), "", *lines, "", comparison.told_memory(), ""])

"""Many requests of all questions, to see whether memory grows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.benchmarks.processes import Load, server
from tests.benchmarks.questions import Question

STEPS = 40


def soak(
    place: str,
    asked: Sequence[Question],
    requests: int,
    connections: int,
    folder: Path,
    step: Callable[[int], None],
    name: str = "pactbook",
) -> list[dict[str, Any]]:
    """The resident memory of a server after each part of the requests."""
    bodies = [body for question in asked for body in question.bodies]
    Random(len(bodies)).shuffle(bodies)
    found: list[dict[str, Any]] = []
    with server(name, place) as running, Load(folder) as load:
        file = load.bodies("soak", bodies)
        done, seconds = 0, 0.0
        part = max(connections, requests // STEPS)
        while done < requests:
            told = load.ask(running.port, file, connections, requests=min(part, requests - done))
            done, seconds = done + int(told["requests"]), seconds + told["elapsed"]
            memory = running.memory()
            found.append({"requests": done, "seconds": round(seconds, 1), "memory_mib": memory})
            step(done)
    return found


def show_soak(console: Console, name: str, found: Sequence[dict[str, Any]]) -> None:
    """Memory over time, and how much it grew since the first tenth."""
    table = Table(title=f"{name}: resident memory over many requests", title_justify="left")
    for title in ("requests", "seconds", "MiB"):
        table.add_column(title, justify="right")
    for each in found:
        memory = "" if each["memory_mib"] is None else f"{each['memory_mib']:.1f}"
        table.add_row(f"{each['requests']:,}", f"{each['seconds']:.0f}", memory)
    console.print(table)
    settled = [each["memory_mib"] for each in found if each["memory_mib"] is not None]
    if len(settled) > 1:
        grown = settled[-1] - settled[len(settled) // 10]
        console.print(f"Grown since the first tenth: {grown:+.1f} MiB.")

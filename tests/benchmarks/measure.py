"""Measurements: every server asked the same, one after another, round after round."""

from __future__ import annotations

import asyncio
import json
import pickle
import statistics
import time
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson

from tests.benchmarks.asking import asker
from tests.benchmarks.processes import Load, Running, server
from tests.benchmarks.questions import Question

SERVERS = ("pactbook", "plain", "sql", "bare", "kept")
COMPARED = 3
"""With how many variables of each question the answers are compared before."""


@dataclass(frozen=True)
class Cell:
    """How fast one server answered one question."""

    question: str
    connections: int
    server: str
    rate: float
    p50: float
    p99: float
    cpu: float | None
    """Milliseconds of the server's processor time a request."""
    memory: float | None
    """Its resident memory afterwards, in MiB."""


class DifferentAnswersError(Exception):
    """Two servers answer one question differently, so that their times compare nothing."""

    def __init__(self, question: str, variables: Any, one: str, other: str) -> None:
        super().__init__(f"{one} and {other} differ on {question} with {variables}.")


def answers(place: str, asked: Sequence[Question]) -> dict[tuple[str, bytes], bytes]:
    """The answers by hand to all that is asked, as Pactbook writes them."""

    async def found() -> dict[tuple[str, bytes], bytes]:
        by_hand = asker(place)
        ready = {}
        for question in asked:
            for variables in question.variables:
                told = orjson.loads(await by_hand.answer(question.name, variables))
                whole = orjson.dumps(told | {"extensions": {"edition": 2}})
                ready[question.name, orjson.dumps(variables)] = whole
        await by_hand.close()
        return ready

    return asyncio.run(found())


def in_process(place: str, asked: Sequence[Question], seconds: float) -> dict[str, float]:
    """How long the statements by hand take without a server, in milliseconds."""

    async def found() -> dict[str, float]:
        by_hand = asker(place)
        taken = {}
        for question in asked:
            each: list[float] = []
            for variables in question.variables:  # until what it reads is in memory
                await by_hand.answer(question.name, variables)
            until = time.perf_counter() + seconds
            while time.perf_counter() < until or len(each) < len(question.variables):
                began = time.perf_counter()
                await by_hand.answer(
                    question.name, question.variables[len(each) % len(question.variables)]
                )
                each.append(time.perf_counter() - began)
            taken[question.name] = statistics.fmean(each) * 1000
        await by_hand.close()
        return taken

    return asyncio.run(found())


@contextmanager
def running(
    place: str, names: Sequence[str], asked: Sequence[Question], folder: Path
) -> Iterator[list[Running]]:
    """Servers of one database, started and their answers compared."""
    ready = answers(place, asked)
    file = folder / "answers"
    file.write_bytes(pickle.dumps(ready))
    with ExitStack() as stack:
        started = [
            stack.enter_context(server(name, str(file) if name == "bare" else place))
            for name in names
        ]
        for question in asked:
            for variables, body in zip(
                question.variables[:COMPARED], question.bodies[:COMPARED], strict=True
            ):
                wanted = orjson.loads(ready[question.name, orjson.dumps(variables)])["data"]
                for each in started:
                    told = posted(each.port, body).get("data")
                    if json.dumps(told) != json.dumps(wanted):
                        raise DifferentAnswersError(question.name, variables, each.name, "sql")
        yield started


def posted(port: int, body: bytes) -> dict[str, Any]:
    """The answer of a server to one request."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/graphql", body, {"content-type": "application/json"}
    )
    with urllib.request.urlopen(request) as response:
        told: dict[str, Any] = orjson.loads(response.read())
    return told


def measured(
    started: Sequence[Running],
    asked: Sequence[Question],
    connections: Sequence[int],
    *,
    seconds: float,
    rounds: int,
    folder: Path,
    step: Callable[[str], None] = lambda what: None,
) -> list[Cell]:
    """The medians of all rounds; within each, the servers take turns."""
    found: dict[tuple[str, int, str], list[Cell]] = defaultdict(list)
    with Load(folder) as load:
        files = {question.name: load.bodies(question.name, question.bodies) for question in asked}
        for number in range(rounds):
            turn = number % len(started)
            for question in asked:
                for each in started:  # what is measured is the answer, not how it is first found
                    bodies = files[question.name]
                    load.ask(each.port, bodies, 1, requests=len(question.bodies))
                for count in connections:
                    for each in (*started[turn:], *started[:turn]):
                        step(f"{question.name}, {count} at a time, {each.name}")
                        cell = _cell(load, each, question.name, files, count, seconds)
                        found[question.name, count, each.name].append(cell)
    return [_middle(cells) for cells in found.values()]


def _cell(
    load: Load, each: Running, question: str, files: dict[str, str], count: int, seconds: float
) -> Cell:
    before = each.cpu()
    told = load.ask(each.port, files[question], count, seconds=seconds)
    after = each.cpu()
    cpu = None
    if before is not None and after is not None and told["requests"]:
        cpu = (after - before) / told["requests"] * 1000
    p50, p99 = told["p50"] * 1000, told["p99"] * 1000
    return Cell(question, count, each.name, told["rate"], p50, p99, cpu, each.memory())


def _middle(cells: Sequence[Cell]) -> Cell:
    """The medians of the rounds of one cell."""
    told = asdict(cells[0])
    for name in ("rate", "p50", "p99", "cpu", "memory"):
        values = [value for cell in cells if (value := getattr(cell, name)) is not None]
        told[name] = statistics.median(values) if values else None
    return Cell(**told)

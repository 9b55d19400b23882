"""What was measured, in tables, as JSON, and what follows from it."""

from __future__ import annotations

import json
import math
import os
import platform
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.benchmarks.measure import Cell
from tests.benchmarks.questions import TITLES


@dataclass
class Run:
    """What was measured on one database."""

    database: str
    scale: float
    cells: list[Cell]
    in_process: dict[str, float]
    """Milliseconds of the statements by hand without a server, by question."""
    memory: dict[str, float | None]
    """The most resident memory of each server, in MiB."""
    settings: dict[str, Any] = field(default_factory=dict)

    def rate(self, question: str, connections: int, server: str) -> float | None:
        """Requests a second; None where it was not measured."""
        for cell in self.cells:
            if (cell.question, cell.connections, cell.server) == (question, connections, server):
                return cell.rate or None
        return None

    def times(self, question: str, connections: int, one: str, other: str) -> float | None:
        """How many times as fast one server is as another."""
        first, second = (self.rate(question, connections, name) for name in (one, other))
        return None if first is None or second is None else first / second

    def over_limit(self, question: str, connections: int) -> float | None:
        """How long Pactbook takes, in times of the statement in process and the bare server."""
        own, bare = (self.rate(question, connections, name) for name in ("pactbook", "bare"))
        if own is None or bare is None:
            return None
        return (1000 / own) / (self.in_process[question] + 1000 / bare)

    def ratios(self) -> list[dict[str, Any]]:
        """What the issue asks for, by question and connections."""
        keys = dict.fromkeys((cell.question, cell.connections) for cell in self.cells)
        return [
            {
                "question": question,
                "connections": count,
                "times_plain": self.times(question, count, "pactbook", "plain"),
                "time_over_sql_server": self.times(question, count, "sql", "pactbook"),
                "time_over_sql_and_bare": self.over_limit(question, count),
                "kept_share_of_bare": self.times(question, count, "kept", "bare"),
            }
            for question, count in keys
        ]

    def told(self) -> dict[str, Any]:
        """All of it as JSON has it."""
        return {
            "database": self.database,
            "scale": self.scale,
            "settings": self.settings,
            "cells": [asdict(cell) for cell in self.cells],
            "in_process_ms": self.in_process,
            "memory_mib": self.memory,
            "ratios": self.ratios(),
        }


def machine() -> dict[str, Any]:
    """On what it was measured."""
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "sqlite": sqlite3.sqlite_version,
    }


def write(path: Path, runs: Sequence[Run], **more: Any) -> None:
    """Writes everything that was measured."""
    told = {"machine": machine(), "runs": [run.told() for run in runs], **more}
    path.write_text(json.dumps(told, indent=1, default=str) + "\n", "utf-8")


def show_questions(console: Console) -> None:
    """What the questions are."""
    for name, title in TITLES.items():
        console.print(f"{name}: {title}", highlight=False)


def show(console: Console, run: Run) -> None:
    """The tables of one database."""
    counts = list(dict.fromkeys(cell.connections for cell in run.cells))
    servers = list(dict.fromkeys(cell.server for cell in run.cells))
    for count in counts:
        title = f"{run.database}, scale {run.scale:g}, {count} connections: requests a second"
        table = Table(title=title, title_justify="left")
        table.add_column("question", no_wrap=True)
        for name in (*servers, "× plain", "time ÷ sql", "÷ (sql + bare)", "kept ÷ bare"):
            table.add_column(name, justify="right")
        for ratio in (each for each in run.ratios() if each["connections"] == count):
            question = ratio["question"]
            rates = [run.rate(question, count, name) for name in servers]
            numbers = [
                ratio["times_plain"],
                ratio["time_over_sql_server"],
                ratio["time_over_sql_and_bare"],
                ratio["kept_share_of_bare"],
            ]
            table.add_row(question, *map(_rate, rates), *map(_number, numbers))
        table.add_section()
        means = [
            _mean(run, count, name)
            for name in (
                "times_plain",
                "time_over_sql_server",
                "time_over_sql_and_bare",
                "kept_share_of_bare",
            )
        ]
        table.add_row("geometric mean", *[""] * len(servers), *map(_number, means))
        console.print(table)
    table = Table(title=f"{run.database}: the most resident memory, MiB", title_justify="left")
    for name in run.memory:
        table.add_column(name, justify="right")
    table.add_row(*("" if value is None else f"{value:.0f}" for value in run.memory.values()))
    console.print(table)


def show_growth(console: Console, growth: Sequence[dict[str, Any]]) -> None:
    """How much longer each question takes on the larger data set."""
    table = Table(title="time a request on the larger data set ÷ on the smaller")
    table.add_column("question")
    for name in ("database", "pactbook", "sql"):
        table.add_column(name, justify="right")
    for each in growth:
        numbers = (_number(each["pactbook"]), _number(each["sql"]))
        table.add_row(each["question"], each["database"], *numbers)
    console.print(table)


def _mean(run: Run, count: int, name: str) -> float | None:
    values = [each[name] for each in run.ratios() if each["connections"] == count and each[name]]
    return math.exp(sum(map(math.log, values)) / len(values)) if values else None


def _rate(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"

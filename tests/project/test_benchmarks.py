"""The benchmark's data and baselines: the data are valid, and everybody answers the same."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest

from schema.build import build
from schema.execution.context import Context
from schema.filtering.page import PageSize
from schema.nouns.involvement import Involvement
from schema.storage.open import snapshots
from tests.benchmarks.asking import asker
from tests.benchmarks.beside import CASES, COLUMNS, Comparison, beside, compared, markdown, memory
from tests.benchmarks.data import World
from tests.benchmarks.handwritten import FOLDER
from tests.benchmarks.measure import running
from tests.benchmarks.plain.app import plain_schema
from tests.benchmarks.plain.loading import Loaders, sessions
from tests.benchmarks.processes import ROOT, Load
from tests.benchmarks.questions import TITLES, Question, questions
from tests.benchmarks.store import fill
from tests.support.databases import Store, Stores

LEFT_OUT = re.compile(
    r".*: (no claim says that it exists"
    r"|\w+ has neither a value nor a reason"
    r"|\w+ holds .*, and no claim says so"
    r"|its folded text is not that of edition \d"
    r"|'.*' does not carry .*; looked for .*"
    r"|the index of words lacks its \w+)\.",
    re.DOTALL,
)
"""What the made-up world has too little of, so that half a million claims go a long way."""


@pytest.fixture(scope="module")
def world(stores: Stores) -> Store:
    """A database with a very small world, for reading only."""
    store = stores.bare()
    fill(store.url, World(0.001))
    return store


@pytest.fixture(scope="module")
def asked(world: Store) -> list[Question]:
    """All questions, each with a few variables."""
    return questions(world.url, [*TITLES], count=2)


def test_the_made_up_world_is_valid_but_for_its_reasons(world: Store) -> None:
    report = world.check()
    assert [finding for finding in report.findings if not LEFT_OUT.fullmatch(finding)] == []
    assert report.counts["passages"] == report.counts["claims"] > 600


def test_the_made_up_world_keeps_every_constraint(world: Store) -> None:
    with world.connect() as connection:
        if world.is_sqlite:
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
            return
        for table, name, definition in connection.exec_driver_sql(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) "
            "FROM pg_constraint WHERE contype IN ('c', 'f') "
            "AND connamespace = 'public'::regnamespace"
        ).all():
            connection.exec_driver_sql(
                f'ALTER TABLE {table} DROP CONSTRAINT "{name}", '
                f'ADD CONSTRAINT "{name}" {definition}'
            )
        connection.rollback()


async def _pactbook(url: str, asked: list[Question]) -> list[Any]:
    reading = snapshots(url)
    found = []
    for question in asked:
        for variables in question.variables:
            async with Context(reading, sizes=PageSize(20, 500)) as context:
                result = await build().execute(
                    question.document, variable_values=variables, context_value=context
                )
            assert not result.errors, result.errors
            found.append(result.data)
    await reading.dispose()
    return found


async def _handwritten(url: str, asked: list[Question]) -> list[Any]:
    by_hand = asker(url)
    found = [
        json.loads(await by_hand.answer(question.name, variables))["data"]
        for question in asked
        for variables in question.variables
    ]
    await by_hand.close()
    return found


def _written(answer: Any) -> str:
    """An answer as JSON, in which the order of the fields counts."""
    return json.dumps(answer, default=str, ensure_ascii=False, indent=1)


def test_statements_by_hand_answer_what_pactbook_answers(
    world: Store, asked: list[Question]
) -> None:
    wanted = asyncio.run(_pactbook(world.url, asked))
    by_hand = asyncio.run(_handwritten(world.url, asked))
    assert [*map(_written, by_hand)] == [*map(_written, wanted)]
    each = len(asked[0].variables)
    longest = [
        max(len(_written(answer)) for answer in wanted[start : start + each])
        for start in range(0, len(wanted), each)
    ]
    assert min(longest) > 400


async def _plain(url: str, asked: list[Question]) -> list[Any]:
    opened = sessions(url)
    found = []
    for question in asked:
        for variables in question.variables:
            result = await plain_schema.execute(
                question.document, variable_values=variables, context_value=Loaders(opened)
            )
            assert not result.errors, result.errors
            found.append(result.data)
    await opened.kw["bind"].dispose()
    return found


def test_plain_strawberry_answers_what_statements_by_hand_answer(
    world: Store, asked: list[Question]
) -> None:
    wanted = asyncio.run(_handwritten(world.url, asked))
    assert [*map(_written, asyncio.run(_plain(world.url, asked)))] == [*map(_written, wanted)]


def test_statements_by_hand_know_which_way_each_role_goes() -> None:
    told = (FOLDER / "reach.sql").read_text("utf-8")
    found = {
        role: way
        for roles, way in re.findall(r"IN \((.+?)\) THEN '(\w+)'", told)
        for role in re.findall(r"\w+", roles)
    }
    assert found == Involvement.reach


def test_servers_that_are_compared_answer_over_http(tmp_path: Path) -> None:
    place = f"sqlite:///{tmp_path / 'world.db'}"
    fill(place, World(0.001))
    asked = questions(place, ["agreement", "official"], count=3)
    with running(place, ["sql", "bare"], asked, tmp_path) as started, Load(tmp_path) as load:
        bodies = load.bodies("few", asked[0].bodies)
        for each in started:
            assert load.ask(each.port, bodies, 4, requests=20)["requests"] == 20


def test_a_checkout_is_set_beside_another(tmp_path: Path) -> None:
    names = ["agreement", "official"]
    with beside(ROOT, tmp_path, None, 0.001, names, count=3) as both:
        ratios = compared(both, 2, seconds=0.05, rounds=1, folder=tmp_path)
        found = Comparison("sqlite", 0.001, 2, ratios, memory(both))
    assert [row[0] for row in found.rows()] == [*names, "geometric mean"]
    assert all(of[case].rate > 0 for of in ratios.values() for case in CASES)
    title, _, head, rule, *rows, _, told = markdown(found).splitlines()
    assert title == "sqlite, scale 0.001, 2 connections: this checkout ÷ the other"
    assert head == f"| {' | '.join(COLUMNS)} |"
    assert {line.count("|") for line in (head, rule, *rows)} == {len(COLUMNS) + 1}
    assert re.fullmatch(
        r"The most resident memory .*: kept \S+ and \S+, uncached \S+ and \S+\.", told
    )

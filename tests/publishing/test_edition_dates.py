"""Clocks: numbers order editions, and one clock that was wrong dates no edition but its own."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from api.cli import app
from schema.publishing.publish import FIRST, SKEW, dated
from tests.support.databases import NOW, Store
from tests.support.dossier_factory import make

DAY, HOUR = datetime.timedelta(days=1), datetime.timedelta(hours=1)
AHEAD = NOW.replace(year=2099)
UNSET = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
EDITIONS = "{ editions { nodes { number publishedAt } } }"
READ = """query ($at: DateTime!) {
  sources(asOf: {instant: $at}) { totalCount }
  changes(since: {instant: $at}, where: {nouns: [SOURCE]}) { nodes { recordId } } }"""


def publish(store: Store, folder: Path, *clocks: datetime.datetime) -> list[datetime.datetime]:
    """Publishes a source by each of the clocks; tells when their editions were published."""
    for number, now in enumerate(clocks, 1):
        source = f"source/s{number}"
        assert store.publish(make(folder / str(number), source=source), now=now).edition == number
    nodes = store.ask(EDITIONS)["editions"]["nodes"]
    assert not store.check().findings
    return [datetime.datetime.fromisoformat(node["publishedAt"]) for node in nodes]


def newest_at(store: Store, instant: datetime.datetime) -> int:
    """Up to which edition an instant reads; the feed gives all that comes after it."""
    answer = store.ask(READ, at=instant.isoformat())
    count = int(answer["sources"]["totalCount"])
    later = [change["recordId"] for change in answer["changes"]["nodes"]]
    total = store.ask("{ sources { totalCount } }")["sources"]["totalCount"]
    assert later == [f"source/s{number}" for number in range(count + 1, total + 1)]
    return count


def test_a_clock_far_ahead_dates_its_own_edition_alone(empty: Store, tmp_path: Path) -> None:
    """Also where all that there is was dated by it, as when a first start had the wrong clock."""
    clocks = [AHEAD, AHEAD + HOUR, NOW, NOW + HOUR]
    assert publish(empty, tmp_path, *clocks) == clocks
    for instant, edition in (
        (NOW - HOUR, 0),
        (NOW, 3),
        (NOW + HOUR / 2, 3),
        (NOW + HOUR, 4),
        (AHEAD - HOUR, 4),
        (AHEAD + DAY, 4),
    ):
        assert newest_at(empty, instant) == edition


def test_a_clock_that_was_never_set_dates_nothing(empty: Store, tmp_path: Path) -> None:
    told = publish(empty, tmp_path, NOW, UNSET, NOW + HOUR)
    assert told == [NOW, NOW, NOW + HOUR]
    for instant, edition in ((UNSET + HOUR, 0), (NOW - HOUR, 0), (NOW, 2), (NOW + HOUR, 3)):
        assert newest_at(empty, instant) == edition


@pytest.mark.parametrize("back", [HOUR, DAY])
def test_a_clock_that_is_a_little_slow_changes_no_past(
    empty: Store, tmp_path: Path, back: datetime.timedelta
) -> None:
    assert publish(empty, tmp_path, NOW, NOW - back, NOW + HOUR) == [NOW, NOW, NOW + HOUR]
    assert [newest_at(empty, NOW - back), newest_at(empty, NOW)] == [0, 2]


def test_the_command_says_that_a_clock_was_wrong(empty: Store, tmp_path: Path) -> None:
    publish(empty, tmp_path, AHEAD)
    folder = make(tmp_path / "b", source="source/b")
    result = CliRunner().invoke(app, ["publish", str(folder), "--database", empty.url])
    assert result.exit_code == 0
    assert result.stdout.endswith(
        " The one before is dated later, 2099-11-24 12:00 UTC: "
        "the clock was wrong then, or is now.\n"
    )


SET = st.integers(1, 100 * 366 * 24).map(lambda hours: FIRST + hours * HOUR)
INSTANTS = st.integers(0, 180 * 366 * 24).map(lambda hours: UNSET + hours * HOUR)


@given(right=st.lists(SET, min_size=1, max_size=5), wrong=INSTANTS)
def test_after_one_wrong_clock_each_edition_is_dated_by_its_own(
    right: list[datetime.datetime], wrong: datetime.datetime
) -> None:
    """But for a day at most, by which a clock may be slow."""
    right = sorted(right)
    for place in range(len(right)):
        newest: datetime.datetime | None = None
        for index, now in enumerate(right):
            if index == place:
                newest = dated(wrong, newest)
            newest = dated(now, newest)
            assert now <= newest <= now + SKEW


@given(clocks=st.lists(INSTANTS, max_size=8), instants=st.lists(INSTANTS, min_size=2, max_size=2))
def test_later_instants_read_later_editions(
    clocks: list[datetime.datetime], instants: list[datetime.datetime]
) -> None:
    told: list[datetime.datetime] = []
    for now in clocks:
        told.append(dated(now, told[-1] if told else None))
    earlier, later = (
        max((number for number, at in enumerate(told, 1) if at <= instant), default=0)
        for instant in sorted(instants)
    )
    assert earlier <= later

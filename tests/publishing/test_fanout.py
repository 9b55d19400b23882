"""The figures that bound lists: never below what the tables hold, in any edition."""

from __future__ import annotations

import operator
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from api.database.migrate import config, migrate
from schema.model.bounds import Figure
from schema.model.fanout import CIRCLES, MOST, fanout, figure_of, figures
from schema.model.registry import nouns
from schema.publishing.fanout import rebuild, shortfalls
from schema.storage.fanout import Figures
from tests.support.damage import damage, unguarded
from tests.support.databases import Store, Stores
from tests.support.dossier_factory import Data, make, pact
from tests.support.drawn_dossiers import dossiers

OWNED = Figure("claim", "record_id")


def kept(store: Store) -> dict[tuple[str, str], int]:
    """The figures as they are kept."""
    with store.connect() as connection:
        rows = connection.execute(sa.select(fanout))
        return {(figure, owner): count for figure, owner, count in rows}


def counts(figures: dict[tuple[str, str], int]) -> Counter[tuple[str, str, int]]:
    """What they say, whoever of several with as many is kept; circles are rebuilt larger."""
    return Counter(
        (figure, owner.partition("/")[0], count)
        for (figure, owner), count in figures.items()
        if figure != CIRCLES.name
    )


def holds(after: dict[tuple[str, str], int], before: dict[tuple[str, str], int]) -> bool:
    """Whether figures bound all that others bound: the largest first, none is smaller."""
    lists: tuple[dict[tuple[str, str], list[int]], ...] = (defaultdict(list), defaultdict(list))
    for told, counted in zip(lists, (after, before), strict=True):
        for (figure, owner), count in counted.items():
            told[figure, owner.partition("/")[0]].append(count)
    larger, smaller = lists
    return all(
        len(larger[key]) >= len(counts)
        and all(map(operator.ge, sorted(larger[key], reverse=True), sorted(counts, reverse=True)))
        for key, counts in smaller.items()
    )


@settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],  # Shrinking would publish for minutes.
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(publications=st.lists(dossiers(), min_size=2, max_size=5))
def test_figures_are_never_below_the_truth_of_any_edition(
    stores: Stores,
    tmp_path_factory: pytest.TempPathFactory,
    publications: list[tuple[str, str, Data]],
) -> None:
    folder = tmp_path_factory.mktemp("figures")
    store = stores.make(seeded=False)
    before: dict[tuple[str, str], int] = {}
    most: dict[str, int] = {}
    try:
        for index, (source, text, records) in enumerate(publications):
            store.publish(make(folder / str(index), records, source=source, text=text))
            figures = kept(store)
            assert holds(figures, before)
            before = figures
            with store.connect() as connection:
                assert [*shortfalls(connection, {})] == []
                rows = "SELECT record_id, count(*) FROM claim WHERE until IS NULL GROUP BY 1"
                for owner, count in connection.execute(sa.text(rows)):
                    most[owner] = max(most.get(owner, 0), count)
        for owner, count in most.items():
            assert before[OWNED.name, owner] == count
        with unguarded(store) as connection:
            rebuild(connection)
        again = kept(store)
        assert counts(again) == counts(before)
        assert holds(again, before)
    finally:
        stores.drop(store)


def test_a_database_of_the_release_before_gets_its_figures(empty: Store, tmp_path: Path) -> None:
    empty.publish(make(tmp_path / "a"))
    before = kept(empty)
    older = ScriptDirectory.from_config(config()).get_revision("0009").down_revision
    assert isinstance(older, str)
    migrate(empty.url, older)
    with empty.connect() as connection:
        assert "fanout" not in sa.inspect(connection).get_table_names()
    migrate(empty.url)
    assert counts(kept(empty)) == counts(before)
    assert not empty.check().findings


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        (
            "UPDATE fanout SET count = 1 WHERE figure = 'involvement.record_id'",
            ("agreement/alfa-bravo", "involvement.record_id", 1, 2),
        ),
        (
            "DELETE FROM fanout WHERE figure = 'circle.'",
            ("party/alfa", "circle.", 0, 1),
        ),
        (
            "DELETE FROM fanout WHERE figure LIKE 'claim.record_id distinct%'",
            ("official/anna-kowalska", "claim.record_id distinct source_id", 0, 1),
        ),
    ],
)
def test_check_finds_a_figure_that_is_too_small(
    empty: Store, tmp_path: Path, statement: str, found: tuple[str, str, int, int]
) -> None:
    empty.publish(make(tmp_path / "a"))
    assert not empty.check().findings
    owner, figure, said, held = found
    told = f"{owner}: the figure {figure} says {said} at most, the tables hold {held}."
    assert told in damage(empty, statement)


def test_a_figure_that_is_too_large_bounds_as_well(empty: Store, tmp_path: Path) -> None:
    empty.publish(make(tmp_path / "a"))
    assert damage(empty, "UPDATE fanout SET count = count + 5") == []


def test_a_publication_touches_the_figures_of_what_it_changes_alone(
    empty: Store, tmp_path: Path
) -> None:
    empty.publish(make(tmp_path / "a"))
    before = kept(empty)
    records = pact()
    records["agreement/alfa-bravo"]["parties"].append(
        {"actor": "official/anna-kowalska", "quote": "Anna Kowalska", "basis": "She speaks of it."}
    )
    empty.publish(make(tmp_path / "b", records))
    after = kept(empty)
    owned = "agreement/alfa-bravo"
    assert before["involvement.record_id", owned] == 2
    assert after["involvement.record_id", owned] == 3
    changed = {
        owner for (figure, owner), count in after.items() if before.get((figure, owner)) != count
    }
    assert owned in changed
    assert "party/alfa" not in changed
    retracting: dict[str, Any] = pact()
    empty.publish(make(tmp_path / "c", retracting))
    assert kept(empty)["involvement.record_id", owned] == 3, "what was known then needs its bound"


COUNTS = st.lists(st.integers(1, 9), max_size=MOST)


@settings(deadline=None)
@given(COUNTS, st.lists(st.integers(0, 8), max_size=12), st.integers(1, 4))
def test_a_bound_is_never_below_the_sum_of_those_that_are_met(
    counts: list[int], places: list[int], repeated: int
) -> None:
    """Whoever is met, each as often as it may be, together they have no more."""
    rows = [(OWNED.name, f"party/{place}", count) for place, count in enumerate(counts)]
    figures = Figures(rows)
    met = [place for place in dict.fromkeys(places) for _ in range(repeated)]
    true = sum(counts[place] for place in met if place < len(counts))
    bound = figures.most(((OWNED, "party"),), len(met), repeated)
    assert bound >= true
    assert figures.most(((OWNED, None),), len(met), None) >= bound
    assert figures.most(((OWNED, "official"),), len(met), repeated) == 0


def test_beyond_the_owners_that_are_kept_each_counts_as_the_last() -> None:
    rows = [(OWNED.name, f"party/{place}", 1000 - place) for place in range(MOST)]
    few = [(OWNED.name, f"official/{place}", 5000) for place in range(2)]
    figures = Figures([*rows, *few])
    told = sum(count for *_, count in rows)
    assert figures.most(((OWNED, "party"),), MOST + 3, 1) == told + 3 * (1000 - MOST + 1)
    assert figures.most(((OWNED, "official"),), MOST, 1) == 10_000
    assert figures.most(((OWNED, None),), 3, 1) == 11_000


def test_every_list_of_a_noun_has_a_figure() -> None:
    known = figures()
    for name, noun in nouns().items():
        for field, relation in noun.declared.relations.items():
            if not (relation.single or relation.indexed):
                assert figure_of(name, relation).name in known, f"{name}.{field}"

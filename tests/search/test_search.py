"""Search: what words find, how they rank, what is shown of it, and that both databases agree."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.database.migrate import migrate
from schema.indexing.documents import docs
from schema.indexing.tokenizer import tokenize
from schema.model.registry import prefixes, table_of
from tests.support.databases import Store, Stores, of_newest
from tests.support.dossier_factory import Data, make, pact, record
from tests.support.searches import FACETS, HIT, LIKE, SEARCH, found, found_each, search

NAMES = [
    ("신원식", "ko", "Hang"),
    ("한미상호방위조약", "ko", "Hang"),
    ("Jarosław Straße", "pl", "Latn"),
    ("申源湜", "zh", "Hani"),
    ("シン・ウォンシク", "ja", "Kana"),
    ("Шин Вонсик", "ru", "Cyrl"),
    ("شين وون سيك", "ar", "Arab"),
    ("शिन वोन-सिक", "hi", "Deva"),
    ("ชิน วอน-ชิก", "th", "Thai"),
]
"""Names of one person in many scripts; no source need be right about a made-up official."""


def named() -> Data:
    """The pact, with an official of many names."""
    return pact() | record(
        "official/shin",
        "Wonsik Shin",
        claims=[{"stated": "Others", "quote": "Others put it", "basis": "He is one of them."}],
        names=[
            {
                "text": text,
                "language": language,
                "script": script,
                "kind": "ALIAS",
                "basis": "Ours.",
            }
            for text, language, script in NAMES
        ],
    )


@pytest.fixture(scope="module")
def world(stores: Stores, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A small database with names in many scripts, for reading only."""
    folder = tmp_path_factory.mktemp("world")
    return stores.filled("scripts", lambda store: store.publish(make(folder, named())))


@pytest.fixture
def own(empty: Store, tmp_path: Path) -> Store:
    """The same database, of the test's own."""
    assert empty.publish(make(tmp_path, named())).edition == 1
    return empty


def test_a_word_finds_those_that_begin_with_it(seed: Store) -> None:
    texts = ["Siewiera", "siewiera", "SIEWIERA", "sie", "Śiewiera", "jacek sie"]
    for text, ids in zip(texts, found_each(seed, texts), strict=True):
        assert "official/jacek-siewiera" in ids, text


JOINED = ["Shin Wonsik", "wonsik", "won sik", "Shin Won-sik", "Won-sik", "shin won sik"]
PARTED = ['"won sik"', "“Shin Won-sik”", "„won sik", "Won\u00adsik", "sik shin"]
PARTS = [
    "방위",
    "조약",
    "미상호",
    "약",
    "Jaroslaw",
    "JAROSŁAW",
    "strasse",
    "Straß",
    "源湜",
    "ウォン",
]
MORE = ["Вонс", "وون", "शिन", "वोन", "ชิก", "shin wonsik", "wonsik", '"한미상호방위조약"', "신원"]


def test_joined_and_parted_spellings_find_each_other(seed: Store) -> None:
    for text, ids in zip(JOINED + PARTED, found_each(seed, JOINED + PARTED), strict=True):
        assert "official/shin-won-sik" in ids, text


def test_any_script_finds_its_words_and_parts_of_its_runs(world: Store) -> None:
    texts = [*(text for text, _, _ in NAMES), *PARTS, *MORE]
    for text, ids in zip(texts, found_each(world, texts), strict=True):
        assert ids == ["official/shin"], text


def test_what_does_not_stand_there_is_not_found(world: Store) -> None:
    texts = ['"sik won"', "위방", '"alfa bravo"', "alfas", "lfa", "siewiera", "신원식 bravo x"]
    assert found_each(world, texts) == [[] for _ in texts]


def test_words_may_be_met_in_different_texts_of_one_record(world: Store) -> None:
    assert found(world, "신원식 jaroslaw wonsik others") == ["official/shin"]
    [hit] = search(world, "신원식 jaroslaw wonsik others")["nodes"]
    told = [(word["place"], word["text"], word["score"]) for word in hit["scoredBy"]]
    assert told == [
        ("NAME", "신원식", 28),
        ("NAME", "Jarosław", 28),
        ("TITLE", "Wonsik", 24),
        ("PASSAGE", "Others", 4),
    ]
    assert hit["score"] == sum(points for _, _, points in told)
    assert len(hit["snippets"]) == 4


def test_names_count_most_and_whole_words_twice(world: Store) -> None:
    nodes = search(world, "alfa")["nodes"]
    assert [(hit["record"]["id"], hit["score"]) for hit in nodes] == [
        ("party/alfa", 56),  # its whole name
        ("agreement/alfa-bravo", 24),
        ("official/anna-kowalska", 4),
        ("source/first", 2),
    ]
    scores = {hit["record"]["id"]: hit["score"] for hit in search(world, "alf")["nodes"]}
    whole = {hit["record"]["id"]: hit["score"] for hit in nodes} | {"party/alfa": 28}
    assert scores == {id: score // 2 for id, score in whole.items()}


def test_the_same_word_twice_counts_once(world: Store) -> None:
    once, twice = (search(world, text)["nodes"] for text in ("alfa", "alfa ALFA alfa"))
    assert [hit["score"] for hit in once] == [hit["score"] for hit in twice]


def test_nouns_and_where_narrow_a_search(seed: Store) -> None:
    everything = search(seed, "korea", first=100)
    kinds = {hit["noun"] for hit in everything["nodes"]}
    assert len(kinds) > 3
    for kind in kinds:
        expected = [hit["record"]["id"] for hit in everything["nodes"] if hit["noun"] == kind]
        assert found(seed, "korea", nouns=[kind]) == expected
        assert found(seed, "korea", where={"nouns": [kind]}) == expected
    assert found(seed, "korea", nouns=["EVENT"], where={"nouns": ["DECISION"]}) == []
    assert found(seed, "korea", nouns=[]) == []
    poland = {"involves": [{"actor": "party/poland", "through": True}]}
    narrowed = found(seed, "korea", where=poland)
    assert narrowed
    assert set(narrowed) < set(found(seed, "korea"))
    assert found(seed, "korea", where={"ids": ["party/south-korea"]}) == ["party/south-korea"]


def value(store: Store, node: str, field: str) -> str:
    """The value of a field as the row has it."""
    table = table_of(prefixes()[node.partition("/")[0]])
    column = table.c[field.lower()]
    with store.connect() as connection:
        query = sa.select(column).where(table.c.id == node, table.c.until.is_(None))
        return str(connection.execute(query).scalar_one())


def check_snippet(store: Store, snippet: Any) -> list[str]:
    """That a snippet and its highlights stand where they say; gives the highlighted words."""
    whole = value(store, snippet["node"]["id"], snippet["field"])
    wide = whole.encode("utf-16-le")
    start, start_wide = snippet["start"], snippet["startUtf16"]
    end, shown = start + len(snippet["text"]), snippet["text"].encode("utf-16-le")
    assert whole[start:end] == snippet["text"]
    assert wide[2 * start_wide : 2 * start_wide + len(shown)] == shown
    assert len(snippet["text"]) <= 200
    marked: list[str] = []
    for light in snippet["highlights"]:
        assert start <= light["start"] < light["end"] <= end
        marked.append(whole[light["start"] : light["end"]])
        cut = wide[2 * light["startUtf16"] : 2 * light["endUtf16"]].decode("utf-16-le")
        assert cut == marked[-1]
    assert marked
    return marked


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("drones nothing", {"drones", "nothing"}),
        ('"drones and nothing else"', {"drones and nothing else"}),
        ("방위", {"방위"}),
        ("약", {"약"}),
        ("상", {"상"}),
        ("jaroslaw", {"Jarosław"}),
        ("wonsik", {"Wonsik"}),
        ("वोन", {"वोन"}),
    ],
)
def test_highlights_cut_just_the_words_out_of_the_value(
    world: Store, text: str, expected: set[str]
) -> None:
    hits = search(world, text)["nodes"]
    assert hits
    for hit in hits:
        marked = [word for snippet in hit["snippets"] for word in check_snippet(world, snippet)]
        assert set(marked) == expected


def test_a_snippet_of_a_long_text_says_where_it_begins(seed: Store) -> None:
    for text in ("zambia", "韓", "한민국", "ประเทศ", "troops russia", "“to Ukraine"):
        for hit in search(seed, text, first=20)["nodes"]:
            for snippet in hit["snippets"]:
                check_snippet(seed, snippet)
    [hit] = search(seed, "zimbabwe", nouns=["SOURCE"])["nodes"]
    [snippet] = [each for each in hit["snippets"] if each["place"] == "SOURCE_TEXT"]
    assert snippet["start"] > 100_000
    assert snippet["startUtf16"] > snippet["start"]


def test_facets_count_the_whole_result(seed: Store) -> None:
    answer = search(seed, "south korea", first=2)
    facets, total = answer["facets"], answer["totalCount"]
    assert len(answer["nodes"]) == 2 < total
    for name in ("nouns", "years", "stages"):
        assert sum(each["count"] for each in facets[name]) == total
    for each in facets["nouns"]:
        assert len(found(seed, "south korea", nouns=[each["noun"]])) == each["count"]
    assert sum(each["count"] for each in facets["parties"]) >= total
    for each in facets["parties"]:
        if each["party"]:
            circle = {"involves": [{"actor": each["party"]["id"], "through": True}]}
            assert each["count"] >= len(found(seed, "south korea", where=circle))
    stages = {each["stage"] for each in facets["stages"]}
    assert {None, "SIGNED"} <= stages


def test_facets_tell_years_and_parties_and_what_has_none(world: Store) -> None:
    facets = search(world, "alfa")["facets"]
    assert facets["nouns"] == [
        {"noun": noun, "count": 1} for noun in ("AGREEMENT", "OFFICIAL", "PARTY", "SOURCE")
    ]
    assert facets["years"] == [{"year": 2024, "count": 1}, {"year": None, "count": 3}]
    assert facets["stages"] == [{"stage": None, "count": 4}]
    assert facets["parties"] == [
        {"party": {"id": "party/alfa"}, "count": 3},
        {"party": None, "count": 1},
        {"party": {"id": "party/bravo"}, "count": 1},
    ]
    first = '{ search(text: "alfa") { facets { parties(first: 1) { count } } } }'
    assert world.ask(first) == {"search": {"facets": {"parties": [{"count": 3}]}}}
    refused = world.answer(first.replace("first: 1", "first: 101"))
    assert refused.errors[0].message == "`first: 101` is not between 0 and 100 parties."


PAGE = """query($text: String!, $first: Int, $after: String, $last: Int, $before: String)
  { search(text: $text, first: $first, after: $after, last: $last, before: $before)
    { edges { cursor node { score record { id } } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(size=st.integers(5, 40), text=st.sampled_from(["korea", "south", "siewiera"]))
def test_pages_visit_every_hit_once_in_both_directions(seed: Store, size: int, text: str) -> None:
    whole = seed.ask(PAGE, text=text, first=100)["search"]["edges"]
    order = [(-edge["node"]["score"], edge["node"]["record"]["id"]) for edge in whole]
    assert order == sorted(set(order))
    for number, cursor, end, more in (
        ("first", "after", "endCursor", "hasNextPage"),
        ("last", "before", "startCursor", "hasPreviousPage"),
    ):
        seen: list[Any] = []
        given: dict[str, Any] = {number: size}
        while True:
            page = seed.ask(PAGE, text=text, **given)["search"]
            seen = seen + page["edges"] if number == "first" else page["edges"] + seen
            if not page["pageInfo"][more]:
                break
            given[cursor] = page["pageInfo"][end]
        assert seen == whole


def test_each_edition_finds_what_it_knew(own: Store, tmp_path: Path) -> None:
    amended = named()
    amended["official/shin"]["names"] = [
        {"text": "Zeta", "language": "en", "kind": "ALIAS", "basis": "Ours."}
    ]
    amended["agreement/alfa-bravo"]["label"] = {"value": "the pact", "quote": "The pact"}
    assert own.publish(make(tmp_path / "two", amended)).edition == 2
    for text, first, second in (
        ("신원식", ["official/shin"], []),
        ("zeta", [], ["official/shin"]),
        ("wonsik", ["official/shin"], ["official/shin"]),
        ('"the pact"', ["agreement/alfa-bravo", "source/first"], None),
    ):
        assert of_newest(found(own, text, at={"edition": 1})) in (first, first[1:])
        if second is not None:
            assert found(own, text) == second
            assert of_newest(found(own, text, at={"edition": 2})) == second
    like = {"name": "Zetta"}
    assert own.ask(LIKE, **like)["namesLike"][0]["actor"] == {"id": "official/shin"}
    assert own.ask(LIKE, **like, at={"edition": 1})["namesLike"] == []
    assert own.check().findings == []


def test_a_hidden_text_is_never_found_nor_shown(empty: Store, tmp_path: Path) -> None:
    hidden = {"value": False, "basis": "Its licence."}
    empty.publish(make(tmp_path / "one", is_text_public=hidden))
    assert found(empty, "others") == []
    assert found(empty, '"nothing else"') == []
    shown = [snippet for hit in search(empty, "pact")["nodes"] for snippet in hit["snippets"]]
    assert shown
    assert "SOURCE_TEXT" not in {snippet["place"] for snippet in shown}
    with empty.connect() as connection:
        texts = connection.execute(sa.select(docs.c.text)).scalars().all()
    assert not any("nothing else" in text for text in texts)
    empty.publish(make(tmp_path / "two", is_text_public={"value": True, "basis": "Ours."}))
    assert found(empty, "others") == ["source/first"]
    assert found(empty, "others", at={"edition": 1}) == []
    empty.publish(make(tmp_path / "three", is_text_public=hidden))
    assert found(empty, "others") == []
    assert empty.check().findings == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "'' has no word to search for. Give a letter or a digit at least."),
        ("— “”", "'— “”' has no word to search for. Give a letter or a digit at least."),
        ("a" * 201, "The search has 201 characters. Give at most 200."),
        (" ".join("abcdefghijklm"), "The search has 13 words and phrases. Give at most 12."),
        ("한" * 40, f"'{'한' * 40}' is too long for a phrase. Give at most 32 words."),
    ],
)
def test_a_search_that_cannot_be_made_is_refused(seed: Store, text: str, message: str) -> None:
    [error] = seed.answer(SEARCH, text=text).errors
    assert error.message == message


def test_no_engine_reads_what_a_client_writes(world: Store) -> None:
    texts = ["alfa*", '"alfa', "-alfa", "alfa;", "'alfa'", "(alfa)", "alfa\\ & !"]
    assert all("party/alfa" in ids for ids in found_each(world, texts))
    texts = ["alfa AND nobody", "tok:nobody", "'alfa' | nobody:*", "NEAR(nobody)", "!nobody"]
    assert found_each(world, texts) == [[] for _ in texts]


def test_statements_do_not_grow_with_the_result(seed: Store) -> None:
    counts = {
        len(seed.answer(SEARCH, text="s", nouns=["PARTY"], first=first).statements)
        for first in (5, 20, 100)
    }
    assert len(counts) == 1
    lean = '{ search(text: "s") { totalCount } }'
    assert len(seed.answer(lean).statements) == 2
    plain = '{ search(text: "s", first: 100) { nodes { score noun } } }'
    assert len(seed.answer(plain).statements) == 2
    like = "query($name: String!, $first: Int!) { namesLike(name: $name, first: $first) { name } }"
    for name, first, count in (("s", 1, 3), ("south korea", 100, 2)):  # one word may be a code
        assert len(seed.answer(like, name=name, first=first).statements) == count


SCRIPTS = {
    "Latin": "[a-zà-žA-ZÀ-Ž]",
    "Cyrillic": "[а-яА-Я]",
    "Hangul": "[가-힣]",
    "Han and kana": "[一-鿿ぁ-ヿ]",
    "Arabic": "[ا-ي]",
    "Devanagari and Thai": "[ऀ-ॿก-๛]",
}


def generated(names: list[str]) -> Iterator[str]:
    """Two hundred searches in six scripts: whole words, beginnings, phrases and pairs."""
    chance = random.Random(20241124)
    scripts = [[name for name in names if re.search(letters, name)] for letters in SCRIPTS.values()]
    assert all(len(script) > 100 for script in scripts)
    for number in range(200):
        script = scripts[number % len(scripts)]
        name, other = chance.choice(script), chance.choice(script)
        parts = name.split()
        word = chance.choice(parts)
        yield [
            name,
            word,
            word[: chance.randint(1, len(word))],
            f'"{name}"',
            f"{word} {chance.choice(other.split())}",
            "".join(parts[:2]),
            name[chance.randrange(len(name)) :],
        ][number // len(scripts) % 7][:200]


def test_both_databases_find_the_same_in_the_same_order(both: tuple[Stores, Stores]) -> None:
    sqlite, postgresql = (stores.seed() for stores in both)
    with sqlite.connect() as connection:
        query = (
            sa.select(docs.c.text).where(docs.c.place == "NAME").distinct().order_by(docs.c.text)
        )
        names = [name for name in connection.execute(query).scalars() if tokenize(name)[0]]
    texts = [text for text in generated(names) if tokenize(text)[0]]
    assert len(texts) > 195
    hits = 0
    for start in range(0, len(texts), 20):
        asked = texts[start : start + 20]
        variables = {f"t{index}": text for index, text in enumerate(asked)}
        fields = "".join(
            f"s{index}: search(text: $t{index}, first: 5)"
            f" {{ totalCount nodes {{ {HIT} }} {FACETS} }}"
            f" n{index}: namesLike(name: $t{index}, first: 3) {{ name score actor {{ id }} }}"
            for index in range(len(asked))
        )
        declared = ", ".join(f"${name}: String!" for name in variables)
        answers = [
            store.ask(f"query({declared}) {{ {fields} }}", **variables)
            for store in (sqlite, postgresql)
        ]
        assert answers[0] == answers[1]
        hits += sum(answers[0][f"s{index}"]["totalCount"] > 0 for index in range(len(asked)))
    assert hits > 150


def test_a_database_with_data_gets_its_index_when_it_is_migrated(seeded: Store) -> None:
    before = search(seeded, "drones", first=100)
    migrate(seeded.url, "0002")
    migrate(seeded.url)
    assert search(seeded, "drones", first=100) == before
    assert seeded.check().findings == []


def test_check_finds_an_index_that_says_something_else(own: Store) -> None:
    with own.connect() as connection, connection.begin():
        first = connection.execute(sa.select(sa.func.min(docs.c.number))).scalar_one()
        connection.execute(sa.delete(docs).where(docs.c.number == first))
        connection.execute(sa.update(docs).where(docs.c.number == first + 1).values(until=1))
        stray = {"node_id": "nothing/x"}
        connection.execute(sa.update(docs).where(docs.c.number == first + 2).values(**stray))
    findings = own.check().findings
    assert sum("the index of words lacks its" in finding for finding in findings) == 3
    assert sum("the index of words wrongly holds its" in finding for finding in findings) == 1
    assert "the index of words holds 1 texts of nothing." in findings
    assert (
        "the full-text table does not hold the words of the index." in findings
    ) is own.is_sqlite

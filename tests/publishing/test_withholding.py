"""Withholding: what a licence hides is in nothing that can be read, in no edition."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.database.migrate import migrate
from api.page.query import question, type_of
from schema.model.registry import nouns
from schema.publishing.quotation import Quotation, covered, shortened
from schema.storage.engine import connected
from tests.support.databases import Store
from tests.support.dossier_factory import Data, make, record
from tests.support.page_visits import visited

HIDDEN = {"value": False, "basis": "Its licence."}
PUBLIC = {"value": True, "basis": "Its licence."}
MARK = re.compile("zq[a-j]{3}x[a-j]{4}")
LETTERS = str.maketrans("0123456789", "abcdefghij")
numbers = itertools.count(100)


def marked(count: int) -> str:
    """A text of words that stand nowhere else."""
    number = next(numbers)
    places = (f"{number}x{place:04}".translate(LETTERS) for place in range(count))
    return " ".join(f"zq{place}" for place in places) + "\n"


def quote(text: str, first: int, last: int) -> str:
    """Some words of a text, by their places."""
    return " ".join(text.split()[first:last])


def coded(text: str, *spans: tuple[int, int], **fields: Any) -> Data:
    """Agreements that rest each on some words of a text."""
    records: Data = {}
    for place, (first, last) in enumerate(spans):
        words = quote(text, first, last)
        label = {"value": f"Pact {place}", "quote": words, "basis": "So the editor calls it."}
        records |= record(f"agreement/pact-{place}", f"Pact {place}", label=label, **fields)
    return records


def readable(store: Store) -> str:
    """Everything that stands in what can be read; the words that a search finds are asked for."""
    with store.connect() as connection:
        tables = {*sa.inspect(connection).get_table_names()} - {"withheld"}
        return "\n".join(
            str(cell)
            for table in sorted(tables)
            if not table.startswith("search_fts")
            for row in connection.execute(sa.text(f'SELECT * FROM "{table}"'))
            for cell in row
        )


def marks(words: str, text: str) -> set[str]:
    """Which words of a text stand in what is told."""
    return {*MARK.findall(words)} & {*text.split()}


def passages(store: Store, edition: int | None = None) -> list[Data]:
    query = """query($at: AsOf) { source(by: {id: "source/first"}, asOf: $at) { text
      findings(first: 99) { nodes { passages { exact prefix suffix start end isCut } } } } }"""
    found = store.ask(query, at=None if edition is None else {"edition": edition})["source"]
    assert found["text"] is None
    return [each for node in found["findings"]["nodes"] for each in node["passages"]]


def test_a_text_that_is_hidden_is_hidden_in_every_edition(empty: Store, tmp_path: Path) -> None:
    text = marked(100)
    records = coded(text, (0, 3), (10, 60), (20, 22))
    empty.publish(make(tmp_path / "a", records, text=text, is_text_public=PUBLIC))
    empty.publish(make(tmp_path / "b", records, text=text, is_text_public=HIDDEN))
    quoted = [quote(text, 0, 3), quote(text, 10, 27), quote(text, 20, 22)]
    assert marks(readable(empty), text) == {*" ".join(quoted).split()}
    for edition in (None, 1, 2):
        shown = sorted(passages(empty, edition), key=lambda each: (each["start"], each["end"]))
        assert [each["exact"] for each in shown] == quoted
        assert [each["isCut"] for each in shown] == [False, True, False]
        assert {each["prefix"] + each["suffix"] for each in shown} == {""}
    report = empty.check()
    assert not report.findings
    assert report.counts["withheld texts"]
    assert empty.publish(make(tmp_path / "b")).edition is not None
    assert not empty.check().findings


def test_the_same_again_changes_nothing_and_the_public_text_comes_back(
    empty: Store, tmp_path: Path
) -> None:
    text = marked(100)
    records = coded(text, (0, 3), (10, 60))
    empty.publish(make(tmp_path / "a", records, text=text, is_text_public=HIDDEN))
    before = empty.dump()
    again = empty.publish(make(tmp_path / "b", records, text=text, is_text_public=HIDDEN))
    assert (again.edition, empty.dump()) == (None, before)
    done = empty.publish(make(tmp_path / "c", records, text=text, is_text_public=PUBLIC))
    assert (done.added, done.amended, done.retracted) == (1, 1, 1), "the claim and the source"
    query = """query($at: AsOf) { source(by: {id: "source/first"}, asOf: $at) {
      text findings(first: 99) { nodes { stated passages { exact prefix suffix isCut } } } } }"""
    now, first = empty.ask(query), empty.ask(query, at={"edition": 1})
    assert now["source"]["text"] == text
    assert first["source"]["text"] is None, "as it was published then"
    assert now["source"]["findings"] == empty.ask(query, at={"edition": 2})["source"]["findings"]
    assert quote(text, 10, 60) in json.dumps(now["source"]["findings"])
    assert not empty.check().findings


def test_all_rows_of_a_hidden_data_set_cannot_be_put_together(empty: Store, tmp_path: Path) -> None:
    rows = [marked(12).strip() for _ in range(30)]
    text = "\n".join(rows) + "\n"
    records: Data = {}
    for number, row in enumerate(rows):
        records |= record(f"agreement/row-{number}", f"Row {number}")
        records[f"agreement/row-{number}"] |= {
            "claims": [{"origin": "IMPORTED", "stated": row, "quote": row}],
            "imported": {"kind": "TREATY"},
        }
    empty.publish(make(tmp_path, records, text=text, is_text_public=HIDDEN))
    shown = sum(len(each["exact"]) for each in passages(empty))
    assert 0 < shown <= len(text) * 0.2
    assert len(marks(readable(empty), text)) * 10 <= len(text) * 0.2
    assert not empty.check().findings


def test_long_words_of_a_hidden_text_are_cut_in_values_too(empty: Store, tmp_path: Path) -> None:
    text = marked(200)
    long, short = quote(text, 50, 90), quote(text, 100, 102)
    values = {
        "purpose": {"quote": long},
        "sector": {"quote": short},
        "signed_on": {
            "value": {"stated": f"on {long}"},
            "status": "VAGUE",
            "quote": short,
            "basis": "A test.",
        },
    }
    fields = record("agreement/pact", "Pact", **values)
    empty.publish(make(tmp_path / "a", fields, text=text, is_text_public=PUBLIC))
    empty.publish(make(tmp_path / "b", fields, text=text, is_text_public=HIDDEN))
    query = 'query($at: AsOf) { agreement(by: {id: "agreement/pact"}, asOf: $at) { %s } }'
    query %= "purpose sector signedOn { stated }"
    for at in (None, {"edition": 1}):
        found = empty.ask(query, at=at)["agreement"]
        assert found["sector"] == short
        assert found["purpose"] == quote(text, 50, 68) + "…"
        assert found["signedOn"]["stated"].endswith("…")
    assert len(marks(readable(empty), text)) < 60
    assert not empty.check().findings


def test_words_that_a_public_source_gives_as_well_stay(empty: Store, tmp_path: Path) -> None:
    text = marked(200)
    purpose = {"purpose": {"quote": quote(text, 50, 90)}}
    records = record("agreement/pact", "Pact", **purpose)
    shown: Data = {"source": "source/public", "is_text_public": PUBLIC}
    empty.publish(make(tmp_path / "a", records, text=text, **shown))
    empty.publish(make(tmp_path / "b", records, text=text, is_text_public=HIDDEN))
    read = empty.ask('{ agreement(by: {id: "agreement/pact"}) { purpose } }')
    assert read["agreement"]["purpose"] == quote(text, 50, 90)
    assert not empty.check().findings


def test_what_others_publish_of_a_record_brings_no_hidden_words_back(
    empty: Store, tmp_path: Path
) -> None:
    text = marked(200)
    records = coded(text, (50, 90), purpose={"quote": quote(text, 0, 60)})
    empty.publish(make(tmp_path / "a", records, text=text, is_text_public=HIDDEN))
    before = marks(readable(empty), text)
    other = record("agreement/pact-0", "Pact", label={"value": "An accord", "quote": "accord"})
    empty.publish(make(tmp_path / "b", other, source="source/other", text="An accord.\n"))
    assert marks(readable(empty), text) == before
    assert not empty.check().findings


def test_another_rule_is_applied_to_what_is_published(empty: Store, tmp_path: Path) -> None:
    text = marked(100)
    records = coded(text, (0, 3), (10, 60))
    empty.publish(make(tmp_path / "a", records, text=text, is_text_public=HIDDEN))
    edition = "{ editions { nodes { number mark } } }"
    before, marked_before = marks(readable(empty), text), empty.ask(edition)
    migrate(empty.url)
    assert (marks(readable(empty), text), empty.ask(edition)) == (before, marked_before)
    migrate(empty.url, quotation=Quotation(characters=1000, share=100))
    assert len(marks(readable(empty), text)) == 53
    assert empty.ask(edition) != marked_before, "by which servers forget what they kept"
    migrate(empty.url, quotation=Quotation(share=0))
    assert marks(readable(empty), text) == set()
    assert {each["isCut"] for each in passages(empty)} == {True}
    assert not empty.check().findings
    migrate(empty.url)
    assert marks(readable(empty), text) == before


def test_what_shows_more_than_may_be_shown_is_found(empty: Store, tmp_path: Path) -> None:
    text = marked(100)
    records = coded(text, (10, 60))
    empty.publish(make(tmp_path / "a", records, text=text, is_text_public=HIDDEN))
    with connected(empty.url, writes=True) as connection, connection.begin():
        connection.execute(sa.text("UPDATE passage SET prefix = 'zq'"))
    assert any("shows other words of source/first" in each for each in empty.check().findings)


def answers(store: Store, text: str) -> Iterator[str]:
    """What the graph and the pages tell, of everything and in every edition."""
    ids = [id for rows in store.dump()["record"] for id in re.findall(r"'(\w+/[^']+)'", rows)]
    for edition, id in itertools.product(("", "@1", "@2"), ids):
        query, type = question(type_of(id) or ""), type_of(id)
        variables: Data = {"id": id + edition}
        if type == "Source":
            variables |= {"start": 0, "end": 9999}
        yield json.dumps(store.answer(query, **variables).data, ensure_ascii=False)
    fields = "fields { field before after } title"
    yield json.dumps(
        store.ask(
            f"""{{ changes(since: {{edition: 0}}, first: 100) {{ nodes {{ {fields} }} }}
            difference(from: 0, to: 1, first: 100) {{ nodes {{ {fields} }} }}
            two: difference(from: 1, to: 2, first: 100) {{ nodes {{ {fields} }} }}
            sources {{ nodes {{ text history {{ nodes {{ changed {{ before after }} }} }} }} }}
            search(text: "pact") {{ nodes {{ snippets {{ text }} scoredBy {{ text }} }} }} }}"""
        ),
        ensure_ascii=False,
    )
    places = [f"/{id}" for id in ids if type_of(id) in nouns()]
    paths = [path + end for path in places for end in ("", "?edition=1", "?format=json")]
    for response in visited(store.url, *paths):
        yield response.text


def test_no_answer_and_no_page_tells_hidden_words(empty: Store, tmp_path: Path) -> None:
    text = marked(120)
    records = coded(text, (0, 3), (10, 60), (20, 22), purpose={"quote": quote(text, 70, 73)})
    empty.publish(make(tmp_path / "a", records, text=text, is_text_public=PUBLIC))
    empty.publish(make(tmp_path / "b", records, text=text, is_text_public=HIDDEN))
    allowed = {word for each in passages(empty) for word in each["exact"].split()}
    assert len(" ".join(allowed)) <= len(text) * 0.2
    allowed |= {*quote(text, 70, 73).split()}
    seen: set[str] = set()
    for answer in answers(empty, text):
        seen |= marks(answer, text)
    assert seen == allowed
    queries = [
        f'{{ search(text: "{word}", asOf: {{edition: {edition}}}) {{ totalCount }} '
        f'claims(where: {{text: "{word}"}}) {{ totalCount }} '
        f'other: claims(where: {{stated: {{contains: "{word}"}}}}) {{ totalCount }} }}'
        for word in text.split()
        if word not in allowed
        for edition in (1, 2)
    ]
    for query, found in zip(queries, empty.answers(queries), strict=True):
        assert found.data, found.errors
        assert [each["totalCount"] for each in found.data.values()] == [0, 0, 0], query


SPANS = st.tuples(st.integers(0, 99), st.integers(1, 60)).map(
    lambda drawn: (drawn[0], min(100, sum(drawn)))
)


@pytest.mark.parametrize("is_public_first", [True, False])
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spans=st.lists(SPANS, min_size=1, max_size=5, unique=True))
def test_what_is_shown_of_a_hidden_text_stays_within_the_share(
    empty: Store,
    tmp_path: Path,
    is_public_first: bool,
    spans: list[tuple[int, int]],
) -> None:
    text = marked(100)
    records, name = coded(text, *spans), text.split()[0]
    for place, public in enumerate([PUBLIC, HIDDEN] if is_public_first else [HIDDEN]):
        folder = tmp_path / f"{name}-{place}"
        named: Data = {"source": f"source/{name[2:]}", "is_text_public": public}
        empty.publish(make(folder, records, text=text, **named))
    shown = marks(readable(empty), text)
    quoted = {word for span in spans for word in quote(text, *span).split()}
    assert shown <= quoted
    assert len(shown) * len(name) <= len(text) * 0.2
    assert not empty.check().findings


LENGTHS = st.tuples(st.integers(0, 900), st.integers(1, 400)).map(
    lambda drawn: (drawn[0], drawn[0] + drawn[1])
)


@given(
    spans=st.lists(LENGTHS, max_size=30),
    characters=st.integers(0, 300),
    share=st.integers(0, 100),
)
def test_quotations_are_as_long_as_length_and_share_let_them(
    spans: list[tuple[int, int]], characters: int, share: int
) -> None:
    spans = sorted(set(spans))
    longest = Quotation(characters, share).longest([(1300, spans)])
    shown = {place for start, end in spans for place in range(start, min(end, start + longest))}
    assert covered(spans, longest) == len(shown) <= 13 * share
    if longest < characters:
        assert covered(spans, longest + 1) > 13 * share
    assert longest <= characters


@pytest.mark.parametrize(
    ("words", "length", "shown"),
    [
        ("one two", 7, "one two"),
        ("one two", 6, "one"),
        ("one two", 3, "one"),
        ("one two", 2, "on"),
        ("one two", 0, ""),
        ("한미상호방위조약", 4, "한미상호"),
        (" two", 1, ""),
    ],
)
def test_quotations_end_with_a_word(words: str, length: int, shown: str) -> None:
    assert shortened(words, length) == shown

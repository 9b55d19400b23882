"""Citations: every record can be cited, as of any edition, in words and for reference managers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLObjectType

from schema.build import build
from schema.evidence.citation_styles import escaped
from schema.model.noun import Record
from schema.model.registry import nouns
from tests.support.databases import Store
from tests.support.dossier_factory import make, pact, record

QUERY = """query($id: ID!) {
  node(id: $id) { ... on Record {
    chicago: citation(style: CHICAGO) { text }
    apa: citation(style: APA) { text }
    mla: citation(style: MLA) { text }
    bibtex: citation(style: BIBTEX) { id style text csl permalink edition { number summary } }
  } }
}"""
PACT = "agreement/alfa-bravo"
DATED: Any = {
    "publisher": {"value": "The Alfa Gazette & Sons", "basis": "The masthead says so."},
    "author": {"value": "A. Writer", "basis": "The byline says so."},
    "published_on": {"value": {"edtf": "2024-05"}, "basis": "The masthead says so."},
}


@pytest.fixture
def cited(empty: Store, tmp_path: Path) -> Store:
    """One source that names its publisher, author and month, and a pact coded from it."""
    empty.publish(make(tmp_path / "first", **DATED))
    return empty


def citations(store: Store, id: str, **given: Any) -> dict[str, Any]:
    found: dict[str, Any] = store.ask(QUERY, id=id, **given)["node"]
    return found


def test_a_record_is_cited_in_every_style(cited: Store) -> None:
    told = citations(cited, PACT)
    place = f"https://pactbook.test/{PACT}?edition=1"
    source = "The Alfa Gazette & Sons, A. Writer, May 2024."
    assert told["chicago"]["text"] == (
        "“Alfa and Bravo: a pact.” Pactbook, edition 1, November 24, 2026. "
        f"{place}. Based on “A text about a pact,” {source}"
    )
    assert told["apa"]["text"] == (
        "Alfa and Bravo: a pact. (2026, November 24). In Pactbook (Edition 1). "
        f"{place} Based on A text about a pact, {source}"
    )
    assert told["mla"]["text"] == (
        "“Alfa and Bravo: a pact.” Pactbook, edition 1, 24 Nov. 2026, "
        f"{place}. Based on “A text about a pact,” {source}"
    )
    assert told["bibtex"]["text"] == "\n".join(
        [
            f"@misc{{pactbook:{PACT}:1,",
            "  title = {{Alfa and Bravo: a pact}},",
            "  howpublished = {Pactbook, edition 1},",
            "  year = {2026},",
            "  month = nov,",
            "  day = {24},",
            f"  url = {{{place}}},",
            f"  note = {{Based on A text about a pact, {source.replace('&', chr(92) + '&')}}},",
            "}",
        ]
    )


def test_reference_managers_get_an_item_of_csl_json(cited: Store) -> None:
    told = citations(cited, PACT)["bibtex"]
    assert told["id"] == f"citation/{PACT}@1#bibtex"
    assert told["edition"] == {"number": 1, "summary": "A pact"}
    assert told["permalink"] == told["csl"]["URL"] == f"https://pactbook.test/{PACT}?edition=1"
    assert told["csl"] == {
        "id": f"{PACT}@1",
        "type": "entry",
        "title": "Alfa and Bravo: a pact",
        "container-title": "Pactbook",
        "publisher": "Pactbook",
        "version": "1",
        "issued": {"date-parts": [[2026, 11, 24]]},
        "URL": f"https://pactbook.test/{PACT}?edition=1",
        "references": "Based on A text about a pact, The Alfa Gazette & Sons, A. Writer, May 2024.",
    }


def test_a_citation_is_of_the_edition_that_was_read(cited: Store, tmp_path: Path) -> None:
    before = citations(cited, PACT)
    records = record(PACT, "Alfa and Bravo, again")
    cited.publish(make(tmp_path / "second", records, source="source/second"))
    assert citations(cited, f"{PACT}@1") == before
    after = citations(cited, PACT)
    assert after["bibtex"]["permalink"].endswith("?edition=2")
    assert "edition 2" in after["chicago"]["text"]
    assert after["bibtex"]["csl"]["references"].count("A text about a pact") == 2


def test_beyond_three_sources_the_rest_is_counted(empty: Store, tmp_path: Path) -> None:
    for number in range(1, 6):
        records = {"party/alfa": pact()["party/alfa"]}
        empty.publish(make(tmp_path / str(number), records, source=f"source/n{number}"))
    told = citations(empty, "party/alfa")["chicago"]["text"]
    assert told.endswith("; and 2 more.")
    assert told.count("“A text about a pact") == 3


def test_bibtex_keeps_what_it_would_take_for_commands(empty: Store, tmp_path: Path) -> None:
    assert escaped("100% {a}\\b_c\n#1 & $2 ~^") == (
        r"100\% \textbraceleft{}a\textbraceright{}\textbackslash{}b\_c "
        r"\#1 \& \$2 \textasciitilde{}\textasciicircum{}"
    )
    records = pact()
    records[PACT]["title"] = "A {pact} of 100% & more, “as “told””."
    empty.publish(make(tmp_path / "odd", records))
    told = citations(empty, PACT)
    entry = told["bibtex"]["text"]
    assert "{{A \\textbraceleft{}pact\\textbraceright{} of 100\\% \\& more" in entry
    assert entry.count("{") == entry.count("}")
    assert told["chicago"]["text"].startswith("“A {pact} of 100% & more, ‘as “told”’.” Pactbook")


def test_many_records_are_cited_by_as_many_statements_as_one(seed: Store) -> None:
    query = "query($n: Int!) { parties(first: $n) { nodes { citation(style: APA) { text } } } }"
    one, many = seed.answer(query, n=1), seed.answer(query, n=100)
    assert len(many.data["parties"]["nodes"]) == 100
    assert len(one.statements) == len(many.statements) == 4


def test_every_record_of_the_seed_is_cited(seed: Store) -> None:
    for name, noun in nouns().items():
        kind = build()._schema.type_map[name]
        assert isinstance(kind, GraphQLObjectType)
        assert ("citation" in kind.fields) is issubclass(noun, Record)


def test_a_source_tells_the_passages_of_a_stretch_of_its_text(seed: Store) -> None:
    query = """query($start: Int!, $end: Int!) {
      source(by: {slug: "poland-south-korea-defense-ties"}) {
        text passages(start: $start, end: $end) { nodes { start end exact claim { id } } }
      }
    }"""
    answer = seed.answer(query, start=1000, end=1100)
    source = answer.data["source"]
    assert len(answer.statements) == 4
    places = [(found["start"], found["end"]) for found in source["passages"]["nodes"]]
    assert places == sorted(places)
    assert all(start < 1100 and end > 1000 for start, end in places)
    for found in source["passages"]["nodes"]:
        assert source["text"][found["start"] : found["end"]] == found["exact"]
    (error,) = seed.answer(query, start=7, end=3).errors
    assert "A stretch from 7 to 3 cannot be read." in error.message

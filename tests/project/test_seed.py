"""The seed: the article, coded completely, read back through the graph on both databases."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from graphql import (
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
)

from api.database.seeding import SEED
from schema.build import build
from schema.model.field_names import constant
from schema.model.noun import camel
from schema.model.registry import nouns
from tests.support.checkout import ROOT
from tests.support.databases import Store, Stores

ARTICLE = "source/poland-south-korea-defense-ties"
SHA256 = "a8bc8375fc9228385d5cc22b7a1c9d5ff02ca58e4fe99c914357d69cefcb70cf"
GOLD = ROOT.parent / "shared" / "gold" / "gold_annotation.yaml"

CLAIMS = """
query ($source: ID!, $after: String) {
  claims(where: {source: {eq: $source}}, first: 100, after: $after) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes {
      id field elementField status origin basis value
      record { __typename id identifiers { id } }
      element { __typename id }
      source { id text }
      passages { exact prefix suffix start end startUtf16 endUtf16 isInHeading source { id } }
    }
  }
}
"""

LIST = """
{ %s(where: {claimedBy: "source/poland-south-korea-defense-ties"}, first: 100) {
  totalCount
  nodes { id title claims(first: 100) { nodes { field status source { id } passages { exact } } } }
} }
"""

DEAL = """
{ procurements { totalCount nodes {
  buyers { actor { id } }
  suppliers { actor { id } }
  manufacturers { id }
  quantity { id }
  value { id }
  designation
  orderedOn { stated edtf earliest latest precision }
  items { label isLabelQuoted designation }
  unknowns(first: 100) { nodes { field elementField status } }
  claims(field: ORDERED_ON) { nodes { status stated } }
} } }
"""

DATES = """
query ($id: ID!) { node(id: $id) { ... on Event {
  happenedOn { stated edtf earliest latest precision }
  unknowns(first: 100) { nodes { field status } }
} } }
"""

LINKS = ["Involvement", "Item", "Delivery", "Milestone", "Evaluation", "VerbatimSpan"]
RECORDS = [
    "Source",
    "Party",
    "Official",
    "Tenure",
    "Agreement",
    "Procurement",
    "Statement",
    "Event",
    "Decision",
]


@pytest.fixture(scope="module")
def claims(seed: Store) -> list[Any]:
    """Every claim on the article's words, read page by page."""
    found: list[Any] = []
    page: dict[str, Any] = {"pageInfo": {"hasNextPage": True, "endCursor": None}}
    while page["pageInfo"]["hasNextPage"]:
        after = page["pageInfo"]["endCursor"]
        page = seed.ask(CLAIMS, source=ARTICLE, after=after)["claims"]
        found += page["nodes"]
    assert len(found) == page["totalCount"]
    assert len({claim["id"] for claim in found}) == len(found)
    return found


def units(text: str) -> int:
    """How many UTF-16 units a text takes."""
    return len(text.encode("utf-16-le")) // 2


# ── What is listed ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("field", "slugs"),
    [
        (
            "agreements",
            ["poland-south-korea-drone-deal", "poland-south-korea-ongoing-communication"],
        ),
        (
            "officials",
            [
                "andrzej-duda",
                "jacek-siewiera",
                "shin-won-sik",
                "south-korean-president-unnamed",
            ],
        ),
        ("procurements", ["south-korea-polish-drones"]),
        (
            "statements",
            [
                "apprehension-weapon-technologies",
                "characterization-north-korea",
                "communication-reaffirmed",
                "concern-north-korea-russia",
                "condemnation-troop-deployment",
                "countermeasures-agreed",
                "intelligence-troop-movement",
                "ukraine-aid-announced",
            ],
        ),
    ],
)
def test_a_query_lists_the_records_with_their_claims(
    seed: Store, field: str, slugs: list[str]
) -> None:
    page = seed.ask(LIST % field)[field]
    assert [record["id"].partition("/")[2] for record in page["nodes"]] == slugs
    assert page["totalCount"] == len(slugs)
    for record in page["nodes"]:
        assert record["claims"]["nodes"]
        assert {claim["source"]["id"] for claim in record["claims"]["nodes"]} == {ARTICLE}
        assert any(claim["passages"] for claim in record["claims"]["nodes"])


# ── What is quoted ───────────────────────────────────────────────────────────────────────────────


def test_the_text_is_the_article(seed: Store) -> None:
    query = "query ($id: ID!) { source(by: {id: $id}) { title titleOrigin text sha256 file } }"
    source = seed.ask(query, id=ARTICLE)["source"]
    article = (SEED / "article.txt").read_bytes()
    assert hashlib.sha256(article).hexdigest() == source["sha256"] == SHA256
    assert source["text"].encode() == article
    assert source["title"] == source["text"].splitlines()[0]
    assert (source["titleOrigin"], source["file"]) == ("STATED", "article.txt")


def test_every_passage_stands_in_the_text_at_its_offsets_in_both_units(claims: list[Any]) -> None:
    article = (SEED / "article.txt").read_text(encoding="utf-8")
    headings = {0: 66, 1172: 1222}
    seen = 0
    for claim in claims:
        text = claim["source"]["text"]
        assert text == article
        wide = text.encode("utf-16-le")
        for passage in claim["passages"]:
            seen += 1
            start, end = passage["start"], passage["end"]
            assert text[start:end] == passage["exact"] != ""
            assert units(text[:start]) == passage["startUtf16"]
            assert units(text[:end]) == passage["endUtf16"]
            cut = wide[2 * passage["startUtf16"] : 2 * passage["endUtf16"]]
            assert cut.decode("utf-16-le") == passage["exact"]
            assert text[:start].endswith(passage["prefix"])
            assert text[end:].startswith(passage["suffix"])
            assert passage["source"]["id"] == ARTICLE
            inside = any(a <= start and end <= b for a, b in headings.items())
            assert passage["isInHeading"] == inside
    assert seen > len(claims) / 2


def test_every_value_has_a_passage_or_a_basis(claims: list[Any]) -> None:
    for claim in claims:
        if claim["status"] in ("KNOWN", "VAGUE"):
            assert claim["passages"] or claim["basis"], claim
            assert claim["origin"] != "STATED" or claim["passages"], claim
        else:
            assert claim["value"] is None, claim


def test_every_gold_span_is_a_passage(claims: list[Any]) -> None:
    if not GOLD.exists():
        pytest.skip("The gold coding is not beside this checkout.")
    spans = list(quoted(yaml.safe_load(GOLD.read_text(encoding="utf-8"))))
    passages = {(p["start"], p["end"], p["exact"]) for claim in claims for p in claim["passages"]}
    assert len(spans) == 113
    assert set(spans) <= passages


def quoted(branch: Any) -> Iterator[tuple[int, int, str]]:
    """Every span of the gold coding, wherever it stands."""
    if isinstance(branch, dict):
        if {"quote", "start", "end"} <= branch.keys():
            yield branch["start"], branch["end"], branch["quote"]
        branch = list(branch.values())
    if isinstance(branch, list):
        for twig in branch:
            yield from quoted(twig)


# ── What the seed says ───────────────────────────────────────────────────────────────────────────


def test_south_korea_buys_drones_from_poland_and_the_rest_is_not_stated(seed: Store) -> None:
    page = seed.ask(DEAL)["procurements"]
    assert page["totalCount"] == 1
    deal = page["nodes"][0]
    assert deal["buyers"] == [{"actor": {"id": "party/south-korea"}}]
    assert deal["suppliers"] == [{"actor": {"id": "party/poland"}}]
    assert (deal["quantity"], deal["value"], deal["designation"]) == (None, None, None)
    assert deal["manufacturers"] == []
    reasons = {c["field"]: c["status"] for c in deal["unknowns"]["nodes"] if not c["elementField"]}
    for field in ("quantity", "value", "designation", "manufacturers", "deliveredOn"):
        assert reasons[constant(field)] == "NOT_STATED"
    models = [c["status"] for c in deal["unknowns"]["nodes"] if c["elementField"] == "DESIGNATION"]
    assert models == ["NOT_STATED", "NOT_STATED"]


def test_recently_is_vague_and_has_no_bounds(seed: Store) -> None:
    deal = seed.ask(DEAL)["procurements"]["nodes"][0]
    assert deal["orderedOn"] == unbounded("Recently")
    assert deal["claims"]["nodes"] == [{"status": "VAGUE", "stated": "Recently"}]
    query = """{ agreement(by: {slug: "poland-south-korea-drone-deal"}) {
      signedOn { stated edtf earliest latest precision }
      claims(field: SIGNED_ON) { nodes { status } } } }"""
    agreement = seed.ask(query)["agreement"]
    assert agreement["signedOn"] == unbounded("Recently")
    assert agreement["claims"]["nodes"] == [{"status": "VAGUE"}]


def unbounded(stated: str) -> dict[str, str | None]:
    """A date in a source's words only."""
    return {"stated": stated, "edtf": None, "earliest": None, "latest": None, "precision": None}


def test_thursday_has_no_anchor_and_the_council_no_day(seed: Store) -> None:
    presidents = seed.ask(DATES, id="event/presidents-meeting")["node"]
    assert presidents["happenedOn"] == unbounded("on Thursday")
    council = seed.ask(DATES, id="event/security-council-emergency-meeting")["node"]
    assert council["happenedOn"] is None
    assert {"field": "HAPPENED_ON", "status": "NOT_STATED"} in council["unknowns"]["nodes"]


def test_aid_is_under_consideration_and_countermeasures_are_a_decision(seed: Store) -> None:
    decisions = seed.ask("{ decisions { nodes { id kind stage } } }")["decisions"]["nodes"]
    assert decisions == [
        {"id": "decision/phased-countermeasures", "kind": "COUNTERMEASURE", "stage": "APPROVED"},
        {"id": "decision/ukraine-aid", "kind": "AID", "stage": "UNDER_CONSIDERATION"},
    ]
    query = '{ agreements(where: {text: "countermeasures"}) { totalCount } }'
    assert seed.ask(query)["agreements"]["totalCount"] == 0


def test_the_troop_dispatch_is_reported_twice_and_asserted_twice(seed: Store) -> None:
    query = (
        '{ event(by: {slug: "troop-dispatch"}) { claims(asWhole: true) { nodes { factuality } } } }'
    )
    found = sorted(c["factuality"] for c in seed.ask(query)["event"]["claims"]["nodes"])
    assert found == ["ASSERTED", "ASSERTED", "REPORTED", "REPORTED"]


def test_two_fragments_are_verbatim_and_one_label_is_quoted(seed: Store) -> None:
    data = seed.ask("""{
      verbatimSpans { totalCount nodes { text } }
      items(where: {isLabelQuoted: {eq: true}}) { totalCount nodes { label } }
    }""")
    spans = data["verbatimSpans"]
    assert [span["text"] for span in spans["nodes"]] == [
        "criminal organization",
        "grave security threat",
    ]
    assert spans["totalCount"] == 2
    assert data["items"] == {"totalCount": 1, "nodes": [{"label": "suicide drones"}]}


def test_the_south_korean_president_has_no_name(seed: Store) -> None:
    query = """{ official(by: {slug: "south-korean-president-unnamed"}) {
      name names { text } state { id } tenures { nodes { post } }
      claims(field: NAME) { nodes { status value } } } }"""
    assert seed.ask(query)["official"] == {
        "name": None,
        "names": [],
        "state": {"id": "party/south-korea"},
        "tenures": {"nodes": [{"post": "President"}]},
        "claims": {"nodes": [{"status": "NOT_STATED", "value": None}]},
    }


# ── What the seed does not say ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("noun", [*RECORDS, *LINKS])
def test_every_null_has_its_reason(seed: Store, noun: str) -> None:
    """A state's own fields come from a row of reference data, which is the reason of its nulls.

    What no article speaks of, such as the coverage of a source, needs none.
    """
    schema = build()._schema
    fields = claimable(schema, noun)
    asked = " ".join(name + inside for name, inside in fields.items())
    query = f"""query ($where: {noun}Where) {{ {many(schema, noun)}(where: $where, first: 100) {{
      pageInfo {{ hasNextPage }}
      nodes {{ id {asked} unknowns(first: 100) {{ nodes {{ field elementField }} }}
        rows: claims(asWhole: true) {{ nodes {{ origin }} }} }}
    }} }}"""
    page = seed.ask(query, where={"claimedBy": ARTICLE})[many(schema, noun)]
    assert not page["pageInfo"]["hasNextPage"]
    assert page["nodes"] or noun == "Delivery"
    needless = {camel(name) for name in nouns()[noun].optional}
    for record in page["nodes"]:
        parts = {c["elementField"] for c in record["unknowns"]["nodes"]}
        whole = {c["field"] for c in record["unknowns"]["nodes"] if not c["elementField"]}
        reasons = parts if noun in LINKS else whole
        silent = {name for name in fields if record[name] in (None, [], {"nodes": []})} - needless
        if not any(claim["origin"] == "IMPORTED" for claim in record["rows"]["nodes"]):
            spoken = {constant(name) for name in fields}
            assert {constant(name) for name in silent} == reasons & spoken, record["id"]


def claimable(schema: GraphQLSchema, noun: str) -> dict[str, str]:
    """The fields of a noun that sources speak of, each with what to ask inside it."""
    made = schema.get_type(noun)
    assert isinstance(made, GraphQLObjectType)
    common = schema.get_type("Link" if noun in LINKS else "Record")
    shared = {*getattr(common, "fields", {}), "coveredBy", "involvements"}
    fields = {}
    for name, field in made.fields.items():
        is_page = get_named_type(field.type).name.endswith("Connection")
        if name not in shared and (is_page or not field.args) and is_claimable(noun, field):
            fields[name] = "" if is_leaf_type(get_named_type(field.type)) else " { id }"
            fields[name] = " { nodes { id } }" if is_page else fields[name]
    return fields


def is_claimable(noun: str, field: GraphQLField) -> bool:
    """Whether a null or an empty list is a silence: not so where other records point back."""
    if not isinstance(field.type, GraphQLNonNull):
        return True
    name = get_named_type(field.type).name
    parts = {f"{part}Connection" for part in PAGED.get(noun, ())}
    listed = isinstance(field.type.of_type, GraphQLList) or name in parts
    return listed and noun not in LINKS and name.removesuffix("Connection") in {*LINKS, "Name"}


PAGED = {"Procurement": ["Delivery"]}
"""The parts that a dossier gives a noun and that are pages."""


def many(schema: GraphQLSchema, noun: str) -> str:
    """The root field that lists a noun."""
    assert schema.query_type is not None
    roots: dict[str, GraphQLField] = schema.query_type.fields
    return next(n for n in roots if get_named_type(roots[n].type).name == f"{noun}Connection")


def test_nothing_is_a_date(seed: Store, claims: list[Any]) -> None:
    dated = [c for c in claims if "_ON" in (c["elementField"] or c["field"] or "") and c["value"]]
    values = [claim["value"] for claim in dated]
    assert values
    assert all(value.keys() == {"stated"} for value in values if isinstance(value, dict))
    span = '{from: "0001-01-01", until: "9999-12-31"}'
    for field, dates in ROOTS.items():
        for date in dates:
            query = f"{{ {field}(where: {{{date}: {span}}}) {{ totalCount }} }}"
            assert seed.ask(query)[field]["totalCount"] == 0, (field, date)


ROOTS = {
    "sources": ["publishedOn"],
    "tenures": ["startedOn", "endedOn"],
    "agreements": ["signedOn", "inForceOn", "endedOn"],
    "procurements": ["orderedOn", "deliveredOn"],
    "statements": ["madeOn"],
    "events": ["happenedOn", "endedOn"],
    "decisions": ["announcedOn", "decidedOn"],
    "milestones": ["reachedOn"],
    "deliveries": ["deliveredOn"],
}


def test_the_article_gives_no_codes_of_countries_and_no_names_of_its_own(
    seed: Store, claims: list[Any]
) -> None:
    article = (SEED / "article.txt").read_text(encoding="utf-8")
    assert not [c for c in claims if (c["element"] or {}).get("__typename") == "Identifier"]
    states = {"poland", "south-korea", "north-korea", "russia", "ukraine"}
    for claim in claims:
        coded = claim["record"]["id"] not in {f"party/{state}" for state in states}
        assert not (coded and claim["record"]["identifiers"]), claim["record"]
    names = [c["element"]["id"] for c in claims if (c["element"] or {}).get("__typename") == "Name"]
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Name { text kind language } } }"
    found = seed.ask(query, ids=names)["nodes"]
    assert found
    assert all(name["text"] in article for name in found)
    assert not [name for name in found if name["kind"] == "OFFICIAL" or name["language"]]


def test_only_its_own_release_comes_from_outside_the_article(claims: list[Any]) -> None:
    outside = [c for c in claims if c["origin"] not in ("STATED", "INFERRED", None)]
    assert [(c["record"]["id"], c["field"]) for c in outside] == [(ARTICLE, "IS_TEXT_PUBLIC")]
    assert all(c["basis"] for c in claims if c["origin"] == "INFERRED")


def test_check_finds_nothing(seed: Store) -> None:
    report = seed.check()
    assert report.findings == []
    assert report.counts["editions"] == 2


# ── The same on both databases ───────────────────────────────────────────────────────────────────

QUESTIONS = [
    "{ editions { totalCount nodes { number publishedAt author summary } } }",
    "{ parties(first: 7) { totalCount pageInfo { hasNextPage endCursor } edges { cursor } } }",
    '{ parties(last: 5, where: {text: "korea"}) { pageInfo { startCursor } nodes { id title } } }',
    "{ names(orderBy: [{field: TITLE, direction: DESC}], first: 50) { nodes { id text } } }",
    """{ events(orderBy: [{field: HAPPENED_ON}]) { nodes {
      id happenedOn { stated earliest } participants { statedAs actor { id } } } } }""",
    """{ statements(where: {or: [{mode: {eq: MIXED}}, {not: {hedge: {isKnown: false}}}]}) {
      totalCount nodes { id text verbatimSpans { text
      claims { nodes { passages { startUtf16 } } } } } } }""",
    """{ procurements(where: {involves: {actor: "party/poland", role: [SUPPLIER]}}) { nodes {
      id claims(first: 100) { nodes { id field stated value status
      basis passages { start end exact } } } } } }""",
    """{ official(by: {slug: "jacek-siewiera"}) { history { nodes { edition { number } title } }
      unknowns(first: 100) { nodes { field status } }
      involvements(first: 3) { edges { cursor node { id role } } } } }""",
    """{ party(by: {identifier: {scheme: "ISO 3166-1 alpha-2", value: "PL"}}) {
      id identifiers { scheme value } names { text language script kind } } }""",
    """{ claims(asOf: {edition: 2}, where: {status: {in: [VAGUE, NOT_APPLICABLE]}}, first: 100) {
      totalCount nodes { id field basis record { id } source { id sha256 } } } }""",
]


@pytest.mark.parametrize("query", QUESTIONS)
def test_both_databases_answer_byte_for_byte_the_same(
    both: tuple[Stores, Stores], query: str
) -> None:
    one, other = (json.dumps(stores.seed().ask(query)).encode() for stores in both)
    assert one == other
    assert len(one) > 100

"""Linked data: every permalink as JSON-LD, which rdflib reads without fetching anything."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from rdflib import OWL, PROV, RDF, RDFS, XSD, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic

from api.page import query
from api.page.linked_context import own
from schema.model.field_names import field_names
from schema.model.noun import Record
from schema.model.registry import nouns, prefix_of
from tests.support.databases import Store
from tests.support.dossier_factory import TEXT, make
from tests.support.page_visits import BROWSER, HERE, visited

OA = Namespace("http://www.w3.org/ns/oa#")
SCHEMA = Namespace("https://schema.org/")
OWN = Namespace(f"{HERE}/vocabulary#")
DRONES = "procurement/south-korea-polish-drones"
ARTICLE = "source/poland-south-korea-defense-ties"
MEETING = "event/presidents-meeting"
LD_JSON = "application/ld+json"
FIELDS = field_names().__members__
CLAIMS = """query($id: ID!) { node(id: $id) { ... on Record { claims(first: 100) {
  pageInfo { hasNextPage } nodes { id field elementField element { id } status source { id }
    passages { exact prefix suffix start end } } } } } }"""


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails whatever fetches something while linked data is read."""

    def refuse(*given: Any, **named: Any) -> Any:
        raise AssertionError(f"it fetches {given}")

    monkeypatch.setattr("urllib.request.OpenerDirector.open", refuse)


def claims_of(store: Store, id: str) -> Any:
    """All claims about a record."""
    found = store.ask(CLAIMS, id=id)["node"]["claims"]
    assert not found["pageInfo"]["hasNextPage"]
    return found["nodes"]


def here(id: str) -> URIRef:
    """The address of a record."""
    return URIRef(f"{HERE}/{id}")


def parsed(text: str, form: str = "json-ld") -> Graph:
    """A graph as rdflib reads it."""
    with warnings.catch_warnings():
        # Its reader of JSON-LD uses what it itself calls deprecated.
        warnings.filterwarnings("ignore", "ConjunctiveGraph is deprecated", DeprecationWarning)
        return Graph().parse(data=text, format=form)


def graphs(store: Store, *ids: str) -> list[Graph]:
    """The linked data of some ids, each round trip of which is the same graph."""
    found = []
    for id, response in zip(ids, visited(store.url, *(f"/{i}.jsonld" for i in ids)), strict=True):
        assert response.status_code == 200, (id, response.text)
        assert response.headers["content-type"].split(";")[0] == LD_JSON
        graph = parsed(response.text)
        for form in ("json-ld", "nt"):
            again = parsed(graph.serialize(format=form), form)
            assert isomorphic(graph, again), (id, form)
        assert not [end for triple in graph for end in triple if str(end) == "None"]
        found.append(graph)
    return found


def samples(store: Store) -> list[str]:
    """An id of every noun that has any, and one of an edition."""
    ids = ["edition/2"]
    for noun in nouns().values():
        with store.connect() as connection:
            rows = connection.exec_driver_sql(
                f"SELECT max(id) FROM record WHERE noun = '{prefix_of(noun)}'"
            )
            ids += [id for (id,) in rows if id]
    return ids


def test_every_permalink_is_linked_data(seed: Store) -> None:
    ids = samples(seed)
    assert len(ids) == len(nouns())  # all but deliveries, and an edition
    for id, graph in zip(ids, graphs(seed, *ids), strict=True):
        types = set(graph.objects(here(id), RDF.type))
        assert len(types) > 0, id
        assert len(graph) > 4, id
        titles = set(graph.objects(here(id), SCHEMA.name))
        noun = next(
            (noun for noun in nouns().values() if prefix_of(noun) == id.split("/")[0]), None
        )
        if noun is None:
            assert PROV.Activity in types
            assert list(graph.objects(here(id), PROV.endedAtTime))
        elif issubclass(noun, Record):
            assert {PROV.Entity, OWN[noun.__name__], SCHEMA[noun.schema_org]} <= types
            assert len(titles) == 1
            activities = list(graph.objects(here(id), PROV.wasGeneratedBy))
            assert len(activities) == 1
            assert (activities[0], RDF.type, PROV.Activity) in graph


def test_a_claim_is_an_annotation_of_the_words_it_rests_on(seed: Store) -> None:
    ids = [DRONES, MEETING, "official/jacek-siewiera"]
    quoted = 0
    for id, graph in zip(ids, graphs(seed, *ids), strict=True):
        claims = claims_of(seed, id)
        assert {str(each) for each in graph.objects(here(id), OWN.claims)} == {
            f"{HERE}/{claim['id']}" for claim in claims
        }
        for claim in claims:
            node, source = here(claim["id"]), here(claim["source"]["id"])
            assert (node, RDF.type, OA.Annotation) in graph
            assert (node, PROV.hadPrimarySource, source) in graph
            targets = list(graph.objects(node, OA.hasTarget))
            found = set()
            for target in targets:
                if target == source:
                    continue
                assert (target, OA.hasSource, source) in graph
                words, place = (
                    next(
                        each
                        for each in graph.objects(target, OA.hasSelector)
                        if (each, RDF.type, kind) in graph
                    )
                    for kind in (OA.TextQuoteSelector, OA.TextPositionSelector)
                )
                found.add(
                    (
                        str(graph.value(words, OA.exact)),
                        int(str(graph.value(place, OA.start))),
                        int(str(graph.value(place, OA.end))),
                    )
                )
            wanted = {(each["exact"], each["start"], each["end"]) for each in claim["passages"]}
            assert found == wanted
            quoted += len(wanted)
            field = claim["elementField"] if claim["element"] else claim["field"]
            body = graph.value(node, OA.hasBody)
            if field:
                about = claim["element"]["id"] if claim["element"] else id
                assert (body, RDF.subject, here(about)) in graph
                assert (body, RDF.predicate, OWN[FIELDS[field].value]) in graph
                assert (node, OA.motivatedBy, OA.describing) in graph
            else:
                assert (node, OA.motivatedBy, OA.identifying) in graph
    assert quoted > 30


@pytest.fixture
def short_pages(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Pages that show but one entry of any list."""
    for name in ("CLAIMS", "LISTED"):
        monkeypatch.setattr(query, name, 1)
    query.question.cache_clear()
    yield
    query.question.cache_clear()


@pytest.mark.usefixtures("short_pages")
def test_what_is_too_much_for_a_page_is_in_linked_data(press: Store) -> None:
    html, as_json = visited(press.url, f"/{DRONES}", f"/{DRONES}?format=json")
    page = as_json.json()["record"]
    assert html.status_code == 200
    for name in ("claims", "sources"):
        assert len(page[name]["nodes"]) == 1 < page[name]["totalCount"], name
    [graph] = graphs(press, DRONES)
    for name, term in (("claims", OWN.claims), ("sources", PROV.wasDerivedFrom)):
        assert len(set(graph.objects(here(DRONES), term))) == page[name]["totalCount"]


def test_the_words_of_the_readme_are_in_the_graph(seed: Store) -> None:
    [graph] = graphs(seed, DRONES)
    exact = Literal("‘suicide drones’, from Poland")
    [selector] = graph.subjects(OA.exact, exact)
    [target] = graph.subjects(OA.hasSelector, selector)
    assert graph.value(target, OA.hasSource) == here(ARTICLE)
    positions = {
        (graph.value(each, OA.start), graph.value(each, OA.end))
        for each in graph.objects(target, OA.hasSelector)
        if each != selector
    }
    number = XSD.nonNegativeInteger
    assert positions == {(Literal("1012", datatype=number), Literal("1041", datatype=number))}
    assert (here(DRONES), PROV.wasDerivedFrom, here(ARTICLE)) in graph
    assert (here(DRONES), OWN.stage, Literal("SIGNED")) in graph


def test_schema_org_and_prov_say_what_a_source_is(seed: Store) -> None:
    [graph] = graphs(seed, ARTICLE)
    source = here(ARTICLE)
    answer = seed.ask(
        """query($id: ID!) { source(by: {id: $id}) { title text author publisher language
        address findings(first: 100) { nodes { id } } } }""",
        id=ARTICLE,
    )["source"]
    assert graph.value(source, SCHEMA.name) == Literal(answer["title"])
    assert graph.value(source, SCHEMA.text) == Literal(answer["text"])
    assert graph.value(source, SCHEMA.inLanguage) == Literal(answer["language"])
    agents = {
        graph.value(each, SCHEMA.name) for each in graph.objects(source, PROV.wasAttributedTo)
    }
    assert agents == {Literal(each) for each in (answer["author"], answer["publisher"]) if each}
    findings = {str(each) for each in graph.objects(source, OWN.findings)}
    assert findings >= {f"{HERE}/{each['id']}" for each in answer["findings"]["nodes"][:20]}


def test_names_are_told_in_their_languages(seed: Store) -> None:
    [graph] = graphs(seed, "party/poland")
    assert Literal("Polen", lang="de") in set(
        graph.objects(here("party/poland"), SCHEMA.alternateName)
    )
    assert (here("party/poland"), RDF.type, SCHEMA.Organization) in graph
    codes = graph.objects(here("party/poland"), SCHEMA.identifier)
    assert Literal("POL") in {graph.value(each, SCHEMA.value) for each in codes}


def test_an_edition_of_a_record_is_a_specialization_of_it(press: Store) -> None:
    newest, old = graphs(press, DRONES, f"{DRONES}@2")
    assert (here(f"{DRONES}@2"), PROV.specializationOf, here(DRONES)) in old
    assert not list(newest.objects(None, PROV.specializationOf))
    assert (here(DRONES), RDF.type, PROV.Entity) not in old


def test_what_a_licence_hides_is_in_no_triple(empty: Store, tmp_path: Any) -> None:
    secret = f"{TEXT}{'Nobody may read this sentence. ' * 9}\n"
    hidden = {"value": False, "basis": "Nobody may."}
    empty.publish(make(tmp_path / "hidden", text=secret, is_text_public=hidden))
    ids = ["source/first", "agreement/alfa-bravo"]
    shown = claims_of(empty, ids[1])
    words = {each["exact"] for claim in shown for each in claim["passages"]}
    source, agreement = graphs(empty, *ids)
    for graph in (source, agreement):
        assert "Nobody may read" not in graph.serialize(format="nt")
        assert not list(graph.objects(here("source/first"), SCHEMA.text))
    assert {str(each) for each in agreement.objects(None, OA.exact)} == words


def test_who_asks_for_linked_data_gets_it(seed: Store) -> None:
    wanted = {
        LD_JSON: LD_JSON,
        f"{LD_JSON}, */*;q=0.1": LD_JSON,
        f"application/json, {LD_JSON}": LD_JSON,
        f"{LD_JSON};q=0.5, text/html": "text/html",
        f"{LD_JSON};q=0.5, application/json": "application/json",
        BROWSER: "text/html",
    }
    paths = [(f"/{DRONES}", {"Accept": accept}) for accept in wanted]
    for response, media_type in zip(visited(seed.url, *paths), wanted.values(), strict=True):
        assert response.headers["content-type"].split(";")[0] == media_type
        assert "Accept" in response.headers["vary"].split(", ")
    suffix, asked, missing = visited(
        seed.url, f"/{DRONES}.jsonld", f"/{DRONES}?format=jsonld", "/party/nowhere.jsonld"
    )
    assert suffix.content == asked.content
    assert missing.status_code == 404
    assert "party/nowhere." in missing.json()["errors"][0]["message"]


def test_a_page_leads_to_its_linked_data_and_its_feeds(seed: Store) -> None:
    links = {
        f"../{DRONES}?format=jsonld": LD_JSON,
        f"../{DRONES}?format=json": "application/json",
        f"../{DRONES}/changes.atom": "application/atom+xml",
        f"../{DRONES}/changes.json": "application/feed+json",
    }
    html, json_, linked, edition = visited(
        seed.url, f"/{DRONES}", f"/{DRONES}?format=json", f"/{DRONES}.jsonld", "/edition/2"
    )
    for place, media_type in links.items():
        assert f'<{place}>; rel="alternate"; type="{media_type}"' in html.headers["link"]
        assert f'<link rel="alternate" type="{media_type}" href="{place}"' in html.text
    assert f"<../{DRONES}?format=html>; rel=" in json_.headers["link"]
    assert f"<../{DRONES}?format=html>; rel=" in linked.headers["link"]
    assert "changes.atom" not in edition.headers["link"] + edition.text
    followed = [f"/{place.removeprefix('../')}" for place in links]
    for (place, media_type), response in zip(
        links.items(), visited(seed.url, *followed), strict=True
    ):
        assert response.status_code == 200, place
        assert response.headers["content-type"].split(";")[0] == media_type


def test_linked_data_is_read_again_only_after_an_edition(seed: Store) -> None:
    [first] = visited(seed.url, f"/{DRONES}.jsonld")
    known = {"Accept": LD_JSON, "If-None-Match": first.headers["etag"]}
    again, html = visited(
        seed.url, (f"/{DRONES}", known), (f"/{DRONES}", {**known, "Accept": BROWSER})
    )
    assert (again.status_code, html.status_code) == (304, 200)


def test_the_vocabulary_says_what_each_term_means(seed: Store) -> None:
    [response] = visited(seed.url, "/vocabulary")
    assert response.headers["content-type"].split(";")[0] == LD_JSON
    vocabulary = parsed(response.text)
    assert (OWN.Event, RDFS.subClassOf, SCHEMA.Event) in vocabulary
    assert (OWN.Event, RDFS.subClassOf, OWN.Record) in vocabulary
    used = set()
    for graph in graphs(seed, *samples(seed)):
        used |= {each for triple in graph for each in triple if str(each).startswith(OWN)}
    known = set(vocabulary.subjects(RDF.type, RDF.Property)) | set(
        vocabulary.subjects(RDF.type, RDFS.Class)
    )
    assert used - known == set()
    assert not [each for each in known if not list(vocabulary.objects(each, RDFS.comment))]
    assert OWL.Class not in set(vocabulary.objects(None, RDF.type))
    [again] = visited(seed.url, ("/vocabulary", {"If-None-Match": response.headers["etag"]}))
    assert again.status_code == 304


def test_a_field_never_means_a_term_of_the_standard() -> None:
    assert own("source") == "pactbook:source"
    assert own("stage") == "stage"

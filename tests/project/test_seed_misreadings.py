"""The traps of the article: what it says, and beside it what a hasty reader would make of it."""

from __future__ import annotations

from typing import Any

import pytest

from api.database.seeding import SEED
from schema.model.field_names import constant
from tests.support.databases import Store

ARTICLE = "source/poland-south-korea-defense-ties"
UNBOUNDED = {"edtf": None, "earliest": None, "latest": None, "precision": None}

EVENT = """query ($id: ID!) { node(id: $id) { ... on Event {
  kind rank outcome place
  happenedOn { stated edtf earliest latest precision }
  sameAsCandidate { id } partOf { id } decision { id }
  claims(field: HAPPENED_ON) { nodes { status value basis passages { start } } }
  candidate: claims(field: SAME_AS_CANDIDATE) { nodes { origin basis } }
} } }"""

STATEMENT = """query ($id: ID!) { node(id: $id) { ... on Statement {
  act mode text hedge attribution fullText
  madeOn { stated earliest }
  speakers { statedAs actor { __typename ... on Party { id kind } }
    claims(asWhole: true) { nodes { origin basis } } }
  attributedSources { actor { ... on Party { id kind } } }
  verbatimSpans { text claims { nodes { passages { exact start end } } } }
  event { id } decision { id }
  whole: claims(asWhole: true) { nodes { stated factuality } }
  by: claims(field: ATTRIBUTION) { nodes { status basis } }
} } }"""

AGREEMENT = """query ($id: ID!) { node(id: $id) { ... on Agreement {
  kind status instrumentTitle isBinding label
  signedOn { stated }
  parties { actor { ... on Party { id } ... on Official { id } } claims { nodes { origin basis } } }
  signatories { actor { ... on Party { id } } }
  procurements { nodes { id } }
  evaluations { nodes { text } }
  unknowns(first: 100) { nodes { field status } }
} } }"""

WHOLE = """query ($id: ID!) { node(id: $id) { ... on Record {
  claims(asWhole: true) { nodes { stated factuality origin basis
  passages { start end isInHeading } } }
} } }"""

FOUND = """query ($text: String!, $source: ID!) {
  agreements(where: {text: $text}) { nodes { id } }
  procurements(where: {text: $text}) { nodes { id } }
  statements(where: {text: $text}) { nodes { id } }
  events(where: {text: $text}) { nodes { id } }
  decisions(where: {text: $text}) { nodes { id } }
  officials(where: {text: $text}) { nodes { id } }
  tenures(where: {text: $text}) { nodes { id } }
  items(where: {text: $text}) { nodes { id } }
  parties(where: {text: $text, claimedBy: $source}) { nodes { id } }
  names(where: {text: $text, claimedBy: $source}) { nodes { id } }
}"""


def node(seed: Store, query: str, id: str) -> Any:
    """One record, which must be there."""
    found = seed.ask(query, id=id)["node"]
    assert found is not None
    return found


def found(seed: Store, text: str) -> list[str]:
    """The ids of all coded records whose texts hold these words."""
    data = seed.ask(FOUND, text=text, source=ARTICLE)
    return [record["id"] for page in data.values() for record in page["nodes"]]


def count(seed: Store, field: str, where: str) -> int:
    """How many records a condition leaves."""
    total: int = seed.ask(f"{{ {field}(where: {{{where}}}) {{ totalCount }} }}")[field][
        "totalCount"
    ]
    return total


def test_direction_is_from_poland_to_south_korea(seed: Store) -> None:
    role = 'involves: {actor: "party/%s", role: [%s]}'
    assert count(seed, "procurements", role % ("south-korea", "BUYER")) == 1
    assert count(seed, "procurements", role % ("poland", "SUPPLIER")) == 1
    assert count(seed, "procurements", role % ("south-korea", "SUPPLIER")) == 0
    assert count(seed, "procurements", role % ("poland", "BUYER")) == 0
    assert found(seed, "drone") != []
    for weapon in ("K2", "K9", "FA-50", "Chunmoo"):
        assert found(seed, weapon) == []


@pytest.mark.parametrize(
    ("event", "stated"),
    [
        ("event/presidents-meeting", "on Thursday"),
        ("event/security-officials-meeting", "On Wednesday"),
        ("event/ukraine-aid-announcement", "on Tuesday"),
    ],
)
def test_on_thursday_has_no_anchor(seed: Store, event: str, stated: str) -> None:
    meeting = node(seed, EVENT, event)
    assert meeting["happenedOn"] == {"stated": stated, **UNBOUNDED}
    assert [claim["status"] for claim in meeting["claims"]["nodes"]] == ["VAGUE"]
    for span in ('from: "0001-01-01"', 'until: "9999-12-31"'):
        assert count(seed, "events", f"happenedOn: {{{span}}}") == 0


def test_council_meeting_has_no_day(seed: Store) -> None:
    council = node(seed, EVENT, "event/security-council-emergency-meeting")
    assert (council["kind"], council["happenedOn"]) == ("MEETING", None)
    assert [(c["status"], c["value"]) for c in council["claims"]["nodes"]] == [("NOT_STATED", None)]
    tuesday = node(seed, EVENT, "event/ukraine-aid-announcement")
    assert tuesday["claims"]["nodes"][0]["passages"] == [{"start": 1271}]


def test_siewiera_and_shin_meet_as_a_candidate_not_a_merge(seed: Store) -> None:
    talks = node(seed, EVENT, "event/siewiera-shin-discussions")
    meeting = node(seed, EVENT, "event/security-officials-meeting")
    assert talks["sameAsCandidate"] == {"id": "event/security-officials-meeting"}
    assert meeting["sameAsCandidate"] == {"id": "event/siewiera-shin-discussions"}
    assert [claim["origin"] for claim in talks["candidate"]["nodes"]] == ["INFERRED"]
    assert talks["happenedOn"] is None
    assert talks["partOf"] is None


def test_counterpart_has_no_name_and_an_inferred_post(seed: Store) -> None:
    query = """{ official(by: {slug: "south-korean-president-unnamed"}) {
      name description names { id }
      tenures { nodes { post claims(field: POST) { nodes { origin basis } } } } } }"""
    counterpart = seed.ask(query)["official"]
    assert (counterpart["name"], counterpart["names"]) == (None, [])
    assert counterpart["description"] == "his South Korean counterpart"
    [tenure] = counterpart["tenures"]["nodes"]
    assert tenure["post"] == "President"
    assert [claim["origin"] for claim in tenure["claims"]["nodes"]] == ["INFERRED"]
    assert found(seed, "Yoon") == []


@pytest.mark.parametrize(
    ("stated", "record", "actor"),
    [
        ("the nation", "event/duda-visit-south-korea", "party/south-korea"),
        ("its", "event/russia-ukraine-conflict", "party/russia"),
        (
            "They",
            "statement/concern-north-korea-russia",
            "party/security-officials-poland-south-korea",
        ),
        ("They", "statement/characterization-north-korea", "party/south-korean-leaders"),
    ],
)
def test_coreference_is_inferred_with_a_basis(
    seed: Store, stated: str, record: str, actor: str
) -> None:
    query = """query ($where: InvolvementWhere) { involvements(where: $where) { nodes {
      actor { ... on Party { id } } claims(asWhole: true) { nodes { origin basis } } } } }"""
    where = {"statedAs": {"eq": stated}, "record": {"eq": record}}
    [link] = seed.ask(query, where=where)["involvements"]["nodes"]
    assert link["actor"] == {"id": actor}
    assert [(c["origin"], bool(c["basis"])) for c in link["claims"]["nodes"]] == [
        ("INFERRED", True)
    ]


def test_their_countries_are_both(seed: Store) -> None:
    for state in ("party/poland", "party/south-korea"):
        claims = node(seed, WHOLE, state)["claims"]["nodes"]
        [claim] = [claim for claim in claims if claim["stated"] == "their countries"]
        assert (claim["origin"], claim["passages"][0]["start"]) == ("INFERRED", 535)


def test_reported_and_asserted_troops_keep_their_factuality(seed: Store) -> None:
    claims = node(seed, WHOLE, "event/troop-dispatch")["claims"]["nodes"]
    assert {claim["stated"]: claim["factuality"] for claim in claims} == {
        "North Korea has reportedly dispatched troops to Russia": "REPORTED",
        "North Korea’s troubling decision to send troops to Russia": "ASSERTED",
        "North Korea’s reported troop deployment": "REPORTED",
        "the troop movement from North Korea to Russia": "ASSERTED",
    }


def test_may_enable_is_no_event(seed: Store) -> None:
    fear = node(seed, STATEMENT, "statement/apprehension-weapon-technologies")
    assert fear["hedge"] == "may; potentially"
    assert [claim["factuality"] for claim in fear["whole"]["nodes"]] == ["HYPOTHETICAL"] * 2
    assert fear["event"] is None
    assert set(found(seed, "technologies")) == {"statement/apprehension-weapon-technologies"}
    for field in ("events", "procurements", "decisions", "agreements"):
        supplies = 'involves: {actor: "party/russia", role: [SUPPLIER, ORIGIN, DECIDER, PARTY]}'
        assert count(seed, field, supplies) == 0


def test_intention_to_consider_is_no_aid_yet(seed: Store) -> None:
    query = """{ decision(by: {slug: "ukraine-aid"}) {
      stage value { id } decidedOn { id } milestones { stage } claims(asWhole: true) {
        nodes { stated
      factuality } } } }"""
    aid = seed.ask(query)["decision"]
    assert aid["stage"] == "UNDER_CONSIDERATION"
    assert (aid["value"], aid["decidedOn"], aid["milestones"]) == (None, None, [])
    assert {
        "stated": "its intention to consider supplying military aid to Ukraine",
        "factuality": "PLANNED",
    } in aid["claims"]["nodes"]
    assert count(seed, "decisions", "kind: {eq: AID}, not: {stage: {eq: UNDER_CONSIDERATION}}") == 0
    events = seed.ask('{ events(where: {text: "aid"}) { nodes { id kind } } }')["events"]["nodes"]
    assert events == [{"id": "event/ukraine-aid-announcement", "kind": "ANNOUNCEMENT"}]


def test_agreed_countermeasures_are_a_decision_not_an_agreement(seed: Store) -> None:
    query = """{ decision(by: {slug: "phased-countermeasures"}) {
      kind content deciders { statedAs actor { ... on Party { kind state { id }
        claims(field: STATE) { nodes { origin } } } } } } }"""
    measures = seed.ask(query)["decision"]
    assert (measures["kind"], measures["content"]) == ("COUNTERMEASURE", None)
    [decider] = measures["deciders"]
    assert decider["statedAs"] == "officials"
    assert decider["actor"] == {
        "kind": "COLLECTIVE",
        "state": {"id": "party/south-korea"},
        "claims": {"nodes": [{"origin": "INFERRED"}]},
    }
    assert count(seed, "agreements", 'text: "countermeasures"') == 0
    assert count(seed, "agreements", "") == 2


def test_reaffirmed_is_not_signed(seed: Store) -> None:
    agreement = node(seed, AGREEMENT, "agreement/poland-south-korea-ongoing-communication")
    assert (agreement["kind"], agreement["status"]) == ("POLITICAL_COMMITMENT", "REAFFIRMED")
    assert (agreement["instrumentTitle"], agreement["isBinding"]) == (None, None)
    assert (agreement["signedOn"], agreement["signatories"]) == (None, [])
    reasons = {claim["field"]: claim["status"] for claim in agreement["unknowns"]["nodes"]}
    assert (reasons["IS_BINDING"], reasons["SIGNED_ON"]) == ("NOT_STATED", "NOT_APPLICABLE")


def test_headline_carries_no_field(seed: Store) -> None:
    headline = "Poland and South Korea Strengthen Defense Ties Amid Rising Threats"
    for state in ("party/poland", "party/south-korea"):
        claims = node(seed, WHOLE, state)["claims"]["nodes"]
        [claim] = [claim for claim in claims if claim["stated"] == headline]
        assert claim["passages"] == [{"start": 0, "end": 66, "isInHeading": True}]
        assert "stronger than the body" in claim["basis"]
    query = """query ($where: ClaimWhere) { claims(where: $where) { nodes {
      field record { id } } } }"""
    for word, held in (("Strengthen", [(ARTICLE, "TITLE")]), ("Considers", [])):
        where = {"stated": {"contains": word}, "field": {"isKnown": True}}
        claims = seed.ask(query, where=where)["claims"]["nodes"]
        assert [(claim["record"]["id"], claim["field"]) for claim in claims] == held


def test_suicide_drones_is_a_label_and_no_quotation(seed: Store) -> None:
    query = "{ items { nodes { label labelHedge isLabelQuoted partOf { label } } } }"
    assert seed.ask(query)["items"]["nodes"] == [
        {
            "label": "advanced drone technology",
            "labelHedge": None,
            "isLabelQuoted": False,
            "partOf": None,
        },
        {
            "label": "suicide drones",
            "labelHedge": "what are referred to as",
            "isLabelQuoted": True,
            "partOf": {"label": "advanced drone technology"},
        },
    ]
    assert count(seed, "verbatimSpans", 'text: "drones"') == 0
    assert count(seed, "statements", 'text: "drones"') == 0


def test_only_two_fragments_are_verbatim(seed: Store) -> None:
    query = "{ verbatimSpans { nodes { text claims { nodes { passages { exact start end } } } } } }"
    spans = seed.ask(query)["verbatimSpans"]["nodes"]
    assert [(span["text"], span["claims"]["nodes"][0]["passages"]) for span in spans] == [
        ("criminal organization", [passage("criminal organization", 1929)]),
        ("grave security threat", [passage("grave security threat", 1808)]),
    ]
    modes = seed.ask("{ statements { nodes { mode } } }")["statements"]["nodes"]
    assert sorted(statement["mode"] for statement in modes) == ["MIXED"] * 2 + ["PARAPHRASE"] * 6
    assert count(seed, "verbatimSpans", 'text: "youth"') == 0


def passage(exact: str, start: int) -> dict[str, Any]:
    """Words and where they stand."""
    return {"exact": exact, "start": start, "end": start + len(exact)}


def test_attribution_scope_is_one_sentence(seed: Store) -> None:
    said = node(seed, STATEMENT, "statement/characterization-north-korea")
    assert [speaker["actor"]["id"] for speaker in said["speakers"]] == [
        "party/south-korean-leaders"
    ]
    assert [source["actor"]["id"] for source in said["attributedSources"]] == [
        "party/presidential-office-south-korea"
    ]
    assert said["attribution"].endswith("a statement from the South Korean presidential office")
    assert said["fullText"] is None
    condemned = node(seed, STATEMENT, "statement/condemnation-troop-deployment")
    assert (condemned["attribution"], condemned["attributedSources"]) == (None, [])
    [claim] = condemned["by"]["nodes"]
    assert claim["status"] == "NOT_STATED"
    assert "ambiguous" in claim["basis"]


def test_south_korea_announced_is_said_by_a_country(seed: Store) -> None:
    announced = node(seed, STATEMENT, "statement/ukraine-aid-announced")
    [speaker] = announced["speakers"]
    assert speaker["actor"] == {"__typename": "Party", "id": "party/south-korea", "kind": "STATE"}
    assert "stands for whoever spoke" in speaker["claims"]["nodes"][0]["basis"]
    assert announced["attributedSources"] == []


def test_national_security_is_said_of_three_things(seed: Store) -> None:
    data = seed.ask("""{
      parties(where: {text: "National Security"}) { nodes {
        id state { id } names { text } tenures { nodes { post } }
        claims(field: STATE) { nodes { origin } }
      } }
      tenure(by: {slug: "shin-won-sik-national-security-adviser"}) { post party { id kind } }
    }""")
    bureau, council = data["parties"]["nodes"]
    assert bureau == {
        "id": "party/national-security-bureau-poland",
        "state": {"id": "party/poland"},
        "names": [{"text": "National Security Bureau"}],
        "tenures": {"nodes": [{"post": "National Security Bureau head"}]},
        "claims": {"nodes": [{"origin": "STATED"}]},
    }
    assert council == {
        "id": "party/national-security-council-south-korea",
        "state": {"id": "party/south-korea"},
        "names": [{"text": "National Security Council"}],
        "tenures": {"nodes": []},
        "claims": {"nodes": [{"origin": "INFERRED"}]},
    }
    assert data["tenure"]["post"] == "National Security Adviser"
    assert data["tenure"]["party"] == {"id": "party/south-korea", "kind": "STATE"}


def test_landmark_is_the_writers_word(seed: Store) -> None:
    words = seed.ask("{ evaluations { nodes { text } } }")["evaluations"]["nodes"]
    assert sorted(word["text"] for word in words) == [
        "burgeoning",
        "critical role",
        "escalating",
        "landmark",
        "pivotal",
        "significant",
        "troubling",
    ]
    for word in ("landmark", "pivotal", "significant"):
        assert count(seed, "verbatimSpans", f'text: "{word}"') == 0
        assert count(seed, "statements", f'text: "{word}"') == 0
        for field in ("agreements", "events", "procurements"):
            assert count(seed, field, f'title: {{contains: "{word}"}}') == 0


def test_intelligence_services_are_no_named_agency(seed: Store) -> None:
    alert = node(seed, STATEMENT, "statement/intelligence-troop-movement")
    assert [speaker["actor"]["id"] for speaker in alert["speakers"]] == [
        "party/intelligence-services-south-korea"
    ]
    assert (alert["madeOn"], alert["event"]) == (None, None)
    assert set(found(seed, "intelligence services")) == {
        "statement/intelligence-troop-movement",
        "party/intelligence-services-south-korea",
        "name/party.intelligence-services-south-korea.common.south-korean-intelligence-services",
    }
    assert found(seed, "National Intelligence Service") == []
    assert count(seed, "parties", 'name: {eq: "NIS"}') == 0


def test_accusations_are_attributed_and_never_the_trackers_words(seed: Store) -> None:
    accusation = node(seed, STATEMENT, "statement/characterization-north-korea")
    assert accusation["act"] == "ACCUSE"
    assert [claim["factuality"] for claim in accusation["whole"]["nodes"]] == ["ALLEGED"]
    for words in ("mercenaries", "unjust war", "criminal organization"):
        records = [id for id in found(seed, words) if not id.startswith("statement/")]
        assert records == []
        assert words in accusation["text"]
    for field in ("parties", "events", "statements", "decisions"):
        assert count(seed, field, 'title: {contains: "criminal"}') == 0
    query = """{ claims(where: {stated: {contains: "mercenaries"}}) { nodes {
      factuality record { id } } } }"""
    for claim in seed.ask(query)["claims"]["nodes"]:
        assert claim["factuality"] == "ALLEGED" or claim["record"]["id"].startswith("statement/")


def test_nuclear_capability_stands_inside_an_attitude(seed: Store) -> None:
    fear = node(seed, STATEMENT, "statement/apprehension-weapon-technologies")
    assert fear["act"] == "EXPRESS_CONCERN"
    assert {
        "stated": "potentially enhancing the North’s nuclear and missile capabilities "
        "that directly threaten South Korea",
        "factuality": "HYPOTHETICAL",
    } in fear["whole"]["nodes"]
    assert found(seed, "nuclear") == ["statement/apprehension-weapon-technologies"]
    assert found(seed, "missile") == ["statement/apprehension-weapon-technologies"]


def test_curly_marks_are_folded_for_search_and_kept_in_passages(seed: Store) -> None:
    folded = """{ claims(where: {text: "POLAND'S President Andrzej Duda met"}) { nodes { passages {
      exact start end } } } }"""
    claims = seed.ask(folded)["claims"]["nodes"]
    passages = [passage for claim in claims for passage in claim["passages"]]
    assert passages
    text = (SEED / "article.txt").read_text(encoding="utf-8")
    for held in passages:
        assert text[held["start"] : held["end"]] == held["exact"]
        assert "'" not in held["exact"]
    assert any("Poland’s President" in held["exact"] for held in passages)
    assert count(seed, "claims", 'stated: {contains: "Poland’s President"}') > 0
    assert count(seed, "claims", """stated: {contains: "Poland's President"}""") == 0
    assert count(seed, "claims", """text: "'suicide drones'" """) > 0


def test_korea_inside_south_korean_is_no_mention(seed: Store) -> None:
    text = (SEED / "article.txt").read_text(encoding="utf-8")
    for state, name in (("party/south-korea", "South Korea"), ("party/north-korea", "North Korea")):
        claims = node(seed, WHOLE, state)["claims"]["nodes"]
        [claim] = [c for c in claims if (c["stated"], c["origin"]) == (name, "STATED")]
        assert len(claim["passages"]) == 9
        for held in claim["passages"]:
            assert text[held["start"] : held["end"]] == name
            assert text[held["end"]] != "n"
    query = """{ names(where: {words: {eq: "South Korean"}}) { nodes {
      kind record { id } claims { nodes { passages { exact } } } } } }"""
    names = seed.ask(query)["names"]["nodes"]
    [adjective] = [name for name in names if name["claims"]["nodes"]]  # the states bring one, too
    assert (adjective["kind"], adjective["record"]["id"]) == ("ADJECTIVE", "party/south-korea")
    assert adjective["claims"]["nodes"][0]["passages"] == [{"exact": "South Korean"}] * 5
    article = f'claimedBy: "{ARTICLE}"'
    assert count(seed, "names", f'{article}, words: {{eq: "Korea"}}') == 0
    assert count(seed, "parties", f'{article}, name: {{eq: "Korea"}}') == 0


def test_signed_a_deal_has_no_polish_signatory(seed: Store) -> None:
    deal = node(seed, AGREEMENT, "agreement/poland-south-korea-drone-deal")
    assert (deal["kind"], deal["status"]) == ("CONTRACT", "SIGNED")
    assert deal["signatories"] == [{"actor": {"id": "party/south-korea"}}]
    poland = next(p for p in deal["parties"] if p["actor"]["id"] == "party/poland")
    assert [claim["origin"] for claim in poland["claims"]["nodes"]] == ["INFERRED"]
    assert "not stated" in poland["claims"]["nodes"][0]["basis"]
    query = """{ procurements { nodes { contractingAuthority isGovernmentToGovernment
      unknowns(first: 100) { nodes { field status } } } } }"""
    [procurement] = seed.ask(query)["procurements"]["nodes"]
    for field in ("contractingAuthority", "isGovernmentToGovernment"):
        assert procurement[field] is None
        silence = {"field": constant(field), "status": "NOT_STATED"}
        assert silence in procurement["unknowns"]["nodes"]


def test_one_procurement_not_two(seed: Store) -> None:
    procurements = seed.ask("{ procurements { nodes { id agreement { id } } } }")["procurements"]
    assert procurements["nodes"] == [
        {
            "id": "procurement/south-korea-polish-drones",
            "agreement": {"id": "agreement/poland-south-korea-drone-deal"},
        }
    ]
    claims = node(seed, WHOLE, "procurement/south-korea-polish-drones")["claims"]["nodes"]
    assert sorted(passage["start"] for c in claims for passage in c["passages"]) == [905, 1043]


def test_duplicate_ingestion_makes_no_second_record(seeded: Store) -> None:
    aid = node(seeded, WHOLE, "decision/ukraine-aid")["claims"]["nodes"]
    assert sorted(passage["start"] for c in aid for passage in c["passages"]) == [1172, 1282]
    assert count(seeded, "decisions", "kind: {eq: AID}") == 1
    before = seeded.dump()
    assert seeded.publish(SEED).edition is None
    assert seeded.dump() == before

"""Change: the log, the feed, the difference of two editions, and the history of a record."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.database.migrate import config, migrate
from schema.history.readable import readable
from schema.model.changelog import change_log
from schema.model.registry import nouns
from schema.publishing.changelog import rebuild
from tests.support.damage import damage, unguarded
from tests.support.databases import NOW, Store, Stores, of_newest
from tests.support.dossier_factory import Data, make, pact, record

DAY = datetime.timedelta(days=1)
AGREEMENT, OFFICIAL = "agreement/alfa-bravo", "official/anna-kowalska"
LAST = 6
FIELDS = "fields { id field element elementField kind before after beforeValue afterValue }"
COUNTS = "addedClaimCount retractedClaimCount arisenConflictCount settledConflictCount"
CHANGE = f"""id kind noun title recordId record {{ id }} edition {{ number }}
  comparedFrom comparedTo {COUNTS} {FIELDS}"""


def amended() -> Data:
    """The pact with another day, another label, other signatories and without the official."""
    records = pact()
    del records[OFFICIAL]
    agreement = records[AGREEMENT]
    agreement["label"] = "NOT_STATED"
    agreement["signed_on"] = {"value": {"edtf": "2024-05-04"}, "quote": "4 May 2024"}
    alfa, bravo = agreement["parties"]
    agreement["parties"] = [{**alfa, "stated_as": "Alfa and Bravo"}]
    agreement["signatories"] = [bravo]
    return records


def contradicted() -> Data:
    """What a second source says of the day."""
    return {
        AGREEMENT: {"signed_on": {"value": {"edtf": "2024-05-03"}, "quote": "3 May 2024"}},
        "party/alfa": {"claims": [{"quote": "Alfa and Bravo signed"}]},
    }


@pytest.fixture(scope="module")
def story(stores: Stores, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Six editions, a day apart: the pact, amended, contradicted, as before, alone, and named."""
    folder = tmp_path_factory.mktemp("story")
    named = pact()
    named["party/alfa"]["names"] = "NOT_STATED"
    tellings = [
        ("source/first", pact()),
        ("source/first", amended()),
        ("source/second", contradicted()),
        ("source/first", pact()),
        ("source/second", {}),
        ("source/first", named),
    ]

    def fill(store: Store) -> None:
        for number, (source, records) in enumerate(tellings, 1):
            path = make(folder / str(number), records, source=source)
            assert store.publish(path, now=NOW + number * DAY).edition == number

    return stores.filled("story", fill)


def feed(store: Store, selection: str = CHANGE, **given: Any) -> Any:
    """The nodes of the feed."""
    arguments = {"since": {"edition": 0}, "first": 100} | given
    types = {
        "since": "Since!",
        "where": "RecordWhere",
        "kinds": "[ChangeKind!]",
        "direction": "OrderDirection! = ASC",
        "asOf": "AsOf",
    }
    declared = ", ".join(f"${name}: {types.get(name, 'Int')}" for name in arguments)
    passed = ", ".join(f"{name}: ${name}" for name in arguments)
    query = f"query({declared}) {{ changes({passed}) {{ nodes {{ {selection} }} }} }}"
    return store.ask(query, **arguments)["changes"]["nodes"]


def ids(store: Store, **given: Any) -> list[str]:
    """The ids of the feed."""
    return [change["id"] for change in feed(store, "id", **given)]


def difference(store: Store, start: int, end: int, of: str | None = None) -> Any:
    """The nodes of a difference."""
    query = f"""query($from: Int!, $to: Int!, $of: ID) {{
      difference(from: $from, to: $to, of: $of, first: 100) {{
        totalCount nodes {{ {CHANGE} }} }} }}"""
    found = store.ask(query, **{"from": start, "to": end, "of": of})["difference"]
    assert found["totalCount"] == len(found["nodes"])
    return found["nodes"]


def test_the_feed_tells_what_became_of_each_record_edition_by_edition(story: Store) -> None:
    assert [(change["id"], change["kind"], change["noun"]) for change in feed(story)] == [
        ("change/agreement/alfa-bravo/1", "ADDED", "AGREEMENT"),
        ("change/official/anna-kowalska/1", "ADDED", "OFFICIAL"),
        ("change/party/alfa/1", "ADDED", "PARTY"),
        ("change/party/bravo/1", "ADDED", "PARTY"),
        ("change/source/first/1", "ADDED", "SOURCE"),
        ("change/agreement/alfa-bravo/2", "AMENDED", "AGREEMENT"),
        ("change/official/anna-kowalska/2", "RETRACTED", "OFFICIAL"),
        ("change/agreement/alfa-bravo/3", "AMENDED", "AGREEMENT"),
        ("change/party/alfa/3", "AMENDED", "PARTY"),
        ("change/source/second/3", "ADDED", "SOURCE"),
        ("change/agreement/alfa-bravo/4", "AMENDED", "AGREEMENT"),
        ("change/official/anna-kowalska/4", "ADDED", "OFFICIAL"),
        ("change/agreement/alfa-bravo/5", "AMENDED", "AGREEMENT"),
        ("change/party/alfa/5", "AMENDED", "PARTY"),
        ("change/party/alfa/6", "AMENDED", "PARTY"),
    ]
    assert not story.check().findings


def test_a_change_says_before_and_after_of_each_field_and_part(story: Store) -> None:
    first, second = feed(story, since={"edition": 1}, asOf={"edition": 2})
    day: dict[str, Any] = {"earliest": "2024-05-03", "latest": "2024-05-03", "precision": "DAY"}
    day |= {"isApproximate": False, "isUncertain": False}
    was = {"stated": "3 May 2024", "edtf": "2024-05-03", **day}
    remains = json.loads(json.dumps(was).replace("3 May", "4 May").replace("-03", "-04"))
    alfa = "involvement/agreement.alfa-bravo.party.party-alfa"
    bravo = "involvement/agreement.alfa-bravo.party.party-bravo"
    signed = "involvement/agreement.alfa-bravo.signatory.party-bravo"
    told = [
        tuple(
            change[name] for name in ("field", "element", "elementField", "kind", "before", "after")
        )
        for change in first["fields"]
    ]
    assert told == [
        ("LABEL", None, None, "RETRACTED", "a pact", None),
        ("SIGNED_ON", None, None, "AMENDED", "3 May 2024 (2024-05-03)", "4 May 2024 (2024-05-04)"),
        ("PARTIES", alfa, "STATED_AS", "AMENDED", "Alfa", "Alfa and Bravo"),
        ("PARTIES", bravo, None, "RETRACTED", "Party: Bravo", None),
        ("SIGNATORIES", signed, None, "ADDED", None, "Signatory: Bravo"),
    ]
    values = [[change["beforeValue"], change["afterValue"]] for change in first["fields"]]
    whole = {"role": "PARTY", "statedAs": "Bravo", "actor": "party/bravo"}
    assert values == [
        ["a pact", None],
        [was, remains],
        ["Alfa", "Alfa and Bravo"],
        [whole, None],
        [None, {**whole, "role": "SIGNATORY"}],
    ]
    assert [change["id"].partition("#") for change in first["fields"]] == [
        (f"field-change/change/{AGREEMENT}/2@2", "#", place)
        for place in ("label", "signedOn", f"{alfa}.statedAs", bravo, signed)
    ]
    alone = FIELDS.replace("{", "(ofParts: false) {", 1)
    [brief, _] = feed(story, alone, since={"edition": 1}, asOf={"edition": 2})
    assert brief["fields"] == first["fields"][:2]
    assert second["title"] == "Anna Kowalska"
    assert second["record"] is None
    assert [(change["field"], change["before"]) for change in second["fields"]] == [
        ("TITLE", "Anna Kowalska"),
        ("NAME", "Anna Kowalska"),
        ("STATE", "party/alfa"),
    ]


def test_a_change_counts_what_became_of_the_evidence(story: Store) -> None:
    names = COUNTS.split()
    counted = {
        change["id"]: [change[name] for name in names]
        for change in feed(story, f"id {COUNTS}", since={"edition": 1})
    }
    assert counted == {
        "change/agreement/alfa-bravo/2": [4, 4, 0, 0],
        "change/official/anna-kowalska/2": [0, 6, 0, 0],
        "change/agreement/alfa-bravo/3": [1, 0, 1, 0],
        "change/party/alfa/3": [1, 0, 0, 0],
        "change/source/second/3": counted["change/source/second/3"],
        "change/agreement/alfa-bravo/4": [4, 4, 0, 1],
        "change/official/anna-kowalska/4": [6, 0, 0, 0],
        "change/agreement/alfa-bravo/5": [0, 1, 0, 0],
        "change/party/alfa/5": [0, 1, 0, 0],
        "change/party/alfa/6": [1, 1, 0, 0],
    }


def test_an_edition_says_how_many_records_it_changed(story: Store) -> None:
    query = "{ editions { nodes { number changeCounts { added amended retracted } } } }"
    counted = story.ask(query)["editions"]["nodes"]
    assert [tuple(edition["changeCounts"].values()) for edition in counted] == [
        (5, 0, 0),
        (0, 1, 1),
        (1, 2, 0),
        (1, 1, 0),
        (0, 2, 0),
        (0, 1, 0),
    ]
    one = story.ask("{ edition(number: 2) { changeCounts { retracted } } }")
    assert one == {"edition": {"changeCounts": {"retracted": 1}}}


def test_since_is_an_edition_or_an_instant(story: Store) -> None:
    everything = ids(story)
    assert ids(story, since={"edition": LAST}) == []
    assert ids(story, since={"instant": NOW.isoformat()}) == everything
    third = (NOW + 3.5 * DAY).isoformat()
    assert ids(story, since={"instant": third}) == ids(story, since={"edition": 3})
    assert ids(story, since={"instant": third}, asOf={"edition": 2}) == []


def test_the_feed_is_narrowed_by_kind_and_turned_around(story: Store) -> None:
    assert ids(story, kinds=["RETRACTED"]) == ["change/official/anna-kowalska/2"]
    assert ids(story, kinds=["REVERTED"]) == ids(story, kinds=[]) == []
    assert ids(story, direction="DESC") == ids(story)[::-1]


def test_where_holds_right_before_or_right_after_the_change(story: Store) -> None:
    def found(**where: Any) -> list[str]:
        return ids(story, where=where)

    kowalska = [f"change/{OFFICIAL}/{number}" for number in (1, 2, 4)]
    assert found(text="kowalska") == kowalska
    assert found(nouns=["OFFICIAL"]) == kowalska
    assert found(ids=[OFFICIAL]) == kowalska
    bravo = [f"change/{AGREEMENT}/{number}" for number in range(1, 6)]
    assert found(involves=[{"actor": "party/bravo"}]) == bravo
    party = {"actor": "party/bravo", "role": ["PARTY"]}
    assert found(involves=[party]) == [f"change/{AGREEMENT}/{number}" for number in (1, 2, 4, 5)]
    assert found(involves=[{**party, "through": True}]) == found(involves=[party])
    assert found(happened={"from": "2024-05-04"}) == [
        f"change/{AGREEMENT}/{number}" for number in (2, 3, 4)
    ]
    assert found(sources=["source/second"], nouns=["PARTY"]) == [
        "change/party/alfa/3",
        "change/party/alfa/5",
    ]
    assert found(kinds=["VISIT"]) == []


def test_through_follows_who_belonged_to_whom_at_that_time(empty: Store, tmp_path: Path) -> None:
    def telling(state: Any) -> Data:
        records = pact()
        records[OFFICIAL]["state"] = state
        records[AGREEMENT]["signatories"] = [
            {"actor": OFFICIAL, "quote": "Anna Kowalska", "basis": "She speaks of it."}
        ]
        records[AGREEMENT]["parties"] = []
        return records

    bravo = {"value": "party/bravo", "quote": "Anna Kowalska", "basis": "For the test."}
    for number, state in enumerate(("NOT_STATED", bravo, "NOT_STATED"), 1):
        records = telling(state)
        records[AGREEMENT]["title"] = f"Pact {number}"
        empty.publish(make(tmp_path / str(number), records))
    through = {"involves": [{"actor": "party/bravo", "through": True}]}
    assert ids(empty, where=through) == [f"change/{AGREEMENT}/2", f"change/{AGREEMENT}/3"]
    assert ids(empty, where=through, asOf={"edition": 2}) == [f"change/{AGREEMENT}/2@2"]
    direct = {"involves": [{"actor": OFFICIAL, "through": True}]}
    assert len(ids(empty, where=direct)) == 3


def test_a_difference_tells_what_is_left_of_the_changes_between(story: Store) -> None:
    found = {change["id"]: change for change in difference(story, 1, 5)}
    assert {id: change["kind"] for id, change in found.items()} == {
        f"change/{AGREEMENT}/1..5": "REVERTED",
        f"change/{OFFICIAL}/1..5": "REVERTED",
        "change/party/alfa/1..5": "REVERTED",
        "change/source/second/1..5": "ADDED",
    }
    assert not any(
        found[f"change/{id}/1..5"]["fields"] for id in (AGREEMENT, OFFICIAL, "party/alfa")
    )
    assert found[f"change/{AGREEMENT}/1..5"]["edition"] == {"number": 5}
    [agreement] = difference(story, 2, 4, AGREEMENT)
    assert (agreement["kind"], agreement["comparedFrom"], agreement["comparedTo"]) == (
        *("AMENDED", 2),
        4,
    )
    assert [change["field"] for change in agreement["fields"]] == [
        *("LABEL", "SIGNED_ON", "PARTIES"),
        *("PARTIES", "SIGNATORIES"),
    ]
    assert {change["kind"] for change in difference(story, 0, 1)} == {"ADDED"}
    assert {change["kind"] for change in difference(story, 1, 0)} == {"RETRACTED"}
    [gone] = difference(story, 3, 1, "source/second")
    assert (gone["kind"], gone["record"], gone["title"]) == (
        *("RETRACTED", {"id": "source/second"}),
        "A text about a pact",
    )


def test_a_record_that_came_and_went_in_between_is_reverted(empty: Store, tmp_path: Path) -> None:
    def without() -> Data:
        records = pact()
        del records[OFFICIAL]
        return records

    for number, records in enumerate((without(), pact(), without()), 1):
        empty.publish(make(tmp_path / str(number), records))
    [official] = difference(empty, 1, 3, OFFICIAL)
    assert (official["kind"], official["title"]) == ("REVERTED", "Anna Kowalska")
    assert (official["record"], official["fields"]) == (None, [])


def test_claims_alone_make_a_record_differ(story: Store) -> None:
    [agreement] = difference(story, 4, 5, AGREEMENT)
    assert (agreement["kind"], agreement["fields"]) == ("AMENDED", [])
    assert agreement["retractedClaimCount"] == 1


def test_a_difference_with_itself_or_of_nobody_is_empty(story: Store) -> None:
    assert difference(story, 3, 3) == difference(story, 0, LAST, "party/nobody") == []


def mirrored(change: Any) -> Any:
    """What the same difference says when it is read backwards."""
    turned = {"ADDED": "RETRACTED", "RETRACTED": "ADDED"}
    start, end = change["comparedFrom"], change["comparedTo"]
    back = {
        "id": f"change/{change['recordId']}/{end}..{start}",
        "kind": turned.get(change["kind"], change["kind"]),
        "comparedFrom": end,
        "comparedTo": start,
        "addedClaimCount": change["retractedClaimCount"],
        "retractedClaimCount": change["addedClaimCount"],
        "arisenConflictCount": change["settledConflictCount"],
        "settledConflictCount": change["arisenConflictCount"],
    }
    back["fields"] = [
        {
            **field,
            "id": field["id"].replace(change["id"], back["id"]),
            "kind": turned.get(field["kind"], field["kind"]),
            "before": field["after"],
            "after": field["before"],
            "beforeValue": field["afterValue"],
            "afterValue": field["beforeValue"],
        }
        for field in change["fields"]
    ]
    return {**change, **back}


QUIET = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
NUMBERS = st.integers(0, LAST)


@QUIET
@given(start=NUMBERS, end=NUMBERS)
def test_a_difference_read_backwards_is_its_mirror(story: Store, start: int, end: int) -> None:
    there = [mirrored(change) for change in difference(story, start, end)]
    assert there == difference(story, end, start)


def own(changes: Any, values: dict[tuple[str, str], Any]) -> dict[tuple[str, str], Any]:
    """The values of the records' own fields once the changes are applied to them."""
    values = dict(values)
    for change in changes:
        for field in change["fields"]:
            if field["element"] is None:
                key = change["recordId"], field["field"]
                assert values.get(key) == field["beforeValue"]
                values[key] = field["afterValue"]
    return {key: value for key, value in values.items() if value is not None}


@QUIET
@given(ends=st.tuples(NUMBERS, NUMBERS).map(sorted))
def test_applying_the_changes_since_an_edition_gives_a_later_one(
    story: Store, ends: list[int]
) -> None:
    start, end = ends
    before = own(difference(story, 0, start), {})
    steps = feed(story, since={"edition": start}, asOf={"edition": end}) if end else []
    assert own(steps, before) == own(difference(story, 0, end), {})
    assert own(difference(story, start, end), before) == own(difference(story, 0, end), {})


@QUIET
@given(
    size=st.integers(1, 7),
    backwards=st.booleans(),
    direction=st.sampled_from(["ASC", "DESC"]),
    root=st.sampled_from(
        ["changes(since: {edition: 0}, direction: $d", "difference(from: 1, to: 5"]
    ),
)
def test_pages_visit_every_change_once_both_ways(
    story: Store, size: int, backwards: bool, direction: str, root: str
) -> None:
    first, after, end, more = (
        ("last", "before", "startCursor", "hasPreviousPage")
        if backwards
        else ("first", "after", "endCursor", "hasNextPage")
    )
    query = f"""query($n: Int, $c: String, $d: OrderDirection! = ASC) {{ __typename
      page: {root}, {first}: $n, {after}: $c) {{
        totalCount edges {{ cursor node {{ id }} }} pageInfo {{ {end} {more} }} }}
      other: changes(since: {{edition: 0}}, direction: $d) {{ totalCount }} }}"""
    seen: list[str] = []
    page = story.ask(query, n=size, c=None, d=direction)["page"]
    while True:
        found = [edge["node"]["id"] for edge in page["edges"]]
        seen = found + seen if backwards else seen + found
        if not page["pageInfo"][more]:
            break
        page = story.ask(query, n=size, c=page["pageInfo"][end], d=direction)["page"]
    whole = ids(story, direction=direction)
    if root.startswith("difference"):
        whole = [change["id"] for change in difference(story, 1, 5)]
    assert seen == whole
    assert page["totalCount"] == len(whole)


def test_answers_on_change_as_of_an_edition_never_change(empty: Store, tmp_path: Path) -> None:
    told: dict[int, Any] = {}
    for number, records in enumerate((pact(), amended(), pact(), {}), 1):
        empty.publish(make(tmp_path / str(number), records))
        told[number] = (feed(empty), difference(empty, number, number - 1))
    for number, (changes, _) in told.items():
        assert of_newest(feed(empty, asOf={"edition": number})) == changes
    for number, (_, differing) in told.items():
        still = difference(empty, number, number - 1)
        assert [{**change, "record": None} for change in still] == [
            {**change, "record": None} for change in differing
        ]


def test_a_record_tells_its_changes_and_what_each_version_changed(story: Store) -> None:
    query = """query($id: ID!) { node(id: $id) { ... on Record {
      changes { nodes { id kind edition { author summary } } }
      history { nodes { id edition { number } changed { id kind before after } } } } } }"""
    alfa = story.ask(query, id="party/alfa")["node"]
    assert [change["id"] for change in alfa["changes"]["nodes"]] == [
        f"change/party/alfa/{number}" for number in (6, 5, 3, 1)
    ]
    assert alfa["changes"]["nodes"][0]["edition"] == {"author": "tester", "summary": "A pact"}
    assert [version["id"] for version in alfa["history"]["nodes"]] == ["revision/party/alfa/1"]
    agreement = story.ask(query, id=f"{AGREEMENT}@3")["node"]
    assert [change["id"] for change in agreement["changes"]["nodes"]] == [
        f"change/{AGREEMENT}/{number}@3" for number in (3, 2, 1)
    ]
    newest, oldest = agreement["history"]["nodes"]
    assert newest["changed"] == [
        {
            "id": f"field-change/revision/{AGREEMENT}/2@3#label",
            "kind": "RETRACTED",
            "before": "a pact",
            "after": None,
        },
        {
            "id": f"field-change/revision/{AGREEMENT}/2@3#signedOn",
            "kind": "AMENDED",
            "before": "3 May 2024 (2024-05-03)",
            "after": "4 May 2024 (2024-05-04)",
        },
    ]
    assert {change["kind"] for change in oldest["changed"]} == {"ADDED"}


def test_a_part_and_a_claim_tell_what_their_versions_changed(story: Store) -> None:
    query = """query($id: ID!) { node(id: $id) {
      ... on Link { history { nodes { id changed { id after } } } } } }"""
    part = "involvement/agreement.alfa-bravo.party.party-alfa"
    told = story.ask(query, id=part)["node"]["history"]["nodes"]
    assert [version["id"] for version in told] == [
        f"revision/{part}/{number}" for number in (4, 2, 1)
    ]
    assert told[1]["changed"] == [
        {"id": f"field-change/revision/{part}/2#statedAs", "after": "Alfa and Bravo"}
    ]
    claims = story.ask(
        "query($id: ID!) { node(id: $id) { ... on Record { claims(field: SIGNED_ON) "
        "{ nodes { history { nodes { changed { id field } } } } } } } }",
        id=AGREEMENT,
    )["node"]["claims"]["nodes"]
    assert claims[0]["history"]["nodes"][-1]["changed"]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("changes(since: {edition: 7})", "Edition 7 is not published. Editions run from 1 to 6."),
        ("changes(since: {edition: -1})", "Edition -1 is not published. Editions run from 1 to 6."),
        (
            "changes(since: {edition: 4}, asOf: {edition: 3})",
            "Edition 4 is not published. Editions run from 1 to 3.",
        ),
        (
            "difference(from: 1, to: 7)",
            "Edition 7 is not published. Editions run from 1 to 6.",
        ),
        (
            "difference(from: -2, to: 1)",
            "Edition -2 is not published. Editions run from 1 to 6.",
        ),
        (
            'changes(since: {instant: "0001-01-01T00:00:00+14:00"})',
            (
                "`since` cannot read the instant 0001-01-01T00:00:00+14:00. "
                "In UTC it must lie in the years 1 to 9999."
            ),
        ),
        ("changes(since: {edition: 0}, first: 101)", None),
        ('changes(since: {edition: 0}, after: "x")', None),
    ],
)
def test_what_cannot_be_answered_is_named(story: Store, query: str, message: str | None) -> None:
    [error] = story.answer(f"{{ {query} {{ totalCount nodes {{ id }} }} }}").errors
    assert getattr(error.original_error, "code", None) == "BAD_USER_INPUT"
    assert message is None or error.message == message


def test_a_cursor_goes_on_reading_its_edition_and_its_difference(story: Store) -> None:
    query = """query($c: String) { changes(since: {edition: 0}, first: 3, after: $c%s) {
      nodes { id } pageInfo { endCursor hasNextPage } } }"""
    page = story.ask(query % ", asOf: {edition: 2}", c=None)["changes"]
    rest = story.ask(query.replace("first: 3", "first: 99") % "", c=page["pageInfo"]["endCursor"])
    assert page["nodes"] + rest["changes"]["nodes"] == feed(story, "id", asOf={"edition": 2})
    other = "query($c: String) { difference(from: 1, to: %d, first: 1, after: $c) { %s } }"
    cursor = story.ask(other % (3, "pageInfo { endCursor }"), c=None)["difference"]["pageInfo"]
    [error] = story.answer(other % (4, "nodes { id }"), c=cursor["endCursor"]).errors
    assert "belongs to another list" in error.message


def test_statements_are_as_many_for_one_change_as_for_a_page(story: Store, seed: Store) -> None:
    query = f"""query($n: Int) {{
      changes(since: {{edition: 0}}, first: $n, where: {{nouns: [PARTY]}}) {{
        totalCount nodes {{ {CHANGE} record {{
          changes {{ nodes {{ {CHANGE} }} }}
          history {{ nodes {{ changed {{ id }} }} }} }} }} }} }}"""
    for store in (story, seed):
        counted = [len(store.answer(query, n=number).statements) for number in (1, 2, 4, 60)]
        assert len(set(counted)) == 1, counted
    query = f"query($n: Int) {{ difference(from: 0, to: 2, first: $n) {{ nodes {{ {CHANGE} }} }} }}"
    pages = [seed.answer(query, n=number).statements for number in (60, 100)]
    assert max(map(len, pages)) <= 4 * len(nouns())
    lazy = seed.answer("{ changes(since: {edition: 0}) { totalCount } }").statements
    assert len(lazy) == 2, "the newest edition, and the count"


def test_a_text_that_the_licence_hides_is_told_in_no_change(empty: Store, tmp_path: Path) -> None:
    for shown in (False, True):
        path = make(tmp_path / str(shown), is_text_public={"value": shown, "basis": "So."})
        empty.publish(path)
    told = json.dumps(feed(empty, asOf={"edition": 1}), ensure_ascii=False)
    assert "nothing else" not in told
    assert "nothing else" in json.dumps(feed(empty, since={"edition": 1}), ensure_ascii=False)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        ("words", "words"),
        (True, "yes"),
        (False, "no"),
        (7, "7"),
        ({"stated": "recently", "edtf": None}, "recently"),
        ({"stated": None, "edtf": "2024"}, "2024"),
        ({"stated": "recently", "edtf": "2024-36"}, "recently (the fourth quarter of 2024)"),
        ({"stated": None, "edtf": "2024-05-03/.."}, "from 2024-05-03 on"),
        ({"stated": None, "edtf": "202X~"}, "about the 2020s"),
        (
            {"stated": "over 5", "minimum": 6, "maximum": None, "certainty": "AT_LEAST"},
            "over 5 (from 6, at least)",
        ),
        ({"stated": None, "minimum": None, "maximum": 9, "certainty": None}, "up to 9"),
        ({"stated": None, "minimum": 2, "maximum": 9, "certainty": "RANGE"}, "2 to 9, range"),
        (
            {
                "stated": "$6 billion",
                "minimum": "6000000000",
                "maximum": "6000000000",
                "currency": "USD",
                "scope": "TOTAL",
            },
            "$6 billion (6000000000 USD, total)",
        ),
        (
            {
                "stated": "about $3.5bn (4.5 trillion won)",
                "minimum": "3500000000",
                "maximum": "3500000000",
                "currency": "USD",
                "certainty": "ESTIMATE",
                "others": [{"minimum": "4500000000000", "currency": "KRW"}],
                "share": "package",
                "scope": "SHARED",
            },
            (
                "about $3.5bn (4.5 trillion won) (3500000000 USD, from 4500000000000 KRW, "
                "estimate, shared, share package)"
            ),
        ),
        (
            {
                "stated": None,
                "minimum": None,
                "maximum": None,
                "unit": "km",
                "least": "12.84",
                "most": "13",
                "certainty": "ESTIMATE",
                "ceiling": "15",
            },
            "12.84 to 13 km, estimate, ceiling 15",
        ),
        (
            {"stated": "dollars", "minimum": None, "maximum": None, "currency": "USD"},
            "dollars (USD)",
        ),
    ],
)
def test_values_are_told_to_be_read(value: Any, text: str | None) -> None:
    assert readable(value) == text


def test_sums_and_numbers_are_told_whole(empty: Store, tmp_path: Path) -> None:
    def telling(**fields: Any) -> Data:
        return pact() | record("procurement/drones", "Drones", **fields)

    drones = {"quote": "🛩 drones", "basis": "For the test."}
    sums = {"value": {"minimum": "6000000000.5", "currency": "USD"}, **drones}
    number = {"value": {"minimum": 3, "maximum": 3, "certainty": "EXACT"}, **drones}
    empty.publish(make(tmp_path / "a", telling()))
    empty.publish(make(tmp_path / "b", telling(value=sums, quantity=number)))
    [change] = feed(empty, since={"edition": 1})
    assert {field["field"]: field["afterValue"] for field in change["fields"]} == {
        "QUANTITY": {
            **dict.fromkeys(("unit", "least", "most", "floor", "ceiling")),
            "stated": "🛩 drones",
            "minimum": 3,
            "maximum": 3,
            "certainty": "EXACT",
        },
        "VALUE": {
            **dict.fromkeys(("certainty", "floor", "ceiling", "share", "others")),
            "stated": "🛩 drones",
            "minimum": "6000000000.5",
            "maximum": None,
            "currency": "USD",
            "scope": None,
        },
    }


def log(store: Store) -> list[Any]:
    """The log of changes as it is kept."""
    with store.connect() as connection:
        return [*connection.execute(sa.select(change_log).order_by(*change_log.primary_key))]


def test_the_log_is_rebuilt_as_it_was_published(story: Store, seeded: Store) -> None:
    for store in (story, seeded):
        before = log(store)
        with unguarded(store) as connection:
            rebuild(connection)
        assert log(store) == before
        assert len(before) > 10


def test_a_database_of_the_release_before_gets_its_log(seeded: Store, tmp_path: Path) -> None:
    seeded.publish(make(tmp_path / "a"))
    seeded.publish(make(tmp_path / "b", amended()))
    before = log(seeded)
    older = ScriptDirectory.from_config(config()).get_revision("0004").down_revision
    assert isinstance(older, str)
    migrate(seeded.url, older)
    with seeded.connect() as connection:
        assert "change" not in sa.inspect(connection).get_table_names()
    migrate(seeded.url)
    assert log(seeded) == before
    assert not seeded.check().findings


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        (
            f"UPDATE change SET kind = 'ADDED' WHERE record_id = '{AGREEMENT}' AND edition = 2",
            f"{AGREEMENT}: the log says ADDED of edition 2, the tables AMENDED.",
        ),
        (
            "DELETE FROM change WHERE record_id = 'official/anna-kowalska' AND edition = 2",
            f"{OFFICIAL}: the log says nothing of edition 2, the tables RETRACTED.",
        ),
        (
            "UPDATE change SET edition = 2 WHERE record_id = 'party/alfa'",
            "party/alfa: the log says ADDED of edition 2, the tables nothing.",
        ),
        (
            "UPDATE change SET noun = 'party' WHERE record_id = 'source/first'",
            "source/first: the log of changes calls it party.",
        ),
    ],
)
def test_check_finds_a_log_that_says_what_is_not_so(
    empty: Store, tmp_path: Path, statement: str, found: str
) -> None:
    empty.publish(make(tmp_path / "a"))
    empty.publish(make(tmp_path / "b", amended()))
    assert not empty.check().findings
    assert found in damage(empty, statement)

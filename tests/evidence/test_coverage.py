"""Coverage: what sources set out to cover, and what follows from what is missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory

from api.database.iso_states import SOURCE as STATES
from api.database.iso_states import SUMMARY, reference
from api.database.migrate import config, migrate
from api.database.seeding import load
from schema.filtering.record_where import matching_records
from tests.support.contradicting_sources import SECOND_SOURCE
from tests.support.databases import Store, Stores
from tests.support.dossier_factory import Data, make
from tests.support.registers import REGISTER, TREATIES, register, treaties

ASK = """query ($where: RecordWhere, $asOf: AsOf) { coverage(where: $where, asOf: $asOf) {
  id verdict explanation sources { nodes { id } } earliest latest
  sourceCount partyCount coversAllParties
} }"""


@pytest.fixture(scope="module")
def covered(stores: Stores, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The seed and two registers, for reading only."""
    folder = tmp_path_factory.mktemp("registers")

    def fill(store: Store) -> None:
        store.publish(register(folder))
        store.publish(treaties(folder))

    return stores.filled("registers", fill, seeded=True)


def asked(store: Store, where: Data | None, **more: Any) -> Any:
    """The coverage of a question."""
    return store.ask(ASK, where=where, **more)["coverage"]


def among(*actors: str) -> list[Data]:
    """A part of `where`: these take part."""
    return [{"actor": actor} for actor in actors]


def test_a_source_says_what_it_covers(covered: Store) -> None:
    query = """query ($id: ID!) { source(by: {id: $id}) {
      scope
      covers { stated edtf earliest latest precision }
      covered { role statedAs actor { id } claims { nodes { passages { exact } } } }
      claims(field: COVERS) { nodes { status passages { exact } } }
    } }"""
    found = covered.ask(query, id=REGISTER)["source"]
    assert found["scope"] == "transfers of major arms"
    assert found["covers"] == {
        "stated": "2017 to 2023",
        "edtf": "2017/2023",
        "earliest": "2017-01-01",
        "latest": "2023-12-31",
        "precision": "INTERVAL",
    }
    assert [(link["role"], link["actor"]["id"]) for link in found["covered"]] == [
        ("COVERED", "party/japan"),
        ("COVERED", "party/south-korea"),
    ]
    assert found["claims"]["nodes"] == [
        {"status": "KNOWN", "passages": [{"exact": "2017 to 2023"}]}
    ]
    assert covered.check().findings == []


def test_a_news_article_need_not_say_why_it_covers_nothing(press: Store) -> None:
    query = """query ($id: ID!) { source(by: {id: $id}) {
      scope covers { stated } covered { id } unknowns(first: 100) { nodes { field } }
    } }"""
    found = press.ask(query, id=SECOND_SOURCE)["source"]
    assert (found["scope"], found["covers"], found["covered"]) == (None, None, [])
    assert {"scope", "covers", "covered"}.isdisjoint(
        each["field"] for each in found["unknowns"]["nodes"]
    )


def test_a_source_may_say_that_it_does_not_tell(empty: Store, tmp_path: Path) -> None:
    empty.publish(make(tmp_path, scope="WITHHELD"))
    query = '{ source(by: {slug: "first"}) { scope claims(field: SCOPE) { nodes { status } } } }'
    assert empty.ask(query)["source"] == {
        "scope": None,
        "claims": {"nodes": [{"status": "WITHHELD"}]},
    }


@pytest.mark.parametrize(
    ("actors", "happened", "verdict", "sources"),
    [
        (["party/south-korea"], None, "INSIDE", [REGISTER]),
        (["party/south-korea", "party/japan"], ("2018-01-01", "2019-12-31"), "INSIDE", [REGISTER]),
        (["party/south-korea"], ("2017-01-01", "2023-12-31"), "INSIDE", [REGISTER]),
        (["official/shin-won-sik"], ("2020-01-01", "2020-01-01"), "INSIDE", [REGISTER]),
        (["party/presidential-office-south-korea"], None, "INSIDE", [REGISTER]),
        (["party/poland"], ("2021-01-01", None), "INSIDE", [TREATIES]),
        (["party/south-korea"], ("2016-12-31", "2017-01-01"), "PARTLY", [REGISTER]),
        (["party/south-korea"], ("2020-01-01", None), "PARTLY", [REGISTER]),
        (["party/poland", "party/japan"], None, "PARTLY", [REGISTER, TREATIES]),
        (["party/poland", "party/france"], None, "PARTLY", [TREATIES]),
        ([], ("2018-01-01", "2018-12-31"), "INSIDE", [REGISTER]),
        ([], ("2019-01-01", "2021-12-31"), "INSIDE", [REGISTER]),
        ([], ("2024-01-01", "2024-12-31"), "INSIDE", [TREATIES]),
        ([], None, "PARTLY", [REGISTER, TREATIES]),
        (["party/south-korea"], ("1990-01-01", "1999-12-31"), "OUTSIDE", []),
        (["party/poland"], ("2010-01-01", "2010-12-31"), "OUTSIDE", []),
        (["party/france"], None, "OUTSIDE", []),
        (["party/nobody"], None, "OUTSIDE", []),
    ],
)
def test_the_verdict_follows_what_sources_say_of_themselves(
    covered: Store,
    actors: list[str],
    happened: tuple[str | None, str | None] | None,
    verdict: str,
    sources: list[str],
) -> None:
    where: Data = {"involves": among(*actors)} if actors else {}
    if happened:
        where["happened"] = dict(zip(("from", "until"), happened, strict=True))
    found = asked(covered, where)
    assert (found["verdict"], [source["id"] for source in found["sources"]["nodes"]]) == (
        verdict,
        sources,
    )
    assert found["explanation"].endswith(".")
    assert (found["earliest"], found["latest"]) == ("2017-01-01", None)
    assert (found["sourceCount"], found["partyCount"], found["coversAllParties"]) == (2, 3, False)


def test_the_verdict_is_told_in_a_sentence(covered: Store) -> None:
    korea = {"involves": among("party/south-korea")}
    spans = {"from": "2016-01-01", "until": "2018-01-01"}, {"from": "1999-01-01"}
    assert asked(covered, korea)["explanation"] == "1 source covers the parties asked about."
    assert asked(covered, korea | {"happened": spans[0]})["explanation"] == (
        "No source that was read covers all of the parties and the days asked about; "
        "1 source covers a part."
    )
    assert (
        asked(covered, {"involves": among("party/france"), "happened": spans[1]})["explanation"]
        == "No source that was read says that it covers the parties and the days asked about."
    )
    assert asked(covered, None)["explanation"] == (
        "All parties and all days are asked about; 2 sources cover a part of that."
    )


def test_what_nobody_covers_means_nothing(press: Store) -> None:
    assert asked(press, {"involves": among("party/poland")}) == {
        "id": asked(press, {"involves": among("party/poland")})["id"],
        "verdict": "OUTSIDE",
        "explanation": "No source that was read says what it covers, so nothing follows from "
        "what is missing.",
        "sources": {"nodes": []},
        "earliest": None,
        "latest": None,
        "sourceCount": 0,
        "partyCount": 0,
        "coversAllParties": False,
    }


def test_a_source_with_a_period_and_no_parties_covers_all(seeded: Store, tmp_path: Path) -> None:
    seeded.publish(register(tmp_path, covered="NOT_STATED"))
    where = {
        "involves": among("party/france"),
        "happened": {"from": "2018-05-01", "until": "2018-05-02"},
    }
    found = asked(seeded, where)
    assert (found["verdict"], found["coversAllParties"]) == ("INSIDE", True)


def test_a_source_with_parties_and_no_period_covers_a_part_of_any_days(
    seeded: Store, tmp_path: Path
) -> None:
    seeded.publish(register(tmp_path, covers={"status": "VAGUE", "quote": "2017 to 2023"}))
    japan: Data = {"involves": among("party/japan")}
    assert asked(seeded, japan)["verdict"] == "INSIDE"
    assert asked(seeded, japan | {"happened": {"from": "2018-05-01"}})["verdict"] == "PARTLY"
    assert (asked(seeded, japan)["earliest"], asked(seeded, japan)["latest"]) == (None, None)


def test_a_question_may_be_put_to_some_sources_only(covered: Store) -> None:
    where = {"involves": among("party/south-korea"), "sources": [TREATIES]}
    assert asked(covered, where)["verdict"] == "OUTSIDE"


def test_coverage_is_read_as_of_an_edition(covered: Store) -> None:
    poland = {"involves": among("party/poland")}
    verdicts = [
        asked(covered, poland, asOf={"edition": edition})["verdict"] for edition in (2, 3, 4)
    ]
    assert verdicts == ["OUTSIDE", "OUTSIDE", "INSIDE"]


def test_coverage_takes_the_same_number_of_statements(covered: Store) -> None:
    one = covered.answer(ASK, where={"involves": among("party/poland")})
    many = covered.answer(
        ASK, where={"involves": among("party/south-korea", "party/japan", "party/poland")}
    )
    assert len(one.statements) == len(many.statements) == 4


def test_to_be_covered_is_to_take_no_part(covered: Store) -> None:
    query = """query ($where: SourceWhere) { sources(where: $where) { nodes { id } } }"""
    japan = {"actor": "party/japan"}
    found = covered.ask(query, where={"covered": [japan]})
    assert found["sources"]["nodes"] == [{"id": REGISTER}]
    both = covered.ask(query, where={"covered": [japan, {"actor": "party/poland"}]})
    assert both["sources"]["nodes"] == []
    [error] = covered.answer(query, where={"involves": [japan]}).errors
    assert "'involves'" in error.message
    nouns = {name for name, *_ in matching_records({"involves": [{"actor": "party/japan"}]}, None)}
    assert "SOURCE" not in nouns
    assert "EVENT" in nouns


def test_the_states_say_what_they_are_about_and_cover_no_question(seed: Store) -> None:
    query = "query ($id: ID!) { source(by: {id: $id}) { scope covers { stated } covered { id } } }"
    found = seed.ask(query, id=STATES)["source"]
    assert found["scope"] == (
        "States and territories of ISO 3166-1 with their names by language, former states, and "
        "alliances with their members"
    )
    assert (found["covers"], found["covered"]) == (None, [])


def test_a_database_of_an_older_release_learns_the_scope_of_the_states(empty: Store) -> None:
    old = reference()
    old.claims = {id: claim for id, claim in old.claims.items() if claim.field != "scope"}
    old.summary = SUMMARY.replace("form 3", "form 2")
    assert [done.edition for done in load(empty.url, "older", states=old)] == [1, 2]
    states, seed = load(empty.url, "newer")
    assert (states.edition, states.added, states.amended, states.retracted) == (3, 1, 1, 0)
    assert seed.edition is None
    assert [done.edition for done in load(empty.url, "newer")] == [None]
    assert empty.check().findings == []


def test_going_back_forgets_what_sources_cover_and_nothing_else(
    empty: Store, tmp_path: Path
) -> None:
    empty.publish(make(tmp_path / "pact"))
    before = empty.dump()
    step = ScriptDirectory.from_config(config()).get_revision("0005")
    migrate(empty.url, str(step.down_revision))
    before_in_older = empty.dump()
    migrate(empty.url)
    assert empty.dump()["involvement"] == before["involvement"]
    parties = [{"actor": "party/alfa", "quote": "Register", "basis": "For the test."}]
    empty.publish(register(tmp_path, covered=parties))
    migrate(empty.url, str(step.down_revision))
    older = empty.dump()
    assert len(older["source"]) == len(before["source"]) + 1
    assert older["involvement"] == before_in_older["involvement"]
    migrate(empty.url)
    assert empty.dump()["involvement"] == before["involvement"]
    assert empty.check().findings == []

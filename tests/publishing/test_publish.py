"""Publishing: again, amended, retracted, against another source, and at once."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from api.cli import app
from schema.errors import DatabaseNotReadyError, DossierRefusedError
from schema.model.registry import nouns, table_of
from schema.publishing.publish import Publication
from tests.support.databases import Store, Stores, of_newest
from tests.support.dossier_factory import TEXT, Data, make, pact, record

SIGNED = '{ agreement(by: {slug: "alfa-bravo"}) { signedOn { edtf } } }'
CONFLICTS = """{ agreement(by: {slug: "alfa-bravo"}) {
  signedOn { edtf }
  conflicts {
    nodes { field
      accepted { value acceptedBy source { id } }
    claims { nodes { value isAccepted acceptedBy isPreferred source { id } } } } } } }"""
THIRD, FOURTH = (
    {"edtf": "2024-05-03", "stated": "3 May 2024"},
    {"edtf": "2024-05-04", "stated": "4 May 2024"},
)


def rows(store: Store, edition: int, column: str) -> list[str]:
    """The ids of the rows that an edition wrote (`since`) or closed (`until`)."""
    with store.connect() as connection:
        return sorted(
            id
            for table in map(table_of, nouns().values())
            for id in connection.execute(
                sa.select(table.c.id).where(table.c[column] == edition)
            ).scalars()
        )


def signed(day: str, quote: str, **evidence: Any) -> Data:
    """The pact with another day."""
    records = pact()
    records["agreement/alfa-bravo"]["signed_on"] = {
        "value": {"edtf": day},
        "quote": quote,
        **evidence,
    }
    return records


def test_publishing_the_same_again_changes_nothing_and_says_so(
    empty: Store, tmp_path: Path
) -> None:
    folder = make(tmp_path / "a")
    assert empty.publish(folder) == Publication(1, added=63)
    before = empty.dump()
    assert empty.publish(folder) == Publication(None)
    assert empty.publish(folder, author="another") == Publication(None)
    assert empty.dump() == before


def test_the_command_says_what_it_published_and_that_nothing_has_changed(
    empty: Store, tmp_path: Path
) -> None:
    folder = make(tmp_path / "a")
    arguments = ["publish", str(folder), "--database", empty.url, "--author", "tester"]
    first, again = CliRunner().invoke(app, arguments), CliRunner().invoke(app, arguments)
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert first.stdout == (
        "source/first: edition 1 published; 63 rows added, 0 amended, 0 retracted.\n"
    )
    assert again.stdout == "source/first: nothing has changed, no edition published.\n"


def test_the_command_names_every_error_and_publishes_nothing(empty: Store, tmp_path: Path) -> None:
    records = pact()
    records["party/alfa"]["name"] = {"quote": "Alva"}
    records["party/bravo"]["kind"] = {"value": "STAT", "basis": "So."}
    before = empty.dump()
    result = CliRunner().invoke(
        app, ["publish", str(make(tmp_path / "a", records)), "--database", empty.url]
    )
    assert result.exit_code == 1
    assert isinstance(result.exception, DossierRefusedError)
    first, *told = str(result.exception).splitlines()
    assert first == "The dossier is refused, 2 errors:"
    assert [line.startswith(f"{tmp_path}/a/dossier.yaml:") for line in told] == [True, True]
    assert empty.dump() == before


def test_the_order_of_a_dossier_and_its_prose_do_not_matter(empty: Store, tmp_path: Path) -> None:
    empty.publish(make(tmp_path / "a"))
    records = dict(reversed([(id, dict(reversed(entry.items()))) for id, entry in pact().items()]))
    assert empty.publish(make(tmp_path / "b", records)) == Publication(None)


def test_an_amended_dossier_publishes_only_what_changed(empty: Store, tmp_path: Path) -> None:
    empty.publish(make(tmp_path / "a"))
    done = empty.publish(make(tmp_path / "b", signed("2024-05-04", "4 May 2024")))
    written, closed = rows(empty, 2, "since"), rows(empty, 2, "until")
    assert [id.rpartition(".")[0] or id for id in closed] == [
        "agreement/alfa-bravo",
        "claim/first.agreement.alfa-bravo.signedOn",
        "passage/first.agreement.alfa-bravo.signedOn.".rstrip(".") + closed[2][-9:-2],
    ]
    assert closed[0] == written[0]
    assert not {*closed[1:]} & {*written[1:]}
    assert [id.partition("/")[0] for id in written] == ["agreement", "claim", "passage"]
    assert done == Publication(2, added=2, amended=1, retracted=2)
    assert empty.ask(SIGNED)["agreement"]["signedOn"] == {"edtf": "2024-05-04"}
    assert not empty.check().findings


def test_an_amended_text_moves_its_passages_and_nothing_else(empty: Store, tmp_path: Path) -> None:
    empty.publish(make(tmp_path / "a"))
    empty.publish(make(tmp_path / "b", text="A mark.\n" + TEXT))
    assert {id.partition("/")[0] for id in rows(empty, 2, "since")} == {"passage", "source"}
    assert not empty.check().findings


def test_a_basis_alone_can_be_amended(empty: Store, tmp_path: Path) -> None:
    empty.publish(make(tmp_path / "a"))
    records = pact()
    records["party/bravo"]["kind"]["basis"] = "It signs a treaty."
    assert empty.publish(make(tmp_path / "b", records)) == Publication(2, amended=1)
    answer = empty.ask('{ party(by: {slug: "bravo"}) { claims(field: KIND) { nodes { basis } } } }')
    assert answer["party"]["claims"]["nodes"] == [{"basis": "It signs a treaty."}]


def test_a_retracted_record_is_gone_now_and_stays_as_of_then(empty: Store, tmp_path: Path) -> None:
    empty.publish(make(tmp_path / "a"))
    records = pact()
    del records["official/anna-kowalska"]
    done = empty.publish(make(tmp_path / "b", records))
    assert (done.edition, done.added, done.amended) == (2, 0, 0)
    query = """query ($asOf: AsOf) {
      official(by: {slug: "anna-kowalska"}, asOf: $asOf) {
        name state { id } claims(field: NAME) { nodes { stated } } }
      node(id: "official/anna-kowalska") { id }
      officials(asOf: $asOf) { nodes { id } } }"""
    assert empty.ask(query) == {"official": None, "node": None, "officials": {"nodes": []}}
    assert empty.ask(query, asOf={"edition": 1}) == {
        "official": {
            "name": "Anna Kowalska",
            "state": {"id": "party/alfa@1"},
            "claims": {"nodes": [{"stated": "Anna Kowalska"}]},
        },
        "node": None,
        "officials": {"nodes": [{"id": "official/anna-kowalska@1"}]},
    }
    assert not empty.check().findings
    assert empty.publish(make(tmp_path / "a")).edition == 3
    assert empty.ask(query) == of_newest(empty.ask(query, asOf={"edition": 1}))
    assert not empty.check().findings


def test_a_retracted_link_leaves_its_record(empty: Store, tmp_path: Path) -> None:
    empty.publish(make(tmp_path / "a"))
    records = pact()
    del records["agreement/alfa-bravo"]["parties"][1]
    empty.publish(make(tmp_path / "b", records))
    answer = empty.ask('{ agreement(by: {slug: "alfa-bravo"}) { parties { statedAs } } }')
    assert answer["agreement"]["parties"] == [{"statedAs": "Alfa"}]


def test_a_record_that_another_source_points_at_is_not_retracted(
    empty: Store, tmp_path: Path
) -> None:
    empty.publish(make(tmp_path / "a"))
    pointing = record(
        "official/jan-nowak", "Jan Nowak", state={"value": "party/alfa", "basis": "So."}
    )
    empty.publish(make(tmp_path / "b", pointing, source="source/second"))
    before = empty.dump()
    with pytest.raises(DossierRefusedError) as refused:
        empty.publish(make(tmp_path / "c", {}))
    assert [str(finding).partition(": ")[2] for finding in refused.value.findings] == [
        (
            "party/alfa: it would be retracted, but official/jan-nowak points at it. "
            "Keep it, or change that record first."
        )
    ]
    assert empty.dump() == before


def test_a_source_keeps_the_fields_that_no_other_source_gives(empty: Store, tmp_path: Path) -> None:
    empty.publish(make(tmp_path / "a"))
    empty.publish(
        make(
            tmp_path / "b",
            {"party/bravo": {"claims": [{"quote": "Alfa and Bravo signed"}]}},
            source="source/second",
        )
    )
    with pytest.raises(
        DossierRefusedError, match="party/bravo name: it has neither a value nor a reason"
    ):
        empty.publish(make(tmp_path / "c", {}))


def test_two_sources_that_agree_are_no_conflict(empty: Store, tmp_path: Path) -> None:
    empty.publish(make(tmp_path / "a"))
    empty.publish(make(tmp_path / "b", source="source/second"))
    assert empty.ask(CONFLICTS)["agreement"]["conflicts"]["nodes"] == []
    answer = empty.ask('{ agreement(by: {slug: "alfa-bravo"}) { sources { nodes { id } } } }')
    assert answer["agreement"]["sources"]["nodes"] == [
        {"id": "source/first"},
        {"id": "source/second"},
    ]
    assert not empty.check().findings


def test_sources_that_disagree_stand_side_by_side_and_an_editor_chooses(
    empty: Store, tmp_path: Path
) -> None:
    first = make(tmp_path / "a")
    second = make(tmp_path / "b", signed("2024-05-04", "4 May 2024"), source="source/second")
    chosen = make(
        tmp_path / "c", signed("2024-05-04", "4 May 2024", preferred=True), source="source/second"
    )

    empty.publish(first, author="anna")
    empty.publish(second, author="boris")
    undecided = told(THIRD, "anna", "source/first", preferred=False)
    assert empty.ask(CONFLICTS) == undecided

    empty.publish(chosen, author="clara")
    decided = told(FOURTH, "clara", "source/second", preferred=True)
    assert empty.ask(CONFLICTS) == decided
    before = empty.dump()
    assert empty.publish(first) == empty.publish(chosen) == Publication(None)
    assert empty.dump() == before

    empty.publish(second, author="dora")
    assert empty.ask(CONFLICTS) == told(THIRD, "dora", "source/first", preferred=False)
    assert not empty.check().findings

    empty.publish(make(tmp_path / "d", source="source/second"), author="emil")
    assert empty.ask(CONFLICTS)["agreement"]["conflicts"]["nodes"] == []
    assert empty.publish(second, author="boris").edition == 6
    assert empty.ask(CONFLICTS) == told(THIRD, "dora", "source/first", preferred=False)
    assert not empty.check().findings


def told(accepted: Data, by: str, source: str, preferred: bool) -> Data:
    """The conflict over the day, with one of its claims accepted."""
    claims = [
        {
            "value": value,
            "isAccepted": value == accepted,
            "acceptedBy": by if value == accepted else None,
            "isPreferred": preferred and value == accepted,
            "source": {"id": id},
        }
        for value, id in ((THIRD, "source/first"), (FOURTH, "source/second"))
    ]
    edtf = "2024-05-03" if accepted == THIRD else "2024-05-04"
    conflict = {
        "field": "SIGNED_ON",
        "accepted": {"value": accepted, "acceptedBy": by, "source": {"id": source}},
        "claims": {"nodes": claims},
    }
    return {"agreement": {"signedOn": {"edtf": edtf}, "conflicts": {"nodes": [conflict]}}}


def test_the_newer_of_two_choices_holds_until_it_is_withdrawn(empty: Store, tmp_path: Path) -> None:
    third = signed("2024-05-03", "3 May 2024", preferred=True)
    fourth = signed("2024-05-04", "4 May 2024", preferred=True)
    empty.publish(make(tmp_path / "a", third))
    empty.publish(make(tmp_path / "b", fourth, source="source/second"))
    assert empty.ask(SIGNED)["agreement"]["signedOn"] == {"edtf": "2024-05-04"}

    third["agreement/alfa-bravo"]["signed_on"]["basis"] = "It is the day of the headline."
    third["agreement/alfa-bravo"]["signed_on"]["origin"] = "STATED"
    empty.publish(make(tmp_path / "a", third))
    assert empty.ask(SIGNED)["agreement"]["signedOn"] == {"edtf": "2024-05-04"}
    assert empty.publish(make(tmp_path / "a", third)) == Publication(None)

    empty.publish(make(tmp_path / "b", signed("2024-05-04", "4 May 2024"), source="source/second"))
    assert empty.ask(SIGNED)["agreement"]["signedOn"] == {"edtf": "2024-05-03"}
    empty.publish(make(tmp_path / "b", fourth, source="source/second"))
    assert empty.ask(SIGNED)["agreement"]["signedOn"] == {"edtf": "2024-05-04"}
    assert not empty.check().findings


def test_a_known_value_is_accepted_before_an_older_silence(empty: Store, tmp_path: Path) -> None:
    silent = pact()
    silent["agreement/alfa-bravo"]["signed_on"] = "NOT_STATED"
    empty.publish(make(tmp_path / "a", silent))
    empty.publish(make(tmp_path / "b", source="source/second"))
    answer = empty.ask(
        """{ agreement(by: {slug: "alfa-bravo"}) { signedOn { edtf }
        unknowns(first: 100) { nodes { field } } conflicts { nodes { field } } } }"""
    )["agreement"]
    assert answer["signedOn"] == {"edtf": "2024-05-03"}
    assert {"field": "SIGNED_ON"} not in answer["unknowns"]["nodes"]
    assert answer["conflicts"]["nodes"] == []
    assert not empty.check().findings


def test_one_source_can_contradict_itself(empty: Store, tmp_path: Path) -> None:
    records = pact()
    records["agreement/alfa-bravo"]["signed_on"] = [
        {"value": {"edtf": "2024-05-03"}, "quote": "3 May 2024"},
        {"value": {"edtf": "2024-05-04"}, "quote": "4 May 2024", "preferred": True},
    ]
    empty.publish(make(tmp_path / "a", records))
    [conflict] = empty.ask(CONFLICTS)["agreement"]["conflicts"]["nodes"]
    assert conflict["accepted"]["value"] == FOURTH
    assert len(conflict["claims"]["nodes"]) == 2


def test_publications_at_once_become_editions_one_after_another(
    empty: Store, tmp_path: Path
) -> None:
    folders = [make(tmp_path / str(number), source=f"source/s{number}") for number in range(6)]
    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(empty.publish, folders))
    assert sorted(publication.edition or 0 for publication in done) == [1, 2, 3, 4, 5, 6]
    assert not empty.check().findings


def test_the_same_publication_at_once_becomes_one_edition(empty: Store, tmp_path: Path) -> None:
    folder = make(tmp_path / "a")
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(empty.publish, [folder] * 4))
    assert sorted(publication.edition or 0 for publication in done) == [0, 0, 0, 1]


def test_a_database_that_is_not_migrated_is_named(stores: Stores, tmp_path: Path) -> None:
    store = stores.bare()
    folder = make(tmp_path / "a")
    try:
        with pytest.raises(DatabaseNotReadyError, match="Run `pactbook migrate` first"):
            store.publish(folder)
        for command in (["publish", str(folder)], ["load"], ["check"]):
            result = CliRunner().invoke(app, [*command, "--database", store.url])
            assert isinstance(result.exception, DatabaseNotReadyError), (command, result.exception)
            assert result.exit_code == 1
    finally:
        stores.drop(store)


@pytest.mark.skipif(os.name == "nt", reason="Windows names the folder differently")
def test_a_path_that_is_no_dossier_is_named(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["publish", str(tmp_path)])
    assert isinstance(result.exception, DossierRefusedError)
    assert "there is no such file" in str(result.exception)

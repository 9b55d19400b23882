"""What a dossier may hold, and how each mistake in one is told."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from schema.dossiers.reader import read_dossier
from schema.errors import DossierError, DossierRefusedError
from tests.support.databases import Store
from tests.support.dossier_factory import SOURCE, TEXT, Data, line, make, pact, record, write


def refusal(store: Store, folder: Path) -> list[tuple[int, str, str]]:
    """Line, field and message of each finding; the database must stay as it was."""
    before = store.dump()
    with pytest.raises(DossierRefusedError) as refused:
        store.publish(folder)
    assert store.dump() == before
    return [(finding.line, finding.field, told(finding)) for finding in refused.value.findings]


def told(finding: Any) -> str:
    return f"{finding.wrong} {finding.right}".strip()


def findings(folder: Path) -> list[tuple[int, str, str]]:
    """The same, for what is found before the database is asked."""
    try:
        found: list[DossierError] = read_dossier(folder).findings
    except DossierRefusedError as refused:
        found = refused.findings
    return [(finding.line, finding.field, told(finding)) for finding in found]


def only(folder: Path) -> tuple[int, str, str]:
    """The one finding."""
    found = findings(folder)
    assert len(found) == 1, found
    return found[0]


def test_six_mistakes_in_different_records_are_all_told_and_nothing_changes(
    empty: Store, tmp_path: Path
) -> None:
    empty.publish(make(tmp_path / "good"))
    records = pact()
    records["party/alfa"]["name"] = {"quote": "Alfa and Bravo sang"}
    records["party/bravo"]["name"] = {"quote": "Bravo"}
    records["official/anna-kowalska"]["nmae_order"] = records["official/anna-kowalska"].pop(
        "name_order"
    )
    records["agreement/alfa-bravo"]["kind"] = {"value": "TREATIE", "quote": "‘a pact’"}
    records |= record(
        "official/jan-nowak", "Jan Nowak", state={"value": "party/alpha", "basis": "A guess."}
    )
    records |= record(
        "agreement/second",
        "Second",
        signed_on={"value": {"edtf": "2024-13-41"}, "quote": "3 May 2024"},
    )
    folder = make(tmp_path / "bad", records, source="source/second")
    assert refusal(empty, folder) == [
        (
            line(folder, "quote: Alfa and Bravo sang"),
            "name",
            "the text does not hold 'Alfa and Bravo sang'. Copy the words from the text.",
        ),
        (
            line(folder, "quote: Bravo"),
            "name",
            (
                "'Bravo' stands 2 times in the text (9: …Alfa and Bravo Sign a Pact 🕊 A…; "
                "38: …Pact 🕊 Alfa and Bravo signed ‘a pact’…). Single it out by a prefix or suffix."
            ),
        ),
        (
            line(folder, "nmae_order"),
            "nmae_order",
            "there is no field 'nmae_order'. Did you mean 'name_order'?",
        ),
        (
            line(folder, "value: TREATIE"),
            "kind.value",
            (
                "'TREATIE' is not one of TREATY, DEFENCE_COOPERATION_AGREEMENT, MEMORANDUM, "
                "CONTRACT, JOINT_STATEMENT, POLITICAL_COMMITMENT. Did you mean 'TREATY'?"
            ),
        ),
        (
            line(folder, "value: party/alpha"),
            "state",
            "there is no record 'party/alpha'. Did you mean 'party/alfa'?",
        ),
        (
            line(folder, "2024-13-41"),
            "signed_on",
            (
                "'2024-13-41' is not an EDTF date; write it like 2024, 2024-10, 2024-10-24 "
                "or 2024-10/2024-12."
            ),
        ),
    ]


def test_six_mistakes_in_one_record_are_all_told_and_nothing_changes(
    empty: Store, tmp_path: Path
) -> None:
    empty.publish(make(tmp_path / "good"))
    records = record(
        "agreement/second",
        "Second",
        kind={"value": "MEMO", "quote": "‘a pact’"},
        label={"quote": "a packed"},
        sector={"quote": "Alfa and Bravo"},
        purpos="NOT_STATED",
        amends={"value": "agreement/alfa-brava", "basis": "A guess."},
        ended_on={"value": {"edtf": "May"}, "quote": "3 May 2024"},
    )
    folder = make(tmp_path / "bad", records, source="source/second")
    assert [(at, field, message[:24]) for at, field, message in refusal(empty, folder)] == [
        (line(folder, "value: MEMO"), "kind.value", "'MEMO' is not one of TRE"),
        (line(folder, "a packed"), "label", "the text does not hold '"),
        (line(folder, "quote: Alfa and Bravo"), "sector", "'Alfa and Bravo' stands "),
        (line(folder, "amends:") + 1, "amends", "there is no record 'agre"),
        (line(folder, "edtf: May"), "ended_on", "'May' is not an EDTF dat"),
        (line(folder, "purpos:"), "purpos", "there is no field 'purpo"),
    ]


@pytest.mark.parametrize(
    ("change", "at", "field", "message"),
    [
        (
            {"name": {"quote": "'a pact'"}},
            "quote: '''a pact'''",
            "name",
            (
                "the text does not hold ''a pact''. The text has '‘a pact’'. At 51 (line 2) it has "
                "U+2018 LEFT SINGLE QUOTATION MARK, where the quote has U+0027 APOSTROPHE."
            ),
        ),
        (
            {"name": {"quote": "alfa and bravo signed"}},
            "quote: alfa and",
            "name",
            (
                "the text does not hold 'alfa and bravo signed'. The text has 'Alfa and Bravo "
                "signed'. At 29 (line 2) it has U+0041 LATIN CAPITAL LETTER A, where the quote has "
                "U+0061 LATIN SMALL LETTER A."
            ),
        ),
        (
            {"name": {"quote": {"exact": "Alfa", "prefix": "of the "}}},
            "prefix: 'of the '",
            "name",
            "the text does not hold 'Alfa'. At 0 (line 1) the text has nothing before it.",
        ),
        (
            {"name": "Alfa"},
            "name: Alfa",
            "name",
            (
                "'Alfa' stands without evidence; write {value: Alfa, quote: …}, or for a "
                "null its reason."
            ),
        ),
        (
            {"description": "NOT_STATD"},
            "description: NOT_STATD",
            "description",
            (
                "'NOT_STATD' stands without evidence; write {value: NOT_STATD, quote: …}, or "
                "for a null its reason, such as NOT_STATED."
            ),
        ),
        (
            {"name": {"value": "Alfa"}},
            "value: Alfa",
            "name",
            (
                "a value that the source states needs a quote. Give the passage, or a basis "
                "for an inference."
            ),
        ),
        (
            {"name": {"value": "Alfa", "origin": "EXTERNAL", "quote": "Alfa and Bravo signed"}},
            "origin: EXTERNAL",
            "name",
            "an EXTERNAL value needs a basis. Write why it is so.",
        ),
        (
            {"name": {"value": "Alfa", "origin": "INFERRED", "quote": "Alfa and Bravo signed"}},
            "origin: INFERRED",
            "name",
            "an INFERRED value needs a basis. Write why it is so.",
        ),
        (
            {"name": {"value": "Alfa", "status": "WITHHELD"}},
            "status: WITHHELD",
            "name",
            "a WITHHELD field has no value. Leave out the value or the status.",
        ),
        (
            {"kind": {"quote": "Alfa and Bravo signed"}},
            "quote: Alfa and",
            "kind",
            "it needs a value. Write {value: …, quote: …}.",
        ),
        (
            {"parent": {"quote": "Alfa and Bravo signed"}},
            "quote: Alfa and",
            "parent",
            "it needs the id of a record as its value. Write {value: noun/slug, quote: …}.",
        ),
        (
            {"kind": {"value": "STATE", "basis": "So.", "qoute": "Alfa"}},
            "qoute: Alfa",
            "kind.qoute",
            "there is no field 'qoute'. Did you mean 'quote'?",
        ),
        (
            {"name": {"quote": "Alfa and Bravo signed", "factuality": "REPORTD"}},
            "factuality: REPORTD",
            "name.factuality",
            (
                "'REPORTD' is not one of ASSERTED, REPORTED, ALLEGED, HYPOTHETICAL, PLANNED, "
                "DENIED. Did you mean 'REPORTED'?"
            ),
        ),
        (
            {"names": [{"language": "en", "basis": "It is."}]},
            "language: en",
            "names.text",
            "it is missing. Write `text: …`: The name.",
        ),
    ],
)
def test_a_mistake_in_a_field_is_told_with_its_line_and_what_would_be_right(
    tmp_path: Path, change: Data, at: str, field: str, message: str
) -> None:
    records = record("party/alfa", "Alfa", **change)
    folder = make(tmp_path / "bad", records)
    told_line, told_field, told_message = only(folder)
    assert (told_field, told_message) == (field, message)
    parent = next(iter(change))
    assert (
        line(folder, f"{parent}:" if parent != "name" else "  name:")
        <= told_line
        <= line(folder, at)
    )


def test_a_null_without_a_reason_is_told_at_its_record(empty: Store, tmp_path: Path) -> None:
    records = pact()
    del records["party/bravo"]["description"]
    records["agreement/alfa-bravo"]["label"] = []
    folder = make(tmp_path / "bad", records)
    right = (
        "it has neither a value nor a reason. "
        "Code it, or write NOT_STATED, WITHHELD, UNKNOWN or NOT_APPLICABLE."
    )
    assert refusal(empty, folder) == [
        (line(folder, "  party/bravo:"), "party/bravo description", right),
        (line(folder, "  agreement/alfa-bravo:"), "agreement/alfa-bravo label", right),
    ]


@pytest.mark.parametrize("silence", ["NOT_STATED", "WITHHELD", "UNKNOWN", "NOT_APPLICABLE"])
def test_each_silence_is_a_reason(empty: Store, tmp_path: Path, silence: str) -> None:
    records = record("party/alfa", "Alfa", description=silence)
    empty.publish(make(tmp_path / "good", records))
    answer = empty.ask(
        '{ party(by: {slug: "alfa"}) { description '
        "unknowns(first: 100) { nodes { field status } } } }"
    )
    assert answer["party"]["description"] is None
    assert {"field": "DESCRIPTION", "status": silence} in answer["party"]["unknowns"]["nodes"]


@pytest.mark.parametrize(
    ("id", "message"),
    [
        ("partie/alfa", "'partie' is no noun. Did you mean 'party/alfa'?"),
        ("party/New Alfa", "'New Alfa' is no slug. Write it like 'party/new-alfa'."),
        ("party/", "'' is no slug. Write it like 'party/south-korea'."),
        ("party/-alfa", "'-alfa' is no slug. Write it like 'party/alfa'."),
        ("party/alfa\n", "'alfa\n' is no slug. Write it like 'party/alfa'."),
    ],
)
def test_an_id_is_a_noun_and_a_slug(tmp_path: Path, id: str, message: str) -> None:
    folder = make(tmp_path / "bad", {id: {}})
    assert only(folder)[1:] == (id, message)


def test_the_source_is_coded_beside_the_records_not_among_them(tmp_path: Path) -> None:
    folder = make(tmp_path / "bad", {"source/other": {}})
    at, field, message = only(folder)
    assert (at, field) == (line(folder, "source/other"), "source/other")
    assert message.startswith("'source' is no noun.")
    assert "source" not in message.partition("Nouns:")[2].split(", ")


PACT, PARTY = "agreement/alfa-bravo", "a record party/…"


def test_a_reference_names_a_record_of_the_right_noun(empty: Store, tmp_path: Path) -> None:
    records = pact()
    records["official/anna-kowalska"]["state"]["value"] = "agreement/alfa-bravo"
    records["agreement/alfa-bravo"]["parties"][0]["actor"] = "agreement/alfa-bravo"
    folder = make(tmp_path / "bad", records)
    assert refusal(empty, folder) == [
        (
            line(folder, "value: agreement/alfa-bravo"),
            "state",
            "'agreement/alfa-bravo' is no party. Write the id of a record party/….",
        ),
        (
            line(folder, "actor: agreement/alfa-bravo"),
            "parties.actor",
            f"'{PACT}' is no official or party. Write the id of a record official/… or {PARTY}.",
        ),
    ]


def test_a_link_stands_once(tmp_path: Path) -> None:
    records = pact()
    parties = records["agreement/alfa-bravo"]["parties"]
    parties.append({**parties[0], "stated_as": "they"})
    folder = make(tmp_path / "bad", records)
    lines = (folder / "dossier.yaml").read_text().splitlines()
    first, second = (
        number for number, words in enumerate(lines, 1) if "actor: party/alfa" in words
    )
    assert only(folder) == (
        second,
        "parties",
        (
            "'involvement/agreement.alfa-bravo.party.party-alfa' stands twice, "
            f"first on line {first}. Give each its own key."
        ),
    )


def test_a_key_tells_two_links_apart(empty: Store, tmp_path: Path) -> None:
    records = pact()
    parties = records["agreement/alfa-bravo"]["parties"]
    parties.append({**parties[0], "stated_as": "Bravo", "key": "alfa-again"})
    assert empty.publish(make(tmp_path / "good", records)).edition == 1
    answer = empty.ask('{ agreement(by: {slug: "alfa-bravo"}) { parties { id statedAs } } }')
    assert {"id": "involvement/agreement.alfa-bravo.alfa-again", "statedAs": "Bravo"} in answer[
        "agreement"
    ]["parties"]


def test_a_dossier_that_is_no_yaml_is_told_with_its_line(tmp_path: Path) -> None:
    folder = write(tmp_path / "bad", "summary: A pact\nsource: {id: source/first\nrecords: {}\n")
    at, field, message = only(folder)
    assert (at, field) == (3, "YAML")
    assert message.endswith("Quote texts that hold ': ' or begin with a sign.")


def test_a_key_stands_once(tmp_path: Path) -> None:
    folder = write(tmp_path / "bad", "summary: A pact\nrecords: {}\nsummary: Another\n")
    assert only(folder) == (3, "summary", "the key stands twice, first on line 1. Keep one.")


@pytest.mark.parametrize(
    ("yaml", "field"),
    [
        ("", "dossier"),
        ("- a list\n", "dossier"),
        ("just words\n", "dossier"),
        ("summary: a\x07b\n", "YAML"),
        ("summary: !!python/name:os.system x\n", "YAML"),
        ("? [a, b]\n: c\n", "YAML"),
        ("summary: &a [*a]\n", "YAML"),
        ('summary: "a\\0b"\n', "YAML"),
        ('summary: "a\\ud800b"\n', "YAML"),
        ("--- {}\n--- {}\n", "YAML"),
    ],
)
def test_what_is_no_dossier_at_all_is_refused_by_name(
    tmp_path: Path, yaml: str, field: str
) -> None:
    assert field in {found[1] for found in findings(write(tmp_path / "bad", yaml))}


def test_a_dossier_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path / "bad", "")
    (folder / "dossier.yaml").write_bytes(b"summary: \xff\n")
    assert only(folder) == (1, "YAML", "the file is not UTF-8 at byte 9. Save it as UTF-8.")


def test_a_folder_without_a_dossier_is_refused(tmp_path: Path) -> None:
    assert only(tmp_path)[1:] == (
        "dossier",
        "there is no such file. A dossier is a folder with a dossier.yaml and the text it codes.",
    )


NAME_IT = "Name the file of the text, or write `text: WITHHELD` where it cannot be had."


def test_unknown_and_missing_parts_of_a_dossier_are_told(tmp_path: Path) -> None:
    folder = write(tmp_path / "bad", "sumary: A pact\nsource: {}\nrecords: [a]\n")
    assert [(field, message) for _, field, message in findings(folder)] == [
        ("sumary", "a dossier has no such field. Did you mean 'summary'?"),
        ("summary", "it is missing. Say in one line what the dossier publishes."),
        ("id", "it is missing. Write `id: …`: Its id, such as `source/yonhap-2024-10-24`."),
        ("source.file", f"it is missing. {NAME_IT}"),
        ("records", "it is not a mapping. Write `id: {…}` for each record."),
    ]


def test_a_text_that_is_missing_is_told(tmp_path: Path) -> None:
    folder = make(tmp_path / "bad")
    (folder / "text.txt").unlink()
    assert only(folder) == (
        line(folder, "file: text.txt"),
        "source.file",
        "'text.txt' is not beside the dossier. Put the text there.",
    )


def test_a_text_whose_sum_is_another_is_told(tmp_path: Path) -> None:
    folder = make(tmp_path / "bad", sha256="0" * 64)
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    assert only(folder) == (
        line(folder, "sha256:"),
        "source.sha256",
        f"the text has {digest}. Either the text or the sum was changed.",
    )
    assert not findings(make(tmp_path / "good", sha256=digest))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (TEXT.encode() + b"\xff", "is not UTF-8 at byte"),
        (TEXT.encode() + b"\0", "holds a NUL character"),
    ],
)
def test_a_text_that_no_database_can_hold_is_told(
    tmp_path: Path, text: bytes, message: str
) -> None:
    folder = make(tmp_path / "bad")
    (folder / "text.txt").write_bytes(text)
    at, field, told_message = only(folder)
    assert (at, field) == (line(folder, "file: text.txt"), "source.file")
    assert message in told_message


def test_a_text_keeps_its_line_ends_and_its_mark(empty: Store, tmp_path: Path) -> None:
    text = "\ufeffOne\r\nTwo\rThree\u2028 Alfa and Bravo signed"
    records = record("party/alfa", "Alfa", name={"value": "Alfa", "quote": "Alfa and Bravo signed"})
    empty.publish(
        make(
            tmp_path / "good", records, text=text, is_text_public={"value": True, "basis": "Ours."}
        )
    )
    answer = empty.ask('{ source(by: {slug: "first"}) { text sha256 } }')
    assert answer["source"] == {"text": text, "sha256": hashlib.sha256(text.encode()).hexdigest()}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("quantity", {"minimum": 2**31}),
        ("quantity", {"minimum": -1}),
        ("value", {"minimum": "1e9"}),
        ("value", {"minimum": "12.3456"}),
        ("value", {"minimum": "9" * 20}),
        ("value", {"currency": "dollars"}),
    ],
)
def test_a_number_that_cannot_be_told_is_refused(tmp_path: Path, field: str, value: Data) -> None:
    records = record(
        "procurement/drones", "Drones", **{field: {"value": value, "quote": "🛩 drones"}}
    )
    folder = make(tmp_path / "bad", records)
    at, name, _ = only(folder)
    part = next(iter(value))
    assert at == line(folder, f"{part}:")
    assert name in (field, f"{field}.value.{part}")


def test_headings_stand_in_the_text(tmp_path: Path) -> None:
    folder = make(tmp_path / "bad", headings=["Alfa and Bravo Sign a Pact 🕊", "Another heading"])
    assert only(folder)[0] == line(folder, "- Another heading")


def test_passages_count_in_code_points_and_in_utf_16(empty: Store, tmp_path: Path) -> None:
    empty.publish(make(tmp_path / "good", headings=["Alfa and Bravo Sign a Pact 🕊"]))
    query = """{ agreement(by: {slug: "alfa-bravo"}) { claims(field: SECTOR) {
  nodes {
        passages { exact prefix suffix start end startUtf16 endUtf16 isInHeading } } } } }"""
    start = TEXT.index("🛩 drones")
    assert empty.ask(query)["agreement"]["claims"]["nodes"] == [
        {
            "passages": [
                {
                    "exact": "🛩 drones",
                    "prefix": TEXT[start - 24 : start],
                    "suffix": TEXT[start + 8 : start + 32],
                    "start": start,
                    "end": start + 8,
                    "startUtf16": len(TEXT[:start].encode("utf-16-le")) // 2,
                    "endUtf16": len(TEXT[: start + 8].encode("utf-16-le")) // 2,
                    "isInHeading": False,
                }
            ]
        }
    ]


def test_a_source_is_named_in_every_dossier(tmp_path: Path) -> None:
    folder = make(tmp_path / "bad")
    text = (folder / "dossier.yaml").read_text().replace(f"id: {SOURCE}", "id: source/First")
    write(folder, text)
    assert only(folder)[:2] == (line(folder, "id: source/First"), "id")


@pytest.mark.parametrize(
    ("standard", "code", "told"),
    [
        ("language", "kx", "'kx' is not an ISO 639 language, such as `ko`; did you mean "),
        ("language", "", "'' is not an ISO 639 language, such as `ko`."),
        ("language", "EN", "'EN' is not an ISO 639 language, such as `ko`; did you mean 'en'?"),
        ("script", "Hamg", "'Hamg' is not an ISO 15924 script, such as `Hang`; did you mean "),
        ("currency", "EURO", "'EURO' is not an ISO 4217 currency, such as `KRW`; did you mean "),
    ],
)
def test_a_code_stands_in_the_list_of_its_standard(
    tmp_path: Path, standard: str, code: str, told: str
) -> None:
    records = pact()
    (name,) = records["party/alfa"]["names"]
    if standard == "currency":
        value = {"minimum": "5", "currency": code}
        records |= record("decision/x", "X", value={"value": value, "basis": "A guess."})
    else:
        name[standard] = code
    at, field, message = only(make(tmp_path, records))
    assert field.endswith(standard)
    assert message.startswith(told)
    assert at == line(tmp_path, f"{standard}: {code}" if code else f"{standard}: ''")

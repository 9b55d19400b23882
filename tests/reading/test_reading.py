"""Reading: each kind of value is found in the words that say it, and in no others."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.dossiers.states import mentions, names_of
from schema.model.registry import nouns
from schema.model.spelling import spellings
from schema.model.units import UNITS, unit_name
from schema.reading.claims import Reading, missing
from schema.reading.naming import Called
from schema.reading.numbers import numbers
from schema.reading.words import stem

FRIDAY = datetime.date(2024, 10, 25)
NAMES = {
    "official/shin": ("Shin Won-sik", True),
    "official/duda": ("Andrzej Duda", True),
    "party/ministry": ("Ministry of National Defence (Poland)", False),
    "party/wb": ("WB Group", False),
}


def called(id: str) -> Called:
    """What the parties of these tests are called."""
    name, is_person = NAMES.get(id, (id.partition("/")[2].replace("-", " "), False))
    state = names_of(id)
    is_actor = id.startswith(("party/", "official/"))
    slug = state.slug if state else None
    foreign = {"Korea Południowa"} if slug == "south-korea" else set()
    return Called({name}, foreign, state=slug, is_actor=is_actor, is_person=is_person)


def states_in(text: str, language: str) -> list[tuple[int, int, frozenset[str]]]:
    return [(start, end, slugs) for start, end, slugs in mentions(text, language)]


def looked_for(place: str, value: Any, *quotes: str, id: str = "", **more: Any) -> str | None:
    """What is missing of a value in quotes; the place is a noun and a field of it."""
    noun, _, field = place.partition(".")
    reading = Reading(quotes, called, states_in, **more)
    return missing(nouns()[noun], field or None, value, reading, id or f"{noun.lower()}/x")


def date(edtf: str) -> dict[str, str]:
    return {"edtf": edtf}


def exactly(number: int | str, **more: Any) -> dict[str, Any]:
    return {"minimum": number, "maximum": number, **more}


CARRIED = [
    ("Procurement.orderedOn", date("2024-10-18"), "on 18 October 2024"),
    ("Procurement.orderedOn", date("2024-10-18"), "on October 18th, 2024"),
    ("Procurement.orderedOn", date("2024-10-18"), "Oct. 18, 2024"),
    ("Procurement.orderedOn", date("2024-10-18"), "18.10.2024"),
    ("Procurement.orderedOn", date("2024-10-18"), "2024-10-18"),
    ("Procurement.orderedOn", date("2024-10-18/2024-10-20"), "18–20 October 2024"),
    ("Procurement.orderedOn", date("2024-10"), "in early October 2024"),
    ("Procurement.orderedOn", date("2024-06/2024-08"), "between June and August 2024"),
    ("Procurement.orderedOn", date("2024-01/2024-03"), "early 2024"),
    ("Procurement.orderedOn", date("2023-12/2024-02"), "the winter of 2023"),
    ("Procurement.orderedOn", date("2024-21"), "spring 2024"),
    ("Procurement.orderedOn", date("2025-35"), "in the third quarter of 2025"),
    ("Procurement.orderedOn", date("202X"), "in the 2020s"),
    ("Procurement.orderedOn", date("19XX"), "in the 20th century"),
    ("Procurement.orderedOn", date("2024~"), "about 2024"),
    ("Procurement.deliveredOn", date("../2025-12-31"), "by the end of 2025"),
    ("Procurement.deliveredOn", date("2020/.."), "from 2020 on"),
    ("Source.covers", date("2017/2023"), "2017 to 2023"),
    ("Procurement.quantity", {"maximum": 199, "certainty": "AT_MOST"}, "fewer than 200 drones"),
    ("Procurement.quantity", {"maximum": 200, "certainty": "AT_MOST"}, "up to 200 drones"),
    ("Procurement.quantity", {"minimum": 101}, "more than 100 tanks"),
    ("Procurement.quantity", {"minimum": 100}, "at least a hundred tanks"),
    ("Procurement.quantity", {"minimum": 100, "maximum": 120}, "between 100 and 120 tanks"),
    ("Procurement.quantity", exactly(24), "two dozen fighters"),
    ("Procurement.quantity", exactly(48, certainty="EXACT"), "48 howitzers"),
    ("Procurement.quantity", exactly(2024), "2024 rockets"),
    ("Procurement.quantity", exactly(30000), "30,000 rounds"),
    ("Procurement.quantity", exactly(30000), "30 000 rounds"),
    ("Procurement.quantity", exactly(30000), "30.000 rounds"),
    ("Procurement.quantity", exactly(30000), "thirty thousand rounds"),
    ("Procurement.quantity", exactly(200, certainty="ESTIMATE"), "about 200 drones"),
    ("Procurement.quantity", {"unit": "t", "least": "2.5", "most": "2.5"}, "2.5 tonnes of powder"),
    ("Procurement.value", exactly("3500000000", currency="USD"), "$3.5bn"),
    ("Procurement.value", exactly("3500000000", currency="USD"), "3.5 billion US dollars"),
    ("Procurement.value", exactly("3500000000", currency="USD"), "US$3.5 billion"),
    ("Procurement.value", exactly("4500000000000", currency="KRW"), "4.5 trillion won"),
    ("Procurement.value", exactly("58000000", currency="PLN"), "58 million zlotys"),
    ("Procurement.value", exactly("58000000", currency="PLN"), "PLN 58 million"),
    ("Procurement.value", exactly("5000000", currency="EUR"), "€5m"),
    ("Procurement.value", {"minimum": "6000000000", "currency": "USD"}, "worth over $6 billion"),
    (
        "Procurement.value",
        {"minimum": "100", "maximum": "120", "currency": "USD"},
        "between 100 and 120 dollars",
    ),
    ("Procurement.value", exactly("1234.567", currency="KWD"), "1,234.567 dinars"),
    ("Procurement.value", exactly("1234567.5", currency="EUR"), "1.234.567,50 euros"),
    (
        "Procurement.value",
        exactly("100", currency="USD", certainty="ESTIMATE", ceiling="120"),
        "about 100 dollars, at most 120",
    ),
    (
        "Procurement.value",
        exactly(
            "3500000000",
            currency="USD",
            others=[exactly("4500000000000", currency="KRW")],
        ),
        "about $3.5bn (4.5 trillion won)",
    ),
    ("Procurement.stage", "SIGNED", "signed a landmark deal"),
    ("Procurement.stage", "DELIVERED", "the last howitzers arrived in Poland"),
    ("Procurement.stage", "CANCELLED", "Warsaw has scrapped the purchase"),
    ("Procurement.isGovernmentToGovernment", True, "a government-to-government sale"),
    ("Agreement.isBinding", False, "a non-binding memorandum"),
    ("Agreement.kind", "MEMORANDUM", "a memorandum of understanding"),
    ("Event.kind", "EXERCISE", "held joint drills"),
    ("Statement.act", "CONDEMN", "leaders condemned the launch"),
    ("Statement.mode", "VERBATIM", "“We will stand together,” he said"),
    ("Procurement.label", "advanced drone technology", "advanced drone  technology"),
    ("Procurement.category", "howitzers", "48 self-propelled Howitzers"),
    ("Event.subtype", "troop dispatch", "reportedly dispatched troops"),
    ("Official.state", "party/poland", "Polish President Andrzej Duda"),
    ("Official.state", "party/south-korea", "the South Korean leader"),
    ("Official.state", "party/united-states", "the U.S. envoy"),
    ("Tenure.official", "official/duda", "Mr Duda said"),
    ("Tenure.official", "official/shin", "Shin, the adviser"),
    ("Tenure.official", "official/shin", "Shin Wonsik"),
    ("Tenure.party", "party/ministry", "the Ministry of National Defence said"),
]
UNCARRIED = [
    ("Procurement.orderedOn", {"stated": "Recently", "edtf": "2023/2022"}, "Recently"),
    ("Procurement.orderedOn", date("2024-10-19"), "on 18 October 2024"),
    ("Procurement.orderedOn", date("2023-10-18"), "on 18 October 2024"),
    ("Procurement.orderedOn", date("2024-11"), "in early October 2024"),
    ("Procurement.orderedOn", date("2024-05"), "it may sign in 2024"),
    ("Procurement.orderedOn", date("2024-22"), "spring 2024"),
    ("Procurement.orderedOn", date("2024-10-24"), "on Thursday"),
    ("Procurement.orderedOn", date("2025-12-31"), "by the end of 2025"),
    ("Procurement.orderedOn", {"stated": "on Friday", "edtf": "2024"}, "on Thursday of 2024"),
    ("Procurement.quantity", exactly(500), "Recently"),
    ("Procurement.quantity", exactly(26), "on 26 October 2024"),
    ("Procurement.quantity", exactly(2024), "by the end of 2024"),
    ("Procurement.quantity", exactly(200, certainty="EXACT"), "fewer than 200 drones"),
    ("Procurement.quantity", {"minimum": 200}, "fewer than 200 drones"),
    ("Procurement.quantity", exactly(36), "two dozen fighters"),
    ("Procurement.quantity", exactly(24), "a squadron of fighters"),
    ("Procurement.quantity", {"unit": "km", "least": "2.5", "most": "2.5"}, "2.5 tonnes of powder"),
    ("Procurement.value", exactly("3500000000", currency="EUR"), "$3.5bn"),
    ("Procurement.value", exactly("3500000000", currency="CAD"), "$3.5bn"),
    ("Procurement.value", exactly("3500000", currency="USD"), "$3.5bn"),
    ("Procurement.value", exactly("200", currency="USD"), "200 drones"),
    ("Procurement.stage", "DELIVERED", "signed a landmark deal"),
    ("Procurement.stage", "DELIVERED", "to be delivered by 2026"),
    ("Procurement.stage", "SIGNED", "the contract has not been signed"),
    ("Agreement.isBinding", True, "a non-binding memorandum"),
    ("Source.reliability", "A", "a reliable paper"),
    ("Procurement.label", "advanced drone technology", "48 howitzers"),
    ("Official.state", "party/north-korea", "the South Korean leader"),
    ("Official.state", "party/south-korea", "the Korean leader"),
    ("Official.state", "party/united-states", "it told us so"),
    ("Official.state", "party/niger", "the Nigerian leader"),
    ("Tenure.official", "official/duda", "the President said"),
    ("Procurement.value", exactly("1234567", currency="KWD"), "1,234.567 dinars"),
    *(
        (
            "Procurement.value",
            exactly("100", currency="USD", certainty="ESTIMATE", ceiling="120"),
            f"about 100 dollars {ending}",
        )
        for ending in ("for at most 120 tanks", "or at most 120 euros", "at most €120")
    ),
]


@pytest.mark.parametrize(("place", "value", "quote"), CARRIED)
def test_words_carry_what_they_say(place: str, value: Any, quote: str) -> None:
    assert looked_for(place, value, quote) is None


@pytest.mark.parametrize(("place", "value", "quote"), UNCARRIED)
def test_words_carry_nothing_else(place: str, value: Any, quote: str) -> None:
    assert looked_for(place, value, quote)


@pytest.mark.parametrize("code", [*UNITS, "{squadron}"])
def test_a_unit_is_read_by_its_name_and_by_its_sign(code: str) -> None:
    """And not in words that hold its letters alone, as `a tank` holds those of a year."""
    measured = {"unit": code, "least": "2.5", "most": "2.5"}
    name = UNITS.get(code, "squadron")
    names = [name, f"{name}s", *spellings(name), "feet" if name == "foot" else name]
    for spelling in (*names, unit_name(code)):
        assert (
            looked_for("Procurement.quantity", measured, f"about 2.5 {spelling} of it") is None
        ), spelling
    other = "a tank and the drums, meant to go, at 2.5"
    assert looked_for("Procurement.quantity", measured, other) == f"the unit {code}"


def part(role: str, actor: str, **more: str) -> dict[str, str]:
    return {"role": role, "actor": actor, **more}


@pytest.mark.parametrize(
    ("role", "actor", "quote", "is_carried"),
    [
        ("BUYER", "party/poland", "Poland ordered 48 howitzers from South Korea", True),
        ("SUPPLIER", "party/poland", "Poland ordered 48 howitzers from South Korea", False),
        ("SUPPLIER", "party/south-korea", "Poland ordered 48 howitzers from South Korea", True),
        ("BUYER", "party/south-korea", "Poland ordered 48 howitzers from South Korea", False),
        ("BUYER", "party/poland", "South Korea sold 48 howitzers to Poland", True),
        ("MANUFACTURER", "party/wb", "drones made by WB Group", True),
        ("SPEAKER", "official/duda", "President Duda said", True),
        ("SPEAKER", "official/duda", "They praised Duda", False),
        ("TARGET", "official/duda", "They praised Duda", True),
        ("HOST", "party/poland", "on a visit to Poland", True),
        ("VISITOR", "party/poland", "on a visit to Poland", False),
    ],
)
def test_a_role_is_said_of_the_one_who_has_it(
    role: str, actor: str, quote: str, is_carried: bool
) -> None:
    field = {"BUYER": "buyers"}.get(role, "")
    assert not field or field in nouns()["Procurement"].declared.relations
    assert (looked_for("Involvement", part(role, actor), quote) is None) == is_carried


def test_words_of_the_source_are_its_words() -> None:
    assert looked_for(
        "Involvement", part("BUYER", "party/poland", statedAs="they"), "Poland bought"
    )
    assert looked_for("Name", {"text": "Warsaw"}, "Poland")
    assert looked_for("Name", {"text": "Warsaw", "kind": "COMMON"}, "in Warsaw") is None


@pytest.mark.parametrize(
    ("edtf", "quotes", "is_carried"),
    [
        ("2024-10-24", ("on Thursday",), True),
        ("2024-10-24", ("on Wednesday",), False),
        ("2024-10-10", ("on Thursday",), False),
        ("2024-10-24", ("yesterday",), True),
        ("2024-10-23", ("on 23 October",), True),
        ("2023-10-23", ("on 23 October",), False),
        ("2023-12-23", ("on 23 December",), False),
        ("2024-09", ("last month",), True),
        ("2023", ("last year",), True),
        ("2022", ("last year",), False),
    ],
)
def test_what_anchors_a_date_is_in_the_words_or_the_source(
    edtf: str, quotes: tuple[str, ...], is_carried: bool
) -> None:
    place = "Event.happenedOn"
    assert (looked_for(place, date(edtf), *quotes, published=FRIDAY) is None) == is_carried
    anchored = (*quotes, "SEOUL, 25 October 2024")
    assert (looked_for(place, date(edtf), *anchored) is None) == is_carried


def test_what_lies_ahead_may_be_told_as_a_plan() -> None:
    told = ("Procurement.stage", "DELIVERED", "to be delivered by 2026")
    assert looked_for(*told)
    assert looked_for(*told, is_plan=True) is None


@pytest.mark.parametrize(
    ("place", "value", "quote", "language"),
    [
        ("Official.state", "party/poland", "폴란드 대통령은", "ko"),
        ("Official.state", "party/south-korea", "prezydent Korei Południowej", "pl"),
        ("Procurement.quantity", exactly(180), "zamówiła 180 czołgów", "pl"),
        ("Procurement.value", exactly("4500000000000", currency="KRW"), "4조 5000억 원", "ko"),
        ("Procurement.value", exactly("3500000000", currency="PLN"), "3,5 mld zł", "pl"),
        ("Procurement.orderedOn", date("2024-10-18"), "2024년 10월 18일", "ko"),
        ("Procurement.orderedOn", date("2024-10-18"), "18 października 2024", "pl"),
        ("Procurement.label", "czołgi K2", "czołgi K2", "pl"),
        ("Involvement", part("BUYER", "party/poland"), "Polska zamówiła 180 czołgów", "pl"),
    ],
)
def test_other_languages_are_read_as_far_as_there_are_tables(
    place: str, value: Any, quote: str, language: str
) -> None:
    assert looked_for(place, value, quote, language=language) is None


def test_of_other_languages_a_choice_needs_a_basis() -> None:
    assert looked_for("Procurement.stage", "SIGNED", "podpisała umowę", language="pl")
    assert looked_for("Procurement.quantity", exactly(500), "zamówiła 180 czołgów", language="pl")


@given(st.integers(0, 10**12), st.sampled_from(["", ",", " ", "\N{NO-BREAK SPACE}", "'", "."]))
def test_a_number_is_read_whatever_parts_its_thousands(number: int, sign: str) -> None:
    [found] = numbers(f"some {f'{number:,}'.replace(',', sign)} things")[:1]
    assert Decimal(number) in found.values


@given(
    st.dates(datetime.date(1900, 1, 1), datetime.date(2099, 12, 31)),
    st.dates(datetime.date(1900, 1, 1), datetime.date(2099, 12, 31)),
    st.sampled_from(["%-d %B %Y", "%B %-d, %Y", "%Y-%m-%d", "%-d %b. %Y"]),
)
def test_a_day_is_read_as_itself_and_no_other(
    day: datetime.date, other: datetime.date, form: str
) -> None:
    quote = day.strftime(form)
    assert looked_for("Event.happenedOn", date(day.isoformat()), quote) is None
    assert (looked_for("Event.happenedOn", date(other.isoformat()), quote) is None) == (
        day == other
    )


@pytest.mark.parametrize(
    "forms",
    ["sign signs signed signing", "agree agreed agreeing", "buy bought", "meet met meeting"],
)
def test_forms_of_a_word_have_one_stem(forms: str) -> None:
    assert len({stem(form) for form in forms.split()}) == 1

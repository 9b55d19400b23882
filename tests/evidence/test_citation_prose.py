"""Citations as prose: dates in words, names once, stops once, marks in pairs that alternate."""

from __future__ import annotations

import datetime
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.evidence.citation_styles import Cited, Reference, apa, bibtex, chicago, csl_item, mla
from schema.evidence.quotation_marks import nested
from schema.model.values import PartialDate
from tests.support.prose_dates import CODE, EDTF

STYLES = [chicago, apa, mla, bibtex]
LINK = "https://pactbook.test/agreement/x"
QUOTED = [chicago, mla]


def source(
    title: str,
    author: str | None = None,
    publisher: str | None = None,
    edtf: str | None = None,
    stated: str | None = None,
) -> Reference:
    return Reference(title, author, publisher, PartialDate(edtf=edtf, stated=stated))


def cited(title: str, *references: Reference) -> Cited:
    at = datetime.datetime(2026, 11, 24, tzinfo=datetime.UTC)
    return Cited("agreement/x", title, 1, at, LINK, references, len(references))


def texts(title: str, *references: Reference) -> list[str]:
    """The citation in every style, without its link."""
    record = cited(title, *references)
    citations = [style(record) for style in STYLES] + [str(csl_item(record).get("references", ""))]
    return [text.replace(LINK, "") for text in citations]


def test_a_question_needs_no_stop() -> None:
    record = cited("What now?", source("Who else?", publisher="The Gazette"))
    assert chicago(record) == (
        "“What now?” Pactbook, edition 1, November 24, 2026. "
        f"{LINK}. Based on “Who else?” The Gazette."
    )
    assert apa(record).startswith("What now? (2026, November 24). In Pactbook")
    assert apa(record).endswith("Based on Who else? The Gazette.")
    assert mla(record).startswith("“What now?” Pactbook, edition 1, 24 Nov. 2026,")
    assert all("?." not in text and "?," not in text for text in texts("What now?"))


def test_a_name_stands_once() -> None:
    one = source("A data set", "Brandon Kinne", "Brandon Kinne", "2024")
    for text in texts("A pact", one):
        assert text.count("Brandon Kinne") == 1
        assert "Brandon Kinne, 2024" in text


@pytest.mark.parametrize(
    ("title", "outer", "inner"),
    [
        ("„Zu spät“, sagt er", "“Zu spät”, sagt er", "‘Zu spät’, sagt er"),
        ("„Za późno”, mówi", "“Za późno”, mówi", "‘Za późno’, mówi"),
        ("« Trop tard »", "“ Trop tard ”", "‘ Trop tard ’"),
        ("»Zu spät«", "“Zu spät”", "‘Zu spät’"),
        ("”För sent”", "“För sent”", "‘För sent’"),
        ('He said "no ‘deal’"', "He said “no ‘deal’”", "He said ‘no “deal”’"),
        ("“as “told””", "“as ‘told’”", "‘as “told”’"),
        ("「協定」", "“協定”", "‘協定’"),
        ("The states’ ally’s 'pact'", "The states’ ally’s “pact”", "The states’ ally’s ‘pact’"),
        ("Don't", "Don't", "Don't"),
        ("A “pact", "A pact", "A pact"),
        ('A "b „c"', "A b “c”", "A b ‘c’"),
        ("A pact”", "A pact", "A pact"),
    ],
)
def test_the_marks_of_a_title_are_nested(title: str, outer: str, inner: str) -> None:
    assert nested(title) == outer
    assert nested(title, 1) == inner


@pytest.mark.parametrize(
    ("edtf", "words"),
    [
        ("2024-36", "the fourth quarter of 2024"),
        ("202X", "the 2020s"),
        ("2024-10/..", "from October 2024 on"),
        ("2024~", "about 2024"),
        ("2024?", "2024 (uncertain)"),
        ("2024-10", "October 2024"),
    ],
)
def test_when_a_source_was_published_is_told_in_words(edtf: str, words: str) -> None:
    for text in texts("A pact", source("A report", edtf=edtf)):
        assert f" {words}." in text.replace("}", "")
    stated = source("A report", stated="recently")
    assert all("recently" in text for text in texts("A pact", stated))


def test_days_are_written_as_the_style_has_them() -> None:
    record = cited("A pact", source("A report", edtf="2024-09-03/2024-10"))
    assert "from September 3, 2024 to October 2024." in chicago(record)
    assert "from 3 Sept. 2024 to October 2024." in mla(record)


WORDS = st.text("abc", min_size=1, max_size=4)
PIECES = st.one_of(
    WORDS, st.tuples(st.sampled_from(["„%s“", "“%s”", "«%s»", '"%s"', "‘%s’"]), WORDS).map("%".join)
)
MARKED = st.recursive(
    WORDS,
    lambda inner: st.tuples(
        WORDS, st.sampled_from([("„", "“"), ("“", "”"), ("«", "»"), ('"', '"'), ("‘", "’")]), inner
    ).map(lambda drawn: f"{drawn[0]} {drawn[1][0]}{drawn[2]}{drawn[1][1]}"),
    max_leaves=4,
)
TITLES = st.tuples(MARKED, st.sampled_from(["", ".", "?", "!", "…", ",", " “", "”"])).map("".join)
NAMES = st.none() | st.tuples(WORDS, st.sampled_from(["", ".", ",", " "])).map("".join)
SOURCES = st.builds(source, TITLES, NAMES, NAMES, st.none() | EDTF)


CODES = re.compile(CODE.pattern.replace("?", ""))
"""What shows the code of a date, where titles may ask."""


def unbalanced(text: str) -> bool:
    """Whether marks stand without their pairs, or do not alternate."""
    ends: list[str] = []
    for letter in text:
        if letter in "“‘":
            if ends and {"“": "”", "‘": "’"}[letter] == ends[-1]:
                return True
            ends.append({"“": "”", "‘": "’"}[letter])
        elif letter in "”’" and (not ends or ends.pop() != letter):
            return True
    return bool(ends)


@given(title=TITLES, sources=st.lists(SOURCES, max_size=3))
def test_every_citation_reads_as_prose(title: str, sources: list[Reference]) -> None:
    for text in texts(title, *sources):
        assert not unbalanced(text), text
        shortened = re.sub(r"\.([,;])", r"\1", text)  # an abbreviation keeps its stop
        assert not re.search(r"[?!…][.,]|[.,;:]{2}|[,;:][.”’]?$", shortened), text
        assert "„" not in text
        prose = text[text.index("Based on") :] if "Based on" in text else ""
        assert not CODES.search(prose.replace("}", "")), prose
    for each in sources:
        assert each.text(lambda day: "a day", quoted=True)

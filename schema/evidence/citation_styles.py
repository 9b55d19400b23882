"""Citation styles: what is cited of a record, and how each style writes it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from schema.model.values import DatePrecision, PartialDate

TRACKER = "Pactbook"
NAMED_SOURCES = 3
"""How many sources a citation names; of more it says how many there are."""

DayFormat = Callable[[datetime.date], str]
"""How a style writes a day."""


@dataclass(frozen=True)
class Reference:
    """A source as far as a citation names it."""

    title: str
    author: str | None
    publisher: str | None
    published_on: PartialDate

    def text(self, day: DayFormat, *, quoted: bool) -> str:
        """The source in one line."""
        parts = (self.publisher, self.author, self.date(day))
        details = ", ".join(_line(part) for part in parts if part)
        comma = "," if details else ""
        title = f"“{_quoted(self.title)}{comma}”" if quoted else f"{_line(self.title)}{comma}"
        return f"{title} {details}".strip()

    def date(self, day: DayFormat) -> str | None:
        """When it was published, as finely as that is known."""
        date = self.published_on
        match date.precision, date.earliest:
            case DatePrecision.DAY, datetime.date() as first:
                return day(first)
            case DatePrecision.MONTH, datetime.date() as first:
                return _day_format("MMMM y")(first)
            case DatePrecision.YEAR, datetime.date() as first:
                return str(first.year)
        return date.edtf or date.stated


@dataclass(frozen=True)
class Cited:
    """Everything that a citation of one record says."""

    id: str
    title: str
    edition: int
    published_at: datetime.datetime
    permalink: str
    references: tuple[Reference, ...]
    source_count: int
    """How many sources there are in all."""

    @property
    def day(self) -> datetime.date:
        """The day on which the edition was published, in UTC."""
        return self.published_at.date()

    def based_on(self, day: DayFormat, *, quoted: bool = False) -> str:
        """The sources in one line; empty where there are none."""
        texts = [reference.text(day, quoted=quoted) for reference in self.references]
        if self.source_count > len(texts):
            texts.append(f"and {self.source_count - len(texts)} more")
        return _sentence(f"Based on {'; '.join(texts)}") if texts else ""


def _line(text: str) -> str:
    """A text without line breaks and repeated spaces."""
    return " ".join(text.split())


def _day_format(pattern: str) -> DayFormat:
    from babel.dates import format_date  # noqa: PLC0415  # idle where nobody cites

    return lambda day: format_date(day, pattern, locale="en_US")


MONTHS = (
    *("Jan.", "Feb.", "Mar.", "Apr.", "May", "June"),
    *("July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec."),
)


def american(day: datetime.date) -> str:
    """Such as November 24, 2026."""
    return _day_format("MMMM d, y")(day)


def abbreviated(day: datetime.date) -> str:
    """Such as 24 Nov. 2026; short months are never cut."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _quoted(title: str) -> str:
    """A title that stands in quotation marks, and those inside it."""
    return _line(title).replace("“", "‘").replace("”", "’").replace('"', "'")


def _sentence(text: str) -> str:
    """A text that ends as a sentence does, within its quotation marks."""
    inner = text.removesuffix("”")
    stop = "" if inner.endswith((".", "?", "!", "…")) else "."
    return f"{inner}{stop}{text[len(inner) :]}"


def chicago(cited: Cited) -> str:
    """The Chicago Manual of Style, as in a bibliography."""
    title = _sentence(f"“{_quoted(cited.title)}”")
    head = f"{title} {TRACKER}, edition {cited.edition}, {american(cited.day)}."
    return f"{head} {cited.permalink}. {cited.based_on(american, quoted=True)}".strip()


def apa(cited: Cited) -> str:
    """The style of the American Psychological Association."""
    head = f"{_line(cited.title).rstrip('.')}. ({_day_format('y, MMMM d')(cited.day)})."
    tail = f"In {TRACKER} (Edition {cited.edition}). {cited.permalink}"
    return f"{head} {tail} {cited.based_on(american)}".strip()


def mla(cited: Cited) -> str:
    """The style of the Modern Language Association."""
    title = _sentence(f"“{_quoted(cited.title)}”")
    head = f"{title} {TRACKER}, edition {cited.edition}, {abbreviated(cited.day)},"
    return f"{head} {cited.permalink}. {cited.based_on(abbreviated, quoted=True)}".strip()


ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{letter: f"\\{letter}" for letter in "$&#%_"},
}
"""BibTeX counts braces even behind a backslash, so those of a text leave by name."""


def escaped(text: str) -> str:
    """A text that stands for itself in a BibTeX field, on one line."""
    return "".join(ESCAPES.get(letter, letter) for letter in _line(text))


def bibtex(cited: Cited) -> str:
    """An entry of a BibTeX file; double braces keep the title's capital letters."""
    based_on = escaped(cited.based_on(datetime.date.isoformat))
    fields = {
        "title": f"{{{{{escaped(cited.title)}}}}}",
        "howpublished": f"{{{TRACKER}, edition {cited.edition}}}",
        "year": f"{{{cited.day.year}}}",
        "month": MONTHS[cited.day.month - 1][:3].lower(),
        "day": f"{{{cited.day.day}}}",
        "url": f"{{{cited.permalink}}}",
        "note": f"{{{based_on}}}" if based_on else "",
    }
    key = re.sub(r"[^A-Za-z0-9:/._-]", "-", f"pactbook:{cited.id}:{cited.edition}")
    lines = [f"  {name} = {value}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{key},", *lines, "}"])


def csl_item(cited: Cited) -> dict[str, Any]:
    """The item of csl-data.json that reference managers and citation processors read."""
    item: dict[str, Any] = {
        "id": f"{cited.id}@{cited.edition}",
        "type": "entry",
        "title": _line(cited.title),
        "container-title": TRACKER,
        "publisher": TRACKER,
        "version": str(cited.edition),
        "issued": {"date-parts": [[cited.day.year, cited.day.month, cited.day.day]]},
        "URL": cited.permalink,
    }
    based_on = cited.based_on(american)
    return item | ({"references": based_on} if based_on else {})

"""Citation styles: what is cited of a record, and how each style writes it."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import Any

from schema.evidence.quotation_marks import nested
from schema.model import date_words
from schema.model.date_words import DayFormat, american, date_in_words
from schema.model.values import PartialDate

TRACKER = "Pactbook"
NAMED_SOURCES = 3
"""How many sources a citation names; of more it says how many there are."""


@dataclass(frozen=True)
class Reference:
    """A source as far as a citation names it."""

    title: str
    author: str | None
    publisher: str | None
    published_on: PartialDate

    def text(self, day: DayFormat, *, quoted: bool) -> str:
        """The source in one line."""
        details = ", ".join(_once(self.publisher, self.author, self.date(day)))
        line = _line(self.title).rstrip(",;: ")
        title = f"“{nested(line, 1)}”" if quoted else nested(line)
        return f"{_ended(title, ',')} {details}" if details else title

    def date(self, day: DayFormat) -> str | None:
        """When it was published, in words, as finely and as surely as that is known."""
        date = self.published_on
        return (date_in_words(date.edtf, day) if date.edtf else None) or date.stated


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
        return _ended(f"Based on {'; '.join(texts)}", ".") if texts else ""


def _line(text: str) -> str:
    """A text without line breaks and repeated spaces."""
    return " ".join(text.split())


def _once(*parts: str | None) -> list[str]:
    """What there is of some texts, each once: who writes a blog publishes it as well."""
    lines = [nested(_line(part or "")).rstrip(",;: ") for part in parts]
    return [*{line.casefold(): line for line in reversed(lines) if line}.values()][::-1]


MONTHS = (
    *("Jan.", "Feb.", "Mar.", "Apr.", "May", "June"),
    *("July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec."),
)


def abbreviated(day: datetime.date) -> str:
    """Such as 24 Nov. 2026; short months are never cut."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


_OPENING = {"”": "“", "’": "‘"}


def _ended(text: str, mark: str) -> str:
    """A text with a full stop or a comma behind its last word, within its quotation marks.

    A question mark is enough of an end for both.
    """
    inner = text
    while inner.endswith(("”", "’")) and text.count(inner[-1]) == text.count(_OPENING[inner[-1]]):
        inner = inner[:-1]
    marks = text[len(inner) :]
    if inner.endswith(("?", "!", "…", "...")):
        return text
    return f"{inner.rstrip('.,;: ')}{mark}{marks}"


def chicago(cited: Cited) -> str:
    """The Chicago Manual of Style, as in a bibliography."""
    title = _ended(f"“{nested(_line(cited.title), 1)}”", ".")
    head = f"{title} {TRACKER}, edition {cited.edition}, {american(cited.day)}."
    return f"{head} {cited.permalink}. {cited.based_on(american, quoted=True)}".strip()


def apa(cited: Cited) -> str:
    """The style of the American Psychological Association."""
    title = _ended(nested(_line(cited.title)), ".")
    head = f"{title} ({cited.day.year}, {date_words.MONTHS[cited.day.month - 1]} {cited.day.day})."
    tail = f"In {TRACKER} (Edition {cited.edition}). {cited.permalink}"
    return f"{head} {tail} {cited.based_on(american)}".strip()


def mla(cited: Cited) -> str:
    """The style of the Modern Language Association."""
    title = _ended(f"“{nested(_line(cited.title), 1)}”", ".")
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
    based_on = escaped(cited.based_on(american))
    fields = {
        "title": f"{{{{{escaped(nested(_line(cited.title)))}}}}}",
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
        "title": nested(_line(cited.title)),
        "container-title": TRACKER,
        "publisher": TRACKER,
        "version": str(cited.edition),
        "issued": {"date-parts": [[cited.day.year, cited.day.month, cited.day.day]]},
        "URL": cited.permalink,
    }
    based_on = cited.based_on(american)
    return item | ({"references": based_on} if based_on else {})

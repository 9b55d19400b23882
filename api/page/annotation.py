"""Marks: a text with every passage marked, nested where they nest, cut where they cross."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape


@dataclass(frozen=True, order=True)
class Span:
    """A stretch of the text that claims rest on; `head` is its first piece."""

    start: int
    end: int
    of: str
    head: bool = True

    def until(self, end: int) -> Span:
        """The piece of it up to here."""
        return Span(self.start, min(self.end, end), self.of, self.head)

    def beyond(self, start: int) -> Span:
        """The piece of it from here on."""
        return Span(max(self.start, start), self.end, self.of, self.head and start <= self.start)


@dataclass(frozen=True)
class Paragraph:
    """One line of a text."""

    markup: Markup
    is_heading: bool


def name(passage: Mapping[str, Any]) -> str:
    """The fragment that a passage has on the page of its source."""
    return f"c{passage['start']}-{passage['end']}"


def paragraphs(
    text: str, passages: Sequence[Mapping[str, Any]], start: int = 0, end: int | None = None
) -> list[Paragraph]:
    """The lines of a stretch of a text, its passages marked; a line may hold but a part of one."""
    end = len(text) if end is None else min(end, len(text))
    spans = sorted(
        {Span(each["start"], each["end"], name(each)) for each in passages},
        key=lambda span: (span.start, -span.end),
    )
    headings = [(each["start"], each["end"]) for each in passages if each.get("isInHeading")]
    made: list[Paragraph] = []
    seen: set[str] = set()
    for line in re.finditer(r"[^\n]+", text[start:end]):
        first, last = start + line.start(), start + line.end()
        inside = [s.beyond(first).until(last) for s in spans if s.start < last and s.end > first]
        # A passage that began in another part of the text can be found here all the same.
        inside = [Span(s.start, s.end, s.of, s.of not in seen) for s in inside]
        seen |= {span.of for span in inside}
        in_heading = any(first <= a and b <= last for a, b in headings)
        made.append(Paragraph(_marked(text, first, last, inside), in_heading))
    return made


def style(paragraphs: Iterable[Paragraph]) -> str:
    """Rules by which all pieces of a passage that was cut stand out together."""
    cut = dict.fromkeys(
        name for each in paragraphs for name in re.findall('data-of="([^"]+)"', each.markup)
    )
    return "".join(
        f".document:has(#{name}:target) [data-of={name}] {{ background: var(--target); }}\n"
        for name in cut
    )


def _marked(text: str, start: int, end: int, spans: Iterable[Span]) -> Markup:
    """One line with its marks; `spans` lie in it, and come in order."""
    waiting = list(spans)
    open_ends: list[int] = []
    made: list[str] = []
    at = start
    while waiting or open_ends:
        coming = waiting[0].start if waiting else end
        if open_ends and open_ends[-1] <= coming:
            made += [escape(text[at : open_ends[-1]]), "</mark>"]
            at = open_ends.pop()
            continue
        span = waiting.pop(0)
        made.append(escape(text[at : span.start]))
        at = span.start
        if open_ends and span.end > open_ends[-1]:
            rest = span.beyond(open_ends[-1])
            span = span.until(open_ends[-1])
            waiting.append(Span(rest.start, rest.end, rest.of, False))
            waiting.sort(key=lambda each: (each.start, -each.end))
        made.append(_opening(span))
        open_ends.append(span.end)
    return Markup("").join([*map(Markup, made), escape(text[at:end])])


def _opening(span: Span) -> str:
    """The mark of a span; what is cut off it says whose it is, and has no id."""
    return f'<mark id="{span.of}">' if span.head else f'<mark data-of="{span.of}">'

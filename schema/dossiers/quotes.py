"""Quotes: where words stand in a text, and what to tell an editor when they do not."""

from __future__ import annotations

from schema.dossiers.evidence import Quote

SHOWN = 60
"""How much of a quote a message shows."""

_CURLY = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"'})


def places(quote: Quote, text: str) -> list[int]:
    """Where the words of a quote begin, overlaps included; its prefix and suffix must fit."""
    whole = quote.prefix + quote.exact + quote.suffix
    starts, start = [], text.find(whole)
    while start >= 0:
        starts.append(start + len(quote.prefix))
        start = text.find(whole, start + 1)
    return starts


def missing(quote: Quote, text: str) -> tuple[str, str]:
    """What is wrong with a quote that stands nowhere, and what would be right."""
    folded = text.translate(_CURLY).casefold().find(quote.exact.translate(_CURLY).casefold())
    like = text[folded : folded + len(quote.exact)] if folded >= 0 else ""
    if quote.exact in text:
        right = "Its prefix or suffix does not fit."
    else:
        right = f"The text has '{like}'." if like else "Copy the words from the text."
    return f"the text does not hold '{_shown(quote)}'.", right


def ambiguous(quote: Quote, text: str) -> tuple[str, str]:
    """What is wrong with a quote that stands in several places, and what would be right."""
    starts = places(quote, text)
    around = (
        f"{start}: …{text[max(0, start - 16) : start + len(quote.exact) + 16]}…"
        for start in starts[:5]
    )
    where = "; ".join(around).replace("\n", " ")
    wrong = f"'{_shown(quote)}' stands {len(starts)} times in the text ({where})."
    return wrong, "Single it out by a prefix or suffix."


def _shown(quote: Quote) -> str:
    return quote.exact if len(quote.exact) <= SHOWN else quote.exact[: SHOWN - 1] + "…"

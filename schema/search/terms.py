"""Terms: what the words of a search stand for, and where they stand in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from schema.errors import SearchError
from schema.indexing.documents import PHRASE_CEILING
from schema.indexing.fulltext import TokenPattern
from schema.indexing.tokenizer import TOKEN_CEILING, Word, tokenize, units

TEXT_CEILING = 200
"""How many characters a search may have."""
TERMS_CEILING = 12
"""How many words and phrases a search may have."""
EXCERPT = 200
"""How many characters an excerpt has at most, where one highlight is not longer."""
LEAD = 60
"""How many characters of an excerpt stand before the first highlight."""

_QUOTE = '"“”„‟«»＂'
_PIECE = re.compile(f"[{_QUOTE}]([^{_QUOTE}]*)(?:[{_QUOTE}]|$)|([^{_QUOTE}]+)")


@dataclass(frozen=True)
class Term:
    """A word or a phrase of a search: what finds it, and what finds it as whole words."""

    word: str
    begun: tuple[TokenPattern, ...]
    whole: tuple[TokenPattern, ...]
    alone: str | None = None
    """The token of a plain word, which may also be half of a joined one."""


def parse_terms(text: str) -> list[Term]:
    """What a search asks for; SearchError for one without words, or with too many."""
    if len(text) > TEXT_CEILING:
        raise SearchError(f"The search has {len(text)} characters. Give at most {TEXT_CEILING}.")
    found: list[Term] = []
    for piece in _PIECE.finditer(text):
        quoted, plain = piece.groups()
        found += _plain(plain) if plain is not None else _phrase(quoted)
    if not found:
        raise SearchError(f"'{text}' has no word to search for. Give a letter or a digit at least.")
    if len(found) > TERMS_CEILING:
        raise SearchError(
            f"The search has {len(found)} words and phrases. Give at most {TERMS_CEILING}."
        )
    for term in found:
        if any(len(atom.tokens) > PHRASE_CEILING for atom in term.whole):
            raise SearchError(
                f"'{term.word[:60]}' is too long for a phrase. Give at most {PHRASE_CEILING} words."
            )
    return list({(term.begun[0], term.whole[0]): term for term in found[::-1]}.values())[::-1]


def _phrase(text: str) -> list[Term]:
    """A quoted phrase: its words, whole and in this order."""
    spans = list(units(text))
    if not spans:
        return []
    begun, whole = _sequence(text, spans)
    is_run = spans[-1][0][0] != "w"
    return [Term(text.strip(), begun if is_run else whole, whole)]


def _plain(text: str) -> list[Term]:
    """The words outside quotation marks; neighbours may also stand joined."""
    found: list[Term] = []
    for spans in _chains(text):
        start, end = spans[0][1], spans[-1][2]
        word = text[start:end]
        begun, whole = _sequence(text, spans)
        for joined in tokenize(word)[1] if len(spans) == 1 else ():
            begun += (TokenPattern((joined.token,), goes_on=True),)
            whole += (TokenPattern((joined.token,)),)
        is_plain = len(spans) == 1 and set(spans[0][0]) <= set("wmz")
        found.append(Term(word, begun, whole, whole[0].tokens[0] if is_plain else None))
    made = list(found)
    for index, (left, right) in enumerate(pairwise(found)):
        if left.alone is not None and right.alone is not None:
            token = (left.alone + right.alone)[:TOKEN_CEILING]
            for place in (index, index + 1):
                made[place] = replace(
                    made[place],
                    begun=(*made[place].begun, TokenPattern((token,), goes_on=True)),
                    whole=(*made[place].whole, TokenPattern((token,))),
                )
    return made


Span = tuple[str, int, int]


def _chains(text: str) -> Iterator[list[Span]]:
    """What stands together without a space, such as letters and Hangul."""
    chain: list[Span] = []
    for span in units(text):
        if chain and chain[-1][2] != span[1]:
            yield chain
            chain = []
        chain.append(span)
    if chain:
        yield chain


def _sequence(
    text: str, spans: list[Span]
) -> tuple[tuple[TokenPattern, ...], tuple[TokenPattern, ...]]:
    """The words of a sequence, first so that the last may go on, then as they are."""
    tokens = tuple(word.token for word in tokenize(text[spans[0][1] : spans[-1][2]])[0])
    is_run = spans[-1][0][0] != "w"
    last = tokenize(text[spans[-1][1] : spans[-1][2]])[0]
    # Of a run, the pair before the last character says already what the last one does.
    is_said = is_run and len(last) > 1
    begun = TokenPattern(tokens[:-1]) if is_said else TokenPattern(tokens, goes_on=True)
    return (begun,), (TokenPattern(tokens),)


def highlight(terms: Sequence[Term], text: str) -> list[tuple[int, int]]:
    """Where any of the terms stands in a text, in order; what overlaps is one."""
    plain, joined = tokenize(text)
    spans = sorted(
        span
        for term in terms
        for atom in (*term.begun, *term.whole)
        for span in _occurrences(atom, plain, joined)
    )
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _occurrences(
    atom: TokenPattern, plain: list[Word], joined: list[Word]
) -> Iterator[tuple[int, int]]:
    """Where the words of an atom follow one another in a text."""
    *before, last = atom.tokens
    width = len(before)
    for index in range(width, len(plain)):
        here = plain[index]
        if not _meets(here.token, last, atom.goes_on):
            continue
        if [word.token for word in plain[index - width : index]] != before:
            continue
        after = plain[index + 1].start if index + 1 < len(plain) else here.end
        # Of a pair of characters that only begins so, just the first was asked for.
        end = min(after, here.end) if here.token != last else here.end
        yield plain[index - width].start, end
    if not before:
        met = {word.start for word in plain if _meets(word.token, last, atom.goes_on)}
        for word in joined:
            # Where its first part is what was asked for, that part alone is shown.
            if word.start not in met and _meets(word.token, last, atom.goes_on):
                yield word.start, word.end


def _meets(token: str, wanted: str, goes_on: bool) -> bool:
    return token.startswith(wanted) if goes_on else token == wanted


def excerpt(text: str, spans: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """From where to where a text is shown around the first of its highlights."""
    if len(text) <= EXCERPT or not spans:
        return 0, min(len(text), EXCERPT)
    first, last = spans[0]
    plain = tokenize(text)[0]
    begins = [word.start for word in plain if max(0, first - LEAD) <= word.start <= first]
    start = 0 if first <= LEAD else min([*begins, first])
    limit = max(start + EXCERPT, last)
    if len(text) <= limit:
        return start, len(text)
    return start, max([last, *(word.end for word in plain if word.end <= limit)])

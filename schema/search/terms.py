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
    prefixes: tuple[TokenPattern, ...]
    """The patterns of which the last token may go on."""
    exact: tuple[TokenPattern, ...]
    """The same, as whole words."""
    token: str | None = None
    """The token of a plain word, which may also be half of a joined one."""

    def with_joined(self, token: str) -> Term:
        """The same, found by the token of a joined word as well."""
        prefix, exact = TokenPattern((token,), goes_on=True), TokenPattern((token,))
        return replace(self, prefixes=(*self.prefixes, prefix), exact=(*self.exact, exact))


def parse_terms(text: str) -> list[Term]:
    """What a search asks for; SearchError for one without words, or with too many."""
    if len(text) > TEXT_CEILING:
        raise SearchError(f"The search has {len(text)} characters. Give at most {TEXT_CEILING}.")
    terms: list[Term] = []
    for piece in _PIECE.finditer(text):
        phrase, words = piece.groups()
        terms += _word_terms(words) if words is not None else _phrase_terms(phrase)
    if not terms:
        raise SearchError(f"'{text}' has no word to search for. Give a letter or a digit at least.")
    if len(terms) > TERMS_CEILING:
        raise SearchError(
            f"The search has {len(terms)} words and phrases. Give at most {TERMS_CEILING}."
        )
    for term in terms:
        if any(len(pattern.tokens) > PHRASE_CEILING for pattern in term.exact):
            raise SearchError(
                f"'{term.word[:60]}' is too long for a phrase. Give at most {PHRASE_CEILING} words."
            )
    return list({(term.prefixes[0], term.exact[0]): term for term in terms[::-1]}.values())[::-1]


def _phrase_terms(text: str) -> list[Term]:
    """A quoted phrase: its words, whole and in this order."""
    spans = list(units(text))
    if not spans:
        return []
    prefix, exact = _patterns(text, spans)
    return [Term(text.strip(), (prefix if _is_run(spans[-1]) else exact,), (exact,))]


def _word_terms(text: str) -> list[Term]:
    """The words outside quotation marks; neighbours may also stand joined."""
    terms: list[Term] = []
    for spans in _unspaced(text):
        word = text[spans[0][1] : spans[-1][2]]
        prefix, exact = _patterns(text, spans)
        is_plain = len(spans) == 1 and set(spans[0][0]) <= set("wmz")
        term = Term(word, (prefix,), (exact,), exact.tokens[0] if is_plain else None)
        for joined in tokenize(word)[1] if len(spans) == 1 else ():
            term = term.with_joined(joined.token)
        terms.append(term)
    for index, (left, right) in enumerate(pairwise([term.token for term in terms])):
        if left is not None and right is not None:
            for place in (index, index + 1):
                terms[place] = terms[place].with_joined((left + right)[:TOKEN_CEILING])
    return terms


Span = tuple[str, int, int]
"""The kind of a unit of text, and from where to where it stands."""


def _unspaced(text: str) -> Iterator[list[Span]]:
    """What stands together without a space, such as letters and Hangul."""
    spans: list[Span] = []
    for span in units(text):
        if spans and spans[-1][2] != span[1]:
            yield spans
            spans = []
        spans.append(span)
    if spans:
        yield spans


def _is_run(span: Span) -> bool:
    """Whether it is of a script without spaces, whose tokens are pairs of characters."""
    return span[0][0] != "w"


def _patterns(text: str, spans: list[Span]) -> tuple[TokenPattern, TokenPattern]:
    """The words of a sequence, first so that the last may go on, then as they are."""
    tokens = tuple(word.token for word in tokenize(text[spans[0][1] : spans[-1][2]])[0])
    last = tokenize(text[spans[-1][1] : spans[-1][2]])[0]
    # Of a run, the pair before the last character says already what the last one does.
    is_redundant = _is_run(spans[-1]) and len(last) > 1
    prefix = TokenPattern(tokens[:-1]) if is_redundant else TokenPattern(tokens, goes_on=True)
    return prefix, TokenPattern(tokens)


def highlight(terms: Sequence[Term], text: str) -> list[tuple[int, int]]:
    """Where any of the terms stands in a text, in order; what overlaps is one."""
    plain, joined = tokenize(text)
    spans = sorted(
        span
        for term in terms
        for pattern in (*term.prefixes, *term.exact)
        for span in _occurrences(pattern, plain, joined)
    )
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _occurrences(
    pattern: TokenPattern, plain: list[Word], joined: list[Word]
) -> Iterator[tuple[int, int]]:
    """Where the words of a pattern follow one another in a text."""
    *before, last = pattern.tokens
    width = len(before)
    for index in range(width, len(plain)):
        here = plain[index]
        if not _is_match(here.token, last, pattern.goes_on):
            continue
        if [word.token for word in plain[index - width : index]] != before:
            continue
        after = plain[index + 1].start if index + 1 < len(plain) else here.end
        # Of a pair of characters that only begins so, just the first was asked for.
        end = min(after, here.end) if here.token != last else here.end
        yield plain[index - width].start, end
    if not before:
        starts = {word.start for word in plain if _is_match(word.token, last, pattern.goes_on)}
        for word in joined:
            # Where its first part is what was asked for, that part alone is shown.
            if word.start not in starts and _is_match(word.token, last, pattern.goes_on):
                yield word.start, word.end


def _is_match(token: str, pattern: str, goes_on: bool) -> bool:
    return token.startswith(pattern) if goes_on else token == pattern


def excerpt(text: str, spans: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """From where to where a text is shown around the first of its highlights."""
    if len(text) <= EXCERPT or not spans:
        return 0, min(len(text), EXCERPT)
    first, last = spans[0]
    plain = tokenize(text)[0]
    starts = [word.start for word in plain if max(0, first - LEAD) <= word.start <= first]
    start = 0 if first <= LEAD else min([*starts, first])
    limit = max(start + EXCERPT, last)
    if len(text) <= limit:
        return start, len(text)
    return start, max([last, *(word.end for word in plain if word.end <= limit)])

"""Terms: what the words of a search stand for, and where they stand in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from schema.errors import SearchError
from schema.indexing.documents import PHRASE_CEILING, chunks
from schema.indexing.fulltext import TokenPattern
from schema.indexing.tokenizer import TOKEN_CEILING, Word, bare, kept, tokenize, units
from schema.model.spelling import begun
from schema.model.text import heard

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
    bare: str | None = None
    """The letters of a plain word, which may also be half of a joined one."""
    entire_name: str = ""
    """What the index keeps of a name or title that is the whole search."""
    entire_code: str = ""
    """The same, of any other text."""

    def with_joined(self, word: str) -> Term:
        """The same, found by the letters of a joined word as well."""
        prefixes, exact = _begun((), word), TokenPattern((kept(word),))
        return replace(self, prefixes=(*self.prefixes, *prefixes), exact=(*self.exact, exact))


def parse_terms(text: str) -> list[Term]:
    """What a search asks for; SearchError for one without words, or with too many."""
    if len(text) > TEXT_CEILING:
        raise SearchError(f"The search has {len(text)} characters. Give at most {TEXT_CEILING}.")
    terms: list[Term] = []
    for piece in _PIECE.finditer(heard(text)):
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
    each = {(term.prefixes[0], term.exact[0]): term for term in terms[::-1]}
    if len(each) < len(terms):
        text = " ".join(term.word for term in reversed(each.values()))
    [(_, _, _, name)], [(_, _, _, code)] = chunks(text, named=True), chunks(text, named=False)
    return [replace(term, entire_name=name, entire_code=code) for term in reversed(each.values())]


def _phrase_terms(text: str) -> list[Term]:
    """A quoted phrase: its words, whole and in this order."""
    spans = list(units(text))
    if not spans:
        return []
    prefixes, exact = _patterns(text, spans)
    return [Term(text.strip(), prefixes if _is_run(spans[-1]) else (exact,), (exact,))]


def _word_terms(text: str) -> list[Term]:
    """The words outside quotation marks; neighbours may also stand joined."""
    terms: list[Term] = []
    for spans in _unspaced(text):
        word = text[spans[0][1] : spans[-1][2]]
        prefixes, exact = _patterns(text, spans)
        is_plain = len(spans) == 1 and set(spans[0][0]) <= set("wmz")
        term = Term(word, prefixes, (exact,), bare(word) if is_plain else None)
        if len(spans) == 1 and "j" in spans[0][0]:
            parts = (word[part.start : part.end] for part in tokenize(word)[0])
            term = term.with_joined("".join(map(bare, parts)))
        terms.append(term)
    for index, (left, right) in enumerate(pairwise([term.bare for term in terms])):
        if left is not None and right is not None:
            for place in (index, index + 1):
                terms[place] = terms[place].with_joined(left + right)
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


def _patterns(text: str, spans: list[Span]) -> tuple[tuple[TokenPattern, ...], TokenPattern]:
    """The words of a sequence, first so that the last may go on, then as they are."""
    words = tokenize(text[spans[0][1] : spans[-1][2]])[0]
    *before, last = (word.token for word in words)
    exact = TokenPattern((*before, last))
    if not _is_run(spans[-1]):
        start = spans[0][1]
        word = text[start + words[-1].start : start + words[-1].end]
        return _begun(tuple(before), bare(word)), exact
    # Of a run, the pair before the last character says already what the last one does.
    is_redundant = len(tokenize(text[spans[-1][1] : spans[-1][2]])[0]) > 1
    prefix = TokenPattern(tuple(before)) if is_redundant else exact._replace(goes_on=True)
    return (prefix,), exact


def _begun(before: tuple[str, ...], last: str) -> tuple[TokenPattern, ...]:
    """Words of which the last may go on, in every spelling that it may be the beginning of."""
    forms = dict.fromkeys(form[:TOKEN_CEILING] for form in begun(last[: 2 * TOKEN_CEILING]))
    return tuple(TokenPattern((*before, form), goes_on=True) for form in forms)


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

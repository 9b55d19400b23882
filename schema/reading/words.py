"""Words: what a source says, folded, in word stems, so that forms of one word are alike."""

from __future__ import annotations

import re
import unicodedata
from functools import cached_property, lru_cache

from schema.model.text import fold

_IRREGULAR = {
    form: word
    for word, forms in (
        ("begin", "began begun"),
        ("bring", "brought"),
        ("build", "built"),
        ("buy", "bought"),
        ("deal", "dealt"),
        ("fight", "fought"),
        ("find", "found"),
        ("foot", "feet"),
        ("freeze", "froze frozen"),
        ("give", "gave given"),
        ("go", "went gone"),
        ("hold", "held"),
        ("lead", "led"),
        ("leave", "left"),
        ("make", "made"),
        ("man", "men"),
        ("meet", "met"),
        ("pay", "paid"),
        ("say", "said"),
        ("seek", "sought"),
        ("sell", "sold"),
        ("send", "sent"),
        ("speak", "spoke spoken"),
        ("take", "took taken"),
        ("tell", "told"),
        ("undertake", "undertook undertaken"),
        ("withdraw", "withdrew withdrawn"),
        ("write", "wrote written"),
    )
    for form in forms.split()
}
_STOPWORDS = """
    a an and are as at be been being but by for from had has have he her his in into is it its
    more no not of off on or our out over s she so some such t than that the their them then there
    these they this those to under up us was we were what when where which who whom whose will
    with would you your
"""
STOPWORDS = frozenset(_STOPWORDS.split())
"""Words that say nothing of what a text is about."""
NEGATIONS = frozenset(
    {"not", "never", "no", "nothing", "nobody", "neither", "nor", "non", "without"}
)
_TURNED = 3
"""So many words before a verb can turn it into its opposite, as in `has not yet been signed`."""


@lru_cache(50_000)
def stem(word: str) -> str:
    """A folded word without its ending, as `signed`, `signs` and `signing` are all `sign`."""
    word = _IRREGULAR.get(word, word)
    if len(word) > 4 and word.endswith("ies"):
        word = word[:-3] + "y"
    elif len(word) > 3 and word[-1] == "s" and word[-2] not in "sui":
        word = word[:-1]
    bare = re.sub("(?<=...)(?:ing|ed)$", "", word)
    if bare != word and len(bare) > 3 and bare[-1] == bare[-2] and bare[-1] not in "els":
        bare = bare[:-1]
    # `agreed` ends in the `e` of its own, which `agree` loses.
    word = bare[:-1] if len(bare) > 3 and bare[-1] == "e" and not word.endswith("ed") else bare
    return word[:-1] + "i" if len(word) > 3 and word[-1] == "y" else word


class Words:
    """The words of one or several passages, as they are compared."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def plain(self) -> str:
        """The text in compatible characters, with its signs."""
        return unicodedata.normalize("NFKC", self.text)

    @cached_property
    def folded(self) -> str:
        """The text folded, a space before and after it."""
        return f" {fold(self.text)} "

    @cached_property
    def tokens(self) -> list[str]:
        """Its folded words."""
        return self.folded.split()

    @cached_property
    def stems(self) -> list[str]:
        """Their stems."""
        return [stem(token) for token in self.tokens]

    @cached_property
    def content(self) -> frozenset[str]:
        """The stems of the words that say what it is about."""
        return frozenset(stem(token) for token in self.tokens if token not in STOPWORDS)

    @cached_property
    def is_foreign(self) -> bool:
        """Whether most of its letters are not Latin, so that no English word is to be expected."""
        letters = [letter for letter in self.text if letter.isalpha()]
        latin = sum(letter.isascii() or "À" <= letter <= "ɏ" for letter in letters)
        return 2 * latin < len(letters)

    def contains(self, text: str) -> bool:
        """Whether a text stands in it, spaces, case and punctuation aside; `…` skips words."""
        pieces = [fold(piece) for piece in re.split(r"…|\.\.\.|;", text)]
        return any(pieces) and all(f" {piece} " in self.folded for piece in pieces if piece)

    def at(self, phrase: tuple[str, ...]) -> list[int]:
        """Where a phrase of stems begins."""
        stems, first, length = self.stems, phrase[0], len(phrase)
        return [
            index
            for index, each in enumerate(stems)
            if each == first and tuple(stems[index : index + length]) == phrase
        ]

    def is_turned(self, index: int, *, is_plan: bool) -> bool:
        """Whether the word there is denied, or is still to come where it is not told as a plan."""
        before = self.tokens[max(0, index - _TURNED) : index]
        if NEGATIONS.intersection(before):
            return True
        return not is_plan and before[-2:] in (["to", "be"], ["will", "be"])


@lru_cache(2048)  # a passage carries several claims, and whoever checks meets it again
def words_of(text: str) -> Words:
    """The words of a text."""
    return Words(text)


@lru_cache(4096)
def spoken(listed: str) -> tuple[tuple[str, ...], ...]:
    """Phrases in stems, of words with commas between them; `~` stands for whoever is meant."""
    phrases = (re.findall(r"~|[^\s~]+", phrase) for phrase in listed.split(","))
    return tuple(
        tuple(word if word == "~" else stem(fold(word)) for word in phrase) for phrase in phrases
    )

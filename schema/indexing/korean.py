"""Korean names: Hangul and its romanisations, read syllable by syllable.

A syllable is three sets of letters, those that may begin, carry and end it: `jung` may be 정 or
중, `jeong` only 정. Two syllables may be one where each of their sets has a letter in common.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from schema.indexing.syllables import SYLLABLES, are_few, cuts, pairs

_LONGEST = 8
"""The letters of the longest syllable."""
_FIRST, _LAST = 0xAC00, 0xD7A3
_ONSET_ROMAN = pairs(
    "ㄱ=g ㄲ=kk ㄴ=n ㄷ=d ㄸ=tt ㄹ=r ㅁ=m ㅂ=b ㅃ=pp ㅅ=s ㅆ=ss ㅇ= "
    "ㅈ=j ㅉ=jj ㅊ=ch ㅋ=k ㅌ=t ㅍ=p ㅎ=h"
)
_VOWEL_ROMAN = pairs(
    "ㅏ=a ㅐ=ae ㅑ=ya ㅒ=yae ㅓ=eo ㅔ=e ㅕ=yeo ㅖ=ye ㅗ=o ㅘ=wa ㅙ=wae ㅚ=oe ㅛ=yo ㅜ=u "
    "ㅝ=wo ㅞ=we ㅟ=wi ㅠ=yu ㅡ=eu ㅢ=ui ㅣ=i"
)
_ONSETS, _VOWELS = [*_ONSET_ROMAN], [*_VOWEL_ROMAN]
_CODAS = ("", *"ㄱㄱㄱㄴㄴㄴㄷㄹㄱㅁㄹㄹㄹㅂㄹㅁㅂㅂㄷㄷㅇㄷㄷㄱㄷㅂㄷ")
"""What ends a syllable, by its sound."""
_CODA_ROMAN = pairs("= ㄱ=k ㄴ=n ㄷ=t ㄹ=l ㅁ=m ㅂ=p ㅇ=ng")

_ONSET_SPELLED = pairs(
    "=ㅇ g=ㄱ k=ㄱㅋ kk=ㄲ gg=ㄲ n=ㄴ d=ㄷ t=ㄷㅌ tt=ㄸ dd=ㄸ r=ㄹ l=ㄹ m=ㅁ b=ㅂ p=ㅂㅍ pp=ㅃ "
    "bb=ㅃ s=ㅅ sh=ㅅ ss=ㅅㅆ j=ㅈ ch=ㅈㅊ jj=ㅉ tch=ㅉ h=ㅎ"
)
_VOWEL_SPELLED = pairs(
    "a=ㅏ ah=ㅏ ae=ㅐ ai=ㅐ ay=ㅐ e=ㅔㅐ eo=ㅓ uh=ㅓ u=ㅜㅓㅡ oo=ㅜ o=ㅗㅓ oh=ㅗ eu=ㅡ i=ㅣㅢ "
    "ee=ㅣㅢ ya=ㅑ yah=ㅑ yae=ㅒ ye=ㅖㅕ yeo=ㅕ yo=ㅛㅕ you=ㅕㅠㅛ yu=ㅠㅕ yoo=ㅠ yuh=ㅕ wa=ㅘ "
    "wae=ㅙ wi=ㅟ we=ㅞㅙ wo=ㅝ weo=ㅝ woo=ㅜ wu=ㅜ oe=ㅚ oi=ㅚ ui=ㅢ eui=ㅢ yi=ㅣㅢ yee=ㅣㅢ "
    "wee=ㅟ"
)
_CODA_SPELLED = pairs("= g=ㄱ k=ㄱ ck=ㄱ n=ㄴ t=ㄷ d=ㄷ l=ㄹ r=ㄹ m=ㅁ p=ㅂ b=ㅂ ng=ㅇ")

_SURNAMES = (
    "김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구민진지엄원천방"
    "공현변염여추도석선설마길연위표명기반왕금옥인맹제탁국어은용나라리림로려량부봉사소승예온육장피채"
)
_LONG_SURNAMES = frozenset({"남궁", "황보", "제갈", "선우", "독고", "사공"})
_SPELLED_SURNAMES = pairs(
    "lee=이리 yi=이 rhee=이리 rhie=이리 li=이리 ri=이리 ee=이 park=박 bark=박 parc=박 choi=최 "
    "choe=최 che=최 choy=최 noh=노로 no=노로 roh=노로 ro=노로 ryu=유류 ryoo=유류 yoo=유류 "
    "yu=유류 you=유류 lyu=유류 lim=임림 rim=임림 im=임림 yim=임림 hur=허 heo=허 huh=허 ho=허호 "
    "ra=나라 na=나라 rah=나라 nah=나라 ryang=양량 yang=양량 ryo=여려 suh=서 seo=서 so=서소 "
    "ahn=안 joh=조 sohn=손 koh=고 goh=고 whang=황 kwon=권 gwon=권 pyun=변편 byun=변 uhm=엄 "
    "youn=윤 yeom=염 yum=염 geum=금 keum=금 seok=석 moon=문 woo=우 koo=구 joo=주 paik=백 "
    "paek=백 baik=백 back=백 bai=배 pai=배 wu=우 eoh=어 uh=어 oh=오 이=이리 리=이리 노=노로 "
    "로=노로 유=유류 류=유류 임=임림 림=임림 나=나라 라=나라 양=양량 량=양량 여=여려 려=여려"
)
"""Surnames that are written otherwise than they sound, and those that North and South write in
two ways, each with the syllables that it may be."""


class Syllable(NamedTuple):
    """The letters that may begin, carry and end it."""

    onset: frozenset[str]
    vowel: frozenset[str]
    coda: str

    def may_be(self, other: Syllable) -> bool:
        """Whether one syllable may be meant by both."""
        return (
            self.coda == other.coda
            and not self.onset.isdisjoint(other.onset)
            and not self.vowel.isdisjoint(other.vowel)
        )


def is_hangul(text: str) -> bool:
    """Whether it is nothing but syllables of Hangul."""
    return bool(text) and all(_FIRST <= ord(letter) <= _LAST for letter in text)


def _letters(syllable: str) -> tuple[str, str, str]:
    place = ord(syllable) - _FIRST
    return _ONSETS[place // 588], _VOWELS[place % 588 // 28], _CODAS[place % 28]


def _any_of(syllables: str) -> Syllable:
    """One of several syllables that end alike."""
    onsets, vowels, codas = zip(*map(_letters, syllables), strict=True)
    return Syllable(frozenset(onsets), frozenset(vowels), codas[0])


def romanized(hangul: str) -> str:
    """Hangul in the Revised Romanization, syllable by syllable: 신원식 is `sinwonsik`."""
    return "".join(
        _ONSET_ROMAN[onset] + _VOWEL_ROMAN[vowel] + _CODA_ROMAN[coda]
        for onset, vowel, coda in map(_letters, hangul)
    )


def parted(part: str) -> tuple[str, ...]:
    """A name in Hangul as surname and given name, where its surname is known: 신 원식."""
    if is_hangul(part) and 2 <= len(part) <= SYLLABLES:
        if part[:2] in _LONG_SURNAMES and len(part) > 2:  # two syllables
            return part[:2], part[2:]
        if part[0] in _SURNAMES:
            return part[0], part[1:]
    return (part,)


def spellings(part: str) -> frozenset[str]:
    """The Revised Romanization of what a part may be, as surnames are: `lee` is `i` and `ri`."""
    meant = _SPELLED_SURNAMES.get(part, "")
    if is_hangul(part):
        return frozenset({romanized(part), *(romanized(first + part[1:]) for first in meant)})
    return frozenset(map(romanized, meant))


@lru_cache(2_000)
def readings(part: str) -> tuple[tuple[Syllable, ...], ...]:
    """The syllables of a folded part of a name, in every way to cut it, if any."""
    if part in _SPELLED_SURNAMES:
        meant = (_any_of(_SPELLED_SURNAMES[part]),)
        return (meant, *(way for way in cuts(part, _LONGEST, _syllable) if way != meant))
    if is_hangul(part):
        if len(part) > SYLLABLES:  # 한미상호방위조약 is no person
            return ()
        first = _SPELLED_SURNAMES.get(part[0], part[0])
        return ((_any_of(first), *map(_any_of, part[1:])),)
    return tuple(cuts(part, _LONGEST, _syllable))


def _spelled() -> dict[str, Syllable]:
    """Every syllable as it may be written in Latin letters."""
    made: dict[str, tuple[set[str], set[str], str]] = {}
    for onset, begins in _ONSET_SPELLED.items():
        for vowel, carries in _VOWEL_SPELLED.items():
            for coda, ends in _CODA_SPELLED.items():
                if vowel.endswith("h") and coda:
                    continue
                entry = made.setdefault(onset + vowel + coda, (set(), set(), ends))
                entry[0].update(begins)
                entry[1].update(carries)
    return {
        spelled: Syllable(frozenset(onset), frozenset(vowel), coda)
        for spelled, (onset, vowel, coda) in made.items()
    }


_SPELLED = _spelled()


def _syllable(letters: str) -> Syllable | None:
    if letters in ("shi", "si"):
        return _SPELLED["si"]
    return _SPELLED.get(letters.replace("wh", "hw", 1))


def same(one: str, other: str) -> bool:
    """Whether two folded parts may be one in Hangul."""
    theirs = readings(other)
    return any(
        len(mine) == len(way) and all(map(Syllable.may_be, mine, way))
        for mine in readings(one)
        for way in theirs
    )


@lru_cache(2_000)
def is_surname(part: str) -> bool:
    """Whether a folded part of a name is a surname that is known here."""
    if part in _LONG_SURNAMES or part in _SPELLED_SURNAMES:
        return True
    return any(
        len(way) == 1 and any(way[0].may_be(surname) for surname in _KNOWN)
        for way in readings(part)
    )


_KNOWN = [_any_of(surname) for surname in _SURNAMES]


def is_person(parts: tuple[str, ...]) -> bool:
    """Whether folded parts make a Korean person's name: a surname at either end, few syllables."""
    ways = [readings(part) for part in parts]
    if not all(ways) or not (is_surname(parts[0]) or is_surname(parts[-1])):
        return False
    return are_few(ways)

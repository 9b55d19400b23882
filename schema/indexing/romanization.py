"""Romanisation: how a part of a name reads, whichever alphabet and habit it is written by.

A reading is the part in letters of our own, so that `Szewczenko`, `Shevchenko` and Шевченко have
one in common: S Z X C stand for the sounds of sh, zh, ch and ts, h for kh, v for w, i for y and j.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from schema.indexing import korean
from schema.model.text import fold

_LETTERS = "абвгдезиійклмнопрстуфхцчшыэґєїўљњћђј"
_CYRILLIC = {
    **dict(zip(_LETTERS, "abvgdeziiiklmnoprstufhCXSiegeiulnXdi", strict=True)),
    "ж": "Z",
    "щ": "SX",
    "ъ": "",
    "ь": "",
    "ё": "io",
    "ю": "iu",
    "я": "ia",
    "џ": "dZ",
}
_ACCENTED = str.maketrans(
    {"ž": "zh", "š": "sh", "č": "ch", "ř": "rzh", "ł": "l", "ü": "u", "ö": "o", "ä": "a", "ß": "ss"}
)
"""Letters whose marks are sounds, where others only lose theirs."""
_GLIDES = "w=v y=i j=i"
_ENGLISH = f"shch=SX tch=X ch=X sh=S zh=Z kh=h ts=C tz=C ph=f ck=k gh=g th=t x=ks c=k q=k {_GLIDES}"
_POLISH = f"ż=Z ź=z ś=s ć=C ń=n ó=u ą=on ę=en szcz=SX sz=S cz=X rz=Z ch=h c=C {_GLIDES}"
_GERMAN = f"schtsch=SX tsch=X sch=S s(?=[aeiouy])=z ch=h tz=C cz=C c=k {_GLIDES}"
_DOUBLED = re.compile(r"(.)\1+")


class _Habit:
    """How letters are read in one habit of writing."""

    def __init__(self, table: str) -> None:
        pairs = [pair.rsplit("=", 1) for pair in table.split()]
        self.written = re.compile("|".join(written for written, _ in pairs))
        self.meant = {written.partition("(")[0]: meant for written, meant in pairs}

    def read(self, text: str) -> str:
        """The reading of a text: what is doubled is said once, and soft vowels as hard ones."""
        replaced = self.written.sub(lambda match: self.meant[match[0]], text)
        return _DOUBLED.sub(r"\1", replaced).replace("ie", "e")


_HABITS = [_Habit(_ENGLISH), _Habit(_POLISH), _Habit(_GERMAN)]
_PLAIN = _Habit(_GLIDES)

_RELATED = (
    "oleksandr aleksandr alexander aleksander alexandr aliaksandr",
    "volodymyr vladimir wladimir wlodzimierz uladzimir",
    "mykola nikolai nikolay nikolaj mikolaj",
    "serhii serhiy serhij sergei sergey sergej sergiy",
    "dmytro dmitry dmitri dmitriy dmitrij dmitrii",
    "andrii andriy andrij andrei andrey andrej andrzej",
    "mykhailo mikhail michail michal mychajlo mykhaylo",
    "yevhen yevhenii yevheniy evgeny evgeniy evgenii yevgeny jewgeni",
    "oleksii oleksiy oleksij aleksei aleksey alexei alexey",
    "kyrylo kirill kiril cyryl",
    "pavlo pavel pawel",
    "petro petr pyotr piotr",
    "ihor igor",
    "oleh oleg",
    "hryhorii hryhoriy grigory grigori grigoriy grzegorz",
    "vasyl vasily vasilii vasiliy wasyl",
    "viktor victor wiktor",
    "bohdan bogdan",
    "iryna irina irena",
    "olena elena yelena helena",
    "kateryna ekaterina yekaterina katarzyna",
    "yuliia yulia julia iuliia",
    "hanna anna",
    "oksana aksana",
    "maksym maksim maxim maxym",
    "denys denis",
    "valerii valeriy valery valeri",
    "valentyn valentin walenty",
    "kostiantyn konstantin konstanty",
    "artem artyom",
    "mykyta nikita",
    "illia ilya ilia",
    "yakiv yakov jakub",
    "yosyp iosif jozef",
    "stepan stefan szczepan",
    "ivan jan",
)
"""Given names that are one name in several languages: related, and not the same."""
GROUP = "g"
"""What the key of a family of given names begins with."""
_GROUPS = {
    name: frozenset({f"{GROUP}{number}"})
    for number, row in enumerate(_RELATED)
    for name in row.split()
}
_ENDINGS = re.compile("(?:(?<=[sCZX]k)[ia]|(?<=[eo]v)a?|(?<=[ieo]n)a?)$")
"""How men's and women's surnames end: -ski and -ska, -ov and -ova, -in and -ina."""
_LONG = 5


@lru_cache(2_000)
def readings(part: str) -> frozenset[str]:
    """How a part of a name may read; a script that nobody romanises here reads as it is written."""
    folded = fold(part)
    if korean.is_hangul(folded):
        return korean.spellings(folded)
    lowered = unicodedata.normalize("NFC", part.casefold())
    if any(letter in _CYRILLIC for letter in lowered):
        return _of_cyrillic(lowered)
    marked = fold(lowered.translate(_ACCENTED))
    if not marked.isascii():
        return frozenset({folded})
    polish = folded
    if not lowered.isascii():
        polish = "".join(letter if letter in "żźśćńóąę" else fold(letter) for letter in lowered)
    written = zip(_HABITS, (marked, polish, folded), strict=True)
    return frozenset(habit.read(text) for habit, text in written)


def _of_cyrillic(text: str) -> frozenset[str]:
    """Russian and Ukrainian differ in г; where nothing tells them apart, both are read."""
    ways = [text] if "г" not in text else [text, text.replace("г", "х")]
    return frozenset(
        _PLAIN.read("".join(_CYRILLIC.get(letter, fold(letter)) for letter in way))
        for written in ways
        for way in {written, written.replace("ё", "е")}
    )


def groups(part: str) -> frozenset[str]:
    """The family of given names that a part belongs to, as a key; empty where there is none."""
    folded = fold(part)
    return _GROUPS.get(folded) or next(
        (key for name in readings(part) for key in [_GROUPS_READ.get(name)] if key), frozenset()
    )


_GROUPS_READ = {
    reading: key for name, key in _GROUPS.items() for reading in readings(name) if len(reading) > 2
}


@lru_cache(2_000)
def stems(part: str) -> frozenset[str]:
    """What a surname is without the ending of men's or women's."""
    return frozenset(
        f"{reading[: match.start()]}-"
        for reading in readings(part)
        if len(reading) > _LONG and (match := _ENDINGS.search(reading))
    )

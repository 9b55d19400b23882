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
_ENGLISH = (
    *(("shch", "SX"), ("tch", "X"), ("ch", "X"), ("sh", "S"), ("zh", "Z"), ("kh", "h")),
    *(
        ("t[sz]", "C"),
        ("ph", "f"),
        ("ck", "k"),
        ("gh", "g"),
        ("th", "t"),
        ("x", "ks"),
        ("[cq]", "k"),
    ),
)
_POLISH = (
    *(("ż", "Z"), ("ź", "z"), ("ś", "s"), ("ć", "C"), ("ń", "n"), ("ó", "u"), ("ą", "on")),
    *(("ę", "en"), ("szcz", "SX"), ("sz", "S"), ("cz", "X"), ("rz", "Z"), ("ch", "h"), ("c", "C")),
)
_GERMAN = (
    *(("schtsch", "SX"), ("tsch", "X"), ("sch", "S"), ("s(?=[aeiouy])", "z"), ("ch", "h")),
    *(("[tc]z", "C"), ("c", "k")),
)
_SAID = (("w", "v"), ("[yj]", "i"), (r"(.)\1+", r"\1"), ("ie", "e"), ("ii+", "i"))
"""What is alike in every habit: glides, doubled letters, soft vowels."""
_HABITS = [
    [(re.compile(written), meant) for written, meant in (*habit, *_SAID)]
    for habit in (_ENGLISH, _POLISH, _GERMAN)
]

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
_GROUPS = {
    name: frozenset({f"g{number}"}) for number, row in enumerate(_RELATED) for name in row.split()
}
_ENDINGS = re.compile("(?:(?<=[sCZX]k)[ia]|(?<=[eo]v)a?|(?<=[ieo]n)a?)$")
"""How men's and women's surnames end: -ski and -ska, -ov and -ova, -in and -ina."""
_LONG = 5


@lru_cache(20_000)
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
    polish = "".join(letter if letter in "żźśćńóąę" else fold(letter) for letter in lowered)
    habits = zip((marked, polish, folded), _HABITS, strict=True)
    return frozenset(_rewritten(text, habit) for text, habit in habits)


def _of_cyrillic(text: str) -> frozenset[str]:
    """Russian and Ukrainian differ in г; where nothing tells them apart, both are read."""
    ways = [text] if "г" not in text else [text, text.replace("г", "х")]
    return frozenset(
        _rewritten("".join(_CYRILLIC.get(letter, fold(letter)) for letter in way), ())
        for written in ways
        for way in {written, written.replace("ё", "е")}
    )


def _rewritten(text: str, habit: object) -> str:
    rules: list[tuple[re.Pattern[str], str]] = list(habit) or _HABITS[0][-len(_SAID) :]  # type: ignore[call-overload]
    for written, meant in rules:
        text = written.sub(meant, text)
    return text


def groups(part: str) -> frozenset[str]:
    """The family of given names that a part belongs to, as a key; empty where there is none."""
    folded = fold(part)
    return _GROUPS.get(folded) or next(
        (key for name in readings(part) for key in [_GROUPS_READ.get(name)] if key), frozenset()
    )


_GROUPS_READ = {
    reading: key for name, key in _GROUPS.items() for reading in readings(name) if len(reading) > 2
}


@lru_cache(20_000)
def stems(part: str) -> frozenset[str]:
    """What a surname is without the ending of men's or women's."""
    return frozenset(
        f"{reading[: match.start()]}-"
        for reading in readings(part)
        if len(reading) > _LONG and (match := _ENDINGS.search(reading))
    )

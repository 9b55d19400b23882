"""Claims: what of a claim's value the words that it quotes do not carry."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from schema.model.choices import Choice
from schema.model.noun import Versioned, cached_per_model, camel
from schema.model.reflection import link_lists, references
from schema.model.values import Money, PartialDate, Quantity, ValueObject, unwrap_optional
from schema.reading.amounts import missing_money, missing_quantity
from schema.reading.dates import DateReading
from schema.reading.naming import Called, Naming, Place, StatesIn, is_spoken
from schema.reading.words import Words, spoken, words_of

SEPARATOR = " ¶ "
"""What keeps the passages of a claim apart where they are read as one text."""
_SPELLED = 8
"""So many words a coding may have that is looked for word by word."""


@dataclass(frozen=True)
class Reading:
    """The words of one claim, and what is known of those they may name."""

    quotes: tuple[str, ...]
    called: Callable[[str], Called]
    states_in: StatesIn
    language: str | None = None
    """The language of the source; None where nobody says."""
    published: datetime.date | None = None
    """When the source came out, which anchors weekdays and days without a year."""
    is_plan: bool = False
    """What is told of lies ahead, so `to be delivered` is a delivery."""
    text: str = field(init=False, default="")

    def __post_init__(self) -> None:
        """Puts the passages together."""
        object.__setattr__(self, "text", SEPARATOR.join(self.quotes))

    @cached_property
    def words(self) -> Words:
        """All its words."""
        return words_of(self.text)

    @cached_property
    def is_foreign(self) -> bool:
        """Whether no table has the words of its language."""
        return self.language not in (None, "en", "eng") or self.words.is_foreign

    @cached_property
    def naming(self) -> Naming:
        """What finds names in its words."""
        return Naming(self.words, self.states_in, self.language or "", self.is_foreign)


def missing(
    noun: type[Versioned], field: str | None, value: Any, reading: Reading, id: str
) -> str | None:
    """What the words do not carry of a claim about a row of a noun; None where they carry it all.

    The field is named as in the graph, null for the row as a whole.
    """
    if field == "title":
        return _text(value, reading)
    if field is None:
        parts = _parts(noun, value) if noun.parent_key and isinstance(value, dict) else {}
        return _link(noun, parts, reading) if parts else _whole(reading, id)
    name = _names(noun)[field]
    link, role = _links(noun).get(name, (None, None))
    if link is not None:
        parts = _parts(link, {**value, **({"role": role} if role else {})})
        return _link(link, parts, reading) if parts else _whole(reading, id)
    return _field(noun, name, value, reading, reading.called(id))


@cached_per_model
def _names(noun: type[Versioned]) -> dict[str, str]:
    names = [*noun.model_fields, *noun.declared.relations, *noun.declared.values]
    return {camel(name): name for name in names}


@cached_per_model
def _links(noun: type[Versioned]) -> dict[str, tuple[type[Versioned], str | None]]:
    return {name: (link, role) for name, link, role in link_lists(noun)}


def _parts(noun: type[Versioned], content: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of a link that words must carry: those that a coder does not ascribe."""
    named = {_names(noun).get(key, key): part for key, part in content.items()}
    return {
        name: part
        for name, part in named.items()
        if part is not None and name not in noun.codes | noun.ascribed and _is_sayable(noun, name)
    }


@cached_per_model
def _kinds(noun: type[Versioned]) -> dict[str, Any]:
    """The type of each plain column."""
    return {name: unwrap_optional(info.annotation) for name, info in noun.model_fields.items()}


def _phrases_of(noun: type[Versioned], name: str) -> Mapping[str, Any]:
    info: Any = noun.model_fields[name]
    return info.json_schema_extra or {}


def _is_sayable(noun: type[Versioned], name: str) -> bool:
    kind = _kinds(noun).get(name)
    if isinstance(kind, type) and issubclass(kind, Choice):
        return kind.is_sayable()
    return kind is None or "iso" not in _phrases_of(noun, name)


def _link(noun: type[Versioned], parts: Mapping[str, Any], reading: Reading) -> str | None:
    """What is missing of a link: who or what it leads to, what it is, and its own words."""
    leading = references(noun)
    places: list[Place] = []
    for name, part in parts.items():
        if name in leading:
            places += reading.naming.places(reading.called(part))
    for name, part in parts.items():
        kind = _kinds(noun).get(name)
        if isinstance(kind, type) and issubclass(kind, Choice):
            wrong = _role(kind(part), places, reading)
        else:
            wrong = _field(noun, name, part, reading, None)
        if wrong:
            return wrong
    return None


def _role(choice: Choice, places: list[Place], reading: Reading) -> str | None:
    """A role is said by verbs and prepositions; in another language its name is enough."""
    if choice.phrases == "*" or reading.is_foreign:
        return None
    if is_spoken(spoken(choice.phrases), reading.words, places, is_plan=True):
        return None
    return f"words for {choice.value}, such as {_examples(choice)}"


def _whole(reading: Reading, id: str) -> str | None:
    called = reading.called(id)
    if reading.naming.is_about(called):
        return None
    return f"a word of '{min(called.names, key=len, default=id)}'"


def _field(
    noun: type[Versioned], name: str, value: Any, reading: Reading, own: Called | None
) -> str | None:
    """What is missing of the value of one field."""
    if name in noun.declared.values:
        return _VALUES[noun.declared.values[name].kind](value or {}, reading)
    if name in references(noun):
        return _reference(value, reading)
    kind = _kinds(noun)[name]
    if isinstance(kind, type) and issubclass(kind, Choice):
        return _choice(kind(value), reading, own)
    if kind is bool:
        return _flag(_phrases_of(noun, name), value, reading)
    return _text(value, reading)


def _text(value: Any, reading: Reading) -> str | None:
    """A text stands in the words; a short one also word by word."""
    text, words = str(value), reading.words
    if words.contains(text):
        return None
    own = words_of(text)
    if own.content and len(own.tokens) <= _SPELLED and own.content <= words.content:
        return None
    return f"'{text}'"


def _reference(id: str, reading: Reading) -> str | None:
    called = reading.called(id)
    carried = reading.naming.places(called) if called.is_actor else reading.naming.is_about(called)
    return None if carried else f"a name of {id}"


def _choice(choice: Choice, reading: Reading, own: Called | None) -> str | None:
    if not choice.phrases:
        return f"what makes it {choice.value}, for which a source has no words"
    if reading.is_foreign:
        return f"words for {choice.value}, of which there is no table in the source's language"
    places = reading.naming.places(own) if own else []
    is_state = bool(own and own.state)
    if _is_marked(choice.phrases, reading) or is_spoken(
        spoken(choice.phrases), reading.words, places, is_state=is_state, is_plan=reading.is_plan
    ):
        return None
    return f"words for {choice.value}, such as {_examples(choice)}"


def _examples(choice: Choice) -> str:
    shown = [each.strip().replace("~", "…") for each in choice.phrases.split(",")]
    return ", ".join(f"'{each}'" for each in shown[:4])


def _flag(phrases: Mapping[str, Any], value: bool, reading: Reading) -> str | None:
    words = phrases.get("phrases_if_true" if value else "phrases_if_false", "")
    if words and (
        _is_marked(words, reading)
        or is_spoken(spoken(words), reading.words, [], is_plan=reading.is_plan)
    ):
        return None
    return f"words for {str(value).lower()}" + (f", such as '{words}'" if words else "")


def _is_marked(phrases: str, reading: Reading) -> bool:
    """Whether the words stand in quotation marks, where that is what says so."""
    return phrases == "“”" and any(mark in reading.text for mark in '“”‘„«»"「『')


def _stated(value: Mapping[str, Any], reading: Reading) -> str | None:
    stated = value.get("stated")
    return _text(stated, reading) if stated else None


def _date(value: Mapping[str, Any], reading: Reading) -> str | None:
    if wrong := _stated(value, reading):
        return wrong
    if not value.get("edtf"):
        return None
    carried = DateReading(reading.text, reading.published, is_foreign=reading.is_foreign)
    wrong = carried.carries(value["edtf"])
    return wrong and f"the date {wrong}"


def _quantity(value: Mapping[str, Any], reading: Reading) -> str | None:
    return _stated(value, reading) or missing_quantity(
        value, reading.text, is_foreign=reading.is_foreign
    )


def _money(value: Mapping[str, Any], reading: Reading) -> str | None:
    return _stated(value, reading) or missing_money(
        value, reading.text, is_foreign=reading.is_foreign
    )


_VALUES: dict[ValueObject, Callable[[Mapping[str, Any], Reading], str | None]] = {
    PartialDate: _date,
    Quantity: _quantity,
    Money: _money,
}

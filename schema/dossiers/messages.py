"""Pydantic's findings in an editor's words: what was wrong, and what to write."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from schema.dossiers import examples
from schema.errors import nearest

Mistake = Mapping[str, Any]
MAPPINGS = ("model_type", "model_attributes_type", "dict_type")


def without_repeats(model: type[BaseModel], mistakes: Sequence[Mistake]) -> Iterator[Mistake]:
    """The mistakes without those that tell another one again.

    What fits none of several forms is told once, and so is a field that stands under a wrong name.
    """
    seen: set[tuple[Any, ...]] = set()
    strange = {mistake["loc"] for mistake in mistakes if mistake["type"] == "extra_forbidden"}
    for mistake in mistakes:
        place = tuple(part for part in mistake["loc"] if not _is_form(part))
        *outer, name = mistake["loc"] or [None]
        if mistake["type"] == "missing" and any(
            loc[:-1] == tuple(outer) and _is_spelling_of(str(loc[-1]), str(name)) for loc in strange
        ):
            continue
        if place in seen:
            continue
        seen.add(place)
        yield mistake


def named(inside: Sequence[Any]) -> str:
    """The field at a place within an entry, as a message names it."""
    return ".".join(part for part in inside if isinstance(part, str) and not _is_form(part))


def _is_form(part: Any) -> bool:
    """Whether a step of a place is one of the forms that a field may be written in."""
    return isinstance(part, str) and (part == "str" or "[" in part)


def _is_spelling_of(wrong: str, name: str) -> bool:
    return wrong == "value" or nearest(wrong, [name]) == name


def describe(model: type[BaseModel], mistake: Mistake) -> tuple[str, str]:
    """What is wrong with an entry of a model, and what would be right."""
    inside, given, kind = mistake["loc"], mistake.get("input"), mistake["type"]
    annotation = _annotation(model, inside)
    if kind == "extra_forbidden":
        return f"there is no field '{inside[-1]}'.", _instead(model, mistake)
    if kind in ("enum", "literal_error"):
        expected = mistake["ctx"]["expected"].replace(" or ", ", ")
        choices = [word.strip(" '") for word in expected.split(",")]
        word = given[0] if isinstance(given, list) and len(given) == 1 else given
        near = nearest(str(word), choices)
        wrong = f"'{word}' is not one of {', '.join(choices)}."
        return wrong, f"Did you mean '{near}'?" if near else "Write one of these."
    if kind == "value_error":
        message = str(mistake["ctx"]["error"])
        return message if message.endswith("?") else f"{message}.", ""
    if kind == "missing":
        return "it is missing.", _missing(model, inside)
    return f"it is {_shown(given)}, {_wanted(kind, annotation, given)}", _right(
        kind, annotation, given
    )


def _shown(given: Any) -> str:
    return "empty" if given is None else json.dumps(given, ensure_ascii=False, default=str)[:80]


def _wanted(kind: str, annotation: Any, given: Any) -> str:
    if kind == "list_type":
        return "and no list."
    if kind in MAPPINGS:
        found = examples.models(annotation)
        is_claim = found and "quote" in found[0].model_fields
        return "without evidence." if is_claim and given is not None else "and says too little."
    if kind == "string_type":
        return "and no text."
    return "which is not written so."


def _right(kind: str, annotation: Any, given: Any) -> str:
    """What to write in the place of what was given."""
    if kind == "list_type":
        return _as_list(annotation, given)
    if kind in MAPPINGS:
        if given is None:
            return "Write {value: …, quote: …}, or NOT_STATED."
        return f"Write {_mapping(annotation, given)}."
    if kind == "string_type":
        return _as_text(given)
    return next(
        (right for start, right in NUMBERS.items() if kind.startswith(start)),
        "Write it as the JSON Schema of dossiers describes it.",
    )


NUMBERS = {
    "int": "Write a whole number, such as 12.",
    "bool": "Write true or false.",
    "greater": "Write a number that is not negative.",
    "less": "Write a number below 2147483648.",
    "string_too_short": "Write the words, or leave it out.",
}
"""What to write where the kind of mistake says enough."""


def _as_list(annotation: Any, given: Any) -> str:
    if isinstance(given, dict):
        return f"Write it as a list: [{_inline(given)}]."
    if given is None:
        return "Leave it out, or write NOT_STATED."
    found = examples.models(annotation)
    made = examples.entry(found[0], None if given is True else given) if found else "…"
    return f"Write [{made}]."


def _as_text(given: Any) -> str:
    is_one = isinstance(given, list) and len(given) == 1
    word = given[0] if is_one else given
    if isinstance(word, dict | list) or word is None:
        return "Write it as one text."
    return f"Write {examples.scalar(word) if is_one else json.dumps(str(word))}."


def _mapping(annotation: Any, given: Any) -> str:
    """What is written in the place of something that is no mapping."""
    found = examples.models(annotation)
    if not found:
        return "{…}"
    model = found[0]
    if "claims" in model.model_fields:
        return "{title: …} with its fields, each as {value: …, quote: …} or with a reason"
    if "key" in model.model_fields and not any(
        info.is_required() for info in model.model_fields.values()
    ):
        own = [name for name in model.model_fields if _is_field(model, name)]
        quote = examples.scalar(given)
        return f"{{quote: {quote}}} with its fields: {', '.join(own)}"
    made = examples.value(annotation, given)
    return "{field: value}, with plain values" if made == "{}" else made


def _is_field(model: type[BaseModel], name: str) -> bool:
    return any(
        "value" in each.model_fields
        for each in examples.models(model.model_fields[name].annotation)
    )


def _inline(part: Any) -> str:
    if isinstance(part, dict):
        return f"{{{', '.join(f'{key}: {_inline(each)}' for key, each in part.items())}}}"
    if isinstance(part, list):
        return f"[{', '.join(map(_inline, part))}]"
    return str(part) if isinstance(part, int) else examples.scalar(part)


def _missing(model: type[BaseModel], inside: Sequence[Any]) -> str:
    """How a field is written that must be there."""
    owner = _owner(model, inside)
    info = owner.model_fields.get(str(inside[-1])) if owner else None
    if info is None:
        return ""
    example = info.examples[-1] if info.examples else "…"
    return f"Write `{inside[-1]}: {example}`: {info.description}"


def _instead(model: type[BaseModel], mistake: Mistake) -> str:
    """What an unknown field is called, or where it belongs."""
    inside, owner = mistake["loc"], _owner(model, mistake["loc"])
    name, known = str(inside[-1]), owner.model_fields if owner else {}
    if "value" in known:
        for part in examples.models(known["value"].annotation):
            if name in part.model_fields:
                return f"Write it within the value: {{value: {{{name}: …}}, quote: …}}."
    if near := nearest(name, known):
        return f"Did you mean '{near}'?"
    needed = [field for field, info in known.items() if info.is_required() and info.examples]
    if name == "value" and needed:
        return f"Did you mean '{needed[0]}'?"
    return f"It has {', '.join(known)}."


def _owner(model: type[BaseModel], inside: Sequence[Any]) -> type[BaseModel] | None:
    """The model whose field a place is."""
    if len(inside) <= 1:
        return model
    return next(iter(examples.models(_annotation(model, inside[:-1]))), None)


def _annotation(model: type[BaseModel], inside: Sequence[Any]) -> Any:
    """What a model declares at a place within it."""
    annotation: Any = model
    for part in inside:
        if isinstance(part, int) or _is_form(part):
            continue
        owner = next(iter(examples.models(annotation)), None)
        field = owner.model_fields.get(part) if owner else None
        annotation = field.annotation if field else None
    return annotation

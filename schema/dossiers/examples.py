"""Examples: how a dossier writes what somebody has meant, as a message shows it."""

from __future__ import annotations

import json
import re
from enum import Enum
from typing import Any, get_args

from pydantic import BaseModel

from schema.dossiers.draft import slug
from schema.errors import nearest
from schema.model.amounts import amount_mistake

LONGEST = 40
"""How many characters a sum may have that somebody wrote otherwise."""
AMOUNT = re.compile(r"-?\d+(\.\d+)?$")


def scalar(given: Any) -> str:
    """A value as YAML writes it within braces; in quotation marks where it is taken for another."""
    if isinstance(given, bool) or given is None:
        return json.dumps(given)
    text = str(given)
    is_plain = re.fullmatch(r"[^\W\d][\w/ .-]*", text) and text not in ("true", "false", "null")
    return text if is_plain and text == text.strip() else json.dumps(text, ensure_ascii=False)


def models(annotation: Any) -> list[type[BaseModel]]:
    """The models that an annotation names."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in models(part)]


def choices_of(annotation: Any) -> list[str]:
    """The choices of the enumerations that an annotation names."""
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return [str(member.value) for member in annotation]
    return [choice for part in get_args(annotation) for choice in choices_of(part)]


def value(kind: Any, given: Any = None) -> str:
    """A value of a kind, from what was given in its place where that says it."""
    if isinstance(given, list) and len(given) == 1:
        given = given[0]
    given = None if isinstance(given, dict | list) else given
    found = models(kind)
    if found and "edtf" in found[0].model_fields:
        is_date = given is not None and re.match(r"\d{4}(-\d\d){0,2}$", str(given))
        return f"{{edtf: {json.dumps(str(given) if is_date else '2024-10-24')}}}"
    if found and "currency" in found[0].model_fields:
        digits = "" if given is None else re.sub(r"[,_\s]", "", str(given))
        is_sum = AMOUNT.match(digits) and amount_mistake(digits) is None
        sum = json.dumps(digits if is_sum else "5000000")
        return f"{{minimum: {sum}, maximum: {sum}, currency: USD}}"
    if found and "minimum" in found[0].model_fields:
        number = re.search(r"\d+", "" if given is None else str(given).replace(",", ""))
        count = number[0] if number else "12"
        return f"{{minimum: {count}, maximum: {count}}}"
    if found:
        return entry(found[0], given)
    if choices := choices_of(kind):
        return nearest(str(given), choices) or choices[0]
    if kind is bool or bool in get_args(kind):
        is_no = str(given).casefold() in ("false", "no", "0", "none")
        return "false" if is_no else "true"
    return "…" if given is None else scalar(given)


def claim(kind: Any, given: Any = None) -> str:
    """A claim of a value, whose quote the editor has to give."""
    return f"{{value: {value(kind, given)}, quote: …}}"


def entry(model: type[BaseModel], given: Any = None) -> str:
    """An entry of a model with what it must have: a quote, a link, a claim."""
    known = model.model_fields
    if "exact" in known:
        return "…" if given is None else json.dumps(str(given), ensure_ascii=False)
    written = None if given is None else scalar(given)
    if "value" in known:
        return claim(known["value"].annotation, given)
    parts: list[str] = []
    for name, info in known.items():
        if not info.is_required():
            continue
        if info.examples:
            prefix = str(info.examples[-1]).partition("/")[0]
            parts.append(f"{name}: {reference(prefix, given)}")
        elif choices := choices_of(info.annotation):
            parts.append(f"{name}: {choices[0]}")
        else:
            parts.append(f"{name}: {'…' if written is None else written}")
    if "stated_as" in known and not known["stated_as"].is_required():
        parts.append(f"stated_as: {'…' if written is None or '/' in str(given) else written}")
    if "quote" in known:
        parts.append("quote: …")  # which may stand several times in the text
    return f"{{{', '.join(parts)}}}"


def reference(prefix: str, given: Any = None) -> str:
    """The id of a record that was named in some way."""
    words = "" if given is None else str(given)
    return words if "/" in words else f"{prefix}/{slug(words) or '…'}"

"""Pydantic's findings in an editor's words: what was wrong, and what would be right."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from schema.errors import nearest


def describe(model: type[BaseModel], mistake: Mapping[str, Any]) -> tuple[str, str]:
    """What is wrong with an entry of a model, and what would be right."""
    inside, value, kind = mistake["loc"], mistake.get("input"), mistake["type"]
    if kind == "extra_forbidden":
        owner: Any = model
        for part in inside[:-1]:
            owner = _inner(owner, part)
        known = list(owner.model_fields) if owner else []
        near = nearest(str(inside[-1]), known)
        right = f"Did you mean '{near}'?" if near else f"It has {', '.join(known)}."
        return f"there is no field '{inside[-1]}'.", right
    if kind == "enum":
        expected = mistake["ctx"]["expected"].replace(" or ", ", ")
        choices = [word.strip(" '") for word in expected.split(",")]
        near = nearest(str(value), choices)
        wrong = f"'{value}' is not one of {', '.join(choices)}."
        return wrong, f"Did you mean '{near}'?" if near else ""
    if kind == "value_error":
        message = str(mistake["ctx"]["error"])
        return message if message.endswith("?") else f"{message}.", ""
    if kind == "missing":
        return "it is missing.", ""
    shown = json.dumps(value, ensure_ascii=False, default=str)[:80]
    return f"{mistake['msg']}, not {shown}.", ""


def _inner(model: Any, part: Any) -> Any:
    """The model inside a field of a model, for naming the fields it has."""
    if model is None or isinstance(part, int):
        return model
    annotation = getattr(model.model_fields.get(part), "annotation", None)
    return next(iter(_models(annotation)), None)


def _models(annotation: Any) -> list[Any]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in getattr(annotation, "__args__", ()) for model in _models(part)]

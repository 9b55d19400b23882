"""Which claim a record holds: the values of a row follow from the claims about it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from enum import Enum
from typing import Any, get_args

from schema.claim import SILENCES
from schema.dossier import EVIDENT, references
from schema.folding import fold
from schema.noun import PRIVATE, Titled, TitleOrigin, Versioned, camel
from schema.value import PartialDate, parts

SILENT = frozenset(status.value for status in SILENCES)
_RANK = {"KNOWN": 0, "VAGUE": 1}


def comparable(value: Any) -> Any:
    """A value without the words it is stated in, where something firmer is left to compare."""
    if isinstance(value, dict):
        firm = {key: part for key, part in value.items() if key != "stated"}
        return firm or value
    return value


def settle(claims: list[dict[str, Any]], author: str) -> None:
    """Marks, among the claims of one row, which are accepted and which contradict each other."""
    by_field: dict[str | None, list[dict[str, Any]]] = defaultdict(list)
    for claim in claims:
        by_field[claim["element_field"] if claim["element_id"] else claim["field"]].append(claim)
    for field, rivals in by_field.items():
        target = rivals[0]["element_id"] or rivals[0]["record_id"]
        known = [claim for claim in rivals if claim["status"] == "KNOWN"]
        different = {
            json.dumps(comparable(json.loads(claim["value"] or "null")), sort_keys=True)
            for claim in known
        }
        contested = field not in (None, "title") and len(different) > 1
        chosen = min(rivals, key=_precedence)
        for claim in rivals:
            accepted = claim is chosen or field is None
            if accepted != claim["is_accepted"]:
                claim["accepted_by"] = author if accepted else None
            claim["is_accepted"] = accepted
            claim["conflict_key"] = f"{target}#{field}" if contested and claim in known else None


def _precedence(claim: dict[str, Any]) -> tuple[Any, ...]:
    """An editor's choice first, then what is known, then what was accepted, then what is older."""
    preferred = claim["is_preferred"]
    return (
        not preferred,
        -claim["since"] if preferred else 0,
        _RANK.get(claim["status"], 2),
        not claim["is_accepted"],
        claim["since"],
        claim["id"],
    )


def row_of(
    noun: type[Versioned], claims: Iterable[dict[str, Any]]
) -> tuple[dict[str, Any], set[str]]:
    """The row that accepted claims give a record, and the fields with neither value nor reason."""
    row: dict[str, Any] = {}
    explained: set[str] = set()
    imported = False
    pointing = references(noun)
    accepted = [claim for claim in claims if claim["is_accepted"]]
    for claim in sorted(
        accepted, key=lambda claim: (_field(claim) is not None, claim["since"], claim["id"])
    ):
        field = _field(claim)
        value = json.loads(claim["value"] or "null")
        if field is None:
            if claim["origin"] == "IMPORTED" and isinstance(value, dict):
                imported = True
                for key, part in value.items():
                    row |= _columns(noun, key, part, pointing)
            elif claim["element_id"] and isinstance(value, dict) and not noun.explained:
                row |= {key: _typed(noun, key, part) for key, part in value.items()}
        elif field == "title":
            row["title"] = value
            row["title_origin"] = TitleOrigin(
                "STATED" if claim["origin"] == "STATED" else "COMPOSED"
            )
        else:
            explained.add(field)
            row |= _columns(noun, _name(noun, field), value, pointing)
    missing = set()
    if noun.explained and not imported:
        wanted = {*row_fields(noun)}
        missing = {name for name in wanted if camel(name) not in explained}
    return row, missing


def row_fields(noun: type[Versioned]) -> list[str]:
    """The fields of a noun that need a value or a reason, as they are declared."""
    hidden = PRIVATE | {"id", "title", "title_origin", "covered_by_id", noun.parent_key or ""}
    keys = {f"{name}_id" for name in noun.declared.relations}
    pieces = {
        value.column(name, part)
        for name, value in noun.declared.values.items()
        for part in parts(value.kind)
    }
    evident = EVIDENT if noun.__name__ == "Source" else frozenset[str]()
    plain = [name for name in noun.model_fields if name not in hidden | keys | pieces | evident]
    return [*plain, *references(noun), *noun.declared.values]


def _field(claim: dict[str, Any]) -> str | None:
    field: str | None = claim["element_field"] if claim["element_id"] else claim["field"]
    return field


def _name(noun: type[Versioned], field: str) -> str:
    """The declared name behind the name that the graph uses."""
    names = [*noun.model_fields, *noun.declared.relations, *noun.declared.values]
    return next((name for name in names if camel(name) == field), field)


def _columns(
    noun: type[Versioned], name: str, value: Any, pointing: dict[str, Any]
) -> dict[str, Any]:
    if name in noun.declared.values:
        declared = noun.declared.values[name]
        pieces = dict(value or {})
        if declared.kind is PartialDate:
            made: Any = PartialDate.of(**pieces)
            pieces = {part: getattr(made, part) for part in parts(declared.kind)}
        return {
            declared.column(name, part): _convert(annotation, pieces.get(part))
            for part, annotation in parts(declared.kind).items()
        }
    if name in pointing:
        return {pointing[name].key: value}
    if name in noun.model_fields:
        return {name: _typed(noun, name, value)}
    return {}


def _typed(noun: type[Versioned], name: str, value: Any) -> Any:
    return _convert(noun.model_fields[name].annotation, value)


def _convert(annotation: Any, value: Any) -> Any:
    kind = next((part for part in get_args(annotation) if part is not type(None)), annotation)
    if value is None:
        return None
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    return Decimal(value) if kind is Decimal else value


def folded(noun: type[Versioned], row: dict[str, Any]) -> str:
    """The searchable text of a row."""
    if not issubclass(noun, Titled):
        return ""
    texts = [
        str(value)
        for name, value in row.items()
        if isinstance(value, str)
        and not isinstance(value, Enum)
        and not name.endswith("_id")
        and name not in ("id", "folded", "text", "sha256", "conflict_key", "value")
    ]
    if noun.__name__ in ("Statement", "Name", "Evaluation", "VerbatimSpan"):
        texts.append(str(row.get("text") or ""))
    return fold(" ".join(dict.fromkeys(texts)))

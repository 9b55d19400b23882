"""The rules of evidence, held against what is published, which older releases did otherwise."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from schema.model.intervals import mistake, reversed_spans
from schema.model.noun import Versioned, camel
from schema.model.registry import Row, noun_of
from schema.nouns.claim import is_denied, place_of
from schema.publishing.acceptance import resolve
from schema.publishing.ages import Ages
from schema.publishing.precedence import is_only_denied


def broken(by_target: Mapping[str, list[Row]], ages: Ages) -> Iterator[str]:
    """What would be refused or accepted otherwise, were it published today."""
    claims = [claim for rivals in by_target.values() for claim in rivals]
    yield from _accepted(by_target, ages)
    yield from _denied(claims, by_target)
    for target, rivals in by_target.items():
        noun = noun_of(target)
        if noun is not None:
            yield from _bounded(noun, target, rivals)


def _republish(*claims: Row) -> str:
    sources = ", ".join(sorted({claim["source_id"] for claim in claims}))
    return f"Publish the dossier of {sources} again"


def _accepted(by_target: Mapping[str, list[Row]], ages: Ages) -> Iterator[str]:
    """Each field is filled by the claim that the rules choose."""
    resolved = {
        target: [dict(claim) for claim in rivals]
        for target, rivals in by_target.items()
        if noun_of(target) is not None
    }
    resolve(resolved, "", ages)
    for target, afterwards in resolved.items():
        wrong: dict[str | None, list[tuple[Row, Row]]] = defaultdict(list)
        for before, after in zip(by_target[target], afterwards, strict=True):
            if any(before[name] != after[name] for name in ("is_accepted", "conflict_key")):
                wrong[place_of(before)[1]].append((before, after))
        for field, pairs in wrong.items():
            accepted = [before["id"] for before, after in pairs if before["is_accepted"]]
            right = [after["id"] for before, after in pairs if after["is_accepted"]]
            if field is None or accepted == right:
                rule = "other claims of it contradict one another"
            else:
                rule = f"{right[0] if right else 'no claim'} fills {field}"
                rule += f", not {accepted[0]}" if accepted else ""
            yield f"{target}: by the rules of evidence {rule}. {_republish(pairs[0][0])}."


def _denied(claims: list[Row], by_target: Mapping[str, list[Row]]) -> Iterator[str]:
    """Nothing is there that is only denied."""
    by_record: dict[str, list[Row]] = defaultdict(list)
    for claim in claims:
        by_record[claim["record_id"]].append(claim)
    for id, about in by_record.items():
        if is_only_denied(id, about):
            yield (
                f"{id}: it is only denied, and counts as a fact. Leave it out. "
                f"{_republish(*about)}, with who denies it as a statement."
            )
    for id, about in by_target.items():
        if id not in by_record and is_only_denied(id, about):
            yield f"{id}: it is only denied, and counts as a fact. {_republish(*about)}."


def _bounded(noun: type[Versioned], target: str, claims: list[Row]) -> Iterator[str]:
    """No value is bounded the wrong way round, and nothing ends before it begins."""
    spans: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for claim in claims:
        for name, value in _values(noun, claim):
            if found := mistake(noun.declared.values[name].kind, value):
                _, wrong, right = found
                advice = f"Set it right, and publish the dossier of {claim['source_id']} again."
                yield f"{claim['id']}: {name}: {' '.join(filter(None, (wrong, right, advice)))}"
            elif not is_denied(claim):
                spans[claim["source_id"]][name].append(value)
    for source, dates in spans.items():
        for start, first, end, last in reversed_spans(noun, dates):
            yield (
                f"{target}: {end} {last} lies before {start} {first}. "
                f"Set it right, and publish the dossier of {source} again."
            )


def _values(noun: type[Versioned], claim: Row) -> Iterator[tuple[str, Any]]:
    """The value objects that a claim gives, by the field they stand in."""
    field, value = place_of(claim)[1], json.loads(claim["value"] or "null")
    if isinstance(value, dict):
        values = value if field is None and claim["origin"] == "IMPORTED" else {field: value}
        for name in noun.declared.values:
            if values.get(camel(name)) is not None:
                yield name, values[camel(name)]

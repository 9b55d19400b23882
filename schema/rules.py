"""Rules: whether what is published follows the rules of evidence, which are stricter now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

import sqlalchemy as sa

from schema.acceptance import is_only_denied, place_of, settle
from schema.ages import ages_of
from schema.versions import Row


def broken(connection: sa.Connection, by_target: Mapping[str, list[Row]]) -> Iterator[str]:
    """What would be refused or accepted otherwise, were it published today."""
    claims = [claim for rivals in by_target.values() for claim in rivals]
    yield from _accepted(connection, claims, by_target)
    yield from _denied(claims, by_target)


def _again(*claims: Row) -> str:
    sources = ", ".join(sorted({claim["source_id"] for claim in claims}))
    return f"Publish the dossier of {sources} again"


def _accepted(
    connection: sa.Connection, claims: list[Row], by_target: Mapping[str, list[Row]]
) -> Iterator[str]:
    """Each field is filled by the claim that the rules choose."""
    ages = ages_of(connection, claims, 0)
    for target, rivals in by_target.items():
        chosen = [dict(claim) for claim in rivals]
        settle(chosen, "", ages)
        wrong: dict[str | None, list[tuple[Row, Row]]] = defaultdict(list)
        for before, after in zip(rivals, chosen, strict=True):
            if any(before[name] != after[name] for name in ("is_accepted", "conflict_key")):
                wrong[place_of(before)[1]].append((before, after))
        for field, pairs in wrong.items():
            held = [before["id"] for before, after in pairs if before["is_accepted"]]
            right = [after["id"] for before, after in pairs if after["is_accepted"]]
            if field is None or held == right:
                wrong_is = "other claims of it contradict one another"
            else:
                wrong_is = f"{right[0] if right else 'no claim'} fills {field}"
                wrong_is += f", not {held[0]}" if held else ""
            yield f"{target}: by the rules of evidence {wrong_is}. {_again(pairs[0][0])}."


def _denied(claims: list[Row], by_target: Mapping[str, list[Row]]) -> Iterator[str]:
    """Nothing stands that is only denied."""
    by_record: dict[str, list[Row]] = defaultdict(list)
    for claim in claims:
        by_record[claim["record_id"]].append(claim)
    for id, told in by_record.items():
        if is_only_denied(id, told):
            yield (
                f"{id}: it is only denied, and counts as a fact. Leave it out. {_again(*told)}, "
                "with who denies it as a statement."
            )
    for id, told in by_target.items():
        if id not in by_record and is_only_denied(id, told):
            yield f"{id}: it is only denied, and counts as a fact. {_again(*told)}."

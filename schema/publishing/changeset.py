"""Change sets: what a coding would change, were it published now."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from schema.dossiers.draft import Coding, LinkDraft
from schema.dossiers.yaml_source import Path as YamlPath
from schema.errors import DossierError, DossierRefusedError, nearest
from schema.model.editions import valid
from schema.model.noun import Titled, TitleOrigin, Versioned
from schema.model.registry import Row, noun_of, nouns, nouns_of, prefix_of, table_of
from schema.nouns.claim import Claim, Passage, place_of
from schema.publishing.acceptance import (
    composed_title,
    derive_row,
    folded,
    is_only_denied,
    resolve_conflicts,
)
from schema.publishing.completeness import RequiredFields
from schema.publishing.derivation import cycles
from schema.publishing.passages import passages_of
from schema.publishing.precedence import ages_of
from schema.publishing.rows import (
    RowChange,
    chosen,
    current,
    current_of_any,
    difference,
    foreign_keys,
)
from schema.storage.engine import Progress


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class ChangeSetBuilder:
    """The rows as they would be if the coding were published now."""

    def __init__(self, connection: sa.Connection, coding: Coding, author: str, number: int) -> None:
        self.connection, self.coding, self.author, self.number = connection, coding, author, number
        self.required = RequiredFields(connection)

    def changes(self, progress: Progress) -> list[RowChange]:
        """Every row that differs: noun, row before, row after."""
        progress("reading", 0, 1)
        old = self._rows(Claim, "source_id", [self.coding.source_id])
        touched = {claim["record_id"] for claim in old.values()} | self.coding.records.keys()
        standing = old | self._rows(Claim, "record_id", sorted(touched))
        claims = self._claims(standing)
        targets = self._settled(standing, claims)
        changes: list[RowChange] = []
        findings = list(self.coding.findings)
        rows = current_of_any(self.connection, targets)
        covered = self._covered(targets)
        everything = sorted(targets.keys() | covered.keys())
        for index, target in enumerate(everything):
            progress("weighing", index, len(everything))
            noun = noun_of(target)
            assert noun is not None
            before = rows.get(target) or covered.get(target)
            claimed = targets.get(target, [])
            after = self._after(noun, target, claimed, before, findings)
            if after is None and before and target in covered and not self._owns(before):
                after = before
            changes += difference(noun, before, after)
        self._check_denied(claims, findings)
        self._check_references(changes, findings)
        self._check_retracted(changes, findings)
        self._check_circles(changes, findings)
        if findings:
            raise DossierRefusedError(findings)
        changes += self._evidence(standing, claims)
        return changes

    def _rows(self, noun: type[Versioned], column: str, keys: Sequence[str]) -> dict[str, Row]:
        return current(self.connection, noun, column, keys)

    def _claims(self, standing: dict[str, Row]) -> dict[str, Row]:
        """All claims about the touched records once this coding stands."""
        source = self.coding.source_id
        after = {id: dict(row) for id, row in standing.items() if row["source_id"] != source}
        for id, draft in self.coding.claims.items():
            known = standing.get(id)
            after[id] = {
                "id": id,
                "since": known["since"] if known else self.number,
                "until": None,
                "title": f"{draft.place or 'record'} of {draft.record_id}",
                "title_origin": TitleOrigin.COMPOSED,
                "record_id": draft.record_id,
                "field": draft.field,
                "element_id": draft.element_id,
                "element_field": draft.element_field,
                "stated": draft.stated,
                "value": None if draft.value is None else _json(draft.value),
                "status": draft.status,
                "origin": draft.origin,
                "basis": draft.basis,
                "factuality": draft.factuality,
                "is_preferred": draft.is_preferred,
                "is_accepted": known["is_accepted"] if known else False,
                "accepted_by": known["accepted_by"] if known else None,
                "conflict_key": known["conflict_key"] if known else None,
                "source_id": source,
            }
        for row in after.values():
            for name in ("status", "origin", "factuality"):
                row[name] = getattr(row[name], "value", row[name])
        return after

    def _settled(self, standing: dict[str, Row], claims: dict[str, Row]) -> dict[str, list[Row]]:
        """The claims of each row they fill, accepted claims marked."""
        ages = ages_of(self.connection, claims.values(), self.number)
        targets: dict[str, list[Row]] = defaultdict(list)
        for claim in standing.values():
            targets[place_of(claim)[0]] = []
        for claim in claims.values():
            targets[place_of(claim)[0]].append(claim)
        for rivals in targets.values():
            if rivals:
                resolve_conflicts(rivals, self.author, ages)
        for claim in claims.values():
            claim["folded"] = folded(Claim, claim)
        return targets

    def _covered(self, targets: dict[str, list[Row]]) -> dict[str, Row | None]:
        """The links that rows of a data set cover, as they stand; None for those to come."""
        covering = {claim.id for claim in self.coding.claims.values() if claim.origin == "IMPORTED"}
        for claims in targets.values():
            covering |= {claim["id"] for claim in claims if claim["origin"] == "IMPORTED"}
        found: dict[str, Row | None] = {
            id: None for id, link in self.coding.links.items() if link.covered_by
        }
        for noun in nouns().values() if covering else ():
            if noun.parent_key and "covered_by_id" in table_of(noun).c:
                found |= self._rows(noun, "covered_by_id", sorted(covering))
        return found

    def _after(
        self,
        noun: type[Versioned],
        target: str,
        claims: list[Row],
        before: Row | None,
        findings: list[DossierError],
    ) -> Row | None:
        """The row as it would be; None when nothing says any more that it exists."""
        link = self.coding.links.get(target)
        if not claims and not (link and link.covered_by):
            return None
        if before and noun.parent_key and is_only_denied(target, claims):
            return before  # Of an older release; it goes when its source is published again.
        row, missing = derive_row(noun, claims)
        row |= self._place(noun, link, before) | self._document(noun, target, before)
        full = {column.name: None for column in table_of(noun).columns} | row
        full |= {"id": target, "until": None}
        if issubclass(noun, Titled):
            if not full["title"]:
                full["title"] = composed_title(noun, full)
                full["title_origin"] = TitleOrigin.COMPOSED
            full["folded"] = folded(noun, full)
        if target not in self.coding.refused:
            path = self.coding.records.get(target, link.path if link else ())
            since = None if before is None else before["since"]
            required = self.required.among(noun, target, since, missing)
            findings += [self._unexplained(path, target, name) for name in required]
            findings += self._empty(noun, path, full)
        return full

    def _place(self, noun: type[Versioned], link: LinkDraft | None, before: Row | None) -> Row:
        """Which record a link belongs to, and the plain values that a row of a data set gives."""
        if noun.parent_key is None:
            return {}
        if link is None:
            return {noun.parent_key: before[noun.parent_key]} if before else {}
        row: Row = {noun.parent_key: link.parent_id}
        if link.covered_by:
            row |= {name: chosen(noun, name, value) for name, value in link.values.items()}
            row["covered_by_id"] = link.covered_by
        return row

    def _document(self, noun: type[Versioned], target: str, before: Row | None) -> Row:
        """What a source is evidence of by itself: its text."""
        if target == self.coding.source_id:
            return self.coding.evident
        return {name: before[name] for name in noun.evident} if before else {}

    def _unexplained(self, path: YamlPath, target: str, name: str) -> DossierError:
        return self.coding.lines.error(
            path,
            f"{target} {name}",
            "it has neither a value nor a reason.",
            "Code it, or write NOT_STATED, WITHHELD, UNKNOWN or NOT_APPLICABLE.",
        )

    def _empty(self, noun: type[Versioned], path: YamlPath, row: Row) -> Iterator[DossierError]:
        """What a row must hold and does not, because it is denied or nobody says it."""
        for column in table_of(noun).columns:
            if not column.nullable and row[column.name] is None and column.name != "since":
                wrong = "it holds nothing, and there is none without it."
                right = f"Give it a value, or leave the {prefix_of(noun)} out."
                yield self.coding.lines.error(path, f"{row['id']} {column.name}", wrong, right)

    def _owns(self, link: Row) -> bool:
        return str(link.get("covered_by_id", "")).startswith(
            f"claim/{self.coding.source_id.partition('/')[2]}."
        )

    def _check_denied(self, claims: dict[str, Row], findings: list[DossierError]) -> None:
        """No record stands that is only denied, because it would count as a fact."""
        by_record: dict[str, list[Row]] = defaultdict(list)
        for claim in claims.values():
            by_record[claim["record_id"]].append(claim)
        for id, told in sorted(by_record.items()):
            if is_only_denied(id, told):
                findings.append(
                    self.coding.lines.error(
                        self.coding.records.get(id, ()),
                        id,
                        "it is only denied, and would count as a fact.",
                        "Code who denies it as a statement, and leave the record out until a "
                        "source affirms it.",
                    )
                )

    def _check_references(self, changes: list[RowChange], findings: list[DossierError]) -> None:
        coming = {after["id"] for _, _, after in changes if after is not None}
        going = {before["id"] for _, before, after in changes if after is None and before}
        coming |= self.coding.records.keys()
        wanted = {id for id, *_ in self.coding.references} - coming
        existing = (coming | current_of_any(self.connection, wanted).keys()) - going
        for id, target, path, name in self.coding.references:
            noun = str(id).partition("/")[0]
            allowed = {prefix_of(nouns()[name]) for name in nouns_of(target)}
            if noun not in allowed:
                findings.append(
                    self.coding.lines.error(
                        path, name, f"'{id}' is no {' or '.join(sorted(allowed))}."
                    )
                )
            elif id not in existing:
                near = nearest(str(id), self._known(noun) | coming)
                findings.append(
                    self.coding.lines.error(
                        path,
                        name,
                        f"there is no record '{id}'.",
                        f"Did you mean '{near}'?" if near else "Code it in this dossier first.",
                    )
                )

    def _check_retracted(self, changes: list[RowChange], findings: list[DossierError]) -> None:
        """Nothing that another record still points at is retracted."""
        going = {before["id"] for _, before, after in changes if after is None and before}
        changed = {(after or before or {})["id"] for _, before, after in changes}
        pointing = [(noun, after) for noun, _, after in changes if after is not None]
        if going:
            for noun in nouns().values():
                for column in foreign_keys(noun):
                    found = self._rows(noun, column, sorted(going))
                    pointing += [(noun, row) for id, row in found.items() if id not in changed]
        for noun, row in pointing:
            for id in sorted({row[column] for column in foreign_keys(noun)} & going):
                wrong = f"it would be retracted, but {row['id']} points at it."
                right = "Keep it, or change that record first."
                findings.append(self.coding.lines.error((), id, wrong, right))

    def _check_circles(self, changes: list[RowChange], findings: list[DossierError]) -> None:
        """No record was made, step by step, from itself."""
        for way in cycles(self.connection, changes):
            path = ("source",) if way[0] == self.coding.source_id else ()
            wrong = f"it would be made from itself: {' → '.join(way)}."
            right = "Name what it was made from, or write NOT_APPLICABLE."
            findings.append(self.coding.lines.error(path, way[0], wrong, right))

    def _known(self, noun: str) -> set[str]:
        kind = noun_of(f"{noun}/")
        if kind is None:
            return set()
        table = table_of(kind)
        return set(
            self.connection.execute(sa.select(table.c.id).where(valid(table, None))).scalars()
        )

    def _evidence(self, standing: dict[str, Row], claims: dict[str, Row]) -> list[RowChange]:
        changes: list[RowChange] = []
        for id in sorted(standing.keys() | claims.keys()):
            before, after = standing.get(id), claims.get(id)
            if after is not None:
                after = {name: chosen(Claim, name, value) for name, value in after.items()}
            changes += difference(Claim, before, after)
        own = [id for id, row in standing.items() if row["source_id"] == self.coding.source_id]
        passages = self._rows(Passage, "claim_id", sorted(own))
        wanted = {row["id"]: row for row in passages_of(self.coding)}
        for id in sorted(passages.keys() | wanted.keys()):
            changes += difference(Passage, passages.get(id), wanted.get(id))
        return changes

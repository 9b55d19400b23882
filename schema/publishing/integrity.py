"""Integrity: what a change set must not leave behind, refused before anything is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from schema.dossiers.draft import Coding, slug
from schema.dossiers.yaml_source import Findings
from schema.errors import nearest
from schema.model.editions import valid
from schema.model.registry import Row, nouns, nouns_of, prefix_of, prefixes, table_of
from schema.publishing.belonging import doubled
from schema.publishing.derivation import cycles
from schema.publishing.precedence import is_only_denied
from schema.publishing.rows import RowChange, current, current_of_any, foreign_keys


class IntegrityCheck:
    """Holds a change set against what is published; what is wrong becomes a finding."""

    def __init__(self, connection: sa.Connection, coding: Coding, findings: Findings) -> None:
        self.connection, self.coding, self.refuse = connection, coding, findings.refuse

    def check(self, changes: list[RowChange], claims: Mapping[str, Row]) -> None:
        """Refuses what is only denied or leads nowhere, circles, and states that exclude others."""
        retracted = {before["id"] for _, before, after in changes if after is None and before}
        self._check_denied(claims.values())
        self._check_references(changes, retracted)
        if retracted:
            self._check_retracted(changes, retracted)
        self._check_circles(changes)
        self._check_states(changes)

    def _check_denied(self, claims: Iterable[Row]) -> None:
        """No record is published that is only denied, because it would count as a fact."""
        by_record: dict[str, list[Row]] = defaultdict(list)
        for claim in claims:
            by_record[claim["record_id"]].append(claim)
        wrong = "it is only denied, and would count as a fact."
        right = (
            "Code who denies it as a statement, and leave the record out until a source affirms it."
        )
        for id, about in sorted(by_record.items()):
            if is_only_denied(id, about):
                self.refuse(self.coding.records.get(id, ()), id, wrong, right)

    def _check_references(self, changes: list[RowChange], retracted: set[str]) -> None:
        """What the dossier points at is there, and of the noun that is wanted."""
        coming = {after["id"] for _, _, after in changes if after is not None}
        coming |= self.coding.records.keys()
        wanted = {id for id, *_ in self.coding.references} - coming
        existing = (coming | current_of_any(self.connection, wanted).keys()) - retracted
        for id, target, path, name in self.coding.references:
            given, prefix = str(id), str(id).partition("/")[0]
            allowed = sorted(prefix_of(nouns()[noun]) for noun in nouns_of(target))
            if prefix not in allowed:
                self.refuse(
                    path,
                    name,
                    f"'{id}' is no {' or '.join(allowed)}.",
                    self._meant(given, allowed, coming, retracted),
                )
            elif id in retracted:
                wrong = f"there is no record '{id}' any more: this dossier codes it no longer."
                self.refuse(path, name, wrong, "Code it in this dossier, or name another.")
            elif id not in existing:
                of_noun = {each for each in coming if each.startswith(f"{prefix}/")}
                near = nearest(given, (self._ids(prefix) | of_noun) - retracted)
                right = f"Did you mean '{near}'?" if near else "Code it in this dossier first."
                self.refuse(path, name, f"there is no record '{id}'.", right)

    def _meant(self, given: str, allowed: list[str], coming: set[str], retracted: set[str]) -> str:
        """The record that a bare name, or an id of no noun, stands for."""
        if given.partition("/")[0] in prefixes():
            return f"Write the id of {' or '.join(f'a record {each}/…' for each in allowed)}."
        ids = {id for id in coming if id.partition("/")[0] in allowed}
        ids = ids.union(*map(self._ids, allowed)) - retracted
        ending = slug(given.rpartition("/")[2])
        near = next((f"{each}/{ending}" for each in allowed if f"{each}/{ending}" in ids), None)
        if near := near or nearest(f"{allowed[-1]}/{ending}", ids):
            return f"Did you mean '{near}'?"
        return f"Write its id, such as '{allowed[-1]}/{ending}', and code it where it is not yet."

    def _check_retracted(self, changes: list[RowChange], retracted: set[str]) -> None:
        """Nothing that another record still points at is retracted."""
        changed = {(after or before or {})["id"] for _, before, after in changes}
        referenced = {id for id, *_ in self.coding.references}
        pointing = [(noun, after) for noun, _, after in changes if after is not None]
        for noun in nouns().values():
            for column in foreign_keys(noun):
                rows = current(self.connection, noun, column, sorted(retracted))
                pointing += [(noun, row) for id, row in rows.items() if id not in changed]
        for noun, row in pointing:
            pointed = {row[column] for column in foreign_keys(noun)} & retracted
            for id in sorted(pointed - referenced):
                wrong = f"it would be retracted, but {row['id']} points at it."
                self.refuse((), id, wrong, "Keep it, or change that record first.")

    def _check_circles(self, changes: list[RowChange]) -> None:
        """No record was made, step by step, from itself."""
        for way in cycles(self.connection, changes):
            path = ("source",) if way[0] == self.coding.source_id else ()
            wrong = f"it would be made from itself: {' → '.join(way)}."
            right = "Name what it was made from, or write NOT_APPLICABLE."
            self.refuse(path, way[0], wrong, right)

    def _check_states(self, changes: list[RowChange]) -> None:
        """No group has a state of its own and belongs to several beside it."""
        for id, state, states in doubled(self.connection, changes):
            wrong = f"it would belong to {' and '.join(states)}, and have {state} as its state too."
            right = (
                "A group of several states has none of its own: write state: {status: "
                "NOT_APPLICABLE, preferred: true, basis: …}, or leave the others out."
            )
            self.refuse(self.coding.records.get(id, ()), id, wrong, right)

    def _ids(self, prefix: str) -> set[str]:
        """The ids of a noun, for the nearest one to a wrong one."""
        table = table_of(prefixes()[prefix])
        query = sa.select(table.c.id).where(valid(table, None))
        return set(self.connection.execute(query).scalars())

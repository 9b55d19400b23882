"""Change sets: what a coding would change, were it published now."""

from __future__ import annotations

import datetime
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from schema.dossiers.draft import Coding, LinkDraft
from schema.dossiers.yaml_source import Findings
from schema.dossiers.yaml_source import Path as YamlPath
from schema.errors import DossierRefusedError
from schema.indexing.folding import folded
from schema.model.noun import Link, Record, Titled, TitleOrigin, Versioned
from schema.model.registry import Row, known, noun_with, nouns, prefix_of, table_of
from schema.model.traits import Trait
from schema.model.values import PartialDate
from schema.nouns.claim import Claim, Passage, place_of
from schema.publishing.acceptance import resolve, resolve_conflicts
from schema.publishing.ages import Ages, Calendar, ages_of
from schema.publishing.completeness import RequiredFields
from schema.publishing.derived_row import composed_title, derive_row
from schema.publishing.factuality import derive_factuality
from schema.publishing.integrity import IntegrityCheck
from schema.publishing.passages import passages_of
from schema.publishing.precedence import is_only_denied
from schema.publishing.rows import RowChange, current, current_of_any, difference, stored_choice_of
from schema.publishing.support import supported
from schema.storage.engine import Progress


class ChangeSetBuilder:
    """The rows as they would be if the coding were published now."""

    def __init__(
        self,
        connection: sa.Connection,
        coding: Coding,
        author: str,
        number: int,
        now: datetime.datetime,
    ) -> None:
        """`number` and `now` are those of the edition that the coding would become."""
        self.connection, self.coding, self.author = connection, coding, author
        self.number, self.now = number, now
        self.findings = Findings(coding.findings.lines, coding.findings)
        self.required = RequiredFields(connection)
        self.ages: Ages = {}

    def changes(self, progress: Progress) -> list[RowChange]:
        """Every row that differs: noun, row before, row after."""
        progress("reading", 0, 1)
        own = self._rows(Claim, "source_id", [self.coding.source_id])
        touched = {claim["record_id"] for claim in own.values()} | self.coding.records.keys()
        published = own | self._rows(Claim, "record_id", sorted(touched))
        claims = self._claims(published)
        by_target = self._by_target(published, claims)
        changes: list[RowChange] = []
        rows = current_of_any(self.connection, by_target)
        covered = self._covered(by_target)
        targets = sorted(by_target.keys() | covered.keys())
        for index, target in enumerate(targets):
            progress("weighing", index, len(targets))
            noun = known(target)
            before = rows.get(target) or covered.get(target)
            about = by_target.get(target, [])
            after = self._after(noun, target, about, before, claims)
            if after is None and before and target in covered and not self._owns(before):
                after = before
            changes += difference(noun, before, after)
        IntegrityCheck(self.connection, self.coding, self.findings).check(changes, claims)
        if self.findings:
            raise DossierRefusedError(self.findings)
        changes += self._evidence(published, claims)
        return changes

    def _rows(self, noun: type[Versioned], column: str, keys: Sequence[str]) -> dict[str, Row]:
        return current(self.connection, noun, column, keys)

    def _claims(self, published: dict[str, Row]) -> dict[str, Row]:
        """All claims about the touched records once this coding is published."""
        source = self.coding.source_id
        claims = {id: dict(row) for id, row in published.items() if row["source_id"] != source}
        support = supported(self.connection, self.coding, self.findings)
        for id, draft in self.coding.claims.items():
            before = published.get(id, {})
            claims[id] = {
                **{name: part for name, part in vars(draft).items() if name in table_of(Claim).c},
                "since": before.get("since", self.number),
                "until": None,
                "title": f"{draft.place or 'record'} of {draft.record_id}",
                "title_origin": TitleOrigin.COMPOSED,
                "value": None if draft.value is None else _json(draft.value),
                "support": support[id],
                "is_accepted": before.get("is_accepted", False),
                "accepted_by": before.get("accepted_by"),
                "conflict_key": before.get("conflict_key"),
                "source_id": source,
            }
        for row in claims.values():
            for name in ("status", "origin", "factuality"):
                row[name] = getattr(row[name], "value", row[name])
        return claims

    def _by_target(self, published: dict[str, Row], claims: dict[str, Row]) -> dict[str, list[Row]]:
        """The claims of each row that they fill, accepted claims marked."""
        targets: dict[str, list[Row]] = defaultdict(list)
        for claim in published.values():
            targets[place_of(claim)[0]] = []
        for claim in claims.values():
            targets[place_of(claim)[0]].append(claim)
        calendar = Calendar(self.connection, self.now, self._own_date(targets))
        self.ages = ages_of(self.connection, claims.values(), self.number, calendar)
        resolve(targets, self.author, self.ages)
        for claim in claims.values():
            claim["folded"] = folded(Claim, claim)
        return targets

    def _own_date(self, targets: dict[str, list[Row]]) -> dict[str, PartialDate]:
        """When the document was published, by the claims of this very coding."""
        source, noun = self.coding.source_id, noun_with(Trait.SOURCE)
        claims = [dict(claim) for claim in targets.get(source, [])]
        resolve_conflicts(source, claims, self.author, {})
        row, _ = derive_row(noun, claims, {})
        date = noun.dated_by[0]
        earliest, latest = (row.get(f"{date}_{bound}") for bound in ("earliest", "latest"))
        return {source: PartialDate(earliest=earliest, latest=latest)}

    def _covered(self, targets: dict[str, list[Row]]) -> dict[str, Row | None]:
        """The links that rows of a data set cover, as they are; None for those to come."""
        covering = {claim.id for claim in self.coding.claims.values() if claim.origin == "IMPORTED"}
        for claims in targets.values():
            covering |= {claim["id"] for claim in claims if claim["origin"] == "IMPORTED"}
        links: dict[str, Row | None] = {
            id: None for id, link in self.coding.links.items() if link.covered_by
        }
        for noun in nouns().values() if covering else ():
            if noun.parent_key and "covered_by_id" in table_of(noun).c:
                links |= self._rows(noun, "covered_by_id", sorted(covering))
        return links

    def _after(
        self,
        noun: type[Versioned],
        target: str,
        claims: list[Row],
        before: Row | None,
        among: dict[str, Row],
    ) -> Row | None:
        """The row as it would be; None when nothing says any more that it exists."""
        link = self.coding.links.get(target)
        if not claims and not (link and link.covered_by):
            return None
        if before and noun.parent_key and is_only_denied(target, claims):
            return before  # Of an older release; it goes when its source is published again.
        values, missing = derive_row(noun, claims, self.ages)
        row: Row = {column.name: None for column in table_of(noun).columns}
        row |= values | self._owner(noun, link, before) | self._document(noun, target, before)
        row |= {"id": target, "until": None}
        if issubclass(noun, Record | Link):
            covering = among.get(str(row.get("covered_by_id")))
            row |= derive_factuality(noun, claims, [covering] if covering else [])
        if issubclass(noun, Titled):
            if not row["title"]:
                row["title"] = composed_title(noun, row)
                row["title_origin"] = TitleOrigin.COMPOSED
            row["folded"] = folded(noun, row)
        if target not in self.coding.refused:
            path = self.coding.records.get(target, link.path if link else ())
            since = None if before is None else before["since"]
            self._check_complete(path, target, self.required.among(noun, target, since, missing))
            self._check_filled(noun, path, row)
        return row

    def _owner(self, noun: type[Versioned], link: LinkDraft | None, before: Row | None) -> Row:
        """Which record a link belongs to, and the plain values that a row of a data set gives."""
        if noun.parent_key is None:
            return {}
        if link is None:
            return {noun.parent_key: before[noun.parent_key]} if before else {}
        row: Row = {noun.parent_key: link.parent_id}
        if link.covered_by:
            row |= {name: stored_choice_of(noun, name, part) for name, part in link.values.items()}
            row["covered_by_id"] = link.covered_by
        return row

    def _document(self, noun: type[Versioned], target: str, before: Row | None) -> Row:
        """What a source is evidence of by itself: its text."""
        if target == self.coding.source_id:
            return self.coding.evident
        return {name: before[name] for name in noun.evident} if before else {}

    def _check_complete(self, path: YamlPath, target: str, names: list[str]) -> None:
        """Refuses fields of which nobody says anything."""
        wrong = "it has neither a value nor a reason."
        right = "Code it, or write NOT_STATED, WITHHELD, UNKNOWN or NOT_APPLICABLE."
        for name in names:
            self.findings.refuse(path, f"{target} {name}", wrong, right)

    def _check_filled(self, noun: type[Versioned], path: YamlPath, row: Row) -> None:
        """Refuses a row without what it must hold, because it is denied or nobody says it."""
        wrong = "it holds nothing, and there is none without it."
        right = f"Give it a value, or leave the {prefix_of(noun)} out."
        for column in table_of(noun).columns:
            if not column.nullable and row[column.name] is None and column.name != "since":
                self.findings.refuse(path, f"{row['id']} {column.name}", wrong, right)

    def _owns(self, link: Row) -> bool:
        """Whether the row of a data set that covers a link is one of this source."""
        own = f"claim/{self.coding.source_id.partition('/')[2]}."
        return str(link.get("covered_by_id", "")).startswith(own)

    def _evidence(self, published: dict[str, Row], claims: dict[str, Row]) -> Iterator[RowChange]:
        """The changes of claims and passages."""
        for id in sorted(published.keys() | claims.keys()):
            before, after = published.get(id), claims.get(id)
            if after is not None:
                after = {name: stored_choice_of(Claim, name, part) for name, part in after.items()}
                if before and before["support"]:
                    # A name that others have published meanwhile is no change of the dossier.
                    kept = {**after, "support": before["support"]}
                    after = kept if not difference(Claim, before, kept) else after
            yield from difference(Claim, before, after)
        own = [id for id, row in published.items() if row["source_id"] == self.coding.source_id]
        passages = self._rows(Passage, "claim_id", sorted(own))
        wanted = {row["id"]: row for row in passages_of(self.coding)}
        for id in sorted(passages.keys() | wanted.keys()):
            yield from difference(Passage, passages.get(id), wanted.get(id))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

"""The one way in: a coding is weighed against what is published and becomes one edition."""

from __future__ import annotations

import bisect
import datetime
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from schema.acceptance import folded, row_of, settle
from schema.claim import Claim, Passage
from schema.coding import CONTEXT, Coding, noun_of
from schema.database import key_in
from schema.edition import Edition, EditionCounter, Identity, valid
from schema.errors import DossierError, DossierRefusedError, nearest
from schema.noun import Titled, TitleOrigin, Versioned, nouns

Row = dict[str, Any]
Progress = Callable[[str, int, int], None]
ACTORS = frozenset({"party", "official"})


@dataclass(frozen=True)
class Publication:
    """What publishing did: the edition, and how many rows it added, amended and retracted."""

    edition: int | None
    """The edition that was published; None when nothing had changed."""
    added: int = 0
    amended: int = 0
    retracted: int = 0


def publish(
    connection: sa.Connection,
    coding: Coding,
    author: str,
    now: datetime.datetime | None = None,
    progress: Progress = lambda step, done, total: None,
) -> Publication:
    """Publishes a coding as one edition, in the transaction of the connection."""
    counter = EditionCounter.__table__  # type: ignore[attr-defined]  # set by SQLModel
    number = connection.execute(sa.select(counter.c.number).with_for_update()).scalar_one() + 1
    draft = _Draft(connection, coding, author, number)
    changes = draft.changes(progress)
    added = sum(1 for _, before, after in changes if before is None and after is not None)
    retracted = sum(1 for _, before, after in changes if after is None)
    if not changes:
        return Publication(None)
    connection.execute(sa.update(counter).values(number=number))
    connection.execute(
        sa.insert(Edition.__table__),  # type: ignore[attr-defined]  # set by SQLModel
        {
            "number": number,
            "published_at": now or datetime.datetime.now(datetime.UTC),
            "author": author,
            "summary": coding.summary,
            "idempotency_key": coding.fingerprint,
        },
    )
    _write(connection, changes, number, progress)
    return Publication(number, added, len(changes) - added - retracted, retracted)


Change = tuple[type[Versioned], Row | None, Row | None]


class _Draft:
    """The rows as they would be if the coding were published now."""

    def __init__(self, connection: sa.Connection, coding: Coding, author: str, number: int) -> None:
        self.connection, self.coding, self.author, self.number = connection, coding, author, number

    def changes(self, progress: Progress) -> list[Change]:
        """Every row that differs: noun, row before, row after."""
        progress("reading", 0, 1)
        old = self._rows(Claim, "source_id", [self.coding.source_id])
        touched = {claim["record_id"] for claim in old.values()} | self.coding.records.keys()
        standing = old | self._rows(Claim, "record_id", sorted(touched))
        claims = self._claims(standing)
        targets = self._settled(standing, claims)
        changes: list[Change] = []
        findings = list(self.coding.findings)
        rows = self._current(targets)
        links = self._links(claims, targets)
        total = len(targets) + len(links)
        for index, target in enumerate(sorted(targets.keys() | links.keys())):
            progress("weighing", index, total)
            noun = noun_of(target)
            assert noun is not None
            before = rows.get(target) or links.get(target, (None, None))[0]
            after = self._after(noun, target, targets.get(target, []), links, before, findings)
            changes += _difference(noun, before, after)
        self._check_references(changes, findings)
        if findings:
            raise DossierRefusedError(findings)
        changes += self._evidence(standing, claims)
        return changes

    def _rows(self, noun: type[Versioned], column: str, keys: Sequence[str]) -> dict[str, Row]:
        table = table_of(noun)
        query = sa.select(table).where(valid(table, None), key_in(table.c[column], keys))
        return {row["id"]: dict(row) for row in self.connection.execute(query).mappings()}

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
                "title": f"{draft.target_field or 'record'} of {draft.target}",
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
        targets: dict[str, list[Row]] = defaultdict(list)
        for claim in standing.values():
            targets[claim["element_id"] or claim["record_id"]] = []
        for claim in claims.values():
            targets[claim["element_id"] or claim["record_id"]].append(claim)
        for rivals in targets.values():
            if rivals:
                settle(rivals, self.author)
        for claim in claims.values():
            claim["folded"] = folded(Claim, claim)
        return targets

    def _current(self, ids: Iterable[str]) -> dict[str, Row]:
        by_noun: dict[type[Versioned], list[str]] = defaultdict(list)
        for id in ids:
            noun = noun_of(id)
            if noun is not None:
                by_noun[noun].append(id)
        found: dict[str, Row] = {}
        for noun, keys in by_noun.items():
            found |= self._rows(noun, "id", sorted(keys))
        return found

    def _links(
        self, claims: dict[str, Row], targets: dict[str, list[Row]]
    ) -> dict[str, tuple[Row | None, str]]:
        """The links that rows of a data set cover, those that are gone included."""
        found: dict[str, tuple[Row | None, str]] = {}
        covering = {claim.id for claim in self.coding.claims.values() if claim.origin == "IMPORTED"}
        covering |= {
            id
            for targets_of in targets.values()
            for id in (c["id"] for c in targets_of if c["origin"] == "IMPORTED")
        }
        if covering:
            for noun in nouns().values():
                if noun.parent_key and "covered_by_id" in table_of(noun).c:
                    for id, row in self._rows(noun, "covered_by_id", sorted(covering)).items():
                        found[id] = (row, "covered")
        for id, link in self.coding.links.items():
            if link.covered_by and id not in found:
                found[id] = (None, "covered")
        return found

    def _after(
        self,
        noun: type[Versioned],
        target: str,
        claims: list[Row],
        links: dict[str, tuple[Row | None, str]],
        before: Row | None,
        findings: list[DossierError],
    ) -> Row | None:
        link = self.coding.links.get(target)
        covered = target in links and not claims
        if not claims and not (link and link.covered_by):
            return before if covered and before and not self._owns(before) else None
        row, missing = row_of(noun, claims)
        table = table_of(noun)
        full: Row = {column.name: None for column in table.columns} | row
        full |= {"id": target, "until": None}
        if link is not None:
            full[str(noun.parent_key)] = link.parent_id
            if link.covered_by:
                full |= {key: _enum(noun, key, value) for key, value in link.values.items()}
                full["covered_by_id"] = link.covered_by
        elif noun.parent_key and before:
            full[noun.parent_key] = before[noun.parent_key]
        if target == self.coding.source_id:
            full |= self.coding.evident
        elif noun.__name__ == "Source" and before:
            full |= {name: before[name] for name in self.coding.evident}
        if issubclass(noun, Titled):
            if not full["title"]:
                full["title"] = _title(noun, full)
                full["title_origin"] = TitleOrigin.COMPOSED
            full["folded"] = folded(noun, full)
        if missing and target not in self.coding.refused:
            path = self.coding.records.get(target, link.path if link else ())
            for name in sorted(missing):
                findings.append(
                    self.coding.lines.error(
                        path,
                        f"{target} {name}",
                        "it has neither a value nor a reason.",
                        "Code it, or write NOT_STATED, WITHHELD, UNKNOWN or NOT_APPLICABLE.",
                    )
                )
        return full

    def _owns(self, link: Row) -> bool:
        return str(link.get("covered_by_id", "")).startswith(
            f"claim/{self.coding.source_id.partition('/')[2]}."
        )

    def _check_references(self, changes: list[Change], findings: list[DossierError]) -> None:
        coming = {after["id"] for _, _, after in changes if after is not None}
        going = {before["id"] for _, before, after in changes if after is None and before}
        coming |= self.coding.records.keys()
        wanted = {id for id, *_ in self.coding.references} - coming
        existing = (coming | self._current(wanted).keys()) - going
        for id, target, path, name in self.coding.references:
            noun = str(id).partition("/")[0]
            allowed = ACTORS if target == "Actor" else {target.lower()}
            if target != "Record" and noun not in allowed:
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

    def _known(self, noun: str) -> set[str]:
        kind = noun_of(f"{noun}/")
        if kind is None:
            return set()
        table = table_of(kind)
        return set(
            self.connection.execute(sa.select(table.c.id).where(valid(table, None))).scalars()
        )

    def _evidence(self, standing: dict[str, Row], claims: dict[str, Row]) -> list[Change]:
        changes: list[Change] = []
        for id in sorted(standing.keys() | claims.keys()):
            before, after = standing.get(id), claims.get(id)
            if after is not None:
                after = {name: _enum(Claim, name, value) for name, value in after.items()}
            changes += _difference(Claim, before, after)
        own = [id for id, row in standing.items() if row["source_id"] == self.coding.source_id]
        passages = self._rows(Passage, "claim_id", sorted(own))
        wanted = {row["id"]: row for row in self._passages()}
        for id in sorted(passages.keys() | wanted.keys()):
            changes += _difference(Passage, passages.get(id), wanted.get(id))
        return changes

    def _passages(self) -> Iterator[Row]:
        text = self.coding.text
        wide = _Utf16(text)
        for id, claim in self.coding.claims.items():
            for index, passage in enumerate(claim.passages, 1):
                start, end = passage.start, passage.end
                yield {
                    "id": f"passage/{id.partition('/')[2]}.{index}",
                    "until": None,
                    "claim_id": id,
                    "source_id": self.coding.source_id,
                    "exact": passage.exact,
                    "prefix": text[max(0, start - CONTEXT) : start],
                    "suffix": text[end : end + CONTEXT],
                    "start": start,
                    "end": end,
                    "start_utf16": wide.at(start),
                    "end_utf16": wide.at(end),
                    "is_in_heading": any(a <= start and end <= b for a, b in self.coding.headings),
                }


class _Utf16:
    """Offsets in UTF-16 units, which differ only behind characters outside the basic plane."""

    def __init__(self, text: str) -> None:
        self.wide = [index for index, letter in enumerate(text) if ord(letter) > 0xFFFF]

    def at(self, offset: int) -> int:
        """The offset in UTF-16 units of an offset in code points."""
        return offset + bisect.bisect_left(self.wide, offset)


def table_of(noun: type[Versioned]) -> sa.Table:
    """The table of a noun."""
    table: sa.Table = noun.__table__  # type: ignore[attr-defined]  # set by SQLModel
    return table


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _enum(noun: type[Versioned], name: str, value: Any) -> Any:
    kind = table_of(noun).c[name].type
    if isinstance(kind, sa.Enum) and kind.enum_class and isinstance(value, str):
        return kind.enum_class(value)
    return value


def _title(noun: type[Versioned], row: Row) -> str:
    """A title made from the parts of a link."""
    shown = [row.get("stated_as") or row.get(part) for part in noun.slug_from]
    shown = [getattr(value, "value", value) for value in shown if value]
    if noun.__name__ == "Involvement":
        role = str(getattr(row["role"], "value", row["role"])).replace("_", " ").capitalize()
        return f"{role}: {row.get('stated_as') or row['actor_id']}"
    if noun.__name__ in ("Name", "VerbatimSpan", "Evaluation"):
        return str(row["text"])
    return " · ".join(map(str, shown)) or str(row["id"])


def _difference(noun: type[Versioned], before: Row | None, after: Row | None) -> list[Change]:
    if before is None and after is None:
        return []
    if before is not None and after is not None:
        same = all(after.get(name) == value for name, value in before.items() if name != "since")
        return [] if same else [(noun, before, after)]
    return [(noun, before, after)]


def _write(
    connection: sa.Connection, changes: list[Change], number: int, progress: Progress
) -> None:
    """Writes identities first, then closes what is replaced, then adds what is new."""
    ids = {after["id"] for _, _, after in changes if after is not None}
    identity = Identity.__table__  # type: ignore[attr-defined]  # set by SQLModel
    known = set(
        connection.execute(
            sa.select(identity.c.id).where(key_in(identity.c.id, sorted(ids)))
        ).scalars()
    )
    fresh = [{"id": id, "noun": id.partition("/")[0]} for id in sorted(ids - known)]
    if fresh:
        connection.execute(sa.insert(identity), fresh)
    closed: dict[type[Versioned], list[str]] = defaultdict(list)
    opened: dict[type[Versioned], list[Row]] = defaultdict(list)
    for noun, before, after in changes:
        if before is not None:
            closed[noun].append(before["id"])
        if after is not None:
            opened[noun].append({**after, "since": number})
    for noun, keys in closed.items():
        table = table_of(noun)
        connection.execute(
            sa.update(table)
            .where(valid(table, None), key_in(table.c.id, keys))
            .values(until=number)
        )
    done, total = 0, sum(map(len, opened.values()))
    for noun, rows in opened.items():
        for start in range(0, len(rows), 5000):
            connection.execute(sa.insert(table_of(noun)), rows[start : start + 5000])
            done += len(rows[start : start + 5000])
            progress("writing", done, total)

"""Claims of a coding: each with its id and the passages of the document that it rests on."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from schema.dossiers.draft import ClaimDraft, Coding, PassageDraft
from schema.dossiers.evidence import Evidence, Quote
from schema.dossiers.quotes import ambiguous, missing, places
from schema.dossiers.yaml_source import Path as YamlPath
from schema.nouns.claim import ClaimOrigin


class ClaimCompiler:
    """Adds claims to a coding; what they rest on and is not there becomes a finding."""

    def __init__(self, coding: Coding) -> None:
        self.coding, self.refuse = coding, coding.findings.refuse

    def passage(self, quote: Quote, path: YamlPath, name: str) -> PassageDraft | None:
        """Where a quote stands; a finding when it stands nowhere, or in several places."""
        text = self.coding.text
        if self.coding.is_withheld:
            wrong = f"'{quote.exact}' is quoted from a text that is WITHHELD."
            self.refuse(path, name, wrong, "Give a basis in place of the quote, or the text.")
            return None
        starts = places(quote, text)
        if len(starts) == 1:
            return PassageDraft(quote.exact, starts[0], starts[0] + len(quote.exact))
        if text:
            self.refuse(path, name, *(ambiguous(quote, text) if starts else missing(quote, text)))
        return None

    def passages(self, claim: Evidence, path: YamlPath, name: str) -> list[PassageDraft]:
        """The passages that a claim rests on; a finding where it needs more to rest on."""
        quotes = [(claim.quote, (*path, "quote"))] if claim.quote else []
        quotes += [(quote, (*path, "quotes", index)) for index, quote in enumerate(claim.quotes)]
        passages = [self.passage(quote, at, name) for quote, at in quotes]
        origin = claim.known_origin
        if claim.preferred and claim.is_denial:
            wrong = "no editor can prefer a denial, because it fills nothing."
            right = "Leave out `preferred`, or prefer the claim that gives the value."
            self.refuse(path, name, wrong, right)
        if claim.is_silence:
            pass
        elif origin is ClaimOrigin.STATED and not quotes:
            wrong = "a value that the source states needs a quote."
            self.refuse(path, name, wrong, "Give the passage, or a basis for an inference.")
        elif origin in (ClaimOrigin.INFERRED, ClaimOrigin.EXTERNAL) and not claim.basis:
            wrong = f"an {origin.value} value needs a basis."
            self.refuse(path, name, wrong, "Write why it is so.")
        return [passage for passage in passages if passage]

    def add(
        self,
        claim: Evidence,
        record_id: str,
        field: str | None,
        path: YamlPath,
        value: Any,
        element_id: str | None = None,
        element_field: str | None = None,
    ) -> ClaimDraft:
        """Adds a claim of a field of a record, or of a field of one of its links."""
        name = ".".join(part for part in (field, element_field) if part) or "claims"
        passages = self.passages(claim, path, name)
        silent = claim.is_silence
        stated = claim.stated
        if stated is None and passages and not silent:
            stated = passages[0].exact
        value = None if silent else value
        draft = ClaimDraft(
            id=self._claim_id(
                element_id or record_id,
                (element_field if element_id else field) or "record",
                [claim.status.value, value, [passage.exact for passage in passages]],
            ),
            record_id=record_id,
            field=field,
            element_id=element_id,
            element_field=element_field,
            stated=stated,
            value=value,
            status=str(claim.status.value),
            origin=None if silent else str(claim.known_origin.value),
            basis=claim.basis,
            factuality=None if silent else str(claim.factuality.value),
            point_in_time=claim.point_in_time,
            is_preferred=claim.preferred,
            passages=passages,
            path=path,
        )
        self.coding.claims[draft.id] = draft
        return draft

    def _claim_id(self, target: str, field: str, content: list[Any]) -> str:
        """An id that stays the same while a claim says the same."""
        text = json.dumps(content, sort_keys=True, default=str)
        fingerprint = hashlib.sha256(text.encode()).hexdigest()[:6]
        source = self.coding.source_id.partition("/")[2]
        id = base = f"claim/{source}.{target.replace('/', '.')}.{field}.{fingerprint}"
        number = 1
        while id in self.coding.claims:
            number += 1
            id = f"{base}-{number}"
        return id

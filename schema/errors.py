"""Every mistake the record expects, each with a name, a code and what would be right.

PactbookError
├── InputError                 BAD_USER_INPUT: an argument a client can mend
│   ├── CursorError            a cursor that is not ours, or belongs to another list
│   ├── PageError              first with last, a negative size, a page over the ceiling
│   ├── SearchError            a search without a word, or with more than one can look for
│   ├── UnknownEditionError    an edition that is not published
│   ├── UnknownFieldError      a field the noun does not have
│   └── UnknownRevisionError   a revision that no migration has
├── AnswerTooLargeError        ANSWER_TOO_LARGE: an answer of more bytes than one may have
├── DatabaseAddressError       DATABASE_NOT_READY: the address leads to no database
├── DatabaseFailedError        DATABASE_NOT_READY: the command cannot use the database
├── DatabaseNewerError         DATABASE_NOT_READY: a newer release has migrated the database
├── DossierError               DOSSIER_REFUSED: one finding in a dossier, with its line
├── DossierRefusedError        DOSSIER_REFUSED: all findings of one dossier
├── ReplacementError           REPLACEMENT_REFUSED: a dossier replaces a text or retracts anything
├── TimeoutExceededError       TIMEOUT: an operation takes longer than it may
└── UnavailableError           nothing is wrong with the question, which may be asked again
    ├── DatabaseAwayError      DATABASE_NOT_READY: the database does not answer
    ├── DatabaseNotReadyError  DATABASE_NOT_READY: the migrations have not been run
    └── ServerBusyError        SERVER_BUSY: too many questions wait already
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import ClassVar

ECHO = 80
"""How many characters of what a client has sent an error repeats."""


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """The choice a writer most likely meant, or None when nothing is near."""
    if len(word) > ECHO:
        return None
    by_fold = {choice.casefold(): choice for choice in choices}
    found = difflib.get_close_matches(word.casefold(), by_fold, n=1, cutoff=0.5)
    return by_fold[found[0]] if found else None


class PactbookError(Exception):
    """The base of every expected mistake."""

    code: ClassVar[str] = "INTERNAL_SERVER_ERROR"


class InputError(PactbookError):
    """An argument was understood but cannot be used."""

    code = "BAD_USER_INPUT"


class CursorError(InputError):
    """A cursor was not made by this API, or was made for another list."""

    def __init__(self, cursor: str, why: str = "is not a cursor from this API") -> None:
        super().__init__(
            f"'{cursor[:60]}' {why}. Pass back an `endCursor` or `startCursor` unchanged, "
            "with the same field and `orderBy`."
        )


class PageError(InputError):
    """The size or the direction of a page makes no sense."""


class SearchError(InputError):
    """A search has no word, or more than can be looked for."""


class UnknownEditionError(InputError):
    """No edition has this number."""

    def __init__(self, number: int, newest: int) -> None:
        right = f"Editions run from 1 to {newest}" if newest else "Nothing is published yet"
        super().__init__(f"Edition {number} is not published. {right}.")


class UnknownFieldError(InputError):
    """A noun has no field of this name."""

    def __init__(self, noun: str, field: str, choices: Iterable[str]) -> None:
        known = sorted(choices)
        near = nearest(field, known)
        right = f"Did you mean '{near}'?" if near else f"It has {', '.join(known)}."
        super().__init__(f"{noun} has no field '{field}'. {right}")


class UnknownRevisionError(InputError):
    """No migration of this release has this revision."""

    def __init__(self, revision: str, known: list[str]) -> None:
        super().__init__(
            f"There is no revision {revision!r}. Write `head`, `base` or one from {known[0]} to "
            f"{known[-1]}."
        )


class DatabaseAddressError(PactbookError):
    """The address of a database cannot be used."""

    code = "DATABASE_NOT_READY"

    def __init__(self, wrong: str) -> None:
        super().__init__(
            f"The address of the database {wrong}. Write `sqlite:///pactbook.db`, or "
            "`postgresql://user:password@host/name` with every /, :, @, ? and % in the password "
            "as %2F, %3A, %40, %3F and %25."
        )


class DatabaseFailedError(PactbookError):
    """The command cannot use the database, for a reason that is nobody's bug."""

    code = "DATABASE_NOT_READY"

    def __init__(self, name: str, why: str, *, is_read_only: bool = False) -> None:
        super().__init__(f"The database {name} {why}")
        self.is_read_only = is_read_only


class DatabaseNewerError(PactbookError):
    """The database is at a revision that this release does not know."""

    code = "DATABASE_NOT_READY"

    def __init__(self, name: str, at: str, newest: str) -> None:
        super().__init__(
            f"The database {name} is at revision {at}, and this release of Pactbook knows "
            f"revisions up to {newest}. Install the newer release that has migrated it, or name "
            "another database."
        )


class AnswerTooLargeError(PactbookError):
    """An answer would have more bytes than one may have, and so was not made."""

    code = "ANSWER_TOO_LARGE"

    def __init__(self, most: int) -> None:
        super().__init__(
            f"The answer is larger than {most:,} bytes (PACTBOOK_ANSWER_BYTES). "
            "Ask for fewer records a page, for fewer lists within lists or for fewer fields, "
            "and follow the cursors."
        )

    def let_go(self) -> None:
        """Lets go of all that was read, which the frames that it passed through still hold."""
        self.__traceback__ = self.__context__ = self.__cause__ = None


class TimeoutExceededError(PactbookError):
    """An operation was stopped because it took too long."""

    code = "TIMEOUT"

    def __init__(self, seconds: float) -> None:
        super().__init__(f"The operation took longer than {seconds:g} seconds.")


class UnavailableError(PactbookError):
    """A question cannot be answered now, whatever it asks."""

    retry_seconds: ClassVar[int] = 1
    """After which time it makes sense to ask again."""


class DatabaseAwayError(UnavailableError):
    """The database cannot be reached, or has closed the connection."""

    code = "DATABASE_NOT_READY"
    retry_seconds = 5

    def __init__(self) -> None:
        super().__init__("The database does not answer. Ask again in a few seconds.")


class DatabaseNotReadyError(UnavailableError):
    """The database has not been migrated to the revision this release needs."""

    code = "DATABASE_NOT_READY"
    retry_seconds = 5

    def __init__(self, name: str = "") -> None:
        """The name is for whoever runs the command; a client is not told where a database is."""
        named = f"The database {name}".rstrip()
        super().__init__(f"{named} is not migrated. Run `pactbook migrate` first.")


class ServerBusyError(UnavailableError):
    """As many questions run and wait as may."""

    code = "SERVER_BUSY"

    def __init__(self) -> None:
        super().__init__(
            "The server is busy: as many operations run and wait as may. Ask again in a second; "
            "whoever runs the server can raise PACTBOOK_LONG_OPERATIONS and "
            "PACTBOOK_WAITING_OPERATIONS."
        )


class DossierError(PactbookError):
    """One thing wrong in a dossier, told with its file, line and field."""

    code = "DOSSIER_REFUSED"

    def __init__(self, file: str, line: int, field: str, wrong: str, right: str = "") -> None:
        super().__init__(f"{file}:{line}: {field}: {wrong}" + (f" {right}" if right else ""))
        self.file, self.line, self.field, self.wrong, self.right = file, line, field, wrong, right


class DossierRefusedError(PactbookError):
    """A dossier was refused whole; `findings` names every mistake in it."""

    code = "DOSSIER_REFUSED"

    def __init__(self, findings: list[DossierError]) -> None:
        self.findings = sorted(findings, key=lambda finding: (finding.file, finding.line))
        count = f"{len(findings)} error{'s' if len(findings) != 1 else ''}"
        super().__init__("\n".join([f"The dossier is refused, {count}:", *map(str, self.findings)]))


class ReplacementError(PactbookError):
    """A dossier would put another text in the place of a published one, or retract something."""

    code = "REPLACEMENT_REFUSED"
    shown: ClassVar[int] = 10

    def __init__(
        self,
        source: str,
        *,
        is_other_text: bool,
        retracted: list[str],
        parts: list[str] | None = None,
        claims: list[str] | None = None,
    ) -> None:
        """The records and parts that would go by their ids, what is claimed by record and field."""
        parts, claims = parts or [], claims or []
        wrong = [f"{source} is published with another text"] if is_other_text else []
        going = [
            self._counted(noun, ids)
            for noun, ids in (("record", retracted), ("part", parts), ("claim", claims))
            if ids
        ]
        if going:
            wrong.append(f"publishing {source} would retract {', and '.join(going)}")
        super().__init__(f"{'; '.join(wrong)}. If that is meant, publish it with --replace.")
        self.source, self.is_other_text, self.retracted = source, is_other_text, retracted
        self.parts, self.claims = parts, claims

    def _counted(self, noun: str, ids: list[str]) -> str:
        more = f" and {len(ids) - self.shown} more" * (len(ids) > self.shown)
        count = f"{len(ids)} {noun}{'s' if len(ids) != 1 else ''}"
        return f"{count}: {', '.join(ids[: self.shown])}{more}"


RETRY_SECONDS = {
    kind.code: kind.retry_seconds
    for kind in (DatabaseAwayError, DatabaseNotReadyError, ServerBusyError)
}
"""After how many seconds to ask again, by the codes of what is unavailable."""


class NeedsGraphQLCoreError(Exception):
    """An answer that is not all well, so that graphql-core must tell what is wrong, and where."""

"""Listed documents: a folder with one file for each, named by the SHA-256 of what is in it."""

from __future__ import annotations

import hashlib
import re
import tempfile
import time
from pathlib import Path

from schema.errors import PactbookError

SUFFIX = ".graphql"
FILE = re.compile(r"([0-9a-f]{64})\.graphql")
TICK_NS = 2_000_000_000
"""How coarse the clocks of file systems may be: a folder that changed so lately may change again
without another time."""


def digest_of(text: str) -> str:
    """The SHA-256 of a document, in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


class DocumentNotFoundError(PactbookError):
    """A document is called by a hash under which nobody has sent or listed one."""

    code = "PERSISTED_QUERY_NOT_FOUND"

    def __init__(self) -> None:
        """Says it in the one word that clients of automatic persisted queries look for."""
        super().__init__("PersistedQueryNotFound")


class DocumentNotListedError(PactbookError):
    """Only listed documents are served, and this is none."""

    code = "DOCUMENT_NOT_LISTED"

    def __init__(self, digest: str) -> None:
        super().__init__(
            f"Only listed documents are served here, and sha256:{digest} is not listed. Ask by "
            "the `documentId` of one that is; whoever runs the server lists more with "
            "`pactbook documents add`."
        )


class DocumentsRefusedError(PactbookError):
    """Documents cannot be listed or taken off the list; each line says why."""

    code = "DOCUMENTS_REFUSED"


class ListedDocuments:
    """The documents in a folder; one that is not there is empty.

    What another process adds or removes is noticed by the time of the folder, which one look tells.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.digests: frozenset[str] = frozenset()
        """The documents that were listed when somebody looked last."""
        self.texts: dict[str, str] = {}
        """Those of them that have been asked for."""
        self.looked: tuple[int, int] | None = None
        """The time of the folder, and when it was read."""
        self.has_changed()

    def has_changed(self) -> bool:
        """Whether other documents are listed than before; they are known from now on."""
        try:
            changed = self.folder.stat().st_mtime_ns
        except OSError:
            changed = 0
        if self.looked is not None:
            known, at = self.looked
            if known == changed and at - known > TICK_NS:
                return False
        at = time.time_ns()
        found = self._found()
        self.looked = (changed, at)
        if found == self.digests:
            return False
        self.digests = found
        self.texts = {digest: text for digest, text in self.texts.items() if digest in found}
        return True

    def _found(self) -> frozenset[str]:
        try:
            names = [path.name for path in self.folder.iterdir()]
        except OSError:
            return frozenset()
        return frozenset(named[1] for name in names if (named := FILE.fullmatch(name)))

    def text(self, digest: str) -> str | None:
        """A listed document; None for any other, and where its file holds something else."""
        if digest not in self.digests:
            return None
        text = self.texts.get(digest)
        if text is None:
            try:
                text = self.path(digest).read_bytes().decode()
            except (OSError, UnicodeDecodeError):
                return None
            if digest_of(text) != digest:
                return None
            self.texts[digest] = text
        return text

    def path(self, digest: str) -> Path:
        """The file of a document."""
        return self.folder / f"{digest}{SUFFIX}"

    def add(self, text: str) -> str:
        """Lists a document, whole from its first moment; its digest."""
        digest = digest_of(text)
        self.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as file:
            file.write(text.encode())
        Path(file.name).chmod(0o644)
        Path(file.name).replace(self.path(digest))
        return digest

    def remove(self, digest: str) -> bool:
        """Lists a document no more; whether it was listed."""
        try:
            self.path(digest).unlink()
        except FileNotFoundError:
            return False
        return True

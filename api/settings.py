"""Settings: one frozen object, read once from the environment and passed in."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from typing import Any

from api.limits.limits import Bounds, Limits
from schema.publishing.quotation import CHARACTERS, SHARE, Quotation
from schema.storage.admission import Capacity
from schema.storage.byte_budget import ANSWER_BYTES

PREFIX = "PACTBOOK_"


BILLION = 10**9
EMPTY = {"cors_origins"}
"""The settings to which an empty variable says something else than none does."""


def _setting(default: Any, description: str, least: int = 1, most: int = BILLION) -> Any:
    """A setting; one that is a number lies between `least` and `most`."""
    return field(
        default=default, metadata={"description": description, "least": least, "most": most}
    )


@dataclass(frozen=True)
class Settings:
    """How this process runs; every field is an environment variable `PACTBOOK_…`."""

    database_url: str = _setting(
        "sqlite:///pactbook.db",
        "The database: an SQLite file, or `postgresql://user:password@host/name`.",
    )
    host: str = _setting("127.0.0.1", "The address the server listens on.")
    port: int = _setting(
        8000, "The port the server listens on; 0 takes a free one.", least=0, most=65_535
    )
    public_url: str = _setting(
        "",
        "What permalinks begin with, such as `https://pactbook.example`; "
        "the server's own address when empty.",
    )
    path_prefix: str = _setting(
        "", "The path under which a proxy serves all of this, such as `/pactbook`."
    )
    trusted_proxies: str = _setting(
        "",
        "The proxies whose `X-Forwarded-…` and `Forwarded` are believed, such as "
        "`127.0.0.1, ::1, 10.0.0.0/8`; none when empty.",
    )
    author: str = _setting("pactbook", "Who publishes, when the command does not say.")
    quotation_characters: int = _setting(
        CHARACTERS,
        "How many characters a quotation of a text may have whose licence hides it; "
        "`pactbook migrate` and `serve` apply it to all that is published.",
        least=40,
    )
    quotation_share: int = _setting(
        SHARE,
        "How much of such a text all quotations may show together, in percent; 0 shows none.",
        least=0,
        most=100,
    )
    page_size: int = _setting(20, "How many records a page holds when a query does not say.")
    page_ceiling: int = _setting(100, "How many records a page may hold.")
    body_bytes: int = _setting(262_144, "How large the body of a request may be, in bytes.")
    depth: int = _setting(12, "How deep a query may nest; introspection is exempt.")
    selections: int = _setting(
        5_000,
        "How many fields and fragments a document may select, each fragment counted wherever it "
        "is spread.",
    )
    cost: int = _setting(
        10_000, "How many nodes an answer may hold, by the bound that is known before it is read."
    )
    answer_bytes: int = _setting(
        ANSWER_BYTES,
        "How large an answer may be, in bytes; a larger one is an error and is not made.",
        least=1_024,
    )
    answers_kept: int = _setting(
        8_388_608,
        "How many bytes of answers are kept until the next edition; 0 keeps none.",
        least=0,
    )
    documents_kept: int = _setting(
        33_554_432,
        "How many bytes of documents, parsed and compiled, are kept; some 200 of usual size.",
        least=0,
    )
    persisted_kept: int = _setting(
        4_194_304,
        "How many bytes of persisted documents are kept; some 1,000 of usual size.",
        least=0,
    )
    listed_documents: str = _setting(
        "",
        "A folder of listed documents, which `pactbook documents` fills; clients call them by "
        "their `documentId`.",
    )
    listed_only: int = _setting(
        0, "Whether no document is served but the listed ones: 1 is yes.", least=0, most=1
    )
    name_characters: int = _setting(
        128, "How long a name in a document may be, or the name of an operation."
    )
    database_connections: int = _setting(
        8, "How many queries are read at a time on PostgreSQL, long ones apart."
    )
    long_operations: int = _setting(
        2, "How many queries are read at a time that have shown to be long."
    )
    waiting_operations: int = _setting(
        512,
        "How many queries may wait to be read, long ones and others apart; "
        "who comes later gets 503 and `SERVER_BUSY`.",
        least=0,
    )
    operation_seconds: float = _setting(10.0, "How long a query may take, in seconds.", least=0)
    shutdown_seconds: int = _setting(
        20, "How long running requests may finish when the server stops, in seconds.", least=0
    )
    cors_origins: str = _setting(
        "*",
        "Which pages of other origins may read, such as `https://a.example, https://b.example`; "
        "`*` is all, empty none.",
    )
    connections: int = _setting(1_000, "How many connections may be open at once.")
    target_bytes: int = _setting(32_768, "How long the address of a request may be, in bytes.")
    header_bytes: int = _setting(
        65_536, "How large the header of a request may be with its address, in bytes."
    )
    header_seconds: float = _setting(
        10.0, "How long the header of a request may take to arrive, in seconds."
    )
    idle_seconds: float = _setting(
        15.0, "How long a connection may wait for a request, in seconds."
    )
    send_seconds: float = _setting(
        30.0, "How long a client may read nothing of its answer, in seconds."
    )
    unsent_bytes: int = _setting(
        134_217_728, "How many bytes of answers may wait for all clients together."
    )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """The settings of the environment; ValueError names a variable that cannot be read."""
        given = os.environ if environment is None else environment
        values: dict[str, Any] = {}
        for setting in fields(cls):
            name = PREFIX + setting.name.upper()
            if given.get(name, "") == "" and not (name in given and setting.name in EMPTY):
                continue
            try:
                values[setting.name] = _read(setting, given[name])
            except ValueError as error:
                raise ValueError(
                    f"{name}={given[name]!r} is {error}; the default is {setting.default!r}."
                ) from None
        read = cls(**values)
        if read.page_size > read.page_ceiling:
            raise ValueError(
                f"PACTBOOK_PAGE_SIZE={read.page_size} is over "
                f"PACTBOOK_PAGE_CEILING={read.page_ceiling}; the size may be the ceiling at most."
            )
        if read.listed_only and not read.listed_documents:
            raise ValueError(
                "PACTBOOK_LISTED_ONLY=1 serves nothing without PACTBOOK_LISTED_DOCUMENTS, the "
                "folder of the documents that are listed."
            )
        return read

    @property
    def environment(self) -> dict[str, str]:
        """The variables that these settings are read from."""
        return {
            PREFIX + setting.name.upper(): str(getattr(self, setting.name))
            for setting in fields(self)
        }

    @property
    def quotation(self) -> Quotation:
        """How much of a hidden text may be quoted."""
        return Quotation(self.quotation_characters, self.quotation_share)

    @property
    def capacity(self) -> Capacity:
        """How many readings run and wait."""
        return Capacity(self.database_connections, self.long_operations, self.waiting_operations)

    @property
    def limits(self) -> Limits:
        """The ceilings of one request."""
        return Limits(
            body_bytes=self.body_bytes,
            depth=self.depth,
            selections=self.selections,
            cost=self.cost,
            answer_bytes=self.answer_bytes,
            page=self.page_size,
            page_maximum=self.page_ceiling,
            name_characters=self.name_characters,
            document_bytes=self.documents_kept,
            persisted_bytes=self.persisted_kept,
            operation_seconds=self.operation_seconds,
        )

    @property
    def bounds(self) -> Bounds:
        """The bounds of connections."""
        return Bounds(**{bound.name: getattr(self, bound.name) for bound in fields(Bounds)})


def _read(setting: Field[Any], given: str) -> Any:
    """The value of a variable; ValueError says what it is not."""
    if setting.name == "cors_origins":
        from api.http.cors import Cors  # noqa: PLC0415  # only what serves needs it

        Cors(given)
    if setting.name in ("trusted_proxies", "path_prefix"):
        from api.http.proxies import Proxies, prefixed  # noqa: PLC0415  # likewise

        if setting.name == "path_prefix":
            return prefixed(given)
        Proxies(given)
    if isinstance(setting.default, str):
        return given
    least, most = setting.metadata["least"], setting.metadata["most"]
    whole = isinstance(setting.default, int)
    wanted = f"no {'whole ' if whole else ''}number from {least} to {most}"
    try:
        value = int(given) if whole else float(given)
    except ValueError:
        raise ValueError(wanted) from None
    if not least <= value <= most:
        raise ValueError(wanted)
    return value

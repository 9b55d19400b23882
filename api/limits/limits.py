"""What one request may ask for, and one connection take."""

from __future__ import annotations

from dataclasses import dataclass

from schema.storage.byte_budget import ANSWER_BYTES


@dataclass(frozen=True)
class Limits:
    """The ceilings of one request."""

    body_bytes: int = 262_144
    body_seconds: float = 10.0
    source_characters: int = 65_536
    tokens: int = 2_000
    comments: int = 200
    depth: int = 12
    aliases: int = 30
    directives: int = 50
    selections: int = 5_000
    variable_objects: int = 300
    variable_values: int = 10_000
    errors: int = 5
    cost: int = 10_000
    answer_bytes: int = ANSWER_BYTES
    page: int = 20
    page_maximum: int = 100
    operation_seconds: float = 10.0
    name_characters: int = 128
    document_bytes: int = 33_554_432
    persisted_bytes: int = 4_194_304
    documents_waiting: int = 256


@dataclass(frozen=True)
class Bounds:
    """What connections may take of the server before and after a request runs."""

    connections: int = 1_000
    target_bytes: int = 32_768
    header_bytes: int = 65_536
    header_seconds: float = 10.0
    idle_seconds: float = 15.0
    send_seconds: float = 30.0
    unsent_bytes: int = 134_217_728

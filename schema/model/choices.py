"""Choices: closed lists of values, each of them described, without the graph."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Self, TypeVar


class Choice(Enum):
    """One of a closed list: its value, and what that means."""

    _value_: str
    description: str

    def __new__(cls, value: str, description: str = "") -> Self:
        choice = object.__new__(cls)
        choice._value_ = value
        choice.description = description
        return choice


choices: dict[type[Choice], str] = {}
"""Every closed list of the model, with what it lists."""
C = TypeVar("C", bound=type[Choice])


def described(description: str) -> Callable[[C], C]:
    """Says what a closed list lists."""

    def declare(kind: C) -> C:
        choices[kind] = description
        return kind

    return declare

"""Choices: closed lists of values, each of them described, without the graph."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Self, TypeVar


class Choice(Enum):
    """One of a closed list: its value, what that means, and the words by which sources say it."""

    _value_: str
    description: str
    phrases: str
    """English words and phrases with commas between them, in any form: `sign` is `signed` too.

    `~` is whoever is meant: `from ~`. `*` needs no words; nothing means that a source has none.
    """

    def __new__(cls, value: str, description: str = "", phrases: str = "") -> Self:
        choice = object.__new__(cls)
        choice._value_ = value
        choice.description = description
        choice.phrases = phrases
        return choice

    @classmethod
    def is_sayable(cls) -> bool:
        """Whether sources have words for any of the list; else a coder ascribes it."""
        return any(choice.phrases for choice in cls)


choices: dict[type[Choice], str] = {}
"""Every closed list of the model, with what it lists."""
C = TypeVar("C", bound=type[Choice])


def described(description: str) -> Callable[[C], C]:
    """Says what a closed list lists."""

    def declare(kind: C) -> C:
        choices[kind] = description
        return kind

    return declare

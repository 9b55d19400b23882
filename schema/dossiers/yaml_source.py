"""YAML that remembers its lines, so that every mistake can be shown where it stands."""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import Any

import yaml
from yaml.constructor import ConstructorError
from yaml.reader import ReaderError

from schema.errors import DossierError

Path = tuple[Hashable, ...]


class _Plain(yaml.SafeLoader):
    """YAML without its guesses: `2024-10-24` and `NO` stay text, `true` is a boolean."""


_Plain.yaml_implicit_resolvers = {
    letter: [
        rule
        for rule in rules
        if rule[0] not in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool")
    ]
    for letter, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Plain.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


_UNKEPT = re.compile("[\0\ud800-\udfff]")


class SourceMap:
    """Where each key and value of a YAML file stands."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.at: dict[Path, int] = {(): 1}

    def line(self, path: Path) -> int:
        """The line of the deepest part of the path that the file holds."""
        known: Path = ()
        for part in path:
            known = (*known, part) if (*known, part) in self.at else known
        return self.at[known]

    def error(self, path: Path, field: str, wrong: str, right: str = "") -> DossierError:
        """A finding at the place that the path leads to."""
        return DossierError(self.file, self.line(path), field, wrong, right)


def parse(text: str, file: str) -> tuple[Any, SourceMap, list[DossierError]]:
    """The data of a YAML text, its lines, and what keeps it from being YAML."""
    lines, findings = SourceMap(file), list[DossierError]()
    try:
        loader = _Plain(text)
        root = loader.get_single_node()
        data = _build(loader, root, (), lines, findings) if root else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        findings.append(
            DossierError(
                file,
                mark.line + 1 if mark else 1,
                "YAML",
                f"{error.problem or error.context}.",
                "Quote texts that hold ': ' or begin with a sign.",
            )
        )
        data = None
    except ReaderError as error:
        at = text.count("\n", 0, error.position) + 1
        findings.append(DossierError(file, at, "YAML", f"{error.reason}.", "Remove the character."))
        data = None
    except RecursionError:
        findings.append(DossierError(file, 1, "YAML", "it is nested too deep, or in itself."))
        data = None
    return data, lines, findings


def _build(
    loader: _Plain, node: yaml.Node, path: Path, lines: SourceMap, findings: list[DossierError]
) -> Any:
    lines.at.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        data: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise ConstructorError(
                    problem="a key is one word", problem_mark=key_node.start_mark
                )
            key = loader.construct_object(key_node)
            below = (*path, key)
            if key in data:
                findings.append(
                    DossierError(
                        lines.file,
                        key_node.start_mark.line + 1,
                        str(key),
                        f"the key stands twice, first on line {lines.at[below]}.",
                        "Keep one.",
                    )
                )
            lines.at[below] = key_node.start_mark.line + 1
            data[key] = _build(loader, value_node, below, lines, findings)
        return data
    if isinstance(node, yaml.SequenceNode):
        return [
            _build(loader, item, (*path, index), lines, findings)
            for index, item in enumerate(node.value)
        ]
    value = loader.construct_object(node)
    if isinstance(value, str) and (strange := _UNKEPT.search(value)):
        raise ConstructorError(
            problem=f"no database keeps the character {strange[0]!a} in a text",
            problem_mark=node.start_mark,
        )
    return value

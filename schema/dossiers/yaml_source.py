"""YAML that remembers its lines, so that every mistake can be shown where it stands."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable
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
        deepest: Path = ()
        for part in path:
            deepest = (*deepest, part) if (*deepest, part) in self.at else deepest
        return self.at[deepest]


class Findings(list[DossierError]):
    """What is wrong with a dossier, each mistake at the line on which it stands."""

    def __init__(self, lines: SourceMap, known: Iterable[DossierError] = ()) -> None:
        super().__init__(known)
        self.lines = lines

    def refuse(self, path: Path, field: str, wrong: str, right: str = "") -> None:
        """One more mistake, at the place that a path leads to."""
        self.append(DossierError(self.lines.file, self.lines.line(path), field, wrong, right))


def parse(text: str, file: str) -> tuple[Any, Findings]:
    """The data of a YAML text, and what keeps it from being YAML, with its lines."""
    findings = Findings(SourceMap(file))
    try:
        loader = _Plain(text)
        root = loader.get_single_node()
        return _build(loader, root, (), findings) if root else None, findings
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        wrong = f"{error.problem or error.context}."
        right = "Quote texts that hold ': ' or begin with a sign."
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        wrong, right = f"{error.reason}.", "Remove the character."
    except RecursionError:
        line, wrong, right = 1, "it is nested too deep, or in itself.", ""
    findings.append(DossierError(file, line, "YAML", wrong, right))
    return None, findings


def _build(loader: _Plain, node: yaml.Node, path: Path, findings: Findings) -> Any:
    lines = findings.lines.at
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        data: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise ConstructorError(
                    problem="a key is one word", problem_mark=key_node.start_mark
                )
            key = loader.construct_object(key_node)
            below = (*path, key)
            first = lines.get(below)
            lines[below] = key_node.start_mark.line + 1
            if key in data:
                wrong = f"the key stands twice, first on line {first}."
                findings.refuse(below, str(key), wrong, "Keep one.")
            data[key] = _build(loader, value_node, below, findings)
        return data
    if isinstance(node, yaml.SequenceNode):
        return [
            _build(loader, item, (*path, index), findings) for index, item in enumerate(node.value)
        ]
    value = loader.construct_object(node)
    if isinstance(value, str) and (strange := _UNKEPT.search(value)):
        raise ConstructorError(
            problem=f"no database keeps the character {strange[0]!a} in a text",
            problem_mark=node.start_mark,
        )
    return value

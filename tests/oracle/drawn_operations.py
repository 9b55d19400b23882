"""Operations that Hypothesis draws, with arguments that find something."""

from __future__ import annotations

from random import Random
from typing import Any

from graphql import (
    REMOVE,
    ArgumentNode,
    DocumentNode,
    Node,
    ObjectFieldNode,
    OperationDefinitionNode,
    StringValueNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    parse,
    parse_value,
    print_ast,
    visit,
)

from tests.oracle.arguments import PAGED, Stock
from tests.oracle.executor import ROOTS, Oracle
from tests.oracle.graph import graph
from tests.oracle.variables import Variables

KEPT, LEFT_OUT = "kept", "left out"
"""What becomes of an argument that gets no value of its own."""


def effective(oracle: Oracle, query: str, seed: int) -> tuple[str, dict[str, Any]]:
    """The operation with real ids, keys, editions and pages, some of them in variables."""
    random = Random(seed)
    values = Variables(random)
    types = TypeInfo(graph())
    changed = _Effective(Stock(oracle, random), values, types)
    document: DocumentNode = visit(parse(query), TypeInfoVisitor(types, changed))
    text = print_ast(document)
    if values.declared:
        declared = ", ".join(f"${name}: {kind}" for name, kind in values.declared.items())
        [operation] = [
            part for part in document.definitions if isinstance(part, OperationDefinitionNode)
        ]
        text = f"query Drawn({declared}) {print_ast(operation.selection_set)}"
    return text, values.given


class _Effective(Visitor):
    """Puts real values in the place of drawn ones; the same for arguments that were the same."""

    def __init__(self, stock: Stock, values: Variables, types: TypeInfo) -> None:
        super().__init__()
        self.stock, self.values, self.types = stock, values, types
        self.made: dict[tuple[str, ...], str] = {}

    def enter_argument(self, node: ArgumentNode, *_: Any) -> Any:
        """Replaces keys, ids, editions and pages as a whole."""
        parent, argument = self.types.get_parent_type(), self.types.get_argument()
        field = self.types.get_field_def()
        assert parent is not None
        assert argument is not None
        assert field is not None
        place = (parent.name, str(field.type), print_ast(node))
        if place not in self.made:
            noun = str(get_named_type(field.type)).removesuffix("Connection")
            value = self._value(node.name.value, parent.name, noun)
            if value is KEPT or value is LEFT_OUT:
                self.made[place] = value
            else:
                self.made[place] = self.values.literal(argument.type, value)
        text = self.made[place]
        if text in (KEPT, LEFT_OUT):
            return REMOVE if text is LEFT_OUT else None
        return ArgumentNode(name=node.name, value=parse_value_of(text))

    def _value(self, name: str, parent: str, noun: str) -> Any:
        if name == "by":
            return self.stock.by(noun)
        if name == "asOf":
            return self.stock.as_of() if self.stock.one_in(3) else LEFT_OUT
        if name == "where":
            return self.stock.random.choice([self.stock.where(noun), KEPT, LEFT_OUT, LEFT_OUT])
        if name in PAGED:
            asked = name == "first" or (name == "last" and self.stock.one_in(9))
            return self.stock.random.randint(1, 4) if asked else LEFT_OUT
        if name in ("id", "ids", "records", "number", "start", "end") or (
            name == "field" and parent in NAMED
        ):
            return self.stock.value(name, parent)
        return KEPT

    def enter_object_field(self, node: ObjectFieldNode, *_: Any) -> Any:
        """Replaces the ids inside of filters."""
        kind = get_named_type(self.types.get_input_type())
        if str(kind) == "ID" and isinstance(node.value, StringValueNode):
            real = StringValueNode(value=self.stock.id("Party"))
            return ObjectFieldNode(name=node.name, value=real)
        return None


NAMED = frozenset(noun for noun, _ in ROOTS.values())
"""The types of records."""


def parse_value_of(text: str) -> Any:
    """The value that a text of an operation writes, variables among it."""
    found: Node = parse_value(text)
    return found

"""Draws valid queries over the whole graph, and counts the nodes that an answer holds."""

from __future__ import annotations

from random import Random
from typing import Any

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLSchema,
    NameNode,
    SelectionSetNode,
    Visitor,
    get_named_type,
    is_leaf_type,
    parse,
    print_ast,
    visit,
)

PARTS = {"PartialDate", "Quantity", "Money", "MoneyRange", "QuantityRange", "DateRange"} | {
    *("TotalStatistics", "GroupStatistics", "GroupKey", "EdgeCount", "HighlightRange"),
    *("RelationshipSide", "RelationshipDirection", "PageInfo"),
    *("SearchNounCount", "SearchYearCount", "SearchStageCount"),
}
"""What is a part of the node that holds it."""
GIVEN = {
    "node": ['id: "party/poland"', 'id: "procurement/south-korea-polish-drones"'],
    "nodes": ['ids: ["party/poland", "official/jacek-siewiera", "party/poland"]'],
    "edition": ["number: 2"],
    "relationship": ['between: ["party/poland", "party/south-korea"]'],
    "search": ['text: "poland"', 'text: "korea drones"'],
    "namesLike": ['name: "Siewira"', 'name: "Korea", first: 3'],
    "changes": ["since: {edition: 0}", "since: {edition: 1}"],
    "difference": ["from: 0, to: 2", "from: 1, to: 2"],
    "network": ["first: 3", ""],
    "records": ["first: 2", ""],
    "statistics": ["by: [YEAR, PARTY]", "by: SOURCE", "by: [NOUN, KIND, STAGE]", ""],
    "fields": ["", "ofParts: false"],
    "citation": ["style: APA"],
}
"""What fields are given, by their names."""
KEYS = {
    "agreement": "south-korea-romania-defense-cooperation",
    "procurement": "south-korea-polish-drones",
    "event": "presidents-meeting",
    "official": "jacek-siewiera",
    "party": "poland",
    "source": "poland-south-korea-defense-ties",
}


class Drawn:
    """One query while it is drawn."""

    def __init__(self, schema: GraphQLSchema, seed: int) -> None:
        self.schema, self.random = schema, Random(seed)
        self.count = 0

    def query(self) -> str:
        """A query of one root field, or two."""
        root = self.schema.query_type
        assert root is not None
        names = self.random.sample(sorted(root.fields), self.random.choice([1, 1, 2]))
        return f"{{ {' '.join(self.field(name, root.fields[name], 5) for name in names)} }}"

    def field(self, name: str, field: GraphQLField, room: int) -> str:
        """A field with what it must be given, under an alias of its own."""
        self.count += 1
        alias = f"a{self.count}"
        kind = get_named_type(field.type)
        given = self.random.choice(GIVEN.get(name, [""]))
        if given.partition(":")[0] not in field.args:
            given = ""
        if "by" in field.args and name in KEYS:
            given = f'by: {{slug: "{KEYS[name]}"}}'
        elif "by" in field.args and name not in GIVEN:
            given = f'by: {{slug: "nothing-of-{name}"}}'
        if "after" in field.args and self.random.random() < 0.7:
            given += f" first: {self.random.randrange(12)}"
        below = "" if is_leaf_type(kind) else self.selection(kind, room - 1)
        return f"{alias}: {name}{f'({given})' if given.strip() else ''} {below}"

    def selection(self, kind: Any, room: int) -> str:
        """Some fields of an object, mostly those that lead on while there is room."""
        leaves = [name for name, each in kind.fields.items() if is_leaf_type(named(each))]
        further = [name for name in kind.fields if name not in leaves] if room > 0 else []
        plumbing = [name for name in ("nodes", "edges", "node") if name in kind.fields]
        chosen = self.random.sample(further, min(len(further), self.random.randrange(1, 4)))
        chosen += [name for name in plumbing[:1] if name not in chosen]
        parts = [
            self.field(name, kind.fields[name], max(room, 1) if name in plumbing else room)
            for name in chosen
        ]
        if isinstance(kind, GraphQLInterfaceType) and room > 0:
            one = self.random.choice(self.schema.get_possible_types(kind))
            parts.append(f"... on {one.name} {self.selection(one, room - 1)}")
        return f"{{ {' '.join(['__typename', *parts])} }}"


def named(field: GraphQLField) -> Any:
    """The type of what a field holds."""
    return get_named_type(field.type)


class _Typed(Visitor):
    def leave_selection_set(self, node: SelectionSetNode, *_: object) -> SelectionSetNode:
        name = FieldNode(name=NameNode(value="__typename"))
        return SelectionSetNode(selections=(name, *node.selections))


def typed(text: str) -> str:
    """A query that also asks each object for its type."""
    return print_ast(visit(parse(text), _Typed()))


def nodes_of(answer: Any) -> int:
    """How many nodes stand in the answer to a query that asks each object for its type.

    A page and what is a part of a node are none; an edge and its node are one.
    """
    if isinstance(answer, list):
        return sum(nodes_of(each) for each in answer)
    if not isinstance(answer, dict):
        return 0
    own = answer.get("__typename", "Query")
    is_wrapper = own.endswith(("Connection", "Edge")) and own != "NetworkEdge"
    is_node = own not in PARTS and own != "Query" and not is_wrapper
    return is_node + sum(nodes_of(each) for each in answer.values())

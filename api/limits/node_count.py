"""Counting: the most nodes that an operation can return, by one walk over it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
)

from api.limits.counted_arguments import CountedArguments, choice, is_list
from schema.model.bounds import ONE, PART, Bound, by_argument, listed
from schema.storage.fanout import Figures

PAGE = frozenset({"edges", "nodes"})
ALIKE = 8
"""How many choices in a list are told apart; more count as the most they can."""


class Owners(NamedTuple):
    """The objects that a selection is made of, as far as they count."""

    number: int
    """How many there are at most, in all."""
    repeated: int
    """How often one of them can be among them."""
    page: int = 0
    """How many a page, or what else a field above has set, holds."""
    keys: int = 0
    held: int | None = None
    """How many all pages hold together, where the record's figures say."""


class Counted(NamedTuple):
    """What a selection comes to."""

    nodes: int
    shows_page: bool = False
    """Whether it holds nodes of the page that it is made of."""
    reads_page: bool = False
    """Whether it has to read that page, though it may show none of it."""


@dataclass(frozen=True)
class CountedOperation:
    """An operation of a valid document, and what bounds the lists in it."""

    schema: GraphQLSchema
    document: DocumentNode
    operation: OperationDefinitionNode
    page: int
    """How many a page holds where the operation does not say."""
    page_maximum: int
    bounds: Mapping[str, Bound]


Way = tuple[FieldNode, ...]
"""The fields that lead to one of them, and that one."""


class Count:
    """One walk over one operation, which has been measured: at most all that it selects."""

    def __init__(
        self, asked: CountedOperation, figures: Figures, variables: Mapping[str, Any]
    ) -> None:
        self.asked, self.figures = asked, figures
        self.arguments = CountedArguments(variables, asked.page_maximum)
        self.fragments = {
            node.name.value: node
            for node in asked.document.definitions
            if isinstance(node, FragmentDefinitionNode)
        }
        self.changed: dict[int, int] = {}
        """Fields by their nodes that are to hold so many."""
        self.pages: dict[int, int] = {}
        """The fields that an argument says the length of, and that length."""
        self.heaviest: tuple[Way, int] = ((), 0)
        """The list that adds the most nodes, and how many."""
        self.way: list[FieldNode] = []

    def nodes(self) -> int:
        """The nodes of the whole operation."""
        root = self.asked.schema.get_root_type(self.asked.operation.operation)
        return self.selected([self.asked.operation.selection_set], root, Owners(1, 1)).nodes

    def selected(
        self,
        selections: Sequence[SelectionSetNode],
        parent: GraphQLNamedType | None,
        owners: Owners,
    ) -> Counted:
        """What selections of the same objects come to together, for all their owners."""
        nodes, shows, reads = 0, False, False
        for (kind, _), same in self.fields(selections, parent).items():
            name = same[0].name.value
            field = getattr(kind, "fields", {}).get(name)
            below = [node.selection_set for node in same if node.selection_set is not None]
            if field is not None and below:
                self.way.append(same[0])
                nodes += self.field(same[0], below, field, kind, owners)
                self.way.pop()
            shows = shows or name in PAGE
            reads = reads or name == "pageInfo"
        return Counted(nodes, shows, reads)

    def fields(
        self, selections: Sequence[SelectionSetNode], parent: GraphQLNamedType | None
    ) -> Mapping[tuple[GraphQLNamedType | None, str], Sequence[FieldNode]]:
        """The fields by the type that they are selected on and their names in the answer.

        Fields of one name are one list of the answer, however often they are selected; that they
        have the same arguments is a rule of validation.
        """
        found: dict[tuple[GraphQLNamedType | None, str], list[FieldNode]] = defaultdict(list)
        spread: set[str] = set()
        waiting = [(each, parent) for each in reversed(selections)]
        while waiting:
            within, kind = waiting.pop()
            for node in within.selections:
                if isinstance(node, FieldNode):
                    found[kind, (node.alias or node.name).value].append(node)
                    continue
                if isinstance(node, FragmentSpreadNode):
                    if node.name.value in spread:
                        continue
                    spread.add(node.name.value)
                    inner: FragmentDefinitionNode | InlineFragmentNode
                    inner = self.fragments[node.name.value]
                else:
                    assert isinstance(node, InlineFragmentNode), "the third kind of selection"
                    inner = node
                condition = inner.type_condition
                narrowed = self.asked.schema.get_type(condition.name.value) if condition else kind
                waiting.append((inner.selection_set, narrowed))
        return found

    def field(
        self,
        node: FieldNode,
        selections: Sequence[SelectionSetNode],
        field: GraphQLField,
        parent: GraphQLNamedType | None,
        owners: Owners,
    ) -> int:
        """The nodes of one field and all below it."""
        assert parent is not None, "what has fields is a type"
        if self.changed.get(id(node)) == 0:
            return 0
        kind = get_named_type(field.type)
        bound = self.asked.bounds.get(f"{parent.name}.{node.name.value}")
        if is_list(field.type):
            return self.many(
                node, selections, field, kind, bound or _by_its_argument(field), owners
            )
        if _is_page(kind):
            return self.page(node, selections, field, kind, bound or PART, owners)
        bound = bound or ONE
        below = owners
        if bound.weight:
            # Several may lead to the same one.
            below = Owners(owners.number, owners.number)
        if bound.choices is not None:
            below = self.grouped(node, field, bound, below)
        return owners.number * bound.weight + self.selected(selections, kind, below).nodes

    def page(
        self,
        node: FieldNode,
        selections: Sequence[SelectionSetNode],
        field: GraphQLField,
        kind: GraphQLNamedType,
        bound: Bound,
        owners: Owners,
    ) -> int:
        """The nodes of a page for each owner; it costs nothing while only its totals are read."""
        size = self.changed.get(id(node))
        if size is None:
            names = [bound.argument] if bound.argument else ["first", "last"]
            sizes = [
                self.arguments.number(node, field, name, bound.ceiling)
                for name in names
                if name in field.args and self.arguments.argument(node, field, name) is not None
            ]
            size = max(sizes, default=self.asked.page)
        self.pages[id(node)] = size
        repeated = owners.repeated if bound.is_owned else owners.number
        held = None
        if bound.terms:
            held = owners.number * bound.number + self.figured(bound, owners)
        below = self.selected(selections, kind, Owners(owners.number, repeated, size, held=held))
        read = owners.number * size if below.reads_page and not below.shows_page else 0
        read = read if held is None else min(read, held)
        return below.nodes + owners.number * bound.weight + read

    def figured(self, bound: Bound, owners: Owners) -> int:
        """How many objects the figures give all owners together."""
        known = None if bound.is_shared else owners.repeated
        most = self.figures.most
        terms = (most(term.counted, owners.number, known) * term.times for term in bound.terms)
        return sum(terms)

    def many(
        self,
        node: FieldNode,
        selections: Sequence[SelectionSetNode],
        field: GraphQLField,
        kind: GraphQLNamedType,
        bound: Bound,
        owners: Owners,
    ) -> int:
        """The nodes of a list for each owner, and all below them."""
        each = bound.number
        if bound.listing:
            each += bound.times * getattr(owners, bound.listing)
        if bound.argument:
            size = self.changed.get(id(node))
            if size is None:
                size = self.arguments.number(node, field, bound.argument, bound.ceiling)
            if bound.argument == "first":
                self.pages[id(node)] = size
            each += size
        count = owners.number * each
        if bound.listing == "page" and owners.held is not None:
            count = min(count, owners.held * bound.times)
        if not bound.only_if or self.arguments.argument(node, field, bound.only_if) is not False:
            count += self.figured(bound, owners)
        if count == 0:
            return 0
        repeated = owners.repeated if bound.is_owned else owners.number
        nodes = count * bound.weight
        if nodes > self.heaviest[1]:
            self.heaviest = tuple(self.way), nodes
        those = Owners(count, repeated, owners.page, owners.keys)
        return nodes + self.selected(selections, kind, those).nodes

    def grouped(self, node: FieldNode, field: GraphQLField, bound: Bound, owners: Owners) -> Owners:
        """What statistics are made of, with how many groups they have by the choices given."""
        choices = bound.choices or {}
        given = self.arguments.argument(node, field, bound.argument or "", by_choice=True)
        if not isinstance(given, (list, tuple)) or not given:
            return owners._replace(page=0, keys=0, held=None)
        most = sum(choices.values())
        keys = sum(choices.get(str(name), 0) for name in {*map(choice, given)})
        if len(given) > ALIKE or any(isinstance(each, VariableNode) for each in given):
            keys = most
        return owners._replace(page=bound.ceiling or 0, keys=keys, held=None)


def _is_page(kind: object) -> bool:
    fields: Mapping[str, GraphQLField] = getattr(kind, "fields", {})
    return any(name in fields and not fields[name].args for name in PAGE)


def _by_its_argument(field: GraphQLField) -> Bound:
    """The bound of a list that declares none: the argument that says how long it is."""
    return by_argument(next(name for name in ("first", "ids") if name in field.args))


def pages(schema: GraphQLSchema) -> dict[str, Bound]:
    """The bounds of all that pages are made of."""
    found: dict[str, Bound] = {}
    for kind in schema.type_map.values():
        for name, field in getattr(kind, "fields", {}).items() if _is_page(kind) else ():
            if name in PAGE:
                found[f"{kind.name}.{name}"] = listed("page", is_owned=True)
            if name == "edges":
                found[f"{get_named_type(field.type).name}.node"] = PART
            if name == "pageInfo":
                found[f"{kind.name}.{name}"] = PART
    return found

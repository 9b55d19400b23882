"""Merging of fields: the rule refuses what graphql-core's rule refuses, and is linear."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import (
    GraphQLError,
    OverlappingFieldsCanBeMergedRule,
    build_schema,
    parse,
    validate,
)
from graphql.utilities import TypeInfo
from graphql.validation import ValidationContext
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schema.graph.field_merging import VISITS, MergeableFieldsRule
from schema.graph.validation import RULES

GRAPH = build_schema("""
interface Node { id: ID! node: Node other: Node! text(of: Int, as: In): String }
interface Named implements Node {
  id: ID! node: Node other: Node! text(of: Int, as: In): String name: String
}
input In { a: Int b: [String] }
enum Kind { A B }
type Book implements Node & Named {
  id: ID! node: Node other: Node! text(of: Int, as: In): String name: String
  kind: Kind size: Int many: [Node] all: [Node!]! only: Book
}
type Pen implements Node {
  id: ID! node: Node other: Node! text(of: Int, as: In): String
  kind: String size: Int! many: [Book] all: Node! only: Pen
}
union Either = Book | Pen
type Query { node: Node either: Either book: Book pen: Pen }
""")

LEAVES = [
    *("id", "kind", "size", "name", "nope", "__typename", "text", "text(of: 1)", "text(of: $v)"),
    'text(as: {a: 1, b: ["x"]})',
    'text(as: {b: ["x"], a: 1})',
    'text(as: {b: """x"""})',
]
BRANCHES = ["node", "other", "many", "all", "only", "either", "book", "pen", "lost"]
KINDS = ["Node", "Named", "Book", "Pen", "Either", "Nothing"]
NAMES = ["", "", "", "", "a: ", "b: ", "id: "]
FRAGMENTS = 3

leaf = st.tuples(st.sampled_from(NAMES), st.sampled_from(LEAVES)).map("".join)
spread = st.integers(0, FRAGMENTS - 1).map("...F{}".format)


def nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Selections with selections in them."""
    sets = st.lists(inner, min_size=1, max_size=4).map(" ".join)
    field = st.tuples(st.sampled_from(NAMES), st.sampled_from(BRANCHES), sets)
    fragment = st.tuples(st.sampled_from(["", *(f"on {kind}" for kind in KINDS)]), sets)
    return field.map(lambda made: "{}{} {{ {} }}".format(*made)) | fragment.map(
        lambda made: "... {} {{ {} }}".format(*made)
    )


selections = st.lists(st.recursive(leaf | spread, nested, max_leaves=8), min_size=1, max_size=4)
documents = st.tuples(
    selections,
    st.lists(st.tuples(st.sampled_from(KINDS), selections), min_size=FRAGMENTS, max_size=FRAGMENTS),
)


def written(made: tuple[list[str], list[tuple[str, list[str]]]]) -> str:
    """The text of a document whose fragments are all used."""
    body, fragments = made
    used = [f"used{n}: node {{ ...F{n} }}" for n in range(len(fragments))]
    parts = [f"{{ {' '.join([*body, *used])} }}"]
    parts += [
        f"fragment F{n} on {kind} {{ {' '.join(inner)} }}"
        for n, (kind, inner) in enumerate(fragments)
    ]
    return "\n".join(parts)


def refused(text: str, rule: Any) -> bool:
    """Whether a rule finds anything wrong."""
    return bool(validate(GRAPH, parse(text), [rule]))


@settings(max_examples=400, deadline=None)
@given(documents.map(written))
@example("{ node { ... on Book { many { id } } ... on Pen { many { id } } } }")
@example("{ node { ... on Book { a: id } ... on Pen { a: text } } }")
@example("{ node { ... on Book { a: id } ... on Pen { a: other { id } } } }")
@example("{ node { ... on Book { a: id } ... on Node { a: text } ... on Pen { a: id } } }")
@example("{ node { ... on Book { a: only { b: id } } ... on Pen { a: only { b: text } } } }")
@example("{ node { ... on Book { a: only { b: id } } ... on Pen { a: only { b: size } } } }")
def test_it_refuses_what_the_rule_of_graphql_core_refuses(text: str) -> None:
    assert refused(text, MergeableFieldsRule) == refused(text, OverlappingFieldsCanBeMergedRule)


def test_both_outcomes_are_generated() -> None:
    outcomes = set()

    @settings(max_examples=200, deadline=None, database=None)
    @given(documents.map(written))
    def note(text: str) -> None:
        outcomes.add(refused(text, MergeableFieldsRule))

    note()
    assert outcomes == {True, False}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{ node { a: id a: text } }", "'id' and 'text' are different fields"),
        ("{ node { text(of: 1) text(of: 2) } }", "they have differing arguments"),
        (
            "{ node { ... on Book { size } ... on Pen { size } } }",
            "they return conflicting types 'Int' and 'Int!'",
        ),
        (
            "{ node { node { a: id } } node { node { a: text } } }",
            "'id' and 'text' are different fields",
        ),
    ],
)
def test_it_says_what_conflicts_and_why(text: str, message: str) -> None:
    [error] = validate(GRAPH, parse(text), [MergeableFieldsRule])
    assert message in error.message
    assert "Use different aliases" in error.message
    assert len(error.locations or ()) == 2


def visits(text: str) -> int:
    """How many selections the rule looks at."""
    document, errors = parse(text), list[GraphQLError]()
    context = ValidationContext(GRAPH, document, TypeInfo(GRAPH), errors.append)
    rule = MergeableFieldsRule(context)
    for node in document.definitions:
        if node.kind == "operation_definition":
            rule.enter_operation_definition(node)  # type: ignore[arg-type]  # told by its kind
    return rule.visits


FLOODS = {
    "fields": "{{ node {{ {} }} }}".format("node { id } " * 400),
    "leaves": "{{ node {{ {} }} }}".format("id " * 900),
    "inline fragments": "{{ node {{ {} }} }}".format("... { node { id } } " * 300),
    "types": "{{ node {{ {} }} }}".format("... on Book { only { id } } ... on Pen { id } " * 90),
    "fragments": "{{ node {{ {} }} }} {}".format(
        " ".join(f"...F{n}" for n in range(150)),
        " ".join(f"fragment F{n} on Node {{ node {{ id }} }}" for n in range(150)),
    ),
    "a chain": "{ node { ...F0 } } fragment F90 on Node { id }" + " ".join(
        f"fragment F{n} on Node {{ node {{ id }} ...F{n + 1} }}" for n in range(90)
    ),
    "a double chain": "{ node { ...F0 } } fragment F90 on Node { id }" + " ".join(
        f"fragment F{n} on Node {{ ...F{n + 1} ...F{n + 1} id }}" for n in range(90)
    ),
    "fields that double": "{ node { ...F0 } } fragment F30 on Node { id }" + " ".join(
        f"fragment F{n} on Node {{ a: node {{ ...F{n + 1} }} b: node {{ ...F{n + 1} }} }}"
        for n in range(30)
    ),
}  # fmt: skip


@pytest.mark.parametrize("text", FLOODS.values(), ids=FLOODS)
def test_what_repeats_is_looked_at_once(text: str) -> None:
    assert visits(text) <= 4 * len(text.split())


def test_what_never_ends_is_given_up() -> None:
    def tangled(name: str) -> str:
        fields = " ".join(f"a{m}: node {{ ...F{m} ...F{n} }}" for m in range(8) for n in range(m))
        return f"fragment {name} on Node {{ {fields} }}"

    text = "{ node { ...F0 ...F1 } }" + " ".join(tangled(f"F{n}") for n in range(8))
    [error] = validate(GRAPH, parse(text), [MergeableFieldsRule])
    assert error.message == "Validation aborted."


def test_no_rule_of_graphql_core_is_lost() -> None:
    assert OverlappingFieldsCanBeMergedRule not in RULES
    assert MergeableFieldsRule in RULES
    assert VISITS < 10**5

"""The queries that read the pages of a list for the columns of a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from graphql import GraphQLField

from api.files.column import Column
from api.files.columns import PAGE_INFO

EVIDENCE = "evidence"
"""The variable that says how many claims of a record are read at once."""


def document(
    name: str, shown: GraphQLField, arguments: Iterable[str], columns: Sequence[Column]
) -> str:
    """The query for a page of the list of this name, with these of its arguments as variables."""
    passed = sorted({*arguments, "first", "after"})
    types = {argument: str(shown.args[argument].type) for argument in passed}
    if any(column.continued for column in columns):
        types[EVIDENCE] = "Int!"
    variables = ", ".join(f"${variable}: {type}" for variable, type in types.items())
    given = ", ".join(f"{argument}: ${argument}" for argument in passed)
    return (
        f"query File({variables}) {{ {name}({given}) "
        f"{{ {PAGE_INFO} nodes {{ {selected(columns)} }} }} }}"
    )


def continuation(noun: str, column: Column) -> str:
    """The query for more of the claims that a column of a record is made from."""
    field, inner = column.selection
    after = field.replace("(", "(after: $after, ")
    return (
        f"query More($id: ID!, $after: String, ${EVIDENCE}: Int!) "
        f"{{ node(id: $id) {{ ... on {noun} {{ {after} {{ {inner} }} }} }} }}"
    )


def selected(columns: Sequence[Column]) -> str:
    """What columns select, each once; what is continued needs the id of its record."""
    inside: dict[str, dict[str, None]] = {}
    if any(column.continued for column in columns):
        inside["id"] = {}
    for column in columns:
        field, inner = column.selection
        inside.setdefault(field, {}).update({inner: None} if inner else {})
    return " ".join(
        f"{field} {{ {' '.join(inner)} }}" if inner else field for field, inner in inside.items()
    )

"""The query that reads one page of a list for the columns of a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from graphql import GraphQLField

from api.files.column import Column


def document(
    name: str,
    shown: GraphQLField,
    arguments: Iterable[str],
    selected: tuple[tuple[str, str], ...],
) -> str:
    """The query for a page of the list of this name, with these of its arguments as variables."""
    passed = sorted({*arguments, "first", "after"})
    variables = ", ".join(f"${argument}: {shown.args[argument].type}" for argument in passed)
    given = ", ".join(f"{argument}: ${argument}" for argument in passed)
    return (
        f"query File({variables}) {{ {name}({given}) "
        f"{{ pageInfo {{ hasNextPage endCursor }} nodes {{ {_fields(selected)} }} }} }}"
    )


def selections(columns: Sequence[Column]) -> tuple[tuple[str, str], ...]:
    """What columns select, each once."""
    return tuple(dict.fromkeys(column.selection for column in columns))


def _fields(selected: tuple[tuple[str, str], ...]) -> str:
    inside: dict[str, list[str]] = {}
    for field, inner in selected:
        inside.setdefault(field, []).extend([inner] if inner else [])
    return " ".join(
        f"{field} {{ {' '.join(inner)} }}" if inner else field for field, inner in inside.items()
    )

"""Comparing: in what an answer of the product differs from that of the oracle.

Data must be equal to the character, keys in the same order. Errors must be equal in message, path
and locations; their order is free, because root fields may be answered in any order. Where the
whole data is null, root fields beside the one that made it so may have been given up or not: then
each error of the product must be one that the oracle reports of that root field alone, and the one
that made the data null among them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from graphql import DocumentNode, GraphQLError, OperationDefinitionNode, SelectionSetNode, parse

from tests.oracle.executor import Oracle, Told
from tests.support.databases import Answer

Mistake = tuple[str, tuple[str | int, ...], tuple[tuple[int, int], ...]]
"""An error: its message, its path, its places in the text of the operation."""


def mistakes(errors: list[GraphQLError]) -> list[Mistake]:
    """Errors as they are compared."""
    return sorted(
        (
            (
                error.message,
                tuple(error.path or ()),
                tuple((place.line, place.column) for place in error.locations or ()),
            )
            for error in errors
        ),
        key=repr,
    )


def difference(
    oracle: Oracle,
    query: str,
    variables: Mapping[str, Any],
    answer: Answer,
) -> str | None:
    """What the product answers otherwise than the oracle; None for nothing."""
    is_valid = answer.data is not None or any(error.path for error in answer.errors)
    told = oracle.answer(query, variables, is_valid=is_valid)
    edition = answer.extensions.get("edition")
    same = _text(answer.data) == _text(told.data)
    same = same and (told.data is None or edition == told.edition)
    if same and _same_mistakes(oracle, query, variables, answer, told):
        return None
    return (
        f"{query}\nvariables: {json.dumps(variables, ensure_ascii=False)}\n"
        f"product: {_text(answer.data)}\n"
        f"oracle:  {_text(told.data)}\n"
        f"product: edition {edition}, {mistakes(answer.errors)}\n"
        f"oracle:  edition {told.edition}, {mistakes(told.errors)}"
    )


def _same_mistakes(
    oracle: Oracle, query: str, variables: Mapping[str, Any], answer: Answer, told: Told
) -> bool:
    own, right = mistakes(answer.errors), mistakes(told.errors)
    if own == right:
        return True
    if told.data is not None or not told.errors or told.errors[-1].path is None:
        return False
    [last] = mistakes(told.errors[-1:])
    possible = [mistake for part in _alone(query) for mistake in _of(oracle, part, variables)]
    return last in own and all(mistake in possible for mistake in own)


def _of(oracle: Oracle, document: DocumentNode, variables: Mapping[str, Any]) -> list[Mistake]:
    return mistakes(oracle.execute(document, variables).errors)


def _alone(query: str) -> Iterator[DocumentNode]:
    """The operation once for each of its root selections."""
    document = parse(query)
    [asked] = [part for part in document.definitions if isinstance(part, OperationDefinitionNode)]
    others = tuple(part for part in document.definitions if part is not asked)
    for selection in asked.selection_set.selections:
        one = replace(asked, selection_set=SelectionSetNode(selections=(selection,)))
        yield replace(document, definitions=(one, *others))


def _text(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False)

"""Searches as tests ask them: one or many texts, and names that are alike."""

from __future__ import annotations

from typing import Any

from tests.support.databases import Store

HIT = """id score noun record { id title }
  scoredBy { word score isWhole place field text node { id } }
  snippets { node { id } field place text start startUtf16
    highlights { start end startUtf16 endUtf16 } }"""
FACETS = """facets { nouns { noun count } parties(first: 100) { party { id } count }
  years { year count } stages { stage count } }"""
SEARCH = f"""query($text: String!, $first: Int, $nouns: [RecordNoun!], $where: RecordWhere,
  $at: AsOf) {{ search(text: $text, first: $first, nouns: $nouns, where: $where, asOf: $at)
     {{ totalCount nodes {{ {HIT} }} {FACETS} }} }}"""
LIKE = """query($name: String!, $first: Int! = 10, $nouns: [ActorNoun!], $at: AsOf)
  { namesLike(name: $name, first: $first, nouns: $nouns, asOf: $at)
    { actor { id } name score } }"""


def search(store: Store, text: str, **given: Any) -> Any:
    """What a search answers."""
    return store.ask(SEARCH, text=text, **given)["search"]


def found(store: Store, text: str, **given: Any) -> list[str]:
    """The ids of the records a search finds on its first page."""
    return found_each(store, [text], **given)[0]


def found_each(store: Store, texts: list[str], **given: Any) -> list[list[str]]:
    """The same for many texts, in one operation, which is faster."""
    declared = "".join(f", $t{index}: String!" for index in range(len(texts)))
    variables = {f"t{index}": text for index, text in enumerate(texts)}
    fields = "".join(
        f"t{index}: search(text: $t{index}, first: 100, nouns: $nouns, where: $where, asOf: $at)"
        " { nodes { record { id } } } "
        for index in range(len(texts))
    )
    query = f"query($nouns: [RecordNoun!], $where: RecordWhere, $at: AsOf{declared}) {{ {fields} }}"
    answer = store.ask(query, **variables, **given)
    return [[hit["record"]["id"] for hit in answer[key]["nodes"]] for key in variables]

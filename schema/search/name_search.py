"""Name search: parties and officials whose names are written almost like another."""

from __future__ import annotations

from enum import Enum
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
import strawberry

from schema.errors import PageError, SearchError
from schema.execution.executor import Executor
from schema.execution.root import AS_OF, root
from schema.execution.views import to_objects
from schema.filtering.input_types import noun_type
from schema.graph.arguments import argument, needed
from schema.graph.catalog import types
from schema.graph.declare import plain, reference, view
from schema.indexing.documents import Place, docs
from schema.indexing.fulltext import GRAM, TokenPattern, matches
from schema.indexing.tokenizer import trigrams
from schema.model.bounds import by_argument
from schema.model.editions import valid
from schema.model.registry import nouns, nouns_of
from schema.model.values import list_of
from schema.storage.statement import given

NAME_CEILING = 100
"""How many characters a name may have."""
CEILING = 100
"""How many matches may be asked for."""


@view()
class NameMatch:
    """A party or official with a name like the one asked for; never a claim that they are one."""

    id: strawberry.ID = plain("The actor and the name asked for.")
    actor: str = reference("Actor", "The party or official.")
    name: str = plain("The name of it that is most like the one asked for.")
    node: str = reference("Node", "What holds the name: one of its names, or the actor itself.")
    score: float = plain(
        "How like they are, from 0 to 1: the share of trigrams they have in common."
    )
    shared: int = plain("How many trigrams are in both names.")
    of: int = plain("How many trigrams are in either name.")
    explanation: str = plain("The comparison in words.")


@cache
def actor_noun() -> type[Enum]:
    """The choice between the nouns that are actors."""
    actors = {name.upper(): nouns()[name] for name in sorted(nouns_of("Actor"))}
    return noun_type("ActorNoun", "A noun that has names: parties and officials.", actors)


class _Likeness(NamedTuple):
    """How like a name is; the best, and among equals the first, is the least."""

    unlike: float
    actor: str
    name: str
    node: str
    shared: int
    of: int


async def _names_like(reader: Executor, arguments: dict[str, Any]) -> Any:
    """The best matches.

    One statement finds the names that share a trigram; one more a noun reads what is shown.
    """
    name, first = arguments["name"], arguments["first"]
    if len(name) > NAME_CEILING:
        raise SearchError(f"The name has {len(name)} characters. Give at most {NAME_CEILING}.")
    grams = trigrams(name)
    if not grams:
        raise SearchError(f"'{name}' has no letter or digit to compare. Give a name.")
    if not 0 <= first <= CEILING:
        raise PageError(f"`first: {first}` is not between 0 and {CEILING} matches.")
    choices = arguments.get("nouns")
    actors = nouns_of("Actor")
    if choices is not None:
        chosen = {getattr(noun, "value", noun) for noun in choices}
        actors = frozenset(name for name in actors if name.upper() in chosen)

    def names_sharing_grams() -> sa.Select[*tuple[Any, ...]]:
        return sa.select(docs.c.record_id, docs.c.node_id, docs.c.text).where(
            matches(docs, given("grams")),
            valid(docs, reader.edition),
            docs.c.noun.in_(sorted(actors)),
            docs.c.place.in_([Place.TITLE, Place.NAME]),
        )

    patterns = [TokenPattern((gram,), kind=GRAM) for gram in sorted(grams)]
    best: dict[str, _Likeness] = {}
    purpose = ("names like", *sorted(actors))
    for row in await reader.rows(purpose, names_sharing_grams, grams=patterns):
        own = trigrams(row["text"])
        shared, of = len(grams & own), len(grams | own)
        actor = row["record_id"]
        likeness = _Likeness(-shared / of, actor, row["text"], row["node_id"], shared, of)
        best[actor] = min(likeness, best.get(actor, likeness))
    views = [_match(name, likeness) for likeness in sorted(best.values())[:first]]
    return await to_objects(reader, "NameMatch", views, reader.root)


def _match(name: str, likeness: _Likeness) -> NameMatch:
    actor, shared, of = likeness.actor, likeness.shared, likeness.of
    return NameMatch(
        id=strawberry.ID(f"{actor}?like={name}"),
        actor=actor,
        name=likeness.name,
        node=likeness.node,
        score=-likeness.unlike,
        shared=shared,
        of=of,
        explanation=f"'{name}' and '{likeness.name}' share {shared} of {of} trigrams.",
    )


def fields() -> dict[str, Any]:
    """The root field `namesLike`."""
    arguments = {
        "name": needed(argument(str, "The name as it is known, such as `Siewira`.")),
        "nouns": (
            argument(list_of(actor_noun()) | None, "Of these nouns; both when left out."),
            strawberry.UNSET,
        ),
        "first": (argument(int, "How many matches, at most 100."), 10),
        "as_of": AS_OF,
    }
    description = (
        "Parties and officials with a name like this one, the most alike first. It compares "
        "spellings, and never says that two records are one."
    )
    kind = list_of(types["NameMatch"]) | None
    return {
        "namesLike": root(
            "namesLike", kind, description, arguments, _names_like, by_argument("first", CEILING)
        )
    }

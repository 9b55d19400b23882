"""Name search: parties and officials whose names are written almost like another."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Any

import sqlalchemy as sa
import strawberry

from schema.errors import PageError, SearchError
from schema.execution.executor import Executor
from schema.execution.root import AS_OF, root
from schema.execution.views import to_objects
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
    choices: Any = Enum  # called as a function, with members that only exist at run time
    members = {
        name.upper(): strawberry.enum_value(
            name, description=(nouns()[name].__doc__ or "").splitlines()[0]
        )
        for name in sorted(nouns_of("Actor"))
    }
    made: type[Enum] = strawberry.enum(
        choices("ActorNoun", members), description="A noun that has names: parties and officials."
    )
    return made


@dataclass(order=True, frozen=True)
class _Likeness:
    """How like a name is; the best, and among equals the first, is the least."""

    unlike: float
    actor: str
    name: str
    node: str
    shared: int
    of: int


async def _answer(reader: Executor, asked: dict[str, Any]) -> Any:
    """The best matches.

    One statement finds the names that share a trigram; one more a noun reads what is shown.
    """
    name, first = asked["name"], asked["first"]
    if len(name) > NAME_CEILING:
        raise SearchError(f"The name has {len(name)} characters. Give at most {NAME_CEILING}.")
    wanted = trigrams(name)
    if not wanted:
        raise SearchError(f"'{name}' has no letter or digit to compare. Give a name.")
    if not 0 <= first <= CEILING:
        raise PageError(f"`first: {first}` is not between 0 and {CEILING} matches.")
    among = asked.get("nouns")
    names = sorted(
        nouns_of("Actor") if among is None else {getattr(one, "value", one) for one in among}
    )

    def sharing() -> sa.Select[*tuple[Any, ...]]:
        return sa.select(docs.c.record_id, docs.c.node_id, docs.c.text).where(
            matches(docs, given("grams")),
            valid(docs, reader.edition),
            docs.c.noun.in_(names),
            docs.c.place.in_([Place.TITLE, Place.NAME]),
        )

    atoms = [TokenPattern((gram,), kind=GRAM) for gram in sorted(wanted)]
    best: dict[str, _Likeness] = {}
    for row in await reader.rows(("names like", *names), sharing, grams=atoms):
        found = _likeness(wanted, row["record_id"], row["node_id"], row["text"])
        best[found.actor] = min(found, best.get(found.actor, found))
    ranked = sorted(best.values())[:first]
    return await to_objects(
        reader, "NameMatch", [_match(name, found) for found in ranked], reader.root
    )


def _likeness(wanted: set[str], actor: str, node: str, text: str) -> _Likeness:
    own = trigrams(text)
    shared, of = len(wanted & own), len(wanted | own)
    return _Likeness(-shared / of, actor, text, node, shared, of)


def _match(asked: str, found: _Likeness) -> NameMatch:
    told = f"'{asked}' and '{found.name}' share {found.shared} of {found.of} trigrams."
    return NameMatch(
        id=strawberry.ID(f"{found.actor}?like={asked}"),
        actor=found.actor,
        name=found.name,
        node=found.node,
        score=-found.unlike,
        shared=found.shared,
        of=found.of,
        explanation=told,
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
    described = (
        "Parties and officials with a name like this one, the most alike first. It compares "
        "spellings, and never says that two records are one."
    )
    kind = list_of(types["NameMatch"]) | None
    return {
        "namesLike": root(
            "namesLike", kind, described, arguments, _answer, by_argument("first", CEILING)
        )
    }

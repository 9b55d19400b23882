"""Name search: parties and officials whose names are like another, in whatever script."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
from schema.indexing.fulltext import KEY, TokenPattern, found_by, matches
from schema.indexing.name_keys import part_keys
from schema.model.bounds import by_argument
from schema.model.editions import valid
from schema.model.ids import dependent
from schema.model.registry import nouns, nouns_of
from schema.model.values import list_of
from schema.search.codes import CodedActor, coded_actors
from schema.search.name_distance import FLOOR, NameLikeness, likeness
from schema.storage.statement import given

NAME_CEILING = 100
"""How many characters a name may have."""
CEILING = 100
"""How many matches may be asked for."""
CANDIDATES = 500
"""How many names are compared: those that have most parts in common, and the shortest of these."""


@view()
class NameMatch:
    """A party or official with a name like the one asked for; never a claim that they are one."""

    id: strawberry.ID = plain(
        'The actor and what was asked, such as `name-match/party/poland?{"name":"Polska"}`.'
    )
    actor: str = reference("Actor", "The party or official.")
    name: str = plain("The name of it that is most like the one asked for.")
    node: str = reference(
        "Node", "What holds the name: one of its names, a code of it, or the actor itself."
    )
    score: float = plain(
        "How like they are, from 0 to 1, the same name; below 0.75 nothing is given."
    )
    reasons: list[NameLikeness] = plain("How they are alike.")
    explanation: str = plain("The comparison in words.")


@cache
def actor_noun() -> type[Enum]:
    """The choice between the nouns that are actors."""
    actors = {name.upper(): nouns()[name] for name in sorted(nouns_of("Actor"))}
    return noun_type("ActorNoun", "A noun that has names: parties and officials.", actors)


class _Found(NamedTuple):
    """A name that is alike; the best, and among equals the first, is the least."""

    unlike: float
    is_folded: bool
    actor: str
    name: str
    node: str
    reasons: tuple[NameLikeness, ...]


async def _names_like(reader: Executor, arguments: dict[str, Any]) -> Any:
    """The best matches.

    One statement finds the names that share a key, one the codes, which come first; one more a noun
    reads what is shown.
    """
    name, first = arguments["name"], arguments["first"]
    if len(name) > NAME_CEILING:
        raise SearchError(f"The name has {len(name)} characters. Give at most {NAME_CEILING}.")
    parts = part_keys(name)
    if not parts:
        raise SearchError(f"'{name}' has no letter or digit to compare. Give a name.")
    if not 0 <= first <= CEILING:
        raise PageError(f"`first: {first}` is not between 0 and {CEILING} matches.")
    choices = arguments.get("nouns")
    actors = nouns_of("Actor")
    if choices is not None:
        chosen = {getattr(noun, "value", noun) for noun in choices}
        actors = frozenset(name for name in actors if name.upper() in chosen)
    question = {"name": name, "nouns": None if choices is None else sorted(actors)}

    def names_sharing_keys() -> sa.Select[*tuple[Any, ...]]:
        shared = [
            sa.case((found_by(docs, given(f"{kind} {at}")), points), else_=0)
            for at in range(len(parts))
            for kind, points in (("keys", 1), ("word", 2))
        ]
        about = (docs.c.record_id, docs.c.text)
        return (
            sa.select(*about, sa.func.min(docs.c.node_id).label("node_id"))
            .where(
                matches(docs, given("any key")),
                valid(docs, reader.edition),
                docs.c.noun.in_(sorted(actors)),
                docs.c.place.in_([Place.TITLE, Place.NAME]),
            )
            .group_by(*about)
            .order_by(
                sa.func.max(sum(shared[1:], shared[0])).desc(),
                sa.func.length(docs.c.text),
                *about,
            )
            .limit(CANDIDATES)
        )

    patterns: dict[str, Any] = {"any key": _patterns(key for part in parts for key in part.every)}
    for at, part in enumerate(parts):
        patterns |= {f"keys {at}": _patterns(part.keys), f"word {at}": [TokenPattern((part.part,))]}
    best: dict[str, _Found] = {}
    purpose = ("names like", len(parts), *sorted(actors))
    for row in await reader.rows(purpose, names_sharing_keys, **patterns):
        actor, text = row["record_id"], row["text"]
        score, reasons = likeness(name, text)
        if score >= FLOOR:
            found = _Found(-score, text != name, actor, text, row["node_id"], reasons)
            best[actor] = min(found, best.get(actor, found))
    coded = await coded_actors(reader, name, actors)
    alike = (found for found in sorted(best.values()) if found.actor not in coded)
    views = [_coded(question, each) for each in coded.values()]
    views = [*views, *(_match(question, found) for found in alike)][:first]
    return await to_objects(reader, "NameMatch", views, reader.root)


def _patterns(keys: Iterable[str]) -> list[TokenPattern]:
    return [TokenPattern((key,), kind=KEY) for key in sorted(set(keys))]


_REASONS = {
    NameLikeness.SAME_NAME: "they are written alike",
    NameLikeness.SAME_READING: "they read alike in two scripts",
    NameLikeness.ROMANISATION: "they are two romanisations",
    NameLikeness.DIVISION: "spaces or hyphens differ",
    NameLikeness.ORDER: "their parts stand in another order",
    NameLikeness.PART: "only some of their parts are alike",
    NameLikeness.RELATED_FORM: "they are forms of one name",
    NameLikeness.SPELLING: "they differ in a letter or two",
}


def _match(question: Mapping[str, Any], found: _Found) -> NameMatch:
    why = "; ".join(_REASONS[reason] for reason in found.reasons)
    return NameMatch(
        id=strawberry.ID(dependent(f"name-match/{found.actor}", **question)),
        actor=found.actor,
        name=found.name,
        node=found.node,
        score=-found.unlike,
        reasons=list(found.reasons),
        explanation=f"'{question['name']}' and '{found.name}': {why}.",
    )


def _coded(question: Mapping[str, Any], coded: CodedActor) -> NameMatch:
    return NameMatch(
        id=strawberry.ID(dependent(f"name-match/{coded.actor}", **question)),
        actor=coded.actor,
        name=coded.code,
        node=coded.node,
        score=1.0,
        reasons=[NameLikeness.CODE],
        explanation=f"'{coded.code}' is its code in {coded.scheme}.",
    )


def fields() -> dict[str, Any]:
    """The root field `namesLike`."""
    arguments = {
        "name": needed(argument(str, "The name as it is known, such as `Siewira` or `신원식`.")),
        "nouns": (
            argument(list_of(actor_noun()) | None, "Of these nouns; both when left out."),
            strawberry.UNSET,
        ),
        "first": (argument(int, "How many matches, at most 100."), 10),
        "as_of": AS_OF,
    }
    description = (
        "Parties and officials with a name like this one in whatever script, the most alike first, "
        "each with the reasons; whose code it is come before. It never says that two records are "
        "one."
    )
    kind = list_of(types["NameMatch"]) | None
    return {
        "namesLike": root(
            "namesLike", kind, description, arguments, _names_like, by_argument("first", CEILING)
        )
    }

"""The views of a snapshot: what an analyst would join first."""

from __future__ import annotations

from collections.abc import Iterator

from api.snapshot.tables import KEY, Table, quoted
from schema.model.fields import RoleRelation
from schema.model.noun import Record
from schema.model.registry import nouns
from schema.model.traits import Trait, name_with

RECORDS, EVIDENCE, LICENCES, ACTORS = "records", "evidence", "licences", "with_actors"
BETWEEN = " | "
"""What stands between the names in one cell."""


def views(known: dict[str, Table]) -> Iterator[tuple[str, str, str]]:
    """The name, the description and the query of each view."""
    records = {
        name: table
        for name, table in known.items()
        if name in nouns() and issubclass(nouns()[name], Record)
    }
    unions = " UNION ALL ".join(_record(name, table) for name, table in records.items())
    yield RECORDS, "Every record of every noun, with the bounds of the day that places it.", unions
    yield EVIDENCE, "What each source says of each field, with its exact words.", _evidence(known)
    yield (
        LICENCES,
        "The licences of the sources, and whether their texts are shown.",
        _licences(known),
    )
    for name, table in records.items():
        roles = [*_roles(name)]
        if roles:
            described = f"The same as `{table.name}`, with the names of those who take part."
            yield f"{table.name}_{ACTORS}", described, _with_actors(table, roles, known)


def _record(name: str, table: Table) -> str:
    dates = [each for each in nouns()[name].dated_by if f"{each}_earliest" in _names(table)]
    bounds = [
        f"coalesce({', '.join([quoted(f'{date}_{end}') for date in dates] + ['NULL', 'NULL'])})"
        for end in ("earliest", "latest")
    ]
    return (
        f"SELECT id, '{name}' AS noun, title, factuality, {bounds[0]} AS earliest, "
        f"{bounds[1]} AS latest, edition_number FROM {quoted(table.name)}"
    )


def _names(table: Table) -> set[str]:
    return {column.name for column in table.columns}


def _evidence(known: dict[str, Table]) -> str:
    claims, passages, sources = (
        quoted(known[name_with(trait)].name) for trait in (Trait.CLAIM, Trait.PASSAGE, Trait.SOURCE)
    )
    return (
        "SELECT c.record_id, c.record_title, c.field, c.element_id, c.element_field, c.stated, "
        "c.value, c.status, c.factuality, c.is_accepted, c.source_id, c.source_title, "
        "s.publisher, s.published_on_earliest, s.address, s.licence, p.exact, p.start, "
        f'p."end", p.is_cut, c.id AS claim_id FROM {claims} AS c '
        f"JOIN {sources} AS s ON s.id = c.source_id "
        f"LEFT JOIN {passages} AS p ON p.claim_id = c.id"
    )


def _licences(known: dict[str, Table]) -> str:
    sources = quoted(known[name_with(Trait.SOURCE)].name)
    return (
        "SELECT licence, is_text_public, count(*) AS sources, sum(text IS NOT NULL) AS texts "
        f"FROM {sources} GROUP BY licence, is_text_public"
    )


def _roles(name: str) -> Iterator[tuple[str, str]]:
    for field, relation in nouns()[name].declared.relations.items():
        if isinstance(relation, RoleRelation):
            yield field, relation.role


def _with_actors(table: Table, roles: list[tuple[str, str]], known: dict[str, Table]) -> str:
    involved = quoted(known[name_with(Trait.INVOLVEMENT)].name)
    names = [
        f"(SELECT group_concat(actor_title, '{BETWEEN}') FROM (SELECT actor_title FROM {involved} "
        f"WHERE record_id = t.{KEY} AND role = '{role}' ORDER BY {KEY})) AS {quoted(field)}"
        for field, role in roles
    ]
    return f"SELECT t.*, {', '.join(names)} FROM {quoted(table.name)} AS t"

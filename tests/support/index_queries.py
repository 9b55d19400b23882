"""Questions: one for every filter, order and link that the graph has, made from its own schema."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
)

from schema.build import build
from schema.graph.catalog import plural
from schema.model.noun import Versioned, camel
from schema.model.reflection import plain_columns
from schema.model.registry import nouns, prefix_of, table_of
from schema.storage.engine import connected
from tests.support.databases import Store

WALKS = {
    "contains": "No index holds the middle of a text, so the rows are walked that it is asked of.",
    "text: ": "No index holds the middle of the folded texts either.",
    "isKnown: true": "Most records hold it, and a walk along the list soon fills a page.",
    "isStated": "As for what is known: a walk along the list.",
    "through: true": "PostgreSQL guesses how many an actor stands for, and reads a small table.",
}
"""The tests that no index serves, and why; each reads its own table alone."""
CHOICES = {
    "from: ": "A wide span fills a page sooner by a walk; only PostgreSQL knows how wide it is.",
    "until: ": "The same.",
}
"""The tests that an index serves, and where a planner may yet walk the list along its order."""


@dataclass(frozen=True)
class Question:
    """A query, and what its plans may do."""

    name: str
    query: str
    table: str = ""
    """The table of the list that is asked for."""
    may_walk: bool = False
    """Its page may be cut by a walk along an index."""
    may_read_all: bool = False
    """No index serves it, so that the whole list may be read."""
    may_sort: bool = True
    """Its rows are few, or no index has their order."""


def graphql_schema() -> GraphQLSchema:
    """The schema as graphql-core has it."""
    return build()._schema


def listed() -> list[type[Versioned]]:
    """The nouns that have a list of their own."""
    query = graphql_schema().query_type
    assert query is not None
    return [noun for noun in nouns().values() if plural(noun.__name__) in query.fields]


def filters(store: Store, noun: type[Versioned]) -> Iterator[Question]:
    """One question for each test of each condition of a `where`."""
    kind = graphql_schema().type_map[f"{noun.__name__}Where"]
    assert isinstance(kind, GraphQLInputObjectType)
    with connected(store.url) as connection:
        for name, field in kind.fields.items():
            if name in ("and", "or", "not"):
                continue
            made = get_named_type(field.type)
            for test in _tests(connection, noun, name, made):
                told = f"{name}: {test}"
                yield Question(
                    f"{noun.__name__}.{name} {test}",
                    f"{{{plural(noun.__name__)}(where: {{{told}}}) {{nodes {{id}} totalCount}}}}",
                    table_of(noun).name,
                    may_walk=any(word in told for word in CHOICES),
                    may_read_all=any(word in told for word in WALKS),
                )


def spans_of_kinds(noun: type[Versioned]) -> Iterator[Question]:
    """One question for each choice of a noun and its date together."""
    table = table_of(noun)
    for name, column in table.c.items():
        if noun.dated_by and isinstance(column.type, sa.Enum) and name in plain_columns(noun):
            date = camel(noun.dated_by[0])
            told = f"{camel(name)}: {{eq: {column.type.enums[-1]}}}, {date}: {EARLY}"
            yield Question(
                f"{noun.__name__} {told}",
                f"{{{plural(noun.__name__)}(where: {{{told}}}) {{nodes {{id}} totalCount}}}}",
                table.name,
            )


EARLY = '{from: "1990-06-01", until: "1990-06-01"}'


def _tests(connection: sa.Connection, noun: type[Versioned], name: str, kind: Any) -> list[str]:
    if kind.name == "String":
        return ['"east of"']
    if kind.name == "ID":
        return ['"source/000100"']
    if kind.name == "InvolvementMatch":
        actor = 'actor: "party/003000"'
        return [
            f"{{{actor}}}",
            f"{{{actor}, role: [PARTY, BUYER]}}",
            f"{{{actor}, through: true}}",
            f"{{{actor}, through: true, role: [SPEAKER]}}",
        ]
    if kind.name == "ActorMatch":
        return ['{actor: "party/003000"}', '{actor: "party/003000", through: true}']
    if kind.name in SPANS:
        return SPANS[kind.name]
    assert kind.name.endswith("Match"), f"{noun.__name__}Where.{name} is a {kind.name}"
    columns = {camel(each.name.removesuffix("_id")): each for each in table_of(noun).columns}
    column = columns["text" if name == "words" else name]
    unknown = ["{isKnown: false}"] if column.nullable else []
    if kind.name == "FlagMatch":
        # SQLite takes each of three values for a third of the rows, and null for the most of all.
        return ["{eq: true}", "{isKnown: true}"]
    if isinstance(column.type, sa.Enum):
        rare = column.type.enums[-1]
        return [f"{{eq: {rare}}}", f"{{in: [{rare}]}}", "{isKnown: true}", *unknown]
    if kind.name == "FieldNameMatch":
        return ["{eq: SIGNED_ON}", "{in: [SIGNED_ON, KIND]}", "{isKnown: true}", *unknown]
    query = sa.select(column).where(column.is_not(None)).distinct().order_by(column.desc())
    one, other = connection.execute(query.limit(2)).scalars()
    tests = [f'{{eq: "{one}"}}', f'{{in: ["{one}", "{other}"]}}', "{isKnown: true}", *unknown]
    if kind.name == "TextMatch":
        tests += [f'{{contains: "{one[:40]}"}}', f'{{startsWith: "{one[:40]}"}}']
    return tests


def _span(start: str, end: str) -> list[str]:
    return [
        f"{{from: {start}}}",
        f"{{until: {end}}}",
        f"{{from: {end}, until: {end}}}",
        "{isKnown: true}",
        "{isKnown: false}",
    ]


STATED = ["{isStated: true}", "{isStated: false}"]
SPANS = {
    "DateSpan": [*_span('"2023-10-01"', '"1990-06-01"'), *STATED],
    "NumberSpan": [*_span("23950", "90"), *STATED],
    "MoneySpan": [
        *_span('"239.5"', '"0.9"'),
        '{currency: "KRW"}',
        '{currency: "KRW", from: "239.5"}',
        '{currency: "KRW", until: "0.9"}',
        *STATED,
    ],
}
"""The tests of what lies between two ends."""


def orders(noun: type[Versioned], cursors: Callable[[str], str]) -> Iterator[Question]:
    """One question for each order, direction and way of turning its pages."""
    kind = graphql_schema().type_map[f"{noun.__name__}OrderField"]
    assert isinstance(kind, GraphQLEnumType)
    root = plural(noun.__name__)
    for name in kind.values:
        for direction in ("ASC", "DESC"):
            order = f"orderBy: {{field: {name}, direction: {direction}}}"
            first = f"{{{root}({order}, first: 10) {{nodes {{id}} pageInfo {{endCursor}}}}}}"
            named = f"{noun.__name__} by {name} {direction}"
            whole = Question(named, first, table_of(noun).name, may_walk=True, may_sort=False)
            yield whole
            cursor = cursors(first)
            last = f"{{{root}({order}, last: 10) {{nodes {{id}}}}}}"
            yield replace(whole, name=f"{named}, the last", query=last)
            for turn in (f'first: 10, after: "{cursor}"', f'last: 10, before: "{cursor}"'):
                query = f"{{{root}({order}, {turn}) {{nodes {{id}}}}}}"
                yield Question(f"{named}, {turn[:18]}", query, table_of(noun).name)


def links(noun: type[Versioned]) -> Iterator[Question]:
    """One question for each relation of a noun, asked of a page of records."""
    root = plural(noun.__name__)
    kind = graphql_schema().type_map[noun.__name__]
    assert isinstance(kind, GraphQLObjectType)
    for name, relation in noun.declared.relations.items():
        if camel(name) not in kind.fields:
            continue
        below = "{nodes {id} totalCount}" if relation.paged else "{id}"
        page = "(first: 3)" if relation.paged else ""
        for given in [page, *map(_narrow, relation.narrow)]:
            yield Question(
                f"{noun.__name__}.{name}{given}",
                f"{{{root}(last: 5) {{nodes {{{camel(name)}{given} {below}}}}}}}",
                table_of(noun).name,
                may_walk=True,
            )


def _narrow(narrow: Any) -> str:
    return f"({camel(narrow.name)}: {'true' if narrow.kind is bool else 'TITLE'})"


def keys(noun: type[Versioned]) -> Iterator[Question]:
    """One question for each way of naming one record."""
    root = noun.__name__[0].lower() + noun.__name__[1:]
    for by in (
        f'{{id: "{prefix_of(noun)}/000100"}}',
        '{slug: "000100"}',
        '{identifier: {scheme: "East scheme 1", value: "East value 1"}}',
    ):
        yield Question(f"{root} by {by}", f"{{{root}(by: {by}) {{id}}}}")


def at_edition(question: Question, number: int = 15) -> Question:
    """The same as of an edition."""
    head, _, tail = question.query.partition("(")
    query = f"{head}(asOf: {{edition: {number}}}, {tail}"
    return replace(question, name=f"{question.name} as of {number}", query=query)


ONE, OTHER = "party/003000", "party/003001"
TIES = "nodes {record {id} one {id} other {id}} totalCount"
OTHERS = {
    "a node": f'{{node(id: "{ONE}") {{id}}}}',
    "nodes": f'{{nodes(ids: ["{ONE}", "claim/000007", "edition/3"]) {{id}}}}',
    "a relationship": f'''{{relationship(between: ["{ONE}", "{OTHER}"]) {{
        sides {{through {{ nodes {{id}}}}}} ties {{{TIES}}} agreements {{{TIES}}}
        directions {{procurements {{{TIES}}}}}
        timeline {{nodes {{record {{id}}}}}} statistics {{total {{count}}}}
        unknowns {{nodes {{id}}}} ends {{record {{id}}}}
    }}}}''',
    "the timeline of an actor": f'''{{timeline(where: {{involves: [{{actor: "{ONE}"}}]}}) {{
        nodes {{record {{id}}}} totalCount
    }}}}''',
    "what an actor has part in, by year": f'''{{statistics(
        where: {{involves: [{{actor: "{ONE}"}}]}}, by: [YEAR]
    ) {{total {{count}}}}}}''',
    "what an actor has part in, by party and source": f'''{{statistics(
        where: {{involves: [{{actor: "{ONE}"}}]}}, by: [PARTY, SOURCE]
    ) {{total {{count}}}}}}''',
    "a stretch of a source": '{source(by: {slug: "003999"}) {passages(end: 500) {nodes {exact}}}}',
    "changes": "{changes(since: {edition: 18}) {nodes {recordId title} totalCount}}",
    "changes of an actor": f'''{{changes(
        since: {{edition: 19}}, where: {{involves: [{{actor: "{ONE}"}}]}}
    ) {{nodes {{recordId}}}}}}''',
    "a difference": f'{{difference(from: 18, to: 20, of: "{ONE}") {{nodes {{recordId kind}}}}}}',
    "a history": f'''{{party(by: {{id: "{ONE}"}}) {{
        history {{nodes {{title edition {{number}}}}}} }}}}''',
    "conflicts": """{agreement(by: {slug: "003999"}) {
        conflicts {nodes {claims {nodes {id}} accepted {id} positions {value}
            silences {nodes {id}}}} lineageCount
        unknowns {nodes {id}} citation(style: CHICAGO) {text}
    }}""",
    "editions": "{editions {nodes {number}}}",
}
"""What else is asked of the record, by name."""

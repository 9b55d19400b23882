"""Documents: parsed, measured and validated once for each text."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    OperationType,
    get_operation_ast,
    parse,
    validate,
    visit,
)

from api.limits.cost import Costs
from api.limits.depth import Tally, too_complex
from api.limits.limits import Limits
from api.limits.node_count import CountedOperation, pages
from api.limits.worker import Worker
from api.lru import WeightedLRU, weight_of
from schema.execution.operation import OperationPlan
from schema.graph.validation import RULES
from schema.model.bounds import Bound
from schema.storage.fanout import NONE, Figures

DOCUMENT_BYTES, TOKEN_BYTES = 4_096, 600
"""About what a document takes beside its text, and each of its tokens, measured by tracemalloc."""
COUNTED = 10**9
"""Up to which number the selections of a document are told."""


class Query(NamedTuple):
    """A query that can be run, and what it costs."""

    operation: OperationPlan
    costs: Costs


@dataclass(frozen=True)
class Document:
    """A parsed document and what is wrong with it."""

    node: DocumentNode
    errors: tuple[GraphQLError, ...]
    costs: dict[str | None, Costs] = field(default_factory=dict)
    """The costs of its operations, by their names."""
    queries: dict[str | None, Query | None] = field(default_factory=dict)
    """Its queries, by the names they were asked for by; None for what is no query."""


class Documents:
    """Parses and validates; a text that came before is neither parsed nor validated again."""

    figures: Figures = NONE
    """What the record's figures say, by which costs are counted."""

    def __init__(
        self, schema: GraphQLSchema, limits: Limits, bounds: Mapping[str, Bound] | None = None
    ) -> None:
        self.schema = schema
        self.limits = limits
        self.bounds = {**pages(schema), **(bounds or {})}
        self.recent = WeightedLRU[Document](limits.document_bytes)
        self.grown: deque[tuple[str, Document, int]] = deque()
        """By how much the plans of documents have grown since; threads that read say so too."""
        self.worker = Worker("documents", limits.documents_waiting)
        self.reading: dict[str, asyncio.Future[None]] = {}
        """The texts that are being read."""

    def knows(self, text: str) -> bool:
        """Whether a text came before; it now counts as used again."""
        return self.recent.find(text) is not None

    async def prepare(self, text: str) -> None:
        """Has a text read in another thread, once for all who wait for it, so that it is known.

        Raises when it cannot be parsed or is over a ceiling, and where too many texts wait.
        """
        reading = self.reading.get(text)
        if reading is None:
            reading = self.reading[text] = asyncio.ensure_future(self._prepared(text))
            reading.add_done_callback(lambda done: self._ended(text, done))
        await asyncio.shield(reading)

    async def _prepared(self, text: str) -> None:
        document = await self.worker.run(lambda: self.made(text))
        self._keep(text, document)

    def _ended(self, text: str, reading: asyncio.Future[None]) -> None:
        del self.reading[text]
        if not reading.cancelled():
            reading.exception()  # who waited for it has been told, or has left

    def made(self, text: str) -> Document:
        """The document of a text that is new."""
        node = self.parsed(text)
        self.measure(node)
        return Document(node, tuple(self.invalid(node)))

    def read(self, text: str) -> Document:
        """The document of a text. Raises when it cannot be parsed or is over a ceiling."""
        document = self.recent.peek(text)
        if document is None:
            document = self.made(text)
            self._keep(text, document)
        return document

    def _keep(self, text: str, document: Document) -> None:
        weight = DOCUMENT_BYTES + 2 * weight_of(text) + TOKEN_BYTES * document.node.token_count
        self.recent.keep(text, document, weight)

    def query(self, text: str, name: str | None) -> Query | None:
        """A query of a valid document, ready to be run; None for anything else."""
        while self.grown:
            self.recent.grow(*self.grown.popleft())
        document = self.recent.peek(text)
        if document is None:
            try:
                document = self.read(text)
            except GraphQLError:
                return None
        if name in document.queries:
            return document.queries[name]
        # Of the names that clients choose only those that are in the document are kept.
        node = None if document.errors else get_operation_ast(document.node, name)
        if node is None:
            return None
        query = None
        if node.operation is OperationType.QUERY:
            operation = OperationPlan(
                self.schema,
                document.node,
                node,
                lambda more: self.grown.append((text, document, more)),
            )
            query = Query(operation, self.costs(document, node))
        document.queries[name] = query
        return query

    def costs(self, document: Document, operation: OperationDefinitionNode) -> Costs:
        """The numbers of nodes that an operation of a valid document asks for."""
        name = operation.name.value if operation.name else None
        if name not in document.costs:
            limits = self.limits
            asked = CountedOperation(
                self.schema,
                document.node,
                operation,
                limits.page,
                limits.page_maximum,
                self.bounds,
            )
            document.costs[name] = Costs(asked)
        return document.costs[name]

    def parsed(self, text: str) -> DocumentNode:
        """The syntax tree; `{a {}}`, which graphql-core lets pass, is an error."""
        try:
            return parse(
                text,
                allow_empty_selection_sets=False,
                max_lexical_tokens=self.limits.tokens,
                max_comments=self.limits.comments,
                max_source_length=self.limits.source_characters,
            )
        except GraphQLSyntaxError as error:
            over, stopped, _ = error.message.partition(" Parsing aborted.")
            if stopped:
                raise too_complex(over.removeprefix("Syntax Error: ")) from None
            raise

    def measure(self, document: DocumentNode) -> None:
        """Refuse what is too deep or repeats too much, before the costly rules look at it."""
        tally = Tally(self.limits.name_characters)
        visit(document, tally)
        for count, ceiling, what in (
            (tally.aliases, self.limits.aliases, "aliases"),
            (tally.directives, self.limits.directives, "directives"),
        ):
            if count > ceiling:
                raise too_complex(
                    f"The document has {count} {what}; at most {ceiling} are allowed.", document
                )
        selections = 0
        for operation in tally.operations:
            depth, count = tally.extent(operation.selection_set)
            selections += count
            if depth > self.limits.depth:
                raise too_complex(
                    f"The operation is {depth} levels deep; at most {self.limits.depth} are "
                    "allowed. Ask for the deeper levels by the ids of the upper ones.",
                    operation,
                )
        if selections > self.limits.selections:
            over = f"more than {COUNTED}" if selections > COUNTED else selections
            raise too_complex(
                f"The document selects {over} fields and fragments, each fragment counted wherever "
                f"it is spread; at most {self.limits.selections} are allowed. Spread fragments in "
                "fewer places, or ask in several documents.",
                document,
            )

    def invalid(self, document: DocumentNode) -> Iterator[GraphQLError]:
        """The first few violations of the rules of validation."""
        errors = validate(self.schema, document, RULES, max_errors=self.limits.errors)
        for error in errors[: self.limits.errors]:
            if error.message == "Validation aborted.":
                yield too_complex(
                    "The document spreads its fragments in too many places, or nests them too "
                    "deeply, to be validated. Spread them in fewer places, or ask in several "
                    "documents."
                )
            else:
                code = {"code": "GRAPHQL_VALIDATION_FAILED"}
                yield GraphQLError(error.message, error.nodes, extensions=code)

"""Operations: a query is compiled once for each shape of its variables, and then only run."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLResolveInfo,
    GraphQLSchema,
    OperationDefinitionNode,
)
from graphql.execution.collect_fields import FieldDetails, FragmentDetails, collect_fields
from graphql.execution.values import VariableValues

from schema.errors import InputError, NeedsGraphQLCoreError
from schema.execution.json_writer import Writer
from schema.execution.variables import TEXT, Variables, parameterise
from schema.planning.projection import RowSource
from schema.planning.selection import OperationInfo, SelectedField, check_texts
from schema.storage.snapshot import Duration, Snapshot, TimeBudgetError
from schema.storage.statement import Bindings, ignore_growth

if TYPE_CHECKING:
    from schema.execution.context import Context

ROOTS: dict[str, Callable[..., Any]] = {}
"""How each root field of the graph is answered: by a reader, from its arguments."""

SHAPES = 16
"""How many shapes of one operation are kept."""
SHAPE_BYTES = 4_096
"""About what a shape takes beside its SQL."""
COPIES = 32
"""How often one value may stand in one object: as often as it may have another name."""


class EditionUnknownError(Exception):
    """Nothing was found, so that nothing told the edition; a statement of its own must."""


class SingleRowPlan(NamedTuple):
    """The source whose one row is all the answer, and the name of its root field there."""

    key: str
    source: RowSource

    def rows(self, context: Context, variables: dict[str, Any]) -> list[Any] | Awaitable[list[Any]]:
        """The row, if there is one, or what to wait for; TimeBudgetError where it takes long."""
        check_texts(variables)
        statement = self.source.statement
        values = statement.filled(Bindings(variables, base=context.base_url))
        return context.snapshots.alone(statement, values)

    def data(self, rows: Sequence[Any], context: Context) -> dict[str, Any] | None:
        """The data; None where there is no such row."""
        if not rows:
            return None
        [make] = self.source.projections
        [object] = make(rows, context.base_url, None, [])
        context.newest = context.read = rows[0][self.source.places["newest"]]
        return {self.key: object}


class VariableShape:
    """One operation for variables that differ in scalars alone."""

    def __init__(self) -> None:
        self.roots: dict[str, SelectedField | str] = {}
        self.count = 0
        """How many root fields are read."""
        self.duration = Duration.UNKNOWN
        """What it has shown to take; only what is short may keep the event loop."""
        self.is_alone = False
        """Whether it has shown to need one statement, and so no transaction."""
        self.single_row: SingleRowPlan | None = None
        """How one row answers it, where it has shown to be so."""
        self.bytes = 0
        """About what it takes, by the SQL in it."""


class OperationPlan:
    """One query of a valid document."""

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        node: OperationDefinitionNode,
        grown: Callable[[int], None] = ignore_growth,
    ) -> None:
        self.schema, self.node = schema, node
        self.grown = grown
        """Called with the number of bytes by which its shapes have grown, from any thread."""
        self.fragments = {
            each.name.value: FragmentDetails(each)
            for each in document.definitions
            if isinstance(each, FragmentDefinitionNode)
        }
        self.variables = Variables(schema, node.variable_definitions or ())
        self.shapes: OrderedDict[Hashable, VariableShape] = OrderedDict()

    def known(self, given: dict[str, Any], kind: str) -> VariableShape | None:
        """The shape of variables that are one text each, once it has been made; else None."""
        return self.shapes.get((kind, *given)) if self.variables.are_plain(given) else None

    def shape(self, variables: dict[str, Any], kind: str) -> VariableShape:
        """The operation for variables of this shape on a kind of database, found or made.

        NeedsGraphQLCoreError for introspection, which graphql-core answers.
        """
        key: tuple[Hashable, ...] = (kind, *variables)
        is_plain = {*map(type, variables.values())} <= TEXT
        if is_plain and key in self.shapes:
            return self.shapes[key]
        parameterised = {
            name: parameterise(value, lambda run, name=name: run.variables[name])  # type: ignore[misc]  # bound here
            for name, value in variables.items()
        }
        if not is_plain:
            key = (kind, *((name, form) for name, (form, _) in parameterised.items()))
        shape = self.shapes.get(key)
        if shape is None:
            shape = self._compiled({name: value for name, (_, value) in parameterised.items()})
            self.shapes[key] = shape
            while len(self.shapes) > SHAPES:
                _, forgotten = self.shapes.popitem(last=False)
                self.grown(-forgotten.bytes)
        return shape

    def _compiled(self, variables: dict[str, Any]) -> VariableShape:
        query = self.schema.query_type
        assert query is not None
        values = VariableValues({}, variables)
        shape = VariableShape()

        def grown(more: int) -> None:
            shape.bytes += more
            self.grown(more)

        operation = OperationInfo(self.schema, self.node, self.fragments, values, grown=grown)
        collected = collect_fields(self.schema, self.fragments, values, query, self.node)
        for key, nodes in collected.grouped_field_set.items():
            field = SelectedField(operation, query.name, nodes)
            if field.name in ROOTS:
                shape.roots[key] = field
            elif field.name == "__typename":
                shape.roots[key] = query.name
            else:
                raise NeedsGraphQLCoreError
        shape.count = sum(isinstance(root, SelectedField) for root in shape.roots.values())
        grown(SHAPE_BYTES)
        return shape

    def run(
        self, context: Context, variables: dict[str, Any], shape: VariableShape | None = None
    ) -> dict[str, Any] | Awaitable[dict[str, Any]]:
        """The data of the answer, to be written by orjson, or what to wait for.

        Parts of it may be JSON already. Where not all of it is well, it raises the error itself, or
        NeedsGraphQLCoreError; graphql-core then tells what is wrong, and where.
        """
        shape = shape or self.shape(variables, context.snapshots.kind)
        single_row, is_short = shape.single_row, shape.duration is Duration.SHORT
        if single_row is None or not is_short or context.snapshot is not None:
            return self._read(shape, context, variables)
        try:
            rows = single_row.rows(context, variables)
        except TimeBudgetError as late:
            shape.duration = late.duration
            return self._read(shape, context, variables)
        if not isinstance(rows, list):
            return self._awaited(single_row, rows, shape, context, variables)
        data = single_row.data(rows, context)
        return self._read(shape, context, variables) if data is None else data

    async def _awaited(
        self,
        single_row: SingleRowPlan,
        rows: Awaitable[list[Any]],
        shape: VariableShape,
        context: Context,
        variables: dict[str, Any],
    ) -> dict[str, Any]:
        """What one row answers, or where there is none, what a transaction finds."""
        try:
            data = single_row.data(await rows, context)
        except TimeBudgetError as late:
            shape.duration, data = late.duration, None
        return await self._read(shape, context, variables) if data is None else data

    async def _read(
        self, shape: VariableShape, context: Context, variables: dict[str, Any]
    ) -> dict[str, Any]:
        if (opened := context.snapshot) is not None:
            try:
                return await self._data(shape, context, opened, variables, shape.is_alone)
            except EditionUnknownError:
                return await self._data(shape, context, opened, variables, False)
        if not shape.count:
            return dict(shape.roots)
        snapshots = context.snapshots

        async def read(snapshot: Snapshot) -> dict[str, Any]:
            started = snapshots.clock()
            context.newest = context.read = None
            data = await self._data(shape, context, snapshot, variables, is_alone)
            shape.duration = snapshots.duration(snapshots.clock() - started)
            return data

        duration, is_alone = shape.duration, shape.is_alone
        while True:
            try:
                return await snapshots.read(read, duration, is_alone)
            except EditionUnknownError:
                is_alone = shape.is_alone = False
            except TimeBudgetError as late:
                duration = shape.duration = late.duration

    async def _data(
        self,
        shape: VariableShape,
        context: Context,
        snapshot: Snapshot,
        variables: dict[str, Any],
        is_alone: bool,
    ) -> dict[str, Any]:
        """The data, as a snapshot has them."""
        data: dict[str, Any] = {}
        bindings = Bindings(variables)
        for key, root in shape.roots.items():
            if isinstance(root, str):
                data[key] = root
                continue
            reader, values = await context.reader(snapshot, root, bindings, is_alone=is_alone)
            answer, budget = await ROOTS[root.name](reader, values), snapshot.budget
            # What much was fetched for may be too much, or take long where it is written at once.
            is_small = COPIES * budget.fetched <= budget.most
            data[key] = answer if is_small else Writer(budget.most).pieces(answer)
            outcome = reader.outcome
            shape.is_alone = outcome.is_whole and shape.count == 1
            if shape.is_alone and outcome.single_row is not None:
                shape.single_row = SingleRowPlan(key, outcome.single_row)
            if context.newest is None:
                if outcome.newest is None:
                    raise EditionUnknownError
                context.newest = context.read = outcome.newest
        return data


def selected_by_graphql(info: GraphQLResolveInfo[Any]) -> tuple[SelectedField, Bindings]:
    """A root field that graphql-core goes through, and the variables it is read with."""
    # Strawberry hands on the coerced values alone, without the box they came in.
    given: Any = info.variable_values
    variables: dict[str, Any] = getattr(given, "coerced", given)
    fragments = {name: FragmentDetails(node) for name, node in info.fragments.items()}
    values = VariableValues({}, variables)
    operation = OperationInfo(info.schema, info.operation, fragments, values, is_typed=True)
    nodes = [FieldDetails(node, None, None) for node in info.field_nodes]
    return SelectedField(operation, info.parent_type.name, nodes), Bindings(variables)


UNFIT = (NeedsGraphQLCoreError, InputError, GraphQLError)
"""What says that an answer is not all well; whatever else is wrong is final."""

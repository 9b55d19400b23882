"""Operations: a query is compiled once for each form its variables take, and then only run."""

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
    Undefined,
    VariableDefinitionNode,
    get_named_type,
    get_variable_values,
    is_leaf_type,
    is_non_null_type,
)
from graphql.execution.collect_fields import FieldDetails, FragmentDetails, collect_fields
from graphql.execution.values import VariableValues
from graphql.utilities import coerce_input_value, type_from_ast

from schema.errors import InputError, NeedsGraphQLCoreError
from schema.execution.json_writer import Writer
from schema.execution.variables import TEXT, _named, parameterise
from schema.planning.projection import RowSource
from schema.planning.selection import OperationInfo, Selection, check_texts, field_name
from schema.storage.snapshot import Duration, Snapshot, TimeBudgetError
from schema.storage.statement import Bindings, ignore_growth

if TYPE_CHECKING:
    from schema.execution.context import Context

ROOTS: dict[str, Callable[..., Any]] = {}
"""How each root field of the graph is answered: by a reader, from its arguments."""

FORMS = 16
"""How many forms of one operation are kept."""
FORM_BYTES = 4_096
"""About what a form takes beside its SQL."""
COPIES = 32
"""How often one value may stand in one object: as often as it may have another name."""


class EditionUnknownError(Exception):
    """Nothing was found, so that nothing told the edition; a statement of its own must."""


class SingleRowPlan(NamedTuple):
    """The level whose one row is all the answer, and the name of its root field there."""

    key: str
    level: RowSource

    def rows(self, context: Context, variables: dict[str, Any]) -> list[Any] | Awaitable[list[Any]]:
        """The row, if there is one, or what to wait for; TimeBudgetError where it takes long."""
        check_texts(variables)
        statement = self.level.statement
        values = statement.filled(Bindings(variables, base=context.base_url))
        return context.snapshots.alone(statement, values)

    def told(self, rows: Sequence[Any], context: Context) -> dict[str, Any] | None:
        """The data; None where there is no such row."""
        if not rows:
            return None
        [shape] = self.level.shapes
        [told] = shape(rows, context.base_url, None, [])
        context.newest = context.read = rows[0][self.level.places["newest"]]
        return {self.key: told}


class VariableShape:
    """One operation for variables that differ in scalars alone."""

    def __init__(self) -> None:
        self.roots: dict[str, Selection | str] = {}
        self.count = 0
        """How many root fields are read."""
        self.duration = Duration.UNKNOWN
        """What it has shown to take; only what is short may keep the event loop."""
        self.is_alone = False
        """Whether it has shown to need one statement, and so no transaction."""
        self.only: SingleRowPlan | None = None
        """What the one row is that answers it, where it has shown to be so."""
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
        """Told by how many bytes more all its forms take, from whichever thread."""
        self.fragments = {
            each.name.value: FragmentDetails(each)
            for each in document.definitions
            if isinstance(each, FragmentDefinitionNode)
        }
        defined = node.variable_definitions or ()
        self.kinds = self._leaves(defined)
        is_plain = all(_named(each.type) in ("ID", "String") for each in defined)
        self.plain = {each.variable.name.value for each in defined} if is_plain else None
        """The names of the variables, where each is one text, which is taken as it is."""
        self.forms: OrderedDict[Hashable, VariableShape] = OrderedDict()

    def known(self, given: dict[str, Any], kind: str) -> VariableShape | None:
        """The form of variables that are one text each, once it has been made; else None."""
        if given.keys() != self.plain or not {*map(type, given.values())} <= TEXT:
            return None
        return self.forms.get((kind, *given))

    def coerced(self, given: dict[str, Any], most: int = 5) -> dict[str, Any] | list[GraphQLError]:
        """The variables as the schema has them, or what is wrong with them."""
        if given.keys() == self.plain and {*map(type, given.values())} <= TEXT:
            return given
        leaves = self._coerced(given)
        if leaves is not None:
            return leaves
        values = get_variable_values(
            self.schema, self.node.variable_definitions or (), given, max_errors=most
        )
        return values if isinstance(values, list) else values.coerced

    def _leaves(self, defined: Sequence[VariableDefinitionNode]) -> dict[str, Any] | None:
        """The types of the variables; None unless all are scalars, choices or lists of them."""
        kinds: dict[str, Any] = {}
        for each in defined:
            kind = type_from_ast(self.schema, each.type)
            if kind is None or each.default_value or not is_leaf_type(get_named_type(kind)):
                return None
            kinds[each.variable.name.value] = kind
        return kinds

    def _coerced(self, given: dict[str, Any]) -> dict[str, Any] | None:
        """The variables where they are leaves, and all is well with them."""
        if self.kinds is None:
            return None
        found = {}
        for name, kind in self.kinds.items():
            if name in given:
                found[name] = coerce_input_value(given[name], kind)
                if found[name] is Undefined:
                    return None
            elif is_non_null_type(kind):
                return None
        return found

    def form(self, variables: dict[str, Any], kind: str) -> VariableShape:
        """The operation for variables of this form on a kind of database, found or made.

        NeedsGraphQLCoreError for introspection, which graphql-core answers.
        """
        key: tuple[Hashable, ...] = (kind, *variables)
        is_plain = {*map(type, variables.values())} <= TEXT
        if is_plain and key in self.forms:
            return self.forms[key]
        told = {
            name: parameterise(value, lambda reading, name=name: reading.variables[name])  # type: ignore[misc]  # bound here
            for name, value in variables.items()
        }
        if not is_plain:
            key = (kind, *((name, form) for name, (form, _) in told.items()))
        form = self.forms.get(key)
        if form is None:
            form = self._made({name: value for name, (_, value) in told.items()})
            self.forms[key] = form
            while len(self.forms) > FORMS:
                _, forgotten = self.forms.popitem(last=False)
                self.grown(-forgotten.bytes)
        return form

    def _made(self, variables: dict[str, Any]) -> VariableShape:
        query = self.schema.query_type
        assert query is not None
        values = VariableValues({}, variables)
        form = VariableShape()

        def grown(more: int) -> None:
            form.bytes += more
            self.grown(more)

        asking = OperationInfo(self.schema, self.node, self.fragments, values, grown=grown)
        collected = collect_fields(self.schema, self.fragments, values, query, self.node)
        for key, details in collected.grouped_field_set.items():
            name = field_name(details)
            if name in ROOTS:
                form.roots[key] = Selection(asking, details)
            elif name == "__typename":
                form.roots[key] = query.name
            else:
                raise NeedsGraphQLCoreError
        form.count = sum(isinstance(asked, Selection) for asked in form.roots.values())
        grown(FORM_BYTES)
        return form

    def run(
        self, context: Context, variables: dict[str, Any], form: VariableShape | None = None
    ) -> dict[str, Any] | Awaitable[dict[str, Any]]:
        """The data of the answer, to be written by orjson, or what to wait for.

        Parts of it may be JSON already. Where not all of it is well, it raises the error itself, or
        NeedsGraphQLCoreError; graphql-core then tells what is wrong, and where.
        """
        form = form or self.form(variables, context.snapshots.kind)
        if form.only is None or form.duration is not Duration.SHORT or context.snapshot is not None:
            return self._read(form, context, variables)
        try:
            rows = form.only.rows(context, variables)
        except TimeBudgetError as late:
            form.duration = late.duration
            return self._read(form, context, variables)
        if not isinstance(rows, list):
            return self._later(form.only, rows, form, context, variables)
        told = form.only.told(rows, context)
        return self._read(form, context, variables) if told is None else told

    async def _later(
        self,
        only: SingleRowPlan,
        rows: Awaitable[list[Any]],
        form: VariableShape,
        context: Context,
        variables: dict[str, Any],
    ) -> dict[str, Any]:
        """What one row tells, or where there is none, what a transaction finds."""
        try:
            told = only.told(await rows, context)
        except TimeBudgetError as late:
            form.duration, told = late.duration, None
        return await self._read(form, context, variables) if told is None else told

    async def _read(
        self, form: VariableShape, context: Context, variables: dict[str, Any]
    ) -> dict[str, Any]:
        if context.snapshot is not None:
            reading = Bindings(variables)
            return await self._told(form, context, context.snapshot, reading, form.is_alone)
        if not form.count:
            return dict(form.roots)
        snapshots = context.snapshots

        async def read(snapshot: Snapshot) -> dict[str, Any]:
            started = snapshots.clock()
            context.newest = context.read = None
            data = await self._told(form, context, snapshot, Bindings(variables), is_alone)
            form.duration = snapshots.duration(snapshots.clock() - started)
            return data

        duration, is_alone = form.duration, form.is_alone
        while True:
            try:
                return await snapshots.read(read, duration, is_alone)
            except EditionUnknownError:
                is_alone = form.is_alone = False
            except TimeBudgetError as late:
                duration = form.duration = late.duration

    async def _told(
        self,
        form: VariableShape,
        context: Context,
        snapshot: Snapshot,
        reading: Bindings,
        is_alone: bool,
    ) -> dict[str, Any]:
        """The data, as a snapshot has them."""
        data: dict[str, Any] = {}
        for key, asked in form.roots.items():
            if isinstance(asked, str):
                data[key] = asked
                continue
            reader, found = await context.reader(snapshot, asked, reading, is_alone=is_alone)
            answered, budget = await ROOTS[asked.name](reader, found), snapshot.budget
            # What much was fetched for may be too much, or take long where it is written at once.
            is_small = COPIES * budget.fetched <= budget.most
            data[key] = answered if is_small else Writer(budget.most).pieces(answered)
            form.is_alone = reader.is_whole and form.count == 1
            if form.is_alone and reader.only is not None:
                form.only = SingleRowPlan(key, reader.only)
            if context.newest is None:
                if reader.newest is None:
                    raise EditionUnknownError
                context.newest = context.read = reader.newest
        return data


def asked_by_graphql(info: GraphQLResolveInfo[Any]) -> tuple[Selection, Bindings]:
    """A root field that graphql-core goes through, and the variables it is read with."""
    # Strawberry hands on the coerced values alone, without the box they came in.
    given: Any = info.variable_values
    variables: dict[str, Any] = getattr(given, "coerced", given)
    fragments = {name: FragmentDetails(node) for name, node in info.fragments.items()}
    asking = OperationInfo(info.schema, info.operation, fragments, VariableValues({}, variables))
    root = [FieldDetails(node, None, None) for node in info.field_nodes]
    return Selection(asking, root, is_typed=True), Bindings(variables)


UNFIT = (NeedsGraphQLCoreError, InputError, GraphQLError)
"""What says that an answer is not all well; whatever else is wrong is final."""

"""Prepared statements: SQL that is written once, and the values that each run fills in."""

from __future__ import annotations

import operator
from collections import deque
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Generic, NoReturn, TypeVar

import sqlalchemy as sa

from schema.storage.bounded import Bounded

T = TypeVar("T")
CHARACTER_BYTES = 40
"""About what a plan takes for each character of its SQL, measured by tracemalloc."""
Change = Callable[[Any], Any]


@dataclass(slots=True)
class Bindings:
    """What is only known when a statement runs."""

    variables: dict[str, Any]
    as_of: int | None = None
    keys: Sequence[Any] = ()
    """The owners whose rows are asked for."""
    size: int = 0
    """How many rows a page takes, with the one that tells whether more follow."""
    after: Sequence[Any] = ()
    """The key values of the row that a page goes on from."""
    given: dict[str, Any] = field(default_factory=dict)
    """What else a statement is given, by name."""
    base: str = ""
    """What permalinks begin with."""

    def of(self, keys: Sequence[Any], given: dict[str, Any] | None = None) -> Bindings:
        """The same for some owners, and with what a statement is given."""
        given = self.given if given is None else given
        return Bindings(self.variables, self.as_of, keys, self.size, self.after, given, self.base)

    def paged(self, size: int, after: Sequence[Any]) -> Bindings:
        """The same for a page."""
        keys, given = self.keys, self.given
        return Bindings(self.variables, self.as_of, keys, size, after, given, self.base)


class Parameter:
    """A value in a statement that is only known when the statement runs.

    While a statement is built nothing can be asked of it: `then` and `constrain` take what would
    ask.
    """

    __slots__ = ("read",)

    def __init__(self, read: Callable[[Bindings], Any]) -> None:
        self.read = read

    def then(self, change: Change) -> Parameter:
        """What becomes of the value by a function."""
        read = self.read
        return Parameter(lambda bindings: change(read(bindings)))

    def constrain(self, change: Change) -> Any:
        """What the value comes to now; the statement serves only values that come to the same."""
        building = _building.get()
        value = change(self.read(building.bindings))
        building.constraints.append((self.then(change), value))
        return value

    def _unknown(self, *_: object) -> NoReturn:
        raise TypeError(
            "The value is not known before the statement runs. Use `then` for what becomes of it, "
            "`constrain` for what the form of the statement depends on, `members` for a list."
        )

    __bool__ = __iter__ = __len__ = __eq__ = __ne__ = _unknown
    __hash__ = object.__hash__


AS_OF = Parameter(lambda bindings: bindings.as_of)
BASE = Parameter(lambda bindings: bindings.base)
KEYS = Parameter(lambda bindings: bindings.keys)
SIZE = Parameter(lambda bindings: bindings.size)


def after_key(index: int) -> Parameter:
    """A key value of the row that a page goes on from."""
    return Parameter(lambda bindings: bindings.after[index])


def given(name: str) -> Parameter:
    """What a statement is given under a name when it runs."""
    return Parameter(lambda bindings: bindings.given[name])


def then(value: Any, change: Change) -> Any:
    """What becomes of a value by a function, now or as soon as it is known."""
    return value.then(change) if isinstance(value, Parameter) else change(value)


def constrain(value: Any, change: Change) -> Any:
    """What a value comes to, on which the form of a statement depends."""
    return value.constrain(change) if isinstance(value, Parameter) else change(value)


def members(values: Any) -> Sequence[Any]:
    """The members of a list; parameters where the list is one."""
    if not isinstance(values, Parameter):
        return list(values)
    return [values.then(operator.itemgetter(at)) for at in range(values.constrain(len))]


def bind(value: Any, bindings: Bindings) -> Any:
    """A value with the values of all parameters in it, however deep they stand."""
    if value is None:
        return None
    if isinstance(value, Parameter):
        return value.read(bindings)
    if isinstance(value, dict):
        return {key: bind(part, bindings) for key, part in value.items()}
    if isinstance(value, list):
        return [bind(part, bindings) for part in value]
    return value


def is_parameter(value: Any) -> bool:
    """Whether a value is a parameter, or has one in it."""
    if isinstance(value, dict):
        return any(is_parameter(part) for part in value.values())
    if isinstance(value, list):
        return any(is_parameter(part) for part in value)
    return isinstance(value, Parameter)


def bound_parameter(value: Any, kind: Any) -> sa.ColumnElement[Any]:
    """A parameter of a statement with a value of its own, known now or when it runs."""
    return sa.bindparam(None, value, type_=kind, unique=True)


class PreparedStatement:
    """A statement in the words of one database, with the places its values go to."""

    __slots__ = ("bounded", "large", "parameters", "text", "values")

    bounded: Bounded
    """As PostgreSQL is given it; its last value is how many bytes its rows may have."""

    def __init__(self, select: Any, dialect: sa.Dialect, large: Sequence[int] = ()) -> None:
        self.large = large
        """The places of the JSON in its rows, where nothing else in them is large."""
        compiled = select.compile(dialect=dialect)
        expanded = compiled.construct_expanded_state()  # lists are spread
        self.text = expanded.statement
        building = _building.get(None)
        if building is not None:
            building.bytes += CHARACTER_BYTES * len(self.text)
        types = {name: parameter.type for parameter, name in compiled.bind_names.items()}
        for name, spread in expanded.parameter_expansion.items():
            types.update(dict.fromkeys(spread, types[name]))
        self.values: list[Any] = []
        self.parameters: list[tuple[int, Callable[[Bindings], Any], Change | None]] = []
        for place, name in enumerate(expanded.positiontup or ()):
            value, process = expanded.parameters[name], _bound(types[name], dialect)
            if isinstance(value, Parameter):
                self.parameters.append((place, value.read, process))
                value = None
            elif process is not None:
                value = process(value)
            self.values.append(value)
        if dialect.name == "postgresql":
            width = len(select.selected_columns)
            self.bounded = Bounded(self.text, width, len(self.values) + 1, large)

    def filled(self, bindings: Bindings) -> list[Any]:
        """The values of one run, in the order of their places."""
        values = self.values.copy()
        for place, read, process in self.parameters:
            value = read(bindings)
            values[place] = value if process is None or value is None else process(value)
        return values


class MappedStatement(PreparedStatement):
    """A statement whose rows come with the names of their columns, as Python has their values."""

    __slots__ = ("names", "processes")

    def __init__(self, select: sa.SelectBase, dialect: sa.Dialect) -> None:
        super().__init__(select, dialect)
        columns = [*select.selected_columns]
        self.names = [str(column.key) for column in columns]
        self.processes = [
            (name, process)
            for name, column in zip(self.names, columns, strict=True)
            if (process := _processed(column.type, dialect)) is not None
        ]

    def named(self, rows: Sequence[Any]) -> list[dict[str, Any]]:
        """The rows by the names of their columns."""
        found = [dict(zip(self.names, row, strict=True)) for row in rows]
        for name, process in self.processes:
            for row in found:
                row[name] = process(row[name])
        return found

    def columns(self, rows: Sequence[Any]) -> dict[str, list[Any]]:
        """The columns by their names."""
        columns = zip(*rows, strict=True) if rows else [() for _ in self.names]
        found = {name: [*column] for name, column in zip(self.names, columns, strict=True)}
        for name, process in self.processes:
            found[name] = [process(value) for value in found[name]]
        return found


def _bound(kind: Any, dialect: sa.Dialect) -> Change | None:
    """What makes a value what the driver takes."""
    process: Change | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return process


def _processed(kind: Any, dialect: sa.Dialect) -> Change | None:
    process: Change | None = kind.dialect_impl(dialect).result_processor(dialect, None)
    return process


def ignore_growth(more: int) -> None:
    """Does nothing."""


@dataclass
class _Building:
    """What a statement that is being built hangs on."""

    bindings: Bindings
    constraints: list[tuple[Parameter, Any]] = field(default_factory=list)
    bytes: int = 0
    """About what it takes."""


_building: ContextVar[_Building] = ContextVar("building")


class PlanCache(Generic[T]):
    """What was planned for one purpose, by what the parameters come to that it hangs on."""

    MOST = 16
    """How many forms of one statement are kept."""

    def __init__(self, grown: Callable[[int], None] = ignore_growth) -> None:
        self.built: list[tuple[list[tuple[Parameter, Any]], T]] = []
        self.bytes: deque[int] = deque(maxlen=self.MOST)
        """About what each takes."""
        self.grown = grown
        """Called with the number of bytes by which all of it has grown or shrunk."""

    def find(self, bindings: Bindings, build: Callable[[], T]) -> T:
        """The plan that serves these values; it is built when none does."""
        for constraints, plan in self.built:
            if not constraints or all(each.read(bindings) == value for each, value in constraints):
                return plan
        building = _Building(bindings)
        token = _building.set(building)
        try:
            plan = build()
        finally:
            _building.reset(token)
        self.built = [(building.constraints, plan), *self.built[: self.MOST - 1]]
        lost = self.bytes[-1] if len(self.bytes) == self.MOST else 0
        self.bytes.appendleft(building.bytes)
        self.grown(building.bytes - lost)
        return plan

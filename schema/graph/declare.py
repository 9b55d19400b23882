"""Views: what the graph answers beside nouns, each declared once as a described dataclass."""

from __future__ import annotations

import types as pytypes
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from strawberry.types.scalar import ScalarDefinition
from typing_extensions import dataclass_transform

from schema.model.bounds import Bound
from schema.model.values import unwrap_optional

T = TypeVar("T")

Answer = Callable[[Any, Sequence[Any], Any, dict[str, Any]], Awaitable[Sequence[Any]]]
"""Gives the values of a field for many objects at once.

It is handed an executor, the objects, the selected field and its arguments.
"""


@dataclass(frozen=True)
class PlainField:
    """A field that shows the value of an attribute."""

    description: str


@dataclass(frozen=True)
class ReferenceField:
    """A field that holds the id of a record, or a list of ids, and shows the records."""

    description: str
    target: str
    bound: Bound | None = None
    """How many records it shows at most, where it is a list."""


@dataclass(frozen=True)
class NestedField:
    """A field that holds other views."""

    description: str
    bound: Bound | None = None
    """How many it holds at most, where it is a list."""


@dataclass(frozen=True)
class ResolvedField:
    """A field that is worked out only when it is selected."""

    description: str
    kind: Callable[[], Any]
    answer: Answer
    arguments: Callable[[], dict[str, tuple[Any, Any]]] = dict
    needs: tuple[str, ...] = ()
    """On a noun: the columns it is worked out from, beside `id` and `since`."""
    bound: Bound | None = None
    """How many objects it gives at most, where these are a list."""


Declared = PlainField | ReferenceField | NestedField | ResolvedField


@dataclass(frozen=True)
class ViewField:
    """A field of a view as the graph has it: its own name, what it is, and how many."""

    name: str
    declared: Declared
    target: str
    is_list: bool
    is_nullable: bool


def plain(description: str, *, default: Any = ...) -> Any:
    """A plain value: a number, a text, a choice, a value object, or a list of them."""
    return _field(PlainField(description), default)


def reference(
    target: str, description: str, *, bound: Bound | None = None, default: Any = ...
) -> Any:
    """A record by its id, or records by a list of ids; annotate with `str` or `list[str]`."""
    return _field(ReferenceField(description, target, bound), default)


def nested(description: str, *, bound: Bound | None = None, default: Any = ...) -> Any:
    """Another view, or a list of another view."""
    return _field(NestedField(description, bound), default)


def resolved(
    kind: Callable[[], Any],
    description: str,
    answer: Answer,
    arguments: Callable[[], dict[str, tuple[Any, Any]]] = dict,
    *,
    bound: Bound | None = None,
    init: Literal[False] = False,
) -> Any:
    """A value that is worked out for all objects at once, and only when it is selected."""
    declared = ResolvedField(description, kind, answer, arguments, bound=bound)
    return field(init=init, default=None, metadata={"declared": declared})


def _field(declared: Declared, default: Any) -> Any:
    options = {} if default is ... else {"default": default}
    return field(**options, metadata={"declared": declared})


views: dict[str, type[Any]] = {}
"""Every view by its name in the graph."""

listed: dict[str, str] = {}
"""The views that stand in connections, with what their lists are called."""


scalars: dict[object, ScalarDefinition] = {}
"""Scalars beside those of GraphQL, by the Python type that stands for them."""


extensions: dict[str, dict[str, ResolvedField]] = {}
"""Fields that `add_field` has given to nouns, interfaces and connections, by type."""


WHERE = "where"
"""The target that stands for all views that keep their `where`."""

keeping_where: set[str] = set()
"""The views that keep their `where`."""


def add_field(target: str, name: str, declared: ResolvedField) -> None:
    """Gives a noun, an interface of nouns or a view of one a field that is worked out.

    The answer is handed mappings with the columns `id`, `since` and those it needs; for an
    edition, with its `number`. The target `Connection` stands for the connections of all nouns;
    there it is handed the owner, the noun and the `where` of each page. Of `WHERE` it is handed
    objects with their `where`.
    """
    extensions.setdefault(target, {})[name] = declared


@dataclass_transform(kw_only_default=True, field_specifiers=(plain, reference, nested, resolved))
def view(
    *, listed_as: str | None = None, keeps_where: bool = False
) -> Callable[[type[T]], type[T]]:
    """Declares a view; `listed_as` also gives it a connection, whose own fields may be declared.

    It is then a `Node`, and `schema.execution.nodes` needs a finder for its ids.
    The fields of `<View>Connection`, where a view of that name exists, join those of the page.
    Objects of a view that `keeps_where` have the `where` of the question as an attribute.
    """

    def declare(cls: type[T]) -> type[T]:
        declared_view = dataclass(kw_only=True)(cls)
        views[cls.__name__] = declared_view
        if listed_as is not None:
            listed[cls.__name__] = listed_as
        if keeps_where:
            keeping_where.add(cls.__name__)
        return declared_view

    return declare


def shown_fields(view: type[Any]) -> dict[str, ViewField]:
    """The fields of a view by the names they are declared with."""
    hints = get_type_hints(view)
    shown: dict[str, ViewField] = {}
    for each in fields(view):
        declared: Declared | None = each.metadata.get("declared")
        if declared is None:
            continue  # an attribute that the graph does not show
        hint = hints[each.name]
        is_nullable = isinstance(hint, pytypes.UnionType) and type(None) in get_args(hint)
        inner = unwrap_optional(hint) if is_nullable else hint
        is_list = get_origin(inner) is list
        inner = get_args(inner)[0] if is_list else inner
        target = getattr(inner, "__name__", "")
        if isinstance(declared, ReferenceField):
            target = declared.target
        shown[each.name] = ViewField(each.name, declared, target, is_list, is_nullable)
    return shown

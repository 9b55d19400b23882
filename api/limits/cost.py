"""What an operation costs: the most nodes it can return, counted once for what counts alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import FieldNode

from api.limits.counted_arguments import choice
from api.limits.node_count import ALIKE, Count, CountedOperation, Way
from schema.storage.fanout import NONE, Figures

KNOWN = 64
"""How many costs of one operation are remembered."""
ABSENT = object()


class Costs:
    """The costs of one valid operation; it is walked once for all variables that count alike.

    The cost is an upper bound of the nodes in the answer. A page counts as many as it may hold, a
    list what its bound says, mostly by the figures of the record, and any other object one; each
    as often as what it is asked of. What is a part of a node counts nothing: dates, sums, pages.
    """

    def __init__(self, asked: CountedOperation) -> None:
        self.asked = asked
        self.mark = NONE.mark
        """The mark of the figures that all remembered costs are of; they themselves may go."""
        self.counting: tuple[tuple[str, bool], ...] | None = None
        """The variables that count, and whether by their choices; known once it was walked."""
        self.known: dict[tuple[object, ...], int] = {}
        self.always: int | None = None
        """The cost, where no variable counts."""

    def of(self, variables: Mapping[str, Any], figures: Figures = NONE) -> int:
        """The cost with these variables, which are coerced, in a record of these figures."""
        if figures.mark is not self.mark:
            self.mark, self.always = figures.mark, None
            self.known.clear()
        if self.always is not None:
            return self.always
        if self.counting is not None:
            found = self.known.get(self.alike(self.counting, variables))
            if found is not None:
                return found
        count = Count(self.asked, figures, variables)
        cost = count.nodes()
        if not count.arguments.counting:
            self.always = cost
        # Where nothing stands in a list, the variables below it have not been looked at yet.
        before = dict(self.counting or ())
        both = {name: before.get(name) or by for name, by in count.arguments.counting.items()}
        counting = tuple(sorted((before | both).items()))
        if counting != self.counting or len(self.known) >= KNOWN:
            self.counting = counting
            self.known.clear()
        self.known[self.alike(counting, variables)] = cost
        return cost

    @staticmethod
    def alike(
        counting: tuple[tuple[str, bool], ...], variables: Mapping[str, Any]
    ) -> tuple[object, ...]:
        """What counts of the variables: a number itself, a list by its length, and absence."""
        values = ((variables.get(name, ABSENT), by_choice) for name, by_choice in counting)
        return tuple(
            (len(value), *(map(choice, value) if by_choice and len(value) <= ALIKE else ()))
            if isinstance(value, (list, tuple))
            else value
            if value is ABSENT or isinstance(value, int)
            else None
            for value, by_choice in values
        )

    def refusal(self, variables: Mapping[str, Any], figures: Figures, ceiling: int) -> str:
        """What is wrong with an operation over the ceiling, and what would be right."""
        count = Count(self.asked, figures, variables)
        message = f"The operation can return {count.nodes()} nodes; the ceiling is {ceiling}. "
        way, most = count.heaviest
        if way:
            message += f"Most are of `{_path(way)}`, up to {most}. "

        def fits(node: FieldNode, size: int) -> bool:
            """Whether it would pass if a field were to hold so many."""
            changed = Count(self.asked, figures, variables)
            changed.changed[id(node)] = size
            return changed.nodes() <= ceiling

        for depth, node in enumerate(way, 1):
            size = count.pages.get(id(node), 0)
            if size > 1 and fits(node, 1):
                low, high = 1, size
                while high - low > 1:
                    middle = (low + high) // 2
                    low, high = (middle, high) if fits(node, middle) else (low, middle)
                given = {argument.name.value for argument in node.arguments or ()}
                name = "last" if "last" in given and "first" not in given else "first"
                return f"{message}Lower `{name}` of `{_path(way[:depth])}` to {low}."
        for depth in range(len(way), 0, -1):
            if fits(way[depth - 1], 0):
                return f"{message}Leave `{_path(way[:depth])}` out, and ask for it by ids."
        return f"{message}Ask for less of it in each of several operations."


def _path(way: Way) -> str:
    """The names of the fields, as the answer has them."""
    return ".".join((node.alias or node.name).value for node in way)

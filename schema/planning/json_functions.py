"""The JSON functions of both databases, by one set of names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from schema.model.amounts import DECIMALS, SCALE

Column = sa.ColumnElement[Any]
Order = Callable[[], list[Column]]
"""The order of rows that come in it, where a database must be told it again."""


def text_of(text: str) -> Column:
    """A text of our own, which needs no parameter."""
    return sa.literal_column("'" + text.replace("'", "''") + "'", sa.Text())


def number_of(number: int) -> sa.ColumnElement[int]:
    """A number of our own."""
    return sa.literal_column(str(number), sa.BigInteger())


class Sqlite:
    """JSON in the words of SQLite."""

    object = sa.func.json_object
    true: Column = sa.literal_column("json('true')")
    false: Column = sa.literal_column("json('false')")

    def list(self, value: Column, order: Order) -> Column:
        """A list of what is told of each row, in the order in which the rows come.

        An order within the function is only known to SQLite 3.44, and Python brings older ones.
        """
        return sa.func.json_group_array(value)

    def ready(self, value: Column) -> Column:
        """What is told as the driver hands it over with the least work."""
        return sa.cast(value, sa.LargeBinary)

    def unfit(self, column: Column) -> Column:
        """What ends the statement: a function of our connections, called for such a row alone."""
        return sa.func.unfit(column)

    def flag(self, column: Column) -> Column:
        """Yes or no."""
        return sa.case((column.is_(True), self.true), (column.is_(False), self.false))

    def number(self, column: Column) -> Column:
        """A whole number."""
        return column

    def json(self, column: Column) -> Column:
        """A value that is kept in JSON."""
        return sa.func.json(column)

    def constant(self, column: Column) -> Column:
        """The name of a field as clients write it: a function of our connections."""
        return sa.func.constant(column)

    def keys(self, *values: Column) -> Column:
        """The key values of a row, as its cursor has them."""
        return sa.func.json_array(*values)

    def end(self, keys: Column, order: Order, *, is_last: bool) -> Column:
        """Those of the first or the last row; null where there is none."""
        place = text_of("$[#-1]" if is_last else "$[0]")
        return sa.func.json_extract(sa.func.json_group_array(keys), place)

    def cursor(self, list: str, keys: Column, edition: Column) -> Column:
        """The cursor of a row, as `schema.filtering.cursor.encode` writes it."""
        value = sa.func.json_array(text_of(list), keys, edition)
        return sa.func.base64url(value)

    def amount(self, sum: Column) -> Column:
        """What is kept in thousandths, as a decimal number with no idle zeros."""
        scale, nought = number_of(SCALE), number_of(0)
        whole, rest, written = sum.op("/")(scale), sum.op("%")(scale), sa.func.printf
        exact = written(text_of(f"%d.%0{DECIMALS}d"), whole, rest)
        return sa.case(
            (sum < nought, self.unfit(sum)),
            (rest == nought, written(text_of("%d"), whole)),
            (sum.is_not(None), sa.func.rtrim(exact, text_of("0"))),
        )

    def prefix(self, key: Column) -> Column:
        """The noun that an id names."""
        slash = sa.func.instr(key, text_of("/"))
        return sa.func.substr(key, number_of(1), slash - number_of(1))


class Postgres:
    """JSON in the words of PostgreSQL."""

    object = sa.func.json_build_object
    nobody: Column = sa.literal_column("'[]'::json")
    true: Column = sa.true()
    false: Column = sa.false()

    def list(self, value: Column, order: Order) -> Column:
        """A list of what is told of each row, in their order."""
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415  # heavy, and idle on SQLite

        in_order = postgresql.aggregate_order_by(value, *order())
        return sa.func.coalesce(sa.func.json_agg(in_order), self.nobody)

    def ready(self, value: Column) -> Column:
        """What is told as the driver hands it over with the least work."""
        return sa.cast(value, sa.Text)

    def unfit(self, column: Column) -> Column:
        """What ends the statement: an error of a code that no other function has.

        It names the column, as what is constant would be worked out while it is planned.
        """
        length, nought, one = sa.func.length(sa.func.concat(column)), number_of(0), number_of(1)
        return sa.func.to_json(sa.func.width_bucket(length, nought, one, nought))

    def flag(self, column: Column) -> Column:
        """Yes or no."""
        return column

    def number(self, column: Column) -> Column:
        """A whole number."""
        return sa.func.to_json(column)

    def json(self, column: Column) -> Column:
        """A value that is kept in JSON."""
        return sa.cast(column, sa.JSON)

    def constant(self, column: Column) -> Column:
        """The name of a field as clients write it."""
        capital: Column = sa.literal_column("'([A-Z])'")
        parted: Column = sa.literal_column(r"'_\1'")
        return sa.func.upper(sa.func.regexp_replace(column, capital, parted, text_of("g")))

    def keys(self, *values: Column) -> Column:
        """The key values of a row, as its cursor has them between brackets."""
        written = [sa.cast(sa.func.to_json(value), sa.Text) for value in values]
        return sa.func.concat_ws(text_of(","), *written)

    def end(self, keys: Column, order: Order, *, is_last: bool) -> Column:
        """Those of the first or the last row; null where there is none."""
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415  # as above

        in_order = postgresql.aggregate_order_by(keys, *order())
        return sa.func.json_agg(in_order).op("->>")(number_of(-1 if is_last else 0))

    def cursor(self, list: str, keys: Column, edition: Column) -> Column:
        """The cursor of a row, as `schema.filtering.cursor.encode` writes it."""
        edition = sa.func.coalesce(sa.cast(edition, sa.Text), text_of("null"))
        value = sa.func.concat(text_of(f'["{list}",['), keys, text_of("],"), edition, text_of("]"))
        data = sa.func.encode(sa.func.convert_to(value, text_of("UTF8")), text_of("base64"))
        # It breaks lines, and pads; both of what stands behind `-_` is left out.
        return sa.func.translate(data, sa.literal_column(r"E'+/=\n'", sa.Text()), text_of("-_"))

    def amount(self, sum: Column) -> Column:
        """What is kept in thousandths, as a decimal number with no idle zeros."""
        whole = sum.op("*")(sa.literal_column(f"{1 / SCALE:.{DECIMALS}f}"))
        return sa.cast(sa.func.trim_scale(whole), sa.Text)

    def prefix(self, key: Column) -> Column:
        """The noun that an id names."""
        return sa.func.split_part(key, text_of("/"), number_of(1))

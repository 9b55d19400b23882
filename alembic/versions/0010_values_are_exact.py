"""Values are exact: amounts in thousandths, measures, estimates, doubts, and whole EDTF."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

Words = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
DATES = {
    "agreement": ("signed_on", "in_force_on", "ended_on"),
    "decision": ("announced_on", "decided_on"),
    "delivery": ("delivered_on",),
    "event": ("happened_on", "ended_on"),
    "item": (),
    "milestone": ("reached_on",),
    "procurement": ("ordered_on", "delivered_on"),
    "source": ("published_on", "covers"),
    "statement": ("made_on",),
    "tenure": ("started_on", "ended_on"),
}
QUANTITIES = {"delivery": "delivered", "item": "ordered", "procurement": "quantity"}
SUMS = {"decision": "value", "procurement": "value"}
CERTAINTIES = ("EXACT", "ESTIMATE", "AT_LEAST", "AT_MOST", "RANGE")
BEFORE = ("DAY", "MONTH", "SEASON", "YEAR", "DECADE", "INTERVAL")
AFTER = (*BEFORE[:5], "CENTURY", "INTERVAL", "SET")
MOST = (2**63 - 1) // 10
"""What has a tenfold that databases hold."""
RIGHT = "Correct or retract it by its dossier, delete the older versions, and migrate again."


def _columns(table: str) -> Iterator[tuple[str, Any]]:
    """The columns that a table gets."""
    for date in DATES[table]:
        yield f"{date}_is_approximate", sa.Boolean()
        yield f"{date}_is_uncertain", sa.Boolean()
    if table in QUANTITIES:
        yield f"{QUANTITIES[table]}_unit", Words
        for part in ("least", "most", "floor", "ceiling"):
            yield f"{QUANTITIES[table]}_{part}", sa.BigInteger()
    if table in SUMS:
        yield f"{SUMS[table]}_certainty", sa.String(40)
        for part in ("floor", "ceiling"):
            yield f"{SUMS[table]}_{part}", sa.BigInteger()
        yield f"{SUMS[table]}_share", Words
        yield f"{SUMS[table]}_others", sa.Text()


def _one_of(column: str, values: tuple[str, ...]) -> Any:
    return sa.text(f"{column} IN ({', '.join(repr(value) for value in values)})")


def _without_indexes(table: str) -> list[str]:
    """Drops the indexes of a table on SQLite, where batch mode knows none on expressions."""
    if op.get_bind().dialect.name != "sqlite":
        return []
    statement = sa.text(
        "SELECT name, sql FROM sqlite_master "
        "WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = :name"
    )
    found = op.get_bind().execute(statement, {"name": table}).all()
    for name, _ in found:
        op.execute(sa.text(f"DROP INDEX {name}"))
    return [index for _, index in found]


def _with_indexes(indexes: list[str]) -> None:
    """Makes them again, in their own words."""
    for index in indexes:
        op.get_bind().exec_driver_sql(index)


def _day(year: int, month: int, day: int) -> datetime.date:
    return datetime.date(year, month, day)


def _last(year: int, month: int) -> datetime.date:
    """The last day of a month."""
    turn = _day(year + month // 12, month % 12 + 1, 1)
    return turn - datetime.timedelta(days=1)


_OLD = re.compile(
    r"[?~%]?\d{4}(S\d)?[?~%]?(-[?~%]?(\d\d|XX)[?~%]?(-[?~%]?(\d\d|XX)[?~%]?)?)?|\d{3}X|\d\dXX",
    re.ASCII,
)
"""Dates that the release before reads."""
Span = tuple[datetime.date, datetime.date]
_SEASON = re.compile(r"(\d{4})-(2[1-9]|3[0-9]|4[01])[?~%]?", re.ASCII)
_SIGNIFICANT = re.compile(r"(\d{4})S([1-4])[?~%]?", re.ASCII)


def _season(text: str) -> tuple[Span, Span] | None:
    """A season in whole months in the north and the south; None for what is none."""
    found = _SEASON.fullmatch(text)
    if found is None or int(found[2]) > 32 or int(found[1]) in (0, 9999):
        return None
    year, code = int(found[1]), int(found[2])
    spans: list[Span] = []
    for spring in (3, 9):
        first = (spring + 3 * ((code - 21) % 4) - 1) % 12 + 1
        last = first + 2
        spans.append((_day(year, first, 1), _last(year + (last > 12), (last - 1) % 12 + 1)))
    if code > 24:
        spans = [spans[code > 28]] * 2
    return spans[0], spans[1]


def _seasonal(text: str) -> tuple[datetime.date | None, datetime.date | None]:
    """The bounds that seasons give: of one, or of an interval that begins or ends with one."""
    start, slash, end = text.partition("/")
    first, last = _season(start), _season(end if slash else start)
    low = None if first is None else min(first)[0]
    return low, None if last is None else max(until for _, until in last)


def _reread(
    edtf: str, low: datetime.date | None, high: datetime.date | None, precision: str | None
) -> tuple[Any, Any, str | None]:
    """The bounds and the precision that an EDTF has now."""
    if significant := _SIGNIFICANT.fullmatch(edtf):
        unsure = 10 ** (4 - int(significant[2]))
        first = max(int(significant[1]) // unsure * unsure, 1)
        low, high = _day(first, 1, 1), _day(first // unsure * unsure + unsure - 1, 12, 31)
        precision = "YEAR" if unsure == 1 else "DECADE"
    begins, ends = _seasonal(edtf)
    low, high = begins or low, ends or high
    if _SEASON.fullmatch(edtf):
        precision = "SEASON"
    if low is None or high is None:
        return low, high, precision
    if edtf[0] in "[{" and low != high:
        precision = "SET"
    elif precision == "DECADE" and low.year // 10 != high.year // 10:
        precision = "CENTURY" if low.year // 100 == high.year // 100 else "INTERVAL"
    return low, high, precision


def _before(
    edtf: str, low: datetime.date | None, high: datetime.date | None, precision: str | None
) -> tuple[Any, Any, str | None]:
    """The bounds and the precision that it had in the release before."""
    start, _, end = edtf.partition("/")
    ends = [_SEASON.fullmatch(each) for each in (start, end or start)]
    for place, found in enumerate(ends):
        if found and int(found[2]) < 33:
            code = int(found[2])
            first = (3 * ((code - 21) % 4) + (3 if code < 29 else 9) - 1) % 12 + 1
            if place == 0:
                low = _day(int(found[1]), first, 1)
            if place == 1:
                high = _last(int(found[1]), min(first + 2, 12))
    if significant := _SIGNIFICANT.fullmatch(edtf):
        low, high = _day(int(significant[1]), 1, 1), _day(int(significant[1]), 12, 31)
    if low is None or high is None:
        return low, high, precision
    is_plain_season = _SEASON.fullmatch(edtf) and edtf[-1] not in "?~%"
    if not is_plain_season and "/" not in edtf:
        fine = [
            ("DAY", low == high),
            ("MONTH", (low.year, low.month) == (high.year, high.month)),
            ("YEAR", low.year == high.year),
            ("DECADE", "X" in edtf),
            ("INTERVAL", True),
        ]
        precision = next(name for name, is_so in fine if is_so)
    return low, high, precision


def _tell(again: Any) -> None:
    """Sets the bounds and the precision of every date to what its EDTF says."""
    connection = op.get_bind()
    for table, dates in DATES.items():
        for date in dates:
            edtf = sa.column(f"{date}_edtf", sa.Text())
            parts = [
                sa.column(f"{date}_{part}", kind)
                for part, kind in (
                    ("earliest", sa.Date()), ("latest", sa.Date()), ("precision", sa.String()),
                )
            ]  # fmt: skip
            rows = sa.table(table, edtf, *parts)
            known = sa.select(edtf, *parts).select_from(rows).where(edtf.is_not(None)).distinct()
            for text, *held in connection.execute(known).all():
                now = again(text, *held)
                if now != tuple(held):
                    values = dict(zip((part.name for part in parts), now, strict=True))
                    connection.execute(rows.update().where(edtf == text).values(values))


def _refuse(table: str, test: str) -> None:
    """Refuses to take from rows what they hold."""
    query = sa.text(f"SELECT id FROM {table} WHERE {test} ORDER BY id LIMIT 1")  # noqa: S608  # our own names
    if found := op.get_bind().execute(query).scalar():
        raise RuntimeError(f"{found} would lose a value, because {test}. {RIGHT}")


def _scale(by: str) -> None:
    for table, name in SUMS.items():
        for bound in ("minimum", "maximum"):
            column = f"{name}_{bound}"
            op.execute(
                sa.text(f"UPDATE {table} SET {column} = {column} {by} WHERE {column} IS NOT NULL")  # noqa: S608  # as above
            )


def _doubt(table: str, date: str) -> None:
    """Says of a date whether it is about then, or in doubt."""
    edtf = f"{date}_edtf"
    both = f"replace({edtf}, '%', '') <> {edtf}"
    tests = {
        "is_approximate": f"replace({edtf}, '~', '') <> {edtf} OR substr({edtf}, 5, 1) = 'S'",
        "is_uncertain": f"replace({edtf}, '?', '') <> {edtf}",
    }
    for part, test in tests.items():
        change = f"UPDATE {table} SET {date}_{part} = ({test} OR {both})"  # noqa: S608  # as above
        op.execute(sa.text(f"{change} WHERE {edtf} IS NOT NULL"))


def _is_readable(edtf: str) -> bool:
    """Whether the release before reads a date."""
    if edtf[0] in "[{":
        return ".." not in (edtf[1:3], edtf[-3:-1])
    ends = edtf.split("/")
    known = [each for each in ends if each not in ("", "..")]
    return bool(known) and all(_OLD.fullmatch(each) for each in known)


def upgrade() -> None:
    for table, name in SUMS.items():
        for bound in ("minimum", "maximum"):
            _refuse(table, f"abs({name}_{bound}) > {MOST}")
    for table, dates in DATES.items():
        indexes = _without_indexes(table)
        with op.batch_alter_table(table) as batch:
            for name, kind in _columns(table):
                batch.add_column(sa.Column(name, kind, nullable=True))
            for date in dates:
                name = f"{date}_precision"
                batch.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
                batch.create_check_constraint(op.f(f"ck_{table}_{name}"), _one_of(name, AFTER))
            if table in SUMS:
                name = f"{SUMS[table]}_certainty"
                check = _one_of(name, CERTAINTIES)
                batch.create_check_constraint(op.f(f"ck_{table}_{name}"), check)
        _with_indexes(indexes)
    _scale("* 10")
    _tell(_reread)
    for table, dates in DATES.items():
        for date in dates:
            _doubt(table, date)


def _refuse_losses(table: str) -> None:
    """Refuses where the release before could not hold what a table holds."""
    added = [name for name, _ in _columns(table) if "_is_" not in name]
    tests = [f"{name} IS NOT NULL" for name in added]
    if table in SUMS:
        tests += [f"{SUMS[table]}_{bound} % 10 <> 0" for bound in ("minimum", "maximum")]
    for test in tests:
        _refuse(table, test)
    for date in DATES[table]:
        query = sa.text(f"SELECT DISTINCT {date}_edtf FROM {table}")  # noqa: S608  # as above
        for text in op.get_bind().execute(query).scalars():
            if text is not None and not _is_readable(text):
                raise RuntimeError(f"The release before cannot read the date {text}. {RIGHT}")


def downgrade() -> None:
    for table in DATES:
        _refuse_losses(table)
    _tell(_before)
    _scale("/ 10")
    for table, dates in reversed(DATES.items()):
        indexes = _without_indexes(table)
        with op.batch_alter_table(table) as batch:
            if table in SUMS:
                batch.drop_constraint(op.f(f"ck_{table}_{SUMS[table]}_certainty"), type_="check")
            for date in dates:
                name = f"{date}_precision"
                batch.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
                batch.create_check_constraint(op.f(f"ck_{table}_{name}"), _one_of(name, BEFORE))
            for name, _ in reversed([*_columns(table)]):
                batch.drop_column(name)
        _with_indexes(indexes)

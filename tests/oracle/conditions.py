"""A `where` as a test of one row in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from schema.errors import InputError
from schema.model.noun import Record, Versioned, camel
from schema.model.reflection import plain_columns, references
from schema.model.registry import nouns
from schema.model.spelling import spellings
from schema.model.text import fold
from schema.model.values import Money, PartialDate
from tests.oracle.objects import edition_of
from tests.oracle.rows import Row, Rows, valid

Test = Callable[[Row], bool]
FAR = Decimal(10**15)


def circle(rows: Rows, actor: str, as_of: int | None) -> set[str]:
    """An actor, and everybody it stands for."""
    found, coming = {actor}, [actor]
    while coming:
        owner = coming.pop()
        for name, noun in nouns().items():
            for member, column in noun.belongs:
                for row in valid(name, rows.by(name, column, owner), as_of):
                    if row[member] is not None and row[member] not in found:
                        found.add(row[member])
                        coming.append(row[member])
    return found


def test_of(rows: Rows, noun: str, where: Mapping[str, Any] | None, as_of: int | None) -> Test:
    """Whether a row meets a `where`; what is not known to hold does not hold."""
    count = _count(where or {}, 0)
    if count > 100:
        raise InputError(
            f"`where` holds {count} conditions and words of `text`. "
            "Give at most 100; `in` takes a whole list as one."
        )
    return _all(rows, nouns()[noun], where or {}, as_of)


def _count(where: Mapping[str, Any], depth: int) -> int:
    if depth > 20:
        raise InputError("`where` nests more than 20 conditions in one another.")
    count = 0
    for name, given in where.items():
        if given is None:
            continue
        if name in ("involves", "covered"):
            count += len(given)
        elif name in ("and", "or", "not"):
            parts = [given] if name == "not" else given
            count += sum(1 + _count(part, depth + 1) for part in parts)
        elif name == "text":
            count += len(fold(given).split())
        else:
            count += 1
    return count


def _all(rows: Rows, noun: type[Versioned], where: Mapping[str, Any], as_of: int | None) -> Test:
    tests = [
        _one(rows, noun, name, given, as_of) for name, given in where.items() if given is not None
    ]
    return lambda row: all(test(row) for test in tests)


def _one(rows: Rows, noun: type[Versioned], name: str, given: Any, as_of: int | None) -> Test:
    if name in ("and", "or"):
        inner = [_all(rows, noun, part, as_of) for part in given]
        joined = all if name == "and" else any
        return lambda row: joined(test(row) for test in inner)
    if name == "not":
        held = _all(rows, noun, given, as_of)
        return lambda row: not held(row)
    if name == "text":
        words = [spellings(word) for word in fold(given).split()]
        return lambda row: all(any(form in row["folded"] for form in word) for word in words)
    if name == "involves" or (noun.__name__, name) == ("Source", "covered"):
        parts = [_involved(rows, each, as_of) for each in given]
        return lambda row: all(part(row) for part in parts)
    if name == "claimedBy":
        owner = "record_id" if issubclass(noun, Record) else "element_id"
        source, _ = edition_of(given)
        return lambda row: any(
            claim["source_id"] == source
            for claim in valid("Claim", rows.by("Claim", owner, row["id"]), as_of)
        )
    for column, value in noun.declared.values.items():
        if camel(column) == name:
            return _span(column, value.kind, given)
    return _match(columns_of(noun)[name], given)


def _involved(rows: Rows, given: Mapping[str, Any], as_of: int | None) -> Test:
    """Whether somebody has one of some roles in a row; a source has actors in no other role."""
    actor, _ = edition_of(given["actor"])
    actors = circle(rows, actor, as_of) if given.get("through") else {actor}
    roles = given.get("role")
    return lambda row: any(
        link["actor_id"] in actors and (roles is None or link["role"] in roles)
        for link in valid("Involvement", rows.by("Involvement", "record_id", row["id"]), as_of)
    )


def columns_of(noun: type[Versioned]) -> dict[str, str]:
    """The columns that conditions look at, by the names of the conditions."""
    pointing = references(noun) | {
        key: relation
        for key, relation in noun.declared.relations.items()
        if relation.key == noun.parent_key
    }
    columns = {camel(column): column for column in plain_columns(noun)}
    columns |= {camel(key): relation.key for key, relation in pointing.items()}
    words = {"words": columns["text"]} if "text" in columns else {}
    return columns | words


def _match(column: str, given: Mapping[str, Any]) -> Test:
    if column == "id" or column.endswith("_id"):
        given = {operator: _meant(value) for operator, value in given.items()}
    tests = [
        _MATCHES[operator](value)
        for operator, value in given.items()
        if value is not None and operator in _MATCHES
    ]
    return lambda row: all(test(row[column]) for test in tests)


def _meant(value: Any) -> Any:
    """Ids without the editions they were read at."""
    if isinstance(value, list):
        return [_meant(each) for each in value]
    return edition_of(value)[0] if isinstance(value, str) else value


_MATCHES: dict[str, Callable[[Any], Callable[[Any], bool]]] = {
    "eq": lambda wanted: lambda held: held is not None and held == wanted,
    "in": lambda wanted: lambda held: held is not None and held in wanted,
    "contains": lambda wanted: lambda held: held is not None and wanted in held,
    "startsWith": lambda wanted: lambda held: held is not None and held.startswith(wanted),
    "isKnown": lambda wanted: lambda held: (held is not None) is wanted,
    "from": lambda wanted: lambda held: held is not None and held >= wanted,
    "until": lambda wanted: lambda held: held is not None and held <= wanted,
}


def _span(name: str, kind: Any, given: Mapping[str, Any]) -> Test:
    low, high = ("earliest", "latest") if kind is PartialDate else ("minimum", "maximum")
    start, end = given.get("from"), given.get("until")
    if kind is Money:
        start, end = _rounded(start, ROUND_CEILING), _rounded(end, ROUND_FLOOR)

    def holds(row: Row) -> bool:
        least, most = row[f"{name}_{low}"], row[f"{name}_{high}"]
        bounded = least is not None or most is not None
        tests = [
            start is None or (bounded and (most is None or most >= start)),
            end is None or (bounded and (least is None or least <= end)),
            given.get("isKnown") is None or bounded is given["isKnown"],
            given.get("isStated") is None
            or (row[f"{name}_stated"] is not None) is given["isStated"],
            given.get("currency") is None or row[f"{name}_currency"] == given["currency"],
        ]
        return all(tests)

    return holds


def _rounded(sum: Decimal | None, rounding: str) -> Decimal | None:
    """A bound in thousandths of the currency, no farther than sums go."""
    if sum is None:
        return None
    if not sum.is_finite():
        raise InputError(f"{sum} is no sum of money. Give a number, such as `6000000000.50`.")
    return max(min(sum, FAR), -FAR).quantize(Decimal("0.001"), rounding)

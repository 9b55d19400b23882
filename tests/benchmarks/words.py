"""The words that a made-up world is told in."""

from __future__ import annotations

import datetime
import unicodedata
from typing import Any

SYLLABLES = ("ba", "ré", "mi", "to", "lu", "ka", "ñe", "si", "vo", "dü", "ga", "pe", "ri", "no")
ENDS = ("land", "stan", "nia", "via", "ria", "dor", "mark", "que", "tania", "burg", "san", "lia")
GIVEN = ("Ana", "Boris", "Chloé", "Dae-jung", "Elif", "Farid", "Grace", "Hugo", "Inês", "Jan")
FORMS = (
    "TREATY",
    "DEFENCE_COOPERATION_AGREEMENT",
    "MEMORANDUM",
    "CONTRACT",
    "JOINT_STATEMENT",
    "POLITICAL_COMMITMENT",
)
STATUSES = ("NEGOTIATED", "SIGNED", "IN_FORCE", "REAFFIRMED", "SUSPENDED", "ENDED")
STAGES = (
    "MENTIONED",
    "UNDER_CONSIDERATION",
    "REQUESTED",
    "NOTIFIED",
    "APPROVED",
    "COMMITTED",
    "ALLOCATED",
    "SIGNED",
    "IN_PRODUCTION",
    "PARTLY_DELIVERED",
    "DELIVERED",
    "SUSPENDED",
    "CANCELLED",
)
ACTS = (
    "ANNOUNCE",
    "EXPRESS_CONCERN",
    "CONDEMN",
    "ACCUSE",
    "COMMIT",
    "REAFFIRM",
    "REPORT",
    "DENY",
    "PRAISE",
    "DEMAND",
)
MODES = ("VERBATIM", "PARAPHRASE", "MIXED")
SECTORS = (
    "arms procurement",
    "joint exercises",
    "military training",
    "cyber defence",
    "intelligence exchange",
    "maritime patrols",
    "defence industry",
    "military medicine",
    "air defence",
)
CATEGORIES = (
    "drones",
    "howitzers",
    "patrol boats",
    "radars",
    "fighter aircraft",
    "armoured vehicles",
    "missiles",
    "submarines",
    "helicopters",
    "ammunition",
)
DESIGNATIONS = tuple(f"{maker}-{number}" for number in (1, 9, 21, 50) for maker in "KTLRXFSW")
TOPICS = (
    "arms sales",
    "the exercise",
    "troop movements",
    "the budget",
    "border security",
    "the summit",
    "sanctions",
    "air space",
)
POSTS = ("President", "Minister of Defence", "Chief of Staff", "Envoy", "Spokesperson")
CURRENCIES = ("USD", "EUR", "KRW", "GBP", "PLN")
LEAD = "The ministry announced this week that "
TAIL = ", as officials in the capital confirmed.\n"


def state_name(index: int) -> tuple[str, str]:
    """The slug and the name of a state, one for each number."""
    first, rest = index % len(SYLLABLES), index // len(SYLLABLES)
    end, more = rest % len(ENDS), rest // len(ENDS)
    middle = SYLLABLES[(more - 1) % len(SYLLABLES)] if more else ""
    middle += SYLLABLES[(more - 1) // len(SYLLABLES)] if more > len(SYLLABLES) else ""
    name = (SYLLABLES[first] + middle + ENDS[end]).capitalize()
    return slug(name), name


def person(index: int) -> tuple[str, str]:
    """The slug and the name of an official, one for each number."""
    family, rest = "", index // len(GIVEN) + len(SYLLABLES) ** 2
    while rest:
        rest, part = divmod(rest, len(SYLLABLES))
        family = SYLLABLES[part] + family
    name = f"{GIVEN[index % len(GIVEN)]} {family.capitalize()}"
    return slug(name), name


def slug(name: str) -> str:
    """A name as an id has it."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return plain.lower().replace(" ", "-")


def date_parts(name: str, day: datetime.date, sort: float) -> dict[str, Any]:
    """A date in columns: a day mostly; else a month, a year, half open, vague or unknown."""
    if sort > 0.96:
        return {}
    if sort > 0.93:
        return {f"{name}_stated": "recently"}
    iso = day.isoformat()
    edtf, first, last, precision = iso, iso, iso, "DAY"
    if sort > 0.92:
        return _bounded(name, f"{iso}/..", f"since {iso}", iso, None, "INTERVAL")
    if sort > 0.91:
        return _bounded(name, f"../{iso}", f"until {iso}", None, iso, "INTERVAL")
    if sort > 0.86:
        edtf, first, last, precision = f"{day:%Y}", f"{day:%Y}-01-01", f"{day:%Y}-12-31", "YEAR"
    elif sort > 0.78:
        end = (day.replace(day=28) + datetime.timedelta(days=4)).replace(day=1)
        last = (end - datetime.timedelta(days=1)).isoformat()
        edtf, first, precision = f"{day:%Y-%m}", f"{day:%Y-%m}-01", "MONTH"
    return _bounded(
        name, edtf, f"in {edtf}" if edtf != iso else f"on {iso}", first, last, precision
    )


def _bounded(
    name: str, edtf: str, stated: str, first: str | None, last: str | None, precision: str
) -> dict[str, Any]:
    return {
        f"{name}_stated": stated,
        f"{name}_edtf": edtf,
        f"{name}_earliest": first,
        f"{name}_latest": last,
        f"{name}_precision": precision,
        f"{name}_is_approximate": False,
        f"{name}_is_uncertain": False,
    }

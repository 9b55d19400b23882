"""Three invented press texts on the matters of the seed, which contradict it and each other."""

from __future__ import annotations

import datetime
from pathlib import Path

from tests.support.databases import NOW, Store

SECOND, WIRE, THIRD = (
    Path(__file__).parent / "dossiers" / name
    for name in ("seoul_newspaper", "news_agency", "warsaw_newspaper")
)
"""A newspaper in Seoul, a wire's copy of it, and a newspaper in Warsaw."""
PRESS = (SECOND, WIRE, THIRD)
SEED_EDITION = 2
"""The edition of the seed article; those of the press are the three after it."""
SECOND_EDITION, WIRE_EDITION, THIRD_EDITION = 3, 4, 5
SEED_SOURCE = "source/poland-south-korea-defense-ties"
SECOND_SOURCE = "source/hanbit-daily-2024-10-25"
WIRE_SOURCE = "source/meridian-wire-2024-10-25"
THIRD_SOURCE = "source/kurier-nadrzeczny-2024-10-26"


def published_at(edition: int) -> datetime.datetime:
    """When an edition of the press is published: one hour after the one before."""
    return NOW + datetime.timedelta(hours=edition - SEED_EDITION)


def publish_press(store: Store) -> None:
    """Publishes the three texts on top of the seed, each as its own edition."""
    for edition, folder in enumerate(PRESS, SECOND_EDITION):
        done = store.publish(folder, now=published_at(edition))
        assert done.edition == edition

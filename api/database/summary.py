"""What the command tells of a publication, in one line."""

from __future__ import annotations

from schema.publishing.publish import Publication


def summary(publication: Publication, what: str, *, is_done: bool = True) -> str:
    """The edition that was published, or would be, with its counts."""
    if publication.edition is None:
        return (
            f"{what}: nothing has changed, no edition {'published' if is_done else 'to publish'}."
        )
    done = "published" if is_done else "would be published"
    counts = (
        f"{what}: edition {publication.edition} {done}; {publication.added} rows added, "
        f"{publication.amended} amended, {publication.retracted} retracted."
    )
    if publication.later is None:
        return counts
    later = f"{publication.later:%Y-%m-%d %H:%M} UTC"
    return f"{counts} The one before is dated later, {later}: the clock was wrong then, or is now."

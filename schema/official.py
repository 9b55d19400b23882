"""Official: a person who acts for a party, if need be known only by a post."""

from __future__ import annotations

from schema.noun import Record, children, reference, words


class Official(Record, table=True):
    """A person who acts for a party; a source may give the post and no name."""

    name: str | None = words("The name as the source writes it; null where it gives none.")
    name_order: str | None = words("Which name comes first, such as `family name first`.")
    description: str | None = words("How the source introduces the person.")

    state = reference("Party", "The state the official serves.")
    names = children("Name", "record_id", "The names, by language, script and kind.")
    tenures = children("Tenure", "official_id", "The posts the person holds or held.")
    involvements = children(
        "Involvement", "actor_id", "Everything the person took part in, and as what.", paged=True
    )

"""Actor: whoever can take part in a record, one person or many."""

from __future__ import annotations

from schema.model.fields import children, reference, words
from schema.model.noun import Record


class Actor(Record):
    """A party or an official: whoever agrees, buys, says, decides, meets or is spoken of."""

    name: str | None = words("The name it goes by here; null where no source gives one.")

    state = reference("Party", "The state it belongs to or serves; null for a state itself.")
    names = children(
        "Name",
        "record_id",
        "Its names, by language, script and kind.",
        bounded="What one actor is called.",
    )
    involvements = children(
        "Involvement",
        "actor_id",
        "Everything it has a role in, and as what; to be covered by a source is one.",
        indexed=True,
    )

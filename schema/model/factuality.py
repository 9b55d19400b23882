"""Factuality: how far sources vouch for what they say, and what of it counts as done."""

from __future__ import annotations

from schema.model.choices import Choice, described


@described("How far the source vouches for what it says.")
class Factuality(Choice):
    ASSERTED = ("ASSERTED", "Presented as fact.")
    REPORTED = ("REPORTED", "Hedged as hearsay, such as `reportedly`.")
    ALLEGED = ("ALLEGED", "An accusation by somebody.")
    HYPOTHETICAL = ("HYPOTHETICAL", "Possible, such as `may`.")
    PLANNED = ("PLANNED", "Intended, not done yet.")
    DENIED = ("DENIED", "Said not to be so.")


STRENGTH = ("ASSERTED", "REPORTED", "ALLEGED", "PLANNED", "HYPOTHETICAL")
"""The values that affirm something, the strongest first; a denial affirms nothing."""
CONFIRMED = STRENGTH[:2]
"""The values of what questions count; the rest is a number of its own."""
HEDGED = STRENGTH[1:]
"""The values that a reader is told beside what they hold for."""

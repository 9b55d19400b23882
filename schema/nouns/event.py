"""Event: a visit, meeting, signing, exercise, announcement or deployment."""

from __future__ import annotations

from schema.model.choices import Choice, described
from schema.model.fields import children, choice, partial_date, reference, role, words
from schema.model.noun import Record


@described("What sort of event it is.")
class EventKind(Choice):
    VISIT = (
        "VISIT",
        "Somebody travels to somebody.",
        "visit, trip, travel, tour, arrive, arrival, fly",
    )
    MEETING = (
        "MEETING",
        "People meet and talk.",
        (
            "meet, meeting, convene, talk, talks, summit, discuss, discussion, session, "
            "conference, consult, consultation, gather, dialogue"
        ),
    )
    SIGNING = (
        "SIGNING",
        "An agreement is signed.",
        "sign, signature, ink",
    )
    EXERCISE = (
        "EXERCISE",
        "Forces train together.",
        "exercise, drill, manoeuvre, maneuver, train, training, wargame",
    )
    ANNOUNCEMENT = (
        "ANNOUNCEMENT",
        "Something is made known.",
        "announce, announcement, declare, declaration, unveil, reveal, publish, say, tell",
    )
    DEPLOYMENT = (
        "DEPLOYMENT",
        "Forces are sent somewhere.",
        "deploy, deployment, dispatch, send, station, movement, redeploy",
    )
    COOPERATION = (
        "COOPERATION",
        "Parties work together over a time.",
        "cooperate, cooperation, collaborate, collaboration, work together, partnership, joint",
    )
    ARMED_CONFLICT = (
        "ARMED_CONFLICT",
        "Parties fight.",
        (
            "war, conflict, fight, invade, invasion, battle, attack, clash, shell, offensive, "
            "hostilities"
        ),
    )


class Event(Record, table=True):
    """Something that happens: a visit, meeting, signing, exercise, deployment …"""

    dated_by = ("happened_on",)
    spans = (("happened_on", "ended_on"),)
    placed_by = ("part_of",)
    happens = has_participants = True
    schema_org = "Event"
    schema_org_properties = (
        ("happened_on", "startDate"),
        ("ended_on", "endDate"),
        ("place", "location"),
        ("part_of", "superEvent"),
        ("parts", "subEvent"),
        ("participants", "attendee"),
        ("hosts", "organizer"),
    )

    kind: EventKind | None = choice(EventKind, "What sort of event it is.")
    subtype: str | None = words("The finer sort, such as `emergency meeting`.")
    rank: str | None = words("The rank the source gives it, such as `state visit`.")
    topic: str | None = words("What it is about.")
    outcome: str | None = words("What came of it.")
    happened_on = partial_date("When it happened, or began.")
    ended_on = partial_date("When it ended.")
    duration: str | None = words("How long it lasts, such as `four-day`.")
    place: str | None = words("Where it happened.")
    chair: str | None = words("Who convened or led it.")
    size: str | None = words("How many people or forces, as the source puts it.")

    part_of = reference("Event", "The larger event it is a part of.")
    same_as_candidate = reference(
        "Event", "An event that may be the same; no source says so, and the two stay apart."
    )
    agreement = reference("Agreement", "The agreement made or confirmed at it.")
    decision = reference("Decision", "The decision made known at it.")
    participants = role("PARTICIPANT", "Who takes part.")
    visitors = role("VISITOR", "Who visits.")
    hosts = role("HOST", "Who receives or holds it.")
    bodies = role("BODY", "The body whose meeting it is.")
    origins = role("ORIGIN", "Where forces or goods set out from.")
    destinations = role("DESTINATION", "Where forces or goods are sent.")
    parts = children("Event", "part_of_id", "The events that are a part of it.")
    statements = children("Statement", "event_id", "What was said at it.")
    involvements = children("Involvement", "record_id", "Everybody in it, and as what.")

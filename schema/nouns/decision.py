"""Decision: what one party decides or considers alone."""

from __future__ import annotations

from schema.model.choices import Choice, described
from schema.model.fields import children, choice, money, partial_date, reference, role, words
from schema.model.noun import Record
from schema.nouns.stage import Stage


@described("What sort of decision it is.")
class DecisionKind(Choice):
    AID = (
        "AID",
        "Military or other help to somebody.",
        (
            "aid, assist, assistance, help, support, donate, donation, grant, gift, train, "
            "training, at no charge, free of charge, supply, provide"
        ),
    )
    COUNTERMEASURE = (
        "COUNTERMEASURE",
        "Steps in answer to what somebody does.",
        "countermeasure, countermeasures, response, retaliate, retaliation, measure, counter",
    )
    SANCTION = (
        "SANCTION",
        "A ban or restriction.",
        "sanction, ban, embargo, restrict, restriction, blacklist, freeze",
    )
    DEPLOYMENT = (
        "DEPLOYMENT",
        "Sending forces.",
        "deploy, deployment, dispatch, send, station, troops",
    )


class Decision(Record, table=True):
    """What one party decides or considers alone; an agreement takes two."""

    dated_by = ("decided_on", "announced_on")
    progresses = (("stage", ("SUSPENDED",)),)
    placed_by = ("events",)
    happens = has_participants = True

    kind: DecisionKind | None = choice(DecisionKind, "What sort of decision it is.")
    stage: Stage | None = choice(Stage, "How far it has come.")
    label: str | None = words("What the source calls it.")
    content: str | None = words("What it consists of, such as the kind of aid.")
    condition: str | None = words("What it depends on.")
    reason: str | None = words("What prompted it, as the source puts it.")
    value = money("What it is worth.")
    announced_on = partial_date("When it was made known.")
    decided_on = partial_date("When it was decided.")

    trigger = reference("Event", "The event that prompted it.")
    deciders = role("DECIDER", "Who decides or considers.")
    beneficiaries = role("BENEFICIARY", "Who is to gain from it.")
    targets = role("TARGET", "Whom it is aimed at.")
    events = children("Event", "decision_id", "The events at which it was made known.")
    statements = children("Statement", "decision_id", "What was said of it.")
    milestones = children(
        "Milestone",
        "record_id",
        "The stages it reached, with their dates.",
        bounded="The rungs of one ladder.",
    )
    involvements = children("Involvement", "record_id", "Everybody in it, and as what.")

"""Item: one line of goods in a procurement."""

from __future__ import annotations

from schema.model.fields import children, flag, quantity, reference, words
from schema.model.noun import Link


class Item(Link, table=True):
    """One line of goods in a procurement; what is ordered stands apart from deliveries."""

    parent_key = "procurement_id"
    slug_from = ("label",)

    label: str | None = words("What the source calls the goods.")
    label_hedge: str | None = words(
        "Words by which the source keeps its distance, such as `what are referred to as`."
    )
    is_label_quoted: bool | None = flag(
        "Whether the source sets the label in quotation marks, as a term and not as speech.",
        phrases_if_true="“”",
    )
    designation: str | None = words("The model, such as `WB Warmate`.")
    category: str | None = words("What sort of goods it is.")
    ordered = quantity("How many are ordered.")

    procurement = reference("Procurement", "The purchase it belongs to.", required=True)
    part_of = reference("Item", "The line that includes this one.")
    deliveries = children("Delivery", "item_id", "What of it was delivered.")
    covered_by = reference("Claim", "The row of a data set that gives it, where one does.")

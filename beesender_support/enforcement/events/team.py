"""HD Team: who leads it, and where it works."""

from frappe.model.document import Document

from beesender_support.policy.calendar.zones import time_zone
from beesender_support.policy.notices.staff import check_of_support
from beesender_support.records.people import staff
from beesender_support.wording.renderer import refusals_in_words


def validate(doc: Document, method: str | None = None) -> None:
    """Only what is changed, so that a lead who left later does not prevent other
    edits."""
    with refusals_in_words(doc):
        if doc.get("beesender_lead") and doc.has_value_changed("beesender_lead"):
            check_of_support(
                "beesender_lead",
                [doc.beesender_lead],
                staff.members_named([doc.beesender_lead]),
            )
        if doc.get("beesender_time_zone") and doc.has_value_changed(
            "beesender_time_zone"
        ):
            time_zone(doc.beesender_time_zone)

import frappe
from frappe.model.document import Document


class BeesenderClosingReason(Document):
    """Why a request was closed; ``counts_as_solution`` says whether that solved it."""

    def after_delete(self) -> None:
        # Only a script's force deletes one that tickets have. They keep how they were
        # settled; with a reason that is gone Frappe could not save them.
        frappe.db.set_value(
            "HD Ticket",
            {"beesender_closing_reason": self.name},
            "beesender_closing_reason",
            None,
            update_modified=False,
        )

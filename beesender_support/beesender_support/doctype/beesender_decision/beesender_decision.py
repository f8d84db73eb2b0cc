import frappe
from frappe import _
from frappe.model.document import Document


class BeesenderDecision(Document):
    """One decision on a ticket, with the facts of then. Written, never edited."""

    def validate(self) -> None:
        if not self.is_new():
            frappe.throw(_("A decision is written once and never changed."))

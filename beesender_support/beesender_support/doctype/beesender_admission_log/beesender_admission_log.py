import frappe
from frappe import _
from frappe.model.document import Document


class BeesenderAdmissionLog(Document):
    """What happened to requests, seats and mail, and who did it. Written, never edited."""

    def validate(self) -> None:
        if not self.is_new():
            frappe.throw(_("The admission log is written once and never changed."))

import frappe
from frappe import _
from frappe.model.document import Document


class BeesenderNoticeLog(Document):
    """What was said to whom because of which event. Written, never edited."""

    def validate(self) -> None:
        if not self.is_new():
            frappe.throw(_("The notice log is written once and never changed."))

import frappe
from frappe import _
from frappe.model.document import Document


class BeesenderErasure(Document):
    """That the personal data of a contact were erased, and from what; never whose."""

    def on_trash(self) -> None:
        frappe.throw(_("What was erased stays on record."))

"""The role of programs that register requests; ``fixtures/`` brings it."""

import frappe
from frappe.model.document import Document

from beesender_support.enforcement.chat.caller import CHANNEL_ROLE


def keep_as_it_is(doc: Document, method: str | None = None) -> None:
    """Frappe makes a fixture anew at every migration. An admin who disabled the role, or
    asks for a second factor, finds it so afterwards."""
    if doc.name == CHANNEL_ROLE and frappe.db.exists("Role", CHANNEL_ROLE):
        present = frappe.get_doc("Role", CHANNEL_ROLE)
        doc.update(present.as_dict(no_default_fields=True))


def remove_channel_role() -> None:
    frappe.db.delete("Has Role", {"role": CHANNEL_ROLE})
    frappe.delete_doc("Role", CHANNEL_ROLE, force=True, ignore_missing=True)

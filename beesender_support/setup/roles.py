"""The role of programs that register requests. It grants no permission on any record."""

import frappe

from beesender_support.enforcement.chat.caller import CHANNEL_ROLE


def add_channel_role() -> None:
    if not frappe.db.exists("Role", CHANNEL_ROLE):
        frappe.get_doc(
            {"doctype": "Role", "role_name": CHANNEL_ROLE, "desk_access": 0}
        ).insert(ignore_permissions=True)


def remove_channel_role() -> None:
    frappe.db.delete("Has Role", {"role": CHANNEL_ROLE})
    frappe.delete_doc("Role", CHANNEL_ROLE, force=True, ignore_missing=True)

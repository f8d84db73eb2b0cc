"""Access details had form scripts of their own; those of the ticket's page offer them now."""

import frappe

SCRIPTS = (
    "Beesender Support: access details",
    "Beesender Support: access details in the portal",
)


def execute() -> None:
    for name in SCRIPTS:
        frappe.delete_doc("HD Form Script", name, force=True, ignore_missing=True)

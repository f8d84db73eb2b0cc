"""What this app adds to Helpdesk's screens: a saved view and form scripts.

The scripts are code and follow the app at every migration. The view is made once; who
changes or deletes it keeps that.
"""

import json
from pathlib import Path

import frappe

SCRIPT_FOLDER = Path(__file__).parent / "form_scripts"
# Name, the files it is made of, and whether it is for the customer portal.
_ON_EVERY_TICKET = ("dialog.js", "on_page.js", "why.js", "badges.js")
FORM_SCRIPTS = (
    (
        "Beesender Support: ticket",
        (
            *_ON_EVERY_TICKET,
            "admission.js",
            "change.js",
            "plan_actions.js",
            "agent_ticket.js",
        ),
        0,
    ),
    (
        "Beesender Support: ticket in the portal",
        (*_ON_EVERY_TICKET, "portal_ticket.js"),
        1,
    ),
)
AWAITING_ADMISSION = "Awaiting admission"
_COLUMNS = (
    ("ID", "Int", "name", "", "5rem"),
    ("Subject", "Data", "subject", "", "22rem"),
    ("Reason", "Data", "beesender_admission_reason", "", "12rem"),
    ("Customer", "Link", "customer", "HD Customer", "10rem"),
    ("Contact", "Link", "contact", "Contact", "10rem"),
    ("Registered by", "Select", "beesender_channel", "", "8rem"),
    ("Created", "Datetime", "creation", "", "8rem"),
)
_ROWS = (
    "name",
    "subject",
    "status",
    "priority",
    "ticket_type",
    "customer",
    "contact",
    "beesender_admission_reason",
    "beesender_channel",
    "response_by",
    "resolution_by",
    "agreement_status",
    "first_responded_on",
    "resolution_date",
    "creation",
    "modified",
    "_assign",
    "owner",
    "modified_by",
)


def write_form_scripts() -> None:
    for name, files, is_for_portal in FORM_SCRIPTS:
        script = "\n".join((SCRIPT_FOLDER / file).read_text() for file in files)
        if frappe.db.exists("HD Form Script", name):
            frappe.db.set_value("HD Form Script", name, "script", script)
            continue
        frappe.get_doc(
            {
                "doctype": "HD Form Script",
                "dt": "HD Ticket",
                "apply_to": "Form",
                "apply_to_customer_portal": is_for_portal,
                "enabled": 1,
                "script": script,
            }
        ).insert(set_name=name)


def add_view() -> None:
    filters = {"dt": "HD Ticket", "label": AWAITING_ADMISSION}
    if frappe.db.exists("HD View", filters):
        return
    frappe.get_doc(
        {
            "doctype": "HD View",
            **filters,
            "type": "list",
            "icon": "user-round-search",
            "public": 1,
            "user": "Administrator",
            "route_name": "TicketsAgent",
            "filters": json.dumps({"beesender_admission": "Held"}),
            "order_by": "creation asc",
            "columns": json.dumps(
                [
                    {
                        "label": label,
                        "type": fieldtype,
                        "key": key,
                        "options": options,
                        "width": width,
                    }
                    for label, fieldtype, key, options, width in _COLUMNS
                ]
            ),
            "rows": json.dumps(_ROWS),
        }
    ).insert()


def remove_screens() -> None:
    for name, *_rest in FORM_SCRIPTS:
        frappe.delete_doc("HD Form Script", name, force=True, ignore_missing=True)
    frappe.db.delete("HD View", {"dt": "HD Ticket", "label": AWAITING_ADMISSION})

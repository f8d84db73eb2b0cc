"""What this app adds to Helpdesk's screens: form scripts.

They are code and follow the app at every migration.
"""

from pathlib import Path

import frappe

SCRIPT_FOLDER = Path(__file__).parents[1] / "public" / "js"
# Name, the files it is made of, and whether it is for the customer portal.
_ON_EVERY_TICKET = (
    "helpdesk/dialog.js",
    "shared/instants.js",
    "helpdesk/ticket_page.js",
    "helpdesk/deadline_explanation.js",
    "helpdesk/badges.js",
)
FORM_SCRIPTS = (
    (
        "Beesender Support: ticket",
        (
            *_ON_EVERY_TICKET,
            "helpdesk/held_request.js",
            "helpdesk/change_preview.js",
            "helpdesk/plan_actions.js",
            "helpdesk/agent_ticket.js",
        ),
        0,
    ),
    (
        "Beesender Support: ticket in the portal",
        (*_ON_EVERY_TICKET, "helpdesk/portal_ticket.js"),
        1,
    ),
    (
        "Beesender Support: new request",
        (
            "helpdesk/dialog.js",
            "shared/instants.js",
            "helpdesk/request_parts.js",
            "helpdesk/new_request.js",
        ),
        0,
    ),
    (
        "Beesender Support: access details",
        (
            "helpdesk/dialog.js",
            "shared/instants.js",
            "helpdesk/given_by.js",
            "helpdesk/agent_access_details.js",
        ),
        0,
    ),
    (
        "Beesender Support: access details in the portal",
        (
            "helpdesk/dialog.js",
            "shared/instants.js",
            "helpdesk/given_by.js",
            "helpdesk/client_access_details.js",
        ),
        1,
    ),
)
# Helpdesk loads these for agents and clients alike.
ON_NEW_PAGE = ("Beesender Support: new request",)


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
                "apply_on_new_page": name in ON_NEW_PAGE,
                "enabled": 1,
                "script": script,
            }
        ).insert(set_name=name)


def remove_screens() -> None:
    for name, *_rest in FORM_SCRIPTS:
        frappe.delete_doc("HD Form Script", name, force=True, ignore_missing=True)

"""What this app adds to Helpdesk's screens: form scripts.

They only load a module of ``public/js/helpdesk``, and follow the app at every migration.
"""

from typing import NamedTuple

import frappe

from beesender_support.screens.public_files import base_address


class FormScript(NamedTuple):
    name: str
    module: str
    is_for_portal: bool
    # Helpdesk loads what is for the page of a new ticket for agents and clients alike.
    is_for_new_page: bool = False


FORM_SCRIPTS = (
    FormScript("Beesender Support: ticket", "agent_ticket", False),
    FormScript("Beesender Support: ticket in the portal", "portal_ticket", True),
    FormScript("Beesender Support: new request", "new_request", False, True),
)
# Where the module cannot be loaded, the page stays Helpdesk's own.
LOADER = """\
const loading = import("{base}/js/helpdesk/{module}.js").catch(console.error);
const setupForm = async (page) => (await loading)?.setupForm(page);
"""


def write_form_scripts() -> None:
    for each in FORM_SCRIPTS:
        script = LOADER.format(base=base_address(), module=each.module)
        if frappe.db.exists("HD Form Script", each.name):
            frappe.db.set_value("HD Form Script", each.name, "script", script)
            continue
        frappe.get_doc(
            {
                "doctype": "HD Form Script",
                "dt": "HD Ticket",
                "apply_to": "Form",
                "apply_to_customer_portal": each.is_for_portal,
                "apply_on_new_page": each.is_for_new_page,
                "enabled": 1,
                "script": script,
            }
        ).insert(set_name=each.name)


def remove_screens() -> None:
    for each in FORM_SCRIPTS:
        frappe.delete_doc("HD Form Script", each.name, force=True, ignore_missing=True)

"""Installing: fields, permissions, first data. Every step may run again."""

import frappe
from frappe.custom.doctype.custom_field.custom_field import create_custom_fields
from frappe.permissions import add_permission

from beesender_support.enforcement.readiness.agent_form import add_sidebar_fields
from beesender_support.enforcement.response.ticket_views import add_views
from beesender_support.setup.agents_form import add_agents_form
from beesender_support.setup.articles import add_articles
from beesender_support.setup.copied_fields import stop_copying
from beesender_support.setup.custom_fields import (
    CUSTOM_FIELDS,
    DECIDED_LEVEL,
    READERS_OF_DECIDED,
)
from beesender_support.setup.escalation_rules import add_escalation_rules
from beesender_support.setup.first_data import add_first_data, note_added
from beesender_support.setup.helpdesk_screens import write_form_scripts
from beesender_support.setup.indexes import add_indexes
from beesender_support.setup.notices import add_notices
from beesender_support.setup.saved_replies import add_saved_replies
from beesender_support.setup.workspace import write_blocks


def after_install() -> None:
    create_custom_fields(CUSTOM_FIELDS)
    stop_copying()
    add_indexes()
    add_permissions_of_decided_fields()
    add_sidebar_fields()
    add_first_data()
    add_escalation_rules()
    add_views()
    add_agents_form()
    write_form_scripts()
    write_blocks()
    add_articles()
    add_saved_replies()
    add_notices()


def after_migrate() -> None:
    """Code, as opposed to a site's data, follows the app, and so do its indexes, which
    Frappe or an admin may have dropped."""
    add_indexes()
    write_form_scripts()
    write_blocks()
    # Of a new version: nobody can delete a kind.
    add_notices()
    # Frappe caches what a patch reads of a DocType, and leaves the permissions that a site
    # granted out of it: agents would see no decided field.
    frappe.clear_cache(doctype="HD Ticket")


def add_permissions_of_decided_fields() -> None:
    """Helpdesk keeps its permissions as Custom DocPerm from its installation on.

    Permissions that a site granted before are its own: only those added here are noted,
    and removed with the app.
    """
    for role in READERS_OF_DECIDED:
        rule = {"parent": "HD Ticket", "role": role, "permlevel": DECIDED_LEVEL}
        if not frappe.db.exists("Custom DocPerm", {**rule, "if_owner": 0}):
            note_added(
                "Custom DocPerm", add_permission("HD Ticket", role, DECIDED_LEVEL)
            )

"""What an agent is asked and shown on the page of a new ticket, beside its own fields."""

from typing import TypedDict

import frappe
from frappe import _
from helpdesk.helpdesk.doctype.hd_ticket_template.api import get_fields_meta

from beesender_support.enforcement.people import callers
from beesender_support.enforcement.people.callers import Call
from beesender_support.screens.portal.new_request import Template

# Helpdesk's page shows the template of this name, whoever opens it.
SHOWN = "Default"
TEMPLATE = "Beesender Support: for whom"


class AgentsForm(TypedDict):
    """``calls`` are those of lately of which no ticket was made; ``labels`` the words
    around it all, by name."""

    calls: list[Call]
    labels: dict[str, str]


def agents_form() -> AgentsForm:
    return {"calls": callers.calls_of(frappe.session.user), "labels": _labels()}


def add_fields_for_agents(name: str, template: Template) -> None:
    """For whom the request is, where the template that a site edits does not ask."""
    if name != SHOWN:
        return
    asked = {field["fieldname"] for field in template["fields"]}
    template["fields"] += [
        field for field in get_fields_meta(TEMPLATE) if field["fieldname"] not in asked
    ]


def _labels() -> dict[str, str]:
    return {
        "title": _("Who calls?"),
        "call": _("A call of the last 24 hours"),
        "no_call": _("None of them"),
        "number": _("Number"),
        "find": _("Find"),
        "make": _("Make a contact and give a seat"),
        "name": _("Name of the new contact"),
        "address": _("E-mail address: answers go there"),
        "why": _("Why (for the log)"),
        "cancel": _("Cancel"),
        "made": _("{0} is a contact of {1} with a seat now."),
    }

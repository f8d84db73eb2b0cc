"""Helpdesk's "outside working hours" banner, by the hours of the plan."""

from typing import TypedDict

import frappe
from frappe.model.document import Document
from helpdesk.helpdesk.doctype.hd_settings.helpers import get_rendered_banner_msg

from beesender_support.records.site_time import now
from beesender_support.records.tickets.promise import answered_at, is_promised, terms_of


class _Banner(TypedDict):
    show: bool


class Banner(_Banner, total=False):
    """What Helpdesk's own method answers; ``msg`` where there is one to ``show``."""

    msg: str


def outside_hours(ticket: Document) -> Banner:
    """Shown while an unanswered request, registered when support was closed, still waits
    for support to open.
    """
    is_wanted = frappe.db.get_single_value("HD Settings", "enable_outside_hours_banner")
    if not is_wanted or not is_promised(ticket) or answered_at(ticket):
        return {"show": False}
    terms = terms_of(ticket)
    if terms is None or terms.calendar.next_open(terms.started_at) <= now():
        return {"show": False}
    return {"show": True, "msg": get_rendered_banner_msg(ticket.name)["banner_msg"]}

"""What the customer portal requests."""

import frappe
from frappe.model.document import Document
from helpdesk.helpdesk.doctype.hd_ticket import api as helpdesk_ticket
from helpdesk.helpdesk.doctype.hd_ticket_template import api as helpdesk_template
from helpdesk.utils import is_agent

from beesender_support.enforcement.allowances import asked_entitlements
from beesender_support.enforcement.clients import client_writes, seat_requests
from beesender_support.enforcement.people import callers
from beesender_support.enforcement.plans import seats
from beesender_support.enforcement.requests import access_details
from beesender_support.records.site_time import now
from beesender_support.screens.callers.agents_form import add_fields_for_agents
from beesender_support.screens.portal import banner
from beesender_support.screens.portal import company_requests as company_list
from beesender_support.screens.portal import menu as portal_menu
from beesender_support.screens.portal import reports_of_customer
from beesender_support.screens.portal import support_calendar as calendar_file
from beesender_support.screens.portal import understood
from beesender_support.screens.portal.new_request import (
    NewRequest,
    Template,
    hide_replaced_fields,
    what_may_be_requested,
)
from beesender_support.screens.portal.understood import Understood
from beesender_support.screens.ticket import explanation
from beesender_support.screens.ticket.explanation import Explanation


@frappe.whitelist()
def show_outside_hours_banner(ticket_name: str) -> banner.Banner:
    """Helpdesk's banner, by the hours of the ticket's plan where it has one."""
    ticket = _readable(ticket_name)
    if ticket.beesender_admission:
        return banner.outside_hours(ticket)
    return helpdesk_ticket.show_outside_hours_banner(ticket_name)


@frappe.whitelist()
def promise_in_words(ticket: str) -> Understood | None:
    """What support took a request for, how its promise stands, and when it is due."""
    return understood.glance_or_none(_readable(ticket))


@frappe.whitelist()
def explain_deadline(ticket: str) -> Explanation | None:
    """Why the deadline of a ticket is when it is, line by line."""
    return explanation.explain(_readable(ticket))


@frappe.whitelist()
def seats_of(plan: str) -> list[seats.SeatOfPlan]:
    """The authorized contacts of a plan, for a manager of its customer."""
    return seats.of_plan(seats.plan_to_manage(plan, frappe.session.user).name)


@frappe.whitelist(methods=["POST"])
def give_seat(plan: str, contact: str) -> None:
    """A customer's manager seats a colleague, within the limit of the tier."""
    doc = seats.plan_to_manage(plan, frappe.session.user)
    seats.refuse_too_many(frappe.session.user)
    seats.refuse_strangers(doc, contact)
    seats.give(doc.name, contact)


@frappe.whitelist(methods=["POST"])
def end_seat(plan: str, contact: str) -> None:
    """A customer's manager ends a colleague's seat."""
    doc = seats.plan_to_manage(plan, frappe.session.user)
    seats.refuse_too_many(frappe.session.user)
    seats.end(doc.name, contact)


@frappe.whitelist(methods=["POST"])
def ask_for_seat(plan: str) -> seat_requests.Asked:
    """A person of the customer asks those who can give a seat for one, once a day."""
    seats.refuse_too_many(frappe.session.user)
    return seat_requests.ask(plan, frappe.session.user)


@frappe.whitelist(methods=["GET"])
def company_requests(customer: str) -> None:
    """All requests of a customer that the page's filters find, as a CSV file; for its
    manager."""
    seats.refuse_too_many(frappe.session.user)
    asked = {**frappe.form_dict, "customer": customer}
    file = company_list.as_csv(frappe.session.user, asked)
    # Excel takes it for UTF-8 by its first bytes.
    _download("requests.csv", file.encode("utf-8-sig"))


@frappe.whitelist(methods=["GET"])
def service_report(name: str) -> None:
    """A service report that was sent, as PDF or HTML; for the customer's manager."""
    seats.refuse_too_many(frappe.session.user)
    file = reports_of_customer.file_for(frappe.session.user, name)
    _download(file.name, file.content)


@frappe.whitelist(methods=["GET"])
def support_calendar(plan: str) -> None:
    """Support hours and holidays of a plan that its reader may see, as an .ics file."""
    seats.refuse_too_many(frappe.session.user)
    file = calendar_file.for_viewer(frappe.session.user, plan, now())
    _download("support-hours.ics", file.encode())


@frappe.whitelist(methods=["GET"])
def menu() -> portal_menu.MenuItem | None:
    """The plan page in the portal's menu, if the session's user has a plan to see."""
    return portal_menu.plan_page_item(frappe.session.user)


def _download(name: str, content: bytes) -> None:
    frappe.response["type"] = "download"
    frappe.response["filename"] = name
    frappe.response["filecontent"] = content


@frappe.whitelist()
def new_request(
    customer: str | None = None, contact: str | None = None
) -> NewRequest | None:
    """What the session's user may request now; None where Helpdesk's form stays
    plain."""
    return what_may_be_requested(customer, contact)


@frappe.whitelist()
def new_request_template(name: str) -> Template:
    """Helpdesk's form of a new ticket, without the inputs that a plan's form
    replaces."""
    template: Template = helpdesk_template.get_one(name)
    if is_agent():
        add_fields_for_agents(name, template)
    hide_replaced_fields(template["fields"])
    return template


@frappe.whitelist(methods=["POST"])
def raise_request(doc: dict, attachments: list[dict] | None = None) -> Document:
    """Helpdesk's own endpoint, after sealing the access details and dropping names that
    are not fields."""
    access_details.take_from_request(doc)
    asked_entitlements.drop_what_is_not_offered(doc)
    call = callers.call_taken_down(doc)
    client_writes.clean(doc)
    ticket: Document = helpdesk_ticket.new(doc, attachments or [])
    if call and is_agent():
        callers.link(str(ticket.name), str(call))
    return ticket


@frappe.whitelist()
def access_details_of(ticket: str) -> access_details.OverviewWithLabels | None:
    """Whether details are on file, for the person who raised the request; nothing for
    others."""
    doc = _readable(ticket)
    if not access_details.is_raised_by_session(doc):
        return None
    overview = access_details.overview(doc)
    return {**overview, "labels": access_details.labels_for_client()}


@frappe.whitelist(methods=["POST"])
def give_access_details(ticket: str, secret: str) -> access_details.Overview:
    """Put details on file, in place of those that are."""
    doc = _raised_by_session(ticket)
    access_details.give(doc, secret)
    return access_details.overview(doc)


@frappe.whitelist(methods=["POST"])
def erase_access_details(ticket: str) -> access_details.Overview:
    doc = _raised_by_session(ticket)
    access_details.erase(doc)
    return access_details.overview(doc)


def _raised_by_session(ticket: str) -> Document:
    doc = _readable(ticket)
    access_details.refuse_unless_raised_by_session(doc)
    return doc


def _readable(ticket: str) -> Document:
    doc = frappe.get_doc("HD Ticket", ticket)
    doc.check_permission("read")
    return doc

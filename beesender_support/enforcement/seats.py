"""Giving and ending seats on a plan, one at a time however many try at once."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_days, escape_html, getdate

from beesender_support.enforcement import admission_log, channel, loaders
from beesender_support.enforcement.session_contact import contact_of
from beesender_support.enforcement.site_time import now
from beesender_support.policy.sentences import fill

CHANGES_A_MINUTE = 30


def locked_plan(name: str) -> Document:
    """The plan as it stands, held against everyone else until the transaction ends."""
    return frappe.get_doc("Beesender Support Plan", name, for_update=True)


def give(plan: str, contact: str, why: str = "") -> None:
    """Seat a contact from today on; the plan refuses more than its tier includes."""
    doc = locked_plan(plan)
    today = loaders.plan_of(doc).today(now())
    doc.append("authorized_contacts", {"contact": contact, "from_date": today})
    # The caller was checked; an agent may seat contacts without editing plans.
    doc.save(ignore_permissions=True)
    _log("Seat given", doc, contact, why)


def end(plan: str, contact: str, why: str = "") -> None:
    """End a contact's seat: yesterday was its last day, or it never began."""
    doc = locked_plan(plan)
    value = loaders.plan_of(doc)
    today = value.today(now())
    for row in list(doc.authorized_contacts):
        if row.contact != contact or (row.to_date and getdate(row.to_date) < today):
            continue
        if row.from_date and getdate(row.from_date) >= today:
            doc.remove(row)
        else:
            row.to_date = add_days(today, -1)
    doc.save(ignore_permissions=True)
    _log("Seat ended", doc, contact, why)


def of_plan(plan: str) -> list[dict]:
    """The seats of a plan, for people of the customer."""
    return frappe.get_all(
        "Beesender Authorized Contact",
        filters={"parent": plan, "parenttype": "Beesender Support Plan"},
        fields=["contact", "from_date", "to_date", "is_suspended"],
        order_by="idx",
    )


def plan_to_manage(plan: str, user: str) -> Document:
    """The plan, if ``user`` manages its customer and the settings let them swap seats."""
    from helpdesk.utils import get_customers

    doc = frappe.get_doc("Beesender Support Plan", plan)
    contact = contact_of(user)
    memberships = get_customers(contact=contact, get_roles=True) if contact else ()
    managed = [each["name"] for each in memberships if each["is_manager"]]
    if doc.customer not in managed:
        raise frappe.PermissionError
    if not loaders.settings().customer_managers_may_swap_seats:
        frappe.throw(
            _("Your account manager changes authorized contacts. Please ask them."),
            frappe.PermissionError,
        )
    if loaders.plan_of(doc).has_ended(now()):
        frappe.throw(_("This plan has ended, so its contacts cannot be changed."))
    return doc


def refuse_strangers(doc: Document, contact: str) -> None:
    """A customer's manager seats only people of that customer."""
    if not frappe.db.exists(
        "HD Customer Member", {"parent": doc.customer, "contact_name": contact}
    ):
        frappe.throw(
            fill(
                _("{0} is not a contact of {1}. Invite them first."),
                escape_html(contact),
                escape_html(doc.customer),
            )
        )


def refuse_the_unseated(doc: Document, contact: str) -> None:
    """Only a seat of this plan that has not ended can be ended."""
    today = loaders.plan_of(doc).today(now())
    if not any(
        row.contact == contact and not (row.to_date and getdate(row.to_date) < today)
        for row in doc.authorized_contacts
    ):
        frappe.throw(
            _("This contact has no seat on the plan, so there is none to end.")
        )


def refuse_too_many(user: str) -> None:
    """Each change saves the plan and is logged, so nobody makes them without end."""
    if channel.requests_of(user) > CHANGES_A_MINUTE:
        message = _("At most {0} requests a minute. Try again in a minute.").format(
            CHANGES_A_MINUTE
        )
        channel.refuse(
            channel.TooManyRequests,
            {"field": "", "rule": "rate_limit", "message": message},
        )


def _log(event: str, doc: Document, contact: str, why: str) -> None:
    admission_log.record(
        event, plan=doc.name, customer=doc.customer, contact=contact, details=why
    )

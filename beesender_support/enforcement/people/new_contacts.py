"""Somebody unknown becomes a contact of a customer with a plan, and gets a seat on it.

All of it or nothing, one at a time for each customer: of two who press at once the second
finds the contact and the seat that the first made.
"""

from datetime import datetime

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import validate_email_address
from helpdesk.utils import get_customers

from beesender_support.enforcement.plans import seats
from beesender_support.policy.mail.addresses import normalize_address
from beesender_support.policy.mail.senders import name_of_sender
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.requests.admission import (
    NOT_IN_FORCE,
    REASONS,
    about_request,
    relevant_plan,
)
from beesender_support.policy.sold.channels import AGENT
from beesender_support.records.people.contacts import contact_with_address, is_stranger
from beesender_support.records.people.people import (
    is_contact_of_support,
    is_support,
)
from beesender_support.records.people.phones import (
    contacts_with_phone,
    is_same,
    region_of_site,
)
from beesender_support.records.site_time import now
from beesender_support.records.sold import sold_plans
from beesender_support.wording.renderer import fill, in_words


def make_and_seat(
    customer: str, name: str, address: str, phone: str = "", why: str = ""
) -> str:
    """The contact with ``address`` or, without one, with ``phone``: made if there is none,
    one of the customer's from now on, with a seat on its plan in force.

    Whoever belongs to another customer, or to support, is refused, and so is a seat more
    than the plan includes. The caller has checked who presses.
    """
    address, phone = normalize_address(address or ""), (phone or "").strip()
    refuse_what_reaches_nobody(address, phone)
    seats.lock_customers(customer)
    plan = plan_in_force(customer, now())
    contact = _known(address, phone)
    if contact:
        _refuse_if_just_made(contact, address or phone)
        refuse_if_of_others(contact, customer)
        _refuse_if_reached_elsewhere(contact, address)
        _complete(contact, name, address, phone)
    else:
        contact = _made(name_of_sender(name, address or phone), address, phone)
    seats.give(plan.name, contact, why=why)
    return contact


def refuse_who_may_not(customer: str | None) -> None:
    """Whoever may not read the customer and its plans, or make contacts, gives no seat
    there. Reading is enough: an agent seats contacts without editing plans."""
    frappe.has_permission("Contact", "create", throw=True)
    frappe.has_permission("Beesender Support Plan", "read", throw=True)
    if customer:
        frappe.has_permission("HD Customer", "read", customer, throw=True)


def plan_in_force(customer: str | None, at: datetime) -> Plan:
    """The customer's plan in force; refuses where there is none, and says why."""
    plans = sold_plans.of_customer(customer) if customer else ()
    if not customer:
        frappe.throw(
            _("Choose the customer first: a seat is one on a customer's plan.")
        )
    plan = relevant_plan(plans, at)
    if plan and plan.is_in_force(at):
        return plan
    # A draft was not sold.
    reason = NOT_IN_FORCE.get(plan.state_at(at)) if plan else None
    sentence = about_request(
        REASONS[reason or "no_plan"],
        customer=customer,
        contact=None,
        channel=AGENT,
        plan=plan,
    )
    frappe.throw(in_words(sentence))


def is_address_of_person(address: str | None) -> bool:
    """Whether somebody who may become a contact is reached there."""
    normal = normalize_address(address or "")
    if not normal or normal.endswith(".invalid") or is_support(normal):
        return False
    return bool(validate_email_address(normal))


def refuse_what_reaches_nobody(address: str, phone: str) -> None:
    """Of support's own addresses, too: whoever works here is no client."""
    if address and not is_address_of_person(address):
        frappe.throw(
            fill(
                _("{0} is not an address at which a new contact could be reached."),
                frappe.utils.escape_html(address),
            )
        )
    if not address and not phone:
        frappe.throw(_("Give an e-mail address or a phone number of the new contact."))


def _known(address: str, phone: str) -> str | None:
    """Who it is already, read anew: somebody may have made the contact just now."""
    contact = address and contact_with_address(address, for_update=True)
    if contact or not phone:
        return contact or None
    # A second contact with this number, and it would tell nobody any more who calls.
    contacts = contacts_with_phone(phone, for_update=True)
    if len(contacts) > 1:
        frappe.throw(
            _("Several contacts have this number. Choose one of them as the contact.")
        )
    return contacts.pop() if contacts else None


def _refuse_if_just_made(contact: str, named: str) -> None:
    """Found by what was committed meanwhile, and not there for the rest of this
    transaction."""
    if not frappe.db.exists("Contact", contact):
        frappe.throw(
            fill(
                _("Somebody has just made a contact of {0}. Try again."),
                frappe.utils.escape_html(named),
            )
        )


def refuse_if_of_others(contact: str, customer: str) -> None:
    """Whoever is of support, or belongs to other customers and not to this one."""
    named = frappe.utils.escape_html(contact)
    if is_contact_of_support(contact):
        frappe.throw(fill(_("{0} is a support agent, and gets no seat."), named))
    customers = set(get_customers(contact=contact))
    others = customers | {
        plan.customer
        for plan in sold_plans.with_seat(contact)
        if plan.seats_now(contact, now())
    }
    if others and customer not in others:
        frappe.throw(
            fill(
                _(
                    "{0} is a contact of {1} already. If they work for {2} as well, add"
                    " them to its contacts first, then give them a seat."
                ),
                named,
                tuple(map(frappe.utils.escape_html, sorted(others))),
                frappe.utils.escape_html(customer),
            )
        )


def _refuse_if_reached_elsewhere(contact: str, address: str) -> None:
    """Found by a number, which may be that of a whole office."""
    known = frappe.get_all("Contact Email", {"parent": contact}, pluck="email_id")
    if address and known and address not in map(normalize_address, known):
        frappe.throw(
            fill(
                _(
                    "{0} has this number and another e-mail address. If it is the same"
                    " person, choose them as the contact; if not, leave the number out."
                ),
                frappe.utils.escape_html(contact),
            )
        )


def _complete(contact: str, name: str, address: str, phone: str) -> None:
    """Name, address and number of somebody whom nobody knew; what is known of others
    stays. Whoever was only called by now gets their first address."""
    doc = frappe.get_doc("Contact", contact)
    gets_address = bool(address) and not doc.email_ids
    if not is_stranger(contact):
        if not gets_address:
            return
        phone = name = ""
    is_nameless = _is_named_by_nobody(doc)
    if gets_address:
        doc.append("email_ids", {"email_id": address, "is_primary": 1})
    region = region_of_site()
    if phone and not any(is_same(phone, row.phone, region) for row in doc.phone_nos):
        doc.append("phone_nos", {"phone": phone})
    if name.strip() and is_nameless:
        doc.first_name = name_of_sender(name, doc.email_id or phone)
        doc.middle_name = None
    # Frappe makes contacts of senders as nobody's; the caller was checked.
    doc.save(ignore_permissions=True)


def _is_named_by_nobody(contact: Document) -> bool:
    """Whether a program named a contact by how it is reached; what a person wrote there
    stays."""
    if contact.last_name or contact.links:
        return False
    reached_at = [row.phone for row in contact.phone_nos]
    for row in contact.email_ids:
        local = row.email_id.rpartition("@")[0]
        # As Frappe names a sender, and as they are named here.
        reached_at += [row.email_id, local, frappe.unscrub(local)]
        reached_at.append(name_of_sender("", row.email_id))
    written = (contact.first_name or "").strip().casefold()
    return not written or written in {each.casefold() for each in reached_at}


def _made(name: str, address: str, phone: str) -> str:
    contact = {
        "doctype": "Contact",
        "first_name": name,
        "email_ids": [{"email_id": address, "is_primary": 1}] if address else [],
        "phone_nos": [{"phone": phone, "is_primary_phone": 1}] if phone else [],
    }
    return str(frappe.get_doc(contact).insert().name)

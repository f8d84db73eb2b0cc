"""A request that an agent registers for somebody: answers go to that person.

Helpdesk's form makes the agent ``raised_by``, and its agent page answers ``raised_by``: the
answer to a client's telephone call would go to the agent's own mailbox.
"""

import frappe
from frappe.model.document import Document
from helpdesk.utils import is_agent

from beesender_support.enforcement.safety.fault_isolation import log_and_carry_on
from beesender_support.policy.sold.channels import AGENT
from beesender_support.records.people.people import (
    address_of,
    is_address_of_agent,
    is_contact_of_support,
)


@log_and_carry_on
def address_who_asks(doc: Document, method: str | None = None) -> None:
    """Send answers to the contact whom an agent named.

    Only under the policy: other tickets are plain Helpdesk's. Runs when it is decided
    who asks, so that an agent who names the contact later is understood as well.
    """
    if not (doc.beesender_admission and doc.contact and _is_decided_now(doc)):
        return
    # The contact is already loaded; the query for support's addresses comes last.
    if not is_agent() or is_contact_of_support(doc.contact):
        return
    # A contact without an address can only be telephoned.
    address = _address_of_contact(doc.contact) or doc.raised_by
    if address != doc.raised_by and is_address_of_agent(address_of(doc.raised_by)):
        doc.raised_by = address


def _is_decided_now(doc: Document) -> bool:
    if doc.is_new():
        return doc.beesender_channel == AGENT
    return doc.has_value_changed("contact") or doc.has_value_changed(
        "beesender_admission"
    )


def _address_of_contact(contact: str) -> str | None:
    found = frappe.db.get_value("Contact", contact, ["user", "email_id"], cache=True)
    if not found:
        return None
    user, email = found
    return email or (user and frappe.db.get_value("User", user, "email"))

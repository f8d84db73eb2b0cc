"""Mail that Frappe joined to a ticket it does not belong to becomes a ticket of its own."""

import frappe
from frappe import _lt
from frappe.email.receive import InboundMail
from frappe.model.document import Document
from helpdesk.helpdesk.doctype.hd_ticket_activity.hd_ticket_activity import (
    log_ticket_activity,
)

from beesender_support.enforcement.safety.fault_isolation import log_and_carry_on
from beesender_support.policy.mail.addresses import addresses_in, normalize_address
from beesender_support.policy.mail.joining import joins_by_number
from beesender_support.policy.mail.senders import is_forward, is_stray
from beesender_support.policy.sold.channels import EMAIL
from beesender_support.records.people.contacts import (
    asks_under_a_plan,
)
from beesender_support.records.people.people import (
    addresses_of_colleagues,
    is_address_of_working_agent,
)
from beesender_support.records.tickets import admission_log
from beesender_support.records.tickets.incoming_mail import (
    joined_by_message,
    mail_being_registered,
    names_ticket,
    sent_by,
)
from beesender_support.wording.language import site_language, speaking

# Why mail that names a ticket does not join it.
NO_PART = _lt(
    "The subject names ticket {0}, but the sender takes no part in it: this became a"
    " ticket of its own."
)
UNPROVEN = _lt(
    "The subject names ticket {0}, but nothing proves who sent it: this became a ticket of its own."
)


@log_and_carry_on
def part_from_foreign_ticket(doc: Document, method: str | None = None) -> None:
    """Mail that Frappe joined to a ticket by its subject may be a request of its own.

    It belongs to a ticket by the Message-ID it answers, or by the ticket's number if
    its verified sender takes part in the ticket. Frappe also joins by an equal or
    similar subject, and by a number from anybody. Between tickets and senders outside
    the policy Helpdesk's behaviour stays.
    """
    mail = mail_being_registered()
    if mail.flags.beesender_makes_ticket or joined_by_message(mail, doc.reference_name):
        return
    ticket = frappe.db.get_value(
        "HD Ticket",
        doc.reference_name,
        ["name", "raised_by", "contact", "customer", "beesender_admission"],
        as_dict=True,
    )
    if not ticket or not (ticket.beesender_admission or asks_under_a_plan(doc.sender)):
        return
    if not names_ticket(mail, ticket.name):
        give_own_ticket(doc, mail)
    elif not sent_by(mail).is_verified:
        give_own_ticket(doc, mail)
        log_stray(doc, UNPROVEN, ticket.name)
    elif not may_join_by_number(ticket, doc.sender, doc.subject):
        give_own_ticket(doc, mail)
        log_stray(doc, NO_PART, ticket.name)


def may_join_by_number(ticket: frappe._dict, sender: str, subject: str) -> bool:
    is_asker = not is_stray(sender, [ticket.raised_by or ""])
    # Facts that no longer matter are not looked up.
    is_agent = not is_asker and is_address_of_working_agent(normalize_address(sender))
    is_other = not (is_asker or is_agent)
    return joins_by_number(
        is_asker=is_asker,
        is_agent=is_agent,
        is_forward=is_forward(subject),
        takes_part=is_other and not is_stray(sender, participants_of(ticket)),
    )


def participants_of(ticket: frappe._dict) -> set[str]:
    """Addresses of the contact and their colleagues, and of everybody who wrote or was
    written to on the ticket."""
    written = frappe.get_all(
        "Communication",
        {"reference_doctype": "HD Ticket", "reference_name": ticket.name},
        ["sender", "recipients", "cc", "bcc"],
    )
    headers = [text for row in written for text in row.values() if text]
    known = addresses_of_colleagues(ticket)
    return {*known, *(each for text in headers for each in addresses_in(text))}


def give_own_ticket(doc: Document, mail: InboundMail) -> None:
    ticket = _insert_ticket(doc, mail)
    doc.update({"reference_name": ticket.name, "reference_owner": None})
    doc.in_reply_to = None


def log_stray(doc: Document, why: str, foreign_ticket: str) -> None:
    ticket = doc.reference_name
    with speaking(site_language()):
        details = str(why).format(foreign_ticket)
        admission_log.record(
            "Stray reply",
            ticket=ticket,
            customer=frappe.db.get_value("HD Ticket", ticket, "customer"),
            contact=doc.sender,
            channel=EMAIL,
            details=details,
        )
        log_ticket_activity(ticket, details)


def _insert_ticket(doc: Document, mail: InboundMail) -> Document:
    """As Frappe does for mail that names no ticket; nothing is left of one that fails."""
    ticket = frappe.new_doc("HD Ticket", subject=mail.subject, raised_by=doc.sender)
    if ticket.meta.has_field("email_account"):
        ticket.email_account = mail.email_account.name
    ticket.flags.ignore_mandatory = True
    frappe.db.savepoint("stray_reply")
    try:
        return ticket.insert(ignore_permissions=True)
    except Exception:
        frappe.db.rollback(save_point="stray_reply")
        raise

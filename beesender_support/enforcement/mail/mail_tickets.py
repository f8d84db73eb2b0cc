"""Mail: whose it is, which ticket it may join, and what of it asks for nothing.

What cannot be registered is in ``kept_mail``, and that every mail is accounted for in
``pulls``.
"""

import frappe
from frappe import _, _lt
from frappe.email.receive import InboundMail, SentEmailInInboxError
from frappe.model.document import Document
from helpdesk.helpdesk.doctype.hd_ticket_activity.hd_ticket_activity import (
    log_ticket_activity,
)

from beesender_support.enforcement.mail import pulls
from beesender_support.enforcement.requests.requested import comes_by_mail
from beesender_support.enforcement.safety.fault_isolation import log_and_carry_on
from beesender_support.policy.mail.addresses import addresses_in, normalize_address
from beesender_support.policy.mail.joining import joins_by_number
from beesender_support.policy.mail.senders import is_forward, is_stray
from beesender_support.policy.plans.tiers import EMAIL
from beesender_support.records import settings
from beesender_support.records.people.contacts import (
    asks_under_a_plan,
    contact_with_address,
)
from beesender_support.records.people.people import (
    addresses_of_colleagues,
    is_address_of_agent,
)
from beesender_support.records.tickets import admission_log
from beesender_support.records.tickets.incoming_mail import (
    is_answer_of_machine,
    joined_by_message,
    mail_being_registered,
    names_ticket,
    sent_by,
)
from beesender_support.records.tickets.ticket_context import context_of
from beesender_support.wording.description import subject_as_typed
from beesender_support.wording.language import site_language, speaking
from beesender_support.wording.renderer import fill

# Why mail that names a ticket does not join it.
NO_PART = _lt(
    "The subject names ticket {0}, but the sender takes no part in it: this became a"
    " ticket of its own."
)
UNPROVEN = _lt(
    "The subject names ticket {0}, but nothing proves who sent it: this became a ticket"
    " of its own."
)

# A new ticket


def take_sender_from_mail(doc: Document, method: str | None = None) -> None:
    """Before Helpdesk looks for the contact of what a mail is about to become."""
    if not comes_by_mail(doc):
        return
    if mail := mail_being_registered():
        mail.flags.beesender_makes_ticket = True
        leave_to_log_if_automatic(mail, ticket=None)
        name_the_sender(doc, method)
    find_contact(doc, method)


@log_and_carry_on
def name_the_sender(doc: Document, method: str | None = None) -> None:
    """Frappe takes Reply-To and others for the sender; nobody vouches for those.

    Where no plan was ever sold, that stays as it is.
    """
    if not settings.is_in_use():
        return
    sent = sent_by(mail_being_registered())
    doc.raised_by = sent.address or doc.raised_by
    doc.subject = subject_as_typed(doc.subject)
    context = context_of(doc)
    context.sender_is_verified = sent.is_verified
    context.waits_for_no_answer = not (sent.is_written and sent.is_identified)


@log_and_carry_on
def find_contact(doc: Document, method: str | None = None) -> None:
    """Helpdesk finds a contact by the primary address; a mail may come from another.

    A contact whose primary address it is goes first, as Helpdesk has it.
    """
    if not doc.contact:
        doc.contact = contact_with_address(doc.raised_by)
        context_of(doc).found_contact = doc.contact


# A communication


def before_insert_of_communication(doc: Document, method: str | None = None) -> None:
    """Before a mail is written on the ticket that Frappe has chosen for it."""
    mail = mail_being_registered() if is_received(doc) else None
    if mail is None:
        return
    pulls.watch()
    leave_to_log_if_automatic(mail, ticket=doc.reference_name)
    name_who_speaks(doc, method)
    part_from_foreign_ticket(doc, method)


@log_and_carry_on
def name_who_speaks(doc: Document, method: str | None = None) -> None:
    if settings.is_in_use():
        doc.sender = sent_by(mail_being_registered()).address or doc.sender


@log_and_carry_on
def note_where_answers_go(doc: Document, method: str | None = None) -> None:
    """An agent answers the sender; that they asked to be answered elsewhere is noted."""
    mail = mail_being_registered() if is_received(doc) else None
    if mail is None or not mail.flags.pop("beesender_makes_ticket", False):
        return
    wanted = [
        address
        for address in addresses_in(mail.decode_email(mail.mail.get("Reply-To")) or "")
        if is_stray(address, [doc.sender or "", mail.email_account.email_id or ""])
    ]
    if wanted:
        with speaking(site_language()):
            log_ticket_activity(
                doc.reference_name,
                fill(_("asked to be answered at {0}"), tuple(wanted)),
            )


def is_received(doc: Document) -> bool:
    return bool(
        doc.reference_doctype == "HD Ticket"
        and doc.sent_or_received == "Received"
        and doc.email_account
    )


# What asks for nothing


def leave_to_log_if_automatic(mail: InboundMail, ticket: str | None) -> None:
    """Raise what Frappe takes for mail that becomes nothing; ``pulls`` logs it.

    Absence notices, bounces and other ticket systems' acknowledgements would start and
    reopen clocks that nobody waits for. Where no plan was ever sold, they are plain
    Helpdesk's.
    """
    if not _asks_for_nothing(mail, ticket):
        return
    mail.flags.beesender_automatic = True
    mail.flags.beesender_ticket = ticket
    pulls.watch()
    pulls.log_automatic(mail)
    raise SentEmailInInboxError


def _asks_for_nothing(mail: InboundMail, ticket: str | None) -> bool:
    try:
        return settings.is_in_use() and is_answer_of_machine(mail, ticket)
    except Exception:
        frappe.log_error("Beesender Support: a mail's head could not be read")
        return False


# Which ticket?


@log_and_carry_on
def part_from_foreign_ticket(doc: Document, method: str | None = None) -> None:
    """Mail that Frappe joined to a ticket by its subject may be a request of its own.

    It belongs to a ticket by the Message-ID it answers, or by the ticket's number from
    somebody who takes part in it and is who they say. Frappe also takes an equal or similar
    subject, and a number from anybody. Between tickets and senders outside the policy that stays as in
    plain Helpdesk.
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
    # What does not matter any more is not asked.
    is_agent = not is_asker and is_address_of_agent(normalize_address(sender))
    is_other = not (is_asker or is_agent)
    return joins_by_number(
        is_asker=is_asker,
        is_agent=is_agent,
        is_forward=is_forward(subject),
        takes_part=is_other and not is_stray(sender, participants_of(ticket)),
    )


def participants_of(ticket: frappe._dict) -> set[str]:
    """Addresses of the contact and their colleagues, and of all who were written to or
    wrote on the ticket."""
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

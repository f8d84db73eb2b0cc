"""Mail that becomes a ticket or a message: whose it is, before Helpdesk looks at it.

Machines' answers are in ``automatic_mail``, which ticket a mail joins is in
``stray_replies``, and ``pulls`` accounts for every mail.
"""

from frappe import _
from frappe.model.document import Document
from helpdesk.helpdesk.doctype.hd_ticket_activity.hd_ticket_activity import (
    log_ticket_activity,
)

from beesender_support.enforcement.mail import pulls
from beesender_support.enforcement.mail.automatic_mail import leave_to_log_if_automatic
from beesender_support.enforcement.mail.stray_replies import part_from_foreign_ticket
from beesender_support.enforcement.requests.requested import comes_by_mail
from beesender_support.enforcement.safety.fault_isolation import log_and_carry_on
from beesender_support.policy.mail.addresses import addresses_in
from beesender_support.policy.mail.senders import is_stray
from beesender_support.records import settings
from beesender_support.records.people.contacts import (
    contact_with_address,
)
from beesender_support.records.tickets.incoming_mail import (
    mail_being_registered,
    sent_by,
)
from beesender_support.records.tickets.ticket_context import context_of
from beesender_support.wording.language import site_language, speaking
from beesender_support.wording.renderer import fill

# A new ticket


def take_sender_from_mail(doc: Document, method: str | None = None) -> None:
    """Before Helpdesk looks for the contact of a ticket that is made from a mail."""
    if not comes_by_mail(doc):
        return
    if mail := mail_being_registered():
        mail.flags.beesender_makes_ticket = True
        leave_to_log_if_automatic(mail, ticket=None)
        if arrived_at := mail.flags.beesender_arrived_at:
            # Of kept mail, which arrived before it is registered.
            doc.service_level_agreement_creation = arrived_at
        name_the_sender(doc, method)
    find_contact(doc, method)


@log_and_carry_on
def name_the_sender(doc: Document, method: str | None = None) -> None:
    """Frappe treats Reply-To and others as the sender; nobody vouches for those.

    Where no plan was ever sold, that stays as it is.
    """
    if not settings.is_in_use():
        return
    sent = sent_by(mail_being_registered())
    doc.raised_by = sent.address or doc.raised_by
    context = context_of(doc)
    context.sender_is_verified = sent.is_verified
    context.waits_for_no_answer = not (sent.is_written and sent.is_identified)


@log_and_carry_on
def find_contact(doc: Document, method: str | None = None) -> None:
    """Helpdesk finds a contact by the primary address; a mail may come from another.

    A contact whose primary address it is comes first, as in Helpdesk.
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
    """Agents answer the sender; a Reply-To address is noted on the ticket."""
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
                fill(_("wants answers sent to {0}"), tuple(wanted)),
            )


def is_received(doc: Document) -> bool:
    return bool(
        doc.reference_doctype == "HD Ticket"
        and doc.sent_or_received == "Received"
        and doc.email_account
    )

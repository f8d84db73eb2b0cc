"""Communication: an agent's answer stops a clock, a customer's message starts one, and a
stranger's reply stays off the ticket it names."""

from frappe.model.document import Document

from beesender_support.enforcement.clients import client_writes
from beesender_support.enforcement.mail import mail_tickets
from beesender_support.enforcement.response import agreement, first_response, happenings
from beesender_support.enforcement.safety.fault_isolation import log_and_carry_on


def before_insert(doc: Document, method: str | None = None) -> None:
    """Find out who writes on which ticket, before Helpdesk saves it for the message."""
    agreement.restore_before_message(doc, method)
    mail_tickets.before_insert_of_communication(doc, method)
    take_mail_of_agent(doc, method)


@log_and_carry_on
def take_mail_of_agent(doc: Document, method: str | None = None) -> None:
    first_response.take_mail_of_agent(doc)


def after_insert(doc: Document, method: str | None = None) -> None:
    """Note what the following save of the ticket has to know about the message."""
    client_writes.note_message(doc)
    note_answer(doc, method)


@log_and_carry_on
def note_answer(doc: Document, method: str | None = None) -> None:
    happenings.note_message(doc)
    if first_response.is_human_answer(doc):
        first_response.note_answer(doc)
    mail_tickets.note_where_answers_go(doc, method)

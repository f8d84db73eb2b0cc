"""Listens to Communication: an agent's answer stops the response clock, and a stranger's
reply stays off the ticket it names."""

from frappe.model.document import Document

from beesender_support.enforcement import answers, mail
from beesender_support.enforcement.never_lose import log_and_carry_on


def before_insert(doc: Document, method: str | None = None) -> None:
    mail.before_insert_of_communication(doc, method)
    take_mail_of_agent(doc, method)


@log_and_carry_on
def take_mail_of_agent(doc: Document, method: str | None = None) -> None:
    answers.take_mail_of_agent(doc)


@log_and_carry_on
def after_insert(doc: Document, method: str | None = None) -> None:
    if answers.is_human_answer(doc):
        answers.note_answer(doc)
    mail.note_where_answers_go(doc, method)

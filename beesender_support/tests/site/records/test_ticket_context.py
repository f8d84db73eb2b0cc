"""What is known of a ticket beside its fields belongs to one document of one process."""

import copy
import pickle

import frappe

from beesender_support.records.tickets.ticket_context import TicketContext, context_of
from beesender_support.tests.site.factories import make_client


def test_a_ticket_is_handed_to_background_jobs_as_webhooks_are():
    client = make_client()
    ticket = frappe.get_doc(
        {
            "doctype": "HD Ticket",
            "subject": "Operators see no chats",
            "description": "Steps: open the console.",
            "ticket_type": "Incident",
            "raised_by": client.email,
            "contact": client.contact,
            "customer": client.customer,
        }
    ).insert()
    assert ticket.beesender_terms
    assert context_of(ticket).terms
    in_job = pickle.loads(pickle.dumps(ticket))  # noqa: S301, our own bytes
    assert in_job.beesender_terms == ticket.beesender_terms
    assert context_of(in_job) == TicketContext()
    assert context_of(copy.deepcopy(ticket)) == TicketContext()

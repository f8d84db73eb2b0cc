"""Records for tests: ``make_<thing>(**overrides)``. Names never meet real ones."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from email.message import EmailMessage
from email.utils import make_msgid
from inspect import signature
from zoneinfo import ZoneInfo

import frappe
import pytest
import time_machine
from frappe.core.api.user_invitation import invite_by_email
from frappe.email.receive import InboundMail
from frappe.model.document import Document
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

_numbers = itertools.count(1)

# Basic, GMT+3: four support hours from Friday 17:30 are half an hour of Friday and three
# and a half of Monday.
FRIDAY_1730 = "2026-11-20T17:30:00+03:00"
MONDAY_10 = "2026-11-23T10:00:00+03:00"
MONDAY_11 = "2026-11-23T11:00:00+03:00"
P1_DUE = "2026-11-23T12:30:00+03:00"
AFTER_P1 = "2026-11-23T13:30:00+03:00"
# Helpdesk names the customer of whom it invites, which Frappe takes from 15.109 on.
by_helpdesk = pytest.mark.skipif(
    "kwargs" not in signature(invite_by_email).parameters,
    reason="Helpdesk cannot invite with this version of Frappe",
)
P1_INCIDENT = {"ticket_type": "Incident", "beesender_priority": "P1"}


def make_customer(name: str | None = None) -> str:
    name = name or f"Test Client {next(_numbers)}"
    frappe.get_doc({"doctype": "HD Customer", "customer_name": name}).insert()
    return name


def make_contact(customer: str, email: str | None = None, user: bool = False) -> str:
    """A contact who is a member of the customer, with a portal user if asked."""
    email = email or f"contact{next(_numbers)}@example.com"
    contact = frappe.get_doc(
        {
            "doctype": "Contact",
            "first_name": _first_name(email),
            "email_ids": [{"email_id": email, "is_primary": 1}],
        }
    ).insert()
    members = frappe.get_doc("HD Customer", customer)
    members.append("contacts", {"contact_name": contact.name})
    members.save()
    if user:
        # After the contact: Frappe would make a second one of the same person. And after
        # the customer, who would save the user once more for a role they have.
        make_portal_user(email)
        contact.db_set("user", email)
    return contact.name


def make_portal_user(email: str) -> str:
    return _make_user(email, "HD Customer")


def make_agent(email: str | None = None) -> str:
    return _make_user(email or f"agent{next(_numbers)}@example.com", "Agent")


def make_agent_manager() -> str:
    manager = make_agent()
    frappe.get_doc("User", manager).add_roles("Agent Manager")
    return manager


def make_user_of_desk() -> str:
    """Who works in Desk and is no agent."""
    email = f"desk{next(_numbers)}@example.com"
    _make_user(email, "Report Manager")
    return email


def make_team(*users: str, **overrides: object) -> str:
    team = {
        "doctype": "HD Team",
        "team_name": f"Test Team {next(_numbers)}",
        "users": [{"user": user} for user in users],
    }
    return frappe.get_doc({**team, **overrides}).insert().name


def make_channel_user(domain: str = "example.com") -> str:
    """The user of a chatbot or widget. Never the same one: its requests are counted."""
    return _make_user(
        f"bot-{frappe.generate_hash(length=8)}@{domain}", "Beesender Channel"
    )


def make_plan(customer: str, contacts: list[str], **overrides: object) -> Document:
    return frappe.get_doc(
        {
            "doctype": "Beesender Support Plan",
            "customer": customer,
            "tier": "Basic",
            "time_zone": "GMT+3",
            "status": "Active",
            "starts_on": "2020-01-01",
            "authorized_contacts": [{"contact": contact} for contact in contacts],
            **overrides,
        }
    ).insert()


def make_client(**plan: object) -> frappe._dict:
    """A customer with one authorized contact, a portal user, and a plan in force."""
    customer = make_customer()
    email = f"client{next(_numbers)}@example.com"
    contact = make_contact(customer, email, user=True)
    return frappe._dict(
        customer=customer,
        contact=contact,
        email=email,
        plan=make_plan(customer, [contact], **plan),
    )


def make_manager(client: dict) -> dict:
    """Make the client's contact a manager of the customer."""
    customer = frappe.get_doc("HD Customer", client["customer"])
    customer.contacts[0].is_manager = 1
    customer.save()
    return client


def let_managers_swap_seats(may: bool = True) -> None:
    settings = frappe.get_doc("Beesender Support Settings")
    settings.customer_managers_may_swap_seats = may
    settings.save(ignore_permissions=True)


def make_ticket(client: dict, **overrides: object) -> Document:
    """A ticket raised by an agent for the client's contact, as stored."""
    ticket = frappe.get_doc(
        {
            "doctype": "HD Ticket",
            "subject": "Operators see no chats",
            "description": "Steps: open the console. No chats appear.",
            "raised_by": client["email"],
            "contact": client["contact"],
            "customer": client["customer"],
            **overrides,
        }
    ).insert()
    return ticket.reload()


def make_p1(client: dict, stamp: str = FRIDAY_1730, **overrides: object) -> Document:
    """An incident of the highest priority, raised at ``stamp``."""
    with clock_at(stamp):
        return make_ticket(client, **{**P1_INCIDENT, **overrides})


def answer(ticket: Document, message: str = "We are on it.", **recipients) -> Document:
    """An agent answers, on a copy of their own."""
    with session_of(make_agent()):
        frappe.get_doc("HD Ticket", ticket.name).reply_via_agent(message, **recipients)
    return ticket.reload()


def refused(match: str):
    return pytest.raises(frappe.ValidationError, match=match)


def site_time(stamp: str) -> datetime:
    """The naive site time of an ISO stamp with an offset."""
    zone = ZoneInfo(frappe.utils.get_system_timezone())
    return datetime.fromisoformat(stamp).astimezone(zone).replace(tzinfo=None)


def _make_user(email: str, role: str) -> str:
    if not frappe.db.exists("User", email):
        frappe.get_doc(
            {
                "doctype": "User",
                "email": email,
                "first_name": _first_name(email),
                "send_welcome_email": 0,
                "roles": [{"role": role}],
            }
        ).insert(ignore_permissions=True)
    if role == "Agent" and not frappe.db.exists("HD Agent", email):
        frappe.get_doc(
            {"doctype": "HD Agent", "user": email, "agent_name": email, "is_active": 1}
        ).insert(ignore_permissions=True)
    return email


def _first_name(email: str) -> str:
    return email.split("@")[0].capitalize()


@contextmanager
def session_of(user: str) -> Iterator[None]:
    """Act as a user, as a request of theirs would."""
    before = frappe.session.user
    frappe.set_user(user)
    try:
        yield
    finally:
        frappe.set_user(before)


@contextmanager
def http_request(path="/", **headers):
    """As if the session had posted to the site."""
    builder = EnvironBuilder(path=path, method="POST", headers=headers)
    frappe.local.request = Request(builder.get_environ())
    try:
        yield frappe.local.request
    finally:
        del frappe.local.request


def clock_at(stamp: str) -> time_machine.travel:
    """Freeze the clock at an ISO stamp with an offset. Entered, it gives a clock that
    goes on with ``shift``."""
    instant = datetime.fromisoformat(stamp).astimezone(timezone.utc)
    return time_machine.travel(instant, tick=False)


@contextmanager
def site_zone(name: str) -> Iterator[None]:
    """Run the site in another time zone."""
    before = frappe.db.get_single_value("System Settings", "time_zone")
    _set_site_zone(name)
    assert frappe.utils.get_system_timezone() == name
    try:
        yield
    finally:
        # May be none: a site on which nobody went through the setup has no zone.
        _set_site_zone(before)


def _set_site_zone(name: str | None) -> None:
    frappe.db.set_single_value("System Settings", "time_zone", name)
    # Nothing else depends on the zone: clearing all that is cached costs a second.
    frappe.clear_document_cache("System Settings")
    frappe.cache.delete_value("time_zone")
    frappe.local.system_settings = frappe.get_doc("System Settings")
    frappe.local.system_timezone = None


def receive_mail(sender: str, subject: str, body: str = "Hello") -> Document:
    """Feed a raw message to Frappe's own intake; the ticket it became."""
    message = EmailMessage()
    message["From"], message["To"] = sender, "support@example.com"
    message["Subject"], message["Message-ID"] = subject, make_msgid()
    message.set_content(body)
    mail = InboundMail(message.as_bytes(), make_email_account())
    communication = mail.process()
    return frappe.get_doc("HD Ticket", communication.reference_name)


def held_mail(client: dict, sender: str | None = None) -> Document:
    """A request by mail of a contact without a seat."""
    sender = sender or f"colleague.{client['email']}"
    make_contact(client["customer"], sender)
    return receive_mail(sender, "Help")


def make_email_account() -> Document:
    name = "Test Support Mailbox"
    if frappe.db.exists("Email Account", name):
        return frappe.get_doc("Email Account", name)
    return frappe.get_doc(
        {
            "doctype": "Email Account",
            "email_account_name": name,
            "email_id": "support@example.com",
            "password": "not-used",
            "enable_incoming": 1,
            "use_imap": 0,
            "email_server": "pop.example.com",
            "append_to": "HD Ticket",
            "create_contact": 1,
        }
    ).insert()

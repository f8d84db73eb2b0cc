"""Records for tests: ``make_<thing>(**overrides)``. Names never meet real ones."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from email.message import EmailMessage
from email.utils import make_msgid
from zoneinfo import ZoneInfo

import frappe
from frappe.email.receive import InboundMail
from frappe.model.document import Document
from freezegun import freeze_time

_numbers = itertools.count(1)


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
    if user:
        # After the contact: Frappe would make a second one of the same person.
        make_portal_user(email)
        contact.db_set("user", email)
    members = frappe.get_doc("HD Customer", customer)
    members.append("contacts", {"contact_name": contact.name})
    members.save()
    return contact.name


def make_portal_user(email: str) -> str:
    return _make_user(email, "HD Customer")


def make_agent(email: str | None = None) -> str:
    return _make_user(email or f"agent{next(_numbers)}@example.com", "Agent")


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
def clock_at(stamp: str) -> Iterator[None]:
    """Freeze the clock at an ISO stamp with an offset."""
    with freeze_time(datetime.fromisoformat(stamp).astimezone(timezone.utc)):
        yield


@contextmanager
def site_zone(name: str) -> Iterator[None]:
    """Run the site in another time zone."""
    before = frappe.db.get_single_value("System Settings", "time_zone")
    _set_site_zone(name)
    try:
        yield
    finally:
        _set_site_zone(before)


def _set_site_zone(name: str) -> None:
    frappe.db.set_single_value("System Settings", "time_zone", name)
    frappe.local.system_timezone = None
    frappe.clear_cache()


def receive_mail(sender: str, subject: str, body: str = "Hello") -> Document:
    """Feed a raw message to Frappe's own intake; the ticket it became."""
    message = EmailMessage()
    message["From"], message["To"] = sender, "support@example.com"
    message["Subject"], message["Message-ID"] = subject, make_msgid()
    message.set_content(body)
    mail = InboundMail(message.as_bytes(), make_email_account())
    communication = mail.process()
    return frappe.get_doc("HD Ticket", communication.reference_name)


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

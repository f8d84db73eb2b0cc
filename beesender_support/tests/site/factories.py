"""Records for tests: ``make_<thing>(**overrides)``. Names never meet real ones."""

import itertools
from datetime import datetime
from zoneinfo import ZoneInfo

import frappe
from frappe.model.document import Document

_numbers = itertools.count(1)


def make_customer(name: str | None = None) -> str:
    name = name or f"Test Client {next(_numbers)}"
    frappe.get_doc({"doctype": "HD Customer", "customer_name": name}).insert()
    return name


def make_contact(customer: str, email: str | None = None, user: bool = False) -> str:
    """A contact who is a member of the customer, with a portal user if asked."""
    email = email or f"contact{next(_numbers)}@example.com"
    if user:
        make_portal_user(email)
    contact = frappe.get_doc(
        {
            "doctype": "Contact",
            "first_name": email.split("@")[0],
            "user": email if user else None,
            "email_ids": [{"email_id": email, "is_primary": 1}],
        }
    ).insert()
    members = frappe.get_doc("HD Customer", customer)
    members.append("contacts", {"contact_name": contact.name})
    members.save()
    return contact.name


def make_portal_user(email: str) -> str:
    return _make_user(email, "HD Customer")


def make_agent(email: str | None = None) -> str:
    return _make_user(email or f"agent{next(_numbers)}@example.com", "Agent")


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


def make_ticket(client: frappe._dict, **overrides: object) -> Document:
    """A ticket raised by an agent for the client's contact, as stored."""
    ticket = frappe.get_doc(
        {
            "doctype": "HD Ticket",
            "subject": "Operators see no chats",
            "description": "Steps: open the console. No chats appear.",
            "raised_by": client.email,
            "contact": client.contact,
            "customer": client.customer,
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
                "first_name": email.split("@")[0],
                "send_welcome_email": 0,
                "roles": [{"role": role}],
            }
        ).insert(ignore_permissions=True)
    if role == "Agent" and not frappe.db.exists("HD Agent", email):
        frappe.get_doc(
            {"doctype": "HD Agent", "user": email, "agent_name": email, "is_active": 1}
        ).insert(ignore_permissions=True)
    return email

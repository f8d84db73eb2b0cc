"""Who somebody on a ticket is: of support, or of the client."""

from collections.abc import Iterable

import frappe
from frappe.model.document import Document

from beesender_support.policy.mail import addresses as mailbox
from beesender_support.policy.mail.addresses import normalize_address

AGENT_MANAGER = "Agent Manager"
AGENT_ROLES = frozenset({"Agent", AGENT_MANAGER})


def address_of(text: str | None) -> str | None:
    """The address in ``Name <address>`` or plain text, in normal form."""
    if not text:
        return None
    found = mailbox.address_of(text) or next(iter(mailbox.addresses_in(text)), text)
    return normalize_address(found)


def addresses_in(*headers: str | None) -> frozenset[str]:
    """The addresses of headers such as To and Cc, in normal form.

    A part that is not an address stays as it is: the mail is sent to somebody anyway.
    """
    parts = [part for header in headers for part in mailbox.mailboxes_in(header or "")]
    return frozenset(
        normalize_address(mailbox.address_of(part) or part) for part in parts
    )


def is_agent_user(user: str | None) -> bool:
    """Whether a user answers for support. Helpdesk's own ``is_agent`` says yes of
    everybody while the session is Administrator's."""
    if not user or user == "Guest":
        return False
    if user.casefold() == "administrator" or AGENT_ROLES & set(frappe.get_roles(user)):
        return True
    # Agents work in the desk, so the many others cost no query.
    is_of_desk = frappe.get_cached_value("User", user, "user_type") == "System User"
    return is_of_desk and bool(frappe.db.exists("HD Agent", user, cache=True))


def is_address_of_agent(address: str | None) -> bool:
    return bool(address and is_agent_user(_user_of(address)))


def is_address_of_working_agent(address: str) -> bool:
    """Of an agent who still works here: a mail is all that proves who sent it."""
    user = _user_of(address)
    if not is_agent_user(user) or not frappe.db.get_value("User", user, "enabled"):
        return False
    # Whoever is an agent by a role alone has no record that could be inactive.
    return frappe.db.get_value("HD Agent", user, "is_active") != 0


def is_support(address: str) -> bool:
    """Whether an address is an agent's or a mailbox of this site."""
    return is_address_of_agent(address) or address in _mailboxes()


def is_contact_of_support(contact: str) -> bool:
    """Whether a contact is an agent's own: Frappe makes one for every user."""
    # What is cached beyond this transaction may be older than it.
    found = frappe.db.get_value("Contact", contact, ["user", "email_id"], cache=True)
    if not found:
        return False
    user, email = found
    if user:
        return is_agent_user(user)
    return bool(email) and is_address_of_agent(normalize_address(email))


def is_contact_of(contact: str, address: str) -> bool:
    """Whether a contact is that of the user, or the mailbox, ``address``."""
    found = frappe.get_cached_value("Contact", contact, ["user", "email_id"]) or ()
    return address in map(address_of, found)


def is_of_a_customer(contact: str) -> bool:
    """Whether a contact belongs to some customer, or has or had a seat on some plan."""
    return bool(
        frappe.db.exists("HD Customer Member", {"contact_name": contact})
        or frappe.db.exists("Beesender Authorized Contact", {"contact": contact})
    )


def support_among(addresses: Iterable[str]) -> frozenset[str]:
    """Those of ``addresses`` that are agents' or mailboxes', in as many queries for one as
    for all contacts of a customer."""
    sought = frozenset(addresses)
    mailboxes = sought & _mailboxes()
    return mailboxes | addresses_of_agents(sought - mailboxes)


def addresses_of_agents(addresses: frozenset[str]) -> frozenset[str]:
    """As ``is_address_of_agent`` says of each."""
    administrator = addresses & {"administrator"}
    users = {
        row.name: normalize_address(row.email)
        for row in frappe.get_all(
            "User", {"email": ("in", sorted(addresses or {""}))}, ["name", "email"]
        )
    }
    found = {users[name] for name in agents_named(users)}
    return administrator | (found & addresses)


def agents_named(users: Iterable[str]) -> frozenset[str]:
    """Those of ``users`` that are agents, as ``is_agent_user`` says of each."""
    names = sorted(users)
    if not names:
        return frozenset()
    with_role = frappe.get_all(
        "Has Role",
        {
            "parenttype": "User",
            "parent": ("in", names),
            "role": ("in", sorted(AGENT_ROLES)),
        },
        pluck="parent",
    )
    agents = {
        *with_role,
        *frappe.get_all("HD Agent", {"name": ("in", names)}, pluck="name"),
    }
    return frozenset(
        name for name in names if name in agents or name.casefold() == "administrator"
    )


def addresses_of_client(ticket: Document) -> frozenset[str]:
    """Those of the person who asked, of the ticket's contact, of everybody at its
    customer, and of clients who wrote on the ticket."""
    known = addresses_of_colleagues(ticket)
    wrote = frappe.get_all(
        "Communication",
        {
            "reference_doctype": "HD Ticket",
            "reference_name": ticket.name,
            "sent_or_received": "Received",
        },
        pluck="sender",
        distinct=True,
        order_by=None,
    )
    addresses = {
        address
        for each in (*known, *wrote, ticket.raised_by)
        if each and (address := address_of(each))
    }
    return frozenset(addresses - support_among(addresses))


def addresses_of_colleagues(ticket: Document) -> list[str]:
    """As stored: those of the ticket's contact and of everybody at its customer."""
    member, email = map(frappe.qb.DocType, ("HD Customer Member", "Contact Email"))
    colleagues = (
        frappe.qb.from_(member)
        .select(member.contact_name)
        .where(member.parent == (ticket.customer or ""))
    )
    return (
        frappe.qb.from_(email)
        .select(email.email_id)
        .where((email.parent == (ticket.contact or "")) | email.parent.isin(colleagues))
        .run(pluck=True)
    )


def _user_of(address: str) -> str | None:
    """The user with an address, whose name it need not be."""
    if address == "administrator":
        return "Administrator"
    rows = frappe.get_all("User", {"email": address}, ["name", "email"])
    return next(
        (row.name for row in rows if normalize_address(row.email) == address), None
    )


def _mailboxes() -> frozenset[str]:
    addresses = frappe.get_all("Email Account", pluck="email_id")
    return frozenset(normalize_address(each) for each in addresses if each)

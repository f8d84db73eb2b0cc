"""Finds a contact by any of its addresses or numbers.

The database ignores accents and treats look-alikes as equal, so what it finds by an
address is compared again.
"""

import re
from collections.abc import Iterable

import frappe
from helpdesk.utils import get_customers
from pypika import Criterion

from beesender_support.policy.mail.addresses import normalize_address
from beesender_support.policy.mail.senders import domain_of
from beesender_support.policy.requests.customers import (
    PUBLIC_MAIL_PROVIDERS,
    customer_of_domain,
)
from beesender_support.records.people.phones import contact_with_phone
from beesender_support.records.sold import sold_plans
from beesender_support.records.tables import escaped_for_like


def contact_with(email: str | None, phone: str | None) -> str | None:
    """The contact with this e-mail address; without an address, with this phone.

    A known phone beside an unknown address proves nothing: phones are public, and the
    answers go to the address.
    """
    if email:
        return contact_with_address(email)
    return contact_with_phone(phone) if phone else None


def contact_with_address(address: str | None, for_update: bool = False) -> str | None:
    """The contact with this address in any spelling; a contact whose primary one it is
    comes first. ``for_update`` also finds what was committed since this transaction
    began."""
    sought = normalize_address(address or "")
    if not sought:
        return None
    rows = frappe.db.get_values(
        "Contact Email",
        {"email_id": ("in", _spellings(sought)), "parenttype": "Contact"},
        ["parent", "email_id"],
        as_dict=True,
        order_by="is_primary desc, creation",
        for_update=for_update,
    )
    return next(
        (row.parent for row in rows if normalize_address(row.email_id) == sought), None
    )


def contacts_with_addresses(addresses: Iterable[str]) -> dict[str, str]:
    """As ``contact_with_address`` says of each, in one query; ``addresses`` are in normal
    form."""
    sought = frozenset(addresses)
    if not sought:
        return {}
    spelled = sorted({each for address in sought for each in _spellings(address)})
    rows = frappe.get_all(
        "Contact Email",
        {"email_id": ("in", spelled), "parenttype": "Contact"},
        ["parent", "email_id"],
        order_by="is_primary desc, creation",
    )
    found: dict[str, str] = {}
    for row in rows:
        found.setdefault(normalize_address(row.email_id), row.parent)
    return {address: found[address] for address in sought & found.keys()}


def _spellings(address: str) -> list[str]:
    """An address as records may have it: its domain in ASCII and written out."""
    local, _at, domain = address.rpartition("@")
    try:
        return [address, f"{local}@{domain.encode('ascii').decode('idna')}"]
    except UnicodeError:
        return [address]


# For which customer?


def is_stranger(contact: str | None) -> bool:
    """Whether nobody vouches for a contact: of no customer, and without a seat. Frappe
    makes a contact of everybody who writes."""
    return not contact or not (
        sold_plans.with_seat(contact) or get_customers(contact=contact)
    )


def planned_customer_of(address: str | None) -> str | None:
    """The customer with a plan from whose domain a stranger writes."""
    domain = domain_of(address)
    if "." not in domain or domain in PUBLIC_MAIL_PROVIDERS:
        return None
    named = [
        row.name
        for row in frappe.get_all(
            "HD Customer",
            or_filters=[
                ["domain", "like", f"%{escaped_for_like(each)}%"]
                for each in _spellings_of_domain(domain)
            ],
            fields=["name", "domain"],
        )
        if domain_of(f"x@{_bare(row.domain)}") == domain
        and sold_plans.of_customer(row.name)
    ]
    return customer_of_domain(domain, named, [] if named else _seating(domain))


def _seating(domain: str) -> list[str]:
    """Customers whose plans name a contact with an address of this domain."""
    email, seat, plan = map(
        frappe.qb.DocType,
        ("Contact Email", "Beesender Authorized Contact", "Beesender Support Plan"),
    )
    spelled = [
        email.email_id.like(f"%@{escaped_for_like(each)}")
        for each in _spellings_of_domain(domain)
    ]
    rows = (
        frappe.qb.from_(seat)
        .join(plan)
        .on(plan.name == seat.parent)
        .join(email)
        .on((email.parent == seat.contact) & (email.parenttype == "Contact"))
        .select(email.email_id, plan.customer)
        .distinct()
        .where((plan.status != "Draft") & Criterion.any(spelled))
        .run()
    )
    return [customer for address, customer in rows if domain_of(address) == domain]


def _spellings_of_domain(domain: str) -> list[str]:
    return [
        each.rpartition("@")[2] for each in dict.fromkeys(_spellings(f"x@{domain}"))
    ]


def _bare(domain: str | None) -> str:
    """A domain as people write it on a customer: with a scheme, a path or ``www``."""
    text = re.sub(r"^[a-z]+://|^@", "", (domain or "").strip().lower())
    return re.split(r"[/:?#\s]", text, maxsplit=1)[0].removeprefix("www.").rstrip(".")


def asks_under_a_plan(address: str) -> bool:
    """Whether the owner of this address belongs to a customer that has, or had, a
    plan."""
    contact = contact_with_address(address)
    if contact is None or is_stranger(contact):
        return bool(planned_customer_of(address))
    return bool(sold_plans.with_seat(contact)) or any(
        map(sold_plans.of_customer, get_customers(contact=contact))
    )

"""Who people on tickets are: asked for one ticket at a time, or for many at once.

Both answer alike; the second in as many queries for one ticket as for thousands.
"""

from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple

import frappe

from beesender_support.policy.mail.addresses import normalize_address
from beesender_support.records.people import contacts, people


class Lookups(NamedTuple):
    """As the functions of the same names in ``contacts`` and ``people``."""

    contact_with_address: Callable[[str], str | None]
    is_support: Callable[[str], bool]
    is_contact_of: Callable[[str, str], bool]
    is_contact_of_support: Callable[[str], bool]
    is_of_a_customer: Callable[[str], bool]


ONE_BY_ONE = Lookups(
    contact_with_address=contacts.contact_with_address,
    is_support=people.is_support,
    is_contact_of=people.is_contact_of,
    is_contact_of_support=people.is_contact_of_support,
    is_of_a_customer=people.is_of_a_customer,
)


def of_many(addresses: Iterable[str], names: Iterable[str]) -> Lookups:
    """For tickets of these addresses, in normal form, and of these contacts."""
    sought = frozenset(filter(None, addresses))
    by_address = contacts.contacts_with_addresses(sought)
    known = frozenset({*filter(None, names), *by_address.values()})
    owners = _owners(known)
    support = people.support_among(sought)
    without_user = {
        normalize_address(email)
        for user, email in owners.values()
        if email and not user
    }
    of_agents = people.addresses_of_agents(frozenset(without_user))
    agents = people.agents_named({user for user, _email in owners.values() if user})
    of_customers = _of_customers(known)

    def is_contact_of_support(contact: str) -> bool:
        user, email = owners.get(contact, (None, None))
        if user:
            return user in agents
        return normalize_address(email or "") in of_agents

    def is_contact_of(contact: str, address: str) -> bool:
        return address in map(people.address_of, owners.get(contact, ()))

    return Lookups(
        contact_with_address=by_address.get,
        is_support=support.__contains__,
        is_contact_of=is_contact_of,
        is_contact_of_support=is_contact_of_support,
        is_of_a_customer=of_customers.__contains__,
    )


def _owners(names: Collection[str]) -> dict[str, tuple[str | None, str | None]]:
    """User and primary address of each contact."""
    rows = frappe.get_all(
        "Contact", {"name": ("in", sorted(names) or [""])}, ["name", "user", "email_id"]
    )
    return {row.name: (row.user, row.email_id) for row in rows}


def _of_customers(names: Collection[str]) -> frozenset[str]:
    wanted = ("in", sorted(names) or [""])
    members = frappe.get_all(
        "HD Customer Member", {"contact_name": wanted}, pluck="contact_name"
    )
    seated = frappe.get_all(
        "Beesender Authorized Contact", {"contact": wanted}, pluck="contact"
    )
    return frozenset({*members, *seated})

"""Who a contact is, as texts may name them, and what they are called once erased."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import frappe
from frappe import _

from beesender_support.records.people.people import is_contact_of_support
from beesender_support.records.people.phones import international, region_of_site

ERASED = "Erased contact"
_DOMAIN = "erased.invalid"
# A shorter word would be found in others.
_SHORTEST = 5


class Person(NamedTuple):
    """A contact by all that identifies them; ``user`` is theirs in the portal."""

    contact: str
    names: tuple[str, ...]
    addresses: tuple[str, ...]
    phones: tuple[str, ...]
    user: str | None
    customer: str | None
    pseudonym: str

    @property
    def address(self) -> str:
        """The address that stands for theirs from now on."""
        return f"{self.pseudonym.rpartition(' ')[2]}@{_DOMAIN}"

    @property
    def everywhere(self) -> tuple[str, ...]:
        """What is theirs wherever it stands."""
        return (*self.addresses, *self.phones)

    def without(self, text: str, *, of_them: bool) -> str:
        """``text`` with them left out; their name only where the text is of them, since
        others may bear it."""
        for needles, instead in (
            (self.addresses, self.address),
            (self.phones, "-"),
            (self.names if of_them else (), self.pseudonym),
        ):
            for each in sorted(needles, key=len, reverse=True):
                text = re.sub(re.escape(each), instead, text, flags=re.IGNORECASE)
        return text


def person_of(contact: str) -> Person | None:
    """Who a contact is; None for one that is erased already."""
    doc = frappe.get_doc("Contact", contact)
    if doc.name.startswith(ERASED):
        return None
    if is_contact_of_support(doc.name):
        frappe.throw(_("{0} works in support and is no client.").format(doc.name))
    addresses = [row.email_id for row in doc.email_ids] + [doc.email_id]
    phones = [row.phone for row in doc.phone_nos] + [doc.phone, doc.mobile_no]
    full_name = " ".join(filter(None, (doc.first_name, doc.last_name)))
    user = doc.user or frappe.db.get_value(
        "User", {"email": ("in", list(_distinct(addresses)) or [""])}
    )
    customer = frappe.db.get_value(
        "HD Customer Member", {"contact_name": doc.name}, "parent"
    )
    return Person(
        contact=doc.name,
        names=_distinct([doc.full_name, full_name, doc.name]),
        addresses=_distinct([*addresses, user]),
        phones=_distinct([*phones, *_of_programs(phones)]),
        user=user,
        customer=customer,
        pseudonym=f"{ERASED} {frappe.generate_hash(length=10)}",
    )


def _of_programs(phones: Iterable[str | None]) -> Iterator[str | None]:
    region = region_of_site()
    return (international(each, region) for each in phones if each)


def _distinct(texts: Iterable[str | None]) -> tuple[str, ...]:
    found = (text.strip() for text in texts if text)
    return tuple(dict.fromkeys(text for text in found if len(text) >= _SHORTEST))

"""Contacts as the checks of seats see them, each fact in one query."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

import frappe

from beesender_support.policy.mail.addresses import normalize_address
from beesender_support.policy.plans.plans import normalize_contact

PLAN, SEAT = "Beesender Support Plan", "Beesender Authorized Contact"
# The dates of a plan are those of its zone: a day more or less than that of UTC.
_A_DAY = timedelta(days=1)


def contacts_with_access(among: Iterable[str] | None = None) -> set[str]:
    """The contacts, or those of them, whose user can log in."""
    contact, user = frappe.qb.DocType("Contact"), frappe.qb.DocType("User")
    query = (
        frappe.qb.from_(contact)
        .join(user)
        .on(user.name == contact.user)
        .select(contact.name)
        .where(user.enabled == 1)
    )
    if among is not None:
        query = query.where(contact.name.isin(list(among) or [""]))
    return set(query.run(pluck=True))


def members_by_customer() -> dict[str, set[str]]:
    """The contacts of each customer, as Helpdesk knows them."""
    members: dict[str, set[str]] = defaultdict(set)
    for row in frappe.get_all(
        "HD Customer Member",
        {"parenttype": "HD Customer"},
        ["parent", "contact_name"],
        order_by=None,
    ):
        members[row.parent].add(row.contact_name)
    return members


def contacts_by_address() -> dict[str, set[str]]:
    """Everybody who has an address of a contact with a seat, by its normal form."""
    seated = set(
        frappe.get_all(
            SEAT, {"parenttype": PLAN}, pluck="contact", distinct=True, order_by=None
        )
    )
    if not seated:
        return {}
    rows = frappe.get_all(
        "Contact Email",
        {"parenttype": "Contact"},
        ["parent", "email_id"],
        order_by=None,
    )
    contacts: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        contacts[normalize_address(row.email_id or "")].add(row.parent)
    return {
        address: theirs
        for address, theirs in contacts.items()
        if address and len(theirs) > 1 and theirs & seated
    }


# Which plans are looked at: those of which all is not surely well. Sets are compared here:
# a subquery for each seat takes MariaDB several times as long.


class Seated(NamedTuple):
    """Somebody with a seat, whatever its dates, on an active plan."""

    plan: str
    customer: str
    contact: str


def seated() -> list[Seated]:
    rows = frappe.db.sql("""select `plan`.`name`, `plan`.`customer`, `seat`.`contact`
        from `tabBeesender Support Plan` `plan`
        join `tabBeesender Authorized Contact` `seat` on `seat`.`parent` = `plan`.`name`
        where `plan`.`status` = 'Active'
        order by `plan`.`name`""")
    return [Seated(plan, customer, contact or "") for plan, customer, contact in rows]


def plans_seating(seats: Iterable[Seated], contacts: Collection[str]) -> list[str]:
    return _plans_of(each for each in seats if each.contact in contacts)


def plans_with_strangers(
    seats: Iterable[Seated], members: Mapping[str, Collection[str]]
) -> list[str]:
    """``members`` are the contacts of each customer."""
    return _plans_of(
        each for each in seats if each.contact not in members.get(each.customer, ())
    )


def plans_without_access(
    seats: Iterable[Seated], with_access: Collection[str]
) -> list[str]:
    return _plans_of(each for each in seats if each.contact not in with_access)


def plans_with_contacts_twice(seats: Iterable[Seated]) -> list[str]:
    numbers = Counter((each.plan, normalize_contact(each.contact)) for each in seats)
    return list(dict.fromkeys(plan for (plan, _), most in numbers.items() if most > 1))


def _plans_of(seats: Iterable[Seated]) -> list[str]:
    return list(dict.fromkeys(each.plan for each in seats))


def plans_without_seats(today: date) -> list[str]:
    """Names of active plans that may have no seat in force."""
    rows = frappe.db.sql(
        """select `plan`.`name` from `tabBeesender Support Plan` `plan`
        where `plan`.`status` = 'Active' and not exists (
            select 1 from `tabBeesender Authorized Contact` `seat`
            where `seat`.`parent` = `plan`.`name` and `seat`.`is_suspended` = 0
            and `seat`.`ended_at` is null
            and (`seat`.`from_date` is null or `seat`.`from_date` <= %(before)s)
            and (`seat`.`to_date` is null or `seat`.`to_date` >= %(after)s)
        ) order by `plan`.`name`""",
        {"before": today - _A_DAY, "after": today + _A_DAY},
    )
    return [name for (name,) in rows]

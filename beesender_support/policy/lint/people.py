"""People with a seat who cannot use it, or who cannot be told from others."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime

from beesender_support.policy.lint.codes import (
    ADDRESS_TWICE,
    CONTACT_NOT_A_MEMBER,
    CONTACT_WITHOUT_PORTAL_USER,
)
from beesender_support.policy.lint.findings import Finding, found
from beesender_support.policy.lint.plans import about_plan
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.sentences import Contact


def check_members(
    plan: Plan, members: Collection[str], now: datetime
) -> Iterator[Finding]:
    """``members`` are the contacts of the plan's customer."""
    strangers = _seated_not_among(plan, members, now)
    if strangers:
        yield about_plan(plan, CONTACT_NOT_A_MEMBER, contacts=strangers)


def check_access(
    plan: Plan, with_access: Collection[str], now: datetime
) -> Iterator[Finding]:
    """``with_access`` are the contacts who can log in to the portal."""
    without = _seated_not_among(plan, with_access, now)
    if without:
        yield about_plan(plan, CONTACT_WITHOUT_PORTAL_USER, contacts=without)


def check_addresses(
    plans: Iterable[Plan],
    contacts_by_address: Mapping[str, Collection[str]],
    now: datetime,
) -> Iterator[Finding]:
    """Addresses, in their normal form, of several contacts one of whom has a seat:
    whoever writes from it may be taken for one of the others."""
    customer_of = {
        seat.contact: plan.customer
        for plan in plans
        if plan.is_in_force(now)
        for seat in plan.active_seats(plan.today(now))
    }
    for address, contacts in contacts_by_address.items():
        seated = next((each for each in sorted(contacts) if each in customer_of), None)
        if seated is None or len(contacts) < 2:
            continue
        others = tuple(Contact(each) for each in sorted(contacts) if each != seated)
        yield found(
            ADDRESS_TWICE,
            seated,
            customer=customer_of[seated],
            about=address,
            contact=Contact(seated),
            address=address,
            others=others,
        )


def _seated_not_among(
    plan: Plan, known: Collection[str], now: datetime
) -> tuple[str, ...]:
    if not plan.is_in_force(now):
        return ()
    seats = plan.active_seats(plan.today(now))
    return tuple(seat.contact for seat in seats if seat.contact not in known)

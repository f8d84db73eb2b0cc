"""Notices to the people of a plan: its seats and its end.

Those with a seat that has not ended are told, and the success manager, each in their own
language. Colleagues do not read of a person's seat.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date

import frappe
from frappe import _
from frappe.utils import get_url

from beesender_support.enforcement.outgoing.mailer import Notice, record_missed, send
from beesender_support.enforcement.plans.plan_lots import PLAN
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.sentences import Contact
from beesender_support.records.people import readers
from beesender_support.records.people.readers import Recipient
from beesender_support.records.site_time import now
from beesender_support.wording.renderer import (
    channels_in_words,
    fill,
    reader,
    tier_title,
)

SAVEPOINT = "beesender_plan_notice"


def notify_plan(kind: str, key: str, plan: Plan, **values: Callable[[], str]) -> None:
    """To everybody with a seat that has not ended, and the success manager."""
    today = plan.today(now())
    seated = [seat.contact for seat in plan.seats if not seat.has_ended(today)]
    _announce(kind, key, plan, readers.contacts(seated, plan.name), values)


def notify_of_seat(kind: str, plan: Plan, contact: str, *, on: str = "") -> None:
    """To the person, and the success manager.

    A mail that cannot be written is logged, and the seat is given or ended all the same.
    ``on`` is the day of a seat that begins or ends by its date.
    """
    with _a_fault_is_logged(kind, plan):
        _announce(
            kind,
            # Seats may be given and ended several times a day; each time is an event.
            _key_of_seat(kind, plan, contact, on or now().isoformat()),
            plan,
            readers.contacts([contact], plan.name),
            {
                "person": lambda: fill("{0}", Contact(contact)),
                "channels": lambda: channels_in_words(plan.tier.registration_channels),
                "hours": lambda: hours_in_words(plan),
            },
        )


def miss_seat(kind: str, plan: Plan, contact: str, *, on: str) -> None:
    """What came with an import is logged, and never said."""
    key = _key_of_seat(kind, plan, contact, on)
    record_missed(notice_of_plan(kind, key, plan, [], {}))


def _key_of_seat(kind: str, plan: Plan, contact: str, when: str) -> str:
    return f"{kind}/{plan.name}/{when}/{contact}"


def notify_of_sale(plan: Plan) -> None:
    """To the people who manage the customer; a plan is sold once. A mail that cannot be
    written is logged, and the plan is sold all the same."""
    managers = managers_of(plan.customer)
    if not managers:
        return
    with _a_fault_is_logged("plan_starts", plan):
        send(
            notice_of_plan(
                "plan_starts",
                f"plan_starts/{plan.name}",
                plan,
                readers.contacts(managers, plan.name),
                {
                    "starts_on": lambda: day_in_words(plan.starts_on),
                    "ends_on": lambda: (
                        day_in_words(plan.ends_on) if plan.ends_on else ""
                    ),
                },
            )
        )


def managers_of(customer: str) -> list[str]:
    """The contacts who manage a customer in Helpdesk."""
    return frappe.get_all(
        "HD Customer Member",
        {"parent": customer, "parenttype": "HD Customer", "is_manager": 1},
        pluck="contact_name",
    )


@contextmanager
def _a_fault_is_logged(kind: str, plan: Plan) -> Iterator[None]:
    frappe.db.savepoint(SAVEPOINT)
    try:
        yield
    except Exception:
        frappe.db.rollback(save_point=SAVEPOINT)
        frappe.log_error(
            title=f"Beesender Support: notice {kind} of plan {plan.name}"[:140],
            reference_doctype=PLAN,
            reference_name=plan.name,
        )


def people_in_words(contacts: Iterable[str]) -> str:
    """By their full names."""
    return fill("{0}", tuple(map(Contact, sorted(contacts))))


def day_in_words(day: date) -> str:
    return fill("{0}", day)


def hours_in_words(plan: Plan) -> str:
    if plan.tier.around_the_clock:
        return _("around the clock")
    return reader().support_hours(plan.calendar.support_hours)


def _announce(
    kind: str,
    key: str,
    plan: Plan,
    people: list[Recipient],
    values: Mapping[str, Callable[[], str]],
) -> None:
    manager = frappe.db.get_value(PLAN, plan.name, "success_manager")
    told = _each_once([*people, *readers.users([manager], by_bell=False)])
    send(notice_of_plan(kind, key, plan, told, values))


def notice_of_plan(
    kind: str,
    key: str,
    plan: Plan,
    people: list[Recipient],
    values: Mapping[str, Callable[[], str]],
) -> Notice:
    """A notice about a plan; each value is computed in its reader's language."""
    return Notice(
        kind,
        key,
        people,
        lambda: {
            "customer": plan.customer,
            "tier": tier_title(plan.tier.name),
            "plan_link": get_url("/support-plan"),
            **{name: value() for name, value in values.items()},
        },
        plan=plan.name,
        customer=plan.customer,
        tier=plan.tier.name,
    )


def _each_once(people: list[Recipient]) -> list[Recipient]:
    """The success manager of a plan may have a seat on it."""
    by_address = {each.address: each for each in reversed(people)}
    return list(reversed(by_address.values()))

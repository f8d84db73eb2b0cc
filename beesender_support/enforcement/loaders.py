"""Records to policy values. Documents come from Frappe's document cache."""

from datetime import timedelta
from decimal import Decimal

import frappe
from frappe.model.document import Document
from frappe.utils import getdate, to_timedelta

from beesender_support.policy.tiers import (
    ENTITLEMENTS,
    Category,
    Plan,
    PriorityRule,
    Seat,
    Tier,
)
from beesender_support.policy.working_time import (
    AROUND_THE_CLOCK,
    DAY,
    WEEKDAYS,
    Holiday,
    Window,
)

PRIORITY_MAP = "beesender_priority_map"
CATEGORIES = "beesender_categories"


def tier_of(doc: Document) -> Tier:
    """The tier of a Beesender Tier; raises PolicyError."""
    return Tier(
        name=doc.name,
        rank=doc.rank,
        fee_percent=Decimal(str(doc.fee_percent or 0)),
        windows=AROUND_THE_CLOCK if doc.around_the_clock else _windows_of(doc),
        response_targets={
            row.priority: timedelta(hours=row.hours) for row in doc.response_targets
        },
        authorized_contact_limit=doc.authorized_contact_limit or 0,
        updates_per_year=doc.updates_per_year or 0,
        registration_channels=frozenset(
            row.channel for row in doc.registration_channels
        ),
        answer_channels=frozenset(row.channel for row in doc.answer_channels),
        entitlements=frozenset(name for name in ENTITLEMENTS if doc.get(name)),
    )


def plan_of(doc: Document) -> Plan:
    """The plan of a Beesender Support Plan; raises PolicyError."""
    return Plan(
        name=doc.name,
        customer=doc.customer,
        tier=tier_of(frappe.get_cached_doc("Beesender Tier", doc.tier)),
        time_zone=doc.time_zone,
        starts_on=getdate(doc.starts_on),
        ends_on=getdate(doc.ends_on) if doc.ends_on else None,
        status=doc.status,
        seats=tuple(_seat_of(row) for row in doc.authorized_contacts),
        holidays=tuple(_holiday_of(row) for row in doc.holidays),
    )


def plans_of(customer: str | None) -> list[Plan]:
    """All plans of a customer that were ever sold to it, that is, all but drafts."""
    if not customer:
        return []
    names = frappe.get_all(
        "Beesender Support Plan",
        filters={"customer": customer, "status": ("!=", "Draft")},
        pluck="name",
    )
    return [
        plan_of(frappe.get_cached_doc("Beesender Support Plan", name)) for name in names
    ]


def category_of(doc: Document) -> Category:
    """The category of a Beesender Category; raises PolicyError."""
    return Category(
        name=doc.ticket_type,
        promises_response=bool(doc.promises_response),
        priority_rules=tuple(
            PriorityRule(row.priority, bool(row.is_default), row.when_to_use or "")
            for row in doc.priority_rules
        ),
        meaning=doc.meaning or "",
    )


def category_for(ticket_type: str | None) -> Category | None:
    """The category of a ticket type; for a type that has none, the default category.

    None on a site without categories.
    """
    categories = frappe.cache.get_value(
        CATEGORIES,
        lambda: frappe.get_all("Beesender Category", pluck="name"),
    )
    name = ticket_type if ticket_type in categories else settings().default_category
    if not name:
        return None
    return category_of(frappe.get_cached_doc("Beesender Category", name))


def priority_code_of(ticket_priority: str | None) -> str | None:
    """The P-code of a Helpdesk priority; None for one that has none."""
    by_code = _priority_map()
    return next(
        (code for code, name in by_code.items() if name == ticket_priority), None
    )


def ticket_priority_of(priority_code: str | None) -> str | None:
    """The Helpdesk priority of a P-code."""
    return _priority_map().get(priority_code)


def settings() -> Document:
    return frappe.get_cached_doc("Beesender Support Settings")


def forget_cached_names() -> None:
    """A category or priority was saved or deleted: read their names anew."""
    frappe.cache.delete_value([PRIORITY_MAP, CATEGORIES])


def _priority_map() -> dict[str, str]:
    return frappe.cache.get_value(
        PRIORITY_MAP,
        lambda: dict(
            frappe.get_all(
                "Beesender Priority", fields=["name", "ticket_priority"], as_list=True
            )
        ),
    )


def seconds_of_day(value: timedelta | str | None) -> int:
    """Seconds after midnight of a Time field, as the database or a form gives it."""
    if not value:
        return 0
    if isinstance(value, str) and value.startswith("24:00"):
        return DAY
    return round(to_timedelta(value).total_seconds())


def _windows_of(doc: Document) -> tuple[Window, ...]:
    return tuple(
        Window.on_the_clock(
            WEEKDAYS.index(row.weekday),
            seconds_of_day(row.start_time),
            # A Time field cannot say 24:00.
            seconds_of_day(row.end_time) or DAY,
        )
        for row in doc.support_windows
    )


def _seat_of(row: Document) -> Seat:
    return Seat(
        row.contact,
        getdate(row.from_date) if row.from_date else None,
        getdate(row.to_date) if row.to_date else None,
    )


def _holiday_of(row: Document) -> Holiday:
    return Holiday(
        getdate(row.date),
        row.description or "",
        seconds_of_day(row.start_time),
        seconds_of_day(row.end_time) or DAY,
    )

"""The plan of a record or a form as a policy value."""

from collections.abc import Mapping
from decimal import Decimal

import frappe
from frappe.model.document import Document
from frappe.utils import getdate

from beesender_support.policy.calendar.holidays import Days, merged
from beesender_support.policy.errors import NoDay, PolicyError
from beesender_support.policy.plans import limits
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.sold.exceptions import Exceptions
from beesender_support.policy.sold.tiers import Tier
from beesender_support.records.sold import calendars, plan_exceptions
from beesender_support.records.sold.catalogue import tier_named
from beesender_support.records.sold.policy_values import seat_of


def plan_of(
    doc: Document,
    tier: Tier | None = None,
    dates: Mapping[str, Days] | None = None,
) -> Plan:
    """The plan of a Beesender Support Plan; raises PolicyError.

    A caller that reads many plans passes the ``tier``, as it is sold to everybody, and
    the ``dates`` of their calendars by name.
    """
    sold = tier or tier_named(doc.tier)
    return _plan_of(doc, sold, plan_exceptions.stored(doc.get("exceptions")), dates)


def _plan_of(
    doc: Document,
    tier: Tier,
    exceptions: Exceptions,
    dates: Mapping[str, Days] | None = None,
) -> Plan:
    names = calendars.names_in(doc)
    if dates is None:
        dates = calendars.days_of_calendars(names)
    days = calendars.days_in(doc.holidays)
    if names:
        days = merged(days, [dates[name] for name in names if name in dates])
    return Plan(
        name=doc.name,
        customer=doc.customer,
        tier=plan_exceptions.applied(exceptions, tier),
        time_zone=str(doc.time_zone or ""),
        starts_on=getdate(doc.starts_on),
        ends_on=getdate(doc.ends_on) if doc.ends_on else None,
        status=doc.status,
        seats=tuple(seat_of(row) for row in doc.authorized_contacts),
        holidays=days.holidays,
        success_manager=doc.success_manager or None,
        working_days=days.working_days,
        exceptions=exceptions,
    )


def readable_plan_of(
    doc: Document, dates: Mapping[str, Days] | None = None
) -> Plan | None:
    """The same; None for a plan that today's rules refuse, or whose tier is gone."""
    try:
        return plan_of(doc, None, dates)
    except PolicyError:
        return None
    except frappe.DoesNotExistError:
        frappe.clear_last_message()
        return None


def checked_plan_of(doc: Document, tier: Tier | None = None) -> Plan:
    """The plan of a Beesender Support Plan as somebody typed it; raises PolicyError for
    whatever it cannot be."""
    _check_typed_days(doc)
    calendars.checked_days_in(doc.holidays)
    sold = tier or tier_named(doc.tier)
    plan = _plan_of(doc, sold, plan_exceptions.checked(doc.get("exceptions"), sold))
    limits.check_days(plan)
    licence_price_of(doc)
    return plan


def licence_price_of(doc: Document) -> Decimal:
    """Raises NoNumber, Negative, OutOfRange."""
    return limits.decimal_number(
        "licence_price", doc.licence_price, 0, limits.MAX_MONEY
    )


def _check_typed_days(doc: Document) -> None:
    check_typed_dates(
        (doc, ("starts_on", "ends_on")),
        *((row, ("from_date", "to_date")) for row in doc.authorized_contacts),
        *((row, ("date",)) for row in doc.holidays),
    )


def check_typed_dates(*typed_in: tuple[Document, tuple[str, ...]]) -> None:
    """Raise NoDay for what is no date, in the fields of a record or its rows."""
    for row, fields in typed_in:
        for field in fields:
            typed = row.get(field)
            try:
                is_date = not typed or getdate(typed) is not None
            except Exception:
                # Frappe raises errors of several libraries here, and of its own.
                frappe.clear_last_message()
                is_date = False
            if not is_date:
                raise NoDay(field, str(typed)[:40])

"""The plan of a record or a form as a policy value."""

from decimal import Decimal

import frappe
from frappe.model.document import Document
from frappe.utils import getdate

from beesender_support.policy.errors import NoDay
from beesender_support.policy.plans import limits
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.sold.tiers import Tier
from beesender_support.records.sold.catalogue import tier_named
from beesender_support.records.sold.policy_values import holiday_of, seat_of


def plan_of(doc: Document, tier: Tier | None = None) -> Plan:
    """The plan of a Beesender Support Plan; raises PolicyError.

    A caller that reads many plans passes the ``tier``.
    """
    return Plan(
        name=doc.name,
        customer=doc.customer,
        tier=tier or tier_named(doc.tier),
        time_zone=str(doc.time_zone or ""),
        starts_on=getdate(doc.starts_on),
        ends_on=getdate(doc.ends_on) if doc.ends_on else None,
        status=doc.status,
        seats=tuple(seat_of(row) for row in doc.authorized_contacts),
        holidays=tuple(holiday_of(row) for row in doc.holidays),
        success_manager=doc.success_manager or None,
    )


def checked_plan_of(doc: Document, tier: Tier | None = None) -> Plan:
    """The plan of a Beesender Support Plan as somebody typed it; raises PolicyError for
    whatever it cannot be."""
    _check_typed_days(doc)
    for row in doc.holidays:
        limits.check_part_of_day(
            getdate(row.date), _is_given(row.start_time), _is_given(row.end_time)
        )
    plan = plan_of(doc, tier)
    limits.check_days(plan)
    limits.check_holidays(plan.holidays)
    licence_price_of(doc)
    return plan


def licence_price_of(doc: Document) -> Decimal:
    """Raises NoNumber, Negative, OutOfRange."""
    return limits.decimal_number(
        "licence_price", doc.licence_price, 0, limits.MAX_MONEY
    )


def _is_given(time: object) -> bool:
    """Whether a Time field is set; midnight counts as set."""
    return time is not None and time != ""


def _check_typed_days(doc: Document) -> None:
    """Raise NoDay for what is no date, in the plan or its tables."""
    for row, fields in (
        (doc, ("starts_on", "ends_on")),
        *((row, ("from_date", "to_date")) for row in doc.authorized_contacts),
        *((row, ("date",)) for row in doc.holidays),
    ):
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

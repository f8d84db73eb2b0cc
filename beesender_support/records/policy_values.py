"""Records to policy values."""

from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

import frappe
from frappe.model.document import Document
from frappe.utils import cint, flt, getdate, to_timedelta

from beesender_support.policy.calendar.holidays import Holiday
from beesender_support.policy.calendar.windows import (
    AROUND_THE_CLOCK,
    DAY,
    WEEKDAYS,
    Window,
)
from beesender_support.policy.errors import NoDay, PolicyError
from beesender_support.policy.plans import limits
from beesender_support.policy.plans.categories import Category, PriorityRule
from beesender_support.policy.plans.plans import Plan, Seat
from beesender_support.policy.plans.tiers import ENTITLEMENTS, MAX_FEE_PERCENT, Tier
from beesender_support.records.catalogue import tier_named
from beesender_support.records.site_time import to_instant


def tier_of(doc: Document) -> Tier:
    """The tier of a Beesender Tier as it is stored; raises PolicyError.

    What was stored before a rule of ``checked_tier_of`` came is read as it always was,
    and a target that is none is left out.
    """
    targets: dict[str, timedelta] = {}
    for row in doc.response_targets:
        with suppress(PolicyError):
            targets.update(limits.response_targets_of([(row.priority, row.hours)]))
    return _tier_of(
        doc,
        targets,
        rank=cint(doc.rank),
        fee_percent=min(Decimal(str(flt(doc.fee_percent))), Decimal(MAX_FEE_PERCENT)),
        authorized_contact_limit=cint(doc.authorized_contact_limit),
        updates_per_year=cint(doc.updates_per_year),
    )


def checked_tier_of(doc: Document) -> Tier:
    """The tier of a Beesender Tier as somebody typed it; raises PolicyError for whatever
    it cannot be."""
    return _tier_of(
        doc,
        limits.response_targets_of(
            (row.priority, row.hours) for row in doc.response_targets
        ),
        rank=limits.whole_number("rank", doc.rank, 0, limits.MAX_RANK),
        fee_percent=limits.check_fee_percent(doc.fee_percent),
        authorized_contact_limit=limits.whole_number(
            "authorized_contact_limit",
            doc.authorized_contact_limit,
            0,
            limits.MAX_SEATS,
        ),
        updates_per_year=limits.whole_number(
            "updates_per_year", doc.updates_per_year, 0, limits.MAX_UPDATES
        ),
    )


def _tier_of(
    doc: Document, response_targets: dict[str, timedelta], **numbers: object
) -> Tier:
    return Tier(
        name=doc.name,
        windows=(
            AROUND_THE_CLOCK
            if doc.around_the_clock
            else tuple(map(window_of, doc.support_windows))
        ),
        response_targets=response_targets,
        registration_channels=frozenset(
            row.channel for row in doc.registration_channels
        ),
        answer_channels=frozenset(row.channel for row in doc.answer_channels),
        entitlements=frozenset(name for name in ENTITLEMENTS if doc.get(name)),
        **numbers,
    )


def plan_of(doc: Document, tier: Tier | None = None) -> Plan:
    """The plan of a Beesender Support Plan; raises PolicyError.

    Whoever has many plans to read gives the ``tier``.
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
    """Whether a Time field says anything; midnight does."""
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
        description_template=doc.description_template or "",
    )


def seconds_of_day(value: timedelta | str | None) -> int:
    """Seconds after midnight of a Time field, as the database or a form gives it."""
    if not value:
        return 0
    if isinstance(value, str) and value.startswith("24:00"):
        return DAY
    return round(to_timedelta(value).total_seconds())


def window_of(row: Document) -> Window:
    """The window of a Beesender Support Window; raises InvalidWindow."""
    return Window.on_the_clock(
        WEEKDAYS.index(row.weekday),
        seconds_of_day(row.start_time),
        # A Time field cannot say 24:00.
        seconds_of_day(row.end_time) or DAY,
    )


def seat_of(row: Document) -> Seat:
    """The seat of a Beesender Authorized Contact; raises PolicyError."""
    return Seat(
        row.contact,
        getdate(row.from_date) if row.from_date else None,
        getdate(row.to_date) if row.to_date else None,
        bool(row.is_suspended),
        to_instant(row.ended_at) if row.get("ended_at") else None,
    )


def holiday_of(row: Document) -> Holiday:
    return Holiday(
        getdate(row.date),
        row.description or "",
        seconds_of_day(row.start_time),
        seconds_of_day(row.end_time) or DAY,
    )

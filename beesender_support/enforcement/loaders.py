"""Records to policy values, read once and remembered until one of them changes."""

from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

import frappe
from frappe.model.document import Document
from frappe.utils import cint, flt, getdate, to_timedelta

from beesender_support.enforcement.remembered import (
    PLAN,
    in_this_snapshot,
    kept_or_made,
    remembered,
    stamp_of_offer,
    stamp_of_settings,
    stamps_of_plans,
)
from beesender_support.enforcement.site_time import to_instant
from beesender_support.policy.calendar.holidays import Holiday
from beesender_support.policy.calendar.windows import (
    AROUND_THE_CLOCK,
    DAY,
    WEEKDAYS,
    Window,
)
from beesender_support.policy.errors import NoDay, PolicyError
from beesender_support.policy.mail.authentication import server_names
from beesender_support.policy.plans import limits
from beesender_support.policy.plans.categories import Category, PriorityRule
from beesender_support.policy.plans.plans import Plan, Seat
from beesender_support.policy.plans.tiers import ENTITLEMENTS, MAX_FEE_PERCENT, Tier

# Requests a minute of one API key.
DEFAULT_INTAKE_LIMIT = 60


class Settings(NamedTuple):
    """Beesender Support Settings; ``at_risk_share`` is a fraction of the target, and
    ``default_category`` a ticket type."""

    default_category: str | None
    hold_unplanned: bool
    at_risk_share: float
    over_quota_grace_days: int
    customer_managers_may_swap_seats: bool
    intake_limit: int
    access_details_days: int
    trusted_authentication_servers: tuple[str, ...]


@remembered(stamp_of_settings)
def settings() -> Settings:
    doc = frappe.get_doc("Beesender Support Settings")
    return Settings(
        default_category=_ticket_type_of(doc.default_category),
        hold_unplanned=bool(doc.hold_unplanned),
        at_risk_share=min(max(doc.at_risk_percent or 100, 1), 100) / 100,
        over_quota_grace_days=min(doc.over_quota_grace_days or 0, limits.MAX_DAYS),
        customer_managers_may_swap_seats=bool(doc.customer_managers_may_swap_seats),
        intake_limit=doc.intake_limit or DEFAULT_INTAKE_LIMIT,
        access_details_days=doc.access_details_days or 0,
        trusted_authentication_servers=server_names(
            doc.get("trusted_authentication_servers")
        ),
    )


def is_in_use() -> bool:
    """Whether any plan was ever sold here, or requests without one are held."""
    sold = {"status": ("!=", "Draft")}
    return settings().hold_unplanned or in_this_snapshot(
        "is in use",
        lambda: bool(frappe.db.exists("Beesender Support Plan", sold)),
    )


def _ticket_type_of(category: str | None) -> str | None:
    return category and frappe.db.get_value(
        "Beesender Category", category, "ticket_type"
    )


def plans_of(customer: str) -> tuple[Plan, ...]:
    """All plans that were ever sold to a customer, that is, all but drafts."""
    return sold_plans("plan.customer = %(customer)s", customer=customer)


def plans_of_tier(tier: str) -> tuple[Plan, ...]:
    """All plans of a tier, but drafts."""
    return sold_plans("plan.tier = %(tier)s", tier=tier)


def plans_named(names: Iterable[str]) -> tuple[Plan, ...]:
    """Of the named plans all but drafts."""
    names = tuple(sorted(set(names)))
    return sold_plans("plan.name in %(names)s", names=names) if names else ()


def plans_with_seat(contact: str) -> tuple[Plan, ...]:
    """All plans, but drafts, that list a contact, whether the seat is active or not."""
    return sold_plans(
        """plan.name in (
            select parent from `tabBeesender Authorized Contact`
            where contact = %(contact)s and parenttype = 'Beesender Support Plan'
        )""",
        contact=contact,
    )


def sold_plans(where: str, **values: object) -> tuple[Plan, ...]:
    """All plans but drafts that meet a condition on the table ``plan``, by name.

    One query tells whether they are remembered; three more read all that are not.
    """
    question = ("plans", where, *values.values())
    return in_this_snapshot(question, lambda: _recall_plans(where, values))


def _recall_plans(where: str, values: dict) -> tuple[Plan, ...]:
    stamps = stamps_of_plans(f"plan.status != 'Draft' and {where}", values)
    offer = stamp_of_offer() if stamps else ""
    keys = [("plan", name, stamp, offer) for name, stamp in stamps.items()]
    return tuple(kept_or_made(keys, lambda keys: _read_plans([key[1] for key in keys])))


def _read_plans(names: list[str]) -> list[Plan]:
    by_name = {doc.name: doc for doc in records(PLAN, {"name": ("in", names)})}
    docs = [by_name[name] for name in names]
    return [plan_of(doc, tier_named(doc.tier)) for doc in docs]


def records(doctype: str, filters: dict | None = None) -> list[frappe._dict]:
    """Records with their rows, in one query for each table."""
    docs = frappe.get_all(doctype, filters=filters, fields=["*"], order_by="name")
    names = [doc.name for doc in docs]
    for field in frappe.get_meta(doctype).get_table_fields():
        rows = defaultdict(list)
        for row in frappe.get_all(
            field.options,
            filters={
                "parent": ("in", names),
                "parenttype": doctype,
                "parentfield": field.fieldname,
            },
            fields=["*"],
            order_by="idx",
        ):
            rows[row.parent].append(row)
        for doc in docs:
            doc[field.fieldname] = rows[doc.name]
    return docs


def category_for(ticket_type: str | None) -> Category | None:
    """The category of a ticket type; for a type that has none, the default category.

    None on a site without categories.
    """
    by_type = _categories()
    return by_type.get(ticket_type) or by_type.get(settings().default_category)


@remembered(stamp_of_offer)
def _categories() -> dict[str, Category]:
    """By ticket type: one that is renamed leaves its category with the old name."""
    return {doc.ticket_type: category_of(doc) for doc in records("Beesender Category")}


def categories() -> list[Category]:
    """All categories, by name."""
    return [category for _name, category in sorted(_categories().items())]


def category_names() -> list[str]:
    return sorted(_categories())


def priority_codes() -> list[str]:
    return sorted(_ticket_priorities())


def priority_code_of(ticket_priority: str | None) -> str | None:
    """The P-code of a Helpdesk priority; None for one that has none."""
    if not ticket_priority:
        return None
    by_code = _ticket_priorities()
    return next(
        (code for code, name in by_code.items() if name == ticket_priority), None
    )


def unmapped_priorities() -> list[str]:
    """The P-codes that stand for no Helpdesk priority yet."""
    return sorted(code for code, name in _ticket_priorities().items() if not name)


def ticket_priority_of(priority_code: str | None) -> str | None:
    """The Helpdesk priority of a P-code."""
    return _ticket_priorities().get(priority_code)


@remembered(stamp_of_offer)
def _ticket_priorities() -> dict[str, str]:
    return dict(
        frappe.get_all(
            "Beesender Priority", fields=["name", "ticket_priority"], as_list=True
        )
    )


@remembered(stamp_of_offer)
def priority_meanings() -> dict[str, str]:
    """What each P-code means, the most urgent first."""
    return dict(
        frappe.get_all(
            "Beesender Priority",
            fields=["name", "meaning"],
            order_by="name",
            as_list=True,
        )
    )


@remembered(stamp_of_offer)
def tiers() -> tuple[Tier, ...]:
    """All tiers on offer, the lowest first."""
    offered = map(tier_of, records("Beesender Tier"))
    return tuple(sorted(offered, key=lambda tier: (tier.rank, tier.name)))


@remembered(stamp_of_offer)
def tier_named(name: str) -> Tier:
    """One tier, whatever the others are like."""
    return tier_of(frappe.get_doc("Beesender Tier", name))


def unpromised_categories() -> list[str]:
    """The categories for which no response time is promised, by name."""
    return sorted(
        name for name, each in _categories().items() if not each.promises_response
    )


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
        holidays=tuple(_holiday_of(row) for row in doc.holidays),
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


def _holiday_of(row: Document) -> Holiday:
    return Holiday(
        getdate(row.date),
        row.description or "",
        seconds_of_day(row.start_time),
        seconds_of_day(row.end_time) or DAY,
    )

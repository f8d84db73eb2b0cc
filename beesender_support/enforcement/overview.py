"""What admins see of tiers and plans at a glance, before and after saving them.

Times are naive: of the site, and ``local`` ones of the zone they are about.
"""

from datetime import date, datetime
from decimal import Decimal
from importlib import resources

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, getdate

from beesender_support.enforcement import drafts, loaders, timeline, wording
from beesender_support.enforcement.site_time import now, to_site_time
from beesender_support.policy import attention
from beesender_support.policy.allowances import support_fee
from beesender_support.policy.errors import PolicyError
from beesender_support.policy.seats import check_seats
from beesender_support.policy.tiers import OFFERED_TIME_ZONES, Plan, Seat, Tier
from beesender_support.policy.week import Piece, lay_out
from beesender_support.policy.working_time import (
    DAY,
    WEEKDAYS,
    Calendar,
    calendar_of,
    clock_text,
)

PLAN = "Beesender Support Plan"
# Plans that a tier's form lists by name.
MOST_NAMED_PLANS = 20


def time_zones() -> list[str]:
    """The offered zones, then every place. The ``Etc`` zones are left out: they count
    westwards, so that Etc/GMT+3 is GMT-3."""
    places = resources.files("tzdata").joinpath("zones").read_text().split()
    return [
        *OFFERED_TIME_ZONES,
        *sorted(place for place in places if not place.startswith("Etc/")),
    ]


# Tiers


def tier_concern(tier: str) -> dict:
    """Whom a change of a tier concerns: active plans that have not ended, by name the
    first of them, and open tickets that were promised by it."""
    plans = frappe.get_list(
        PLAN,
        filters={"tier": tier, "status": "Active"},
        or_filters=[["ends_on", "is", "not set"], ["ends_on", ">=", getdate()]],
        fields=["name", "customer"],
        order_by="customer",
    )
    return {
        "plans": len(plans),
        "named_plans": plans[:MOST_NAMED_PLANS],
        "open_tickets": frappe.db.count(
            "HD Ticket", {"beesender_tier": tier, "status_category": "Open"}
        ),
    }


def tier_preview(
    doc: Document, zone: str | None = None, starts_at: str | None = None
) -> dict:
    """The week of an unsaved tier, what is off with it, and when requests would be due.

    ``starts_at`` is wall-clock time in ``zone``; by default now, in the first zone sold.
    """
    zone = zone or OFFERED_TIME_ZONES[0]
    tier, refusal = drafts.tier_in(doc)
    preview = {
        "week": week_in_words(lay_out(drafts.windows_in(doc))),
        "refusal": refusal,
        "time_zone": zone,
        "starts_at": starts_at,
        "due": [],
    }
    if tier is None:
        return preview
    try:
        return {**preview, **deadlines(tier, zone, starts_at)}
    except PolicyError as error:
        # A zone is a plan's, so a plan knows what the field is called.
        refusal = wording.refusal_in_words(frappe.get_doc({"doctype": PLAN}), error)
    except ValueError:
        refusal = _("{0} is not a date and time.").format(starts_at)
    return {**preview, "refusal": refusal}


def deadlines(tier: Tier, zone: str, starts_at: str | None) -> dict:
    """When a request of each priority would be due that is registered at ``starts_at``.

    Raises PolicyError, or ValueError for what is no date and time.
    """
    calendar = calendar_of(zone, tier.windows)
    start = _instant_in(calendar, starts_at)
    return {
        "starts_at": _local(calendar, start),
        "due": [_due(tier, calendar, code, start) for code in loaders.priority_codes()],
    }


def week_in_words(week: tuple[tuple[Piece, ...], ...]) -> list[dict]:
    """Each day with its name, its pieces in seconds of the day, and its hours as text."""
    return [
        {
            "day": _(weekday),
            "pieces": [piece._asdict() for piece in pieces],
            "hours": _hours(pieces),
        }
        for weekday, pieces in zip(WEEKDAYS, week, strict=True)
    ]


def _hours(pieces: tuple[Piece, ...]) -> str:
    if not pieces:
        return _("Closed")
    if pieces == (Piece(0, DAY),):
        return _("Around the clock")
    return ", ".join(map(_hours_of_piece, pieces))


def _hours_of_piece(piece: Piece) -> str:
    hours = f"{clock_text(piece.start)}-{clock_text(piece.end)}"
    return _("{0} (twice)").format(hours) if piece.overlaps else hours


def _instant_in(calendar: Calendar, starts_at: str | None) -> datetime:
    """The instant of a wall-clock time in a calendar's zone; raises ValueError."""
    if not starts_at:
        return now()
    local = datetime.fromisoformat(starts_at).replace(tzinfo=calendar.zone)
    # As instants: two times of one zone are compared by their wall clocks.
    return local.astimezone(now().tzinfo)


def _due(tier: Tier, calendar: Calendar, priority: str, start: datetime) -> dict:
    target = tier.response_targets.get(priority)
    if target is None:
        return {"priority": priority, "hours": None}
    due = calendar.add(start, target)
    return {
        "priority": priority,
        "hours": target.total_seconds() / 3_600,
        "due": to_site_time(due),
        "due_local": _local(calendar, due),
    }


def _local(calendar: Calendar, instant: datetime) -> datetime:
    return instant.astimezone(calendar.zone).replace(tzinfo=None)


# Plans


def plan_overview(doc: Document) -> dict:
    """What an unsaved plan is worth, and what is off with it."""
    plan, refusal = drafts.plan_in(doc)
    overview = {"refusal": refusal, "fee": fee_of(doc)}
    if plan is None:
        return overview
    return {
        **overview,
        **opening_of(plan),
        **seats_of(doc, plan),
        "timeline": timeline.of(doc, plan),
    }


def fee_of(doc: Document) -> dict | None:
    """The support fee as it would be saved; None while price or tier are missing."""
    percent = doc.tier and frappe.db.get_value(
        "Beesender Tier", doc.tier, "fee_percent"
    )
    price = Decimal(str(flt(doc.licence_price)))
    if percent is None or price < 0:
        return None
    return {
        "percent": percent,
        "amount": float(support_fee(price, Decimal(str(percent)))),
    }


def opening_of(plan: Plan) -> dict:
    """Whether the plan is in force, whether support is open, and when it opens next."""
    instant = now()
    next_open = plan.calendar.next_open(instant)
    return {
        "is_in_force": plan.is_in_force(instant),
        "is_open": plan.calendar.is_open(instant),
        "next_open": to_site_time(next_open),
        "next_open_local": _local(plan.calendar, next_open),
    }


def seats_of(doc: Document, plan: Plan) -> dict:
    """The seats of the form, row by row, and what is off with each."""
    today = plan.today(now())
    contacts = {seat.contact for seat in plan.seats}
    facts = {
        "over_limit": attention.seats_over_limit(plan, today),
        "portal_users": _contacts_with_user(contacts),
        "members": _members_of(plan.customer),
    }
    active = {seat.contact for seat in plan.active_seats(today)}
    return {
        "seats_used": len(plan.active_seats(today)),
        "seats_included": plan.tier.authorized_contact_limit,
        "seats_refusal": drafts.refusal_of(
            doc, lambda: check_seats(plan, _as_saved(doc), today)
        ),
        "without_portal_access": sorted(active - facts["portal_users"]),
        "seats": [_seat(seat, today, facts) for seat in plan.seats],
    }


def _as_saved(doc: Document) -> Plan | None:
    """The plan as it was before the form was edited; None for a new one."""
    if not frappe.db.exists(PLAN, doc.name):
        return None
    return loaders.plan_of(frappe.get_doc(PLAN, doc.name))


def _seat(seat: Seat, today: date, facts: dict) -> dict:
    return {
        "contact": seat.contact,
        "from_date": seat.from_date,
        "to_date": seat.to_date,
        "state": attention.seat_state(seat, today),
        "warnings": attention.seat_warnings(seat, today, **facts),
    }


def _contacts_with_user(contacts: set[str]) -> set[str]:
    return set(
        frappe.get_all(
            "Contact",
            {"name": ("in", contacts), "user": ("is", "set")},
            pluck="name",
        )
    )


def _members_of(customer: str) -> set[str]:
    return set(
        frappe.get_all("HD Customer Member", {"parent": customer}, pluck="contact_name")
    )

"""The people of a plan, as its page names them: seats, who manages them, our manager."""

from datetime import date, datetime
from typing import TypedDict

import frappe
from frappe import _

from beesender_support.policy.plans.plan_state import SeatState
from beesender_support.policy.plans.plans import Plan, Seat
from beesender_support.policy.plans.seats import free_seats
from beesender_support.policy.requests.access import (
    ASK_ACCOUNT_MANAGER,
    COLLEAGUES,
    THE_READER,
    lacks_a_seat,
    who_manages_seats,
)
from beesender_support.records import settings
from beesender_support.records.notices import notice_log
from beesender_support.screens.portal.plan_viewer import Viewer
from beesender_support.wording.renderer import fill, reader


class SeatShown(TypedDict):
    """``contact`` is the record's name, ``note`` when or why the seat counts not today."""

    contact: str
    name: str
    is_active: bool
    is_reader: bool
    note: str


class Candidate(TypedDict):
    contact: str
    name: str
    label: str


class SuccessManager(TypedDict):
    name: str
    email: str
    phone: str | None


class People(TypedDict):
    """``candidates`` are whom the reader may seat, ``asking`` those of them who have asked
    for it lately, ``who_manages_seats`` a sentence. ``may_ask_for_seat`` says whether the
    reader lacks a seat that others can give."""

    seats: list[SeatShown]
    seats_used: int
    seats_included: int
    free_seats: int
    may_swap_seats: bool
    candidates: list[Candidate]
    asking: list[Candidate]
    may_ask_for_seat: bool
    who_manages_seats: str
    success_manager: SuccessManager | None


def of(plan: Plan, viewer: Viewer, at: datetime) -> People:
    """People of the customer and agents see the names of colleagues; a contact of
    another customer with a seat sees only their own."""
    today = plan.today(at)
    is_colleague = viewer.is_agent or plan.customer in viewer.member_of
    seats = [
        seat
        for seat in plan.seats
        if not seat.has_ended(today)
        and (is_colleague or seat.contact == viewer.contact)
    ]
    members = _members_of(plan.customer)
    people = _people({*members, *(seat.contact for seat in seats)})
    is_allowed = settings.current().customer_managers_may_swap_seats
    managers = [_name(people, each) for each, manages in members.items() if manages]
    who = who_manages_seats(
        plan,
        viewer.managed,
        is_allowed=is_allowed,
        has_managers=bool(managers),
        is_colleague=is_colleague,
        at=at,
    )
    may_swap = who == THE_READER
    candidates = (
        _candidates(people, members, {seat.contact for seat in seats})
        if may_swap
        else []
    )
    return {
        "seats": [_seat(seat, people, viewer, today) for seat in seats],
        "seats_used": len(plan.active_seats(today)),
        "seats_included": plan.tier.authorized_contact_limit,
        "free_seats": free_seats(plan, today),
        "may_swap_seats": may_swap,
        "candidates": candidates,
        "asking": _asking(plan, candidates),
        "may_ask_for_seat": bool(
            viewer.contact
            and not may_swap
            and plan.customer in viewer.member_of
            and lacks_a_seat(plan, viewer.contact, at)
        ),
        "who_manages_seats": _who_manages(who, plan, managers),
        "success_manager": _success_manager(plan),
    }


def _members_of(customer: str) -> dict[str, bool]:
    """The contacts of a customer, and whether each manages it."""
    rows = frappe.get_all(
        "HD Customer Member",
        {"parent": customer, "parenttype": "HD Customer"},
        ["contact_name", "is_manager"],
    )
    return {row.contact_name: bool(row.is_manager) for row in rows}


def _people(contacts: set[str]) -> dict[str, frappe._dict]:
    rows = frappe.get_all(
        "Contact",
        {"name": ("in", sorted(contacts))},
        ["name", "full_name", "email_id"],
        order_by="full_name",
    )
    return {row.name: row for row in rows}


def _name(people: dict[str, frappe._dict], contact: str) -> str:
    return people[contact].full_name or contact if contact in people else contact


def _seat(
    seat: Seat, people: dict[str, frappe._dict], viewer: Viewer, today: date
) -> SeatShown:
    return {
        "contact": seat.contact,
        "name": _name(people, seat.contact),
        "is_active": seat.is_active(today),
        "is_reader": seat.contact == viewer.contact,
        "note": _note_on(seat, today),
    }


def _note_on(seat: Seat, today: date) -> str:
    state = seat.state_on(today)
    if state is SeatState.SUSPENDED:
        return _("suspended: more contacts than the plan includes")
    if state is SeatState.NOT_STARTED and seat.from_date:
        return _("from {0}").format(reader().long_date(seat.from_date))
    if seat.to_date:
        return _("until {0}").format(reader().long_date(seat.to_date))
    return ""


def _candidates(
    people: dict[str, frappe._dict], members: dict[str, bool], seated: set[str]
) -> list[Candidate]:
    """Whom a customer's manager may seat: people of the customer without a seat."""
    return [
        {
            "contact": name,
            "name": _name(people, name),
            "label": f"{_name(people, name)} ({person.email_id or name})",
        }
        for name, person in people.items()
        if name in members and name not in seated
    ]


def _asking(plan: Plan, candidates: list[Candidate]) -> list[Candidate]:
    if not candidates:
        return []
    asking = notice_log.asked_for_seat(plan.name)
    return [each for each in candidates if each["contact"] in asking]


def _who_manages(who: str, plan: Plan, managers: list[str]) -> str:
    if who == THE_READER:
        return _("You can change authorized contacts yourself, below.")
    if who == COLLEAGUES:
        return fill(
            _("At {0} these people change authorized contacts: {1}."),
            plan.customer,
            tuple(managers),
        )
    return _(ASK_ACCOUNT_MANAGER)


def _success_manager(plan: Plan) -> SuccessManager | None:
    if not plan.success_manager:
        return None
    full_name, email, mobile, phone = frappe.get_cached_value(
        "User", plan.success_manager, ["full_name", "email", "mobile_no", "phone"]
    )
    return {"name": full_name, "email": email, "phone": mobile or phone}

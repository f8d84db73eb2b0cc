"""Which plans a client may look at, and what they may and may not do there."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from beesender_support.policy.plans.plan_state import PlanState, SeatState
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.plans.tiers import PORTAL
from beesender_support.policy.requests.admission import admit
from beesender_support.policy.sentences import Sentence
from beesender_support.policy.sentences import marked as _

CONCERNS = {
    "plan_not_started": _(
        "This plan starts on {starts_on}. Requests are taken under it from then on."
    ),
    "plan_suspended": _(
        "This plan is suspended, so requests are not taken under it. Please ask your"
        " account manager what brings it back."
    ),
    "plan_expired": _(
        "This plan has ended, so requests are not taken under it. Please ask your account"
        " manager to renew it."
    ),
    "contact_not_authorized": _(
        "You are not an authorized contact of this plan, so you cannot raise requests"
        " under it."
    ),
    "seat_not_started": _(
        "Your seat on this plan has not begun yet, so you cannot raise requests under it."
    ),
    "seat_suspended": _(
        "Your seat on this plan is suspended, because there are more contacts than the"
        " plan includes. You cannot raise requests under it until there is room."
    ),
    "seat_expired": _(
        "Your seat on this plan has ended, so you cannot raise requests under it."
    ),
    "channel_not_in_plan": _("This plan takes no requests in the portal."),
    "not_a_member": _(
        "You have a seat on this plan, but you are not among the contacts of {customer}, so"
        " your requests are not taken under it. Please ask your account manager to add you."
    ),
}
ABOUT_SEATS = frozenset(
    {
        "contact_not_authorized",
        "seat_not_started",
        "seat_suspended",
        "seat_expired",
    }
)


class Concern(NamedTuple):
    """Why a reader cannot raise requests under a plan: a code and what they are told."""

    reason: str
    sentence: Sentence

    @property
    def is_about_seats(self) -> bool:
        return self.reason in ABOUT_SEATS


def may_view(
    plan: Plan, contact: str, customers: Collection[str], at: datetime
) -> bool:
    """People of a customer see all its plans; others the plans on which they have a
    seat, until it ends. ``customers`` are those that ``contact`` belongs to."""
    if plan.state_at(at) is PlanState.DRAFT:
        return False
    today = plan.today(at)
    return plan.customer in customers or any(
        not seat.has_ended(today) for seat in plan.seats_of(contact)
    )


def may_swap_seats(
    plan: Plan, managed: Collection[str], *, is_allowed: bool, at: datetime
) -> bool:
    """Whether a manager of the customers ``managed`` may change the seats of a plan that
    has not ended; ``is_allowed`` says whether the vendor lets managers do so at all."""
    return is_allowed and plan.customer in managed and not plan.has_ended(at)


def concern_about(
    plan: Plan, contact: str | None, at: datetime, *, is_member: bool = True
) -> Concern | None:
    """Why ``contact`` cannot raise requests in the portal under this plan; None if they
    can. Without a contact only the plan is judged; ``is_member`` says whether the contact
    belongs to its customer, for whom alone a request can be raised."""
    reason = admit(
        [plan], customer=plan.customer, contact=contact, channel=PORTAL, at=at
    ).reason
    if reason == "contact_not_authorized":
        reason = _why_no_seat(plan, contact, at)
    if reason is None and contact and not is_member:
        reason = "not_a_member"
    if reason not in CONCERNS:
        return None
    context = {"starts_on": plan.starts_on, "customer": plan.customer}
    return Concern(reason, Sentence(CONCERNS[reason], context))


def _why_no_seat(plan: Plan, contact: str, at: datetime) -> str:
    state = plan.state_of_contact(contact, plan.today(at))
    return {
        SeatState.SUSPENDED: "seat_suspended",
        SeatState.NOT_STARTED: "seat_not_started",
    }.get(state, "contact_not_authorized")

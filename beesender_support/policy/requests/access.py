"""Which plans a client may look at, and what they may and may not do there."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from beesender_support.policy.plans.plan_state import PlanState, SeatState
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.requests.admission import admit
from beesender_support.policy.sentences import Sentence
from beesender_support.policy.sentences import marked as _
from beesender_support.policy.sold.channels import PORTAL

CONCERNS = {
    "plan_not_started": _(
        "This plan starts on {starts_on}. Requests are taken under it from then on."
    ),
    "plan_suspended": _(
        "This plan is suspended, so requests are not taken under it. Please ask your"
        " account manager how to reactivate it."
    ),
    "plan_expired": _(
        "This plan has ended, so requests are not taken under it. Please ask your account"
        " manager to renew it."
    ),
    "contact_not_authorized": _(
        "You are not an authorized contact of this plan, so you cannot raise requests under it."
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


# Why somebody may not swap the seats of a plan.
NOT_THEIRS, NOT_ALLOWED, PLAN_ENDED = "not_theirs", "not_allowed", "plan_ended"
# Who changes the seats of a plan, as shown to a reader.
THE_READER, COLLEAGUES, ACCOUNT_MANAGER = "the_reader", "colleagues", "account_manager"
ASK_ACCOUNT_MANAGER = _(
    "Your account manager changes authorized contacts. Please ask them."
)
# Nobody learns whether a plan that is not theirs exists.
WHY_NOT_SWAP = {
    NOT_ALLOWED: ASK_ACCOUNT_MANAGER,
    PLAN_ENDED: _("This plan has ended, so its contacts cannot be changed."),
}


class Concern(NamedTuple):
    """Why a reader cannot raise requests under a plan: a code and a sentence for
    them."""

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


def why_not_swap_seats(
    plan: Plan, managed: Collection[str], *, is_allowed: bool, at: datetime
) -> str | None:
    """Why a manager of the customers ``managed`` may not change the seats of a plan: a
    code, or None where they may. ``is_allowed`` says whether the vendor lets managers do
    so at all. A draft is not theirs yet; see ``may_view``."""
    state = plan.state_at(at)
    if plan.customer not in managed or state is PlanState.DRAFT:
        return NOT_THEIRS
    if not is_allowed:
        return NOT_ALLOWED
    return PLAN_ENDED if state is PlanState.ENDED else None


def may_swap_seats(
    plan: Plan, managed: Collection[str], *, is_allowed: bool, at: datetime
) -> bool:
    return why_not_swap_seats(plan, managed, is_allowed=is_allowed, at=at) is None


def who_manages_seats(
    plan: Plan,
    managed: Collection[str],
    *,
    is_allowed: bool,
    has_managers: bool,
    is_colleague: bool,
    at: datetime,
) -> str:
    """Who changes the seats of a plan, as shown to its reader.

    THE_READER, who manages the customers ``managed``, where they may; COLLEAGUES who may,
    if the customer ``has_managers`` and the reader may know them; else ACCOUNT_MANAGER.
    """
    if may_swap_seats(plan, managed, is_allowed=is_allowed, at=at):
        return THE_READER
    if is_colleague and has_managers:
        theirs = may_swap_seats(plan, {plan.customer}, is_allowed=is_allowed, at=at)
        return COLLEAGUES if theirs else ACCOUNT_MANAGER
    return ACCOUNT_MANAGER


def concern_about(
    plan: Plan, contact: str | None, at: datetime, *, is_member: bool = True
) -> Concern | None:
    """Why ``contact`` cannot raise requests in the portal under this plan; None if they
    can. Without a contact only the plan is checked; ``is_member`` says whether the
    contact belongs to its customer, for whom alone a request can be raised."""
    reason = admit(
        [plan], customer=plan.customer, contact=contact, channel=PORTAL, at=at
    ).reason
    if contact and reason == "contact_not_authorized":
        reason = _why_no_seat(plan, contact, at)
    if reason is None and contact and not is_member:
        reason = "not_a_member"
    if reason not in CONCERNS:
        return None
    context = {"starts_on": plan.starts_on, "customer": plan.customer}
    return Concern(reason, Sentence(CONCERNS[reason], context))


def lacks_a_seat(plan: Plan, contact: str, at: datetime) -> bool:
    """Whether nothing but a seat keeps ``contact`` from raising requests under the plan,
    so that asking for one makes sense. A plan to come, suspended or over seats nobody.
    """
    concern = concern_about(plan, contact, at)
    return concern is not None and concern.is_about_seats


def _why_no_seat(plan: Plan, contact: str, at: datetime) -> str:
    state = plan.state_of_contact(contact, plan.today(at))
    reasons: dict[SeatState | None, str] = {
        SeatState.SUSPENDED: "seat_suspended",
        SeatState.NOT_STARTED: "seat_not_started",
    }
    return reasons.get(state, "contact_not_authorized")

"""Who may ask for support, by which channel, and which reason is given otherwise.

One function, ``admit``, decides for every channel. It returns a verdict, a stable
reason code and a sentence for the person who asked.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from beesender_support.policy.calendar.windows import AROUND_THE_CLOCK
from beesender_support.policy.plans.plan_state import (
    DRAFT,
    NEAREST_LAST,
    PlanState,
    SeatState,
)
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.sentences import (
    Channel,
    Channels,
    Contact,
    Sentence,
    TierName,
)
from beesender_support.policy.sentences import marked as _
from beesender_support.policy.sold.channels import AGENT, PORTAL
from beesender_support.policy.sold.tiers import Tier

ACCEPTED, HELD, REFUSED = "accepted", "held", "refused"
# Why a request is held of a sender whom nobody can tell, and of one whose channel alone
# the plan does not take.
UNKNOWN_SENDER, UNVERIFIED_SENDER = "unknown_sender", "unverified_sender"
CHANNEL_NOT_IN_PLAN = "channel_not_in_plan"
NOT_IN_FORCE = {
    PlanState.ENDED: "plan_expired",
    PlanState.SUSPENDED: "plan_suspended",
    PlanState.NOT_STARTED: "plan_not_started",
}

REASONS = {
    UNKNOWN_SENDER: _("We do not know the sender, so we cannot match a support plan."),
    "no_plan": _("{customer} has no Beesender support plan."),
    "plan_not_started": _("The support plan of {customer} starts on {starts_on}."),
    "plan_expired": _("The support plan of {customer} has ended."),
    "plan_suspended": _("The support plan of {customer} is suspended."),
    "contact_not_authorized": _(
        "{contact} is not an authorized contact of {customer}. An authorized contact can"
        " ask instead, or your account manager can add a seat."
    ),
    "seat_expired": _(
        "The seat of {contact} on the support plan of {customer} has ended."
    ),
    CHANNEL_NOT_IN_PLAN: _(
        "The {tier} plan does not take requests by {channel}. It takes them by {allowed}."
    ),
    UNVERIFIED_SENDER: _(
        "We could not verify that this request comes from {customer}."
    ),
}


@dataclass(frozen=True, slots=True)
class Admission:
    """``reason`` is None when accepted; ``plan`` is None outside the policy."""

    verdict: str
    reason: str | None = None
    plan: Plan | None = None
    sentence: Sentence | None = None

    @property
    def is_outside_policy(self) -> bool:
        return self.verdict == ACCEPTED and self.plan is None


def admit(
    plans: Sequence[Plan],
    *,
    customer: str | None,
    contact: str | None,
    channel: str,
    at: datetime,
    sender_is_verified: bool = True,
    contact_is_known: bool = True,
    hold_unplanned: bool = False,
    answers_at_once: bool | None = None,
) -> Admission:
    """Whether ``contact`` of ``customer`` may ask by ``channel`` at the instant ``at``.

    ``contact`` is who asks. An agent who names nobody speaks for the customer; a person
    whom an agent names is treated like anybody else. Where ``contact_is_known`` is
    false it is an address that belongs to no contact.

    ``plans`` are all plans of that customer; drafts do not count, and where one plan
    does not admit the request, another may. A customer without one is outside the
    policy, unless ``hold_unplanned``. ``answers_at_once`` says whether the person who
    asks sees a refusal before anything is lost; by default that is so only in the
    portal, and elsewhere the request is held.
    """
    if is_outside_policy(plans, hold_unplanned=hold_unplanned):
        return Admission(ACCEPTED)
    plans = [plan for plan in plans if plan.status != DRAFT]
    asked = (customer, contact, channel, at, sender_is_verified, contact_is_known)
    admitting = [plan for plan in plans if _reason_against(plan, *asked) is None]
    if admitting:
        return Admission(ACCEPTED, plan=relevant_plan(admitting, at))
    plan = relevant_plan(plans, at)
    reason = _reason_against(plan, *asked)
    if answers_at_once is None:
        answers_at_once = reads_answer_at_once(channel)
    sentence = about_request(
        REASONS[reason],  # type: ignore[index]  # no plan admits it, so there is one
        customer=customer,
        contact=contact,
        channel=channel,
        plan=plan,
    )
    return Admission(REFUSED if answers_at_once else HELD, reason, plan, sentence)


def is_outside_policy(plans: Sequence[Plan], *, hold_unplanned: bool) -> bool:
    """Whether a request is an ordinary one of the helpdesk, with no promise.

    ``plans`` are all plans of its customer. Without one that was sold it is, unless the
    site holds such requests, or it is open for which customer it asks.
    """
    return not hold_unplanned and all(plan.status == DRAFT for plan in plans)


def reads_answer_at_once(channel: str) -> bool:
    """Whether people who ask by ``channel`` see a refusal before anything is lost."""
    return channel == PORTAL


def takes_channel(tier: Tier, channel: str) -> bool:
    """Whether requests by ``channel`` are taken under ``tier``; an agent's are under any."""
    return channel == AGENT or channel in tier.registration_channels


def tier_of_admission(
    name: str, rank: int, registration_channels: Iterable[str]
) -> Tier:
    """A tier as far as it decides who may ask: with nothing that it promises."""
    return Tier(
        name=name,
        rank=rank,
        fee_percent=Decimal(),
        windows=AROUND_THE_CLOCK,
        response_targets={},
        authorized_contact_limit=0,
        registration_channels=frozenset(registration_channels),
        answer_channels=frozenset(),
    )


def about_request(
    template: str,
    *,
    customer: str | None,
    contact: str | None,
    channel: str,
    plan: Plan | None,
) -> Sentence:
    """``template`` filled for a request; ``plan`` is the one that decided."""
    person = contact and Contact(contact)
    return Sentence(
        template,
        {
            "customer": customer or person,
            "contact": person,
            "channel": Channel(channel),
            "starts_on": plan and plan.starts_on,
            "tier": plan and TierName(plan.tier.name),
            "allowed": plan and Channels(plan.tier.registration_channels),
        },
    )


def must_be_decided_again(
    *,
    is_decided: bool,
    is_settled: bool,
    customer_changed: bool,
    asker_changed: bool,
) -> bool:
    """Whether a registered request has to be decided again.

    ``is_decided``: it was accepted, or an agent decided on it. Then only another
    customer makes it another request; the contact may be corrected without a new
    promise. A promise ``settled`` by an answer stays, whatever is changed.
    """
    if is_settled:
        return False
    return customer_changed or (asker_changed and not is_decided)


def relevant_plan(plans: Sequence[Plan], at: datetime) -> Plan | None:
    """The plan that decides: one in force, else suspended, to start, or ended last;
    among equals the highest tier."""
    if len(plans) == 1:
        return plans[0]

    def relevance(plan: Plan) -> tuple[int, int, date]:
        nearness = NEAREST_LAST.index(plan.state_at(at))
        return nearness, plan.tier.rank, plan.starts_on

    return max(plans, key=relevance, default=None)


def _reason_against(
    plan: Plan | None,
    customer: str | None,
    contact: str | None,
    channel: str,
    at: datetime,
    sender_is_verified: bool,
    contact_is_known: bool,
) -> str | None:
    if not sender_is_verified:
        return UNVERIFIED_SENDER
    known = contact if contact_is_known else None
    if plan is None:
        return "no_plan" if customer and known else UNKNOWN_SENDER
    today = plan.today(at)
    state = plan.state_on(today)
    if state is not PlanState.IN_FORCE and (reason := NOT_IN_FORCE.get(state)):
        return reason
    if channel == AGENT and not contact:
        # The agent vouches for the customer; there is no sender to verify.
        return None
    if not known:
        return UNKNOWN_SENDER
    seat = plan.state_of_contact(known, today)
    if seat is not SeatState.IN_FORCE:
        return "seat_expired" if seat is SeatState.ENDED else "contact_not_authorized"
    return None if takes_channel(plan.tier, channel) else CHANNEL_NOT_IN_PLAN

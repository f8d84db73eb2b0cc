"""The names that people read for the codes of the policy."""

from beesender_support.policy.requests.entitlement_guard import (
    INCLUDED,
    NOT_INCLUDED,
    USED_UP,
)
from beesender_support.policy.sentences import marked as _
from beesender_support.policy.sold.channels import AGENT, SHIPPED
from beesender_support.policy.sold.targets import FIRST_ANSWER, NEXT_ANSWER, SOLUTION

# What is promised.
TARGET_NAMES = {
    FIRST_ANSWER: _("First answer"),
    NEXT_ANSWER: _("Next answer"),
    SOLUTION: _("Solution"),
}
LENGTH_NAMES = {
    FIRST_ANSWER: _("First answer within"),
    NEXT_ANSWER: _("Next answer within"),
    SOLUTION: _("Solution within"),
}
MEANINGS_OF_FURTHER_TARGETS = {
    NEXT_ANSWER: _("Next answer: to what you write after our first, each time anew."),
    SOLUTION: _(
        "Solution: from the registration until the request is solved. The time in which"
        " we wait for you does not count."
    ),
}
# Of the vendor's channels, and of an agent who registers a request; a site has its own.
CHANNEL_NAMES = {each.code: each.title for each in SHIPPED} | {AGENT: _("agent")}
# Short, for lists and logs; the full sentences are in ``admission.REASONS``.
REASON_NAMES = {
    "unknown_sender": _("Unknown sender"),
    "no_plan": _("No plan"),
    "plan_not_started": _("Plan not started"),
    "plan_expired": _("Plan ended"),
    "plan_suspended": _("Plan suspended"),
    "contact_not_authorized": _("No seat"),
    "seat_expired": _("Seat ended"),
    "channel_not_in_plan": _("Channel not in the plan"),
    "unverified_sender": _("Sender not verified"),
}
# How a plan stands to what is asked for.
ASKED_STATES = {
    INCLUDED: _("Included"),
    NOT_INCLUDED: _("Not included"),
    USED_UP: _("Used up"),
}
# Of what a form has no field for.
FIELD_NAMES = {"instant": _("Date and time")}

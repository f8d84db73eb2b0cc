"""The kinds of notices, whom they address, and the variables of their texts.

A notice is said once to people because of an event. A kind has a text in each language,
which admins edit; it may use the variables named here and nothing else. What a variable
holds is the same in every kind.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class Audience(Enum):
    """Who reads the notices of a kind."""

    CLIENT = "Client"
    STAFF = "Support"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of notice; ``is_on`` says whether a new site sends it."""

    code: str
    audience: Audience
    variables: tuple[str, ...]
    is_on: bool = True


_SUPPORT_PLAN = ("customer", "tier", "plan_link")
_PROMISE = (
    "ticket",
    "ticket_link",
    "subject",
    "customer",
    "category",
    "priority",
    "target",
    "due",
)
_ESCALATION = (
    "ticket",
    "ticket_link",
    "subject",
    "customer",
    "category",
    "priority",
    "event",
    "due",
)

_REQUEST = ("ticket", "subject", "person", "customer", "request_link")
_UNDERSTOOD = ("category", "priority", "support_state", "promise", "why")

KINDS: tuple[Kind, ...] = (
    # About seats and plans
    Kind(
        "seat_given", Audience.CLIENT, (*_SUPPORT_PLAN, "person", "channels", "hours")
    ),
    Kind("seat_ended", Audience.CLIENT, (*_SUPPORT_PLAN, "person")),
    Kind(
        "seat_asked",
        Audience.CLIENT,
        (*_SUPPORT_PLAN, "person", "address", "seats_used", "limit"),
    ),
    Kind("plan_starts", Audience.CLIENT, (*_SUPPORT_PLAN, "starts_on", "ends_on")),
    Kind("plan_ends", Audience.CLIENT, (*_SUPPORT_PLAN, "ends_on")),
    Kind(
        "seats_over_limit",
        Audience.CLIENT,
        (*_SUPPORT_PLAN, "limit", "people", "suspended_on"),
    ),
    Kind("seats_suspended", Audience.CLIENT, (*_SUPPORT_PLAN, "limit", "people")),
    Kind("seats_restored", Audience.CLIENT, (*_SUPPORT_PLAN, "limit", "people")),
    # About promises of tickets, by their working time
    Kind("promise_warning", Audience.STAFF, (*_PROMISE, "share", "left")),
    Kind("promise_breached", Audience.STAFF, _PROMISE),
    # About what happens to tickets, by escalation rules
    Kind("urgent_request", Audience.STAFF, _ESCALATION),
    Kind("escalated", Audience.STAFF, _ESCALATION),
    Kind("service_report", Audience.CLIENT, (*_SUPPORT_PLAN, "month", "comment")),
    # To the client, about a request
    Kind("request_confirmed", Audience.CLIENT, (*_REQUEST, *_UNDERSTOOD, "correction")),
    Kind("request_held", Audience.CLIENT, (*_REQUEST, "reason")),
    Kind("request_admitted", Audience.CLIENT, (*_REQUEST, *_UNDERSTOOD, "correction")),
    Kind(
        "promise_changed",
        Audience.CLIENT,
        (*_REQUEST, *_UNDERSTOOD, "category_before", "priority_before", "reason"),
    ),
    Kind(
        "promise_missed",
        Audience.CLIENT,
        (*_REQUEST, *_UNDERSTOOD, "target", "due", "looked_at_by"),
        is_on=False,
    ),
    # About what waits for somebody
    Kind("mail_kept", Audience.STAFF, ("count", "kept", "kept_link")),
    # A mail every day is for those who ask for it.
    Kind(
        "digest",
        Audience.STAFF,
        ("team", "day", "sections", "desk_link"),
        is_on=False,
    ),
)
_KIND_OF = {each.code: each for each in KINDS}


def kind_of(code: str) -> Kind:
    """The kind with that code; KeyError where there is none."""
    return _KIND_OF[code]


def is_sent(*, is_on: bool, only_for_tiers: Iterable[str], tier: str | None) -> bool:
    """Whether a notice about something of ``tier`` is sent by a kind as an admin set it:
    switched on, and not limited to other tiers."""
    tiers = frozenset(only_for_tiers)
    return is_on and (not tiers or tier in tiers)

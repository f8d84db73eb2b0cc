"""Policy values for tests, sound unless a test overrides them."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

from beesender_support.policy.calendar.stamps import read_stamp
from beesender_support.policy.calendar.windows import HOUR, Window
from beesender_support.policy.plans.plans import Plan, Seat
from beesender_support.policy.requests.triage import Request
from beesender_support.policy.response.response_state import Response, assess
from beesender_support.policy.response.terms import Terms
from beesender_support.policy.sold.catalogue import CATALOGUE
from beesender_support.policy.sold.channels import PORTAL
from beesender_support.policy.sold.tiers import Tier

ALICE, BOB = "alice@example.com", "bob@example.com"
EXAMPLE = "Example Ltd"
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)
MICROSECOND = timedelta(microseconds=1)
INCIDENT = CATALOGUE.category("Incident")
CONSULTATION = CATALOGUE.category("Consultation")
ENHANCEMENT = CATALOGUE.category("Paid enhancement request")
# Basic, GMT+3: four support hours from Friday 17:30 are half an hour of Friday and three
# and a half of Monday.
FRIDAY_EVENING = "2026-11-20T17:30+03:00"


def at(text: str) -> datetime:
    return read_stamp(text)


MONDAY_DUE = at("2026-11-23T12:30+03:00")
NOON = at("2026-11-23T12:00+03:00")
YESTERDAY, TODAY, TOMORROW = (date(2026, 11, day) for day in (22, 23, 24))


def utc(text: str) -> datetime:
    return at(text).astimezone(timezone.utc)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def weekly(days, opening=9, closing=18) -> tuple[Window, ...]:
    return tuple(Window(day, opening * HOUR, closing * HOUR) for day in days)


OFFICE_HOURS = weekly(range(5))
NIGHTS = weekly(range(5), 22, 30)


def make_tier(name: str = "Basic", **overrides) -> Tier:
    return replace(CATALOGUE.tier(name), **overrides)


def make_plan(tier: str | Tier = "Basic", **overrides) -> Plan:
    values = {
        "name": "PLAN-0001",
        "customer": EXAMPLE,
        "tier": make_tier(tier) if isinstance(tier, str) else tier,
        "time_zone": "GMT+3",
        "starts_on": date(2026, 1, 1),
        "seats": (Seat(ALICE),),
    }
    return Plan(**{**values, **overrides})


def plan_of_2026(name: str = "P-1", **overrides) -> Plan:
    return make_plan(**{"name": name, "ends_on": date(2026, 12, 31), **overrides})


def make_terms(started_at: str, tier: str | Tier = "Basic", **overrides) -> Terms:
    category = overrides.pop("category", INCIDENT)
    return Terms.of(make_plan(tier, **overrides), category, at(started_at))


def stand(terms=None, *, responded_at=None, now, priority="P1", **options) -> Response:
    return assess(
        terms or make_terms(FRIDAY_EVENING),
        priority,
        responded_at=responded_at,
        now=now,
        **options,
    )


def make_request(opened_at: str, **overrides) -> Request:
    values = {
        "customer": EXAMPLE,
        "contact": ALICE,
        "channel": PORTAL,
        "category": INCIDENT,
        "priority": "P1",
    }
    return Request(**{**values, **overrides, "opened_at": at(opened_at)})

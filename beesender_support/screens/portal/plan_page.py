"""The page "My support plan": what the records say, as plain values for the template.

One of five: a plan, a customer without one, a person without a customer, an agent who
has not chosen a customer, and a page that is not theirs to see.
"""

from datetime import date, datetime
from functools import partial
from typing import Literal, TypedDict
from urllib.parse import urlencode

from frappe import _

from beesender_support.policy.plans.end_notices import days_left, next_plan
from beesender_support.policy.plans.plan_state import NEAREST_LAST
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.requests.access import concern_about
from beesender_support.policy.sentences import Format
from beesender_support.policy.sold.entitlements import YES_OR_NO, SoldEntitlement
from beesender_support.policy.sold.targets import Lengths
from beesender_support.policy.sold.tiers import Tier
from beesender_support.records import settings
from beesender_support.records.site_time import now
from beesender_support.records.sold import catalogue
from beesender_support.screens import channel_icons, plan_exceptions
from beesender_support.screens.allowances import on_plan_page
from beesender_support.screens.portal import plan_hours, plan_people, support_calendar
from beesender_support.screens.portal.plan_viewer import Viewer, viewer_for
from beesender_support.screens.portal.reports_of_customer import ReportShown, sent_to
from beesender_support.screens.portal.upgrades import next_tier, what_it_adds
from beesender_support.wording.names import (
    LENGTH_NAMES,
    MEANINGS_OF_FURTHER_TARGETS,
)
from beesender_support.wording.renderer import (
    channel_name,
    channel_names,
    fill,
    in_words,
    reader,
    tier_title,
)

ROUTE = "/support-plan"
CALENDAR_FILE = "/api/method/beesender_support.api.portal.support_calendar"
# As the dates beside them on the page.
LONG_DATES: dict[type, Format] = {date: lambda day: reader().long_date(day)}


class _Page(TypedDict):
    """``now`` is an instant; ``manages`` says whether the reader manages a customer."""

    now: str
    is_agent: bool
    manages: bool


class NotYours(_Page):
    state: Literal["not_yours"]


class Link(TypedDict):
    """Another plan, or customer without one; ``dates`` say from when to when."""

    label: str
    dates: str
    address: str
    is_shown: bool


class _PageWithLinks(_Page):
    links: list[Link]


class NobodysPlan(_PageWithLinks):
    state: Literal["agent", "no_customer"]


class NoPlan(_PageWithLinks):
    """``customer`` may be several, ``requests_wait`` says whether their requests are
    held."""

    state: Literal["no_plan"]
    customer: str
    requests_wait: bool


class Target(TypedDict):
    """Of a priority by its ``code``; ``target`` is the first answer's in words, None
    where none is promised; ``lengths`` are those of all targets that the tier sells."""

    code: str
    meaning: str
    target: str | None
    lengths: list[str | None]


class Unpromised(TypedDict):
    """The categories without a promise, by name, and a sentence that names them."""

    unpromised: list[str]
    unpromised_in_words: str


class Sold(TypedDict):
    """``sold`` are the headings of what is promised, empty where that is the first answer
    alone; ``further_meanings`` say how the other targets are counted."""

    sold: list[str]
    further_meanings: list[str]


class EntitlementShown(TypedDict):
    """``included`` says how much of it, None where that is just yes or no."""

    name: str
    is_included: bool
    included: str | None


class Included(TypedDict):
    """What the tier includes; ``asked_by`` and ``answered_by`` are names of channels, and
    ``channel_icons`` their drawings, by name, of those that have one."""

    asked_by: list[str]
    answered_by: list[str]
    channel_icons: dict[str, str]
    entitlements: list[EntitlementShown]


class NextTier(TypedDict):
    name: str
    adds: list[str]


class PlanShown(
    Unpromised, Sold, Included, on_plan_page.Allowances, plan_people.People
):
    """``plan`` is the record's name, ``tier`` what it is called; ``validity``, ``ending``,
    ``concerns`` and ``exceptions``, which were agreed for this plan alone, are whole
    sentences; ``calendar_file`` is an address; ``opening`` is None where the plan is not
    in force.
    """

    plan: str
    customer: str
    tier: str
    validity: str
    ending: str | None
    calendar_file: str | None
    reports: list[ReportShown]
    time_zone: str
    is_in_force: bool
    concerns: list[str]
    opening: plan_hours.Opening | None
    week: list[plan_hours.DayOfWeek]
    around_the_clock: bool
    targets: list[Target]
    exceptions: list[str]
    next_tier: NextTier | None


class PlanPage(_PageWithLinks, PlanShown):
    state: Literal["plan"]


Page = PlanPage | NoPlan | NobodysPlan | NotYours


def page_for(user: str, customer: str | None = None, plan: str | None = None) -> Page:
    """The page as ``user`` sees it; ``state`` says which of the five it is."""
    at = now()
    viewer = viewer_for(user, customer, at)
    page: _Page = {
        "now": at.isoformat(),
        "is_agent": viewer.is_agent,
        "manages": bool(viewer.managed),
    }
    if not viewer.may_see(customer, plan):
        return {**page, "state": "not_yours"}
    linked: _PageWithLinks = {**page, "links": _links(viewer, customer, plan, at)}
    if shown := viewer.choose(customer, plan, at):
        return {**linked, "state": "plan", **_plan(shown, viewer, at)}
    if not viewer.customers:
        return {**linked, "state": "agent" if viewer.is_agent else "no_customer"}
    return {
        **linked,
        "state": "no_plan",
        "customer": customer or reader().listed(viewer.customers),
        "requests_wait": settings.current().hold_unplanned,
    }


def _links(
    viewer: Viewer, customer: str | None, plan: str | None, at: datetime
) -> list[Link]:
    """One for every plan and every customer without one, where there is a choice."""
    shown = viewer.choose(customer, plan, at)
    choices: list[tuple[str, Plan | None]] = [
        (each.customer, each) for each in viewer.plans
    ]
    planned = {each.customer for each in viewer.plans}
    choices += [(name, None) for name in viewer.customers if name not in planned]
    if len(choices) < 2:
        return []
    return [
        {
            "label": f"{name}: {tier_title(each.tier.name)}" if each else name,
            "dates": _validity(each) if each else _("No support plan"),
            "address": _address(name, each),
            "is_shown": each == shown if each else shown is None and name == customer,
        }
        for name, each in sorted(choices, key=partial(_place, at))
    ]


def _place(at: datetime, choice: tuple[str, Plan | None]) -> tuple[str, int, date]:
    """Of a customer the plan in force first, then those that come nearest to it."""
    name, plan = choice
    if plan is None:
        return name, 0, date.min
    return name, -NEAREST_LAST.index(plan.state_at(at)), plan.starts_on


def _address(customer: str, plan: Plan | None) -> str:
    asked = {"customer": customer, **({"plan": plan.name} if plan else {})}
    return f"{ROUTE}?{urlencode(asked)}"


def _plan(plan: Plan, viewer: Viewer, at: datetime) -> PlanShown:
    is_in_force = plan.is_in_force(at)
    people = plan_people.of(plan, viewer, at)
    concerns = _concerns(plan, viewer, people, at)
    return {
        "plan": plan.name,
        "customer": plan.customer,
        "tier": tier_title(plan.tier.name),
        "validity": _validity(plan),
        "ending": _ending(plan, viewer, at),
        "calendar_file": _calendar_file(plan, at),
        "reports": sent_to(plan.customer) if plan.customer in viewer.managed else [],
        "time_zone": plan.time_zone,
        "is_in_force": is_in_force,
        "concerns": concerns,
        "opening": plan_hours.opening(plan, at) if is_in_force else None,
        "week": plan_hours.week(plan, at),
        "around_the_clock": plan.tier.around_the_clock,
        "targets": _targets(plan.tier),
        "exceptions": plan_exceptions.of_plan(plan),
        **_sold(plan.tier),
        **_unpromised(),
        **_included(plan.tier),
        **on_plan_page.of(plan, at, may_ask=bool(viewer.contact) and not concerns),
        **people,
        "next_tier": _next_tier(plan.tier),
    }


def _validity(plan: Plan) -> str:
    if plan.ends_on is None:
        return _("From {0}, without an end").format(reader().long_date(plan.starts_on))
    return _("From {0} to {1}").format(
        reader().long_date(plan.starts_on), reader().long_date(plan.ends_on)
    )


def _ending(plan: Plan, viewer: Viewer, at: datetime) -> str | None:
    """From 30 days before it: when the plan ends, and whether it goes on."""
    left = days_left(plan, at)
    if left is None or plan.ends_on is None:
        return None
    following = next_plan(plan, viewer.plans)
    if following is None:
        return _(
            "This plan ends on {0}, days left: {1}. Please ask your account manager to"
            " renew it."
        ).format(reader().long_date(plan.ends_on), left)
    tier = tier_title(following.tier.name)
    if following.ends_on is None:
        return _("This plan is renewed: {0} follows it, without an end.").format(tier)
    return _("This plan is renewed until {0}: {1} follows it.").format(
        reader().long_date(following.ends_on), tier
    )


def _calendar_file(plan: Plan, at: datetime) -> str | None:
    """None where there is nothing to put into a calendar."""
    is_always_open = plan.tier.around_the_clock and not plan.calendar.holidays
    if is_always_open or not support_calendar.is_offered(plan, at):
        return None
    return f"{CALENDAR_FILE}?{urlencode({'plan': plan.name})}"


def _concerns(
    plan: Plan, viewer: Viewer, people: plan_people.People, at: datetime
) -> list[str]:
    """Why the reader cannot raise requests under this plan, and what to do about it."""
    # For contacts without a customer in Helpdesk, the seat determines the customer.
    is_member = plan.customer in viewer.member_of or not viewer.member_of
    concern = concern_about(plan, viewer.contact, at, is_member=is_member)
    if concern is None:
        return []
    said = in_words(concern.sentence, LONG_DATES)
    return [said, *(_how_to_ask(plan, people) if concern.is_about_seats else [])]


def _how_to_ask(plan: Plan, people: plan_people.People) -> list[str]:
    asking = [seat["name"] for seat in people["seats"] if seat["is_active"]]
    names = fill(_("At {0} these people may ask: {1}."), plan.customer, tuple(asking))
    return [*([names] if asking else []), people["who_manages_seats"]]


def _targets(tier: Tier) -> list[Target]:
    return [
        {
            "code": code,
            "meaning": _(meaning) if meaning else "",
            "target": _length(tier.response_targets, code),
            "lengths": [_length(each, code) for each in tier.targets.values() if each],
        }
        for code, meaning in catalogue.priority_meanings().items()
    ]


def _length(lengths: Lengths, code: str) -> str | None:
    length = lengths.get(code)
    return reader().target(length) if length else None


def _sold(tier: Tier) -> Sold:
    further = tier.further_targets
    sold = (
        [each for each, lengths in tier.targets.items() if lengths] if further else []
    )
    return {
        "sold": [_(LENGTH_NAMES[each]) for each in sold],
        "further_meanings": [_(MEANINGS_OF_FURTHER_TARGETS[each]) for each in further],
    }


def _unpromised() -> Unpromised:
    names = [_(name) for name in catalogue.unpromised_categories()]
    said = fill(_("No response time is promised for: {0}."), tuple(names))
    return {"unpromised": names, "unpromised_in_words": said}


def _included(tier: Tier) -> Included:
    return {
        "asked_by": channel_names(tier.registration_channels),
        "answered_by": channel_names(tier.answer_channels),
        "channel_icons": {
            channel_name(code): drawing
            for code in tier.registration_channels | tier.answer_channels
            if (drawing := channel_icons.drawing_of(code))
        },
        "entitlements": [
            _entitlement(tier, each)
            for each in catalogue.entitlements().values()
            if each.enabled or each.code in tier.entitlements
        ],
    }


def _entitlement(tier: Tier, entitlement: SoldEntitlement) -> EntitlementShown:
    included = entitlement.included(tier.entitlements)
    is_counted = bool(included.amount) and included.unit != YES_OR_NO
    return {
        "name": reader().name(entitlement.title),
        "is_included": bool(included.amount),
        "included": reader().included(included) if is_counted else None,
    }


def _next_tier(tier: Tier) -> NextTier | None:
    higher = next_tier(tier, catalogue.tiers())
    if higher is None:
        return None
    sold = catalogue.entitlements().values()
    retired = [each.code for each in catalogue.channels().values() if not each.enabled]
    adds = [in_words(each) for each in what_it_adds(tier, higher, sold, retired)]
    return {"name": tier_title(higher.name), "adds": adds} if adds else None

"""Plans: those under which nobody may ask, or two apply, or none, or a year is unknown."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import combinations, pairwise

from beesender_support.policy.calendar.holidays import Days
from beesender_support.policy.errors import PolicyError
from beesender_support.policy.lint.codes import (
    CALENDAR_ENDS,
    CONTACT_OF_TWO_CUSTOMERS,
    PLAN_BEGINS_WITHOUT_SEATS,
    PLAN_CALENDAR_ENDS,
    PLAN_HOLE_BEFORE_MIDNIGHT,
    PLAN_OVER_QUOTA,
    PLAN_UNREADABLE,
    PLAN_WITHOUT_REQUEST_CHANNEL,
    PLAN_WITHOUT_SEATS,
    PLANS_OVERLAP,
    PLANS_OVERLAP_BY_ZONE,
    PLANS_WITH_GAP,
    SEATED_TWICE,
    Code,
)
from beesender_support.policy.lint.findings import Finding, found
from beesender_support.policy.lint.sold import first_hole
from beesender_support.policy.plans.customer_names import comparable_name
from beesender_support.policy.plans.gaps import COUNTED, between
from beesender_support.policy.plans.next_year import year_missing_of
from beesender_support.policy.plans.plan_state import DRAFT, PlanState
from beesender_support.policy.plans.plans import Plan, normalize_contact
from beesender_support.policy.plans.seats import seated_twice
from beesender_support.policy.sentences import Contact, TierName
from beesender_support.policy.sold.tiers import Tier

_OVER = (PlanState.DRAFT, PlanState.ENDED)


def check_plans(
    plans: Collection[Plan],
    now: datetime,
    tiers: Mapping[str, Tier],
    with_own_dates: Collection[str] | None = None,
) -> Iterator[Finding]:
    """All that is wrong with plans at ``now``, each by itself and together.

    Drafts and plans that have ended are looked at only for what lies between them and
    the next. ``tiers`` are those that are sold, by name, ``with_own_dates`` the names of those whose holidays are their own,
    where others take them from a calendar; None for all of them.
    """
    for plan in plans:
        if plan.state_at(now) in _OVER:
            continue
        yield from check_own(plan, tiers.get(plan.tier.name))
        yield from check_seats(plan, now)
        if with_own_dates is None or plan.name in with_own_dates:
            yield from check_dates(plan, now)
    for theirs in _by_customer(plans):
        yield from check_overlaps(theirs, now)
        yield from check_gaps(theirs, now)
    yield from check_customers_of_contacts(plans, now)


def unreadable(name: str, customer: str, fault: PolicyError) -> Finding:
    """A plan that is stored as no plan can be."""
    context = {"plan": name, "customer": customer, "why": fault.sentence}
    return Finding(PLAN_UNREADABLE.code, name, context, customer)


# What was agreed otherwise than its tier says


def check_own(plan: Plan, tier: Tier | None) -> Iterator[Finding]:
    """What the plan has otherwise than ``tier``, its tier as it is sold: what both have is
    said of the tier, once."""
    own = plan.tier
    hole = first_hole(own.windows)
    if hole and (tier is None or own.windows != tier.windows):
        yield about_plan(plan, PLAN_HOLE_BEFORE_MIDNIGHT, **hole)
    is_sold_so = tier is not None and not tier.registration_channels
    if not own.registration_channels and not is_sold_so:
        yield about_plan(plan, PLAN_WITHOUT_REQUEST_CHANNEL)


# Seats


def check_seats(plan: Plan, now: datetime) -> Iterator[Finding]:
    today = plan.today(now)
    if plan.state_at(now) is PlanState.IN_FORCE:
        yield from check_seated(plan, today)
    else:
        yield from _check_begins(plan, today)
    first = max(today, plan.starts_on)
    seats, limit = plan.most_seats_from(first), plan.tier.authorized_contact_limit
    if seats > limit:
        yield about_plan(
            plan,
            PLAN_OVER_QUOTA,
            seats=seats,
            limit=limit,
            tier=TierName(plan.tier.name),
        )
    yield from check_seated_once(plan, today)


def check_seated(plan: Plan, today: date) -> Iterator[Finding]:
    """Of a plan in force."""
    if not plan.active_seats(today):
        yield about_plan(plan, PLAN_WITHOUT_SEATS)


def _check_begins(plan: Plan, today: date) -> Iterator[Finding]:
    begins = plan.starts_on
    if today < begins and not plan.active_seats(begins):
        yield about_plan(plan, PLAN_BEGINS_WITHOUT_SEATS, day=begins)


def check_seated_once(plan: Plan, today: date) -> Iterator[Finding]:
    twice = seated_twice(plan, today)
    if twice:
        yield about_plan(plan, SEATED_TWICE, contacts=tuple(twice))


# Dates


def check_dates(plan: Plan, now: datetime) -> Iterator[Finding]:
    """A plan whose holidays end before it does. From October on those of the next year
    are asked for, when governments have announced them."""
    today = plan.today(now)
    year = year_missing_of(plan, today) or _year_after_the_last(plan, today)
    if year:
        yield about_plan(plan, PLAN_CALENDAR_ENDS, year=year)


def _year_after_the_last(plan: Plan, today: date) -> int | None:
    """The present year, where the dates of a plan ended with an earlier one."""
    listed = [each.year for each in Days(plan.holidays, plan.working_days).dates]
    return today.year if listed and max(listed) < today.year else None


def calendar_ends(name: str, year: int) -> Finding:
    """A holiday calendar in use, and the year of which it lists nothing."""
    return found(CALENDAR_ENDS, name, name=name, year=year)


# Several plans


def check_overlaps(plans: Iterable[Plan], now: datetime) -> Iterator[Finding]:
    """Plans of one customer: for example after two customers were merged. The higher tier
    applies to tickets."""
    living = [plan for plan in plans if not plan.has_ended(now)]
    for one, other in combinations(living, 2):
        if one.overlaps(other):
            yield about_plan(one, PLANS_OVERLAP, about=other.name, other=other.name)


def check_gaps(plans: Iterable[Plan], now: datetime) -> Iterator[Finding]:
    """What lies between plans of one customer that follow each other, by the instants at
    which their zones begin a day; what is over is left out."""
    sold = [each for each in plans if each.status in COUNTED and each.status != DRAFT]
    in_order = sorted(sold, key=lambda each: (each.starts_on, each.name))
    for before, after in pairwise(in_order):
        lies = between(before, after)
        shares_days = before.ends_on is None or after.starts_on <= before.ends_on
        if lies is None or shares_days or lies.end <= now:
            continue
        code = PLANS_OVERLAP_BY_ZONE if lies.is_overlap else PLANS_WITH_GAP
        yield Finding(
            code.code, before.name, lies.sentence.context, before.customer, after.name
        )


def check_customers_of_contacts(
    plans: Iterable[Plan], now: datetime
) -> Iterator[Finding]:
    """Contacts with seats in force on plans of more than one customer."""
    customers: dict[str, dict[str, str]] = defaultdict(dict)
    written: dict[str, str] = {}
    for plan in plans:
        if not plan.is_in_force(now):
            continue
        for seat in plan.active_seats(plan.today(now)):
            contact = normalize_contact(seat.contact)
            written.setdefault(contact, seat.contact)
            customers[contact].setdefault(comparable_name(plan.customer), plan.customer)
    for contact, theirs in customers.items():
        if len(theirs) > 1:
            names = tuple(sorted(theirs.values()))
            yield found(
                CONTACT_OF_TWO_CUSTOMERS,
                written[contact],
                customer=names[0],
                contact=Contact(written[contact]),
                customers=names,
            )


def _by_customer(plans: Iterable[Plan]) -> Iterable[list[Plan]]:
    theirs: dict[str, list[Plan]] = defaultdict(list)
    for plan in plans:
        theirs[comparable_name(plan.customer)].append(plan)
    return theirs.values()


def about_plan(
    plan: Plan, code: Code, *, about: str = "", **context: object
) -> Finding:
    """A finding that is corrected on the plan."""
    return Finding(
        code.code,
        plan.name,
        {"plan": plan.name, "customer": plan.customer, **context},
        plan.customer,
        about,
    )
